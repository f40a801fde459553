/* join_beside.h - what lies beside a film: subtitles and a thumbnail */
#pragma once
#include "gen/ports.h"

/* Writes .srt, .vtt and .jpg under the film's name as the lesson's output asks for, each aside and renamed. A lesson
 * without any word times gets no subtitle files; those of an earlier run stay. */
bool beside_write(const struct join_spec *s, struct err *e);
