/* fetch.h - a remote asset on its way: from the ledger's intent to the checked answer */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/digest.h"
#include "gen/lane.h"
#include "gen/ports.h"
#include "gen/store.h"

struct fetch {
    struct want want;
    const struct provider_info *provider;
    char of[DIGEST_HEX];                        /* asked for again: the id of the first; else "" */
    int64_t roll;                               /* and how often */
    struct lane *lane;
    struct quote quote;                         /* money < 0: unknown */
    double reserved;                            /* of the limit, for this; until it is known whether it was paid */
    bool is_reserved;                           /* bought by this run, or being bought */
    double cost;                                /* once answered; < 0: not known even then */
    double tokens;                              /* an estimate, for the lane */
    struct lane_ticket ticket;                  /* of the request in flight */
    int attempts, refusals;
    int64_t wait_ms;                            /* the last one for itself */
    int64_t refused_since_ms;                   /* the first refusal */
    bool is_locked;                             /* we hold the store's lock on the id */
    bool is_answered;                           /* the answer is durable; only the check is missing */
    struct store_temp temp;
    struct str remote;                          /* resume here */
    struct str meta;                            /* of the answer */
    int64_t started_ms;
    bool has_come;                              /* its answer: what is left to do with it needs no service */
    size_t armed_after;                         /* so many of its lane had started when its intent was asked for */
    bool may_be_made;                           /* a job that was let in, and nobody says that it came to nothing */
    bool is_unsent;                             /* its intent is in the ledger, and no request went out for it */
    bool is_unwanted;                           /* while it was armed, the last section that wanted it went elsewhere */
    bool is_to_send;                            /* counts among those to be sent */
};
