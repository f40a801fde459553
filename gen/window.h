/* window.h - how many requests in flight a provider account takes: found by asking for one more now and then
 *
 * A refusal says how many were let in beside it, and that is the window: not half of it. Then so many clean answers
 * pass (16, by half more each time up to 256 while refusals come at the same level) before one more is tried; when that
 * is let in, every answer adds one, until the next refusal. When a limit has fallen, each further refusal takes 0.85 of
 * what is left. Levels are counted in requests in flight, the one in question included. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { WINDOW_START = 16 };

struct window {
    int64_t cap;                                /* the account's; 0: none */
    int64_t size;                               /* what we dare now; 0: no limit */
    bool is_fixed;                              /* always the cap */
    int64_t base;                               /* what the last refusal said, or was let in since */
    int64_t anchor;                             /* what the last refusals said */
    int64_t blur;                               /* by so much our count may differ from the server's */
    int64_t told;                               /* by the server; 0: nothing */
    int64_t goal;                               /* until here by one at each answer; INT64_MAX: no limit was met yet */
    int64_t before, from;                       /* size and base when refusals began */
    int64_t hold, n_clean;
    int n_in_row;                               /* refusals with nothing let in between */
    int64_t proven, candidate, n_at;            /* levels that were let in often since the last refusal */
    int64_t refused;                            /* the lowest level refused by the last refusals; 0: none */
    int n_doubts, n_calm;                       /* contradictions, and clean answers since the last */
    uint32_t last;                              /* outcomes, a bit each: trouble */
    int n_last;
};

/* start: known from a run before; 0: WINDOW_START. Never above the cap. */
void window_init(struct window *w, int64_t cap, int64_t start, bool is_fixed);
bool window_is_full(const struct window *w, int64_t in_flight);
/* Answers on their way count for us, but not for the server any more: so many, of late. */
void window_blur(struct window *w, int64_t n);
/* A clean answer to a request that was started at this level. is_news: after the last refusal. */
void window_answered(struct window *w, int64_t level, bool is_news);
/* A refusal of one that was started at this level. is_news: the first of a storm, the others were under way already. */
void window_refused(struct window *w, int64_t level, bool is_news);
/* The server is in trouble (5xx, reset, stall), or this answer shows that it is not: more than a fifth of the last 20
 * in trouble shrink the window by 0.7, once. */
void window_trouble(struct window *w, bool is_trouble);
/* The account's own limit was told. `others`: in flight from elsewhere. */
void window_told(struct window *w, int64_t limit, int64_t others);
/* Refusals that contradict each other: levels are let in that were refused, and refused that were let in often. A limit
 * that moves does so once; when it happens again and again the number in flight is not why. */
bool window_is_doubtful(const struct window *w);
bool window_is_proven(const struct window *w, int64_t level); /* it was let in often since the last refusal */
void window_open(struct window *w);             /* what was met was no limit in flight: grow again */
