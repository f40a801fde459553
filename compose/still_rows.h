/* still_rows.h - a decoded still, of any depth and kind of pixels, as BGRA in sRGB (inside the child process) */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/still.h"

struct AVFrame;
/* bgra  f's width x height x 4 bytes. False with ERR_MEDIA when there is no way from f's pixels. */
bool still_rows(const struct AVFrame *f, const struct still *s, uint8_t *bgra, struct err *e);
