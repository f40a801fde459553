/* tune_read.c - what a run's journal says of how long things take */
#include "cmd/tune_read.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"

enum { JOURNAL_MOST = 512 << 20 };

struct pending { /* a step that began and has not ended */
    size_t step;
    struct str id;
    bool has_left; /* its lane: the answer has come, it goes on without a slot */
};

struct reader {
    struct tune_run *run;
    struct str *lessons;
    size_t n_lessons, lessons_cap;
    size_t steps_cap, lanes_cap;
    bool *is_done; /* of each step */
    struct pending *pending;
    size_t n_pending, pending_cap;
    int64_t *in_flight; /* of each lane */
};

/* ---------- names ---------- */

static size_t lesson_named(struct reader *r, struct str name)
{
    for (size_t i = r->n_lessons; i-- > 0;)
        if (str_eq(r->lessons[i], name))
            return i;
    if (r->n_lessons == r->lessons_cap) {
        r->lessons_cap = r->lessons_cap ? 2 * r->lessons_cap : 64;
        r->lessons = mem_resize(r->lessons, r->lessons_cap, sizeof *r->lessons);
    }
    r->lessons[r->n_lessons] = arena_str(&r->run->arena, name);
    return r->n_lessons++;
}

/* From the end: lessons come one after the other. Two may have one name, so their places in the run count as well. */
static size_t lesson_of(struct reader *r, const struct json *v)
{
    struct arena own = { 0 };
    struct str name = arena_printf(&own, "%.0f " STR_FMT, json_num_or(v, "lesson_index", -1),
                                   STR_ARG(json_str_or(v, "lesson", STR(""))));
    size_t i = lesson_named(r, name);
    arena_deinit(&own);
    return i;
}

static size_t lane_of(struct reader *r, struct str name)
{
    struct sim_load *load = &r->run->load;
    for (size_t i = 0; i < load->n_lanes; i++)
        if (str_is(name, load->lanes[i].name))
            return i;
    if (load->n_lanes == r->lanes_cap) {
        r->lanes_cap = r->lanes_cap ? 2 * r->lanes_cap : 8;
        load->lanes = mem_resize(load->lanes, r->lanes_cap, sizeof *load->lanes);
        r->run->lanes = mem_resize(r->run->lanes, r->lanes_cap, sizeof *r->run->lanes);
        r->in_flight = mem_resize(r->in_flight, r->lanes_cap, sizeof *r->in_flight);
    }
    assert(load->lanes && r->run->lanes && r->in_flight);
    load->lanes[load->n_lanes] = (struct sim_lane){ .name = arena_str(&r->run->arena, name).p };
    r->run->lanes[load->n_lanes] = (struct tune_lane){ 0 };
    r->in_flight[load->n_lanes] = 0;
    return load->n_lanes++;
}

static bool kind_of(struct str step, enum sim_kind *out)
{
    for (int k = 0; k < SIM_N_KINDS; k++)
        if (str_is(step, sim_kind_name((enum sim_kind)k))) {
            *out = (enum sim_kind)k;
            return true;
        }
    return false;
}

/* ---------- steps ---------- */

static int64_t whole(const struct json *o, const char *key, int64_t fallback)
{
    double v = json_num_or(o, key, (double)fallback);
    return v >= -1e15 && v <= 1e15 ? (int64_t)v : fallback;
}

static void add_step(struct reader *r, const struct sim_step *s, struct str id)
{
    struct tune_run *run = r->run;
    if (run->load.n_steps == r->steps_cap) {
        r->steps_cap = r->steps_cap ? 2 * r->steps_cap : 256;
        run->load.steps = mem_resize(run->load.steps, r->steps_cap, sizeof *run->load.steps);
        run->frames = mem_resize(run->frames, r->steps_cap, sizeof *run->frames);
        r->is_done = mem_resize(r->is_done, r->steps_cap, sizeof *r->is_done);
    }
    if (r->n_pending == r->pending_cap) {
        r->pending_cap = r->pending_cap ? 2 * r->pending_cap : 64;
        r->pending = mem_resize(r->pending, r->pending_cap, sizeof *r->pending);
    }
    assert(run->load.steps && run->frames && r->is_done && r->pending);
    r->pending[r->n_pending++] = (struct pending){ .step = run->load.n_steps, .id = arena_str(&run->arena, id) };
    run->load.steps[run->load.n_steps] = *s;
    run->frames[run->load.n_steps] = 0;
    r->is_done[run->load.n_steps++] = false;
}

static struct sim_step *find_pending(struct reader *r, const struct sim_step *s, struct str id, size_t *at)
{
    for (size_t i = 0; i < r->n_pending; i++) {
        struct sim_step *p = &r->run->load.steps[r->pending[i].step];
        if (p->lesson == s->lesson && p->section == s->section && p->kind == s->kind && str_eq(r->pending[i].id, id)) {
            *at = i;
            return p;
        }
    }
    return NULL;
}

static void leave_lane(struct reader *r, struct pending *p, int lane)
{
    if (lane >= 0 && !p->has_left)
        r->in_flight[lane]--;
    p->has_left = true;
}

/* A step began or is over. */
static void on_step(struct reader *r, const struct json *v)
{
    struct sim_step s = { .lane = -1 };
    struct str lane = json_str_or(v, "lane", STR("")), state = json_str_or(v, "state", STR("")),
               id = json_str_or(v, "id", STR(""));
    size_t at = 0;
    if (!kind_of(json_str_or(v, "step", STR("")), &s.kind))
        return;
    int64_t section = whole(v, "section", 0);
    s.lesson = lesson_of(r, v);
    s.section = section > 0 && section < 100000 ? (size_t)section : 0;
    if (lane.n)
        s.lane = (int)lane_of(r, lane);
    s.tokens = json_num_or(v, "tokens", 0);
    assert(s.lane < 0 || r->in_flight);
    if (str_is(state, "running")) {
        add_step(r, &s, id);
        if (s.lane >= 0 && ++r->in_flight[s.lane] > r->run->lanes[s.lane].most_in_flight)
            r->run->lanes[s.lane].most_in_flight = r->in_flight[s.lane];
        return;
    }
    struct sim_step *p = find_pending(r, &s, id, &at);
    if (str_is(state, "answered") && p)
        leave_lane(r, &r->pending[at], p->lane);
    bool has_ended =
        str_is(state, "done") || str_is(state, "failed") || str_is(state, "backoff") || str_is(state, "skipped");
    int64_t took = whole(v, "took_ms", -1);
    if (!p || !has_ended)
        return;
    bool is_refusal = str_is(json_str_or(v, "code", STR("")), "rate");
    leave_lane(r, &r->pending[at], p->lane);
    if (took >= 0 && !is_refusal) { /* what failed in another way held its place all the same */
        p->ms = took;
        p->check_ms = whole(v, "check_ms", 0) > 0 ? whole(v, "check_ms", 0) : 0;
        r->run->frames[r->pending[at].step] = whole(v, "piece_frames", 0);
        r->is_done[r->pending[at].step] = true;
    }
    r->pending[at] = r->pending[--r->n_pending];
}

/* ---------- totals ---------- */

static void on_lane(struct reader *r, const struct json *v)
{
    size_t i = lane_of(r, json_str_or(v, "lane", STR("")));
    struct sim_lane *l = &r->run->load.lanes[i];
    struct tune_lane *t = &r->run->lanes[i];
    t->is_found = json_bool_or(v, "found", false);
    t->is_learned = json_bool_or(v, "learned", false);
    l->cap = whole(v, t->is_found ? "window" : "cap", 0);
    l->per_minute = json_num_or(v, "per_minute", 0);
    l->tokens_per_minute = json_num_or(v, "tokens_per_minute", 0);
}

static void on_totals(struct reader *r, const struct json *v)
{
    const struct json *lanes = json_get(v, "lanes");
    for (const struct json *c = lanes ? lanes->child : NULL; c; c = c->next)
        if (json_str_or(c, "lane", STR("")).n)
            on_lane(r, c);
    r->run->was.requests = whole(v, "requests_cap", r->run->was.requests);
    r->run->was.render = whole(v, "threads", r->run->was.render);
    r->run->was.cores = (int)whole(v, "cores", r->run->was.cores);
    r->run->total_ms = whole(v, "elapsed_ms", 0);
    r->run->is_whole = r->run->is_whole || str_is(json_str_or(v, "event", STR("")), "end");
}

static void on_run(struct reader *r, const struct json *v)
{
    r->run->was.videos = whole(v, "videos_cap", 0);
    r->run->was.sections = whole(v, "sections_cap", 0);
    r->run->was.cores = (int)whole(v, "cores", 0);
}

static void on_line(struct reader *r, struct str line)
{
    static const struct {
        const char *event;
        void (*fn)(struct reader *, const struct json *);
    } rows[] = {
        { "run", on_run },      { "node", on_step },     { "retry", on_step },
        { "begin", on_totals }, { "totals", on_totals }, { "end", on_totals },
    };
    struct arena a = { 0 };
    struct json *v = NULL;
    if (line.n && json_parse(&a, line, 0, &v, NULL, NULL, NULL, NULL) && v->type == JSON_OBJECT)
        for (size_t i = 0; i < COUNTOF(rows); i++)
            if (str_is(json_str_or(v, "event", STR("")), rows[i].event))
                rows[i].fn(r, v);
    arena_deinit(&a);
}

/* Only what ended counts. */
static void drop_undone(struct reader *r)
{
    struct tune_run *run = r->run;
    size_t n = 0;
    for (size_t i = 0; i < run->load.n_steps; i++) {
        assert(r->is_done);
        if (!r->is_done[i])
            continue;
        run->frames[n] = run->frames[i];
        run->load.steps[n++] = run->load.steps[i];
        run->n_requests += run->load.steps[i].lane >= 0;
    }
    run->n_left_out = run->load.n_steps - n;
    run->load.n_steps = n;
}

void tune_read(struct tune_run *run, struct str text)
{
    struct reader r = { .run = run };
    *run = (struct tune_run){ 0 };
    while (text.n) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n, used = n + (end != NULL);
        on_line(&r, (struct str){ text.p, n });
        text = (struct str){ text.p + used, text.n - used };
    }
    drop_undone(&r);
    run->load.n_lessons = r.n_lessons;
    free(r.lessons);
    free(r.is_done);
    free(r.pending);
    free(r.in_flight);
}

bool tune_read_file(struct tune_run *run, const char *path, struct err *e)
{
    struct buf text = BUF_INIT(JOURNAL_MOST);
    *run = (struct tune_run){ 0 };
    bool ok = file_read(path, JOURNAL_MOST, &text, e);
    if (ok)
        tune_read(run, buf_str(&text));
    buf_deinit(&text);
    return ok && (run->load.n_steps > 0 ||
                  err_set(e, ERR_USAGE, "%s: nothing in there took any time: all was there already", path));
}

void tune_run_deinit(struct tune_run *run)
{
    free(run->load.steps);
    free(run->load.lanes);
    free(run->lanes);
    free(run->frames);
    arena_deinit(&run->arena);
    *run = (struct tune_run){ 0 };
}
