/* plan_clip.c - the clip of a section, asked of a provider */
#include "gen/plan_private.h"

/* Said once a lesson, by the first section that has no clip. */
static void tell_still(struct planner *p)
{
    size_t n = 0;
    const struct lesson *l = p->film->lesson;
    for (size_t i = 0; i < l->n_sections; i++) {
        bool has = l->sections[i].video_prompt.n > 0;
        for (size_t k = 0; k < l->sections[i].n_pictures; k++) {
            has = has || l->sections[i].pictures[k].video_prompt.n > 0;
            if (has && i == p->section && k < p->picture)
                return;
        }
        n += has;
        if (n && i < p->section)
            return;
    }
    log_info(p->o->log, "%s: no provider of clips is set up (providers.video), so %zu %s a picture that stands still",
             l->id.p, n, n == 1 ? "section has" : "sections have");
}

/* The length that is asked for does not depend on the narration: it would be another clip, and another purchase, for
 * each change of a word. */
bool plan_clip_by(struct planner *p, const struct plan_section *ps, const struct provider_info *info, struct node **out)
{
    const struct plan_picture *pp = &ps->pictures[p->picture];
    const struct section_picture *s = pp->said;
    const struct lesson *l = p->film->lesson;
    if (!info)
        return plan_still(p, ps, out);
    if (s->clip.seconds > 0 && !info->takes_seconds && !p->is_there)
        log_warn(p->o->log, "%s/%s: clip.seconds is not for " STR_FMT ", whose models decide the length of their clips",
                 l->id.p, ps->section->id.p, STR_ARG(info->id));
    const struct want w = {
        .kind = ASSET_VIDEO,
        .provider = info->id,
        .text = plan_prompt(p, s->video_prompt),
        .negative = l->style.negative,
        .model = choose_said_for(&pp->video_by, info, s->clip.model),
        .speed = 1,
        .seconds = s->clip.seconds,
        .seed = l->style.seed,
        .width = l->asked.width,
        .height = l->asked.height,
    };
    return plan_fetch(p, NODE_FETCH_VIDEO, &w, info, out);
}

bool plan_clip(struct planner *p, struct plan_section *ps)
{
    struct plan_picture *pp = &ps->pictures[p->picture];
    const struct choosing c = { .kind = ASSET_VIDEO,
                                .said = { p->o->video_provider, pp->said->clip.provider, p->o->config->use.video },
                                .builtin = "still" };
    if (!choose_chain(p, &c, &pp->video_by))
        return false;
    if (!pp->video_by.v[0]) {
        tell_still(p);
        return true;
    }
    if (!plan_choose_image(p, ps)) { /* who would only stand in need not be there */
        pp->image_by = (struct chain){ 0 };
        *p->e = (struct err){ 0 };
    }
    return plan_first_able(p, ps, &pp->video_by, plan_clip_by, &pp->image);
}
