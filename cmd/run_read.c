/* run_read.c - a journal is read back */
#include "cmd/run_read.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/run_tables.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

#define X(id, name) name,
static const char *const end_names[] = { SPAN_ENDS(X) };
#undef X

const char *span_end_name(enum span_end end)
{
    return end_names[end];
}

/* One line of the journal and where it stands. */
struct line {
    struct run *run;
    struct run_tables *t;
    const struct json *v;
    int64_t at, ms;
    uint32_t lesson;
    int32_t section;
    struct str state;
};

static struct str keep(struct run *r, struct str s)
{
    return arena_str(&r->arena, s);
}

static int64_t ms_of(const struct json *v)
{
    double ms = json_num_or(v, "elapsed_ms", -1);
    return ms >= 0 && ms < 1e15 ? (int64_t)ms : -1;
}

/* ---------- what goes wrong ---------- */

static void trouble(struct line *l, int kind)
{
    struct run *r = l->run;
    const struct run_trouble new = {
        .kind = kind,
        .code = json_str_or(l->v, "code", STR("")),
        .why = json_str_or(l->v, "message", STR("")),
        .provider = json_str_or(l->v, "provider", STR("")),
        .step = json_str_or(l->v, "step", STR("")),
        .instead_of = json_str_or(l->v, "instead_of", STR("")),
        .n = 1,
        .lesson = l->lesson == UINT32_MAX ? SIZE_MAX : l->lesson,
        .section = l->section,
    };
    struct run_trouble *same = tables_trouble(r, &new);
    if (same)
        same->n++;
}

/* ---------- spans ---------- */

static struct run_span *open_span(struct line *l, bool is_request, struct str step)
{
    struct run *r = l->run;
    struct str id = json_str_or(l->v, "id", STR(""));
    struct str provider = str_is(step, "check") ? STR("") : json_str_or(l->v, "provider", STR(""));
    struct run_span *s = tables_span(l->t, r);
    *s = (struct run_span){
        .is_request = is_request,
        .attempt = is_request ? (int)json_num_or(l->v, "attempt", 0) + 1 : 0,
        .lesson = l->lesson,
        .section = l->section,
        .step = tables_step(r, step),
        .provider = tables_provider(r, provider, is_request),
        .start_ms = l->ms,
        .end_ms = -1,
        .cost = -1,
        .key = tables_key(id),
    };
    tables_open(l->t, r, s);
    if (l->lesson != UINT32_MAX) {
        struct run_lesson *of = &r->lessons[l->lesson];
        of->n_requests += is_request;
        of->first_ms = of->first_ms < 0 ? l->ms : of->first_ms;
    }
    return s;
}

static void close_span(struct line *l, struct run_span *s, enum span_end end)
{
    if (!s || s->end_ms >= 0)
        return;
    s->end_ms = l->ms;
    s->end = end;
}

/* It is told after it has been stored; a slot or a worker was free before that. */
static void shorten(struct run_span *s, double took_ms)
{
    if (s && took_ms >= 0 && (double)s->start_ms + took_ms < (double)s->end_ms)
        s->end_ms = s->start_ms + (int64_t)took_ms;
}

static void say_why(struct line *l, struct run_span *s)
{
    s->code = keep(l->run, json_str_or(l->v, "code", STR("")));
    s->why = keep(l->run, json_str_or(l->v, "message", STR("")));
}

static void node_event(struct line *l)
{
    struct run *r = l->run;
    bool is_request = json_get(l->v, "lane") != NULL; /* else it is work here */
    uint64_t key = tables_key(json_str_or(l->v, "id", STR("")));
    struct run_span *s = tables_last(l->t, r, key);
    double cost = json_num_or(l->v, "cost", -1);
    if (str_is(l->state, "running")) {
        open_span(l, is_request, json_str_or(l->v, "step", STR("")));
    } else if (str_is(l->state, "checking")) {
        open_span(l, false, STR("check"));
    } else if (str_is(l->state, "answered")) {
        close_span(l, s, SPAN_DONE);
        shorten(s, json_num_or(l->v, "took_ms", -1));
    } else if (str_is(l->state, "done") || str_is(l->state, "failed") || str_is(l->state, "skipped")) {
        bool is_failed = !str_is(l->state, "done");
        bool was_open = s && s->end_ms < 0;
        close_span(l, s, is_failed ? SPAN_FAILED : SPAN_DONE);
        if (was_open)
            shorten(s, json_num_or(l->v, s->is_request || !is_request ? "took_ms" : "check_ms", -1));
        struct run_span *call = tables_call(l->t, r, key);
        if (call && cost >= 0)
            call->cost = cost;
        if (is_failed && s) {
            s->end = SPAN_FAILED;
            say_why(l, s);
        }
        if (is_failed)
            trouble(l, TROUBLE_FAILED);
        if (is_failed && l->lesson != UINT32_MAX)
            r->lessons[l->lesson].n_failed++;
    }
}

static void retry_event(struct line *l)
{
    struct run_span *s = tables_last(l->t, l->run, tables_key(json_str_or(l->v, "id", STR(""))));
    trouble(l, TROUBLE_AGAIN);
    if (l->lesson != UINT32_MAX)
        l->run->lessons[l->lesson].n_again++;
    if (!s || !s->is_request)
        return;
    close_span(l, s, SPAN_AGAIN);
    s->wait_ms = (int64_t)json_num_or(l->v, "wait_ms", 0);
    say_why(l, s);
}

/* ---------- lessons ---------- */

static void film_line(struct line *l)
{
    const struct json *sections = json_get(l->v, "sections");
    if (l->lesson == UINT32_MAX)
        return;
    struct run_lesson *of = &l->run->lessons[l->lesson];
    of->film_at = l->at;
    of->n_sections = sections ? sections->n : 0;
    of->output = keep(l->run, json_str_or(l->v, "output", STR("")));
}

static void lesson_event(struct line *l)
{
    if (l->lesson == UINT32_MAX)
        return;
    struct run_lesson *of = &l->run->lessons[l->lesson];
    of->outcome_at = l->at;
    of->state = keep(l->run, l->state);
    of->end_ms = l->ms;
    of->duration_s = json_num_or(l->v, "duration_s", 0);
    of->cost = json_num_or(l->v, "cost", 0);
    of->loudness_lufs = json_num_or(l->v, "loudness_lufs", 0);
    of->peak_dbtp = json_num_or(l->v, "peak_dbtp", 0);
    of->code = keep(l->run, json_str_or(l->v, "code", STR("")));
    of->why = keep(l->run, json_str_or(l->v, "message", STR("")));
    if (of->why.n && of->n_failed == 0)         /* else a step of it has told */
        trouble(l, TROUBLE_FAILED);
}

static void switch_event(struct line *l)
{
    trouble(l, TROUBLE_SWITCH);
}

static void log_line(struct line *l)
{
    trouble(l, TROUBLE_WARNING);
}

static void end_event(struct line *l)
{
    l->run->end = json_copy(&l->run->arena, l->v);
}

static void run_head(struct line *l)
{
    if (!l->run->head)
        l->run->head = json_copy(&l->run->arena, l->v);
}

static const struct {
    const char *event;
    void (*take)(struct line *l);
} takers[] = {
    { "run", run_head },         { "node", node_event }, { "retry", retry_event }, { "switch", switch_event },
    { "film", film_line },       { "lesson", lesson_event }, { "log", log_line },  { "end", end_event },
};

static void take(struct line *l)
{
    struct run *r = l->run;
    struct str event = json_str_or(l->v, "event", STR("")), name = json_str_or(l->v, "lesson", STR(""));
    double section = json_num_or(l->v, "section", -1);
    l->ms = ms_of(l->v);
    if (l->ms > r->last_ms)
        r->last_ms = l->ms;
    l->ms = r->last_ms;                         /* lines without a time stand in order */
    l->state = json_str_or(l->v, "state", STR(""));
    l->lesson = tables_lesson(r, json_num_or(l->v, "lesson_index", -1), name);
    l->section = section >= 0 && section < 1e6 ? (int32_t)section : -1;
    for (size_t i = 0; i < COUNTOF(takers); i++)
        if (str_is(event, takers[i].event))
            takers[i].take(l);
}

/* ---------- the file ---------- */

static void end_open(struct run *r)
{
    for (size_t i = 0; i < r->n_spans; i++)
        if (r->spans[i].end_ms < 0)
            r->spans[i].end_ms = r->last_ms;
}

static bool read_lines(struct run *r, struct run_tables *t)
{
    char *text = NULL;
    size_t cap = 0;
    int64_t at = 0;
    ssize_t n;
    while ((n = getline(&text, &cap, r->file)) > 0) {
        struct arena a = { 0 };
        struct json *v = NULL;
        bool is_whole = text[n - 1] == '\n';
        if (is_whole && json_parse(&a, (struct str){ text, (size_t)n - 1 }, 0, &v, NULL, NULL, NULL, NULL) &&
            v->type == JSON_OBJECT)
            take(&(struct line){ .run = r, .t = t, .v = v, .at = at });
        else
            r->n_torn++;
        arena_deinit(&a);
        at += n;
    }
    free(text);
    return !ferror(r->file);
}

bool run_read(struct run *r, const char *path, struct err *e)
{
    *r = (struct run){ .file = fopen(path, "re") };
    struct run_tables *t = tables_create();
    bool ok = r->file && read_lines(r, t);
    if (!ok)
        err_errno(e, "read '%s'", path);
    else if (!r->head)
        ok = err_set(e, ERR_USAGE, "'%s' is no journal of a run", path);
    end_open(r);
    tables_sum(r);
    tables_destroy(t);
    return ok;
}

void run_close(struct run *r)
{
    if (r->file)
        fclose(r->file);
    free(r->spans);
    free(r->lessons);
    free(r->providers);
    free(r->troubles);
    free(r->steps);
    arena_deinit(&r->arena);
    *r = (struct run){ 0 };
}

const struct json *run_line(struct run *r, int64_t at, struct arena *a)
{
    char *text = NULL;
    size_t cap = 0;
    ssize_t n;
    struct json *v = NULL;
    if (at < 0 || fseeko(r->file, at, SEEK_SET) || (n = getline(&text, &cap, r->file)) <= 0 ||
        !json_parse(a, str_trim((struct str){ text, (size_t)n }), 0, &v, NULL, NULL, NULL, NULL))
        v = NULL;
    free(text);
    return v;
}
