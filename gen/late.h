/* late.h - what a section would show or play only after its end */
#pragma once
#include "gen/base/arena.h"
#include "gen/lesson.h"
#include "gen/overlay_times.h"

struct late {
    struct str where;   /* "sections[0].overlays[1]" */
    struct str message; /* when it begins, when the section ends, what comes of it, what would be right */
    struct json_pos pos;
};

/* When a section is, as far as it is known. */
struct late_times {
    struct spoken spoken;
    int64_t end_samples; /* of the section, counted as spoken.begin_samples is */
    bool is_last;        /* of its lesson: a sound has no film behind it to be heard in */
};

/* Overlays, points of their lists, effects, sounds and pictures of section `index` that begin when it is over. The list
 * and its texts live in the arena. */
size_t late_find(const struct lesson *l, size_t index, const struct late_times *t, struct arena *a, struct late **out);

/* The same for a section whose length the lesson alone decides: it has no speech. 0 for any other. */
size_t late_find_silent(const struct lesson *l, size_t index, struct arena *a, struct late **out);
