/* progress_json.c - events as JSON, one object a line */
#include "cmd/progress_json.h"
#include <math.h>
#include "cmd/events.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/base/workers.h"

/* A field's name stands in one table only, which the schema is made of as well. */
static void begin_field(struct buf *b, enum event_field f)
{
    if (b->n && b->p[b->n - 1] != '{')
        buf_addc(b, ',');
    buf_printf(b, "\"%s\":", event_field_name(f));
}

static void begin_event(struct buf *b, const char *name)
{
    buf_addc(b, '{');
    begin_field(b, FIELD_EVENT);
    buf_printf(b, "\"%s\"", name);
}

static void add_text(struct buf *b, enum event_field f, struct str value)
{
    struct buf clean = { 0 };
    text_clean(&clean, value, 2000);
    begin_field(b, f);
    json_print_string(b, buf_str(&clean));
    buf_deinit(&clean);
}

static void add_optional(struct buf *b, enum event_field f, const char *value)
{
    if (value && value[0])
        add_text(b, f, str_from(value));
}

static void add_int(struct buf *b, enum event_field f, int64_t value)
{
    begin_field(b, f);
    buf_printf(b, "%lld", (long long)value);
}

static void add_flag(struct buf *b, enum event_field f, bool value)
{
    begin_field(b, f);
    buf_addz(b, value ? "true" : "false");
}

/* Six digits after the point are enough for money and seconds. */
static void add_number(struct buf *b, enum event_field f, double value)
{
    if (!isfinite(value))
        return;
    begin_field(b, f);
    buf_printf(b, "%.10g", round(value * 1e6) / 1e6);
}

static void add_error(struct buf *b, const struct err *e)
{
    if (!e || e->code == ERR_NONE)
        return;
    add_text(b, FIELD_CODE, str_from(err_code_name(e->code)));
    add_text(b, FIELD_MESSAGE, str_from(e->msg));
}

static const char *const type_names[] = {
    [STATUS_BEGIN] = "begin", [STATUS_NODE] = "node", [STATUS_RETRY] = "retry",
    [STATUS_SWITCH] = "switch", [STATUS_LESSON] = "lesson", [STATUS_END] = "end",
};

static void add_lanes(struct buf *b, const struct status_totals *t)
{
    begin_field(b, FIELD_LANES);
    buf_addc(b, '[');
    for (size_t i = 0; i < t->n_lanes; i++) {
        const struct status_lane *l = &t->lanes[i];
        buf_addz(b, i ? ",{" : "{");
        add_text(b, FIELD_LANE, l->name);
        add_int(b, FIELD_LANE_FLIGHT, (int64_t)l->in_flight);
        add_int(b, FIELD_WAITING, (int64_t)l->n_waiting);
        if (l->cap > 0)
            add_int(b, FIELD_LANE_CAP, l->cap);
        if (l->window > 0)
            add_int(b, FIELD_WINDOW, l->window);
        add_flag(b, FIELD_FOUND, l->is_known);
        if (l->per_minute > 0)
            add_number(b, FIELD_PER_MINUTE, l->per_minute);
        add_flag(b, FIELD_LEARNED, l->is_learned);
        if (l->tokens_per_minute > 0)
            add_number(b, FIELD_TOKENS_PM, l->tokens_per_minute);
        add_int(b, FIELD_REFUSED, l->n_refused);
        if (l->pause_ms > 0)
            add_int(b, FIELD_PAUSE, l->pause_ms);
        if (l->is_stopped)
            add_flag(b, FIELD_STOPPED, true);
        buf_addc(b, '}');
    }
    buf_addc(b, ']');
}

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
    add_int(b, FIELD_ELAPSED, t->elapsed_ms);
    add_int(b, FIELD_LESSONS, (int64_t)t->n_lessons);
    add_int(b, FIELD_LESSONS_DONE, (int64_t)done);
    add_int(b, FIELD_LESSONS_FAILED, (int64_t)failed);
    add_int(b, FIELD_ASSETS, (int64_t)assets);
    add_int(b, FIELD_ASSETS_DONE, (int64_t)assets_done);
    add_int(b, FIELD_FRAMES, frames);
    add_int(b, FIELD_FRAMES_DONE, frames_done);
    if (t->fetch_ms > 0)
        add_int(b, FIELD_FETCH, t->fetch_ms);
    add_int(b, FIELD_IN_FLIGHT, (int64_t)t->requests_in_flight);
    add_int(b, FIELD_CAP, (int64_t)t->requests_cap);
    add_int(b, FIELD_MADE, (int64_t)t->requests_made);
    add_int(b, FIELD_RETRIES, (int64_t)t->retries);
    add_int(b, FIELD_THREADS, t->n_threads);
    add_int(b, FIELD_CORES, workers_cores());
    add_int(b, FIELD_WORKING, t->n_working);
    add_number(b, FIELD_SPENT, t->spent);
    add_number(b, FIELD_ESTIMATE, t->estimate);
    if (t->limit >= 0) {
        add_number(b, FIELD_LIMIT, t->limit);
        add_number(b, FIELD_COMMITTED, t->committed);
    }
    if (t->n_over_limit) {
        add_int(b, FIELD_OVER_LIMIT, (int64_t)t->n_over_limit);
        add_number(b, FIELD_OVER_LIMIT_COST, t->over_limit);
    }
    add_text(b, FIELD_CURRENCY, currency);
    add_lanes(b, t);
}

static void add_switches(struct buf *b, const struct status_totals *t)
{
    begin_field(b, FIELD_SWITCHES);
    buf_addc(b, '[');
    for (size_t i = 0; i < t->n_switches; i++) {
        const struct status_switch *s = &t->switches[i];
        buf_addz(b, i ? ",{" : "{");
        add_int(b, FIELD_COUNT, (int64_t)s->n);
        add_text(b, FIELD_STEP, str_from(asset_kind_name(s->kind)));
        add_text(b, FIELD_PROVIDER, str_from(s->to));
        add_text(b, FIELD_INSTEAD_OF, str_from(s->from));
        add_error(b, &s->why);
        buf_addc(b, '}');
    }
    buf_addc(b, ']');
}

/* A film that is up to date is not measured again: what was found when it was made. */
static void add_film(struct buf *b, const struct join_result *r)
{
    if (r->bytes > 0)
        add_int(b, FIELD_BYTES, r->bytes);
    if (r->loudness_lufs < 0) {
        add_number(b, FIELD_LOUDNESS, r->loudness_lufs);
        add_number(b, FIELD_PEAK, r->peak_dbtp);
    }
    if (!r->audit.is_made)
        return;
    add_int(b, FIELD_HEARD, (int64_t)r->audit.n_speech_heard);
    add_int(b, FIELD_ASKED, (int64_t)r->audit.n_speech);
    add_number(b, FIELD_SPEECH_LATE, r->audit.speech_late_ms);
    add_number(b, FIELD_SOUND_OVER, r->audit.sound_over_ms);
    add_int(b, FIELD_LOOKED, (int64_t)r->audit.n_pictures);
    add_int(b, FIELD_COMPARED, (int64_t)r->audit.n_compared);
}

static void add_times(struct buf *b, const struct status_event *ev)
{
    if (ev->took_ms >= 0)
        add_int(b, FIELD_TOOK, ev->took_ms);
    if (ev->check_ms >= 0)
        add_int(b, FIELD_CHECK, ev->check_ms);
    if (ev->tokens > 0)
        add_number(b, FIELD_TOKENS, ev->tokens);
    if (ev->frames > 0)
        add_int(b, FIELD_FRAMES_OF, ev->frames);
}

void progress_json_event(struct buf *b, const struct status_event *ev, const struct status_totals *t,
                         struct str currency)
{
    bool is_total = ev->type == STATUS_BEGIN || ev->type == STATUS_END;
    begin_event(b, type_names[ev->type]);
    if (is_total)
        add_totals(b, t, currency);
    else
        add_int(b, FIELD_ELAPSED, t->elapsed_ms);
    if (!is_total && ev->lesson < t->n_lessons) {
        add_text(b, FIELD_LESSON, t->lessons[ev->lesson].name);
        add_int(b, FIELD_LESSON_INDEX, (int64_t)ev->lesson);
        if (ev->section != SIZE_MAX)
            add_int(b, FIELD_SECTION, (int64_t)ev->section);
    }
    add_optional(b, FIELD_STEP, ev->step);
    add_optional(b, FIELD_STATE, ev->state);
    add_optional(b, FIELD_ID, ev->id);
    add_optional(b, FIELD_PROVIDER, ev->provider);
    add_optional(b, FIELD_INSTEAD_OF, ev->instead_of);
    add_optional(b, FIELD_LANE, ev->lane);
    if (ev->type == STATUS_NODE || ev->type == STATUS_RETRY)
        add_times(b, ev);
    if (ev->attempt > 0)
        add_int(b, FIELD_ATTEMPT, ev->attempt);
    if (ev->type == STATUS_RETRY) {
        add_int(b, FIELD_WAIT, ev->wait_ms);
    }
    if ((ev->type == STATUS_NODE || ev->type == STATUS_LESSON) && ev->cost > 0)
        add_number(b, FIELD_COST, ev->cost);
    if (ev->output.n) {
        add_text(b, FIELD_OUTPUT, ev->output);
        add_number(b, FIELD_DURATION, ev->duration_s);
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
    begin_event(b, "totals");
    add_totals(b, t, currency);
    if (left_ms >= 0)
        add_int(b, FIELD_LEFT, left_ms);
    buf_addz(b, "}\n");
}

void progress_json_sheet(struct buf *b, struct str lesson, struct str path)
{
    begin_event(b, "sheet");
    add_text(b, FIELD_LESSON, lesson);
    add_text(b, FIELD_OUTPUT, path);
    buf_addz(b, "}\n");
}

void progress_json_log(struct buf *b, enum log_level level, const char *line)
{
    static const char *const names[] = { "error", "warning", "info", "debug" };
    begin_event(b, "log");
    add_optional(b, FIELD_LEVEL, (size_t)level < COUNTOF(names) ? names[level] : NULL);
    add_optional(b, FIELD_MESSAGE, line);
    buf_addz(b, "}\n");
}
