/* clips.h - small video files whose frames tell their number: the upper half's brightness counts them, bars move below
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/frame.h"
#include "gen/base/buf.h"

struct clip_recipe {            /* 0 and NULL: as the comment says */
    const char *format, *codec; /* "mp4", "mpeg4" */
    int w, h;                   /* 64 x 36 */
    int n;                      /* frames; 24 */
    int fps_num, fps_den;       /* 24/1 */
    const int *ms;              /* n times of the frames, for a rate that varies */
    int gop;                    /* frames from keyframe to keyframe; 12 */
    int n_bidirectional;        /* B-frames in a row */
    int turn;                   /* degrees clockwise that a player has to turn it: 90, 180, 270 */
    int sar_num, sar_den;       /* shape of a pixel */
    int matrix;                 /* AVColorSpace; 0: BT.709 */
    bool is_full_range, is_black, has_fast_start;
    uint32_t colour; /* 0xRRGGBB all over, in the values of `matrix`; 0: counts instead */
};

/* False when this FFmpeg has no such encoder. */
bool clip_make(const struct clip_recipe *r, struct buf *out);

enum { CLIP_DARKEST = 40, CLIP_STEP = 2 }; /* brightness of frame i is CLIP_DARKEST + i * CLIP_STEP */

/* Which frame of the clip this is, to the hundredth, by its brightness at a place: parts of the frame, 0 .. 1. */
double clip_number(const struct frame *f, double x, double y);
