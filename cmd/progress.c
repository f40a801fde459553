/* progress.c - what a person or a program sees while videos are made */
#include "cmd/progress.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/live.h"
#include "cmd/pace.h"
#include "cmd/progress_json.h"
#include "cmd/repeats.h"
#include "cmd/screen.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { NOTE_MS = 100, SILENCE_MS = 4000, JSON_SILENCE_MS = 1000, REDRAW_MS = 90, RETRY_SHOWN_MS = 2000, FOREIGN_MAX = 600 };

struct progress {
    struct progress_opts opts;
    struct status port;
    pthread_mutex_t lock;                       /* guards everything below: log lines come from any thread */
    struct screen screen;
    struct pace frames, assets;
    struct buf retry;                           /* the last one */
    int64_t retry_at_ms, retry_shown_ms;
    struct repeats repeats;                     /* of failures */
    int64_t last_said_ms, last_drawn_ms, last_noted_ms;
    bool is_over;
};

/* ---------- words ---------- */

static void add_clean(struct buf *b, struct str s)
{
    text_clean(b, s, FOREIGN_MAX);
}

/* Milliseconds until the run is over by the pace of late, -1: not known. What is left of rendering is done while the rest is
 * fetched, so the longer of both counts; while nothing was rendered yet, what is known is the least. */
static int64_t left_ms(const struct progress *p, const struct live_sums *s, bool *is_least)
{
    size_t to_fetch = s->assets > s->assets_done ? s->assets - s->assets_done : 0;
    int64_t fetch = to_fetch ? pace_left_ms(&p->assets, (int64_t)to_fetch) : 0;
    int64_t render = s->frames_left ? pace_left_ms(&p->frames, s->frames_left) : 0;
    *is_least = render < 0;
    int64_t longest = fetch > render ? fetch : render;
    return to_fetch == 0 && s->frames_left == 0 ? -1 : longest > 0 ? longest : -1;
}

static struct live_opts look(const struct progress *p, const struct status_totals *t)
{
    struct live_sums s = live_sums(t);
    struct live_opts o = { .columns = 80, .rows = 24, .has_color = p->opts.has_color, .currency = p->opts.currency,
                           .now_ms = clock_now_ms(p->opts.clock) };
    o.left_ms = left_ms(p, &s, &o.is_left_least);
    if (o.now_ms < p->retry_shown_ms)
        o.retry = (struct live_retry){ buf_str(&p->retry), p->retry_at_ms };
    return o;
}

/* "fetched 31/160, rendered 12%, about 3:45 left, 0.42 USD, 7/16 in flight" */
static void add_state(struct progress *p, struct buf *b, const struct status_totals *t)
{
    struct live_opts o = look(p, t);
    struct fit_line f = { 0 };
    live_add_total(&f, t, &o);
    fit_into(&f, b, SIZE_MAX);
    live_add_lanes(&f, t);
    if (f.n) {
        buf_addz(b, "; ");
        fit_into(&f, b, SIZE_MAX);
    }
}

/* "03-inverter/4" */
static void add_place(struct buf *b, const struct status_event *ev, const struct status_totals *t)
{
    if (ev->lesson < t->n_lessons)
        add_clean(b, t->lessons[ev->lesson].name);
    if (ev->section != SIZE_MAX)
        buf_printf(b, "/%zu", ev->section + 1);
}

/* "03-inverter/4 image: " */
static void add_who(struct buf *b, const struct status_event *ev, const struct status_totals *t)
{
    add_place(b, ev, t);
    if (ev->step && ev->type != STATUS_LESSON)
        buf_printf(b, " %s", ev->step);
    buf_addz(b, ": ");
}

static void add_reason(struct buf *b, const struct status_event *ev)
{
    add_clean(b, ev->err && ev->err->msg[0] ? str_from(ev->err->msg) : STR("no reason given"));
}

static bool is_state(const struct status_event *ev, const char *name)
{
    return ev->state && strcmp(ev->state, name) == 0;
}

/* ---------- one line for each kind of event; an empty line: nothing to say ---------- */

static void line_begin(struct progress *p, struct buf *b, const struct status_event *ev, const struct status_totals *t)
{
    struct live_sums s = live_sums(t);
    (void)p, (void)ev;
    buf_printf(b, "%zu %s, %zu %s, %zu there already", t->n_lessons, t->n_lessons == 1 ? "lesson" : "lessons",
               s.assets, s.assets == 1 ? "picture or narration" : "pictures and narrations", s.assets_done);
}

static void line_node(struct progress *p, struct buf *b, const struct status_event *ev, const struct status_totals *t)
{
    if (is_state(ev, "failed")) {
        add_who(b, ev, t);
        buf_addz(b, "failed: ");
        add_reason(b, ev);
    } else if (is_state(ev, "skipped")) {
        add_who(b, ev, t);
        buf_addz(b, "goes on without it: ");
        add_reason(b, ev);
    } else if (is_state(ev, "done") && ev->provider && ev->provider[0] && p->opts.mode == PROGRESS_PLAIN) {
        add_who(b, ev, t);
        buf_addz(b, "done by ");
        add_clean(b, str_from(ev->provider));
        if (ev->cost > 0) {
            buf_addz(b, ", ");
            live_money(b, ev->cost, p->opts.currency);
        }
    }
}

static void line_retry(struct progress *p, struct buf *b, const struct status_event *ev, const struct status_totals *t)
{
    if (p->opts.mode != PROGRESS_PLAIN)
        return;
    add_who(b, ev, t);
    add_reason(b, ev);
    buf_printf(b, "; attempt %d, again in %.1f s", ev->attempt, (double)ev->wait_ms / 1000);
}

static void line_lesson(struct progress *p, struct buf *b, const struct status_event *ev, const struct status_totals *t)
{
    add_who(b, ev, t);
    if (ev->err && ev->err->code != ERR_NONE) {
        buf_addz(b, "failed: ");
        add_reason(b, ev);
        return;
    }
    buf_addz(b, is_state(ev, "cached") ? "up to date" : "done");
    if (ev->duration_s > 0) {
        buf_addz(b, ", ");
        text_duration(b, (int64_t)(ev->duration_s * 1000));
        buf_addz(b, " of video");
    }
    if (ev->cost > 0) {
        buf_addz(b, ", ");
        live_money(b, ev->cost, p->opts.currency);
    }
    if (ev->output.n) {
        buf_addz(b, ": ");
        add_clean(b, ev->output);
    }
}

static void line_end(struct progress *p, struct buf *b, const struct status_event *ev, const struct status_totals *t)
{
    struct live_sums s = live_sums(t);
    size_t good = s.n_finished - s.n_failed;
    (void)ev;
    buf_printf(b, "%zu of %zu %s", good, t->n_lessons, t->n_lessons == 1 ? "video" : "videos");
    if (s.n_cached)
        buf_printf(b, " (%zu up to date)", s.n_cached);
    if (s.n_failed)
        buf_printf(b, ", %zu failed", s.n_failed);
    buf_printf(b, ", %zu %s", t->requests_made, t->requests_made == 1 ? "request" : "requests");
    if (t->n_unchecked)
        buf_printf(b, ", %zu %s not checked yet: the build that uses them does", t->n_unchecked,
                   t->n_unchecked == 1 ? "answer" : "answers");
    if (t->spent > 0) {
        buf_addz(b, ", ");
        live_money(b, t->spent, p->opts.currency);
    }
    buf_addz(b, ", ");
    text_duration(b, t->elapsed_ms);
    for (size_t i = 0; i < t->n_switches; i++) {
        const struct status_switch *w = &t->switches[i];
        buf_printf(b, "%s%zu %s%s by ", i ? ", " : "; ", w->n, w->kind == ASSET_IMAGE ? "picture" : w->kind == ASSET_VIDEO ? "clip" : "narration",
                   w->n == 1 ? "" : "s");
        add_clean(b, str_from(w->to));
        buf_addz(b, " instead of ");
        add_clean(b, str_from(w->from));
        buf_printf(b, " (%s)", err_code_name(w->why.code));
    }
}

/* A switch is told in a log line for many, and at the end. */
static void (*const lines[])(struct progress *, struct buf *, const struct status_event *,
                             const struct status_totals *) = {
    [STATUS_BEGIN] = line_begin, [STATUS_NODE] = line_node,     [STATUS_RETRY] = line_retry,
    [STATUS_LESSON] = line_lesson, [STATUS_END] = line_end,
    [STATUS_SWITCH] = NULL,
};

/* ---------- live lines ---------- */

static void draw(struct progress *p, const struct status_totals *t)
{
    struct buf out = { 0 };
    struct live_opts o = look(p, t);
    p->opts.size(p->opts.ctx, &o.columns, &o.rows);
    live_lines(&out, t, &o);
    screen_draw(&p->screen, buf_str(&out));
    p->last_drawn_ms = o.now_ms;
    buf_deinit(&out);
}

/* ---------- saying it ---------- */

/* text: whole lines */
static void say(struct progress *p, struct str text)
{
    if (!text.n)
        return;
    if (p->opts.mode == PROGRESS_LIVE && !p->is_over)
        screen_say(&p->screen, text);
    else
        p->opts.write(p->opts.ctx, text.p, text.n);
    p->last_said_ms = clock_now_ms(p->opts.clock);
}

static bool is_repeated(struct progress *p, const struct status_event *ev, const struct status_totals *t)
{
    struct buf who = { 0 }, reason = { 0 };
    if (ev->type != STATUS_NODE || !is_state(ev, "failed") || !ev->step)
        return false;
    add_place(&who, ev, t);
    add_reason(&reason, ev);
    bool is_new = repeats_is_new(&p->repeats, buf_str(&who), ev->step, buf_str(&reason));
    buf_deinit(&who);
    buf_deinit(&reason);
    return !is_new;
}

static bool is_bad_news(const struct status_event *ev)
{
    return (ev->type == STATUS_NODE && is_state(ev, "failed")) ||
           (ev->type == STATUS_LESSON && ev->err && ev->err->code != ERR_NONE);
}

static void note_pace(struct progress *p, int64_t now, const struct status_totals *t)
{
    struct live_sums s = live_sums(t);
    pace_note(&p->frames, now, s.frames_done);
    pace_note(&p->assets, now, (int64_t)s.assets_done);
}

/* The last thing that goes wrong for now stands in the live lines until it is tried again, and a moment longer. */
static void note_retry(struct progress *p, const struct status_event *ev, const struct status_totals *t)
{
    if (ev->type != STATUS_RETRY || p->opts.mode != PROGRESS_LIVE)
        return;
    buf_clear(&p->retry);
    add_who(&p->retry, ev, t);
    add_reason(&p->retry, ev);
    p->retry_at_ms = clock_now_ms(p->opts.clock) + ev->wait_ms;
    p->retry_shown_ms = p->retry_at_ms + RETRY_SHOWN_MS;
}

static void on_event(void *ctx, const struct status_event *ev, const struct status_totals *t)
{
    struct progress *p = ctx;
    struct buf b = { 0 };
    pthread_mutex_lock(&p->lock);
    int64_t now = clock_now_ms(p->opts.clock);
    if (now - p->last_noted_ms >= NOTE_MS) {    /* adding up all lessons at each event would be most of the work */
        p->last_noted_ms = now;
        note_pace(p, now, t);
    }
    note_retry(p, ev, t);
    if (ev->type == STATUS_END && p->opts.mode != PROGRESS_JSON)
        repeats_tell(&p->repeats, &b);
    if (p->opts.mode == PROGRESS_JSON) {
        progress_json_event(&b, ev, t, p->opts.currency);
    } else if (!is_repeated(p, ev, t) && lines[ev->type] && (p->opts.mode != PROGRESS_QUIET || is_bad_news(ev))) {
        size_t before = b.n;
        lines[ev->type](p, &b, ev, t);
        if (b.n > before)
            buf_addc(&b, '\n');
    }
    if (ev->type == STATUS_END && p->opts.mode == PROGRESS_LIVE) {
        screen_draw(&p->screen, (struct str){ 0 });
        p->is_over = true;
    }
    say(p, buf_str(&b));
    pthread_mutex_unlock(&p->lock);
    buf_deinit(&b);
}

static void on_tick(void *ctx, const struct status_totals *t)
{
    struct progress *p = ctx;
    pthread_mutex_lock(&p->lock);
    int64_t now = clock_now_ms(p->opts.clock);
    note_pace(p, now, t);
    if (p->opts.mode == PROGRESS_LIVE && !p->is_over && now - p->last_drawn_ms >= REDRAW_MS) {
        draw(p, t);
    } else if (p->opts.mode == PROGRESS_PLAIN && now - p->last_said_ms >= SILENCE_MS) {
        struct buf b = { 0 };
        add_state(p, &b, t);
        buf_addc(&b, '\n');
        say(p, buf_str(&b));
        buf_deinit(&b);
    } else if (p->opts.mode == PROGRESS_JSON && now - p->last_drawn_ms >= JSON_SILENCE_MS) {
        struct buf b = { 0 };
        struct live_opts o = look(p, t);
        progress_json_totals(&b, t, o.is_left_least ? -1 : o.left_ms, p->opts.currency);
        say(p, buf_str(&b));
        p->last_drawn_ms = now;
        buf_deinit(&b);
    }
    pthread_mutex_unlock(&p->lock);
}

void progress_log(struct progress *p, enum log_level level, const char *line)
{
    static const char *const prefixes[] = { "error: ", "warning: ", "", "" };
    struct buf b = { 0 };
    pthread_mutex_lock(&p->lock);
    if (p->opts.mode == PROGRESS_JSON)
        progress_json_log(&b, level, line);
    else
        buf_printf(&b, "%s%s\n", (size_t)level < COUNTOF(prefixes) ? prefixes[level] : "", line);
    say(p, buf_str(&b));
    pthread_mutex_unlock(&p->lock);
    buf_deinit(&b);
}

struct progress *progress_create(const struct progress_opts *o)
{
    struct progress *p = mem_alloc(sizeof *p);
    p->opts = *o;
    p->port = (struct status){ .ctx = p, .event = on_event, .tick = on_tick };
    p->screen = (struct screen){ .write = o->write, .size = o->size, .ctx = o->ctx };
    p->last_said_ms = clock_now_ms(o->clock);
    p->last_drawn_ms = p->last_said_ms - JSON_SILENCE_MS;
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void progress_destroy(struct progress *p)
{
    if (!p)
        return;
    if (p->opts.mode == PROGRESS_LIVE)
        screen_deinit(&p->screen);
    repeats_deinit(&p->repeats);
    buf_deinit(&p->retry);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

const struct status *progress_status(struct progress *p)
{
    return &p->port;
}
