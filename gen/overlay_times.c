/* overlay_times.c - when the overlays of a section are seen */
#include "gen/overlay_times.h"
#include <math.h>
#include <string.h>
#include "gen/reveal.h"

int64_t spoken_at(const struct spoken *sp, struct str narration, size_t at)
{
    size_t lo = 0, hi = sp->n_words; /* the first word that ends after it */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if ((size_t)sp->words[mid].at + sp->words[mid].n <= at)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < sp->n_words)
        return sp->start_samples + sp->words[lo].start_samples;
    if (sp->n_words)
        return sp->start_samples + sp->words[sp->n_words - 1].end_samples;
    return sp->start_samples + (narration.n ? (int64_t)((double)sp->n_samples * (double)at / (double)narration.n) : 0);
}

int64_t spoken_moment(const struct spoken *sp, const struct section *s, const struct param_moment *m)
{
    for (size_t i = 0; m->mark.n && i < s->n_marks; i++)
        if (str_eq(s->marks[i].name, m->mark))
            return spoken_at(sp, s->narration, s->marks[i].at);
    return sp->begin_samples + (m->mark.n ? 0 : llround(m->seconds * SAMPLE_RATE));
}

/* The option of a row that has this type, or NULL. */
static const void *option(const struct choice *c, enum param_type type, const char *name)
{
    for (const struct param *p = c->row->params; p && p->name; p++)
        if (p->type == type && (!name || strcmp(p->name, name) == 0))
            return (const char *)c->opts + p->offset;
    return NULL;
}

static bool is_revealed(const struct choice *c)
{
    const int *reveal = option(c, PARAM_CHOICE, "reveal");
    const struct param *p = reveal ? param_find(c->row->params, STR("reveal"), NULL) : NULL;
    return p && strcmp(p->choices[*reveal], "narration") == 0;
}

static const int64_t *item_times(const struct section *s, const struct spoken *sp, const struct choice *c,
                                 const struct param_items *items, int64_t start, struct arena *a)
{
    int64_t *out = arena_array(a, items->n + 1, sizeof *out);
    struct str *texts = arena_array(a, items->n + 1, sizeof *texts);
    size_t *places = arena_array(a, items->n + 1, sizeof *places);
    bool is_spoken = is_revealed(c) && sp->n_samples > 0 && s->narration.n > 0;
    for (size_t i = 0; i < items->n; i++)
        texts[i] = items->v[i].text;
    if (is_spoken)
        reveal_places(texts, items->n, s->narration, places);
    for (size_t i = 0; i < items->n; i++) {
        const struct param_moment *at = &items->v[i].at;
        bool is_said = at->mark.n || at->seconds == at->seconds;
        int64_t t = is_said ? spoken_moment(sp, s, at) : is_spoken ? spoken_at(sp, s->narration, places[i]) : start;
        out[i] = t > start ? t : start;
    }
    return out;
}

struct str overlay_file(const struct choice *c)
{
    for (const struct param *p = c->row->params; p && p->name; p++)
        if (p->flags & PARAM_FILE)
            return *(const struct str *)(const void *)((const char *)c->opts + p->offset);
    return STR("");
}

struct overlay_span *overlay_spans(const struct section *s, const struct spoken *sp, const struct blob *picture,
                                   struct arena *a)
{
    struct overlay_span *list = arena_array(a, s->n_overlays + 1, sizeof *list);
    for (size_t i = 0; i < s->n_overlays; i++) {
        const struct overlay *o = &s->overlays[i];
        const struct param_items *items = option(&o->choice, PARAM_ITEMS, NULL);
        struct overlay_span *out = &list[i];
        *out = (struct overlay_span){ .choice = o->choice,
                                      .is_watermark = o->is_watermark,
                                      .picture = overlay_file(&o->choice).n ? picture : NULL };
        bool is_whole = o->is_watermark && o->at.mark.n == 0 && o->at.seconds == 0;
        out->start_samples = is_whole ? INT64_MIN : spoken_moment(sp, s, &o->at);
        out->end_samples = o->seconds > 0
                               ? (is_whole ? sp->begin_samples : out->start_samples) + llround(o->seconds * SAMPLE_RATE)
                               : INT64_MAX;
        if (items) {
            out->item_samples = item_times(s, sp, &o->choice, items, out->start_samples, a);
            out->n_items = items->n;
        }
    }
    return list;
}
