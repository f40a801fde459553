/* renderer.h - compose's side of the renderer port */
#pragma once
#include "gen/ports.h"

struct log;

/* The table that gen calls; log is borrowed and may be NULL. */
const struct renderer *renderer_create(struct log *log);
void renderer_destroy(const struct renderer *r);
