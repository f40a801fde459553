/* late.c - what a section would show or play only after its end */
#include "gen/late.h"
#include <math.h>
#include "gen/effect_time.h"
#include "gen/timeline.h"

struct finding {
    const struct section *section;
    size_t index;
    const struct late_times *t;
    struct arena *a;
    struct late *list;
    size_t n;
};

static double seconds_of(const struct finding *f, int64_t samples)
{
    return (double)(samples - f->t->spoken.begin_samples) / SAMPLE_RATE;
}

/* end: of the section, or of what it is part of (`of`). */
static void add(struct finding *f, struct str where, struct json_pos pos, int64_t at, const char *of, int64_t end,
                const char *outcome)
{
    if (at < end)
        return;
    f->list[f->n++] = (struct late){
        .where = where,
        .pos = pos,
        .message = arena_printf(f->a,
                                "begins at %.1f s, but its %s is over after %.1f s: %s; please give it an earlier "
                                "time or a mark of the narration, or make the %s longer",
                                seconds_of(f, at), of, seconds_of(f, end), outcome, of),
    };
}

static struct str member(struct finding *f, const char *name, size_t i)
{
    return arena_printf(f->a, "sections[%zu].%s[%zu]", f->index, name, i);
}

static void find_items(struct finding *f, const struct overlay *o, const struct overlay_span *span, struct str where)
{
    bool is_shorter = span->end_samples < f->t->end_samples;
    int64_t end = is_shorter ? span->end_samples : f->t->end_samples;
    for (size_t i = 0; i < span->n_items; i++)
        add(f, arena_printf(f->a, STR_FMT ".items[%zu]", STR_ARG(where), i), o->pos, span->item_samples[i],
            is_shorter ? "overlay" : "section", end, "it is never seen");
}

static void find_overlays(struct finding *f)
{
    const struct section *s = f->section;
    const struct overlay_span *spans = overlay_spans(s, &f->t->spoken, NULL, f->a);
    size_t own = 0;
    for (size_t i = 0; i < s->n_overlays; i++) {
        bool is_watermark = s->overlays[i].is_watermark;
        struct str where = is_watermark ? STR("watermark") : member(f, "overlays", own);
        own += !is_watermark;
        size_t before = f->n;
        add(f, where, s->overlays[i].pos, spans[i].start_samples, "section", f->t->end_samples, "it is never seen");
        if (f->n == before)
            find_items(f, &s->overlays[i], &spans[i], where);
    }
}

static void find_effects(struct finding *f, const struct choice *effects, size_t n, const char *of)
{
    const struct effect_span *spans = effect_spans(f->section, effects, n, &f->t->spoken, f->t->end_samples, f->a);
    for (size_t i = 0; spans && i < n; i++)
        add(f, arena_printf(f->a, "sections[%zu]%s.effects[%zu]", f->index, of, i), f->section->pos,
            spans[i].start_samples, "section", f->t->end_samples, "nothing is seen of it");
}

static void find_sounds(struct finding *f)
{
    for (size_t i = 0; f->t->is_last && i < f->section->n_sounds; i++)
        add(f, member(f, "sounds", i), f->section->pos,
            spoken_moment(&f->t->spoken, f->section, &f->section->sounds[i].at), "section", f->t->end_samples,
            "it is never heard");
}

/* Where a picture comes is known when it says so itself, or when the one before it does and says how long it stays. */
static void find_pictures(struct finding *f)
{
    const struct section *s = f->section;
    double at = 0;
    for (size_t i = 0; i < s->n_pictures; i++) {
        const struct section_picture *p = &s->pictures[i];
        at = p->at >= 0 ? p->at : p->mark < s->n_marks ? (double)NAN : at;
        if (!isnan(at) && i > 0)
            add(f, arena_printf(f->a, "sections[%zu], picture %zu", f->index, i + 1), p->pos,
                f->t->spoken.begin_samples + llround(at * SAMPLE_RATE), "section", f->t->end_samples,
                "it is seen for a moment at the end");
        at = p->seconds >= 0 ? at + p->seconds : (double)NAN;
        find_effects(f, p->effects, p->n_effects, arena_printf(f->a, ", picture %zu", i + 1).p);
    }
}

static size_t most(const struct section *s, const struct overlay_span *spans)
{
    size_t n = s->n_overlays + s->n_effects + s->n_sounds + s->n_pictures;
    for (size_t i = 0; i < s->n_overlays; i++)
        n += spans[i].n_items;
    for (size_t i = 0; i < s->n_pictures; i++)
        n += s->pictures[i].n_effects;
    return n;
}

size_t late_find(const struct lesson *l, size_t index, const struct late_times *t, struct arena *a, struct late **out)
{
    const struct section *s = &l->sections[index];
    struct finding f = { .section = s, .index = index, .t = t, .a = a };
    f.list = *out = arena_array(a, most(s, overlay_spans(s, &t->spoken, NULL, a)) + 1, sizeof **out);
    find_overlays(&f);
    if (s->n_pictures == 0)
        find_effects(&f, s->effects, s->n_effects, "");
    find_pictures(&f);
    find_sounds(&f);
    return f.n;
}

size_t late_find_silent(const struct lesson *l, size_t index, struct arena *a, struct late **out)
{
    const struct section *s = &l->sections[index];
    bool is_first = index == 0, is_last = index + 1 == l->n_sections;
    if (s->narration.n || s->audio.n)
        return 0;
    struct slot slot =
        timeline_slot(&l->video, s, 0, is_first && s->transition_s <= 0, is_last, is_last ? 0 : s[1].transition_s);
    const struct late_times t = { .end_samples = timeline_sample(&l->video, slot.n_frames), .is_last = is_last };
    return late_find(l, index, &t, a, out);
}
