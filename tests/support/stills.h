/* stills.h - small still pictures of every depth and kind of colour, written byte by byte, and colour profiles */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/buf.h"

/* A PNG. rows  the samples as the format has them, without filter bytes; colour: 0 grey, 2 RGB, 3 palette, 4 grey with
 * alpha, 6 RGBA. extra  whole chunks that go between header and pixels (png_chunk). */
void png_make(struct buf *out, int w, int h, int depth, int colour, const void *rows, struct str extra);
void png_chunk(struct buf *out, const char *name, const void *data, size_t n);
void png_profile(struct buf *out, struct str icc); /* an iCCP chunk */

/* A baseline JPEG of 16 x 16 px, all of them alike.
 * values     what each of the n components holds
 * adobe      the transform of an APP14 segment; -1: none
 * icc        a profile for APP2, cut into parts of `part` bytes; empty: none */
void jpeg_make(struct buf *out, int n, const uint8_t *values, int adobe, struct str icc, size_t part);

/* Profiles made by LittleCMS. */
void icc_display_p3(struct buf *out);
void icc_adobe_rgb(struct buf *out);
void icc_srgb(struct buf *out);
void icc_grey(struct buf *out, double gamma);
/* Inks whose colours on paper are given (sRGB) for each sum of full inks: bit 0 cyan, 1 magenta, 2 yellow, 3 black. */
void icc_inks(struct buf *out, const uint32_t colours[16]);
