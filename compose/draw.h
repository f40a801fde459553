/* draw.h - slides are drawn in a child process: an SVG of a stranger may be slow or hungry, never harmful */
#pragma once
#include "gen/ports.h"

/* renderer.draw: slide_draw (compose/slide/slide.h) behind the limits of compose/child.h. */
bool draw_in_child(const struct slide_spec *s, int fd, struct media_info *info, struct err *e);
