/* meter.c - integrated loudness of sound at SAMPLE_RATE (ITU-R BS.1770-4, EBU R 128) */
#include "compose/meter.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/media.h"

enum { STEP = SAMPLE_RATE / 10, STEPS_A_BLOCK = 4 }; /* blocks of 400 ms, one every 100 ms */
static const double offset_db = -0.691, gate_db = -70, relative_gate_db = -10;

/* The state of both filters for one channel. */
struct weighting { double v1, v2, w1, w2; };

struct meter {
    int channels;
    struct weighting filter[2];
    double sum;                                 /* of the step being filled */
    int filled;                                 /* its samples of each channel */
    double *steps;                              /* weighted energy of each full step, channels added */
    size_t n, cap;
};

struct meter *meter_create(int channels)
{
    struct meter *m = mem_alloc(sizeof *m);
    m->channels = channels;
    return m;
}

void meter_destroy(struct meter *m)
{
    if (m)
        free(m->steps);
    free(m);
}

/* K-weighting: the head's shelf, then the low cut. Sums are ordered so that only the newest value waits for the one
 * before it. Returns the energy of n samples, every stride-th of x. */
static double weigh(struct weighting *f, const float *x, size_t n, size_t stride)
{
    static const double a1 = -1.69065929318241, a2 = 0.73248077421585, b0 = 1.53512485958697, b1 = -2.69169618940638,
                        b2 = 1.19839281085285, c1 = -1.99004745483398, c2 = 0.99007225036621;
    /* in silence the rest would become numbers that processors are slow with */
    const double hum = 1e-20;
    double v1 = f->v1, v2 = f->v2, w1 = f->w1, w2 = f->w2, sum = 0;
    for (size_t i = 0; i < n; i++) {
        double v = ((double)x[i * stride] + hum - a2 * v2) - a1 * v1;
        double y = b0 * v + (b1 * v1 + b2 * v2);
        double w = (y - c2 * w2) - c1 * w1;
        double z = w + (w2 - 2 * w1);
        sum += z * z;
        v2 = v1;
        v1 = v;
        w2 = w1;
        w1 = w;
    }
    *f = (struct weighting){ v1, v2, w1, w2 };
    return sum;
}

static void push(struct meter *m)
{
    if (m->n == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 256;
        m->steps = mem_resize(m->steps, m->cap, sizeof *m->steps);
    }
    m->steps[m->n++] = m->sum * (m->channels == 1 ? 2 : 1);
    m->sum = 0;
    m->filled = 0;
}

void meter_add(struct meter *m, const float *pcm, size_t n)
{
    size_t channels = (size_t)m->channels;
    while (n) {
        size_t k = n < (size_t)(STEP - m->filled) ? n : (size_t)(STEP - m->filled);
        for (size_t c = 0; c < channels; c++)
            m->sum += weigh(&m->filter[c], pcm + c, k, channels);
        m->filled += (int)k;
        pcm += k * channels;
        n -= k;
        if (m->filled == STEP)
            push(m);
    }
}

static double energy_of(double lufs)
{
    return pow(10, (lufs - offset_db) / 10);
}

/* Of block i. */
static double block(const struct meter *m, size_t i)
{
    return (m->steps[i] + m->steps[i + 1] + m->steps[i + 2] + m->steps[i + 3]) / (STEP * STEPS_A_BLOCK);
}

/* The mean energy of blocks that reach the gate. */
static double gated(const struct meter *m, double gate)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i + STEPS_A_BLOCK <= m->n; i++)
        if (block(m, i) >= gate) {
            sum += block(m, i);
            n++;
        }
    return n ? sum / (double)n : 0;
}

double meter_lufs(const struct meter *m)
{
    double mean = gated(m, energy_of(gate_db));
    double gate = fmax(mean * pow(10, relative_gate_db / 10), energy_of(gate_db));
    mean = gated(m, gate);
    return mean > 0 ? offset_db + 10 * log10(mean) : -HUGE_VAL;
}
