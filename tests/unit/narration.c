/* narration.c - tests of narrations that are longer than a provider takes: parts in plan and engine, in virtual time */
#include "gen/fetch.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

static const char long_text[] = "The first sentence is here. The second one follows it. A third comes after them. "
                                "The fourth is not the last. Here the fifth one stands. And the sixth ends it.";
enum { MOST = 60 };

static const struct provider_info short_voice = { .id = { "voices", 6 },
                                                  .lane = { "voices", 6 },
                                                  .kind = ASSET_SPEECH,
                                                  .makes = "speech",
                                                  .has_key = true,
                                                  .key_env = { "KEY", 3 },
                                                  .max_chars = MOST };

static struct lesson *begin(struct world *w, const char *id, size_t n_sections)
{
    world_init(w);
    w->infos[1] = &short_voice;
    struct lesson *l = world_lesson(w, id, n_sections);
    l->sections[0].narration = str_from(long_text);
    return l;
}

static size_t n_parts(const struct world *w)
{
    const struct node *speech = w->plan.films[0].sections[0].speech;
    return speech->splice ? speech->splice->spec.n_parts : 0;
}

TEST(a_narration_over_the_limit_is_asked_for_in_parts_and_joined)
{
    struct world w;
    const struct lesson *l = begin(&w, "a", 2);
    world_run(&w, &l, 1);
    CHECK_ROW(w.err.msg, w.ok);
    const struct node *speech = w.plan.films[0].sections[0].speech;
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("step", NODE_SPLICE, speech->kind);
    CHECK_INT("joined once", 1, w.n_splices);
    CHECK(n_parts(&w) >= 3);
    CHECK_INT("requests: parts, the short narration, two pictures", n_parts(&w) + 3, w.n_requests);
    CHECK_INT("as long as its parts", (int64_t)n_parts(&w) * w.speech_samples, speech->blob.info.n_samples);
    for (size_t i = 0; i < n_parts(&w); i++) {
        const struct fetch *f = speech->splice->parts[i]->fetch;
        CHECK(f->want.text.n <= MOST);
        CHECK(i == 0 || f->want.prev.n > 0);
        CHECK(f->want.next.n > 0);
    }
    world_deinit(&w);
}

TEST(a_part_knows_the_sentences_beside_it)
{
    struct world w;
    const struct lesson *l = begin(&w, "a", 2);
    world_run(&w, &l, 1);
    const struct plan_section *s = w.plan.films[0].sections;
    size_t n = n_parts(&w);
    CHECK_STR("before the first", "", s[0].speech->splice->parts[0]->fetch->want.prev);
    CHECK_STR("after the last: the next section", "a says sentence 2.",
              s[0].speech->splice->parts[n - 1]->fetch->want.next);
    CHECK_STR("before the next section", "And the sixth ends it.", s[1].speech->fetch->want.prev);
    CHECK_STR("after it", "", s[1].speech->fetch->want.next);
    world_deinit(&w);
}

TEST(a_second_run_asks_for_no_part_and_joins_nothing)
{
    struct world w;
    const struct lesson *l = begin(&w, "a", 2);
    world_run(&w, &l, 1);
    int requests = w.n_requests, renders = w.n_renders;
    world_run(&w, &l, 1);
    CHECK_INT("requests", requests, w.n_requests);
    CHECK_INT("joined", 1, w.n_splices);
    CHECK_INT("renders", renders, w.n_renders);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("hits: two pictures, a speech, a joined one", 4, w.plan.n_hits);
    world_deinit(&w);
}

TEST(a_changed_sentence_of_a_long_narration_buys_its_part)
{
    struct world w;
    struct lesson *mine = begin(&w, "a", 1);
    const struct lesson *l = mine;
    world_run(&w, &l, 1);
    int requests = w.n_requests;
    char other[sizeof long_text];
    memcpy(other, long_text, sizeof other);
    memcpy(strstr(other, "sixth"), "SIXTH", 5);
    mine->sections[0].narration = str_from(other);
    world_run(&w, &l, 1);
    CHECK_INT("requests", requests + 1, w.n_requests);
    CHECK_INT("joined again", 2, w.n_splices);
    world_deinit(&w);
}

TEST(equal_parts_of_two_lessons_are_bought_once)
{
    struct world w;
    const struct lesson *l[2] = { begin(&w, "a", 1), NULL };
    struct lesson *b = world_lesson(&w, "b", 1);
    b->sections[0].narration = str_from(long_text);
    l[1] = b;
    w.config.workers.videos = 1;
    world_run(&w, l, 2);
    CHECK_INT("films", 2, w.result.n_done);
    CHECK_INT("joined once", 1, w.n_splices);
    CHECK_INT("requests: parts and two pictures", n_parts(&w) + 2, w.n_requests);
    world_deinit(&w);
}

TEST(a_run_that_only_fetches_joins_the_parts_too)
{
    struct world w;
    const struct lesson *l = begin(&w, "a", 2);
    w.fetch_only = true;
    world_run(&w, &l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("joined", 1, w.n_splices);
    CHECK_INT("renders", 0, w.n_renders);
    world_deinit(&w);
}

static struct answer fourth_is_refused(struct world *w, const struct want *want, int nth)
{
    if (memmem(want->text.p, want->text.n, "fourth", 6))
        return (struct answer){ .latency_ms = 10, .code = ERR_POLICY, .status = 400 };
    return world_typical(w, want, nth);
}

TEST(parts_that_nobody_has_checked_are_joined_by_the_run_that_checks_them)
{
    struct world w;
    const struct lesson *l = begin(&w, "a", 2);
    w.fetch_only = w.is_unchecked = true;
    w.config.workers.sections = 1;
    world_run(&w, &l, 1);
    int requests = w.n_requests;
    CHECK_INT("lessons", 1, w.result.n_done);
    CHECK_INT("nothing is known of the parts yet", 0, w.n_splices);
    w.fetch_only = w.is_unchecked = false;
    world_run(&w, &l, 1);
    CHECK_INT("joined", 1, w.n_splices);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("requests", requests, w.n_requests);
    world_deinit(&w);
}

TEST(a_part_that_fails_is_named_and_fails_only_its_lesson)
{
    struct world w;
    const struct lesson *l[2] = { begin(&w, "a", 2), NULL };
    l[1] = world_lesson(&w, "b", 2);
    w.provider = fourth_is_refused;
    for (int only = 0; only < 2; only++) {
        w.fetch_only = only;
        world_run(&w, l, 2);
        CHECK_INT("films", 1, w.result.n_done);
        CHECK_INT("failed", 1, w.result.n_failed);
        const struct err *e = w.plan.films[0].join->err;
        CHECK_ROW(e->msg, strstr(e->msg, "section \"section-01\": part ") != NULL);
        CHECK_ROW(e->msg, strstr(e->msg, " of the narration: voices: scripted failure 400") != NULL);
    }
    CHECK_INT("joined", 0, w.n_splices);
    world_deinit(&w);
}

TEST(a_prompt_over_the_limit_is_refused_before_anything_is_bought)
{
    struct world w;
    const struct lesson *l = begin(&w, "a", 1);
    struct provider_info painter = *w.infos[0];
    painter.max_chars = 5;
    w.infos[0] = &painter;
    world_run(&w, &l, 1);
    CHECK_INT("requests", 0, w.n_requests);
    CHECK_INT("class", ERR_LESSON, w.plan.films[0].err.code);
    CHECK_ROW(w.plan.films[0].err.msg, strstr(w.plan.films[0].err.msg, "pictures takes 5 at once") != NULL);
    world_deinit(&w);
}

TEST(a_stopped_run_leaves_its_parts_for_the_next)
{
    struct world w;
    const struct lesson *l = begin(&w, "a", 2);
    w.config.workers.requests = 2;
    w.stop_at_ms = 1200;
    world_run(&w, &l, 1);
    CHECK_INT("films", 0, w.result.n_done);
    int before = w.n_requests;
    CHECK(before > 0);
    world_abandon(&w);
    world_run(&w, &l, 1);
    CHECK_INT("films", 1, w.result.n_done);
    CHECK_INT("each asked for once", n_parts(&w) + 3, w.n_requests);
    world_deinit(&w);
}
