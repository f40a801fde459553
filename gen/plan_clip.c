/* plan_clip.c - the clip of a section, asked of a provider */
#include "gen/plan_private.h"

/* Said once a lesson, by the first section that has no clip. */
static void tell_still(struct planner *p)
{
    size_t n = 0;
    const struct lesson *l = p->film->lesson;
    for (size_t i = 0; i < l->n_sections; i++) {
        n += l->sections[i].video_prompt.n > 0;
        if (n && i < p->section)
            return;
    }
    log_info(p->o->log, "%s: no provider of clips is set up (providers.video), so %zu %s a picture that stands still",
             l->id.p, n, n == 1 ? "section has" : "sections have");
}

/* The length that is asked for does not depend on the narration: it would be another clip, and another purchase, for
 * each change of a word. */
bool plan_clip(struct planner *p, const struct section *s, struct node **out)
{
    bool ok;
    const struct lesson *l = p->film->lesson;
    const struct provider_info *info = choose_provider(p, ASSET_VIDEO, p->o->video_provider, s->clip.provider,
                                                       p->o->config->use.video, "still", &ok);
    if (!ok)
        return false;
    if (!info) {
        tell_still(p);
        return true;
    }
    const struct want w = {
        .kind = ASSET_VIDEO,
        .provider = info->id,
        .text = plan_prompt(p, s->video_prompt),
        .negative = l->style.negative,
        .model = choose_or_none(s->clip.model),
        .speed = 1,
        .seconds = s->clip.seconds,
        .seed = l->style.seed,
        .width = l->video.width,
        .height = l->video.height,
    };
    return plan_fetch(p, NODE_FETCH_VIDEO, &w, info, out);
}
