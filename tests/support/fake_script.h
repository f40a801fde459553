/* fake_script.h - what a fake service is told to do wrong, and what it saw */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/json.h"

#define FAKE_ROUTES(X)                                                                                                 \
    X(IMAGE, "image")                                                                                                  \
    X(SPEECH, "speech") X(CHAT, "chat") X(TIMES, "elevenlabs") X(SUBMIT, "replicate") X(POLL, "poll") X(CANCEL, "cancel")              \
        X(MEDIA, "media") X(OTHER, "other")
#define X(id, name) ROUTE_##id,
enum fake_route { FAKE_ROUTES(X) N_ROUTES };
#undef X
const char *fake_route_name(enum fake_route r);

#define FAKE_FAULTS(X)                                                                                                 \
    X(NONE, "")                                                                                                        \
    X(RESET, "reset") X(HANG, "hang") X(DRIP, "drip") X(SHORT, "short") X(TRUNCATED, "truncated") X(HTML, "html")      \
        X(REFUSAL, "refusal") X(EMPTY, "empty") X(GARBAGE, "garbage") X(ENDLESS, "endless") X(BLACK, "black") /* of a clip */
#define X(id, name) FAULT_##id,
enum fake_fault { FAKE_FAULTS(X) N_FAULTS };
#undef X

/* One rule; the first that fits is taken. */
struct fake_rule {
    bool routes[N_ROUTES];
    struct str match;                           /* in the body or the path; empty: any */
    double share;                               /* < 1: acts on this part of the requests, by chance; the rest looks further */
    int64_t skip, times; /* lets the first `skip` pass, then acts `times` times; times < 0: for ever */
    int64_t n_seen;
    int status;                                 /* 0: the usual one */
    enum fake_fault fault;
    int64_t latency_ms;                         /* -1: the route's */
    const struct json *headers;                 /* object or NULL */
    struct str body;                            /* of the answer; p NULL: the usual */
    struct str say;                             /* what a chat model says; p NULL: the usual */
};

/* {"cap": 8, "key": "k", "full_size": true, "polls": 2, "latency_ms": {"image": 800, "speech": 300},
 *  "idempotent": true, "seed": 7, "widest": 700, "version": 2,
 *  "rules": [{"route": "image"|"*"|[..], "match": "cell", "share": 0.05, "skip": 1, "times": 2, "status": 429,
 *             "headers": {"Retry-After": "1"}, "body": {..}|"text", "fault": "short", "latency_ms": 5},
 *            {"route": "chat", "times": 1, "say": {..}|"text"}]}
 * idempotent: what comes again with its Idempotency-Key is answered and not sold again.
 * share: which requests it meets follows from the seed, the request and how often that one came before, so it is the same
 * in whichever order they come. Rules with a share never meet one request together: their shares add up. */
struct fake_script {
    struct arena arena;
    struct fake_rule *rules;
    size_t n_rules;
    int64_t cap;                                /* 0: none */
    struct str key;                             /* empty: any key will do */
    bool full_size, is_idempotent;
    uint64_t version;                           /* the same request has other media in another one; 0 */
    int64_t widest;                             /* px of a picture that is not full_size */
    uint64_t seed;
    struct fake_asks {                          /* how often each request came: by its hash, open addressing */
        struct { uint64_t hash; uint64_t n; } *slots;
        size_t n_slots, n;
    } asks;
    int64_t polls;                              /* answers "starting"/"processing" before "succeeded" */
    int64_t latency_ms[N_ROUTES];
};

bool fake_script_read(struct fake_script *s, struct str json, struct err *e);
void fake_script_deinit(struct fake_script *s);
/* The rule for a request, counted; NULL: behave well. */
struct fake_rule *fake_script_rule(struct fake_script *s, enum fake_route route, struct str path, struct str body);
