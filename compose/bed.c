/* bed.c - sound that lies under a stretch of the film */
#include "compose/bed.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/media.h"

enum { STEP = 64 };                             /* samples between two gains; straight lines between them */

struct layer {
    const struct sound *s;
    const struct bed *b;
    int64_t seam, period;
    bool is_looped;
    size_t first;                               /* of the ducking's spans */
};

static double ease(double x)
{
    return x <= 0 ? 0 : x >= 1 ? 1 : 0.5 - 0.5 * cos(M_PI * x);
}

static double faded(int64_t d, int64_t over)
{
    return over > 0 ? ease((double)d / (double)over) : 1;
}

/* at: from the stretch's beginning. Ascending. */
static double gain_at(struct layer *l, int64_t at)
{
    const struct bed *b = l->b;
    double g = b->gain * faded(at, b->fade_in) * faded(b->to - b->from - at, b->fade_out);
    if (!l->is_looped)
        g *= at >= b->length ? 0 : faded(b->length - at, b->end_fade);
    return b->ducking ? g * ducking_at(b->ducking, b->from + at, &l->first) : g;
}

static float sample(const struct layer *l, int64_t i, int c)
{
    float v = i < l->s->n_samples ? l->s->pcm[i * l->s->channels + c] : 0;
    return fabsf(v) < 100 ? v : 0;              /* neither NaN nor noise of a broken child */
}

/* Equal power: music that dissolves into itself is as loud in the seam as elsewhere. */
static float in_seam(const struct layer *l, int64_t i, int c)
{
    double x = ((double)i + 0.5) / (double)l->seam * M_PI / 2;
    return (float)((double)sample(l, i, c) * sin(x) + (double)sample(l, l->period + i, c) * cos(x));
}

/* A stretch that lies in one piece in the sound: nothing is asked for each sample. */
static void fill_plain(const struct layer *l, float *out, int channels, int64_t k, int n, float gain, float step)
{
    const float *in = l->s->pcm + k * l->s->channels;
    int own = l->s->channels;
    for (int i = 0; i < n; i++) {
        float g = gain + step * (float)i;
        for (int c = 0; c < channels; c++) {
            float v = in[i * own + (c < own ? c : 0)];
            out[i * channels + c] = fabsf(v) < 100 ? g * v : 0;
        }
    }
}

static void fill_any(const struct layer *l, float *out, int channels, int64_t at, int n, float gain, float step)
{
    for (int i = 0; i < n; i++, at++) {
        float g = gain + step * (float)i;
        int64_t k = l->is_looped ? at % l->period : at;
        bool is_seam = l->is_looped && at >= l->period && k < l->seam;
        for (int c = 0; c < channels; c++) {
            int own = c < l->s->channels ? c : 0;
            out[i * channels + c] = g * (is_seam ? in_seam(l, k, own) : sample(l, k, own));
        }
    }
}

static void fill(struct layer *l, float *out, int channels, int64_t at, int64_t n)
{
    float gain = (float)gain_at(l, at);
    for (int64_t i = 0; i < n; i += STEP) {
        int m = n - i < STEP ? (int)(n - i) : STEP;
        float next = (float)gain_at(l, at + i + STEP), step = (next - gain) / STEP;
        int64_t k = l->is_looped ? (at + i) % l->period : at + i;
        int64_t end = l->is_looped && l->period < l->s->n_samples ? l->period : l->s->n_samples;
        bool is_seam = l->is_looped && at + i >= l->period && k < l->seam;
        if (!is_seam && k + m <= end)
            fill_plain(l, out + i * channels, channels, k, m, gain, step);
        else
            fill_any(l, out + i * channels, channels, at + i, m, gain, step);
        gain = next;
    }
}

bool bed_lay(struct track *t, const struct sound *s, const struct bed *b, const atomic_bool *stop, struct err *e)
{
    struct layer l = { .s = s, .b = b };
    int64_t span = b->to - b->from;
    bool ok = true;
    l.is_looped = b->is_looped && b->length < span && b->length > 0;
    l.seam = b->seam < b->length / 3 ? b->seam : b->length / 3;
    l.period = b->length - l.seam;
    if (!l.is_looped && b->length < span)
        span = b->length;
    if (s->channels > t->channels && !track_widen(t, e))
        return false;
    float *block = mem_array((size_t)TRACK_BLOCK * 2, sizeof *block);
    for (int64_t at = 0; ok && at < span; at += TRACK_BLOCK) {
        int64_t n = span - at < TRACK_BLOCK ? span - at : TRACK_BLOCK;
        fill(&l, block, t->channels, at, n);
        ok = stop && atomic_load(stop) ? err_set(e, ERR_CANCELLED, "stopped")
                                       : track_add(t, b->from + at, block, (size_t)n, e);
        sound_let_go(s, l.is_looped ? at % l.period : at);
    }
    free(block);
    return ok;
}
