/* load_judge.h - what a service's log says about the program that called it */
#pragma once
#include <stddef.h>
#include "tests/support/load_model.h"

struct load_record {
    double arrived_s, ended_s; /* since the first request */
    double latency_s;          /* that it was given */
    uint64_t request;          /* equal for equal requests */
    int status;                /* 0: reset or given up by the caller */
    enum load_route route;
};

struct load_verdict {
    size_t jobs, requests, refused, failed; /* distinct answered; all; 429; 5xx and resets */
    int64_t peak;
    /* no schedule can be faster: max(longest, sum / cap, p[cap] + p[cap + 1]) */
    double bound_s;
    /* no work-conserving one can be slower: sum / cap + (1 - 1 / cap) x longest (R. L. Graham, "Bounds for certain
     * multiprocessing anomalies", 1966) */
    double graham_s;
    double makespan_s;
    double busy; /* share of the cap in use until the last request had come */
    double used; /* share of what the hidden limit would have let through; < 0: none */
};

/* Judges what arrived after skip_s. The records are sorted by arrival. cap 0: no bounds. */
void load_judge(const struct load_opts *o, const struct load_record *r, size_t n, int64_t cap, double skip_s,
                struct load_verdict *out);
void load_verdict_print(struct buf *b, const struct load_verdict *v); /* one line of JSON */
