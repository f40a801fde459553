/* rows.h - names of the overlays' constants; a new overlay is one file and one entry here */
#pragma once
#include "compose/overlays.h"

#define OVERLAYS(X) X(title) X(lower_third) X(bullets) X(callout) X(watermark)

#define X(name) extern const struct overlay_type overlay_##name;
OVERLAYS(X)
#undef X
