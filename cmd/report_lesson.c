/* report_lesson.c - one lesson of a run as a tree */
#include "cmd/report_data.h"
#include <string.h>
#include "cmd/report_audit.h"
#include "cmd/report_value.h"

enum { LESSONS_OPEN = 3 };

static const char *lesson_kind(const struct run_lesson *l)
{
    return str_is(l->state, "failed") ? "bad" : l->state.n ? "good" : "warn";
}

static const char *lesson_state(const struct run_lesson *l)
{
    return str_is(l->state, "failed") ? "failed" : str_is(l->state, "cached") ? "up to date" : l->state.n ? "made" : "not finished";
}

struct json *report_row(struct run *r, size_t i, struct arena *a)
{
    const struct run_lesson *l = &r->lessons[i];
    struct json *o = json_object(a);
    value_number(a, o, "index", (double)i);
    value_text(a, o, "name", l->name.n ? l->name : STR("?"));
    value_text(a, o, "kind", str_from(lesson_kind(l)));
    value_text(a, o, "state", str_from(lesson_state(l)));
    value_number(a, o, "sections", (double)l->n_sections);
    value_number(a, o, "requests", (double)l->n_requests);
    value_number(a, o, "retries", (double)l->n_again);
    value_number(a, o, "length_s", l->duration_s);
    value_number(a, o, "cost_n", l->cost);
    if (l->duration_s > 0)
        value_text(a, o, "length", value_clock(a, l->duration_s));
    if (l->cost > 0)
        value_text(a, o, "cost", value_money(r, a, l->cost));
    if (l->loudness_lufs < 0) {
        value_text(a, o, "lufs", arena_printf(a, "%.1f", l->loudness_lufs));
        value_text(a, o, "peak", arena_printf(a, "%.1f", l->peak_dbtp));
    }
    if (l->first_ms >= 0 && l->end_ms >= l->first_ms)
        value_time(a, o, "took", l->end_ms - l->first_ms);
    value_text(a, o, "audit", report_audit_word(r, i, a));
    return o;
}

static struct json *section(const struct json *s, size_t number, struct arena *a)
{
    struct json *o = json_object(a);
    const struct json *pictures = json_get(s, "pictures"), *speech = json_get(s, "speech");
    struct buf by = { 0 };
    struct str last = { 0 }, message = json_str_or(speech, "message", STR(""));
    double start = json_num_or(s, "start_s", -1), duration = json_num_or(s, "duration_s", 0);
    for (const struct json *p = pictures ? pictures->child : NULL; p; p = p->next) {
        struct str name = json_str_or(p, "provider", STR(""));
        if (name.n && !str_eq(name, last))
            buf_printf(&by, "%s" STR_FMT, by.n ? ", " : "", STR_ARG(name));
        last = name;
        message = message.n ? message : json_str_or(p, "message", STR(""));
    }
    if (speech && json_str_or(speech, "provider", STR("")).n)
        buf_printf(&by, "%s" STR_FMT, by.n ? " \xc2\xb7 " : "", STR_ARG(json_str_or(speech, "provider", STR(""))));
    value_number(a, o, "number", (double)number);
    struct str title = json_str_or(s, "title", STR(""));
    value_text(a, o, "label", title);
    value_text(a, o, "alt", title.n ? arena_printf(a, "Section %zu: " STR_FMT, number, STR_ARG(title)) : arena_printf(a, "Section %zu", number));
    value_text(a, o, "text", json_str_or(s, "text", STR("")));
    value_text(a, o, "by", buf_str(&by));
    value_text(a, o, "message", message);
    value_flag(a, o, "is_bad", message.n > 0);
    if (start >= 0) {
        value_number(a, o, "start_s", start);
        value_number(a, o, "duration_s", duration);
        value_text(a, o, "start", value_clock(a, start));
        value_text(a, o, "stop", value_clock(a, start + duration));
    }
    buf_deinit(&by);
    return o;
}

static void fact(struct figures *m, const char *label, struct str value)
{
    figure_add(m, label, value, STR(""));
}

static struct json *facts(const struct run_lesson *l, const struct json *film, const struct json *outcome,
                          struct arena *a)
{
    struct figures m = { a, json_array(a) };
    double width = json_num_or(film, "width", 0), target = json_num_or(film, "loudness_target_lufs", 0);
    double bytes = json_num_or(outcome, "bytes", 0);
    if (width > 0)
        fact(&m, "Picture", arena_printf(a, "%.0f \xc3\x97 %.0f, %.4g fps", width, json_num_or(film, "height", 0), json_num_or(film, "fps", 0)));
    if (bytes > 0)
        fact(&m, "File", arena_printf(a, bytes < 1e6 ? "%.0f kB" : "%.1f MB", bytes < 1e6 ? bytes / 1e3 : bytes / 1e6));
    if (l->loudness_lufs < 0) {
        fact(&m, "Loudness", arena_printf(a, "%.1f LUFS (target %.1f)", l->loudness_lufs, target));
        fact(&m, "True peak", arena_printf(a, "%.1f dBTP", l->peak_dbtp));
    }
    if (l->n_requests)
        fact(&m, "Requests", arena_printf(a, "%zu, %zu tried again", l->n_requests, l->n_again));
    if (l->first_ms >= 0 && l->end_ms >= l->first_ms)
        fact(&m, "Took", value_ms(a, l->end_ms - l->first_ms));
    report_audit_facts(&m, outcome);
    return m.to;
}

struct json *report_lesson(struct run *r, size_t i, struct str video, struct arena *a)
{
    const struct run_lesson *l = &r->lessons[i];
    const struct json *film = run_line(r, l->film_at, a), *outcome = run_line(r, l->outcome_at, a);
    const struct json *from = json_get(film, "sections");
    struct json *o = report_row(r, i, a), *sections = json_array(a), *holder = json_object(a);
    struct str output = json_str_or(film, "output", STR(""));
    const char *slash = output.n ? memrchr(output.p, '/', output.n) : NULL;
    size_t n = 0;
    for (const struct json *s = from ? from->child : NULL; s; s = s->next)
        json_push(sections, section(s, ++n, a));
    value_text(a, o, "title", json_str_or(film, "title", STR("")));
    value_text(a, o, "why", l->why);
    value_text(a, o, "video", video);
    value_text(a, o, "file", slash ? str_from(slash + 1) : output);
    if (json_num_or(film, "width", 0) > 0) {
        value_number(a, o, "width", json_num_or(film, "width", 0));
        value_number(a, o, "height", json_num_or(film, "height", 0));
    }
    json_set(a, holder, "fact", facts(l, film, outcome, a));
    json_set(a, o, "facts", holder);
    json_set(a, o, "sections", sections);
    value_flag(a, o, "has_sections", n > 0);
    value_text(a, o, "no_sections", l->state.n ? STR("It was up to date, so nothing of it was looked at.") : STR("Nothing is known of its sections."));
    value_flag(a, o, "is_open", i == 0 || r->n_lessons <= LESSONS_OPEN || str_is(l->state, "failed"));
    return o;
}
