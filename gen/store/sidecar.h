/* sidecar.h - what stands beside a payload: everything that is known of it, so that the ledger can be rebuilt */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/media.h"

enum { SIDECAR_VERSION = 1, SIDECAR_MAX = 16 << 20 }; /* bytes */

struct sidecar {
    char id[65], sha256[65];                    /* of the request; of the payload */
    enum asset_kind kind;
    bool is_done;                               /* checked: info and words count; else only answered */
    bool is_paid;                               /* bought, so the ledger has a call for it */
    int64_t bytes, at_ms;                       /* payload's length; Unix time of the answer */
    double cost;                                /* < 0: unknown */
    char of[65];                                /* as in struct call */
    int64_t roll;
    struct str provider, meta;
    struct media_info info;
    const struct word *words;
    size_t n_words;
};

void sidecar_print(struct buf *out, const struct sidecar *s);
/* Everything is checked, a checksum over the text first; strings and words are copied into `a`. ERR_STORE. */
bool sidecar_parse(struct sidecar *out, struct str text, struct arena *a, struct err *e);
