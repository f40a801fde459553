/* color.h - colours as words: #RGB, #RRGGBB, #RRGGBBAA and the CSS names */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/buf.h"

/* 0xRRGGBBAA. Names without case; "transparent" is 0. Source: CSS Color Module Level 4, section 6.1. */
bool color_parse(struct str s, uint32_t *rgba);
struct str color_nearest(struct str s);         /* a CSS name like it, or empty */
enum { COLOR_TEXT = 10 };
struct str color_print(char text[COLOR_TEXT], uint32_t rgba); /* "#RRGGBB", or "#RRGGBBAA" when not opaque */
