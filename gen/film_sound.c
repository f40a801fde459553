/* film_sound.c - what is heard in a film besides speech and music */
#include "gen/film_sound.h"
#include "gen/base/mem.h"
#include "gen/overlay_times.h"
#include "gen/timeline.h"

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

static void add_clips(const struct film *f, struct arena *a, struct join_spec *s)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_sections; i++)
        for (size_t k = 0; k < f->sections[i].visual.n_shots; k++)
            n += is_heard(&f->sections[i].visual.shots[k]);
    struct join_clip *clips = arena_array(a, n + 1, sizeof *clips);
    for (size_t i = 0; i < f->n_sections; i++)
        for (size_t k = 0; k < f->sections[i].visual.n_shots; k++)
            if (is_heard(&f->sections[i].visual.shots[k]))
                clips[s->n_clips++] = clip_of(&f->sections[i], &s->sections[i], k);
    s->clips = clips;
}

/* Moments of a section in samples of the film. */
static struct spoken spoken_of(const struct film *f, const struct plan_section *ps, const struct join_section *sec)
{
    return (struct spoken){
        .words = ps->visual.words, .n_words = ps->visual.n_words,
        .start_samples = sec->speech_start_samples, .n_samples = sec->speech ? sec->speech->info.n_samples : 0,
        .begin_samples = timeline_sample(&f->lesson->video, sec->first_frame),
    };
}

static void add_effect(struct join_spec *s, struct join_sound *list, const struct section *sec,
                       const struct sound_opts *o, int64_t at_samples)
{
    if (o->file.n)
        list[s->n_sounds++] =
            (struct join_sound){ .section = sec, .file = o->file, .volume = o->volume, .at_samples = at_samples };
}

/* With the transition into the section, at its moments, and from picture to picture. */
static void add_effects(const struct film *f, struct arena *a, struct join_spec *s)
{
    size_t n = f->n_sections;
    for (size_t i = 0; i < f->n_sections; i++)
        n += f->sections[i].section->n_sounds + f->sections[i].n_pictures;
    struct join_sound *list = arena_array(a, n + 1, sizeof *list);
    for (size_t i = 0; i < f->n_sections; i++) {
        const struct plan_section *ps = &f->sections[i];
        const struct section *sec = ps->section;
        const struct spoken sp = spoken_of(f, ps, &s->sections[i]);
        int64_t seen = s->sections[i].first_frame - ps->slot.in_frames;
        add_effect(s, list, sec, &sec->transition_sound, timeline_sample(&f->lesson->video, seen));
        for (size_t k = 0; k < sec->n_sounds; k++)
            add_effect(s, list, sec, &sec->sounds[k], spoken_moment(&sp, sec, &sec->sounds[k].at));
        for (size_t k = 1; k < ps->n_pictures; k++)
            add_effect(s, list, sec, &ps->pictures[k].said->transition_sound,
                       timeline_sample(&f->lesson->video, seen + ps->shots[k].first_frame));
    }
    s->sounds = list;
}

void film_sounds(const struct film *f, struct arena *a, struct join_spec *s)
{
    add_clips(f, a, s);
    add_effects(f, a, s);
}
