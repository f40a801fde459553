/* join.h - pieces and sound become one film */
#pragma once
#include <stdatomic.h>
#include "gen/ports.h"

/* renderer.join: see gen/ports.h. Video packets are copied, sound is mixed and encoded once; the file (index first) is
 * written aside, read back, looked at (audit.h), synced and renamed, then .srt, .vtt and .jpg beside it as the lesson's output says. Equal
 * input gives equal bytes. */
bool film_join(const struct join_spec *s, struct join_result *out, const atomic_bool *stop, struct err *e);
