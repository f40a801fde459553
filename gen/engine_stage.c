/* engine_stage.c - how far a section is, from the states of its steps; looked up for whoever watches, so it costs a run
 * nothing */
#include "gen/engine_private.h"

/* What its assets say together; FETCHED when all are there. */
static enum section_stage worse(enum section_stage so_far, const struct node *n)
{
    enum section_stage s = STAGE_FETCHED;
    if (!n || n->state == NODE_DONE || (n->state == NODE_FAILED && n->is_optional))
        return so_far;
    if (n->state == NODE_FAILED)
        s = STAGE_FAILED;
    else if (n->state == NODE_BACKOFF)
        s = STAGE_RETRYING;
    else if (n->state == NODE_WAITING || (n->state == NODE_READY && !(n->fetch && n->fetch->has_come)))
        s = STAGE_WAITING;
    else
        s = STAGE_FETCHING;
    /* any failure, then any that is tried again, then any that is under way; waiting only while nothing else is said */
    static const int weight[STAGE_N] = {
        [STAGE_WAITING] = 1, [STAGE_FETCHING] = 2, [STAGE_RETRYING] = 3, [STAGE_FAILED] = 4
    };
    return weight[s] > weight[so_far] ? s : so_far;
}

static enum section_stage of_assets(const struct plan_section *s)
{
    enum section_stage stage = STAGE_FETCHED;
    const struct splice *splice = s->speech && s->speech->state != NODE_DONE ? s->speech->splice : NULL;
    for (size_t i = 0; i < s->n_pictures; i++) {
        stage = worse(stage, s->pictures[i].image);
        stage = worse(stage, s->pictures[i].mask);
    }
    for (size_t i = 0; splice && i < splice->spec.n_parts; i++)
        stage = worse(stage, splice->parts[i]);
    stage = worse(stage, s->speech);
    stage = worse(stage, s->plan);
    return worse(stage, s->mark);
}

enum section_stage engine_stage(const void *ctx, size_t lesson, size_t section)
{
    const struct engine *g = ctx;
    const struct film *f = lesson < g->plan->n_films ? &g->plan->films[lesson] : NULL;
    if (!f || !f->is_planned || section >= f->n_sections)
        return STAGE_FAILED;
    const struct plan_section *s = &f->sections[section];
    size_t n_done = 0, n_working = 0, n_failed = 0;
    for (size_t i = 0; i < s->n_pictures && !g->o->fetch_only; i++) {
        const struct node *piece = f->pieces[s->body_at + i];
        n_done += piece->state == NODE_DONE;
        n_failed += piece->state == NODE_FAILED;
        n_working += piece->state == NODE_WORKING;
    }
    if (n_failed)
        return STAGE_FAILED;
    if (n_done && n_done == s->n_pictures)
        return STAGE_RENDERED;
    return n_working ? STAGE_RENDERING : of_assets(s);
}
