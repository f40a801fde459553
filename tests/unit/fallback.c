/* fallback.c - tests of lists of providers: who takes over when one cannot serve, and what that costs */
#include <signal.h>
#include <string.h>
#include "gen/fetch.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

#define PROVIDER(name, makes_kind, words)                                                                              \
    {                                                                                                                  \
        .id = { name, sizeof name - 1 }, .lane = { name, sizeof name - 1 }, .kind = makes_kind, .makes = words,        \
        .has_key = true, .key_env = {                                                                                  \
            "KEY",                                                                                                     \
            3                                                                                                          \
        }                                                                                                              \
    }

static const struct provider_info first = PROVIDER("first", ASSET_IMAGE, "image"),
                                  second = PROVIDER("second", ASSET_IMAGE, "image"),
                                  third = PROVIDER("third", ASSET_IMAGE, "image"),
                                  alice = PROVIDER("alice", ASSET_SPEECH, "speech"),
                                  bob = PROVIDER("bob", ASSET_SPEECH, "speech"),
                                  model = PROVIDER("model", ASSET_TEXT, "chat");

/* What a provider does with everything, or with what holds `match`. */
struct script {
    const char *provider, *match;
    struct answer does;
};
static const struct script *scripts; /* of the test in hand; ended by a NULL provider */
static struct {
    const char *provider;
    int n;
} asked[8];
static int n_switched; /* events */

static int *counter(const char *provider)
{
    size_t i = 0;
    while (asked[i].provider && strcmp(asked[i].provider, provider) != 0)
        i++;
    asked[i].provider = provider;
    return &asked[i].n;
}

static struct answer scripted(struct world *w, const struct want *want, int nth)
{
    ++*counter(want->provider.p);
    for (const struct script *s = scripts; s->provider; s++)
        if (str_is(want->provider, s->provider) &&
            (!s->match || memmem(want->text.p, want->text.n, s->match, strlen(s->match))))
            return s->does;
    return world_typical(w, want, nth);
}

static void quote(void *ctx, const struct want *want, struct arena *a, struct quote *out)
{
    (void)ctx, (void)a;
    *out = (struct quote){ .money = str_is(want->provider, "second")  ? 0.02
                                    : str_is(want->provider, "third") ? 0.01
                                    : want->kind == ASSET_IMAGE       ? 0.04
                                                                      : 0.001,
                           .model = STR("") };
}

static void watch(void *ctx, const struct status_event *ev, const struct status_totals *t)
{
    (void)ctx, (void)t;
    n_switched += ev->type == STATUS_SWITCH;
}

static void begin(struct world *w, const char *images, const char *voices, const struct script *s)
{
    static const struct provider_info *const all[] = { &first, &second, &third, &alice, &bob, &model };
    world_init(w);
    memset(asked, 0, sizeof asked);
    n_switched = 0;
    scripts = s;
    for (size_t i = 0; i < COUNTOF(all); i++)
        w->infos[i] = all[i];
    w->provider = scripted;
    w->status.event = watch;
    w->transport.quote = quote;
    w->config.use.image = str_from(images);
    w->config.use.speech = str_from(voices);
}

static const char *maker(const struct world *w, size_t film, size_t section, enum asset_kind kind)
{
    const struct plan_section *ps = &w->plan.films[film].sections[section];
    const struct node *n = kind == ASSET_IMAGE ? ps->pictures[0].image : ps->speech;
    return n->state == NODE_DONE ? node_provider(n) : "nobody";
}

#define FAILS(code_, status_)                                                                                          \
    {                                                                                                                  \
        .latency_ms = 50, .code = code_, .status = status_                                                             \
    }

static const struct {
    const char *name;
    struct answer does;
    const char *drawn_by;
    bool is_done;
} reasons[] = {
    { "a refused key", FAILS(ERR_AUTH, 401), "second", true },
    { "no money", FAILS(ERR_QUOTA, 402), "second", true },
    { "a server that fails for ever", FAILS(ERR_SERVER, 500), "second", true },
    { "a request it does not take", FAILS(ERR_INPUT, 400), "second", true },
    { "a picture it does not make", FAILS(ERR_POLICY, 400), "second", true },
    { "a wait that is too long",
      { .latency_ms = 50, .code = ERR_RATE, .status = 429, .told_ms = 3600000 },
      "second",
      true },
    { "an answer that may have been paid", FAILS(ERR_NET, 0), "nobody", false },
    { "a job that is lost", FAILS(ERR_LOST, 0), "nobody", false },
};

TEST(the_next_provider_takes_over_for_every_reason_but_one_that_may_have_cost_money)
{
    for (size_t i = 0; i < COUNTOF(reasons); i++) {
        struct world w;
        const struct script s[] = { { "first", NULL, reasons[i].does }, { 0 } };
        begin(&w, "first,second", "alice", s);
        const struct lesson *l = world_lesson(&w, "a", 3);
        world_run(&w, &l, 1);
        CHECK_STR(reasons[i].name, reasons[i].drawn_by, str_from(maker(&w, 0, 1, ASSET_IMAGE)));
        CHECK_INT(reasons[i].name, reasons[i].is_done, (int)w.result.n_done);
        CHECK_INT(reasons[i].name, reasons[i].is_done ? ERR_NONE : ERR_NET,
                  w.result.worst == ERR_LOST ? ERR_NET : w.result.worst);
        CHECK_INT(reasons[i].name, reasons[i].is_done ? 3 : 0, n_switched);
        world_deinit(&w);
    }
}

#define JOB_FAILS(code_, status_)                                                                                      \
    {                                                                                                                  \
        .latency_ms = 50, .code = code_, .status = status_, .is_async = true, .is_over = true                          \
    }

static const struct {
    const char *name;
    struct answer does;
    const char *drawn_by;
} job_ends[] = {
    { "it says that it failed", JOB_FAILS(ERR_SERVER, 200), "second" },
    { "it says that it does not make that", JOB_FAILS(ERR_POLICY, 422), "second" },
    { "it says that it is done, and the result cannot be found", JOB_FAILS(ERR_SERVER, 0), "nobody" },
    { "it must not be asked any more", JOB_FAILS(ERR_AUTH, 401), "nobody" },
    { "the account is empty by now", JOB_FAILS(ERR_QUOTA, 402), "nobody" },
    { "its result lies where nothing is fetched from", JOB_FAILS(ERR_CONFIG, 200), "nobody" },
};

TEST(a_job_that_may_have_made_its_picture_is_not_bought_elsewhere)
{
    for (size_t i = 0; i < COUNTOF(job_ends); i++) {
        struct world w;
        const struct script s[] = { { "first", NULL, job_ends[i].does }, { 0 } };
        begin(&w, "first,second", "alice", s);
        const struct lesson *l = world_lesson(&w, "a", 1);
        world_run(&w, &l, 1);
        CHECK_STR(job_ends[i].name, job_ends[i].drawn_by, str_from(maker(&w, 0, 0, ASSET_IMAGE)));
        CHECK_INT(job_ends[i].name, strcmp(job_ends[i].drawn_by, "second") == 0, *counter("second"));
        world_deinit(&w);
    }
}

TEST(merely_too_fast_is_waited_for_and_goes_nowhere_else)
{
    struct world w;
    static const struct script s[] = {
        { "first", NULL, { .latency_ms = 50, .code = ERR_RATE, .status = 429, .told_ms = 1000 } }, { 0 }
    };
    begin(&w, "first,second", "alice", s);
    const struct lesson *l = world_lesson(&w, "a", 1);
    w.config.limits.attempts = 3;
    w.stop_at_ms = 2000;
    world_run(&w, &l, 1);
    CHECK_INT("asked of the next one", 0, *counter("second"));
    world_deinit(&w);
}

TEST(a_list_is_gone_through_in_order_and_may_end_with_a_slide)
{
    struct world w;
    static const struct script s[] = { { "first", NULL, FAILS(ERR_QUOTA, 402) },
                                       { "second", "picture 2", FAILS(ERR_POLICY, 400) },
                                       { "third", NULL, FAILS(ERR_AUTH, 401) },
                                       { 0 } };
    begin(&w, "first,second,third,slide", "alice,espeak", s);
    const struct lesson *l = world_lesson(&w, "a", 3);
    world_run(&w, &l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_STR("of the next", "second", str_from(maker(&w, 0, 0, ASSET_IMAGE)));
    CHECK_STR("of the last", "slide", str_from(maker(&w, 0, 1, ASSET_IMAGE)));
    CHECK(w.plan.films[0].sections[1].shots[0].is_drawn);
    CHECK_INT("asked of the third", 1, *counter("third"));
    CHECK_STR("who can goes on", "alice", str_from(maker(&w, 0, 0, ASSET_SPEECH)));
    CHECK_INT("code", ERR_NONE, w.result.worst);
    world_deinit(&w);
}

TEST(the_last_of_a_list_that_fails_fails_the_lesson_with_its_reason)
{
    struct world w;
    static const struct script s[] = { { "first", NULL, FAILS(ERR_QUOTA, 402) },
                                       { "second", NULL, FAILS(ERR_POLICY, 400) },
                                       { 0 } };
    begin(&w, "first,second", "alice", s);
    const struct lesson *l = world_lesson(&w, "a", 2);
    world_run(&w, &l, 1);
    CHECK_INT("failed", 1, w.result.n_failed);
    CHECK_INT("code", ERR_POLICY, w.result.worst);
    CHECK(strstr(w.plan.films[0].join->err->msg, "second") != NULL);
    CHECK_INT("asked twice of the second", 2, *counter("second"));
    world_deinit(&w);
}

TEST(what_the_next_one_made_in_an_earlier_run_costs_nothing)
{
    struct world w;
    static const struct script s[] = { { "first", NULL, FAILS(ERR_QUOTA, 402) }, { 0 } };
    begin(&w, "second", "alice", s);
    const struct lesson *l = world_lesson(&w, "a", 4);
    world_run(&w, &l, 1);
    CHECK_INT("bought", 4, *counter("second"));
    w.config.use.image = STR("first,second");
    w.config.workers.requests = 2;
    world_run(&w, &l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("bought again", 4, *counter("second"));
    CHECK_INT("spent", 0, (int)(w.result.spent * 1000));
    CHECK_INT("asked of the first", 0, *counter("first"));
    world_deinit(&w);
}

TEST(what_the_next_one_made_is_used_and_not_bought_again_when_the_first_one_can_serve_again)
{
    struct world w;
    const struct script down[] = { { "first", "picture 2", FAILS(ERR_POLICY, 400) },
                                   { "alice", NULL, FAILS(ERR_QUOTA, 402) },
                                   { 0 } };
    static const struct script well[] = { { 0 } };
    begin(&w, "first,second", "alice,bob", down);
    struct lesson *l = world_lesson(&w, "a", 3);
    const struct lesson *const list[] = { l };
    world_run(&w, list, 1);
    CHECK_INT("done", 1, w.result.n_done);
    scripts = well;
    w.n_requests = 0;
    world_run(&w, list, 1);
    CHECK_INT("nothing is bought again", 0, w.n_requests);
    CHECK_STR("picture", "second", str_from(maker(&w, 0, 1, ASSET_IMAGE)));
    CHECK_STR("voice", "bob", str_from(maker(&w, 0, 0, ASSET_SPEECH)));
    l->sections[2].narration = STR("Something else is said here.");
    world_run(&w, list, 1);
    CHECK_INT("the one that changed", 1, w.n_requests);
    CHECK_STR("in the lesson's voice", "bob", str_from(maker(&w, 0, 2, ASSET_SPEECH)));
    world_deinit(&w);
}

TEST(speech_that_a_lesson_planned_and_left_for_another_voice_is_made_for_the_lesson_that_shares_it)
{
    struct world w;
    static const struct script down[] = { { "alice", "a says sentence 2", FAILS(ERR_INPUT, 400) }, { 0 } };
    static const struct script well[] = { { 0 } };
    begin(&w, "first", "alice,bob", down);
    struct lesson *a = world_lesson(&w, "a", 2), *b = world_lesson(&w, "b", 1);
    world_run(&w, (const struct lesson *const[]){ a }, 1);
    CHECK_STR("voice", "bob", str_from(maker(&w, 0, 0, ASSET_SPEECH)));
    /* new words in both: a plans them with alice, then follows its other section to bob; b stays with alice */
    a->sections[0].narration = b->sections[0].narration = STR("Said in two lessons.");
    scripts = well;
    world_run(&w, (const struct lesson *const[]){ a, b }, 2);
    CHECK_INT("films", 2, w.result.n_done);
    CHECK_STR("voice of the first", "bob", str_from(maker(&w, 0, 0, ASSET_SPEECH)));
    CHECK_STR("voice of the second", "alice", str_from(maker(&w, 1, 0, ASSET_SPEECH)));
    world_deinit(&w);
}

TEST(sections_that_shared_a_picture_move_together_and_get_slides_of_their_own)
{
    struct world w;
    static const struct script s[] = { { "first", NULL, FAILS(ERR_QUOTA, 402) },
                                       { "second", NULL, FAILS(ERR_INPUT, 400) },
                                       { 0 } };
    const struct lesson *l[2];
    begin(&w, "first,second", "alice", s);
    struct lesson *a = world_lesson(&w, "a", 3), *b = world_lesson(&w, "b", 3);
    for (size_t i = 0; i < 3; i++)
        a->sections[i].image_prompt = b->sections[i].image_prompt = STR("the same wafer");
    b->sections[1].image_opts.provider = STR("first, slide");
    b->sections[2].image_opts.provider = STR("first, third");
    l[0] = a, l[1] = b;
    w.config.workers.videos = 1;
    scripts = s;
    world_run(&w, l, 2);
    CHECK_INT("asked of the first, once", 1, *counter("first"));
    CHECK_INT("asked of the second, once", 1, *counter("second"));
    CHECK_STR("slide", "slide", str_from(maker(&w, 1, 1, ASSET_IMAGE)));
    CHECK_STR("third", "third", str_from(maker(&w, 1, 2, ASSET_IMAGE)));
    CHECK_STR("nobody", "nobody", str_from(maker(&w, 0, 0, ASSET_IMAGE)));
    CHECK_INT("failed", 2, w.result.n_failed);
    world_deinit(&w);
}

TEST(an_earlier_lesson_takes_over_the_picture_that_a_later_one_was_to_buy)
{
    struct world w;
    static const struct script s[] = { { "first", NULL, FAILS(ERR_QUOTA, 402) }, { 0 } };
    const struct lesson *l[3];
    begin(&w, "first,second", "alice", s);
    struct lesson *a = world_lesson(&w, "a", 1), *b = world_lesson(&w, "b", 2), *c = world_lesson(&w, "c", 1);
    a->sections[0].image_prompt = c->sections[0].image_prompt = STR("the same wafer");
    c->sections[0].image_opts.provider = STR("second");
    l[0] = a, l[1] = b, l[2] = c;
    w.config.workers.videos = 1;
    world_run(&w, l, 3);
    CHECK_INT("films", 3, w.result.n_done);
    CHECK_INT("bought once", 3, *counter("second"));
    world_deinit(&w);
}

/* 60 characters at a time: the long narration is bought in parts. */
TEST(a_long_narration_moves_with_all_its_parts_and_a_lost_part_keeps_the_voice_where_it_is)
{
    static const struct script refused[] = { { "alice", "follows", FAILS(ERR_INPUT, 400) }, { 0 } }, lost[] = {
        { "alice", "follows", FAILS(ERR_NET, 0) }, { "alice", "sentence 3", FAILS(ERR_INPUT, 400) }, { 0 }
    };
    struct provider_info brief = alice;
    brief.max_chars = 60;
    for (int is_lost = 0; is_lost < 2; is_lost++) {
        struct world w;
        begin(&w, "first", "alice,bob", is_lost ? lost : refused);
        w.infos[3] = &brief;
        struct lesson *a = world_lesson(&w, "a", 3);
        const struct lesson *l = a;
        a->sections[0].narration =
            STR("A long narration begins with one sentence. Another sentence follows it. The third ends it.");
        world_run(&w, &l, 1);
        CHECK_INT("films", !is_lost, w.result.n_done);
        CHECK_INT("nothing is bought elsewhere that may be paid", is_lost ? 0 : 3, *counter("bob"));
        CHECK_STR("who", is_lost ? "nobody" : "bob", str_from(maker(&w, 0, 0, ASSET_SPEECH)));
        world_deinit(&w);
    }
}

static struct lesson *two_voices(struct world *w, const char *fallback_of_second)
{
    struct lesson *l = world_lesson(w, "a", 6);
    for (size_t i = 0; i < 6; i++)
        l->sections[i].voice.fallback = fallback_of_second[0] == 's'   ? FALLBACK_SECTION
                                        : fallback_of_second[0] == 'n' ? FALLBACK_NEVER
                                                                       : FALLBACK_LESSON;
    return l;
}

static const struct {
    const char *name, *rule;
    int64_t requests, sections;
    const char *of_second, *of_third;
    bool is_done;
} voice_rows[] = {
    { "one voice", "lesson", 20, 0, "bob", "bob", true },
    { "one voice, one request at a time", "lesson", 1, 0, "bob", "bob", true },
    { "one voice, one section at a time", "lesson", 20, 1, "bob", "bob", true },
    { "two voices where that is allowed", "section", 20, 0, "alice", "bob", true },
    { "never", "never", 20, 0, "alice", "nobody", false },
};

TEST(a_voice_never_changes_inside_a_lesson_unless_it_may)
{
    static const struct script s[] = { { "alice", "sentence 3", FAILS(ERR_INPUT, 400) }, { 0 } };
    for (size_t i = 0; i < COUNTOF(voice_rows); i++) {
        struct world w;
        begin(&w, "first", "alice,bob", s);
        w.config.workers.requests = voice_rows[i].requests;
        w.config.workers.sections = voice_rows[i].sections;
        const struct lesson *l = two_voices(&w, voice_rows[i].rule);
        world_run(&w, &l, 1);
        CHECK_STR(voice_rows[i].name, voice_rows[i].of_second, str_from(maker(&w, 0, 1, ASSET_SPEECH)));
        CHECK_STR(voice_rows[i].name, voice_rows[i].of_third, str_from(maker(&w, 0, 2, ASSET_SPEECH)));
        CHECK_INT(voice_rows[i].name, voice_rows[i].is_done, (int)w.result.n_done);
        if (voice_rows[i].is_done)
            CHECK_INT(voice_rows[i].name, 11, w.n_renders); /* nothing was drawn for a voice that did not stay */
        if (voice_rows[i].requests == 1)
            CHECK_INT(voice_rows[i].name, 3, *counter("alice")); /* what nobody needs any more is not bought */
        world_deinit(&w);
    }
}

TEST(a_job_of_an_earlier_run_is_collected_although_its_lesson_changes_the_voice)
{
    static const struct script slow[] = { { "alice", "sentence 2", { .latency_ms = 100000, .is_async = true } },
                                          { "alice", NULL, { .latency_ms = 200000 } },
                                          { 0 } },
                               fails[] = { { "alice", "sentence 1", FAILS(ERR_SERVER, 500) }, { 0 } };
    for (int64_t sections = 0; sections < 2; sections++) { /* all at once; one at a time: the job's is not begun yet */
        struct world w;
        begin(&w, "first", "alice,bob", slow);
        const struct lesson *l = world_lesson(&w, "a", 3);
        w.stop_at_ms = 60000;
        w.stop_signal = SIGTERM;
        world_run(&w, &l, 1);
        world_abandon(&w);
        scripts = fails;
        w.config.limits.attempts = 1;
        w.config.workers.requests = 1;
        w.config.workers.sections = sections;
        w.stop_at_ms = w.now_ms + 1000000;
        world_run(&w, &l, 1);
        CHECK_INT("films", 1, w.result.n_done);
        CHECK_INT("no step was left waiting", ERR_NONE, w.result.worst);
        CHECK_STR("the voice", "bob", str_from(maker(&w, 0, 1, ASSET_SPEECH)));
        CHECK_INT("what was paid for is fetched", 1, w.n_resumed);
        world_deinit(&w);
    }
}

TEST(a_lesson_whose_voice_failed_changes_it_alone)
{
    struct world w;
    static const struct script s[] = { { "alice", "a says sentence 2", FAILS(ERR_INPUT, 400) }, { 0 } };
    const struct lesson *l[2];
    begin(&w, "first", "alice,espeak", s);
    l[0] = world_lesson(&w, "a", 3);
    l[1] = world_lesson(&w, "b", 3);
    world_run(&w, l, 2);
    CHECK_INT("films", 2, w.result.n_done);
    CHECK_STR("a", "espeak", str_from(maker(&w, 0, 0, ASSET_SPEECH)));
    CHECK_STR("b", "alice", str_from(maker(&w, 1, 0, ASSET_SPEECH)));
    world_deinit(&w);
}

TEST(a_refused_picture_becomes_a_card_where_the_lesson_says_so)
{
    struct world w;
    static const struct script s[] = { { "first", "picture 2", FAILS(ERR_POLICY, 400) }, { 0 } };
    begin(&w, "first", "alice", s);
    struct lesson *a = world_lesson(&w, "a", 3);
    const struct lesson *l = a;
    for (size_t i = 0; i < 3; i++)
        a->sections[i].image_opts.on_refused = STR("card");
    world_run(&w, &l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_STR("the others", "first", str_from(maker(&w, 0, 0, ASSET_IMAGE)));
    CHECK_STR("the refused one", "slide", str_from(maker(&w, 0, 1, ASSET_IMAGE)));
    CHECK_INT("told", 1, n_switched);
    world_deinit(&w);
}

#define REFUSED                                                                                                        \
    {                                                                                                                  \
        .latency_ms = 50, .code = ERR_POLICY, .status = 400                                                            \
    }
#define TAMED                                                                                                          \
    {                                                                                                                  \
        .latency_ms = 50, .says = "a tame\npicture"                                                                    \
    }

static const struct {
    const char *name, *images, *on_refused;
    struct script s[4];
    const char *drawn_by;
    int n_first, n_model;
} tame_rows[] = {
    { "in other words it is drawn",
      "first",
      "soften",
      { { "first", "picture 2", REFUSED }, { "model", NULL, TAMED } },
      "first",
      4,
      1 },
    { "refused again it fails",
      "first",
      "soften",
      { { "first", "picture 2", REFUSED }, { "first", "a tame picture", REFUSED }, { "model", NULL, TAMED } },
      "nobody",
      4,
      1 },
    { "refused again it is a card",
      "first",
      "soften,card",
      { { "first", "picture 2", REFUSED }, { "first", "a tame picture", REFUSED }, { "model", NULL, TAMED } },
      "slide",
      4,
      1 },
    { "another provider comes first",
      "first,second",
      "soften",
      { { "first", "picture 2", REFUSED }, { "model", NULL, TAMED } },
      "second",
      3,
      0 },
    { "the slide at the end comes last",
      "first,slide",
      "soften",
      { { "first", "picture 2", REFUSED }, { "model", NULL, TAMED } },
      "first",
      4,
      1 },
    { "without an answer it fails",
      "first",
      "soften",
      { { "first", "picture 2", REFUSED }, { "model", NULL, FAILS(ERR_AUTH, 401) } },
      "nobody",
      3,
      1 },
    { "without an answer it is a card",
      "first",
      "soften,card",
      { { "first", "picture 2", REFUSED }, { "model", NULL, FAILS(ERR_QUOTA, 402) } },
      "slide",
      3,
      1 },
    { "what is no refusal is not reworded",
      "first",
      "soften,card",
      { { "first", "picture 2", FAILS(ERR_INPUT, 400) }, { "model", NULL, TAMED } },
      "nobody",
      3,
      0 },
};

TEST(a_refused_prompt_is_reworded_once_after_every_provider_has_refused_it)
{
    for (size_t i = 0; i < COUNTOF(tame_rows); i++) {
        struct world w;
        begin(&w, tame_rows[i].images, "alice", tame_rows[i].s);
        w.config.use.chat = STR("model");
        struct lesson *a = world_lesson(&w, "a", 3);
        const struct lesson *l = a;
        for (size_t k = 0; k < 3; k++)
            a->sections[k].image_opts.on_refused = str_from(tame_rows[i].on_refused);
        world_run(&w, &l, 1);
        bool is_drawn = strcmp(tame_rows[i].drawn_by, "nobody") != 0;
        CHECK_STR(tame_rows[i].name, tame_rows[i].drawn_by, str_from(maker(&w, 0, 1, ASSET_IMAGE)));
        CHECK_INT(tame_rows[i].name, is_drawn, w.result.n_done);
        CHECK_INT(tame_rows[i].name, tame_rows[i].n_first, *counter("first"));
        CHECK_INT(tame_rows[i].name, tame_rows[i].n_model, *counter("model"));
        CHECK_INT(tame_rows[i].name,
                  is_drawn               ? ERR_NONE
                  : tame_rows[i].n_model ? ERR_POLICY
                                         : ERR_INPUT,
                  w.result.worst);
        int asked_model = *counter("model"), asked_first = *counter("first");
        world_run(&w, &l, 1);
        if (is_drawn && tame_rows[i].s[1].does.code == ERR_NONE)
            CHECK_INT(tame_rows[i].name, asked_model, *counter("model")); /* its answer was kept */
        if (is_drawn)
            CHECK_ROW(tame_rows[i].name, *counter("first") <= asked_first + 2);
        world_deinit(&w);
    }
}

TEST(under_a_limit_of_money_nothing_dearer_is_bought_elsewhere)
{
    struct world w;
    static const struct script s[] = { { "third", NULL, FAILS(ERR_QUOTA, 402) }, { 0 } };
    begin(&w, "third,first,slide", "espeak", s);
    w.config.budget.max_cost = 0.05;
    const struct lesson *l = world_lesson(&w, "a", 3);
    world_run(&w, &l, 1);
    CHECK_ROW(w.err.msg, w.ok);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("bought of the dear one", 1, *counter("first"));
    CHECK(w.result.spent <= 0.05);
    world_deinit(&w);
}

static struct provider_info keyless = PROVIDER("keyless", ASSET_IMAGE, "image");

static const struct {
    const char *name, *list;
    const char *says;
    int n_first;
} key_rows[] = {
    { "one without a key is passed over", "keyless,first", NULL, 2 },
    { "alone it says what it needs", "keyless", "provider keyless cannot be used yet: set KEY", 0 },
    { "what stands after a slide is never asked", "slide,first", "put slide last", 0 },
    { "a wrong name is wrong anywhere", "first,fisrt", "no image provider is called \"fisrt\"", 0 },
    { "default in a list is what the next level says", "keyless,default", NULL, 2 },
    { "once is enough", "first,first", NULL, 2 },
};

TEST(a_list_is_read_strictly_and_one_without_a_key_is_passed_over)
{
    static const struct script none[] = { { 0 } };
    keyless.has_key = false;
    keyless.needs = STR("KEY");
    for (size_t i = 0; i < COUNTOF(key_rows); i++) {
        struct world w;
        begin(&w, key_rows[i].list, "alice", none);
        w.infos[6] = &keyless;
        const struct lesson *l = world_lesson(&w, "a", 2);
        world_run(&w, &l, 1);
        const struct err *e = &w.plan.films[0].err;
        CHECK_INT(key_rows[i].name, key_rows[i].n_first, *counter("first"));
        CHECK_ROW(key_rows[i].name, key_rows[i].says ? strstr(e->msg, key_rows[i].says) != NULL : w.result.n_done == 1);
        world_deinit(&w);
    }
}

/* The section has these pictures, by prompt. */
static void give_pictures(struct arena *a, struct section *s, const char *const *prompts, size_t n)
{
    struct section_picture *list = arena_array(a, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct section_picture){ .image_prompt = str_from(prompts[i]), .image_opts = s->image_opts,
                                            .effects = s->effects, .n_effects = s->n_effects, .at = -1,
                                            .mark = SIZE_MAX, .seconds = -1 };
    s->pictures = list;
    s->n_pictures = n;
}

static const char *maker_of_picture(const struct world *w, size_t section, size_t picture)
{
    const struct node *n = w->plan.films[0].sections[section].pictures[picture].image;
    return n->state == NODE_DONE ? node_provider(n) : "nobody";
}

TEST(of_several_pictures_of_a_section_only_the_one_that_is_refused_goes_elsewhere)
{
    static const char *const prompts[] = { "a dog", "a cat", "a dog", "a cow" };
    struct world w;
    struct arena a = { 0 };
    const struct script s[] = { { "first", "a cat", FAILS(ERR_POLICY, 400) }, { 0 } };
    begin(&w, "first,second", "alice", s);
    struct lesson *l = world_lesson(&w, "a", 3);
    give_pictures(&a, &l->sections[1], prompts, COUNTOF(prompts));
    const struct lesson *list = l;
    world_run(&w, &list, 1);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK_STR("the first", "first", str_from(maker_of_picture(&w, 1, 0)));
    CHECK_STR("the refused one", "second", str_from(maker_of_picture(&w, 1, 1)));
    CHECK_STR("the last", "first", str_from(maker_of_picture(&w, 1, 3)));
    CHECK("what is asked for twice is bought once" &&
          w.plan.films[0].sections[1].pictures[0].image == w.plan.films[0].sections[1].pictures[2].image);
    CHECK_INT("a body for each picture, two transitions", 3 + 3 + 2, w.plan.films[0].n_pieces);
    CHECK_INT("one switch", 1, n_switched);
    world_deinit(&w);
    arena_deinit(&a);
}

TEST(a_picture_that_a_section_shows_twice_moves_as_a_whole)
{
    static const char *const prompts[] = { "a cat", "a dog", "a cat" };
    struct world w;
    struct arena a = { 0 };
    const struct script s[] = { { "first", "a cat", FAILS(ERR_SERVER, 500) }, { 0 } };
    begin(&w, "first,second", "alice", s);
    struct lesson *l = world_lesson(&w, "a", 2);
    give_pictures(&a, &l->sections[0], prompts, COUNTOF(prompts));
    const struct lesson *list = l;
    world_run(&w, &list, 1);
    CHECK_INT("done", 1, w.result.n_done);
    CHECK_STR("once", "second", str_from(maker_of_picture(&w, 0, 0)));
    CHECK_STR("and again", "second", str_from(maker_of_picture(&w, 0, 2)));
    CHECK_STR("between", "first", str_from(maker_of_picture(&w, 0, 1)));
    world_deinit(&w);
    arena_deinit(&a);
}
