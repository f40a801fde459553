/* film_sound.h - what is heard in a film besides speech and music, by its samples */
#pragma once
#include "gen/plan.h"

/* Sets s->clips and s->sounds; s->sections are filled, all sections of f are ready. Arrays live in `a`. */
void film_sounds(const struct film *f, struct arena *a, struct join_spec *s);
