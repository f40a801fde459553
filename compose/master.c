/* master.c - gain and a look-ahead limiter over a track
 *
 * The gain that each sample needs is held back over a window of LOOK samples (minimum), let go slowly (exponential
 * release) and smoothed by an average over the same window: a peak is never passed, and the gain never jumps.
 * Inter-sample peaks: four-fold interpolation as in ITU-R BS.1770-4, annex 2, with a windowed sinc of our own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/loudness.h"
#include "gen/base/mem.h"
#include "gen/media.h"

enum { LOOK = SAMPLE_RATE * 5 / 1000, TAPS = 16, PHASES = 4, MARGIN = TAPS };

struct master {
    struct track t;
    float gain, ceiling;
    int64_t at;                                 /* the next sample out */
    double release, last;                       /* per sample; the gain let go so far */
    float fir[PHASES][TAPS];
    float *in;                                  /* [MARGIN + BLOCK + LOOK + MARGIN] frames, from at - MARGIN on */
    float *need;                                /* [BLOCK + LOOK]: gain that each sample needs, from `at` on */
    float *held;                                /* [LOOK + BLOCK]: minimum ahead with release, from at - LOOK on */
    int64_t *queue;                             /* candidates of the sliding minimum */
};

static void make_fir(struct master *m)
{
    const int half = TAPS / 2;
    for (int p = 0; p < PHASES; p++) {
        double sum = 0, tap[TAPS];
        for (int k = 0; k < TAPS; k++) {
            double x = k - half + 1 - (double)p / PHASES;
            double w = 0.5 + 0.5 * cos(M_PI * x / (half + 0.5));
            tap[k] = w * (fabs(x) < 1e-9 ? 1 : sin(M_PI * x) / (M_PI * x));
            sum += tap[k];
        }
        for (int k = 0; k < TAPS; k++)
            m->fir[p][k] = (float)(tap[k] / sum);
    }
}

struct master *master_create(const struct track *t, double gain_db, double ceiling_dbtp)
{
    struct master *m = mem_alloc(sizeof *m);
    m->t = *t;
    m->gain = (float)pow(10, gain_db / 20);
    m->ceiling = (float)pow(10, ceiling_dbtp / 20);
    m->release = 1 - exp(-1.0 / (0.08 * SAMPLE_RATE)); /* 80 ms */
    m->last = 1;
    m->at = -LOOK;                              /* a peak at the very start is seen coming, too */
    m->in = mem_array((size_t)(TRACK_BLOCK + LOOK + 2 * MARGIN) * (size_t)t->channels, sizeof *m->in);
    m->need = mem_array(TRACK_BLOCK + LOOK, sizeof *m->need);
    m->held = mem_array(TRACK_BLOCK + LOOK, sizeof *m->held);
    m->queue = mem_array(TRACK_BLOCK + LOOK, sizeof *m->queue);
    for (int i = 0; i < LOOK; i++)
        m->held[i] = 1;
    make_fir(m);
    return m;
}

void master_destroy(struct master *m)
{
    if (!m)
        return;
    free(m->in);
    free(m->need);
    free(m->held);
    free(m->queue);
    free(m);
}

/* The largest value at sample i of channel k and between it and the next. */
static float peak_at(const struct master *m, const float *x, int channels)
{
    float most = fabsf(x[0]);
    float near = most;
    for (int j = -TAPS / 2 + 1; j <= TAPS / 2; j++) {
        float v = fabsf(x[j * channels]);
        near = v > near ? v : near;
    }
    if (near < m->ceiling * 0.5f)               /* interpolation adds less than 6 dB to real sound */
        return most;
    for (int p = 1; p < PHASES; p++) {
        float sum = 0;
        for (int k = 0; k < TAPS; k++)
            sum += m->fir[p][k] * x[(k - TAPS / 2 + 1) * channels];
        most = fabsf(sum) > most ? fabsf(sum) : most;
    }
    return most;
}

static float loudest(const struct master *m, size_t i)
{
    float most = 0;
    for (int k = 0; k < m->t.channels; k++) {
        float p = peak_at(m, m->in + i * (size_t)m->t.channels + k, m->t.channels);
        most = p > most ? p : most;
    }
    return most;
}

/* The gain that each of n samples needs. A peak between two samples concerns both. */
static void find_need(struct master *m, size_t n)
{
    float before = loudest(m, MARGIN - 1);
    for (size_t i = 0; i < n; i++) {
        float peak = loudest(m, i + MARGIN), most = peak > before ? peak : before;
        m->need[i] = most > m->ceiling ? m->ceiling / most : 1;
        before = peak;
    }
}

/* held[LOOK + i] = min(need[i .. i + LOOK]), let go slowly. */
static void hold(struct master *m, size_t n)
{
    size_t head = 0, tail = 0, seen = 0;
    for (size_t i = 0; i < n; i++) {
        for (; seen < i + LOOK; seen++) {
            while (tail > head && m->need[m->queue[tail - 1]] >= m->need[seen])
                tail--;
            m->queue[tail++] = (int64_t)seen;
        }
        while (m->queue[head] < (int64_t)i)
            head++;
        double least = (double)m->need[m->queue[head]];
        double let_go = m->last + (1 - m->last) * m->release;
        m->last = least < let_go ? least : let_go;
        m->held[LOOK + i] = (float)m->last;
    }
}

static bool next(struct master *m, float *out, size_t n, struct err *e)
{
    int channels = m->t.channels;
    if (!track_read(&m->t, m->at - MARGIN, m->in, n + LOOK + 2 * MARGIN, e))
        return false;
    for (size_t i = 0; i < (n + LOOK + 2 * MARGIN) * (size_t)channels; i++)
        m->in[i] *= m->gain;
    find_need(m, n + LOOK);
    hold(m, n);
    double sum = 0;
    for (size_t i = 1; i < LOOK; i++)
        sum += (double)m->held[i];
    for (size_t i = 0; i < n; i++) {            /* the average of the LOOK values that end at this sample */
        sum += (double)m->held[LOOK + i];
        float g = (float)(sum / LOOK);
        for (int k = 0; k < channels; k++)
            out[i * (size_t)channels + (size_t)k] = m->in[(i + MARGIN) * (size_t)channels + (size_t)k] * g;
        sum -= (double)m->held[i + 1];
    }
    memmove(m->held, m->held + n, LOOK * sizeof *m->held);
    m->at += (int64_t)n;
    return true;
}

bool master_read(struct master *m, float *out, size_t n, struct err *e)
{
    float before[LOOK * 2];
    return (m->at >= 0 || next(m, before, LOOK, e)) && next(m, out, n, e);
}
