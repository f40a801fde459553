/* screen.h - a few live lines at the bottom of a terminal, and lines that scroll by above them
 *
 * Every change is one write: up over the old lines, each new line with its rest erased, then everything below erased;
 * so nothing flickers. The cursor rests at the start of the row under the live lines and is never hidden, so an abrupt
 * end leaves the terminal usable. */
#pragma once
#include <stddef.h>
#include "gen/base/buf.h"

struct screen {
    void (*write)(void *ctx, const char *p, size_t n);
    void (*size)(void *ctx, int *columns, int *rows);
    void *ctx;
    struct buf live;                            /* lines as drawn, each ended by a newline */
};

/* lines: clean, each ended by a newline and cut by the caller to less than the terminal's width. Equal lines cost
 * nothing. */
void screen_draw(struct screen *s, struct str lines);
void screen_say(struct screen *s, struct str lines); /* permanent; may be wider than the terminal */
void screen_deinit(struct screen *s);           /* takes the live lines away */
