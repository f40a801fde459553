/* timeline.h - when each section is seen and heard
 *
 * A section's slot is a whole number of frames, so a change of one section moves the others but never re-cuts them, and
 * the boundary samples follow from cumulative frames: sample = round(frame x rate x fps_den / fps_num), no drift.
 *
 *     |<------------------- slot of section i ------------------>|
 *     | pre >= lead+gap/2 |     speech     | post >= tail+gap/2  |
 *   --+--                                                      --+--
 *   half of the transition in                half of the transition out
 *
 * pre and post grow to half of the transition, so a transition never touches speech and never shifts a later time. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/lesson.h"

struct slot {
    int64_t first_frame, n_frames;              /* in the film */
    int64_t in_frames, out_frames;              /* half of the transition in, half of the one out */
    int64_t speech_start_samples;               /* from the slot's first frame */
};

/* The slot of one section by itself (first_frame stays 0).
 * speech_samples  0: none
 * is_first/last   no section before / after: no half transition and no half gap there
 * out_s           duration of the next section's transition; 0 when that is "none"
 * A duration longer than all of it lengthens the end; a shorter one never cuts. At least one frame for each of
 * its pictures is free of transitions. */
struct slot timeline_slot(const struct video_opts *v, const struct section *s, int64_t speech_samples,
                          bool is_first, bool is_last, double out_s);
int64_t timeline_sample(const struct video_opts *v, int64_t frame); /* the first sample of a frame */
/* Half of a transition; 0 for "none". transition NULL: some transition other than "none". */
int64_t timeline_half_frames(const struct video_opts *v, const struct choice *transition, double seconds);
