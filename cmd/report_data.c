/* report_data.c - a run as trees: for the page's texts and for --json */
#include "cmd/report_data.h"
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include "cmd/report_audit.h"
#include "cmd/report_value.h"
#include "gen/base/mem.h"

enum { ROWS_OF_COSTS = 400 };

/* ---------- what became of lessons ---------- */

struct counts {
    size_t made, cached, failed, open;
    double seconds;
};

static struct counts count(const struct run *r)
{
    struct counts c = { 0 };
    for (size_t i = 0; i < r->n_lessons; i++) {
        const struct run_lesson *l = &r->lessons[i];
        c.failed += str_is(l->state, "failed");
        c.cached += str_is(l->state, "cached");
        c.made += str_is(l->state, "done");
        c.open += !l->state.n;
        if (!str_is(l->state, "failed"))
            c.seconds += l->duration_s;
    }
    return c;
}

static void badge(struct arena *a, struct json *to, const char *kind, struct str words)
{
    struct json *o = json_object(a);
    value_text(a, o, "kind", str_from(kind));
    value_text(a, o, "text", words);
    json_push(to, o);
}

static struct json *badges(const struct run *r, const struct counts *c, struct arena *a)
{
    struct json *to = json_array(a);
    if (c->failed)
        badge(a, to, "bad", arena_printf(a, "%zu failed", c->failed));
    if (c->made)
        badge(a, to, "good", arena_printf(a, "%zu made", c->made));
    if (c->cached)
        badge(a, to, "", arena_printf(a, "%zu up to date", c->cached));
    if (c->open)
        badge(a, to, "warn", arena_printf(a, "%zu not finished", c->open));
    if (!r->end)
        badge(a, to, "warn", STR("the run was ended before it was done, or goes on"));
    return to;
}

/* ---------- times ---------- */

/* Of all the time that the slots were there, how much they were in use; over the time from the first to the last. */
static double share_used(const struct run *r, bool is_request, double cap, int64_t *busy_ms)
{
    int64_t first = INT64_MAX, last = 0;
    *busy_ms = 0;
    for (size_t i = 0; i < r->n_spans; i++) {
        const struct run_span *s = &r->spans[i];
        if (s->is_request != is_request)
            continue;
        *busy_ms += s->end_ms - s->start_ms;
        first = s->start_ms < first ? s->start_ms : first;
        last = s->end_ms > last ? s->end_ms : last;
    }
    return last > first && cap > 0 ? (double)*busy_ms / (cap * (double)(last - first)) : 0;
}

static size_t count_spans(const struct run *r, bool is_request)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_spans; i++)
        n += r->spans[i].is_request == is_request;
    return n;
}

static void add_summaries(struct json *o, const struct run *r, struct arena *a)
{
    double cap = json_num_or(r->head, "requests_cap", 0), threads = json_num_or(r->head, "render_cap", 0);
    int64_t busy;
    size_t n = count_spans(r, true), work = count_spans(r, false);
    double used = share_used(r, true, cap, &busy);
    value_text(a, o, "requests_summary",
        n ? arena_printf(a, "%zu %s, at most %d at a time; the cap is %.0f. While requests were out, %.0f %% of its slots were in use. "
                         "Each bar is a request, each row a slot.", n, n == 1 ? "request" : "requests", r->n_slots[1], cap, 100 * used)
          : STR("No request was sent in this run."));
    used = share_used(r, false, threads, &busy);
    value_text(a, o, "rendering_summary",
        work ? arena_printf(a, "%zu steps on %.0f %s took " STR_FMT " of work; from the first to the last, %.0f %% of the threads' time. "
                            "Each bar is a step, each row a thread.", work, threads, threads == 1 ? "thread" : "threads",
                            STR_ARG(value_ms(a, busy)), 100 * used)
             : STR("Nothing was drawn or encoded in this run."));
}

static struct json *key_figures(const struct run *r, const struct counts *c, struct arena *a)
{
    struct figures m = { a, json_array(a) };
    size_t n = count_spans(r, true), again = 0;
    double limit = json_num_or(r->head, "max_cost", -1);
    for (size_t i = 0; i < r->n_lessons; i++)
        again += r->lessons[i].n_again;
    figure_add(&m, r->n_lessons == 1 ? "Video" : "Videos", arena_printf(a, "%zu of %zu", c->made + c->cached, r->n_lessons),
           c->cached ? arena_printf(a, "%zu up to date", c->cached) : STR(""));
    figure_add(&m, "Length", value_clock(a, c->seconds), STR("of video altogether"));
    figure_add(&m, "Time", value_ms(a, r->last_ms), r->last_ms > 0 && c->made && c->seconds > 0 && !c->cached
           ? arena_printf(a, "%.1f s of video a second", c->seconds * 1000 / (double)r->last_ms) : STR(""));
    figure_add(&m, "Cost", value_money(r, a, r->cost), limit >= 0 ? arena_printf(a, "of at most " STR_FMT, STR_ARG(value_money(r, a, limit))) : STR(""));
    figure_add(&m, "Requests", arena_printf(a, "%zu", n), arena_printf(a, "%zu tried again", again));
    return m.to;
}

/* ---------- problems ---------- */

static struct str who(const struct run *r, const struct run_trouble *t, struct arena *a)
{
    struct str name = t->lesson < r->n_lessons ? r->lessons[t->lesson].name : STR("");
    if (t->section >= 0)
        return arena_printf(a, STR_FMT ", section %d, " STR_FMT, STR_ARG(name), t->section + 1, STR_ARG(t->step));
    return name;
}

static struct json *troubles(const struct run *r, int kind, struct arena *a)
{
    struct json *out = json_array(a);
    for (size_t i = 0; i < r->n_troubles; i++) {
        const struct run_trouble *t = &r->troubles[i];
        struct json *o = json_object(a);
        if ((int)t->kind != kind)
            continue;
        value_text(a, o, "who", kind == TROUBLE_SWITCH ? arena_printf(a, STR_FMT " instead of " STR_FMT, STR_ARG(t->provider), STR_ARG(t->instead_of))
                                                : who(r, t, a));
        value_text(a, o, "provider", t->provider);
        value_text(a, o, "step", t->step);
        value_text(a, o, "code", t->code);
        value_text(a, o, "why", t->why);
        value_number(a, o, "count", (double)t->n);
        if (t->n > 1)
            value_text(a, o, "times", arena_printf(a, "and %zu more", t->n - 1));
        json_push(out, o);
    }
    return out;
}

static void add_troubles(struct json *o, const struct run *r, struct arena *a)
{
    static const struct { const char *key; int kind; } lists[] = { { "failures", TROUBLE_FAILED }, { "switches", TROUBLE_SWITCH },
                                                                    { "warnings", TROUBLE_WARNING }, { "refusals", TROUBLE_AGAIN } };
    for (size_t i = 0; i < COUNTOF(lists); i++) {
        struct json *v = troubles(r, lists[i].kind, a);
        if (lists[i].kind == TROUBLE_AGAIN)
            value_flag(a, o, "has_refusals", v->n > 0);
        json_set(a, o, lists[i].key, v);
    }
    value_flag(a, o, "has_problems", r->n_troubles > 0);
}

/* ---------- tables ---------- */

static struct json *calls(const struct run *r, struct arena *a)
{
    struct json *out = json_array(a);
    for (size_t i = 0; i < r->n_providers; i++) {
        const struct run_provider *p = &r->providers[i];
        struct json *o = json_object(a);
        if (!p->is_called)
            continue;
        value_text(a, o, "name", p->name);
        value_number(a, o, "requests", (double)p->n_requests);
        value_number(a, o, "done", (double)p->n_done);
        value_number(a, o, "again", (double)p->n_again);
        value_number(a, o, "failed", (double)p->n_failed);
        value_time(a, o, "median", p->median_ms);
        value_time(a, o, "p90", p->p90_ms);
        value_time(a, o, "longest", p->longest_ms);
        value_number(a, o, "cost", p->cost);
        json_push(out, o);
    }
    return out;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static struct json *work(const struct run *r, struct arena *a)
{
    struct json *out = json_array(a);
    int64_t *took = mem_array(r->n_spans + 1, sizeof *took);
    for (size_t k = 0; k < r->n_steps; k++) {
        size_t n = 0, failed = 0;
        int64_t total = 0;
        for (size_t i = 0; i < r->n_spans; i++) {
            const struct run_span *s = &r->spans[i];
            if (s->is_request || s->step != k)
                continue;
            took[n++] = s->end_ms - s->start_ms;
            total += s->end_ms - s->start_ms;
            failed += s->end == SPAN_FAILED;
        }
        if (n == 0)
            continue;
        qsort(took, n, sizeof *took, compare);
        struct json *o = json_object(a);
        value_text(a, o, "name", r->steps[k]);
        value_number(a, o, "count", (double)n);
        value_number(a, o, "failed", (double)failed);
        value_time(a, o, "total", total);
        value_time(a, o, "median", took[n / 2]);
        value_time(a, o, "longest", took[n - 1]);
        json_push(out, o);
    }
    free(took);
    return out;
}

static struct json *cost_row(const struct run *r, struct str name, double cost, double most, struct arena *a)
{
    struct json *o = json_object(a);
    value_text(a, o, "name", name);
    value_number(a, o, "cost_n", cost);
    value_text(a, o, "cost", value_money(r, a, cost));
    value_number(a, o, "share", most > 0 ? round(1000 * cost / most) / 10 : 0);
    return o;
}

static void add_costs(struct json *out, const struct run *r, const struct report_opts *opts, struct arena *a)
{
    struct json *providers = json_array(a), *lessons = json_array(a);
    double most = 0, dearest = 0;
    for (size_t i = 0; i < r->n_providers; i++)
        most = fmax(most, r->providers[i].cost);
    for (size_t i = 0; i < r->n_lessons; i++)
        dearest = fmax(dearest, r->lessons[i].cost);
    for (size_t i = 0; i < r->n_providers; i++) {
        const struct run_provider *p = &r->providers[i];
        if (!p->is_called || p->cost <= 0)
            continue;
        struct json *o = cost_row(r, p->name, p->cost, most, a);
        value_number(a, o, "done", (double)p->n_done);
        json_push(providers, o);
    }
    for (size_t i = 0; i < r->n_lessons && lessons->n < ROWS_OF_COSTS; i++)
        if (r->lessons[i].cost > 0) {
            struct json *o = cost_row(r, r->lessons[i].name, r->lessons[i].cost, dearest, a);
            value_number(a, o, "index", (double)i);
            json_push(lessons, o);
        }
    json_set(a, out, "costs", providers);
    json_set(a, out, "lesson_costs", lessons);
    value_flag(a, out, "has_costs", providers->n > 0);
    value_text(a, out, "currency", value_currency(r));
    value_text(a, out, "cost_all", value_money(r, a, r->cost));
    if (opts->paid_ever > 0)
        value_text(a, out, "paid_ever", value_money(r, a, opts->paid_ever));
}

static bool has_audit(struct run *r, struct arena *a)
{
    for (size_t i = 0; i < r->n_lessons; i++)
        if (report_audit_word(r, i, a).n)
            return true;
    return false;
}

static void add_head(struct json *o, const struct run *r, const struct report_opts *opts, const struct counts *c, struct arena *a)
{
    time_t at = (time_t)(json_num_or(r->head, "began_unix_ms", 0) / 1000);
    struct tm utc;
    char iso[40] = "", shown[40] = "";
    if (gmtime_r(&at, &utc)) {
        strftime(iso, sizeof iso, "%Y-%m-%dT%H:%M:%SZ", &utc);
        strftime(shown, sizeof shown, "%Y-%m-%d %H:%M UTC", &utc);
    }
    struct str headline = r->n_lessons == 1 ? r->lessons[0].name
                          : c->failed ? arena_printf(a, "%zu of %zu lessons made", c->made + c->cached, r->n_lessons)
                                      : arena_printf(a, "%zu lessons", r->n_lessons);
    value_text(a, o, "name", opts->name);
    value_text(a, o, "program", json_str_or(r->head, "program", STR("")));
    value_text(a, o, "command", json_str_or(r->head, "command", STR("")));
    value_text(a, o, "outputs", json_str_or(r->head, "outputs", STR("")));
    value_text(a, o, "began_iso", str_from(iso));
    value_text(a, o, "began", str_from(shown));
    value_text(a, o, "headline", headline);
    value_text(a, o, "title", arena_printf(a, STR_FMT " - vidgen, %s", STR_ARG(headline), shown));
    if (r->n_torn)
        value_number(a, o, "torn", (double)r->n_torn);
}

struct json *report_summary(struct run *r, const struct report_opts *opts, struct arena *a)
{
    struct json *o = json_object(a), *rows = json_array(a);
    struct counts c = count(r);
    add_head(o, r, opts, &c, a);
    json_set(a, o, "state", badges(r, &c, a));
    json_set(a, o, "figures", key_figures(r, &c, a));
    add_troubles(o, r, a);
    for (size_t i = 0; i < r->n_lessons; i++)
        json_push(rows, report_row(r, i, a));
    json_set(a, o, "rows", rows);
    value_flag(a, o, "has_audit", has_audit(r, a));
    add_summaries(o, r, a);
    struct json *called = calls(r, a), *worked = work(r, a);
    value_flag(a, o, "has_calls", called->n > 0);
    value_flag(a, o, "has_work", worked->n > 0);
    json_set(a, o, "calls", called);
    json_set(a, o, "work", worked);
    add_costs(o, r, opts, a);
    return o;
}

void report_json(struct buf *out, struct run *r, const struct report_opts *o)
{
    struct arena a = { 0 };
    buf_addz(out, "{\"run\":");
    json_print(out, r->head, 0);
    buf_addz(out, ",\"summary\":");
    json_print(out, report_summary(r, o, &a), 0);
    buf_addz(out, ",\"lessons\":[");
    for (size_t i = 0; i < r->n_lessons; i++) {
        struct arena own = { 0 };
        const struct json *film = run_line(r, r->lessons[i].film_at, &own);
        const struct json *outcome = run_line(r, r->lessons[i].outcome_at, &own);
        buf_addz(out, i ? ",\n{\"film\":" : "{\"film\":");
        json_print(out, film ? film : json_null(&own), 0);
        buf_addz(out, ",\"outcome\":");
        json_print(out, outcome ? outcome : json_null(&own), 0);
        buf_addc(out, '}');
        arena_deinit(&own);
    }
    buf_addz(out, "],\"spans\":");
    report_spans(out, r);
    buf_addz(out, "}\n");
    arena_deinit(&a);
}
