/* node.h - one step of the plan and its states */
#pragma once
#include <stdatomic.h>
#include "gen/base/arena.h"
#include "gen/base/digest.h"
#include "gen/media.h"
#include "gen/ports.h"
#include "gen/store.h"
#include "gen/timeline.h"

/* kind, what a person calls it, rank inside a lesson (lower first: a finished film, clips, then pictures before speech) */
#define NODE_KINDS(X)                                                                     \
    X(FETCH_VIDEO, "clip", 0) /* takes minutes, so it is asked for first */               \
    X(FETCH_IMAGE, "image", 1)                                                            \
    X(FETCH_SPEECH, "speech", 2)                                                          \
    X(FETCH_TEXT, "text", 2) /* of a chat model */                                        \
    X(IMPORT, "file", 3)    /* a picture, clip or sound of the user's own */              \
    X(SPEAK, "speech", 4)   /* by the speech engine on this machine */                    \
    X(SPLICE, "splice", 4)  /* speech joined from the parts of a long narration */        \
    X(DRAW, "slide", 5)                                                                   \
    X(RENDER, "render", 6)                                                                \
    X(JOIN, "join", 0)
#define X(id, name, rank) NODE_##id,
enum node_kind { NODE_KINDS(X) NODE_N_KINDS };
#undef X

#define NODE_STATES(X)                                                                    \
    X(WAITING)   /* for its inputs, or for its section's turn */                          \
    X(READY)     /* in a queue */                                                         \
    X(STORING)   /* the keeper makes it durable, or its intent */                         \
    X(IN_FLIGHT) /* a request is out */                                                   \
    X(BACKOFF)   /* will be READY again; holds no slot */                                 \
    X(WORKING)   /* a worker has it */                                                    \
    X(DONE)                                                                               \
    X(FAILED)
#define X(id) NODE_##id,
enum node_state { NODE_STATES(X) NODE_N_STATES };
#undef X

struct lane;
struct fetch;
struct piece;
struct splice;
struct film;

struct node {
    enum node_kind kind;
    enum node_state state;
    enum asset_kind asset;                      /* what it makes; of JOIN: unused */
    size_t lesson, section;                     /* of its first user; order and messages */
    char id[DIGEST_HEX];                        /* of the asset; of RENDER known when its inputs are done */
    size_t n_waiting;                           /* inputs that are not done */
    struct node **users;
    size_t n_users, cap_users;
    const struct err *refused;                  /* FETCH_TEXT: why a picture needs other words; NULL: none does */
    bool is_optional;                           /* its users go on without it when it fails */
    bool is_cached;                             /* DONE without work in this run */
    bool is_in_run;                             /* the run has to settle it, or has */
    int64_t worked_ms;                          /* a worker's last step for it: its own, or a look at its answer */
    struct blob blob;                           /* DONE */
    const struct err *err;                      /* FAILED; as long as the plan */

    const struct section *of;                   /* the section that asked first */
    struct fetch *fetch;                        /* FETCH_* */
    const struct slide_spec *slide;             /* DRAW */
    const struct speak_spec *speak;             /* SPEAK */
    struct str file;                            /* IMPORT: relative to file_of */
    const struct lesson *file_of;
    struct str said;                            /* FETCH_SPEECH of a part: what it says, as the narration spells it */
    struct splice *splice;                      /* SPLICE; NULL: it was in the store, its parts are no steps */
    struct piece *piece;                        /* RENDER */
    struct film *film;                          /* JOIN */
    struct node *same_bucket;                   /* the plan's index of ids */
};

size_t node_parts(const struct node *n);         /* of a splice: how many it joins; 0: it is none */
const char *node_step(const struct node *n);    /* "image" */
const char *node_provider(const struct node *n); /* "espeak"; "" of SPLICE, RENDER and JOIN */
bool node_is_fetch(const struct node *n);
bool node_is_settled(const struct node *n);
int64_t node_order(const struct node *n);       /* (lesson, rank, section) as one key; long pieces before short ones */
void node_enter(struct node *n, enum node_state to); /* the only place that changes a state; checks the move */
void node_add_user(struct node *n, struct node *user); /* user waits for n */
/* No piece of the film waits for n any more. */
void node_drop_users(struct node *n, const struct film *film);
/* An asset that nobody needs (any more), and that is not there. */
bool node_is_idle(const struct node *n);
