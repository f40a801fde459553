/* music.c - a bed of music under the whole film, lower while somebody speaks */
#include "compose/music.h"
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include "compose/loudness.h"
#include "gen/base/mem.h"
#include "gen/lesson/files.h"
#include "gen/media.h"

enum { DOWN = SAMPLE_RATE / 4, UP = SAMPLE_RATE * 3 / 2, SEAM = SAMPLE_RATE / 50 };
static const double over_db = 6;                /* mastered music over speech: -14 against -20 LUFS */
static const double most_gain_db = 24;
static const size_t file_max = 512 * MIB;

bool music_open(const struct join_spec *s, struct sound *out, struct err *e)
{
    int fd = -1;
    if (!lesson_open_file(s->lesson, s->lesson->music.file, file_max, &fd, e))
        return err_wrap(e, "music");
    bool ok = sound_decode(fd, out, e);
    close(fd);
    return ok || err_wrap(e, "music");
}

/* 0 to 1 like half a cosine. */
static double ease(double x)
{
    return x <= 0 ? 0 : x >= 1 ? 1 : 0.5 - 0.5 * cos(M_PI * x);
}

double music_duck(const struct span *speech, size_t n, double duck, int64_t at)
{
    double high = 1;                            /* how far from speech, 0 inside to 1 */
    for (size_t i = 0; i < n; i++) {
        double d = at < speech[i].from  ? (double)(speech[i].from - at) / DOWN
                   : at >= speech[i].to ? (double)(at - speech[i].to) / UP
                                        : 0;
        high = fmin(high, ease(d));
    }
    return pow(fmax(duck, 1e-4), 1 - high);     /* even steps in decibels */
}

/* Fades of the film's ends and of the file's own. */
static double fade(const struct music_opts *m, int64_t at, int64_t n_film, int64_t in_file, int64_t n_file)
{
    double in = m->fade_in > 0 ? ease((double)at / (m->fade_in * SAMPLE_RATE)) : 1;
    double out = m->fade_out > 0 ? ease((double)(n_film - at) / (m->fade_out * SAMPLE_RATE)) : 1;
    double end = m->loop ? SEAM : fmax(m->fade_out * SAMPLE_RATE, SEAM); /* a loop's seam must not click */
    double seam = ease((double)(n_file - in_file) / end);
    if (at != in_file)
        seam *= ease((double)in_file / SEAM);
    return in * out * seam;
}

static size_t spans_of(const struct join_spec *s, struct span *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_sections; i++)
        if (s->sections[i].speech)
            out[n++] = (struct span){ s->sections[i].speech_start_samples,
                                      s->sections[i].speech_start_samples + s->sections[i].speech->info.n_samples };
    return n;
}

bool music_lay(const struct join_spec *s, const struct sound *music, double level_lufs, struct track *t,
               const atomic_bool *stop, struct err *e)
{
    const struct music_opts *m = &s->lesson->music;
    double lufs = loudness_of(music->pcm, music->channels, music->n_samples);
    double db = isfinite(lufs) ? fmin(level_lufs + over_db - lufs, most_gain_db) : 0,
           gain = m->volume * pow(10, db / 20);
    struct span *speech = mem_array(s->n_sections, sizeof *speech);
    float *block = mem_array((size_t)TRACK_BLOCK * 2, sizeof *block);
    size_t n_speech = spans_of(s, speech), first = 0;
    int64_t end = m->loop || music->n_samples > t->n_samples ? t->n_samples : music->n_samples;
    bool ok = true;
    for (int64_t from = 0; ok && from < end; from += TRACK_BLOCK) {
        size_t n = end - from < TRACK_BLOCK ? (size_t)(end - from) : TRACK_BLOCK;
        while (first < n_speech && speech[first].to + UP <= from)
            first++;                            /* long over */
        size_t near = first;
        while (near < n_speech && speech[near].from < from + TRACK_BLOCK + DOWN)
            near++;
        for (size_t i = 0; i < n; i++) {
            int64_t at = from + (int64_t)i, in_file = at % music->n_samples;
            double g = gain * fade(m, at, t->n_samples, in_file, music->n_samples) *
                       music_duck(speech + first, near - first, m->duck, at);
            for (int c = 0; c < t->channels; c++) {
                double v = (double)music->pcm[in_file * music->channels + (c < music->channels ? c : 0)];
                block[i * (size_t)t->channels + (size_t)c] = (float)(isfinite(v) ? v * g : 0);
            }
        }
        ok = stop && atomic_load(stop) ? err_set(e, ERR_CANCELLED, "stopped") : track_add(t, from, block, n, e);
    }
    free(block);
    free(speech);
    return ok;
}
