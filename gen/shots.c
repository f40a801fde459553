/* shots.c - when each of a section's pictures is seen */
#include "gen/shots.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/sentences.h"
#include "gen/timeline.h"

/* How much of an even share a cut may be off before a better kind of place is taken instead. */
static const double penalties[] = {
    [PAUSE_WORD] = 0.6, [PAUSE_CLAUSE] = 0.25, [PAUSE_SENTENCE] = 0, [PAUSE_PARAGRAPH] = 0
};
/* A picture comes so long before its words at most, seconds; shorter pauses are shared evenly. */
static const double before_words = 0.25;

struct place {
    double at, penalty;
};

/* ---------- the best places ---------- */

/* Chooses of places (in order) one for each target (in order), none twice, so that the sum of how far they are off
 * (in shares) and of their penalties is the least. out[] gets their positions; what has no place stays as it is. */
static void choose(const struct place *v, size_t n, const double *targets, size_t n_targets, double share, double *out)
{
    for (size_t k = 0; k < n_targets; k++)
        out[k] = targets[k];
    if (n < n_targets || n_targets == 0)
        return;
    double *cost = mem_array(n, sizeof *cost);
    uint32_t *from = mem_array(n * n_targets, sizeof *from); /* of target k at place i: where target k - 1 is */
    for (size_t k = 0; k < n_targets; k++) {
        double least = k ? HUGE_VAL : 0;
        uint32_t at = 0;
        for (size_t i = 0; i < n; i++) {
            double own = fabs(v[i].at - targets[k]) / share + v[i].penalty, here = cost[i];
            cost[i] = least + own;
            from[k * n + i] = at;
            if (k && here < least) {
                least = here;
                at = (uint32_t)i;
            }
        }
    }
    size_t at = 0;
    for (size_t i = 1; i < n; i++)
        at = cost[i] < cost[at] ? i : at;
    for (size_t k = n_targets; k-- > 0; at = from[k * n + at])
        out[k] = v[at].at;
    free(cost);
    free(from);
}

/* ---------- in the text ---------- */

struct str shots_words(struct str narration, size_t i, size_t n)
{
    struct arena a = { 0 };
    struct sentence_place *all;
    if (n < 2)
        return narration;
    size_t n_all = sentences_places(&a, narration, &all);
    struct place *v = arena_array(&a, n_all + 1, sizeof *v);
    double *targets = arena_array(&a, n + 1, sizeof *targets), *cuts = arena_array(&a, n + 1, sizeof *cuts);
    double share = (double)narration.n / (double)n;
    for (size_t k = 0; k < n_all; k++)
        v[k] = (struct place){ all[k].at, penalties[all[k].pause] };
    for (size_t k = 1; k < n; k++)
        targets[k] = share * (double)k;
    choose(v, n_all, targets + 1, n - 1, share, cuts + 1);
    cuts[n] = (double)narration.n;
    bool has_places = n_all >= n - 1;
    size_t from = (size_t)cuts[i], to = (size_t)cuts[i + 1];
    arena_deinit(&a);
    return has_places ? (struct str){ narration.p + from, to - from } : narration;
}

/* ---------- in time ---------- */

struct cutter {
    const struct plan_section *ps;
    const struct video_opts *v;
    double fps, share;  /* share: frames of a picture, if all had the same */
    int64_t first, end; /* cuts lie between them */
    double *cuts;       /* [n + 1], frames of the visual; cuts[i]: where picture i comes */
    bool *is_fixed;     /* [n + 1] */
    struct place *places;
    size_t n_places;
};

static double frame_of(const struct cutter *c, int64_t samples)
{
    return (double)samples * c->fps / SAMPLE_RATE;
}

/* Between two words: on the frame in the gap that is best, or nearest to it where no frame begins in the gap. */
static double cut_between(const struct cutter *c, const struct word *a, const struct word *b)
{
    int64_t start = c->ps->visual.speech_start_samples;
    double from = frame_of(c, start + a->end_samples), to = frame_of(c, start + b->start_samples);
    double at = round(fmax((from + to) / 2, to - before_words * c->fps));
    if (at > to && floor(to) >= from)
        at = floor(to);
    if (at < from && ceil(from) <= to)
        at = ceil(from);
    return at;
}

static void find_places(struct cutter *c, struct arena *a)
{
    const struct visual *v = &c->ps->visual;
    struct sentence_place *all;
    size_t n_all = v->n_words ? sentences_places(a, v->narration, &all) : 0, k = 0;
    c->places = arena_array(a, v->n_words + 1, sizeof *c->places);
    for (size_t i = 1; i < v->n_words; i++) {
        const struct word *before = &v->words[i - 1], *after = &v->words[i];
        bool is_any = false;
        enum sentence_pause pause = PAUSE_WORD;
        for (; k < n_all && all[k].at <= after->at; k++)
            if (all[k].at > before->at) {
                is_any = true;
                pause = all[k].pause > pause ? all[k].pause : pause;
            }
        double at = cut_between(c, before, after);
        bool is_later = c->n_places == 0 || at > c->places[c->n_places - 1].at;
        if (is_any && is_later)
            c->places[c->n_places++] = (struct place){ at, penalties[pause] };
    }
}

/* With the word that follows it; without words by where in the text it stands. */
static double mark_frame(const struct cutter *c, const struct mark *m)
{
    const struct plan_section *ps = c->ps;
    const struct visual *v = &ps->visual;
    int64_t samples = ps->speech ? ps->speech->blob.info.n_samples : 0;
    for (size_t i = 0; i < v->n_words; i++)
        if (v->words[i].at + v->words[i].n > m->at)
            return round(frame_of(c, v->speech_start_samples + v->words[i].start_samples));
    double part = v->narration.n && !v->n_words ? (double)m->at / (double)v->narration.n : 1;
    if (samples == 0)
        return (double)ps->slot.in_frames + round(part * (double)ps->slot.n_frames);
    return round(frame_of(c, v->speech_start_samples + (int64_t)(part * (double)samples)));
}

static void fix(struct cutter *c)
{
    const struct plan_section *ps = c->ps;
    double start = (double)ps->slot.in_frames;
    size_t n = ps->n_pictures;
    c->is_fixed[0] = c->is_fixed[n] = true;
    c->cuts[0] = start;
    c->cuts[n] = start + (double)ps->slot.n_frames;
    for (size_t i = 1; i < n; i++) {
        const struct section_picture *said = ps->pictures[i].said;
        c->is_fixed[i] = said->at >= 0 || said->mark < ps->section->n_marks;
        if (said->at >= 0)
            c->cuts[i] = start + round(said->at * c->fps);
        else if (c->is_fixed[i])
            c->cuts[i] = mark_frame(c, &ps->section->marks[said->mark]);
    }
}

static double seconds_of(const struct cutter *c, size_t i)
{
    return c->ps->pictures[i].said->seconds;
}

/* The cuts between two that are fixed. */
static void fill(struct cutter *c, size_t from, size_t to)
{
    double left = c->cuts[to] - c->cuts[from], targets[SHOTS_MOST], chosen[SHOTS_MOST] = { 0 };
    size_t n_free = 0, n = 0, low = 0, high;
    for (size_t i = from; i < to; i++) {
        n_free += seconds_of(c, i) < 0;
        left -= seconds_of(c, i) < 0 ? 0 : seconds_of(c, i) * c->fps;
    }
    double share = n_free && left > 0 ? left / (double)n_free : 0, at = c->cuts[from];
    for (size_t i = from; i + 1 < to; i++) {
        bool is_free = seconds_of(c, i) < 0;
        at += is_free ? share : seconds_of(c, i) * c->fps;
        if (is_free)
            targets[n++] = at;
    }
    while (low < c->n_places && c->places[low].at <= c->cuts[from])
        low++;
    for (high = low; high < c->n_places && c->places[high].at < c->cuts[to]; high++) {
    }
    choose(c->places + low, high - low, targets, n, share > 1 ? share : 1, chosen);
    n = 0;
    for (size_t i = from; i + 1 < to; i++)
        c->cuts[i + 1] = seconds_of(c, i) < 0 ? chosen[n++] : c->cuts[i] + round(seconds_of(c, i) * c->fps);
}

/* In order, each a frame apart at least, and all between the section's transitions. */
static void settle(const struct cutter *c, int64_t *cuts)
{
    size_t n = c->ps->n_pictures;
    cuts[0] = c->first;
    cuts[n] = c->end;
    for (size_t i = 1; i < n; i++) {
        cuts[i] = llround(fmin(fmax(c->cuts[i], -1e9), 1e9));
        cuts[i] = cuts[i] <= cuts[i - 1] ? cuts[i - 1] + 1 : cuts[i];
    }
    for (size_t i = n; i-- > 1;)
        cuts[i] = cuts[i] >= cuts[i + 1] ? cuts[i + 1] - 1 : cuts[i];
}

/* Half of the transition at a cut. */
static int64_t half_at(const struct cutter *c, const int64_t *cuts, size_t i)
{
    const struct section_picture *said = c->ps->pictures[i].said;
    int64_t half = timeline_half_frames(c->v, &said->transition, said->transition_s);
    int64_t before = (cuts[i] - cuts[i - 1]) / 2, after = (cuts[i + 1] - cuts[i]) / 2;
    half = half > before ? before : half;
    return half > after ? after : half;
}

void shots_cut(struct plan_section *ps, const struct video_opts *v)
{
    struct arena a = { 0 };
    size_t n = ps->n_pictures;
    struct cutter c = { .ps = ps,
                        .v = v,
                        .fps = (double)v->fps_num / v->fps_den,
                        .first = 2 * ps->slot.in_frames,
                        .end = ps->visual.n_frames - 2 * ps->slot.out_frames };
    int64_t *cuts = arena_array(&a, n + 1, sizeof *cuts);
    c.cuts = arena_array(&a, n + 1, sizeof *c.cuts);
    c.is_fixed = arena_array(&a, n + 1, sizeof *c.is_fixed);
    find_places(&c, &a);
    fix(&c);
    for (size_t from = 0, to = 1; to <= n; to++)
        if (c.is_fixed[to]) {
            fill(&c, from, to);
            from = to;
        }
    settle(&c, cuts);
    for (size_t i = 0; i < n; i++) {
        int64_t first = i ? cuts[i] - half_at(&c, cuts, i) : 0;
        int64_t end = i + 1 < n ? cuts[i + 1] + half_at(&c, cuts, i + 1) : ps->visual.n_frames;
        ps->shots[i].first_frame = first;
        ps->shots[i].n_frames = end - first;
    }
    arena_deinit(&a);
}
