/* png.h - a drawn picture as a PNG file, quickly */
#pragma once
#include <cairo.h>
#include <stdbool.h>
#include "gen/base/err.h"

/* Writes an opaque RGB24 or ARGB32 surface to fd from offset 0 (alpha is dropped). Equal pictures give equal bytes. */
bool png_write(cairo_surface_t *s, int fd, struct err *e);
