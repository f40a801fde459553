/* fallback_chance.c - whatever lists of providers fail in whatever order, every asset ends with one of them, bought once */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/rand.h"
#include "gen/fetch.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

enum { LESSONS = 4, SECTIONS = 5, RUNS = 4, DAY_MS = 24 * 3600 * 1000, MOST_SOLD = 600 };

#define PROVIDER(name, makes_kind, words, most)                                                                        \
    { .id = { name, sizeof name - 1 }, .lane = { name, sizeof name - 1 }, .kind = makes_kind, .makes = words,          \
      .has_key = true, .key_env = { "KEY", 3 }, .max_chars = most }

static const struct provider_info makers[] = {
    PROVIDER("anna", ASSET_IMAGE, "image", 0),   PROVIDER("bert", ASSET_IMAGE, "image", 0),
    PROVIDER("carl", ASSET_IMAGE, "image", 0),   PROVIDER("doris", ASSET_SPEECH, "speech", 0),
    PROVIDER("emil", ASSET_SPEECH, "speech", 40), PROVIDER("frieda", ASSET_SPEECH, "speech", 0),
    PROVIDER("gustav", ASSET_TEXT, "chat", 0),
};

static struct {                                 /* the world in use; one at a time */
    uint64_t seed;
    struct { char what[80]; int n_asked; bool is_sold; } sold[MOST_SOLD];
    size_t n_sold;
    const char *tame[3];                        /* what a chat model says */
    bool is_calm, is_wild;                      /* wild: jobs that go on there, and answers dearer than was said */
    int n_twice, n_needless;
    double spent;
} now;

static const struct { enum err_code code; int status; } troubles[] = {
    { ERR_SERVER, 503 }, { ERR_RATE, 429 },  { ERR_NET, 0 },    { ERR_INPUT, 400 }, { ERR_POLICY, 400 },
    { ERR_POLICY, 400 }, { ERR_INPUT, 400 }, { ERR_LOST, 404 }, { ERR_AUTH, 401 },  { ERR_QUOTA, 402 },
};

static size_t place_of(const struct want *want)
{
    char what[80];
    size_t i = 0;
    snprintf(what, sizeof what, STR_FMT "|" STR_FMT, STR_ARG(want->provider), STR_ARG(want->text));
    while (i < now.n_sold && strcmp(now.sold[i].what, what) != 0)
        i++;
    if (i == MOST_SOLD)
        abort();
    if (i == now.n_sold)
        snprintf(now.sold[now.n_sold++].what, sizeof what, "%s", what);
    return i;
}

static bool is_needed(const struct world *w, const struct want *want)
{
    for (size_t i = 0; i < w->plan.n_nodes; i++)
        if (w->plan.nodes[i]->fetch && &w->plan.nodes[i]->fetch->want == want)
            return !node_is_idle(w->plan.nodes[i]);
    return false;
}

/* Depends on who is asked for what, and how often that was, never on the order of requests. */
static struct answer moody(struct world *w, const struct want *want, int nth)
{
    size_t i = place_of(want);
    struct rng r = rng_from_text(str_from(now.sold[i].what), now.seed * 64 + (uint64_t)(now.sold[i].n_asked++ & 63));
    struct rng of = rng_from_text(want->provider, now.seed);
    struct answer a = { .latency_ms = 1 + (int64_t)rng_below(&r, 3000) };
    uint64_t temper = rng_below(&of, 4) * 20;   /* some are good, some fail most of the time */
    (void)nth;
    now.n_needless += !is_needed(w, want);
    now.n_twice += now.sold[i].is_sold;
    if (!now.is_calm && rng_below(&r, 100) < temper) {
        size_t t = (size_t)rng_below(&r, COUNTOF(troubles));
        a.code = troubles[t].code;
        a.status = troubles[t].status;
        a.told_ms = rng_below(&r, 3) ? 0 : (int64_t)rng_below(&r, 200000);
    }
    if (now.is_wild) {
        a.is_async = rng_below(&r, 3) == 0;
        a.is_over = rng_below(&r, 2);
        a.cost_known = rng_below(&r, 2);
        a.cost = 0.03;
    }
    if (want->kind == ASSET_TEXT)
        a.says = now.tame[want->text.p[want->text.n - 1] % COUNTOF(now.tame)];
    now.sold[i].is_sold = a.code == ERR_NONE;
    return a;
}

static void quote(void *ctx, const struct want *want, struct arena *a, struct quote *out)
{
    (void)ctx, (void)a, (void)want;
    *out = (struct quote){ .money = 0.01 };
}

static struct str any_list(struct rng *r, const struct provider_info *of, const char *own, struct arena *a)
{
    struct buf b = { 0 };
    size_t n = 1 + (size_t)rng_below(r, 3);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i ? "," : "", of[rng_below(r, 3)].id.p);
    if (rng_below(r, 2))
        buf_printf(&b, ",%s", own);
    struct str s = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return s;
}

static void make_section(struct rng *r, struct section *s, struct arena *a)
{
    s->image_prompt = arena_printf(a, "picture %d", (int)rng_below(r, 8));
    if (rng_below(r, 6))
        s->narration = arena_printf(a, "Sentence %d is said.%s", (int)rng_below(r, 8),
                                    rng_below(r, 3) ? "" : " Another one follows it. And then a third one comes.");
    else
        s->narration = STR("");
    if (rng_below(r, 3) == 0)
        s->image_opts.provider = any_list(r, makers, "slide", a);
    if (rng_below(r, 6) == 0)
        s->voice.provider = any_list(r, makers + 3, "espeak", a);
    static const char *const rules[] = { "fail", "card", "soften", "soften,card" };
    s->image_opts.on_refused = str_from(rules[rng_below(r, COUNTOF(rules))]);
    s->voice.fallback = rng_below(r, 2) ? FALLBACK_LESSON : (int)rng_below(r, FALLBACK_N);
    if (s->narration.n == 0)
        s->duration = 2;
}

static void check_film(const char *row, const struct film *f, bool fetch_only)
{
    bool is_made = fetch_only ? f->join->state != NODE_FAILED : f->join->state == NODE_DONE;
    for (size_t i = 0; is_made && i < f->n_sections; i++) {
        const struct plan_section *ps = &f->sections[i];
        CHECK_ROW(row, ps->pictures[0].image && ps->pictures[0].image->state == NODE_DONE);
        CHECK_ROW(row, !ps->section->narration.n || ps->speech->state == NODE_DONE);
        if (ps->bound)
            CHECK_ROW(row, ps->speech_by.at == ps->bound->speech_by.at);
    }
}

static void check_run(const char *row, struct world *w)
{
    CHECK_ROW(row, w->ok);
    CHECK_INT(row, 0, now.is_wild ? 0 : now.n_twice); /* a job that is resumed is asked for again in this world */
    CHECK_INT(row, 0, now.is_wild ? 0 : now.n_needless);
    CHECK_INT(row, LESSONS, w->result.n_done + w->result.n_failed);
    CHECK_ROW(row, w->most_in_flight <= w->config.workers.requests + w->in_flight);
    for (size_t i = 0; i < w->plan.n_films; i++)
        if (w->plan.films[i].is_planned)
            check_film(row, &w->plan.films[i], w->fetch_only && !w->stop);
}

static void one_world(uint64_t seed)
{
    struct world w;
    const struct lesson *l[LESSONS];
    struct arena a = { 0 };
    struct rng r = { seed * 7 + 1 };
    char row[40];
    snprintf(row, sizeof row, "seed %d", (int)seed);
    memset(&now, 0, sizeof now);
    now.seed = seed;
    now.is_wild = seed % 2;
    now.tame[0] = "a tame picture", now.tame[1] = "another tame picture", now.tame[2] = "picture 3";
    world_init(&w);
    for (size_t i = 0; i < COUNTOF(makers); i++)
        w.infos[i] = &makers[i];
    w.provider = moody;
    w.transport.quote = quote;
    w.config.workers.requests = 1 + (int64_t)rng_below(&r, 6);
    w.config.workers.sections = (int64_t)rng_below(&r, 4);
    w.config.workers.videos = (int64_t)rng_below(&r, 3);
    w.keep_ms = rng_below(&r, 2) ? 0 : (int64_t)rng_below(&r, 4000);
    w.work_ms[0] = (int64_t)rng_below(&r, 500);
    w.read_ms = rng_below(&r, 2) ? 0 : 1 + (int64_t)rng_below(&r, 200);
    w.is_first_read = rng_below(&r, 2);
    w.config.use.image = any_list(&r, makers, "slide", &a);
    w.config.use.chat = STR("gustav");
    w.config.use.speech = any_list(&r, makers + 3, "espeak", &a);
    if (rng_below(&r, 5) == 0)
        w.config.budget.max_cost = 0.01 * (double)(10 + rng_below(&r, 30));
    for (int i = 0; i < LESSONS; i++) {
        struct lesson *one = world_lesson(&w, (char[]){ (char)('a' + i), 0 }, 1 + (size_t)rng_below(&r, SECTIONS));
        for (size_t k = 0; k < one->n_sections; k++)
            make_section(&r, &one->sections[k], &a);
        l[i] = one;
    }
    for (int run = 0; run < RUNS; run++) {
        int64_t from = w.now_ms;
        now.is_calm = run == RUNS - 1;
        w.fetch_only = !now.is_calm && rng_below(&r, 3) == 0;
        w.is_unchecked = w.fetch_only && rng_below(&r, 2);
        w.stop = 0;
        w.stop_at_ms = now.is_calm || rng_below(&r, 2) ? from + DAY_MS : from + (int64_t)rng_below(&r, 8000) + 1;
        w.stop_signal = rng_below(&r, 2) ? SIGINT : SIGTERM;
        if (now.is_calm)
            w.config.budget.max_cost = 0;
        world_run(&w, l, LESSONS);
        if (!w.ok && w.err.code == ERR_QUOTA)   /* the plan did not fit the limit */
            continue;
        check_run(row, &w);
        CHECK_ROW(row, w.now_ms - from < DAY_MS); /* it ended by itself */
        if (w.config.budget.max_cost > 0 && !now.is_wild)
            CHECK_ROW(row, w.result.spent <= w.config.budget.max_cost + 1e-9);
        if (now.is_calm)
            CHECK_INT(row, LESSONS, w.result.n_done);
        world_abandon(&w);
        w.most_in_flight = 0;
    }
    world_deinit(&w);
    arena_deinit(&a);
}

TEST(every_asset_ends_with_one_provider_of_its_list_and_is_bought_once)
{
    const char *from = getenv("CHANCE_FROM"), *to = getenv("CHANCE_TO"); /* by hand, 500 at most */
    uint64_t end = to ? strtoull(to, NULL, 10) : 60;
    for (uint64_t seed = from ? strtoull(from, NULL, 10) : 0; seed < end; seed++)
        one_world(seed);
}
