/* glimpse.h - small JPEGs of moments of a video file, made by a child process: the file may be anybody's by now */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/err.h"

enum { GLIMPSES_MOST = 4096, GLIMPSE_BYTES = 64 << 10 };

struct glimpse {
    double from_s, at_s;                        /* seconds: not before `from`, best at `at` */
    struct str jpeg;                            /* out: in the arena; empty: there is none */
};

/* path       of the video; its ending says the container
 * n          at most GLIMPSES_MOST
 * width      px of the pictures, even, 16 to 1024
 * allowance  so many frames may be decoded for each; when that is not enough, an earlier moment is shown
 * False with ERR_IO, ERR_MEDIA when the file cannot be read as a video. */
bool glimpses_take(const char *path, struct glimpse *v, size_t n, int width, int allowance, struct arena *a,
                   struct err *e);
