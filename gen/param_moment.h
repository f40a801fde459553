/* param_moment.h - moments and lists of texts from JSON; a part of param_read.c */
#pragma once
#include "gen/param.h"

/* Seconds of `least` to `most` as a number or text, or "mark:name". False when said->error is set. */
bool param_read_moment(const struct json *v, double least, double most, struct param_moment *out, struct arena *a,
                       struct param_said *said);
/* At most 50 texts, each as a string or { "text", "at" }; empty ones are left out. `most`: seconds of `at`. */
bool param_read_items(const struct json *v, double most, struct param_items *out, struct arena *a,
                      struct param_said *said);
