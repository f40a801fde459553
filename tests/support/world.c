/* world.c - virtual time */
#include "tests/support/world.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "gen/base/text.h"
#include "gen/base/workers.h"
#include "tests/support/test.h"

struct happening {                              /* a request or a task under way */
    struct task *task;
    bool is_group;                              /* the keeper is through with one */
    struct job job;
    struct answer answer;
    bool is_cancelled, is_second_half;
    bool has_arrived;
};

static const struct row effect_none = { .name = "none", .help = "" }, fade = { .name = "fade", .help = "" };
static struct arena lessons_arena;               /* lessons and texts of the world in use; one world at a time */

struct answer world_typical(struct world *w, const struct want *want, int nth)
{
    (void)w, (void)nth;
    return (struct answer){ .latency_ms = want->kind == ASSET_IMAGE ? 800 : 300 };
}

static int64_t now(void *ctx)
{
    return ((struct world *)ctx)->now_ms;
}

/* ---------- transport ---------- */

static const struct provider_info *const *providers(void *ctx)
{
    return ((struct world *)ctx)->infos;
}

static bool canonical(void *ctx, const struct want *want, struct buf *out, struct err *e)
{
    (void)ctx, (void)e;
    return buf_printf(out, "%d|" STR_FMT "|" STR_FMT, want->kind, STR_ARG(want->provider), STR_ARG(want->text));
}

static void quote(void *ctx, const struct want *want, struct arena *a, struct quote *out)
{
    struct world *w = ctx;
    double chars = want->kind == ASSET_SPEECH ? (double)text_length(want->text) : 0;
    double per_char = w->price_1k_chars < 0 ? -1 : w->price_1k_chars / 1000;
    (void)a;
    *out = (struct quote){ .money = want->kind == ASSET_IMAGE ? w->price_image : per_char < 0 ? -1 : chars * per_char,
                           .model = want->model.n ? want->model : STR("model-1"),
                           .chars = chars };
}

static int count_asked(struct world *w, struct str text)
{
    for (size_t i = 0; i < w->n_asked; i++)
        if (str_eq(w->asked[i].text, text))
            return w->asked[i].n++;
    if (w->n_asked == COUNTOF(w->asked))
        abort();
    w->asked[w->n_asked].text = arena_str(&lessons_arena, text);
    w->asked[w->n_asked++].n = 1;
    return 0;
}

static bool job_start(void *ctx, const struct job *job, struct err *e)
{
    struct world *w = ctx;
    (void)e;
    struct happening *h = mem_alloc(sizeof *h);
    h->job = *job;
    h->is_second_half = job->remote.n > 0;
    h->answer = w->provider(w, job->want, h->is_second_half ? 0 : count_asked(w, job->want->text));
    w->n_requests += !h->is_second_half;
    w->n_resumed += h->is_second_half;
    w->last_start_ms = w->now_ms;
    if (++w->in_flight > w->most_in_flight)
        w->most_in_flight = w->in_flight;
    heap_push(&w->events, w->now_ms + h->answer.latency_ms / (h->answer.is_async ? 2 : 1), h);
    return true;
}

static void job_continue(void *ctx, uint64_t id)
{
    (void)id;
    ((struct world *)ctx)->n_continued++;
}

static void job_cancel(void *ctx, uint64_t id)
{
    struct world *w = ctx;
    w->n_cancelled++;
    for (size_t i = 0; i < w->events.n; i++) {
        struct happening *h = w->events.v[i].value;
        if (h->job.want && h->job.id == id) {
            CHECK_ROW("an answer that has come is not cancelled", !h->has_arrived);
            h->is_cancelled = true;
        }
    }
}

/* The way of an answer that is read for a while, one after the other; what goes wrong before that is no answer. */
static bool arrives(struct world *w, struct happening *h)
{
    bool is_whole = h->answer.code == ERR_NONE || (h->answer.status >= 200 && h->answer.status <= 299);
    bool is_last = !h->answer.is_async || h->is_second_half;
    if (!w->read_ms || !is_whole || h->has_arrived || (!is_last && !w->is_first_read))
        return false;
    h->has_arrived = true;
    w->n_arrived++;
    w->in_flight--;
    w->reads_until_ms = (w->reads_until_ms > w->now_ms ? w->reads_until_ms : w->now_ms) + w->read_ms;
    heap_push(&w->events, w->reads_until_ms, h);
    return true;
}

static void tell(struct world *w, struct happening *h, struct job_event *ev)
{
    *ev = (struct job_event){ .type = JOB_DONE, .id = h->job.id, .status = 200, .retry_after_ms = -1 };
    if (arrives(w, h)) {
        ev->type = JOB_ARRIVED;
        return;
    }
    if (h->answer.is_async && !h->is_second_half) {
        ev->type = JOB_ACCEPTED;
        ev->remote = mem_strdup("{\"poll\":\"there\"}");
        h->is_second_half = true;
        w->in_flight += h->has_arrived;
        h->has_arrived = false;
        heap_push(&w->events, w->now_ms + h->answer.latency_ms / 2, h);
        return;
    }
    w->in_flight -= !h->has_arrived;
    w->last_answer_ms = w->now_ms;
    if (h->answer.code != ERR_NONE) {
        ev->type = JOB_FAILED;
        ev->status = h->answer.status;
        ev->is_remote_over = h->answer.is_over;
        ev->retry_after_ms = h->answer.told_ms ? h->answer.told_ms : -1;
        err_set(&ev->err, h->answer.code, STR_FMT ": scripted failure %d", STR_ARG(h->job.want->provider),
                h->answer.status);
    } else if (h->answer.cost_known) {
        ev->cost_known = true;
        ev->cost = h->answer.cost;
    }
    struct str says = h->answer.says ? str_from(h->answer.says) : h->job.want->text;
    if (h->answer.code == ERR_NONE && write(h->job.fd, says.p, says.n) < 0)
        abort();
    free(h);
}

/* ---------- keeper: what came while one group was made is the next one; one that takes no time is made at once ---------- */

static void begin_group(struct world *w)
{
    struct happening *h = mem_alloc(sizeof *h);
    bool is_stalled = w->stall_ms && w->now_ms >= w->stall_at_ms;
    h->is_group = true;
    heap_push(&w->events, w->now_ms + (is_stalled ? w->stall_ms : w->keep_ms), h);
    if (is_stalled)
        w->stall_ms = 0;
}

static struct store_order **end_of(struct store_order **chain)
{
    while (*chain)
        chain = &(*chain)->next;
    return chain;
}

static void keep(void *ctx, struct store_order *o)
{
    struct world *w = ctx;
    if (!w->to_keep && w->keep_ms)
        begin_group(w);
    *end_of(&w->to_keep) = o;
}

static void make_group(struct world *w)
{
    struct store_order *rest = store_keep(w->store, w->to_keep), **end = &w->to_keep;
    while (*end != rest)
        end = &(*end)->next;
    *end = NULL;
    *end_of(&w->kept) = w->to_keep;
    w->to_keep = rest;
    w->n_groups++;
    if (rest && w->keep_ms)
        begin_group(w);
}

static struct store_order *kept(void *ctx)
{
    struct world *w = ctx;
    while (w->to_keep && !w->keep_ms)
        make_group(w);
    struct store_order *first = w->kept;
    w->kept = NULL;
    return first;
}

/* ---------- waiting ---------- */

static size_t job_wait(void *ctx, int64_t timeout_ms, struct job_event *out, size_t max)
{
    struct world *w = ctx;
    const struct heap_item *top = heap_top(&w->events);
    int64_t until = timeout_ms < 0 ? INT64_MAX : w->now_ms + timeout_ms;
    size_t n = 0;
    if (w->on_wait)
        w->on_wait(w);
    if (w->to_keep && !w->keep_ms)
        until = w->now_ms;
    if (top && top->key < until)
        until = top->key;
    if (w->stop_at_ms > w->now_ms && w->stop_at_ms < until)
        until = w->stop_at_ms;
    if (w->hurry_at_ms > w->now_ms && w->hurry_at_ms < until)
        until = w->hurry_at_ms;
    if (until == INT64_MAX)
        abort();                                /* the engine waits for ever for nothing */
    if (until > w->now_ms) {
        w->busy_ms += (until - w->now_ms) * w->in_flight;
        w->now_ms = until;
    }
    if (w->stop_at_ms && w->now_ms >= w->stop_at_ms)
        w->stop = w->stop_signal;
    while (n < max && (top = heap_top(&w->events)) && top->key <= w->now_ms) {
        struct happening *h = heap_pop(&w->events);
        if (h->is_group) {
            make_group(w);
            free(h);
        } else if (h->task) {
            heap_push(&w->finished, 0, h->task);
            free(h);
        } else if (h->is_cancelled) {
            w->in_flight--;
            free(h);
        } else {
            tell(w, h, &out[n++]);
        }
    }
    return n;
}

static void job_wake(void *ctx)
{
    (void)ctx;
}

static bool is_hurried(void *ctx)
{
    const struct world *w = ctx;
    return w->hurry_at_ms && w->now_ms >= w->hurry_at_ms;
}

static int stopped(void *ctx)
{
    return ((struct world *)ctx)->stop;
}

/* ---------- renderer and pool ---------- */

static struct str version(void *ctx)
{
    (void)ctx;
    return STR("test");
}

static bool fake_check(void *ctx, enum asset_kind kind, int fd, struct str text, struct str words_json,
                       struct media_info *info, struct word **words, size_t *n_words, struct err *e)
{
    struct world *w = ctx;
    char head[8] = { 0 };
    (void)text, (void)words_json, (void)words, (void)n_words;
    w->n_checks++;
    if (w->n_checks_failing > 0 && w->n_checks_failing--)
        return err_set(e, ERR_IO, "no memory for a child");
    if (pread(fd, head, sizeof head - 1, 0) > 0 && strncmp(head, "broken", 6) == 0)
        return err_set(e, ERR_MEDIA, "does not decode");
    *info = (struct media_info){ .type = "fake", .n_samples = kind == ASSET_SPEECH ? w->speech_samples : 0 };
    return true;
}

static bool fake_speak(void *ctx, const struct speak_spec *s, int fd, struct media_info *info, struct word **words,
                       size_t *n_words, struct err *e)
{
    (void)words, (void)n_words, (void)e;
    *info = (struct media_info){ .type = "fake", .n_samples = ((struct world *)ctx)->speech_samples };
    return write(fd, s->text.p, s->text.n) >= 0;
}

static bool fake_splice(void *ctx, const struct splice_spec *s, int fd, struct media_info *info, struct word **words,
                        size_t *n_words, struct err *e)
{
    struct world *w = ctx;
    (void)words, (void)n_words, (void)e;
    w->n_splices++;
    *info = (struct media_info){ .type = "fake" };
    for (size_t i = 0; i < s->n_parts; i++) {
        CHECK_ROW("a part is there before it is joined", s->parts[i].speech->path.n > 0);
        info->n_samples += s->parts[i].speech->info.n_samples;
    }
    return write(fd, "splice", 6) == 6;
}

static bool fake_draw(void *ctx, const struct slide_spec *s, int fd, struct media_info *info, struct err *e)
{
    (void)ctx, (void)e;
    *info = (struct media_info){ .type = "fake", .width = s->width, .height = s->height };
    return write(fd, "slide", 5) == 5;
}

static bool fake_render(void *ctx, const struct piece_spec *s, int fd, struct media_info *info, const atomic_bool *stop,
                        atomic_llong *frames_done, struct err *e)
{
    struct world *w = ctx;
    if (atomic_load(stop))
        return err_set(e, ERR_CANCELLED, "stopped");
    w->n_renders++;
    atomic_store(frames_done, s->n_frames);
    *info = (struct media_info){ .type = "fake", .n_frames = s->n_frames };
    return write(fd, "piece", 5) == 5;
}

static bool fake_join(void *ctx, const struct join_spec *s, struct join_result *out, const atomic_bool *stop,
                      struct err *e)
{
    struct world *w = ctx;
    int64_t frames = 0;
    (void)stop;
    if (w->n_joins_failing > 0 && w->n_joins_failing--) {
        out->has_bad_piece = true;
        return err_set(e, ERR_RENDER, "a piece is not one");
    }
    if (w->n_joins++ == 0)
        w->first_join_ms = w->now_ms;
    for (size_t i = 0; i < s->n_pieces; i++)
        frames += s->pieces[i]->info.n_frames;
    CHECK_INT("pieces add up to the film", s->n_frames, frames);
    out->duration_s = (double)frames * s->video.fps_den / s->video.fps_num;
    return true;
}

/* The first member of the engine's work is its task, the second the engine, the third the node: too much to know here.
 * The time a task takes is the same for all. */
static void pool_submit(void *ctx, struct task *t)
{
    struct world *w = ctx;
    struct happening *h = mem_alloc(sizeof *h);
    h->task = t;
    if (++w->n_working > w->most_working)
        w->most_working = w->n_working;
    heap_push(&w->events, w->now_ms + w->work_ms[0], h);
}

static struct task *pool_collect(void *ctx)
{
    struct world *w = ctx;
    struct task *t = heap_pop(&w->finished);
    if (t) {
        w->n_working--;
        t->run(t);
    }
    return t;
}

/* ---------- set-up ---------- */

static const struct provider_info pictures = { .id = { "pictures", 8 },
                                               .lane = { "pictures", 8 },
                                               .kind = ASSET_IMAGE,
                                               .makes = "image",
                                               .has_key = true,
                                               .key_env = { "KEY", 3 } };
static const struct provider_info voices = { .id = { "voices", 6 },
                                             .lane = { "voices", 6 },
                                             .kind = ASSET_SPEECH,
                                             .makes = "speech",
                                             .has_key = true,
                                             .key_env = { "KEY", 3 } };

void world_init(struct world *w)
{
    *w = (struct world){ .provider = world_typical, .speech_samples = 3 * SAMPLE_RATE, .stop_signal = SIGINT,
                         .price_image = 0.04, .price_1k_chars = 0.1 };
    w->infos[0] = &pictures;
    w->infos[1] = &voices;
    w->clock = (struct clock){ w, now };
    w->transport =
        (struct transport){ w, providers, canonical, quote, job_start, job_continue, job_cancel, job_wait, job_wake,
                             NULL };
    w->renderer = (struct renderer){ w, version, fake_check, fake_speak, fake_splice,
                                     fake_draw, fake_render, fake_join };
    w->pool = (struct pool){ w, 2, pool_submit, pool_collect };
    w->keeper = (struct keeper){ w, keep, kept };
    w->store_dir = test_tmpdir();
    w->config.workers.requests = 20;
    w->config.limits.attempts = 6;
    w->config.limits.refused_ms = 300000;
    w->config.use.image = w->config.use.speech = STR("auto");
    w->config.theme = STR("midnight");
    w->config.encode.preset = STR("balanced");
}

void world_deinit(struct world *w)
{
    plan_deinit(&w->plan);
    for (struct happening *h; (h = heap_pop(&w->events));) /* what a run that was stopped did not wait for */
        free(h);
    heap_deinit(&w->events);
    heap_deinit(&w->finished);
    arena_deinit(&lessons_arena);
}

struct lesson *world_lesson(struct world *w, const char *id, size_t n)
{
    struct arena *a = &lessons_arena;
    struct lesson *l = arena_alloc(a, sizeof *l);
    struct choice *effect = arena_alloc(a, sizeof *effect);
    (void)w;
    effect->row = &effect_none;
    l->id = l->title = arena_str(a, str_from(id));
    l->path = arena_printf(a, "%s.json", id);
    l->language = STR("en");
    l->style.seed = -1;
    l->video = (struct video_opts){ 1920, 1080, 30, 1, 0xff };
    l->sections = arena_array(a, n, sizeof *l->sections);
    l->n_sections = n;
    for (size_t i = 0; i < n; i++)
        l->sections[i] = (struct section){
            .id = arena_printf(a, "section-%02zu", i + 1),
            .narration = arena_printf(a, "%s says sentence %zu.", id, i + 1),
            .image_prompt = arena_printf(a, "%s picture %zu", id, i + 1),
            .duration = -1, .voice = { .speed = 1, .volume = 1 }, .timing = { 0.3, 0.4, 0.6 },
            .effects = effect, .n_effects = 1, .transition = { .row = i ? &fade : NULL }, .transition_s = 0.5,
        };
    return l;
}

void world_run(struct world *w, const struct lesson *const *lessons, size_t n)
{
    struct err e;
    struct store *store = store_open(str_from(w->store_dir), NULL, &e);
    struct str *outs = arena_array(&lessons_arena, n, sizeof *outs);
    CHECK_ROW(e.msg, store != NULL);
    for (size_t i = 0; i < n; i++)
        outs[i] = arena_printf(&lessons_arena, "/nonexistent/%s.mp4", lessons[i]->id.p);
    plan_deinit(&w->plan);
    const struct plan_opts po = {
        .config = &w->config, .transport = &w->transport, .renderer = &w->renderer, .store = store,
        .words = w->words,
    };
    w->ok = plan_build(&w->plan, lessons, outs, n, &po, &w->err);
    if (w->ok && w->before_run)
        w->before_run(w, store);
    const struct engine_opts eo = {
        .config = &w->config,
        .transport = &w->transport,
        .renderer = &w->renderer,
        .pool = &w->pool,
        .keeper = &w->keeper,
        .is_unchecked = w->is_unchecked,
        .clock = &w->clock,
        .status = &w->status,
        .store = store,
        .jitter = { 1 },
        .stopped = stopped,
        .is_hurried = is_hurried,
        .stopped_ctx = w,
        .stop_grace_ms = 5000,
        .retry_lost = w->retry_lost,
        .fetch_only = w->fetch_only,
        .allow_unpriced = w->config.budget.allow_unpriced,
        .max_cost = w->config.budget.max_cost > 0 ? w->config.budget.max_cost : -1,
    };
    w->store = store;
    w->ok = w->ok && engine_run(&w->plan, &eo, &w->result, &w->err);
    store_close(store);
}

void world_abandon(struct world *w)
{
    struct happening *h;
    while ((h = heap_pop(&w->events)))
        free(h);
    w->in_flight = 0;
    w->stop = 0;
    w->stop_at_ms = w->hurry_at_ms = 0;
}

int world_asked(const struct world *w, const char *prefix)
{
    int n = 0;
    for (size_t i = 0; i < w->n_asked; i++)
        if (str_starts(w->asked[i].text, prefix))
            n += w->asked[i].n;
    return n;
}
