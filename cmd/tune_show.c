/* tune_show.c - what `vidgen tune` found: for people, as a picture, for programs */
#include "cmd/tune_show.h"
#include <math.h>
#include "cmd/columns.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { LIMIT_COLUMNS = 42, LEAST_BAR = 8, ROWS_ABOVE = 8, ROWS_BELOW = 3 };

size_t tune_changes(const struct tune_choice *c, struct tune_change out[TUNE_CHANGES])
{
    /* a thread for each core is what 0 says, and holds on another machine as well */
    int64_t render = c->best.render == c->best.cores ? 0 : c->best.render;
    const struct tune_change all[TUNE_CHANGES] = {
        { "requests", c->now.requests, c->best.requests },
        { "videos", c->now.videos, c->best.videos },
        { "sections", c->now.sections, c->best.sections },
        { "render", c->now.render, c->best.render == c->now.render ? c->now.render : render },
    };
    size_t n = 0;
    for (size_t i = 0; i < TUNE_CHANGES; i++)
        if (all[i].from != all[i].to)
            out[n++] = all[i];
    return n;
}

/* ---------- for people ---------- */

static void add_duration(struct buf *b, int64_t ms)
{
    if (ms < 10000)
        buf_printf(b, "%.1f s", (double)ms / 1000);
    else
        text_duration(b, ms);
}

/* "openai-image   160 requests of 8.1 s, at most 16 at once; takes 50 a minute (as found)" */
static void add_lane(struct buf *b, const struct sim_load *load, size_t i, const struct tune_lane *seen)
{
    const struct sim_lane *l = &load->lanes[i];
    size_t n = 0;
    int64_t ms = 0;
    for (size_t k = 0; k < load->n_steps; k++)
        if (load->steps[k].lane == (int)i) {
            n++;
            ms += load->steps[k].ms;
        }
    if (!n)
        return;
    buf_printf(b, "  %s: %zu requests, %.1f s each", l->name, n, (double)ms / (double)n / 1000);
    if (seen && seen->most_in_flight)
        buf_printf(b, ", at most %lld at once", (long long)seen->most_in_flight);
    if (l->cap > 0)
        buf_printf(b, "; takes %lld%s", (long long)l->cap, seen && seen->is_found ? " (as found)" : "");
    if (l->per_minute > 0)
        buf_printf(b, "; %.0f a minute%s", l->per_minute, seen && seen->is_learned ? " (as found)" : "");
    if (l->cap <= 0 && l->per_minute <= 0)
        buf_addz(b, "; met no limit");
    buf_addc(b, '\n');
}

static void add_work(struct buf *b, const struct sim_load *load)
{
    size_t n = 0;
    int64_t ms = 0;
    for (size_t i = 0; i < load->n_steps; i++) {
        bool is_here = load->steps[i].lane < 0;
        n += is_here;
        ms += is_here ? load->steps[i].ms : load->steps[i].check_ms;
    }
    if (!n)
        return;
    buf_printf(b, "  here: %zu steps, ", n);
    add_duration(b, ms);
    buf_addz(b, " of a core\n");
}

static void add_head(struct buf *b, const struct tune_shown *s)
{
    const struct tune_run *r = s->run;
    buf_printf(b, "Run %s: %zu %s in ", s->name, r->load.n_lessons, r->load.n_lessons == 1 ? "lesson" : "lessons");
    add_duration(b, r->total_ms);
    buf_addz(b, " (");
    add_duration(b, s->replay_ms);
    buf_printf(b, " when simulated), %lld requests at once, %lld threads%s\n", (long long)r->was.requests,
               (long long)r->was.render, r->is_whole ? "" : "; it did not come to its end");
    if (s->n_planned)
        buf_printf(b, "Planned: %zu %s, as slow as what was asked for then\n", s->n_planned,
                   s->n_planned == 1 ? "lesson" : "lessons");
    for (size_t i = 0; i < s->load->n_lanes; i++)
        add_lane(b, s->load, i, i < r->load.n_lanes ? &r->lanes[i] : NULL);
    add_work(b, s->load);
}

/* So many points from the left are long past being slow, and only make the bars of the others short. */
static size_t first_shown(const struct tune_choice *c)
{
    size_t best = 0;
    while (best + 1 < c->n_points && c->points[best].requests < c->best.requests)
        best++;
    size_t first = best > ROWS_ABOVE ? best - ROWS_ABOVE : 0;
    while (first > 0 && c->points[first].requests > c->now.requests)
        first--;
    return first;
}

/* And a few behind the best one and the user's own, to see that more is of no use. */
static size_t last_shown(const struct tune_choice *c)
{
    int64_t most = c->best.requests > c->now.requests ? c->best.requests : c->now.requests;
    size_t last = 0;
    while (last + 1 < c->n_points && c->points[last].requests < most)
        last++;
    return last + ROWS_BELOW < c->n_points ? last + ROWS_BELOW : c->n_points - 1;
}

static void add_point(struct buf *b, const struct tune_shown *s, const struct tune_point *p, double longest, size_t bar)
{
    const struct tune_choice *c = s->choice;
    struct buf time = { 0 }, limit = { 0 };
    size_t n = longest > 0 ? (size_t)((double)bar * (double)p->result.total_ms / longest + 0.5) : 0;
    add_duration(&time, p->result.total_ms);
    tune_limit_say(&limit, &p->limit, s->load);
    buf_printf(b, "%8lld %8s ", (long long)p->requests, time.p);
    for (size_t i = 0; i < bar; i++)
        buf_addc(b, i < n ? '#' : ' ');
    const char *mark = p->requests == c->best.requests && p->requests == c->now.requests ? "now and best: "
                       : p->requests == c->best.requests                                 ? "best: "
                       : p->requests == c->now.requests                                  ? "now: "
                                                                                         : "";
    struct buf said = { 0 };
    buf_printf(&said, "%s%s", mark, p->limit.kind == TUNE_NONE ? "" : limit.p);
    buf_addz(b, said.n ? " " : "");
    columns_add(b, buf_str(&said), s->columns > bar + 19 ? s->columns - bar - 19 : LIMIT_COLUMNS);
    buf_addc(b, '\n');
    buf_deinit(&time);
    buf_deinit(&limit);
    buf_deinit(&said);
}

static void add_plot(struct buf *b, const struct tune_shown *s)
{
    const struct tune_choice *c = s->choice;
    size_t first = first_shown(c), last = last_shown(c),
           bar = s->columns > 18 + LIMIT_COLUMNS + 2 * LEAST_BAR ? s->columns - 19 - LIMIT_COLUMNS : LEAST_BAR;
    bar = bar > 60 ? 60 : bar;
    buf_printf(b, "\n%8s %8s %-*s what binds\n", "requests", "time", (int)bar, "");
    for (size_t i = first; i <= last; i++)
        add_point(b, s, &c->points[i], (double)c->points[first].result.total_ms, bar);
}

static void add_setting(struct buf *b, int64_t v, const char *key)
{
    buf_printf(b, "%lld", (long long)v);
    if (v == 0)
        buf_printf(b, key[0] == 'r' ? " (a thread for each core)" : " (all)");
}

static void add_advice(struct buf *b, const struct tune_shown *s)
{
    const struct tune_choice *c = s->choice;
    struct tune_change changes[TUNE_CHANGES];
    size_t n = tune_changes(c, changes);
    buf_addc(b, '\n');
    for (size_t i = 0; i < n; i++) {
        buf_printf(b, "use workers.%s: ", changes[i].key);
        add_setting(b, changes[i].to, changes[i].key);
        buf_addz(b, ", now ");
        add_setting(b, changes[i].from, changes[i].key);
        buf_addc(b, '\n');
    }
    buf_addz(b, n ? "that takes " : "the settings are right: ");
    add_duration(b, c->best_result.total_ms);
    if (n) {
        buf_addz(b, " instead of ");
        add_duration(b, c->now_result.total_ms);
    }
    buf_addz(b, "; what binds then is ");
    tune_limit_say(b, &c->best_limit, s->load);
    if (c->best_limit.kind != TUNE_NONE) {
        buf_addz(b, " (twice as much: ");
        add_duration(b, (int64_t)((double)c->best_result.total_ms * c->best_limit.relief));
        buf_addc(b, ')');
    }
    buf_addc(b, '\n');
    for (size_t i = 0; i < s->load->n_lanes && i < s->run->load.n_lanes; i++) {
        const struct sim_lane *l = &s->load->lanes[i];
        if (l->cap <= 0 && l->per_minute <= 0 && c->best.requests > s->run->lanes[i].most_in_flight &&
            s->run->lanes[i].most_in_flight)
            buf_printf(b,
                       "%s was asked for %lld at once at most and met no limit; whether it takes more will be seen\n",
                       l->name, (long long)s->run->lanes[i].most_in_flight);
    }
}

void tune_show(struct buf *b, const struct tune_shown *s)
{
    add_head(b, s);
    add_plot(b, s);
    add_advice(b, s);
}

/* ---------- for programs ---------- */

static void set_number(struct arena *a, struct json *o, const char *key, double v)
{
    json_set(a, o, key, json_number(a, v));
}

static void set_limit(struct arena *a, struct json *o, const struct tune_limit *l, const struct sim_load *load)
{
    struct buf b = { 0 };
    tune_limit_say(&b, l, load);
    json_set(a, o, "binds", json_string(a, buf_str(&b)));
    set_number(a, o, "with_twice_as_much", round(l->relief * 1000) / 1000);
    buf_deinit(&b);
}

static struct json *settings_json(struct arena *a, const struct sim_settings *v, const struct sim_result *r,
                                  const struct tune_limit *l, const struct sim_load *load)
{
    struct json *o = json_object(a);
    set_number(a, o, "requests", (double)v->requests);
    set_number(a, o, "videos", (double)v->videos);
    set_number(a, o, "sections", (double)v->sections);
    set_number(a, o, "render", (double)v->render);
    set_number(a, o, "total_ms", (double)r->total_ms);
    set_number(a, o, "fetch_ms", (double)r->fetch_ms);
    set_number(a, o, "first_ms", (double)r->first_ms);
    set_limit(a, o, l, load);
    return o;
}

void tune_json(struct buf *b, const struct tune_shown *s)
{
    const struct tune_choice *c = s->choice;
    struct arena a = { 0 };
    struct json *o = json_object(&a), *points = json_array(&a);
    json_set(&a, o, "event", json_string(&a, STR("tune")));
    json_set(&a, o, "run", json_string(&a, str_from(s->name)));
    set_number(&a, o, "recorded_ms", (double)s->run->total_ms);
    set_number(&a, o, "simulated_ms", (double)s->replay_ms);
    set_number(&a, o, "lessons", (double)s->load->n_lessons);
    set_number(&a, o, "steps", (double)s->load->n_steps);
    json_set(&a, o, "now", settings_json(&a, &c->now, &c->now_result, &c->now_limit, s->load));
    json_set(&a, o, "best", settings_json(&a, &c->best, &c->best_result, &c->best_limit, s->load));
    for (size_t i = 0; i < c->n_points; i++) {
        struct json *p = json_object(&a);
        set_number(&a, p, "requests", (double)c->points[i].requests);
        set_number(&a, p, "total_ms", (double)c->points[i].result.total_ms);
        set_limit(&a, p, &c->points[i].limit, s->load);
        json_push(points, p);
    }
    json_set(&a, o, "points", points);
    json_print(b, o, 0);
    buf_addc(b, '\n');
    arena_deinit(&a);
}

/* ---------- a picture ---------- */

enum { SVG_W = 720, SVG_H = 400, SVG_LEFT = 80, SVG_BOTTOM = 340, SVG_TOP = 40, SVG_RIGHT = 690 };

static double x_of(const struct tune_choice *c, int64_t requests)
{
    double most = log2((double)c->points[c->n_points - 1].requests);
    return SVG_LEFT + (most > 0 ? log2((double)requests) / most : 0) * (SVG_RIGHT - SVG_LEFT);
}

static double y_of(double ms, double longest)
{
    return SVG_BOTTOM - (longest > 0 ? ms / longest : 0) * (SVG_BOTTOM - SVG_TOP);
}

static void add_svg_mark(struct buf *b, const struct tune_choice *c, const struct sim_settings *v,
                         const struct sim_result *r, double longest, const char *name, int dy)
{
    double x = x_of(c, v->requests), y = y_of((double)r->total_ms, longest);
    buf_printf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>",
               x, y);
    buf_printf(b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n", x, y + dy, name);
}

void tune_svg(struct buf *b, const struct tune_shown *s)
{
    const struct tune_choice *c = s->choice;
    double longest = 0;
    for (size_t i = 0; i < c->n_points; i++)
        longest = fmax(longest, (double)c->points[i].result.total_ms);
    buf_printf(
        b,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n"
        "<title>Time against requests at once</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n<g fill=\"#222\" color=\"#222\">\n",
        SVG_W, SVG_H);
    for (int i = 0; i <= 4; i++) {
        struct buf time = { 0 };
        double y = y_of(longest * i / 4, longest);
        add_duration(&time, (int64_t)(longest * i / 4));
        buf_printf(b,
                   "<path d=\"M%d %.1fH%d\" stroke=\"#ccc\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                   SVG_LEFT, y, SVG_RIGHT, SVG_LEFT - 8, y + 4, time.p);
        buf_deinit(&time);
    }
    buf_addz(b, "<polyline fill=\"none\" stroke=\"#1664c0\" stroke-width=\"2.5\" points=\"");
    for (size_t i = 0; i < c->n_points; i++)
        buf_printf(b, "%.1f,%.1f ", x_of(c, c->points[i].requests),
                   y_of((double)c->points[i].result.total_ms, longest));
    buf_addz(b, "\"/>\n");
    for (size_t i = 0; i < c->n_points; i++)
        buf_printf(b, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%lld</text>\n", x_of(c, c->points[i].requests),
                   SVG_BOTTOM + 20, (long long)c->points[i].requests);
    add_svg_mark(b, c, &c->now, &c->now_result, longest, "now", -12);
    add_svg_mark(b, c, &c->best, &c->best_result, longest, "best", 22);
    buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">requests at once</text>\n</g>\n</svg>\n",
               (SVG_LEFT + SVG_RIGHT) / 2, SVG_BOTTOM + 44);
}
