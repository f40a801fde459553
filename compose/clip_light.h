/* clip_light.h - frames of clips in HDR or wide gamut, brought to the film's colours (inside the child process) */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <libavutil/frame.h>

/* Do the frame's tags say so (BT.2020 or P3 primaries, PQ, HLG)? Of untagged frames nothing is thought. */
bool clip_light_needed(const AVFrame *v);

/* How: made for the tags of one clip's frames. */
struct clip_light;
/* The brightest light is what the frame's metadata tell (MaxCLL, else the mastering display), else 1000 cd/m2. */
struct clip_light *clip_light_create(const AVFrame *v);
void clip_light_destroy(struct clip_light *l);  /* NULL is fine */

/* Room for w x h px of 3 x 16 bits, native-endian, full range: filled with R' G' B' by the caller, then made the film's. */
uint16_t *clip_light_room(struct clip_light *l, int w, int h);
void clip_light_apply(struct clip_light *l, int w, int h);
