/* number.h - decimal numbers as text, the same in every locale */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"

enum { NUMBER_TEXT = 32 };

/* The whole of s as a decimal number: sign, digits, point, exponent (no hex, no inf, no nan, no spaces); finite.
 * False otherwise, *out untouched. */
bool number_parse(struct str s, double *out);

/* The shortest text that reads back equal; whole numbers up to 2^53 without a point or exponent; -0 is 0. v is finite.
 */
struct str number_print(char text[NUMBER_TEXT], double v);
