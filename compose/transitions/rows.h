/* rows.h - names of the transitions' constants; a new transition is one file and one entry here */
#pragma once
#include "compose/transitions.h"

#define TRANSITIONS(X)                                                                    \
    X(none) X(fade) X(fade_black) X(fade_white)                                           \
    X(wipe_left) X(wipe_right) X(wipe_up) X(wipe_down)                                    \
    X(slide_left) X(slide_right) X(slide_up) X(slide_down)                                \
    X(push_left) X(push_right) X(push_up) X(push_down)                                    \
    X(dissolve) X(zoom) X(circle_open) X(circle_close) X(pixelate) X(blur) X(random)

#define X(name) extern const struct transition transition_##name;
TRANSITIONS(X)
#undef X

