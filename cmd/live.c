/* live.c - what a terminal of any size shows of a run, as lines */
#include "cmd/live.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "cmd/columns.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { FOREIGN_MAX = 600, LANES_MOST = 4, BAR_MOST = 60, GAUGE = 10, IN_LINE = 2 };

/* How a stage is drawn: its sign, its colour, and which of several in one sign is shown. */
static const struct {
    const char *color;
    int weight;
    char sign;
} stages[STAGE_N] = {
    [STAGE_WAITING] = { "2", 5, '.' },    [STAGE_FETCHING] = { "36", 4, '-' },  [STAGE_RETRYING] = { "33", 6, '!' },
    [STAGE_FETCHED] = { "34", 3, '+' },   [STAGE_RENDERING] = { "35", 2, '~' }, [STAGE_RENDERED] = { "32", 1, '=' },
    [STAGE_FAILED] = { "31", 7, 'x' },
};

/* ---------- sums ---------- */

static bool is_alive(const struct status_lesson *l)
{
    return l->state == LESSON_WAITING || l->state == LESSON_OPEN;
}

/* Lessons whose speech has not come yet have no frames; they are taken to be as long as the others on average. */
struct live_sums live_sums(const struct status_totals *t)
{
    struct live_sums s = { 0 };
    size_t known = 0, unknown = 0;
    for (size_t i = 0; i < t->n_lessons; i++) {
        const struct status_lesson *l = &t->lessons[i];
        s.assets += l->n_assets;
        s.assets_done += l->n_assets_done;
        s.n_finished += !is_alive(l);
        s.n_failed += l->state == LESSON_FAILED;
        s.n_cached += l->state == LESSON_CACHED;
        s.frames += l->frames;
        s.frames_done += l->frames_done;
        if (is_alive(l))
            s.frames_left += l->frames > l->frames_done ? l->frames - l->frames_done : 0;
        known += l->frames > 0;
        unknown += is_alive(l) && l->frames == 0;
    }
    if (known)
        s.frames_left += (int64_t)((double)s.frames / (double)known * (double)unknown);
    return s;
}

static int percent(int64_t done, int64_t of)
{
    return of > 0 ? (int)(100.0 * (double)done / (double)of) : 0;
}

/* ---------- the total ---------- */

void live_money(struct buf *b, double amount, struct str currency)
{
    buf_printf(b, "%.*f ", amount < 1 && amount > 0 ? 3 : 2, amount);
    text_clean(b, currency, FOREIGN_MAX);
}

/* "0.42 of 5.00 USD" under a limit, "0.42 of about 3.10 USD" without one */
static void add_money(struct fit_line *f, const struct status_totals *t, struct str currency)
{
    struct buf full = { 0 }, brief = { 0 };
    double of = t->limit > 0 ? t->limit : t->estimate;
    if (t->spent <= 0 && (of <= 0 || t->requests_made == 0))
        return;
    live_money(&brief, t->spent, currency);
    if (of > t->spent) {
        buf_printf(&full, "%.*f of %s", t->spent < 1 && t->spent > 0 ? 3 : 2, t->spent, t->limit > 0 ? "" : "about ");
        live_money(&full, of, currency);
    }
    fit_add(f, 4, buf_str(full.n ? &full : &brief), buf_str(full.n ? &brief : &full));
    buf_deinit(&full);
    buf_deinit(&brief);
}

static void add_left(struct fit_line *f, const struct live_opts *o)
{
    struct buf time = { 0 }, brief = { 0 };
    if (o->left_ms < 0)
        return;
    text_duration(&time, o->left_ms);
    buf_printf(&brief, "%s%s", o->is_left_least ? ">" : "~", time.p);
    fit_addf(f, 2, brief.p, "%s %s left", o->is_left_least ? "over" : "about", time.p);
    buf_deinit(&time);
    buf_deinit(&brief);
}

enum { BRIEF = 40 };

static void __attribute__((format(printf, 2, 3))) write_brief(char *out, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(out, BRIEF, format, ap);
    va_end(ap);
}

/* brief_end: what stands behind the number in the brief form */
static void add_count(struct fit_line *f, int rank, size_t n, const char *brief_end, const char *full)
{
    char brief[BRIEF];
    write_brief(brief, "%zu%s", n, brief_end);
    fit_addf(f, rank, brief, "%zu %s", n, full);
}

void live_add_total(struct fit_line *f, const struct status_totals *t, const struct live_opts *o)
{
    struct live_sums s = live_sums(t);
    struct buf b = { 0 };
    if (t->n_lessons > 1) {
        buf_printf(&b, "%zu/%zu", s.n_finished, t->n_lessons);
        fit_addf(f, 1, b.p, "%s videos", b.p);
        buf_clear(&b);
    }
    buf_printf(&b, "%zu/%zu", s.assets_done, s.assets);
    fit_addf(f, 3, b.p, "fetched %s", b.p);
    buf_clear(&b);
    buf_printf(&b, "%d%%", percent(s.frames_done, s.frames_done + s.frames_left));
    fit_addf(f, 0, b.p, "rendered %s", b.p);
    buf_deinit(&b);
    add_left(f, o);
    add_money(f, t, o->currency);
    if (t->requests_in_flight) {
        struct buf out = { 0 };
        buf_printf(&out, "%zu out", t->requests_in_flight);
        fit_addf(f, 5, out.p, "%zu/%zu in flight", t->requests_in_flight, t->requests_cap);
        buf_deinit(&out);
    }
    if (t->retries)
        fit_addf(f, 6, "", "%zu %s", t->retries, t->retries == 1 ? "retry" : "retries");
    if (s.n_failed)
        fit_addf(f, 2, "", "%zu failed", s.n_failed);
    struct buf time = { 0 };
    text_duration(&time, t->elapsed_ms);
    fit_addf(f, 7, "", "%s so far", time.p);
    buf_deinit(&time);
}

/* ---------- a lesson ---------- */

static void add_color(struct buf *b, const struct live_opts *o, const char *color)
{
    if (o->has_color)
        buf_printf(b, "\x1b[%sm", color);
}

static enum section_stage stage_of(const struct status_totals *t, size_t lesson, size_t first, size_t last)
{
    enum section_stage shown = STAGE_RENDERED;
    for (size_t i = first; i <= last; i++) {
        enum section_stage s = t->stage(t->stage_ctx, lesson, i);
        shown = stages[s].weight > stages[shown].weight ? s : shown;
    }
    return shown;
}

/* "[===~~++--..]": each sign is a section, or the least of a few, or a section has several. */
static void add_bar(struct buf *b, const struct status_totals *t, size_t lesson, size_t width,
                    const struct live_opts *o)
{
    size_t n = t->lessons[lesson].n_sections, last_stage = STAGE_N;
    buf_addc(b, '[');
    for (size_t k = 0; k < width; k++) {
        size_t first = k * n / width, end = ((k + 1) * n + width - 1) / width;
        enum section_stage s = stage_of(t, lesson, first, n > width && end > first + 1 ? end - 1 : first);
        if (s != last_stage)
            add_color(b, o, last_stage == STAGE_N ? stages[s].color : "0");
        if (s != last_stage && last_stage != STAGE_N)
            add_color(b, o, stages[s].color);
        buf_addc(b, stages[s].sign);
        last_stage = s;
    }
    if (width)
        add_color(b, o, "0");
    buf_addc(b, ']');
}

/* Where nobody knows the sections: how much of its frames is there. */
static void add_plain_bar(struct buf *b, size_t width, int64_t done, int64_t of)
{
    size_t full = of > 0 ? (size_t)((double)width * (double)done / (double)of) : 0;
    buf_addc(b, '[');
    for (size_t i = 0; i < width; i++)
        buf_addc(b, i < full ? '=' : ' ');
    buf_addc(b, ']');
}

static size_t add_name(struct buf *b, struct str name, size_t width)
{
    struct buf clean = { 0 };
    text_clean(&clean, name, FOREIGN_MAX);
    size_t used = columns_add(b, buf_str(&clean), width);
    buf_printf(b, "%*s", (int)(width - used), "");
    buf_deinit(&clean);
    return width;
}

static void add_lesson(struct buf *out, const struct status_totals *t, size_t i, size_t width, size_t name_width,
                       size_t bar_width, const struct live_opts *o)
{
    const struct status_lesson *l = &t->lessons[i];
    size_t used = add_name(out, l->name, name_width);
    struct fit_line f = { 0 };
    if (bar_width) {
        buf_addc(out, ' ');
        if (t->stage && l->n_sections)
            add_bar(out, t, i, bar_width, o);
        else
            add_plain_bar(out, bar_width, l->frames_done, l->frames);
        used += bar_width + 3;
    }
    if (width > used + 1) {
        char brief[BRIEF];
        write_brief(brief, "%zu/%zu", l->n_assets_done, l->n_assets);
        fit_addf(&f, 3, brief, "fetched %s", brief);
        write_brief(brief, "%d%%", percent(l->frames_done, l->frames));
        if (l->frames > 0)
            fit_addf(&f, 1, brief, "rendered %s", brief);
        if (l->n_pieces && l->n_pieces_done == l->n_pieces)
            fit_add(&f, 2, STR("joining"), STR("join"));
        if (l->n_failed)
            add_count(&f, 0, l->n_failed, "x", "failed");
        buf_addc(out, ' ');
        fit_into(&f, out, width - used - 1);
    }
    buf_addc(out, '\n');
}

/* ---------- an account ---------- */

static bool is_asked(const struct status_lane *l)
{
    return l->in_flight || l->n_waiting || l->pause_ms > 0;
}

/* What holds: the window that is dared, or the run's own cap where that is less. */
static size_t room_of(const struct status_lane *l, const struct status_totals *t)
{
    return l->window > 0 && (size_t)l->window < t->requests_cap ? (size_t)l->window : t->requests_cap;
}

void live_add_lanes(struct fit_line *f, const struct status_totals *t)
{
    for (size_t i = 0; i < t->n_lanes; i++) {
        const struct status_lane *l = &t->lanes[i];
        struct buf name = { 0 };
        text_clean(&name, l->name, FOREIGN_MAX);
        if (l->pause_ms > 0)
            fit_addf(f, 0, "", "%s %zu/%zu, paused %lld s", buf_str(&name).p, l->in_flight, room_of(l, t),
                     (long long)(l->pause_ms + 999) / 1000);
        else if (is_asked(l))
            fit_addf(f, 0, "", "%s %zu/%zu", buf_str(&name).p, l->in_flight, room_of(l, t));
        buf_deinit(&name);
    }
}

static void add_lane(struct buf *out, const struct status_lane *l, const struct status_totals *t, size_t width,
                     size_t name_width, bool has_gauge)
{
    size_t room = room_of(l, t), used = add_name(out, l->name, name_width);
    struct fit_line f = { 0 };
    char brief[BRIEF];
    if (has_gauge) {
        buf_addc(out, ' ');
        add_plain_bar(out, GAUGE, (int64_t)l->in_flight, (int64_t)room);
        used += GAUGE + 3;
    }
    if (width > used + 1) {
        write_brief(brief, "%zu/%zu", l->in_flight, room);
        fit_addf(&f, 0, brief, "%s in flight", brief);
        if (l->n_waiting)
            add_count(&f, 2, l->n_waiting, " wait", "waiting");
        if (l->per_minute > 0) {
            write_brief(brief, "%.0f/min", l->per_minute);
            fit_addf(&f, 3, brief, "%.0f a minute%s", l->per_minute, l->is_learned ? " as found" : "");
        }
        if (l->pause_ms > 0)
            fit_addf(&f, 1, "paused", "paused %lld s", (long long)(l->pause_ms + 999) / 1000);
        buf_addc(out, ' ');
        fit_into(&f, out, width - used - 1);
    }
    buf_addc(out, '\n');
}

/* ---------- all together ---------- */

struct room { /* rows */
    size_t lessons, more, lanes, retry;
};

static struct room share(size_t rows, size_t n_lessons, size_t n_lanes, bool has_retry)
{
    struct room r = { 0 };
    size_t left = rows > 2 ? rows - 2 : 0; /* one for the total, one for the cursor */
    if (left > 4 && has_retry)
        r.retry = 1;
    r.lanes = left / 4 < LANES_MOST ? left / 4 : LANES_MOST;
    r.lanes = n_lanes < r.lanes ? n_lanes : r.lanes;
    left -= r.retry + r.lanes;
    r.more = n_lessons > left && left > 1;
    r.lessons = n_lessons < left - r.more ? n_lessons : left - r.more;
    return r;
}

/* Those that something was done for come first; the others are in line. */
static bool is_shown(const struct status_lesson *l, bool is_begun)
{
    return l->state == LESSON_OPEN && (l->n_assets_done > 0) == is_begun;
}

static size_t widest(size_t so_far, struct str name, size_t most)
{
    struct buf clean = { 0 };
    text_clean(&clean, name, FOREIGN_MAX);
    size_t n = columns_count(buf_str(&clean));
    buf_deinit(&clean);
    n = n < most ? n : most;
    return n > so_far ? n : so_far;
}

/* Those in line are all alike: a few are enough. */
static size_t choose(const struct status_totals *t, size_t most, size_t *chosen)
{
    size_t n = 0;
    for (int begun = 1; begun >= 0; begun--) {
        most = !begun && n + IN_LINE < most ? n + IN_LINE : most;
        for (size_t i = 0; i < t->n_lessons && n < most; i++)
            if (is_shown(&t->lessons[i], begun))
                chosen[n++] = i;
    }
    return n;
}

static int by_index(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static void add_retry(struct buf *out, const struct live_opts *o, size_t width)
{
    struct buf line = { 0 };
    if (o->retry.until_ms > o->now_ms)
        buf_printf(&line, "again in %lld s: ", (long long)(o->retry.until_ms - o->now_ms + 999) / 1000);
    else
        buf_addz(&line, "again: ");
    buf_adds(&line, o->retry.line);
    columns_add(out, buf_str(&line), width);
    buf_addc(out, '\n');
    buf_deinit(&line);
}

void live_lines(struct buf *out, const struct status_totals *t, const struct live_opts *o)
{
    size_t width = o->columns > 1 ? (size_t)o->columns - 1 : 1, open = 0, asked = 0, name_width = 1;
    for (size_t i = 0; i < t->n_lessons; i++)
        open += t->lessons[i].state == LESSON_OPEN;
    for (size_t i = 0; i < t->n_lanes; i++)
        asked += is_asked(&t->lanes[i]);
    struct room room = share(o->rows > 0 ? (size_t)o->rows : 1, open, asked, o->retry.line.n > 0);
    size_t *chosen = mem_array(room.lessons + 1, sizeof *chosen), n = choose(t, room.lessons, chosen);
    qsort(chosen, n, sizeof *chosen, by_index);
    size_t bar = width < 36 ? 0 : width / 4 < BAR_MOST ? width / 4 : BAR_MOST, name_most = width < 2 ? 1 : width / (bar ? 3 : 2);
    for (size_t i = 0; i < n; i++)
        name_width = widest(name_width, t->lessons[chosen[i]].name, name_most);
    for (size_t i = 0; room.lanes && i < t->n_lanes; i++)
        if (is_asked(&t->lanes[i]))
            name_width = widest(name_width, t->lanes[i].name, name_most);
    for (size_t i = 0; i < n; i++)
        add_lesson(out, t, chosen[i], width, name_width, bar, o);
    if (open > n && (room.more || n < room.lessons)) {
        struct fit_line f = { 0 };
        add_count(&f, 0, open - n, " more", n ? "more in line" : "in work");
        fit_into(&f, out, width);
        buf_addc(out, '\n');
    }
    for (size_t i = 0, shown = 0; i < t->n_lanes && shown < room.lanes; i++)
        if (is_asked(&t->lanes[i])) {
            add_lane(out, &t->lanes[i], t, width, name_width, width >= 60);
            shown++;
        }
    if (room.retry)
        add_retry(out, o, width);
    struct fit_line f = { 0 };
    live_add_total(&f, t, o);
    fit_into(&f, out, width);
    buf_addc(out, '\n');
    free(chosen);
}
