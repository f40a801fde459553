/* markup.h - the one piece of markup in a narration: <mark name="…"/> */
#pragma once
#include "gen/base/arena.h"
#include "gen/lesson.h"

struct markup {
    struct str text;                            /* plain: marks taken out, \r\n is \n, white space at both ends cut */
    struct mark *marks;
    size_t n_marks;
    struct str suspect;                         /* something that looks like a mark and is plain text; empty: none */
};

/* Marks are <mark name="vth"/>, <mark name='vth'/>, <mark name=vth/> and <bookmark mark="…"/>; a space on both sides of
 * a mark becomes one. Everything else, any other < too, is plain text. Names are 1 to 64 bytes of letters, digits, '_',
 * '-', '.', ':'. */
void markup_parse(struct arena *a, struct str source, struct markup *out);
