/* rows.h - names of the effects' constants; a new effect is one file and one entry here */
#pragma once
#include "compose/effects.h"

#define EFFECTS(X)                                                                        \
    X(none) X(auto) X(plan) X(zoom_in) X(zoom_out) X(pan_left) X(pan_right) X(pan_up) X(pan_down) X(ken_burns) X(rotate) \
    X(vignette) X(grain) X(blur) X(sharpen) X(grayscale) X(sepia) X(brightness) X(contrast) X(saturation) \
    X(spotlight) X(subject_outline)

#define X(name) extern const struct effect effect_##name;
EFFECTS(X)
#undef X
