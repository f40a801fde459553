/* buy.c - how a call is closed without an answer, and how what was made here is put into the store */
#include <string.h>
#include <sys/file.h>
#include "gen/base/clock.h"
#include "gen/base/mem.h"
#include "gen/store/impl.h"

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

bool buy_close(struct store *s, const struct store_order *o, struct err *e)
{
    struct arena a = { 0 };
    struct call call;
    bool ok = ledger_find(s->ledger, o->id, &a, &call, e);
    bool stays = ok && is_open_still(call.state, o->why.code) && !(o->is_unsent && call.state == CALL_SENT);
    if (ok && !stays)
        ok = ledger_move(s->ledger, o->id, o->may_be_paid ? CALL_LOST : CALL_FAILED, NULL, &o->why, e);
    arena_deinit(&a);
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
