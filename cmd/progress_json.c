/* progress_json.c - events as JSON, one object a line */
#include "cmd/progress_json.h"
#include <math.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

static void add_text(struct buf *b, const char *key, struct str value)
{
    struct buf clean = { 0 };
    text_clean(&clean, value, 2000);
    buf_printf(b, ",\"%s\":", key);
    json_print_string(b, buf_str(&clean));
    buf_deinit(&clean);
}

static void add_optional(struct buf *b, const char *key, const char *value)
{
    if (value && value[0])
        add_text(b, key, str_from(value));
}

static void add_int(struct buf *b, const char *key, int64_t value)
{
    buf_printf(b, ",\"%s\":%lld", key, (long long)value);
}

/* Six digits after the point are enough for money and seconds. */
static void add_number(struct buf *b, const char *key, double value)
{
    if (isfinite(value))
        buf_printf(b, ",\"%s\":%.10g", key, round(value * 1e6) / 1e6);
}

static void add_error(struct buf *b, const struct err *e)
{
    if (!e || e->code == ERR_NONE)
        return;
    add_text(b, "code", str_from(err_code_name(e->code)));
    add_text(b, "message", str_from(e->msg));
}

static const char *const type_names[] = {
    [STATUS_BEGIN] = "begin", [STATUS_NODE] = "node", [STATUS_RETRY] = "retry",
    [STATUS_SWITCH] = "switch", [STATUS_FRAMES] = "frames", [STATUS_LESSON] = "lesson", [STATUS_END] = "end",
};

static void add_totals(struct buf *b, const struct status_totals *t, struct str currency)
{
    size_t assets = 0, assets_done = 0, done = 0, failed = 0;
    int64_t frames = 0, frames_done = 0;
    for (size_t i = 0; i < t->n_lessons; i++) {
        const struct status_lesson *l = &t->lessons[i];
        assets += l->n_assets;
        assets_done += l->n_assets_done;
        frames += l->frames;
        frames_done += l->frames_done;
        done += l->state == LESSON_DONE || l->state == LESSON_CACHED;
        failed += l->state == LESSON_FAILED;
    }
    add_int(b, "elapsed_ms", t->elapsed_ms);
    add_int(b, "lessons", (int64_t)t->n_lessons);
    add_int(b, "lessons_done", (int64_t)done);
    add_int(b, "lessons_failed", (int64_t)failed);
    add_int(b, "assets", (int64_t)assets);
    add_int(b, "assets_done", (int64_t)assets_done);
    add_int(b, "frames", frames);
    add_int(b, "frames_done", frames_done);
    if (t->fetch_ms > 0)
        add_int(b, "fetch_ms", t->fetch_ms);
    add_int(b, "requests_in_flight", (int64_t)t->requests_in_flight);
    add_int(b, "requests_cap", (int64_t)t->requests_cap);
    add_int(b, "requests_made", (int64_t)t->requests_made);
    add_int(b, "retries", (int64_t)t->retries);
    add_number(b, "spent", t->spent);
    if (t->n_over_limit) {
        add_int(b, "over_limit", (int64_t)t->n_over_limit);
        add_number(b, "over_limit_cost", t->over_limit);
    }
    add_text(b, "currency", currency);
}

static void add_switches(struct buf *b, const struct status_totals *t)
{
    buf_addz(b, ",\"switches\":[");
    for (size_t i = 0; i < t->n_switches; i++) {
        const struct status_switch *s = &t->switches[i];
        buf_printf(b, "%s{\"count\":%zu", i ? "," : "", s->n);
        add_text(b, "step", str_from(asset_kind_name(s->kind)));
        add_text(b, "provider", str_from(s->to));
        add_text(b, "instead_of", str_from(s->from));
        add_error(b, &s->why);
        buf_addc(b, '}');
    }
    buf_addc(b, ']');
}

/* A film that is up to date is not measured again: what was found when it was made. */
static void add_film(struct buf *b, const struct join_result *r)
{
    if (r->bytes > 0)
        add_int(b, "bytes", r->bytes);
    if (r->loudness_lufs < 0) {
        add_number(b, "loudness_lufs", r->loudness_lufs);
        add_number(b, "peak_dbtp", r->peak_dbtp);
    }
}

void progress_json_event(struct buf *b, const struct status_event *ev, const struct status_totals *t,
                         struct str currency)
{
    bool is_total = ev->type == STATUS_BEGIN || ev->type == STATUS_END;
    buf_printf(b, "{\"event\":\"%s\"", type_names[ev->type]);
    if (is_total)
        add_totals(b, t, currency);
    else
        add_int(b, "elapsed_ms", t->elapsed_ms);
    if (!is_total && ev->lesson < t->n_lessons) {
        add_text(b, "lesson", t->lessons[ev->lesson].name);
        if (ev->section != SIZE_MAX)
            add_int(b, "section", (int64_t)ev->section);
    }
    add_optional(b, "step", ev->step);
    add_optional(b, "state", ev->state);
    add_optional(b, "id", ev->id);
    add_optional(b, "provider", ev->provider);
    add_optional(b, "instead_of", ev->instead_of);
    if (ev->type == STATUS_FRAMES && ev->lesson < t->n_lessons) {
        add_int(b, "frames", t->lessons[ev->lesson].frames);
        add_int(b, "frames_done", t->lessons[ev->lesson].frames_done);
    }
    if (ev->attempt > 0)
        add_int(b, "attempt", ev->attempt);
    if (ev->type == STATUS_RETRY) {
        add_int(b, "wait_ms", ev->wait_ms);
    }
    if ((ev->type == STATUS_NODE || ev->type == STATUS_LESSON) && ev->cost > 0)
        add_number(b, "cost", ev->cost);
    if (ev->output.n) {
        add_text(b, "output", ev->output);
        add_number(b, "duration_s", ev->duration_s);
    }
    if (ev->film)
        add_film(b, ev->film);
    if (ev->type == STATUS_END && t->n_switches)
        add_switches(b, t);
    add_error(b, ev->err);
    buf_addz(b, "}\n");
}

void progress_json_totals(struct buf *b, const struct status_totals *t, int64_t left_ms, struct str currency)
{
    buf_addz(b, "{\"event\":\"totals\"");
    add_totals(b, t, currency);
    if (left_ms >= 0)
        add_int(b, "left_ms", left_ms);
    buf_addz(b, "}\n");
}

void progress_json_log(struct buf *b, enum log_level level, const char *line)
{
    static const char *const names[] = { "error", "warning", "info", "debug" };
    buf_addz(b, "{\"event\":\"log\"");
    add_optional(b, "level", (size_t)level < COUNTOF(names) ? names[level] : NULL);
    add_optional(b, "message", line);
    buf_addz(b, "}\n");
}
