/* progress.c - what a person or a program sees while videos are made */
#include "cmd/progress.h"
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/columns.h"
#include "cmd/pace.h"
#include "cmd/progress_json.h"
#include "cmd/repeats.h"
#include "cmd/screen.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { NOTE_MS = 100, SILENCE_MS = 4000, JSON_SILENCE_MS = 1000, REDRAW_MS = 90, FOREIGN_MAX = 600 };

struct progress {
    struct progress_opts opts;
    struct status port;
    pthread_mutex_t lock;                       /* guards everything below: log lines come from any thread */
    struct screen screen;
    struct pace frames;
    struct repeats repeats;                     /* of failures */
    int64_t last_said_ms, last_drawn_ms, last_noted_ms;
    bool is_over;
};

/* ---------- words ---------- */

static void add_clean(struct buf *b, struct str s)
{
    text_clean(b, s, FOREIGN_MAX);
}

static void add_money(struct buf *b, double amount, struct str currency)
{
    buf_printf(b, "%.*f ", amount < 1 ? 3 : 2, amount);
    add_clean(b, currency);
}

static int percent(int64_t done, int64_t of)
{
    return of > 0 ? (int)(100.0 * (double)done / (double)of) : 0;
}

struct sums {
    size_t assets, assets_done, n_finished, n_failed, n_cached;
    int64_t frames, frames_done, frames_left;
};

/* Lessons whose speech has not come yet have no frames; they are taken to be as long as the others on average. */
static struct sums sums_of(const struct status_totals *t)
{
    struct sums s = { 0 };
    size_t known = 0, unknown = 0;
    for (size_t i = 0; i < t->n_lessons; i++) {
        const struct status_lesson *l = &t->lessons[i];
        bool is_alive = l->state == LESSON_WAITING || l->state == LESSON_OPEN;
        s.assets += l->n_assets;
        s.assets_done += l->n_assets_done;
        s.n_finished += !is_alive;
        s.n_failed += l->state == LESSON_FAILED;
        s.n_cached += l->state == LESSON_CACHED;
        s.frames += l->frames;
        s.frames_done += l->frames_done;
        if (is_alive)
            s.frames_left += l->frames > l->frames_done ? l->frames - l->frames_done : 0;
        known += l->frames > 0;
        unknown += is_alive && l->frames == 0;
    }
    if (known)
        s.frames_left += (int64_t)((double)s.frames / (double)known * (double)unknown);
    return s;
}

/* "fetched 31/160, rendered 12%, about 3:45 left, 0.42 USD, 7/16 in flight" */
static void add_state(struct progress *p, struct buf *b, const struct status_totals *t)
{
    struct sums s = sums_of(t);
    int64_t left = s.frames_left ? pace_left_ms(&p->frames, s.frames_left) : -1;
    if (t->n_lessons > 1)
        buf_printf(b, "%zu/%zu videos, ", s.n_finished, t->n_lessons);
    buf_printf(b, "fetched %zu/%zu, rendered %d%%", s.assets_done, s.assets,
               percent(s.frames_done, s.frames_done + s.frames_left));
    if (left >= 0) {
        buf_addz(b, ", about ");
        text_duration(b, left);
        buf_addz(b, " left");
    }
    if (t->spent > 0) {
        buf_addz(b, ", ");
        add_money(b, t->spent, p->opts.currency);
    }
    if (t->requests_in_flight)
        buf_printf(b, ", %zu/%zu in flight", t->requests_in_flight, t->requests_cap);
    if (t->retries)
        buf_printf(b, ", %zu %s", t->retries, t->retries == 1 ? "retry" : "retries");
    if (s.n_failed)
        buf_printf(b, ", %zu failed", s.n_failed);
    buf_addz(b, "  ");
    text_duration(b, t->elapsed_ms);
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
    struct sums s = sums_of(t);
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
            add_money(b, ev->cost, p->opts.currency);
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
        add_money(b, ev->cost, p->opts.currency);
    }
    if (ev->output.n) {
        buf_addz(b, ": ");
        add_clean(b, ev->output);
    }
}

static void line_end(struct progress *p, struct buf *b, const struct status_event *ev, const struct status_totals *t)
{
    struct sums s = sums_of(t);
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
        add_money(b, t->spent, p->opts.currency);
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

static void add_bar(struct buf *b, size_t width, int64_t done, int64_t of)
{
    size_t full = of > 0 ? (size_t)((double)width * (double)done / (double)of) : 0;
    if (full > width)
        full = width;
    buf_addc(b, '[');
    for (size_t i = 0; i < width; i++)
        buf_addc(b, i < full ? '=' : ' ');
    buf_addc(b, ']');
}

static void add_padded(struct buf *b, struct str s, size_t width)
{
    struct buf clean = { 0 };
    add_clean(&clean, s);
    size_t used = columns_add(b, buf_str(&clean), width);
    buf_printf(b, "%*s", (int)(width - used), "");
    buf_deinit(&clean);
}

static void cut_line(struct buf *out, struct buf *line, size_t width)
{
    columns_add(out, buf_str(line), width);
    buf_addc(out, '\n');
    buf_clear(line);
}

static void add_lesson(struct buf *line, const struct status_lesson *l, size_t name_width, size_t bar_width)
{
    add_padded(line, l->name, name_width);
    buf_addc(line, ' ');
    if (bar_width) {
        add_bar(line, bar_width, l->frames_done, l->frames);
        buf_addc(line, ' ');
    }
    buf_printf(line, "fetched %zu/%zu", l->n_assets_done, l->n_assets);
    if (l->frames > 0)
        buf_printf(line, ", rendered %d%%", percent(l->frames_done, l->frames));
    if (l->n_pieces && l->n_pieces_done == l->n_pieces)
        buf_addz(line, ", joining");
    if (l->n_failed)
        buf_printf(line, ", %zu failed", l->n_failed);
}

static size_t widest_name(const struct status_totals *t, size_t most)
{
    size_t widest = 1;
    for (size_t i = 0; i < t->n_lessons && widest < most; i++) {
        struct buf clean = { 0 };
        if (t->lessons[i].state == LESSON_OPEN) {
            add_clean(&clean, t->lessons[i].name);
            size_t n = columns_count(buf_str(&clean));
            widest = n > widest ? n : widest;
        }
        buf_deinit(&clean);
    }
    return widest < most ? widest : most;
}

static void draw(struct progress *p, const struct status_totals *t)
{
    struct buf out = { 0 }, line = { 0 };
    int columns = 80, rows = 24;
    p->opts.size(p->opts.ctx, &columns, &rows);
    size_t width = columns > 1 ? (size_t)columns - 1 : 1;
    size_t room = rows > 3 ? (size_t)rows - 2 : 1, shown = 0, open = 0;  /* one row for the total, one for the cursor */
    size_t name_width = widest_name(t, width / 3 ? width / 3 : 1), bar_width = width >= 90 ? 24 : width >= 64 ? 12 : 0;
    for (size_t i = 0; i < t->n_lessons; i++)
        open += t->lessons[i].state == LESSON_OPEN;
    size_t most = open <= room ? open : room - 1;
    for (size_t i = 0; i < t->n_lessons && shown < most; i++) {
        if (t->lessons[i].state != LESSON_OPEN)
            continue;
        add_lesson(&line, &t->lessons[i], name_width, bar_width);
        cut_line(&out, &line, width);
        shown++;
    }
    if (open > shown && room > 1) {
        buf_printf(&line, "and %zu more in work", open - shown);
        cut_line(&out, &line, width);
    }
    add_state(p, &line, t);
    cut_line(&out, &line, width);
    screen_draw(&p->screen, buf_str(&out));
    p->last_drawn_ms = clock_now_ms(p->opts.clock);
    buf_deinit(&out);
    buf_deinit(&line);
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

static void on_event(void *ctx, const struct status_event *ev, const struct status_totals *t)
{
    struct progress *p = ctx;
    struct buf b = { 0 };
    pthread_mutex_lock(&p->lock);
    int64_t now = clock_now_ms(p->opts.clock);
    if (now - p->last_noted_ms >= NOTE_MS) {    /* adding up all lessons at each event would be most of the work */
        p->last_noted_ms = now;
        pace_note(&p->frames, now, sums_of(t).frames_done);
    }
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
    struct sums s = sums_of(t);
    pace_note(&p->frames, now, s.frames_done);
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
        progress_json_totals(&b, t, s.frames_left ? pace_left_ms(&p->frames, s.frames_left) : -1, p->opts.currency);
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
    pthread_mutex_destroy(&p->lock);
    free(p);
}

const struct status *progress_status(struct progress *p)
{
    return &p->port;
}
