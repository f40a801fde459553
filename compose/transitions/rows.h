/* rows.h - names of the transitions' constants; a new transition is one file and one entry here */
#pragma once
#include "compose/transitions.h"

#define TRANSITIONS(X)                                                                    \
    X(none) X(fade) X(fade_black) X(fade_white)                                           \
    X(wipe_left) X(wipe_right) X(wipe_up) X(wipe_down)                                    \
    X(slide_left) X(slide_right) X(slide_up) X(slide_down)                                \
    X(push_left) X(push_right) X(push_up) X(push_down)                                    \
    X(reveal_left) X(reveal_right) X(reveal_up) X(reveal_down)                            \
    X(smooth_left) X(smooth_right) X(smooth_up) X(smooth_down)                            \
    X(vert_open) X(vert_close) X(horz_open) X(horz_close)                                 \
    X(diag_tl) X(diag_tr) X(diag_bl) X(diag_br) X(wipe_tl) X(wipe_tr) X(wipe_bl) X(wipe_br) \
    X(hl_slice) X(hr_slice) X(vu_slice) X(vd_slice) X(hl_wind) X(hr_wind) X(vu_wind) X(vd_wind) \
    X(radial) X(circle_crop) X(rect_crop) X(squeeze_h) X(squeeze_v) X(hblur)              \
    X(distance) X(fade_fast) X(fade_slow) X(fade_grays)                                   \
    X(dissolve) X(zoom) X(circle_open) X(circle_close) X(pixelate) X(blur) X(random)

#define X(name) extern const struct transition transition_##name;
TRANSITIONS(X)
#undef X

