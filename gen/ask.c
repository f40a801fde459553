/* ask.c - one question to a chat model */
#include "gen/ask.h"
#include "gen/answer.h"
#include "gen/fetch.h"
#include "gen/film.h"
#include "gen/plan_private.h"
#include "gen/request.h"

/* The engine works for lessons, so a question is the only asset of one that has a second of plain background. */
struct frame {
    struct section section;
    struct lesson lesson;
    struct plan plan;
};

static const struct str none = { "", 0 };

const struct provider_info *ask_whom(const struct plan_opts *o, struct str name, struct err *e)
{
    bool ok = true;
    struct plan plan = { 0 };
    struct planner p = { .plan = &plan, .o = o, .e = e };
    const struct provider_info *whom = choose_provider(&p, ASSET_TEXT, name, none, o->config->use.chat, "rules", &ok);
    if (ok && !whom)
        err_set(e, ERR_CONFIG, "there is no chat provider to ask");
    plan_deinit(&plan);
    return whom;
}

bool ask_is_new(const struct plan_opts *o, const struct want *w, bool *is_new, struct err *e)
{
    char id[DIGEST_HEX];
    struct arena a = { 0 };
    struct store_entry found;
    bool ok = request_fetch(o->transport, w, id, e) && store_find(o->store, id, true, &a, &found, e);
    *is_new = ok && found.state != STORE_DONE && found.state != STORE_ANSWERED;
    arena_deinit(&a);
    return ok;
}

static void count(struct plan *plan, const struct node *n)
{
    const struct fetch *f = n->fetch;
    if (n->state == NODE_DONE || f->is_answered || f->remote.n)
        return;
    plan->n_calls++;
    plan->n_unpriced += f->quote.money < 0;
    plan->estimate += f->quote.money > 0 ? f->quote.money : 0;
}

static bool make_plan(struct frame *f, const struct plan_opts *o, const struct provider_info *whom,
                      const struct want *w, const char *about, struct err *e)
{
    const struct lesson *lesson = &f->lesson;
    f->section = (struct section){ .id = STR("text"),
                                   .title = none,
                                   .narration = none,
                                   .has_background = true,
                                   .duration = 1,
                                   .voice = { .speed = 1, .volume = 1 } };
    f->lesson = (struct lesson){ .id = str_from(about),
                                 .path = str_from(about),
                                 .title = none,
                                 .language = STR("en"),
                                 .style.seed = -1,
                                 .video = { 1920, 1080, 30, 1, 0xff },
                                 .sections = &f->section,
                                 .n_sections = 1 };
    if (!plan_build(&f->plan, &lesson, &none, 1, o, e))
        return false;
    struct film *film = &f->plan.films[0];
    struct planner p = { .plan = &f->plan, .o = o, .film = film, .e = e };
    if (!plan_fetch(&p, NODE_FETCH_TEXT, w, whom, &film->sections[0].plan))
        return false;
    film_await(film, &film->sections[0], film->sections[0].plan); /* what nobody waits for is not asked */
    count(&f->plan, film->sections[0].plan);
    return true;
}

static bool take(const struct node *n, struct arena *a, struct ask_result *out, struct err *e)
{
    if (n->state == NODE_DONE)
        return answer_text(&n->blob, a, &out->text, e);
    if (n->state == NODE_FAILED) {
        *e = *n->err;
        return false;
    }
    return err_set(e, ERR_CANCELLED, "stopped before the answer came");
}

bool ask_text(const struct plan_opts *po, const struct engine_opts *eo, const struct provider_info *whom,
              const struct want *w, const char *about, struct arena *a, struct ask_result *out, struct err *e)
{
    struct frame f = { 0 };
    struct engine_opts o = *eo;
    struct engine_result result = { 0 };
    *out = (struct ask_result){ 0 };
    o.fetch_only = true;
    bool ok = make_plan(&f, po, whom, w, about, e);
    const struct node *n = ok ? f.plan.films[0].sections[0].plan : NULL;
    out->is_cached = ok && n->state == NODE_DONE;
    ok = ok && engine_run(&f.plan, &o, &result, e) && take(n, a, out, e);
    out->n_requests = result.requests;
    out->spent = result.spent;
    if (!o.is_hurried || !o.is_hurried(o.stopped_ctx)) /* else a worker may be at it, until the process ends */
        plan_deinit(&f.plan);
    return ok;
}
