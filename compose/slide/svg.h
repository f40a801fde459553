/* svg.h - a stranger's SVG: looked over, then drawn by librsvg with no way to any file */
#pragma once
#include <cairo.h>
#include <stdbool.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

/* False with ERR_MEDIA: over 4 MiB, not UTF-8, compressed, more than 50,000 elements or 200 levels, entities of its
 * own, embedded bitmaps (their decoders are not for strangers' data). Says nothing of well-formedness. */
bool svg_check(struct str svg, struct err *e);

struct svg;
/* svg_check included; ERR_MEDIA with the parser's reason when it is broken or has no size. The bytes are not kept. */
struct svg *svg_open(struct str svg, struct err *e);
double svg_aspect(const struct svg *s);         /* width / height, 1/50..50 */
bool svg_draw(const struct svg *s, cairo_t *cr, double x, double y, double w, double h, struct err *e);
void svg_close(struct svg *s);
