/* reach.h - whether the servers of providers can be reached; nothing is bought and no key is sent */
#pragma once
#include "api/provider.h"

struct reach {
    const struct provider *provider;            /* the caller's; with a base */
    int status;                                 /* of the answer; 0: none came */
    int64_t ms;                                 /* until it came, connecting included */
    struct err err;                             /* why none came */
};

/* Asks each base for its page, all at once; any answer counts as reached, for a refusal without a key is one, too.
 * limit_ms  for each. False with ERR_IO when nothing can be asked at all. */
bool reach_all(struct reach *v, size_t n, int64_t limit_ms, struct err *e);
