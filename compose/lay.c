/* lay.c - a sound is added to the film's track at its place */
#include "compose/lay.h"
#include <math.h>
#include <stdlib.h>
#include "compose/loudness.h"
#include "compose/meter.h"
#include "gen/base/mem.h"
#include "gen/media.h"

static double half_cosine(double x)
{
    return x >= 1 ? 1 : 0.5 - 0.5 * cos(M_PI * x);
}

/* One piece of the sound in the track's channels. Values that are no numbers are silence: a broken child could send
 * them. */
static void scale(float *out, const float *in, size_t n, int channels_in, int channels, float gain)
{
    if (channels_in == channels)
        for (size_t i = 0; i < n * (size_t)channels; i++)
            out[i] = fabsf(in[i]) < 100 ? in[i] * gain : 0;
    else
        for (size_t i = 0; i < n; i++)
            out[2 * i] = out[2 * i + 1] = fabsf(in[i]) < 100 ? in[i] * gain : 0;
}

/* Of the piece [from, from + n) of a sound of `total` samples. */
static void fade(float *x, int64_t from, int64_t n, int channels, int64_t total, const struct lay *l)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t begun = from + i, left = total - 1 - begun;
        if (begun >= l->fade_in && left >= l->fade_out) {
            int64_t calm = total - 1 - l->fade_out - begun;
            i += calm > 0 ? calm - 1 : 0;       /* nothing to do until the end comes near */
            continue;
        }
        double g = 1;
        if (begun < l->fade_in)
            g = half_cosine(((double)begun + 0.5) / (double)l->fade_in);
        if (left < l->fade_out)
            g *= half_cosine(((double)left + 0.5) / (double)l->fade_out);
        for (int c = 0; c < channels; c++)
            x[i * channels + c] = (float)((double)x[i * channels + c] * g);
    }
}

bool lay_sound(struct track *t, const struct sound *s, const struct lay *l, const atomic_bool *stop, struct err *e)
{
    int64_t n = s->n_samples < t->n_samples - l->at ? s->n_samples : t->n_samples - l->at;
    if (n > 0 && s->channels > t->channels && !track_widen(t, e))
        return false;
    float *block = mem_array((size_t)TRACK_BLOCK * 2, sizeof *block);
    bool ok = true;
    for (int64_t from = 0; ok && from < n; from += TRACK_BLOCK) {
        int64_t k = n - from < TRACK_BLOCK ? n - from : TRACK_BLOCK;
        scale(block, s->pcm + from * s->channels, (size_t)k, s->channels, t->channels, (float)l->gain);
        fade(block, from, k, t->channels, n, l);
        ok = stop && atomic_load(stop) ? err_set(e, ERR_CANCELLED, "stopped")
                                       : track_add(t, l->at + from, block, (size_t)k, e);
        sound_let_go(s, from + k);
    }
    free(block);
    return ok;
}

double sound_loudness(const struct sound *s)
{
    if (s->n_samples <= SAMPLE_RATE)
        return loudness_of(s->pcm, s->channels, s->n_samples);
    struct meter *m = meter_create(s->channels);
    for (int64_t at = 0; at < s->n_samples; at += TRACK_BLOCK) {
        int64_t n = s->n_samples - at < TRACK_BLOCK ? s->n_samples - at : TRACK_BLOCK;
        meter_add(m, s->pcm + at * s->channels, (size_t)n);
        sound_let_go(s, at + n);
    }
    double lufs = meter_lufs(m);
    meter_destroy(m);
    return lufs;
}
