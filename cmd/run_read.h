/* run_read.h - a journal is read back: what happened when, by lesson, by provider, in which slot
 *
 * A journal of a run that was killed ends early, perhaps inside a line; what is open then ends with the last line. Lines
 * that are no JSON are left out and counted. Of each film only the place of its line is kept, since a run can have
 * thousands of sections. */
#pragma once
#include <stdio.h>
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/json.h"

#define SPAN_ENDS(X)                                                                      \
    X(OPEN, "open")         /* the journal ends before it does */                         \
    X(DONE, "done")                                                                       \
    X(AGAIN, "again")       /* refused or lost, and tried again */                        \
    X(FAILED, "failed")
#define X(id, name) SPAN_##id,
enum span_end { SPAN_ENDS(X) SPAN_N_ENDS };
#undef X
const char *span_end_name(enum span_end end);

/* A request in flight, or a worker at work. */
struct run_span {
    bool is_request;
    enum span_end end;
    int slot;                                   /* from 0: no two at a time have the same */
    int attempt;                                /* from 1; 0: not told */
    uint32_t lesson, step, provider;            /* indices into the run's; UINT32_MAX: none */
    int32_t section;                            /* from 0; -1: the whole lesson */
    int64_t start_ms, end_ms, wait_ms;          /* from the run's beginning; wait: until it is tried again */
    double cost;                                /* < 0: not told */
    uint64_t key;                               /* of the asset */
    struct str code, why;                       /* of AGAIN, FAILED */
};

struct run_lesson {
    struct str name, output, state, code, why;  /* state: "done" "cached" "failed", or empty: not over */
    int64_t film_at, outcome_at;                /* where their lines begin; -1: there is none */
    int64_t first_ms, end_ms;                   /* -1: nothing was done */
    double duration_s, cost, loudness_lufs, peak_dbtp; /* lufs 0: not known */
    size_t n_requests, n_again, n_failed, n_sections;
};

struct run_provider {
    struct str name;
    bool is_called;                             /* requests go there; else it works here */
    size_t n_requests, n_done, n_again, n_failed;
    double cost;
    int64_t median_ms, p90_ms, longest_ms;      /* of answers */
};

/* The same failure, refusal or warning, and how often. */
struct run_trouble {
    enum { TROUBLE_FAILED, TROUBLE_AGAIN, TROUBLE_SWITCH, TROUBLE_WARNING, TROUBLE_LOST } kind;
    struct str code, why, provider, step, instead_of;
    size_t n, lesson;                           /* the first one's; SIZE_MAX: none */
    int32_t section;
};

struct run {
    struct arena arena;
    FILE *file;
    const struct json *head, *end;              /* lines "run" and "end"; end NULL: it was killed, or goes on */
    struct run_span *spans;
    struct run_lesson *lessons;
    struct run_provider *providers;
    struct run_trouble *troubles;
    struct str *steps;
    size_t n_spans, n_lessons, n_providers, n_troubles, n_steps;
    size_t n_torn;                              /* lines that could not be read */
    int n_slots[2];                             /* used at most: of workers, of requests */
    int64_t last_ms;
    double cost;
};

/* ERR_IO; ERR_USAGE when it is no journal. Close it either way. */
bool run_read(struct run *r, const char *path, struct err *e);
void run_close(struct run *r);
/* The object in the line that begins at `at` (a lesson's film_at, outcome_at), in `a`; NULL for -1. */
const struct json *run_line(struct run *r, int64_t at, struct arena *a);
