/* slide.h - pictures that vidgen draws itself from a section's own words and diagrams */
#pragma once
#include <stdbool.h>
#include "gen/ports.h"

/* Draw a slide as a PNG into fd from offset 0: title card, heading with bullets, diagram, code, or a quotation,
 * whichever the spec has words for. Equal specs give equal bytes. Safe from several threads. info  type "png", width,
 * height ERR_MEDIA: the SVG is broken or too large; ERR_LESSON: no such theme, a size over 50 megapixels; ERR_IO:
 * writing. */
bool slide_draw(const struct slide_spec *spec, int fd, struct media_info *info, struct err *e);
