/* plan.c - a plan for a person or a program */
#include "cmd/plan.h"
#include <math.h>
#include <string.h>
#include "cmd/columns.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config.h"
#include "gen/plan_sum.h"

enum { WIDTH = 80, FIRST_LEAST = 12 };

struct shown {
    struct app *app;
    const struct plan *plan;
    struct plan_sum sum;
    double limit; /* < 0: none */
    size_t n_dir; /* bytes of the directory that all lessons share */
    struct arena arena;
};

/* ---------- columns ---------- */

enum column_type { COLUMN_COUNT, COLUMN_AMOUNT, COLUMN_MONEY };

enum { ALWAYS = 1, OF_MAKER = 2 };

#define COLUMN(column_title, column_key, column_type, field, column_flags)                                             \
    {                                                                                                                  \
        column_title, column_key, offsetof(struct plan_amount, field), column_type, column_flags                       \
    }

/* Those whose total is 0 are left out of the text. */
static const struct column {
    const char *title, *key; /* in the text (NULL: not there), in JSON */
    size_t offset;           /* into struct plan_amount: size_t of COUNT, else double */
    enum column_type type;
    unsigned flags; /* OF_MAKER: says something of one provider, too */
} columns[] = {
    COLUMN(NULL, "sections", COLUMN_COUNT, n_sections, 0),
    COLUMN("pictures", "images", COLUMN_COUNT, n_of[ASSET_IMAGE], 0),
    COLUMN("clips", "clips", COLUMN_COUNT, n_of[ASSET_VIDEO], 0),
    COLUMN("speech", "speech", COLUMN_COUNT, n_of[ASSET_SPEECH], 0),
    COLUMN("chat", "texts", COLUMN_COUNT, n_of[ASSET_TEXT], 0),
    COLUMN("calls", "calls", COLUMN_COUNT, n_calls, ALWAYS | OF_MAKER),
    COLUMN("chars", "characters", COLUMN_AMOUNT, chars, OF_MAKER),
    COLUMN(NULL, "clip_seconds", COLUMN_AMOUNT, seconds, OF_MAKER),
    COLUMN(NULL, "tokens", COLUMN_AMOUNT, tokens, OF_MAKER),
    COLUMN("cached", "cached", COLUMN_COUNT, n_cached, 0),
    COLUMN("shared", "shared", COLUMN_COUNT, n_shared, 0),
    COLUMN("local", "made_here", COLUMN_COUNT, n_local, 0),
    COLUMN("no price", "unpriced", COLUMN_COUNT, n_unpriced, OF_MAKER),
    COLUMN("cost", "cost", COLUMN_MONEY, money, ALWAYS | OF_MAKER),
};

static double value_of(const struct column *c, const struct plan_amount *s)
{
    const char *at = (const char *)s + c->offset;
    size_t count;
    double amount;
    memcpy(&count, at, sizeof count);
    memcpy(&amount, at, sizeof amount);
    return c->type == COLUMN_COUNT ? (double)count : amount;
}

/* ---------- for a program ---------- */

static void set_amount(struct arena *a, struct json *o, const struct plan_amount *s)
{
    for (size_t i = 0; i < COUNTOF(columns); i++)
        json_set(a, o, columns[i].key, json_number(a, round(value_of(&columns[i], s) * 1e6) / 1e6));
}

static struct json *films_json(struct shown *v)
{
    struct arena *a = &v->arena;
    struct json *list = json_array(a);
    for (size_t i = 0; i < v->plan->n_films; i++) {
        const struct film *f = &v->plan->films[i];
        struct json *o = json_object(a);
        json_set(a, o, "lesson", json_string(a, f->lesson->path));
        json_set(a, o, "output", json_string(a, f->out_path));
        set_amount(a, o, &v->sum.films[i]);
        if (!f->is_planned) {
            json_set(a, o, "code", json_string(a, str_from(err_code_name(f->err.code))));
            json_set(a, o, "message", json_string(a, str_from(f->err.msg)));
        }
        json_push(list, o);
    }
    return list;
}

static struct json *makers_json(struct shown *v)
{
    struct arena *a = &v->arena;
    struct json *list = json_array(a);
    for (size_t i = 0; i < v->sum.n_makers; i++) {
        const struct plan_maker *m = &v->sum.makers[i];
        struct json *o = json_object(a);
        json_set(a, o, "provider", json_string(a, m->provider->id));
        if (m->model.n)
            json_set(a, o, "model", json_string(a, m->model));
        json_set(a, o, "makes", json_string(a, str_from(m->provider->makes)));
        for (size_t k = 0; k < COUNTOF(columns); k++)
            if (columns[k].flags & OF_MAKER)
                json_set(a, o, columns[k].key, json_number(a, round(value_of(&columns[k], &m->sum) * 1e6) / 1e6));
        json_set(a, o, "ready", json_bool(a, m->provider->has_key));
        if (!m->provider->has_key)
            json_set(a, o, "needs", json_string(a, m->provider->needs));
        json_push(list, o);
    }
    return list;
}

static bool fits(const struct shown *v)
{
    bool is_priced = v->sum.total.n_unpriced == 0 || v->app->config->budget.allow_unpriced;
    return v->limit < 0 || (is_priced && v->sum.total.money <= v->limit + 1e-9);
}

static void print_json(struct shown *v)
{
    struct arena *a = &v->arena;
    struct json *o = json_object(a), *total = json_object(a);
    struct buf b = { 0 };
    set_amount(a, total, &v->sum.total);
    json_set(a, o, "event", json_string(a, STR("plan")));
    json_set(a, o, "lessons", films_json(v));
    json_set(a, o, "providers", makers_json(v));
    json_set(a, o, "total", total);
    json_set(a, o, "currency", json_string(a, v->app->config->budget.currency));
    json_set(a, o, "limit", v->limit < 0 ? json_null(a) : json_number(a, v->limit));
    json_set(a, o, "fits", json_bool(a, fits(v)));
    json_print(&b, o, 0);
    fprintf(v->app->out, "%s\n", buf_str(&b).p);
    buf_deinit(&b);
}

/* ---------- for a person ---------- */

static struct str grouped(struct arena *a, double n)
{
    struct str plain = arena_printf(a, "%.0f", n);
    struct buf b = { 0 };
    for (size_t i = 0; i < plain.n; i++) {
        if (i && (plain.n - i) % 3 == 0)
            buf_addc(&b, ',');
        buf_addc(&b, plain.p[i]);
    }
    struct str s = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return s;
}

/* Cents; where all of it is only some of them, fractions as well. */
static struct str money_text(struct shown *v, double money)
{
    return arena_printf(&v->arena, v->sum.total.money < 0.1 && v->sum.total.money > 0 ? "%.4f" : "%.2f", money);
}

static struct str cell(struct shown *v, const struct column *c, const struct plan_amount *s)
{
    double value = value_of(c, s);
    if (c->type == COLUMN_MONEY)
        return s->n_calls && s->n_unpriced == s->n_calls ? STR("?") : money_text(v, value);
    return grouped(&v->arena, value);
}

static bool is_column(const struct column *c, const struct plan_amount *total)
{
    return c->title && ((c->flags & ALWAYS) || value_of(c, total) > 0);
}

static struct str title_of(const struct shown *v, const struct column *c)
{
    return c->type == COLUMN_MONEY ? v->app->config->budget.currency : str_from(c->title);
}

static size_t width_of(struct shown *v, const struct column *c)
{
    size_t n = cell(v, c, &v->sum.total).n, title = columns_count(title_of(v, c));
    return 2 + (n > title ? n : title);
}

static void line(struct shown *v, struct str first, size_t width, const struct plan_amount *s)
{
    struct buf b = { 0 }, clean = { 0 };
    text_clean(&clean, first, 0);
    size_t used = columns_add(&b, buf_str(&clean), width);
    buf_printf(&b, "%*s", (int)(width - used), "");
    for (size_t i = 0; i < COUNTOF(columns); i++) {
        const struct column *c = &columns[i];
        if (!is_column(c, &v->sum.total))
            continue;
        struct str text = s ? cell(v, c, s) : title_of(v, c);
        buf_printf(&b, "%*.*s", (int)width_of(v, c), STR_ARG(text));
    }
    fprintf(v->app->out, "%s\n", buf_str(&b).p);
    buf_deinit(&clean);
    buf_deinit(&b);
}

/* Up to and with the last '/' that the paths of all lessons have in common. */
static size_t common_dir(const struct plan *p)
{
    struct str first = p->films[0].lesson->path;
    size_t n = first.n;
    for (size_t i = 1; i < p->n_films; i++) {
        struct str path = p->films[i].lesson->path;
        size_t k = 0;
        while (k < n && k < path.n && path.p[k] == first.p[k])
            k++;
        n = k;
    }
    while (n && first.p[n - 1] != '/')
        n--;
    return n;
}

static struct str film_name(const struct shown *v, size_t i)
{
    struct str path = v->plan->films[i].lesson->path;
    return (struct str){ path.p + v->n_dir, path.n - v->n_dir };
}

static size_t first_width(struct shown *v, struct str last)
{
    size_t others = 0, first = columns_count(last);
    for (size_t i = 0; i < COUNTOF(columns); i++)
        others += is_column(&columns[i], &v->sum.total) ? width_of(v, &columns[i]) : 0;
    for (size_t i = 0; i < v->plan->n_films; i++) {
        size_t n = columns_count(film_name(v, i));
        first = n > first ? n : first;
    }
    size_t room = others + FIRST_LEAST < WIDTH ? WIDTH - others : FIRST_LEAST;
    return first < room ? first : room;
}

static void print_films(struct shown *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->plan->n_films; i++)
        n += v->plan->films[i].is_planned;
    struct str last = arena_printf(&v->arena, "%zu lessons", n);
    size_t first = first_width(v, last);
    line(v, STR("lesson"), first, NULL);
    for (size_t i = 0; i < v->plan->n_films; i++)
        if (v->plan->films[i].is_planned)
            line(v, film_name(v, i), first, &v->sum.films[i]);
    if (n > 1)
        line(v, last, first, &v->sum.total);
}

/* "12 pictures", "1 narration, 451 characters", ... */
static struct str what_of(struct arena *a, const struct plan_maker *m)
{
    static const char *const things[ASSET_N_KINDS] = {
        [ASSET_IMAGE] = "picture", [ASSET_SPEECH] = "narration", [ASSET_VIDEO] = "clip", [ASSET_TEXT] = "answer"
    };
    const struct plan_amount *s = &m->sum;
    struct buf b = { 0 };
    for (size_t k = 0; k < ASSET_N_KINDS; k++)
        if (s->n_of[k])
            buf_printf(&b, "%zu %s%s", s->n_of[k], things[k] ? things[k] : "call", s->n_of[k] == 1 ? "" : "s");
    if (s->chars > 0)
        buf_printf(&b, ", %s characters", grouped(a, s->chars).p);
    if (s->seconds > 0)
        buf_printf(&b, ", %s seconds", grouped(a, s->seconds).p);
    if (s->tokens > 0)
        buf_printf(&b, ", %s tokens", grouped(a, s->tokens).p);
    struct str text = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return text;
}

static void print_makers(struct shown *v)
{
    for (size_t i = 0; i < v->sum.n_makers; i++) {
        const struct plan_maker *m = &v->sum.makers[i];
        struct str name =
            m->model.n ? arena_printf(&v->arena, STR_FMT ", " STR_FMT, STR_ARG(m->provider->id), STR_ARG(m->model))
                       : m->provider->id;
        struct buf b = { 0 }, clean = { 0 };
        text_clean(&clean, name, 0);
        size_t used = columns_add(&b, buf_str(&clean), 34);
        buf_printf(&b, "%*s%-34s", (int)(36 - used), "", what_of(&v->arena, m).p);
        if (m->sum.n_unpriced == 0)
            buf_printf(&b, "%10s", money_text(v, m->sum.money).p);
        else
            buf_printf(&b, "%10s", "no price");
        fprintf(v->app->out, "%s\n", buf_str(&b).p);
        buf_deinit(&clean);
        buf_deinit(&b);
    }
}

static void print_limit(struct shown *v)
{
    const struct plan_amount *t = &v->sum.total;
    struct str currency = v->app->config->budget.currency;
    FILE *out = v->app->out;
    if (v->limit < 0) {
        fputs("There is no limit (--max-cost, budget.max_cost).\n", out);
        return;
    }
    fprintf(out, "The limit is %.2f " STR_FMT ": ", v->limit, STR_ARG(currency));
    if (t->money > v->limit)
        fprintf(out, "%.2f too little; a build would refuse and buy nothing.\n", t->money - v->limit);
    else if (!fits(v))
        fputs("calls without a price need --allow-unpriced.\n", out);
    else
        fprintf(out, "about %.2f of it stay.\n", v->limit - t->money);
}

static void print_needs(struct shown *v)
{
    for (size_t i = 0; i < v->sum.n_makers; i++) {
        const struct provider_info *p = v->sum.makers[i].provider;
        bool is_said = p->has_key;
        for (size_t k = 0; k < i; k++)
            is_said = is_said || v->sum.makers[k].provider == p;
        if (!is_said)
            fprintf(v->app->out, "A build needs, for " STR_FMT ": " STR_FMT ".\n", STR_ARG(p->id), STR_ARG(p->needs));
    }
}

static void print_text(struct shown *v)
{
    const struct plan_amount *t = &v->sum.total;
    FILE *out = v->app->out;
    print_films(v);
    if (v->sum.n_makers) {
        fputc('\n', out);
        print_makers(v);
    }
    if (t->n_calls)
        fprintf(out, "\n%zu call%s to remote providers, about %s " STR_FMT, t->n_calls, t->n_calls == 1 ? "" : "s",
                money_text(v, t->money).p, STR_ARG(v->app->config->budget.currency));
    else
        fputs("\nNothing is to be bought", out);
    if (t->n_unpriced)
        fprintf(out, "; %zu of them have no price", t->n_unpriced);
    fputs(".\n", out);
    if (t->n_cached)
        fprintf(out, "Cached, and not bought again: %zu.\n", t->n_cached);
    if (t->n_shared)
        fprintf(out, "Wanted by more than one section, and bought once: %zu.\n", t->n_shared);
    print_limit(v);
    print_needs(v);
}

/* ---------- all of it ---------- */

/* The lessons that cannot be made say why, on stderr as a build does; in JSON they say it themselves. */
static int worst_film(struct shown *v)
{
    int worst = 0;
    for (size_t i = 0; i < v->plan->n_films; i++) {
        const struct film *f = &v->plan->films[i];
        if (f->is_planned)
            continue;
        struct err e = f->err;
        int code = err_exit_code(e.code);
        if (!v->app->opt.json) {
            err_wrap(&e, STR_FMT, STR_ARG(f->lesson->path));
            app_fail(v->app, &e);
        }
        worst = code > worst ? code : worst;
    }
    return worst;
}

int plan_print(struct app *app, const struct plan *p)
{
    struct shown v = { .app = app, .plan = p, .limit = app->config->budget.max_cost };
    plan_add_up(p, &v.arena, &v.sum);
    v.n_dir = common_dir(p);
    if (app->opt.json)
        print_json(&v);
    else
        print_text(&v);
    int worst = worst_film(&v), over = fits(&v) ? 0 : err_exit_code(ERR_QUOTA);
    arena_deinit(&v.arena);
    return worst > over ? worst : over;
}
