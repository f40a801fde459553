/* outputs.h - where each lesson's video goes, settled before any work */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/config.h"
#include "gen/lesson.h"

/* A file name of one component made from any text: letters, digits, ".", "_", "-" and everything beyond ASCII stay, the
 * rest becomes "-"; no leading dot or dash, at most 200 bytes. "video" when nothing is left. */
struct str output_component(struct str text, struct arena *a);

/* dir/NAME.mp4 for every lesson, with `ending` ("" or ".draft") before the .mp4; NAME is output.file, else the lesson's
 * file name without its ending. An output.file that ends in .mp4, .webm or .mkv says the container, else the
 * configuration does. ERR_USAGE when two lessons would write one file, ERR_CONFIG when a container does not hold the
 * codecs. */
bool outputs_settle(const struct lesson *const *lessons, size_t n, const char *dir, const char *ending,
                    const struct encode_opts *encode, struct arena *a, struct str *paths, struct err *e);
