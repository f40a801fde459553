/* ask.h - one question to a chat model: planned, paid, kept and checked like every other asset, by the same engine */
#pragma once
#include "gen/engine.h"

struct ask_result {
    struct str text; /* in the arena */
    bool is_cached;  /* it was in the store already */
    size_t n_requests;
    double spent;
};

/* Who answers: the provider of that name, else of config (providers.chat), else the first whose key is set. NULL with
 * ERR_CONFIG when there is none, ERR_AUTH when its key is not there. */
const struct provider_info *ask_whom(const struct plan_opts *o, struct str name, struct err *e);

/* Has this never been answered? False also on an error, which is set then. */
bool ask_is_new(const struct plan_opts *o, const struct want *w, bool *is_new, struct err *e);

/* w: kind TEXT, its provider is `whom`. `about` names it in messages. On failure *out still says what was spent. */
bool ask_text(const struct plan_opts *po, const struct engine_opts *eo, const struct provider_info *whom,
              const struct want *w, const char *about, struct arena *a, struct ask_result *out, struct err *e);
