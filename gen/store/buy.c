/* buy.c - the steps of an asset: intended, accepted, answered, checked; or made here and put */
#include <string.h>
#include <sys/file.h>
#include "gen/base/clock.h"
#include "gen/base/mem.h"
#include "gen/store/impl.h"

bool store_intend(struct store *s, const char *id, enum asset_kind kind, struct str provider, double estimate,
                  struct err *e)
{
    return check_id(id, e) && ledger_intend(s->ledger, id, kind, provider, estimate, e);
}

bool store_intents_begin(struct store *s, struct err *e)
{
    return ledger_begin(s->ledger, e);
}

bool store_intents_end(struct store *s, struct err *e)
{
    return ledger_end(s->ledger, true, e);
}

bool store_accepted(struct store *s, const char *id, struct str remote, struct err *e)
{
    struct call with = { .remote = remote, .cost = -1 };
    return check_id(id, e) && ledger_move(s->ledger, id, CALL_REMOTE, &with, NULL, e);
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

bool store_failed(struct store *s, const char *id, const struct err *why, struct err *e)
{
    struct arena a = { 0 };
    struct call call;
    bool ok = check_id(id, e) && ledger_find(s->ledger, id, &a, &call, e) &&
              (is_open_still(call.state, why->code) || ledger_move(s->ledger, id, CALL_FAILED, NULL, why, e));
    arena_deinit(&a);
    return ok;
}

bool store_answered(struct store *s, const char *id, struct store_temp *t, struct str meta, double cost, struct err *e)
{
    struct arena a = { 0 };
    struct call call;
    bool ok = false;
    if (!check_id(id, e) || !ledger_find(s->ledger, id, &a, &call, e))
        goto out;
    if (call.state == CALL_NONE) {
        err_set(e, ERR_INTERNAL, "%.12s was answered without having been asked for", id);
        goto out;
    }
    struct sidecar side = { .kind = call.kind,
                            .is_paid = true,
                            .at_ms = clock_wall_ms(),
                            .cost = cost,
                            .provider = call.provider,
                            .meta = meta };
    memcpy(side.id, id, sizeof side.id);
    if (!blob_commit(s, &side, t, e))
        goto out;
    ids_add(&s->verified, id);
    struct call with = { .meta = side.meta, .bytes = side.bytes, .cost = cost, .at_ms = side.at_ms };
    memcpy(with.sha256, side.sha256, sizeof with.sha256);
    ok = ledger_move(s->ledger, id, CALL_ANSWERED, &with, NULL, e);
out:
    io_close(s->io, &t->fd);
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

bool store_accept(struct store *s, const char *id, const struct media_info *info, const struct word *words,
                  size_t n_words, struct arena *a, struct blob *out, struct err *e)
{
    struct arena scratch = { 0 };
    struct store_entry entry;
    struct sidecar side;
    char path[PATH_BYTES];
    bool is_bad, is_there, ok = false;
    if (!find_object(s, id, 0, &scratch, &entry, &is_bad, e)) /* hashed, if it was not yet */
        goto out;
    if (entry.state != STORE_ANSWERED && entry.state != STORE_DONE) {
        err_set(e, ERR_STORE, "%.12s: there is no answer to accept%s", id, is_bad ? ", its file is damaged" : "");
        goto out;
    }
    blob_path(id, ".json", path);
    if (!sidecar_read(s, path, &scratch, &side, &is_there, e))
        goto out;
    if (!is_there) {
        err_set(e, ERR_STORE, "%.12s vanished from the cache", id);
        goto out;
    }
    side.is_done = true;
    side.info = *info;
    side.words = copy_words(a, words, n_words);
    side.n_words = n_words;
    if (!blob_restate(s, &side, e) || (side.is_paid && !ledger_move(s->ledger, id, CALL_DONE, NULL, NULL, e)))
        goto out;
    blob_fill(s, &side, a, out);
    ok = true;
out:
    arena_deinit(&scratch);
    return ok;
}

bool store_reject(struct store *s, const char *id, const struct err *why, struct err *e)
{
    /* The ledger first: a crash between the two leaves an object that the next look puts away. */
    if (!check_id(id, e) || !ledger_move(s->ledger, id, CALL_REJECTED, NULL, why, e) || !gate_enter(s, LOCK_EX, e))
        return false;
    bool ok = blob_quarantine(s, id, e);
    gate_leave(s);
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
    if (!blob_commit(s, &side, t, e))
        return false;
    ids_add(&s->verified, id);
    blob_fill(s, &side, a, out);
    return true;
}
