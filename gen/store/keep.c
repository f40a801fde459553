/* keep.c - steps of purchases made in groups: whatever waits for the disk waits together
 *
 * Each order takes part in a group's phases as its row in `rows` and its files say. What fails drops out, the others go
 * on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include "gen/base/clock.h"
#include "gen/base/mem.h"
#include "gen/store/impl.h"

enum { GROUP = 32 };

struct step {
    struct store_order *order;
    struct sidecar side;
    struct draft draft;
    bool has_draft, is_new_dir;
    int sync_errors[2]; /* of the description, of the payload */
};

struct dir { /* one to sync */
    char path[PATH_BYTES];
    bool ok;
    struct err err;
};

struct group {
    struct store *s;
    struct step steps[GROUP];
    size_t n;
    struct step *drafts[GROUP]; /* that must be synced */
    size_t n_drafts;
    struct dir dirs[GROUP + 1];
    size_t n_dirs;
};

static void drop_out(struct group *g, struct step *st)
{
    st->order->ok = false;
    if (st->has_draft)
        draft_abandon(g->s, &st->draft);
    st->has_draft = false;
}

/* ---------- first looks ---------- */

static bool begin_arm(struct group *g, struct step *st, struct err *e)
{
    struct store_order *o = st->order;
    bool is_bad;
    if (!o->is_locked && !store_lock(g->s, o->id, &o->is_busy, e))
        return false;
    o->is_locked = true;
    if (!find_object(g->s, o->id, FIND_QUICK, &o->arena, &o->found, &is_bad, e))
        return false;
    return o->found.state >= STORE_ANSWERED || store_temp_open(g->s, o->id, o->reserve, &o->temp, e);
}

/* The order says all that the description does: nothing has to be looked up, so nothing can fail before the answer is
 * described. */
static bool begin_answered(struct group *g, struct step *st, struct err *e)
{
    struct store_order *o = st->order;
    (void)g, (void)e;
    st->side = (struct sidecar){ .kind = o->asset,
                                 .is_paid = true,
                                 .at_ms = clock_wall_ms(),
                                 .cost = o->cost,
                                 .provider = o->provider,
                                 .meta = o->text };
    memcpy(st->side.id, o->id, sizeof st->side.id);
    if (o->roll > 0) {
        memcpy(st->side.of, o->of, sizeof st->side.of);
        st->side.roll = o->roll;
    }
    st->draft = (struct draft){ .side = &st->side, .temp = &o->temp, .fd = -1 };
    return st->has_draft = true;
}

static bool begin_accept(struct group *g, struct step *st, struct err *e)
{
    struct store_order *o = st->order;
    char path[PATH_BYTES];
    bool is_bad, is_there;
    if (!find_object(g->s, o->id, 0, &o->arena, &o->found, &is_bad, e)) /* hashed, if it was not yet */
        return false;
    if (o->found.state < STORE_ANSWERED)
        return err_set(e, ERR_STORE, "%.12s: there is no answer to accept%s", o->id,
                       is_bad ? ", its file is damaged" : "");
    blob_path(o->id, ".json", path);
    if (!sidecar_read(g->s, path, &o->arena, &st->side, &is_there, e))
        return false;
    if (!is_there)
        return err_set(e, ERR_STORE, "%.12s vanished from the cache", o->id);
    st->side.is_done = true;
    st->side.info = *o->info;
    st->side.words = o->words;
    st->side.n_words = o->n_words;
    st->draft = (struct draft){ .side = &st->side, .fd = -1 };
    return st->has_draft = true;
}

static bool begin_close(struct group *g, struct step *st, struct err *e)
{
    (void)e;
    store_temp_drop(g->s, &st->order->temp);
    return true;
}

/* ---------- the ledger ---------- */

static bool note_arm(struct group *g, struct step *st, struct err *e)
{
    struct store_order *o = st->order;
    return o->found.state >= STORE_REMOTE ||
           (ledger_intend(g->s->ledger, o->id, o->asset, o->provider, o->estimate, e) &&
            (o->roll == 0 || ledger_note_roll(g->s->ledger, o->id, o->of, o->roll, e)));
}

static bool note_accepted(struct group *g, struct step *st, struct err *e)
{
    const struct call with = { .remote = st->order->text, .cost = -1 };
    return ledger_move(g->s->ledger, st->order->id, CALL_REMOTE, &with, NULL, e);
}

static bool note_answered(struct group *g, struct step *st, struct err *e)
{
    struct call with = {
        .meta = st->side.meta, .bytes = st->side.bytes, .cost = st->side.cost, .at_ms = st->side.at_ms
    };
    memcpy(with.sha256, st->side.sha256, sizeof with.sha256);
    return ledger_move(g->s->ledger, st->order->id, CALL_ANSWERED, &with, NULL, e);
}

static bool note_accept(struct group *g, struct step *st, struct err *e)
{
    return !st->side.is_paid || ledger_move(g->s->ledger, st->order->id, CALL_DONE, NULL, NULL, e);
}

static bool note_reject(struct group *g, struct step *st, struct err *e)
{
    return ledger_move(g->s->ledger, st->order->id, CALL_REJECTED, NULL, &st->order->why, e);
}

static bool note_close(struct group *g, struct step *st, struct err *e)
{
    const struct store_order *o = st->order;
    return o->why.code == ERR_NONE || buy_close(g->s, o, e);
}

/* ---------- when all of it is durable ---------- */

static bool end_answered(struct group *g, struct step *st, struct err *e)
{
    struct store_order *o = st->order;
    (void)e;
    ids_add(&g->s->verified, o->id);
    o->found.state = STORE_ANSWERED;
    blob_fill(g->s, &st->side, &o->arena, &o->found.blob);
    return true;
}

static bool end_accept(struct group *g, struct step *st, struct err *e)
{
    struct store_order *o = st->order;
    (void)e;
    o->found.state = STORE_DONE;
    blob_fill(g->s, &st->side, &o->arena, &o->found.blob);
    return true;
}

/* The ledger came first: a crash between the two leaves an object that the next look puts away. */
static bool end_reject(struct group *g, struct step *st, struct err *e)
{
    if (!gate_enter(g->s, LOCK_EX, e))
        return false;
    bool ok = blob_quarantine(g->s, st->order->id, e);
    gate_leave(g->s);
    return ok;
}

typedef bool step_fn(struct group *g, struct step *st, struct err *e);

enum { BEGIN, NOTE, END, N_PARTS };

static step_fn *const rows[STORE_N_ORDERS][N_PARTS] = {
    [STORE_ARM_ORDER] = { begin_arm, note_arm, NULL },
    [STORE_ACCEPTED_ORDER] = { NULL, note_accepted, NULL },
    [STORE_ANSWERED_ORDER] = { begin_answered, note_answered, end_answered },
    [STORE_ACCEPT_ORDER] = { begin_accept, note_accept, end_accept },
    [STORE_REJECT_ORDER] = { NULL, note_reject, end_reject },
    [STORE_CLOSE_ORDER] = { begin_close, note_close, NULL },
};

/* ---------- phases ---------- */

static void each_order(struct group *g, int part)
{
    for (size_t i = 0; i < g->n; i++) {
        struct step *st = &g->steps[i];
        step_fn *fn = rows[st->order->kind][part];
        if (st->order->ok && fn && !fn(g, st, &st->order->err))
            drop_out(g, st);
    }
}

static void each_draft(struct group *g, step_fn *fn)
{
    for (size_t i = 0; i < g->n; i++) {
        struct step *st = &g->steps[i];
        if (st->order->ok && st->has_draft && !fn(g, st, &st->order->err))
            drop_out(g, st);
    }
}

static void measure_one(void *arg, size_t i)
{
    struct group *g = arg;
    struct step *st = g->drafts[i];
    st->order->ok = draft_measure(g->s, &st->draft, &st->order->err);
}

static void sync_one(void *arg, size_t i)
{
    struct group *g = arg;
    struct step *st = g->drafts[i / 2];
    int fd = i % 2 ? st->draft.temp->fd : st->draft.fd;
    st->sync_errors[i % 2] = g->s->io->sync(g->s->io->ctx, fd) != 0;
}

static void sync_dir(void *arg, size_t i)
{
    struct group *g = arg;
    struct dir *d = &g->dirs[i];
    d->ok = io_sync_dir(g->s->io, g->s->root, d->path, &d->err);
}

static void at_once(struct group *g, size_t n, void (*one)(void *arg, size_t i))
{
    if (n)
        g->s->io->each(g->s->io->ctx, &g->s->crew, n, one, g);
}

/* Who is to be synced and has not dropped out. */
static void collect_drafts(struct group *g)
{
    g->n_drafts = 0;
    for (size_t i = 0; i < g->n; i++)
        if (g->steps[i].order->ok && g->steps[i].has_draft && draft_must_last(&g->steps[i].draft))
            g->drafts[g->n_drafts++] = &g->steps[i];
}

static void measure(struct group *g)
{
    collect_drafts(g);
    at_once(g, g->n_drafts, measure_one);
    for (size_t i = 0; i < g->n_drafts; i++)
        if (!g->drafts[i]->order->ok)
            drop_out(g, g->drafts[i]);
}

static bool describe(struct group *g, struct step *st, struct err *e)
{
    return draft_describe(g->s, &st->draft, &st->is_new_dir, e);
}

static bool renew(struct group *g, struct step *st, struct err *e)
{
    if (!st->sync_errors[0] && !st->sync_errors[1])
        return true;
    return draft_renew(g->s, &st->draft, st->sync_errors[1], e);
}

static bool publish(struct group *g, struct step *st, struct err *e)
{
    return draft_publish(g->s, &st->draft, e);
}

static bool close_files(struct group *g, struct step *st, struct err *e)
{
    return draft_close(g->s, &st->draft, e);
}

/* All of it, or none when the gate does not open. */
static void each_draft_behind_gate(struct group *g, step_fn *fn, int how)
{
    struct err e;
    if (gate_enter(g->s, how, &e)) {
        each_draft(g, fn);
        gate_leave(g->s);
        return;
    }
    for (size_t i = 0; i < g->n; i++)
        if (g->steps[i].order->ok && g->steps[i].has_draft) {
            g->steps[i].order->err = e;
            drop_out(g, &g->steps[i]);
        }
}

static void add_dir(struct group *g, const char *path)
{
    for (size_t i = 0; i < g->n_dirs; i++)
        if (strcmp(g->dirs[i].path, path) == 0)
            return;
    memcpy(g->dirs[g->n_dirs++].path, path, strlen(path) + 1);
}

static void dir_of(const struct step *st, char out[PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "blobs/%.2s", st->order->id);
}

static void sync_dirs(struct group *g)
{
    char path[PATH_BYTES];
    collect_drafts(g);
    g->n_dirs = 0;
    for (size_t i = 0; i < g->n_drafts; i++) {
        dir_of(g->drafts[i], path);
        add_dir(g, path);
        if (g->drafts[i]->is_new_dir)
            add_dir(g, "blobs");
    }
    at_once(g, g->n_dirs, sync_dir);
    for (size_t i = 0; i < g->n_drafts; i++)
        for (size_t k = 0; k < g->n_dirs; k++) {
            struct step *st = g->drafts[i];
            dir_of(st, path);
            bool is_its = strcmp(g->dirs[k].path, path) == 0 || strcmp(g->dirs[k].path, "blobs") == 0;
            if (is_its && !g->dirs[k].ok && st->order->ok) {
                st->order->err = g->dirs[k].err;
                drop_out(g, st);
            }
        }
}

static void fail_all(struct group *g, const struct err *e)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->steps[i].order->ok) {
            g->steps[i].order->err = *e;
            drop_out(g, &g->steps[i]);
        }
}

static void note(struct group *g)
{
    struct err e;
    if (!ledger_begin(g->s->ledger, &e)) {
        fail_all(g, &e);
        return;
    }
    each_order(g, NOTE);
    if (!ledger_end(g->s->ledger, true, &e))
        fail_all(g, &e);
}

/* Locks that nobody needs any more, temps of what will not be sent. */
static void tidy(struct group *g)
{
    for (size_t i = 0; i < g->n; i++) {
        struct store_order *o = g->steps[i].order;
        bool is_arm = o->kind == STORE_ARM_ORDER;
        if (is_arm && !o->ok)
            store_temp_drop(g->s, &o->temp);
        if (o->kind == STORE_ANSWERED_ORDER)
            io_close(g->s->io, &o->temp.fd);
        if (!o->is_locked || !(o->is_last || (is_arm && (!o->ok || o->found.state == STORE_DONE))))
            continue;
        store_unlock(g->s, o->id);
        o->is_locked = false;
    }
}

static void keep_group(struct group *g)
{
    struct store *s = g->s;
    store_enter(s);
    each_order(g, BEGIN);
    store_leave(s);
    measure(g);
    store_enter(s);
    each_draft_behind_gate(g, describe, LOCK_SH);
    store_leave(s);
    collect_drafts(g);
    at_once(g, 2 * g->n_drafts, sync_one);
    store_enter(s);
    each_draft(g, renew);
    each_draft_behind_gate(g, publish, LOCK_EX);
    each_draft(g, close_files);
    store_leave(s);
    sync_dirs(g);
    store_enter(s);
    note(g);
    each_order(g, END);
    tidy(g);
    store_leave(s);
}

/* ---------- groups ---------- */

static bool has_id(const struct group *g, const char *id)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(g->steps[i].order->id, id) == 0)
            return true;
    return false;
}

struct store_order *store_keep(struct store *s, struct store_order *first)
{
    struct group *g = mem_alloc(sizeof *g);
    g->s = s;
    for (; first && g->n < GROUP && !has_id(g, first->id); first = first->next) {
        first->ok = check_id(first->id, &first->err);
        g->steps[g->n++] = (struct step){ .order = first };
    }
    keep_group(g);
    free(g);
    return first;
}

void store_order_deinit(struct store_order *o)
{
    arena_deinit(&o->arena);
}
