/* sim.h - how long a run would take with other settings: the engine's policy played through in virtual time
 *
 * The order of work, the caps and the gates are the engine's (engine_queue.c, engine_open.c): lesson by lesson, clips
 * and pictures before speech, what takes longest first when few requests are left, a check before any other worker's
 * step. Lanes are the engine's own (gen/lane.h) with a window that stays and a pace. What a run adds besides is left
 * out: refusals, the disk, the search for a window. The same load and settings give the same result. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_KINDS(X)                                                                                                   \
    X(CLIP, "clip", 0)                                                                                                 \
    X(IMAGE, "image", 1)                                                                                               \
    X(SPEECH, "speech", 2)                                                                                             \
    X(TEXT, "text", 2)                                                                                                 \
    X(FILE, "file", 3)                                                                                                 \
    X(SPLICE, "splice", 4) /* waits for all speech of its section */                                                   \
    X(SLIDE, "slide", 5)                                                                                               \
    X(RENDER, "render", 6)         /* waits for all before it of its section */                                        \
    X(TRANSITION, "transition", 7) /* of the section before, too */                                                    \
    X(JOIN, "join", 0)             /* waits for all of its lesson */
#define X(id, name, rank) SIM_##id,
enum sim_kind { SIM_KINDS(X) SIM_N_KINDS };
#undef X
const char *sim_kind_name(enum sim_kind k); /* as events name it */

struct sim_step {
    enum sim_kind kind;
    size_t lesson, section; /* section of JOIN: not looked at */
    int lane;               /* whom it asks; -1: a worker does it */
    int64_t ms, check_ms;   /* of the request or step; of a worker's look at the answer */
    double tokens;
};

struct sim_lane {
    const char *name;
    int64_t cap;                          /* requests in flight; 0: no limit */
    double per_minute, tokens_per_minute; /* 0: no limit */
};

/* Equal places in the engine's order are taken in the order of the steps. */
struct sim_load {
    struct sim_step *steps;
    size_t n_steps, n_lessons;
    struct sim_lane *lanes;
    size_t n_lanes;
};

struct sim_settings {
    int64_t requests, videos, sections, render; /* videos, sections 0: all at once */
    int cores;                                  /* more threads than these share them */
};

struct sim_result {
    int64_t total_ms, fetch_ms, first_ms; /* until all is done, the last answer had come, the first lesson is done */
    int64_t most_in_flight;
};

void sim_run(const struct sim_load *load, const struct sim_settings *s, struct sim_result *out);
