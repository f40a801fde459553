/* load_model.h - how a modelled service treats its callers: latencies, hidden limits, faults; pure functions of seed
 * and time
 *
 * A latency depends on (seed, request) alone, so every program that asks for the same things meets the same ones. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

#define LOAD_ROUTES(X) X(IMAGE, "image", 8000, 1500000) X(SPEECH, "speech", 3000, 200000)
#define X(id, name, mean_ms, bytes) LOAD_##id,
enum load_route { LOAD_ROUTES(X) LOAD_N_ROUTES };
#undef X

enum { LOAD_STEPS = 8 };

/* One route's behaviour; times before scaling unless the name says otherwise. */
struct load_route_opts {
    double mean_ms, sigma; /* of the lognormal latency; sigma 0: always the mean */
    int64_t bytes;         /* of the media in an answer */
    bool is_json;          /* base64 in JSON instead of the bytes */
    /* at most so many at once from from_s on (seconds after the first request, not scaled); n 0: no limit */
    struct {
        double from_s;
        int64_t n;
    } steps[LOAD_STEPS];
    size_t n_steps;
    int64_t rate, burst;         /* at most `rate` per window; 0: no limit */
    double window_s;             /* not scaled */
    bool is_fixed_window;        /* else a token bucket */
    bool tells_when, tells_left; /* Retry-After(-Ms) with a 429; x-ratelimit-* with every answer */
    double p_500, p_reset, p_drip;
    double drip_ms;
};

struct load_opts {
    uint64_t seed;
    double scale; /* of all latencies */
    struct load_route_opts routes[LOAD_N_ROUTES];
};

void load_opts_init(struct load_opts *o);
/* "seed=1", "scale=0.05", "speech.mean_ms=8000", "speech.limit=0:20+10:8", "image.json=1" ... ERR_USAGE names what is
 * known. */
bool load_opts_set(struct load_opts *o, const char *text, struct err *e);

/* What is known of a route's callers; zero at the start. */
struct load_state {
    int64_t in_flight, n_in_window;
    double tokens, tokens_at_s, window_from_s;
    bool has_begun;
};

double load_latency_s(const struct load_opts *o, enum load_route r, uint64_t request);
int64_t load_limit(const struct load_route_opts *o, double at_s); /* of requests at once; 0: none */
/* May it come in now? False: *again_s is how long until it would; *left: what remains of the rate. Counts it when it
 * may. */
bool load_admit(const struct load_opts *o, struct load_state *s, enum load_route r, double at_s, double *again_s,
                int64_t *left);

enum load_fault { LOAD_FINE, LOAD_500, LOAD_RESET, LOAD_DRIP };
enum load_fault load_fault(const struct load_opts *o, enum load_route r, uint64_t request, int attempt);
