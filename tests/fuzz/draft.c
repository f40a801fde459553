/* draft.c - fuzz target: any bytes are what a chat model answered; what becomes of them is a lesson that names no file,
 * or a plan of effects, or an error
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -I. tests/fuzz/draft.c ... build/fuzz/libvidgen.a */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/answer.h"
#include "gen/draft.h"
#include "gen/lesson/effects.h"
#include "gen/planner.h"
#include "tests/support/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void read_draft(struct str text, struct arena *a)
{
    const struct read_opts opts = { .words = &test_words };
    const struct draft_opts asked = { .topic = STR("x"), .sections = (int64_t)(text.n % 3) };
    struct draft d, again;
    struct problems problems;
    if (!draft_read(&asked, text, &opts, a, &d))
        return;
    struct lesson *l = lesson_read(STR("x.json"), d.text, &opts, &problems);
    assert(problems.n_errors == 0 && l->output.file.n == 0 && l->music.file.n == 0);
    for (size_t i = 0; i < l->n_sections; i++)
        assert(!l->sections[i].image.n && !l->sections[i].audio.n && !l->sections[i].slide.svg.n);
    lesson_destroy(l);
    bool ok = draft_read(&asked, d.text, &opts, a, &again);
    assert(ok && str_eq(d.text, again.text));
}

static void read_plan(struct str text, struct arena *a)
{
    struct json *tree = NULL;
    const struct choice *planned;
    size_t k;
    if (answer_json(a, text, &tree, NULL))
        effects_read(a, json_get(tree, "effects"), test_words.effects, &planned, &k, NULL);
    const struct planner_section s[] = { { .id = text, .narration = text, .is_planned = true, .seconds = 8 } };
    struct planner_plan plan;
    planner_plan(s, 1, 0, a, &plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const struct str text = { (const char *)p, n };
    struct arena a = { 0 };
    read_draft(text, &a);
    read_plan(text, &a);
    arena_deinit(&a);
    return 0;
}
