/* clip.h - moving pictures: is a video file fit to be used, and its frame at any time, fitted to the film's
 *
 * Both are done in a child process. Playing holds a few frames of the film's size in memory, however long the file. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/decode.h"
#include "compose/frame.h"
#include "gen/base/err.h"

enum {
    CLIP_SIDE_MAX = 4096,        /* px */
    CLIP_AREA_MAX = 4096 * 2304, /* px */
    CLIP_SECONDS_MAX = 600,
    CLIP_FRAMES_MAX = CLIP_SECONDS_MAX * 120,
    CLIP_LANES = 2, /* places in the file that can be read at the same time */
};

struct clip_info {
    int width, height; /* px as shown: turned, with square pixels */
    int64_t n_frames;
    int64_t n_ticks;         /* of SAMPLE_RATE: from the first frame's time to the last one's end */
    bool is_flat;            /* one colour all over and all the time */
    uint8_t colour[3];       /* R G B, when it is flat */
    char type[MEDIA_TYPE_N]; /* "mp4" "webm" "gif" "png" "webp" */
};

/* Decode all of an MP4 (MOV) or WebM (Matroska) file's first video stream; sound is not looked at. False with ERR_MEDIA
 * when it is something else, truncated, damaged, or over the limits above. */
bool clip_check(int fd, struct clip_info *out, struct err *e);

struct clip_spec {
    int width, height;   /* px of the frames that are wanted; even */
    int fit;             /* enum fit of gen/lesson.h */
    uint32_t background; /* 0xRRGGBBAA, where the clip does not reach */
    bool has_aim;        /* cover shows the place aim_x, aim_y (parts of the clip as shown) in its middle if it can */
    double aim_x, aim_y;
};

struct clip;
/* fd is borrowed for this call only. NULL when the child cannot be started; a file that is no video shows with the
 * first frame. */
struct clip *clip_open(int fd, const struct clip_spec *spec, struct err *e);
/* What is seen at a tick of the clip: the latest frame whose time has come, or (is_smooth) a mixture of that one and
 * the next by how near they are. Before the first frame it is the first, after the last the last.
 * lane  0 .. CLIP_LANES - 1; each goes on where it was, and going back in a lane is slow
 * out   a view of memory that stays until the lane's next frame; what it holds can be anything, it comes from the child
 */
bool clip_frame(struct clip *c, int lane, int64_t tick, bool is_smooth, struct frame *out, struct err *e);
void clip_close(struct clip *c); /* NULL is fine */
