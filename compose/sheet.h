/* sheet.h - a contact sheet: one frame of each section with its times and its words, as a PNG */
#pragma once
#include "gen/ports.h"

struct sheet_cell {
    const struct visual *visual;
    int64_t frame;                              /* of the visual */
    struct str head, note, text;                /* a line, a line, up to four lines */
};

struct sheet_spec {
    struct video_format video;                  /* of the frames drawn; small is quick */
    struct str title, language;
    const struct sheet_cell *cells;
    size_t n_cells;
};

/* Draws all frames, n_threads at a time, and writes the sheet to fd from offset 0. ERR_MEDIA when a picture does not
 * decode, ERR_RENDER when there are more sections than a picture can hold. */
bool sheet_write(const struct sheet_spec *s, int n_threads, int fd, struct err *e);
