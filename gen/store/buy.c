/* buy.c - the steps of an asset: intended, accepted, answered, checked; or made here and put */
#include <string.h>
#include <sys/file.h>
#include "gen/base/clock.h"
#include "gen/base/mem.h"
#include "gen/store/impl.h"

bool store_intend(struct store *s, const char *id, enum asset_kind kind, struct str provider, double estimate,
                  struct err *e)
{
    store_enter(s);
    bool ok = check_id(id, e) && ledger_intend(s->ledger, id, kind, provider, estimate, e);
    store_leave(s);
    return ok;
}

bool store_accepted(struct store *s, const char *id, struct str remote, struct err *e)
{
    struct call with = { .remote = remote, .cost = -1 };
    store_enter(s);
    bool ok = check_id(id, e) && ledger_move(s->ledger, id, CALL_REMOTE, &with, NULL, e);
    store_leave(s);
    return ok;
}

/* Reasons that say nothing about the call itself: we stopped waiting, or could not ask. A call left open is resumed or
 * reported. */
static bool is_open_still(enum call_state state, enum err_code why)
{
    static const unsigned says_nothing[CALL_N_STATES] = {
        [CALL_SENT] = BIT(ERR_CANCELLED),
        [CALL_REMOTE] = BIT(ERR_CANCELLED) | BIT(ERR_NET) | BIT(ERR_RATE) | BIT(ERR_AUTH) | BIT(ERR_QUOTA) |
                        BIT(ERR_IO) | BIT(ERR_STORE),
    };
    return says_nothing[state] & BIT(why);
}

bool buy_fail(struct store *s, const char *id, const struct err *why, bool is_unsent, struct err *e)
{
    struct arena a = { 0 };
    struct call call;
    bool ok = ledger_find(s->ledger, id, &a, &call, e) &&
              ((is_open_still(call.state, why->code) && !(is_unsent && call.state == CALL_SENT)) || ledger_move(s->ledger, id, CALL_FAILED, NULL, why, e));
    arena_deinit(&a);
    return ok;
}

bool store_failed(struct store *s, const char *id, const struct err *why, struct err *e)
{
    store_enter(s);
    bool ok = check_id(id, e) && buy_fail(s, id, why, false, e);
    store_leave(s);
    return ok;
}

/* ---------- groups of one ---------- */

static bool keep_one(struct store *s, struct store_order *o, struct err *e)
{
    store_keep(s, o);
    if (!o->ok && e)
        *e = o->err;
    return o->ok;
}

bool store_answered(struct store *s, const char *id, struct store_temp *t, struct str meta, double cost, struct err *e)
{
    struct store_order o = { .kind = STORE_ANSWERED_ORDER, .id = id, .temp = *t, .text = meta, .cost = cost };
    bool ok = keep_one(s, &o, e);
    *t = o.temp;
    store_order_deinit(&o);
    return ok;
}

static const struct word *copy_words(struct arena *a, const struct word *words, size_t n)
{
    struct word *w = arena_array(a, n ? n : 1, sizeof *w);
    if (n)
        memcpy(w, words, n * sizeof *w);
    return w;
}

void store_blob_copy(struct arena *a, const struct blob *from, struct blob *out)
{
    *out = *from;
    out->path = arena_str(a, from->path);
    out->words = copy_words(a, from->words, from->n_words);
}

bool store_accept(struct store *s, const char *id, const struct media_info *info, const struct word *words,
                  size_t n_words, struct arena *a, struct blob *out, struct err *e)
{
    struct store_order o = {
        .kind = STORE_ACCEPT_ORDER, .id = id, .info = info, .words = words, .n_words = n_words, .temp.fd = -1
    };
    bool ok = keep_one(s, &o, e);
    if (ok)
        store_blob_copy(a, &o.found.blob, out);
    store_order_deinit(&o);
    return ok;
}

bool store_reject(struct store *s, const char *id, const struct err *why, struct err *e)
{
    struct store_order o = { .kind = STORE_REJECT_ORDER, .id = id, .why = *why, .temp.fd = -1 };
    bool ok = keep_one(s, &o, e);
    store_order_deinit(&o);
    return ok;
}

bool store_put(struct store *s, const char *id, enum asset_kind kind, struct store_temp *t,
               const struct media_info *info, const struct word *words, size_t n_words, struct arena *a,
               struct blob *out, struct err *e)
{
    struct sidecar side = {
        .kind = kind, .is_done = true, .at_ms = clock_wall_ms(), .cost = -1, .info = *info, .n_words = n_words
    };
    if (!check_id(id, e)) {
        store_temp_drop(s, t);
        return false;
    }
    memcpy(side.id, id, sizeof side.id);
    side.words = copy_words(a, words, n_words);
    struct draft d = { .side = &side, .temp = t };
    if (!draft_commit(s, &d, e))
        return false;
    store_enter(s);
    ids_add(&s->verified, id);
    store_leave(s);
    blob_fill(s, &side, a, out);
    return true;
}
