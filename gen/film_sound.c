/* film_sound.c - what is heard in a film besides speech and music */
#include "gen/film_sound.h"
#include "gen/base/mem.h"

static bool is_heard(const struct shot *shot)
{
    return shot->clip && shot->picture && shot->clip->volume > 0;
}

/* How long a shot is seen together with the one before it: the transition into the section, or from shot to shot. */
static int64_t frames_shared(const struct visual *v, size_t shot, int64_t in_frames)
{
    const struct shot *s = &v->shots[shot];
    return shot == 0 ? 2 * in_frames : s[-1].first_frame + s[-1].n_frames - s->first_frame;
}

static struct join_clip clip_of(const struct plan_section *ps, const struct join_section *sec, size_t i)
{
    const struct visual *v = &ps->visual;
    const struct shot *shot = &v->shots[i];
    bool is_last = i + 1 == v->n_shots;
    return (struct join_clip){
        .section = sec->section, .media = shot->picture, .opts = shot->clip,
        .first_frame = sec->first_frame - ps->slot.in_frames + shot->first_frame, .n_frames = shot->n_frames,
        .in_frames = frames_shared(v, i, ps->slot.in_frames),
        .out_frames = is_last ? 2 * ps->slot.out_frames : frames_shared(v, i + 1, 0),
    };
}

void film_sounds(const struct film *f, struct arena *a, struct join_spec *s)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_sections; i++)
        for (size_t k = 0; k < f->sections[i].visual.n_shots; k++)
            n += is_heard(&f->sections[i].visual.shots[k]);
    struct join_clip *clips = arena_array(a, n + 1, sizeof *clips);
    s->clips = clips;
    for (size_t i = 0; i < f->n_sections; i++)
        for (size_t k = 0; k < f->sections[i].visual.n_shots; k++)
            if (is_heard(&f->sections[i].visual.shots[k]))
                clips[s->n_clips++] = clip_of(&f->sections[i], &s->sections[i], k);
}
