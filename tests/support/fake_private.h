/* fake_private.h - what the parts of the fake service share */
#pragma once
#include <microhttpd.h>
#include <pthread.h>
#include "gen/base/arena.h"
#include "gen/base/digest.h"
#include "gen/base/json.h"
#include "tests/support/fake_script.h"
#include "tests/support/fake_server.h"

enum { MOST_ASSETS = 20000, MOST_PREDICTIONS = 5000, MOST_SCRIPTS = 64 };

struct asset {                                  /* something that was asked and paid for */
    char id[DIGEST_HEX];                        /* of route, path and body */
    char name[80];
    int64_t n_paid;
};

struct prediction {
    struct buf prompt;
    int64_t n_polls;
    bool is_cancelled, is_clip;
};

struct fake_server {
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock;                       /* of everything below */
    pthread_cond_t stopping;
    bool is_stopping;
    struct fake_script script;
    struct fake_script old[MOST_SCRIPTS];       /* an answer under way may still use its rules */
    size_t n_old;
    struct asset *assets;
    size_t n_assets;
    struct prediction *predictions;
    size_t n_predictions;
    int64_t n_requests, n_routes[N_ROUTES], n_paid, n_paid_twice, in_flight, max_in_flight, n_violations, n_faults,
        n_unauthorized, n_key_leaks, n_cancelled, n_connections, n_replayed, n_open, n_spoilt, n_delivered,
        n_undelivered;
};

/* One request while it is answered. */
struct exchange {
    struct fake_server *server;
    struct MHD_Connection *connection;
    const char *path, *method;
    enum fake_route route;
    struct buf body;                            /* what came */
    int status;
    const char *type;
    struct buf answer;
    const struct json *headers;
    struct str say;                             /* of the rule that fits; p NULL: the usual */
    enum fake_fault fault;
    int64_t latency_ms;
    bool is_sold;                               /* in this exchange */
    struct str text;                            /* prompt or text to speak; inside arena */
    struct arena arena;
};

/* What a route answers when nothing goes wrong. */
struct fake_answer {
    void (*answer)(struct exchange *x, const struct json *q);
    const char *text;                           /* where the request has its prompt or text, or NULL */
    bool is_sold, needs_key;
};
extern const struct fake_answer fake_answers[N_ROUTES];
