/* stretch.c - sound made longer at the same pitch */
#include "compose/stretch.h"
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "gen/media.h"

enum {
    HOP = SAMPLE_RATE / 50, /* pieces are two of them long */
    PIECE = 2 * HOP,
    OFF = SAMPLE_RATE / 100, /* a piece may be taken so much before or after its time */
    COARSE = 6               /* samples from one look to the next at first */
};

/* Both channels as one; silence around. */
static float heard_at(const struct sound *s, int64_t i)
{
    const float *p = s->pcm + i * s->channels;
    return i < 0 || i >= s->n_samples ? 0 : s->channels == 2 ? p[0] + p[1] : p[0];
}

/* How well a piece at `at` goes on where the one at `want` would: its correlation with that. */
static double likeness(const struct sound *s, const float *want, int64_t at, int step)
{
    double both = 0, own = 1e-9;
    for (int i = 0; i < PIECE; i += step) {
        double v = (double)heard_at(s, at + i);
        both += v * (double)want[i];
        own += v * v;
    }
    return both / sqrt(own);
}

/* Where near `at` a piece begins that goes on best from the one before, of which `next` is the continuation. */
static int64_t best_near(const struct sound *s, int64_t at, int64_t next)
{
    float want[PIECE];
    int64_t best = at, middle = at;
    double most = -HUGE_VAL;
    for (int i = 0; i < PIECE; i++)
        want[i] = heard_at(s, next + i);
    for (int64_t off = -OFF; off <= OFF; off += COARSE) {
        double like = likeness(s, want, at + off, COARSE);
        if (like > most) {
            most = like;
            middle = at + off;
        }
    }
    most = -HUGE_VAL;
    for (int64_t off = -COARSE; off <= COARSE; off++) {
        double like = likeness(s, want, middle + off, 1);
        if (like > most) {
            most = like;
            best = middle + off;
        }
    }
    return best;
}

/* Pieces are weighted by half a cosine each way, so that two that overlap add up to one. */
static void add_piece(const struct sound *s, int64_t from, float *out, int64_t at, int64_t n_out)
{
    for (int64_t i = 0; i < PIECE; i++) {
        int64_t to = at + i, in = from + i;
        if (to < 0 || to >= n_out || in < 0 || in >= s->n_samples)
            continue;
        float weight = (float)(0.5 - 0.5 * cos(2 * M_PI * ((double)i + 0.5) / PIECE));
        for (int c = 0; c < s->channels; c++)
            out[to * s->channels + c] += weight * s->pcm[in * s->channels + c];
    }
}

bool sound_stretch(const struct sound *s, int64_t n_out, int file, struct sound *out, struct err *e)
{
    size_t bytes = (size_t)n_out * (size_t)s->channels * sizeof *s->pcm;
    *out = (struct sound){ 0 };
    float *to =
        ftruncate(file, (off_t)bytes) ? MAP_FAILED : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (to == MAP_FAILED)
        return err_errno(e, "a file of %zu bytes for sound", bytes);
    /* The first two go on from each other as they lie: the beginning is what it was. */
    int64_t from = -HOP;
    add_piece(s, from, to, -HOP, n_out);
    for (int64_t at = 0; at < n_out; at += HOP) {
        int64_t nominal = (int64_t)((double)at * (double)s->n_samples / (double)n_out);
        from = at == 0 ? 0 : best_near(s, nominal, from + HOP);
        add_piece(s, from, to, at, n_out);
    }
    *out = (struct sound){ .pcm = to, .channels = s->channels, .n_samples = n_out, .mapped = bytes };
    memcpy(out->type, s->type, sizeof out->type);
    return true;
}
