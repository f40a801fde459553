/* world.h - a world with virtual time for tests of the engine: requests and work take scripted times, nothing sleeps */
#pragma once
#include "gen/base/heap.h"
#include "gen/engine.h"

struct answer {                                 /* what a provider does with one request */
    int64_t latency_ms;
    enum err_code code;                         /* ERR_NONE: it answers with media */
    int status;
    int64_t told_ms;                            /* Retry-After; 0: none */
    bool cost_known;                            /* it tells what it cost */
    double cost;
    bool is_over;                               /* a job that fails is no more there */
    bool is_async;                              /* first a remote id, after half of the latency */
    const char *says;                           /* what it answers with; NULL: what it was asked */
};

struct world {
    int64_t now_ms;
    struct heap events;                         /* of what is under way, by the time it ends */
    struct answer (*provider)(struct world *w, const struct want *want, int nth); /* nth: of this text, from 0 */
    int64_t work_ms[NODE_N_KINDS];              /* by step; checks take none */
    int64_t speech_samples;
    double price_image, price_1k_chars;         /* < 0: unknown */
    const struct provider_info *infos[8];
    struct clock clock;
    struct transport transport;
    struct renderer renderer;
    struct pool pool;
    struct keeper keeper;
    struct store *store;                        /* of the run */
    struct store_order *to_keep, *kept;
    int64_t keep_ms;                            /* how long the keeper takes for a group; 0: it is there at once */
    int64_t stall_at_ms, stall_ms;              /* the group begun then or next takes so long instead; stall_ms 0: none */
    int n_groups, n_checks, most_armed;
    void (*on_wait)(struct world *w);           /* looks at the plan each time that the engine waits */
    bool is_unchecked;
    int64_t read_ms;                            /* so long an answer is read after it has come; 0: both at once */
    bool is_first_read;                         /* even one that says only where the media are to be had */
    int64_t reads_until_ms;
    int n_arrived;
    struct status status;                       /* of a test that watches */
    struct heap finished;                       /* tasks to collect */
    struct { struct str text; int n; } asked[400];
    size_t n_asked;
    int in_flight, most_in_flight, n_requests, n_resumed, n_continued, n_renders, n_splices, n_joins, n_working, most_working;
    /* so many are yet to fail: of checks for want of memory, of joins by a bad piece */
    int n_checks_failing, n_joins_failing;
    void (*before_run)(struct world *w, struct store *s); /* between plan and run */
    int64_t last_answer_ms, first_join_ms, last_start_ms, busy_ms; /* busy: sum of in_flight over time */
    char *store_dir;
    struct config config;
    bool retry_lost;
    bool fetch_only;
    const struct vocabulary *words;             /* for plans of effects */
    int stop;                                   /* the signal that has arrived */
    int64_t stop_at_ms;                         /* > 0: stop_signal (SIGINT) then */
    int stop_signal;
    int64_t hurry_at_ms;                        /* > 0: asked once more then */
    int n_cancelled;                            /* jobs that the engine told to end */
    struct engine_result result;
    struct err err;
    bool ok;
    struct plan plan;
};

struct answer world_typical(struct world *w, const struct want *want, int nth); /* image 800 ms, speech 300 ms */
/* providers "pictures" and "voices", 2 threads, cap 20, store in a fresh directory */
void world_init(struct world *w);
void world_deinit(struct world *w);
/* A lesson of n sections with prompts and narrations of their own; lives until world_deinit. */
struct lesson *world_lesson(struct world *w, const char *id, size_t n_sections);
/* Plans and runs; w->result, w->ok, w->err. The plan stays for a look until the next run. */
void world_run(struct world *w, const struct lesson *const *lessons, size_t n);
/* The process is gone: what was under way is forgotten, the clock and the providers' memory go on. */
void world_abandon(struct world *w);
int world_asked(const struct world *w, const char *text_prefix); /* requests whose text begins so */
