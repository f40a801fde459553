/* engine_work.c - the local half of the engine: steps that worker threads do */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen/answer.h"
#include "gen/engine_private.h"
#include "gen/film.h"
#include "gen/film_files.h"
#include "gen/late.h"
#include "gen/plan_effects.h"
#include "gen/plan_roll.h"
#include "gen/receipt.h"
#include "gen/request.h"
#include "gen/stamp.h"
#include "gen/timeline.h"
#include "gen/lesson/files.h"
#include "gen/base/fd.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"

enum { IMPORT_MAX = 512 << 20 };

/* One step out with a worker: everything it needs, and what it found. Only the worker touches it between submit and
 * collect. */
struct work {
    struct task task;                           /* first: the pool hands this back */
    int64_t began_ms;
    struct node *node;
    const struct renderer *renderer;
    bool is_check;                              /* of an answer; else the node's own step */
    struct store_temp temp;                     /* output */
    int fd;                                     /* input of a check */
    struct str text, words_json;
    struct join_spec join;
    struct join_result joined;
    char sound_id[DIGEST_HEX];                  /* of what is heard in a film: temp is for it */
    struct media_info info;
    struct word *words;
    size_t n_words;
    atomic_bool stop;
    struct work *next;
};

/* ---------- in the worker's thread ---------- */

static bool do_check(struct work *w, struct err *e)
{
    const struct fetch *f = w->node->fetch;
    if (w->node->asset == ASSET_TEXT)
        return answer_check(w->fd, f && f->want.schema.n && !f->want.is_raw, &w->info, e);
    return w->renderer->check(w->renderer->ctx, w->node->asset, w->fd, w->text, w->words_json, &w->info, &w->words,
                              &w->n_words, e);
}

/* The asset's id tells what the file held when the plan was made; other bytes must not be kept under it. */
static bool is_as_planned(struct work *w, const char *content, struct err *e)
{
    char id[DIGEST_HEX];
    struct str said = w->node->asset == ASSET_SPEECH ? w->text : STR("");
    request_import(w->node->asset, content, said, w->renderer->version(w->renderer->ctx), id);
    return strcmp(id, w->node->id) == 0 ||
           err_set(e, ERR_IO, "'" STR_FMT "' changed while the lesson was made; run again", STR_ARG(w->node->file));
}

/* What is wrong with it is told; what to do is the same for all that ails files. */
static bool is_no_good(const struct work *w, struct err *e)
{
    struct buf told = { 0 };
    buf_addz(&told, e->msg);
    if (e->code == ERR_MEDIA && !strstr(told.p, "please"))
        err_set(e, e->code, "%s; please save or export it anew, or name another file", told.p);
    buf_deinit(&told);
    return err_wrap(e, STR_FMT, STR_ARG(w->node->file));
}

/* A file of the user's own: copied aside, then checked like an answer. */
static bool do_import(struct work *w, struct err *e)
{
    char chunk[65536], content[DIGEST_HEX];
    struct digest *d = digest_create();
    ssize_t n;
    int fd = -1;
    bool ok = lesson_open_file(w->node->file_of, w->node->file, IMPORT_MAX, &fd, e);
    while (ok && (n = read(fd, chunk, sizeof chunk)) != 0) {
        if (n > 0)
            digest_add(d, chunk, (size_t)n);
        ok = n > 0 ? fd_write(w->temp.fd, chunk, (size_t)n, e) : errno == EINTR || err_errno(e, "read");
        if (!ok)
            err_wrap(e, "copy '" STR_FMT "'", STR_ARG(w->node->file));
    }
    digest_finish(d, content);
    if (fd >= 0)
        close(fd);
    w->fd = w->temp.fd;
    return ok && is_as_planned(w, content, e) && (do_check(w, e) || is_no_good(w, e));
}

static bool do_speak(struct work *w, struct err *e)
{
    return w->renderer->speak(w->renderer->ctx, w->node->speak, w->temp.fd, &w->info, &w->words, &w->n_words, e);
}

static bool do_splice(struct work *w, struct err *e)
{
    return w->renderer->splice(w->renderer->ctx, &w->node->splice->spec, w->temp.fd, &w->info, &w->words, &w->n_words,
                               e);
}

static bool do_draw(struct work *w, struct err *e)
{
    return w->renderer->draw(w->renderer->ctx, w->node->slide, w->temp.fd, &w->info, e);
}

static bool do_render(struct work *w, struct err *e)
{
    struct piece *p = w->node->piece;
    return w->renderer->render(w->renderer->ctx, &p->spec, w->temp.fd, &w->info, &w->stop, &p->frames_done, e);
}

static bool do_join(struct work *w, struct err *e)
{
    return w->renderer->join(w->renderer->ctx, &w->join, &w->joined, &w->stop, e);
}

static bool (*const steps[NODE_N_KINDS])(struct work *, struct err *) = {
    [NODE_IMPORT] = do_import, [NODE_SPEAK] = do_speak, [NODE_DRAW] = do_draw,
    [NODE_RENDER] = do_render, [NODE_JOIN] = do_join,  [NODE_SPLICE] = do_splice,
};

static void work_run(struct task *t)
{
    struct work *w = (struct work *)t;
    t->ok = (w->is_check ? do_check : steps[w->node->kind])(w, &t->err);
}

/* ---------- in the loop's thread ---------- */

static struct work *work_create(struct engine *g, struct node *n)
{
    struct work *w = mem_alloc(sizeof *w);
    w->task.run = work_run;
    w->node = n;
    w->renderer = g->o->renderer;
    w->text = n->said.n ? n->said : n->of ? n->of->narration : STR("");
    w->temp.fd = w->fd = -1;
    w->next = g->works;
    return g->works = w;
}

static void work_destroy(struct engine *g, struct work *w)
{
    struct work **at = &g->works;
    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    store_temp_drop(g->o->store, &w->temp);
    if (w->is_check && w->fd >= 0)
        close(w->fd);
    free(w->words);
    free(w);
}

static void submit(struct engine *g, struct work *w)
{
    node_enter(w->node, NODE_WORKING);
    w->began_ms = engine_now(g);
    g->n_working++;
    g->o->pool->submit(g->o->pool->ctx, &w->task);
}

/* An answer that is on disk is checked before anything else is begun: it is small work, and its users wait. */
void engine_check(struct engine *g, struct node *n)
{
    if (n->state != NODE_READY)
        node_enter(n, NODE_READY);
    heap_push(&g->local, INT64_MIN + node_order(n), n);
}

/* The provider's word times out of the answer's meta, as JSON; empty when there are none. */
static struct str words_of(struct engine *g, struct str meta_text)
{
    struct json *meta = NULL;
    const struct json *words = NULL;
    struct buf b = { 0 };
    struct str out = { "", 0 };
    if (meta_text.n && json_parse(&g->arena, meta_text, 0, &meta, NULL, NULL, NULL, NULL))
        words = json_get(meta, "words");
    if (words) {
        json_print(&b, words, 0);
        out = arena_str(&g->arena, buf_str(&b));
        buf_deinit(&b);
    }
    return out;
}

static void start_check(struct engine *g, struct node *n)
{
    struct store_entry found = { .state = STORE_ANSWERED, .blob = n->blob };
    struct err e;
    int fd = -1;
    /* what an earlier run left is not locked: another process may have checked it first */
    bool ok = n->fetch->is_locked || store_find(g->o->store, n->id, true, &g->arena, &found, &e);
    if (ok && found.state == STORE_DONE) {
        engine_found(g, n, &found);
        return;
    }
    if (ok && found.state != STORE_ANSWERED)
        ok = err_set(&e, ERR_STORE, "the answer for %s is gone from the store", n->id);
    if (ok && (fd = open(found.blob.path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0)
        ok = err_errno(&e, "open the answer for %s", n->id);
    if (!ok) {
        engine_checked(g, n, NULL, NULL, 0, &e);
        return;
    }
    struct work *w = work_create(g, n);
    w->is_check = true;
    w->fd = fd;
    w->words_json = words_of(g, n->fetch->meta);
    engine_tell(g, n, "checking", NULL, 0);
    submit(g, w);
}

/* The lesson's other shapes have the same times. */
static void tell_late(struct engine *g, const struct film *f, const struct plan_section *ps)
{
    struct late *late;
    struct slot slot = ps->slot;
    const struct blob *speech = ps->speech ? &ps->speech->blob : NULL;
    const struct late_times t = {
        .spoken = { .words = ps->visual.words, .n_words = ps->visual.n_words,
                    .start_samples = slot.speech_start_samples, .n_samples = speech ? speech->info.n_samples : 0 },
        .end_samples = timeline_sample(&f->lesson->video, slot.n_frames),
        .is_last = ps + 1 == f->sections + f->n_sections,
    };
    if (!speech || f->lesson->shape.n)          /* without speech it was told when the lesson was read */
        return;
    size_t n = late_find(f->lesson, (size_t)(ps->section - f->lesson->sections), &t, &g->arena, &late);
    for (size_t i = 0; i < n; i++)
        log_warn(g->o->log, "%s: " STR_FMT ": " STR_FMT, f->lesson->id.p, STR_ARG(late[i].where),
                 STR_ARG(late[i].message));
}

static void ready_section(struct engine *g, struct film *f, struct plan_section *ps)
{
    if (!ps || ps->is_ready)
        return;
    plan_effects_settle(f, ps, &g->arena, g->o->log);
    film_section_ready(f, ps, &g->arena);
    tell_late(g, f, ps);
}

/* A piece's id is known only now; a finished one in the store needs no work. */
static bool is_rendered(struct engine *g, struct node *n)
{
    struct store_entry found;
    struct err e;
    struct piece *p = n->piece;
    ready_section(g, p->film, p->a);
    ready_section(g, p->film, p->b);
    film_piece_ready(n, g->o->config, g->o->renderer);
    if (!store_find(g->o->store, n->id, false, &g->arena, &found, &e)) {
        engine_break(g, &e);
        return false;
    }
    if (found.state != STORE_DONE || g->o->is_forced || p->film->is_redrawn)
        return false;
    n->blob = found.blob;
    n->is_cached = true;
    atomic_store(&p->frames_done, p->spec.n_frames);
    engine_settle(g, n, NULL);
    return true;
}

/* The next run knows by the lesson's text and files alone that the film is up to date. */
static void keep_stamp(struct engine *g, const struct film *f, const struct join_spec *spec)
{
    if (stamp_may_hold(f))
        receipt_write(g->o->store, f->stamp, spec, json_array(&g->arena), plan_assets_json(f, &g->arena), &f->result,
                      g->status_lessons[f->index].spent, &g->arena);
}

/* A film whose pieces and sound are what they were, and whose files lie where they were put, need not be joined. */
static bool is_joined(struct engine *g, struct node *n, struct join_spec *spec)
{
    film_join_spec(n->film, g->o->config, &g->arena, spec);
    request_film(spec, g->o->renderer->version(g->o->renderer->ctx), n->id);
    if (g->o->is_forced || !receipt_is_valid(g->o->store, n->id, &g->arena, &n->film->result, NULL))
        return false;
    n->is_cached = true;
    keep_stamp(g, n->film, spec);
    engine_settle(g, n, NULL);
    return true;
}

/* What is heard in a film is kept by itself: a change of pictures or captions alone joins it without mixing. When
 * keeping it is not possible, it is made again the next time. */
static void find_sound(struct engine *g, struct work *w)
{
    struct store_entry found;
    struct err e;
    request_sound(&w->join, g->o->renderer->version(g->o->renderer->ctx), w->sound_id);
    if (!store_find(g->o->store, w->sound_id, false, &g->arena, &found, &e))
        return;
    if (found.state == STORE_DONE && !g->o->is_forced) {
        struct blob *sound = arena_alloc(&g->arena, sizeof *sound);
        *sound = found.blob;
        w->join.sound = sound;
    } else if (found.state != STORE_DONE && store_temp_open(g->o->store, w->sound_id, 0, &w->temp, &e)) {
        w->join.is_sound_wanted = true;
        w->join.sound_fd = w->temp.fd;
    }
}

static void tell_of_itself(struct engine *g, const struct film *f, struct join_spec *s)
{
    const struct output_opts *o = &f->lesson->output;
    if (o->manifest)
        s->manifest = manifest_text(f, s, g->o->config, g->o->store, g->o->renderer->version(g->o->renderer->ctx), &g->arena);
    if (o->timeline)
        s->timeline = timeline_text(f, s, &g->arena);
}

static void keep_sound(struct engine *g, struct work *w)
{
    const struct media_info info = { .type = "sound" };
    struct blob blob;
    struct err e;
    char id[DIGEST_HEX];
    request_sound(&w->join, g->o->renderer->version(g->o->renderer->ctx), id);
    bool is_still = strcmp(id, w->sound_id) == 0; /* else a file of it was replaced while it was mixed */
    if (is_still && w->joined.is_sound_kept &&
        !store_put(g->o->store, w->sound_id, ASSET_PIECE, &w->temp, &info, NULL, 0, &g->arena, &blob, &e))
        log_debug(g->o->log, "the film's sound is not kept: %s", e.msg);
}

static void start(struct engine *g, struct node *n)
{
    struct err e;
    if (node_is_fetch(n)) {
        start_check(g, n);
        return;
    }
    if (n->kind == NODE_SPLICE && g->o->is_unchecked) { /* nothing is known of its parts: a later run joins them */
        engine_settle(g, n, NULL);
        return;
    }
    if (n->kind == NODE_RENDER && is_rendered(g, n))
        return;
    struct join_spec join = { 0 };
    if (n->kind == NODE_JOIN && is_joined(g, n, &join))
        return;
    struct work *w = work_create(g, n);
    w->join = join;
    if (n->kind == NODE_JOIN) {
        tell_of_itself(g, n->film, &w->join);
        find_sound(g, w);
    }
    if (n->kind != NODE_JOIN && !store_temp_open(g->o->store, n->id, 0, &w->temp, &e)) {
        engine_break(g, &e);
        engine_settle(g, n, &e);
        work_destroy(g, w);
        return;
    }
    engine_tell(g, n, "running", NULL, 0);
    submit(g, w);
}

void engine_start_work(struct engine *g)
{
    struct node *n;
    while (!g->is_stopping && g->n_working < g->o->pool->n_threads && (n = heap_pop(&g->local)))
        start(g, n);
}

/* A piece that cannot be read although its bytes are what was stored (an encoder's build has changed, say) would fail
 * every run, so all of the film's pieces are drawn anew, once. */
static void redraw(struct engine *g, struct node *join, const struct err *why)
{
    struct film *f = join->film;
    f->is_redrawn = true;
    log_warn(g->o->log, "%s: %s; its pieces are drawn again", f->lesson->id.p, why->msg);
    node_enter(join, NODE_WAITING);
    for (size_t i = 0; i < f->n_pieces; i++) {
        struct node *n = f->pieces[i];
        node_enter(n, NODE_WAITING);
        n->is_cached = false;
        atomic_store(&n->piece->frames_done, 0);
        join->n_waiting++;
        g->n_unsettled++;
        g->lessons[n->lesson].n_unsettled++;
        g->status_lessons[n->lesson].n_pieces_done--;
    }
    for (size_t i = 0; i < f->n_pieces; i++)
        engine_ready(g, f->pieces[i]);
}

static void finished(struct engine *g, struct work *w)
{
    struct node *n = w->node;
    struct err *why = &w->task.err;
    n->worked_ms = engine_now(g) - w->began_ms;
    if (w->is_check) {
        engine_checked(g, n, &w->info, w->words, w->n_words, w->task.ok ? NULL : why);
        return;
    }
    if (!w->task.ok && w->joined.has_bad_piece && !n->film->is_redrawn && !g->is_stopping) {
        redraw(g, n, why);
        return;
    }
    if (w->task.ok && n->kind == NODE_JOIN) {
        n->film->result = w->joined;
        keep_sound(g, w);
        receipt_write(g->o->store, n->id, &w->join, film_switches(n->film, &g->arena), NULL, &w->joined,
                      g->status_lessons[n->lesson].spent, &g->arena);
        keep_stamp(g, n->film, &w->join);
    } else if (w->task.ok && !store_put(g->o->store, n->id, n->asset, &w->temp, &w->info, w->words, w->n_words,
                                        &g->arena, &n->blob, why)) {
        engine_break(g, why);
        w->task.ok = false;
    }
    engine_settle(g, n, w->task.ok ? NULL : why);
}

void engine_collect_work(struct engine *g)
{
    struct task *t;
    while ((t = g->o->pool->collect(g->o->pool->ctx))) {
        struct work *w = (struct work *)t;
        g->n_working--;
        finished(g, w);
        work_destroy(g, w);
    }
    if (g->is_stopping)
        for (struct work *w = g->works; w; w = w->next)
            if (!w->is_check)
                atomic_store(&w->stop, true);
}

int64_t engine_frames_done(const struct engine *g, size_t lesson)
{
    const struct film *f = &g->plan->films[lesson];
    int64_t n = 0;
    for (size_t i = 0; i < f->n_pieces; i++)
        n += atomic_load(&f->pieces[i]->piece->frames_done);
    return n;
}
