/* clip_time.h - which moment of a clip is seen at a frame of its section
 *
 * A clip that is long enough plays once from its beginning and is cut. A shorter one
 *   loop  begins again; its last `seam` dissolve into its first, so a turn lasts the clip less the seam
 *   slow  is stretched to the section, to half its pace at most, and then stands still; frames are mixed
 *   hold  plays at its own pace, then its last frame stays */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { CLIP_SLOWEST = 2 }; /* times as long as at its own pace */

struct clip_time {
    int length;           /* enum clip_length of gen/lesson.h */
    int64_t n_ticks;      /* of the clip, at SAMPLE_RATE */
    int64_t seam_ticks;   /* loop; at most a third of the clip counts */
    int64_t n_frames;     /* of the section's visible span */
    int fps_num, fps_den; /* of the film */
};

/* One moment, or two that dissolve into each other. Lanes are such that each goes forward for as long as it can. */
struct clip_look {
    int64_t tick, other; /* other -1: there is none */
    int lane, other_lane;
    int other_weight; /* 0 .. 256 */
    bool is_smooth;   /* between the clip's frames, mix them */
};

struct clip_opts;
/* How much of a clip of `whole` ticks is used, and from where. What begins behind its end is its last tick. */
int64_t clip_part(const struct clip_opts *o, int64_t whole, int64_t *from);

/* How long a clip that is shorter than its section lasts when it is slowed down. */
int64_t clip_slowed(int64_t n_ticks, int64_t span);

struct clip_look clip_look_at(const struct clip_time *t, int64_t frame);
