/* master.c - gain and a look-ahead limiter over a track
 *
 * The gain that each run of samples needs is held back over a window (minimum), let go slowly (exponential release) and
 * smoothed by an average over the same window; between runs it goes in straight lines: a peak is never passed, and the
 * gain never jumps. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/loudness.h"
#include "compose/peak.h"
#include "gen/base/mem.h"
#include "gen/media.h"

enum {
    RUN = PEAK_RUN,
    LOOK = SAMPLE_RATE * 5 / 1000 / RUN,        /* runs */
    BLOCK = TRACK_BLOCK / 4,                    /* samples made at a time */
    RUNS = BLOCK / RUN,
    IN = (1 + RUNS + LOOK + 1) * RUN,           /* samples looked at: from a run before the block on */
};

struct master {
    struct track t;
    float gain, ceiling;
    struct peak_filter filter;
    double release, last;                       /* per run; the gain let go so far */
    int64_t at;                                 /* the block that is made next */
    float *in;                                  /* interleaved, from `at` - RUN on */
    float *plane;                               /* one channel of it */
    float peak[RUNS + LOOK];                    /* of one channel, from the block's first run on */
    float need[RUNS + LOOK];                    /* the gain that each run needs */
    double held[LOOK + RUNS];                   /* least need with release, from LOOK - 1 runs before the block on */
    float *out;
    size_t taken;                               /* samples of each channel of out that were read already */
};

struct master *master_create(const struct track *t, double gain_db, double ceiling_dbtp)
{
    struct master *m = mem_alloc(sizeof *m);
    m->t = *t;
    m->gain = (float)pow(10, gain_db / 20);
    m->ceiling = (float)pow(10, ceiling_dbtp / 20);
    peak_filter_init(&m->filter);
    m->release = 1 - exp(-(double)RUN / (0.08 * SAMPLE_RATE)); /* 80 ms */
    m->last = 1;
    m->at = -BLOCK;                             /* a peak at the very start is seen coming, too */
    m->in = mem_array((size_t)IN * (size_t)t->channels, sizeof *m->in);
    m->plane = mem_array(IN, sizeof *m->plane);
    m->out = mem_array((size_t)BLOCK * (size_t)t->channels, sizeof *m->out);
    for (int i = 0; i < LOOK; i++)
        m->held[i] = 1;
    m->taken = BLOCK;
    return m;
}

void master_destroy(struct master *m)
{
    if (!m)
        return;
    free(m->in);
    free(m->plane);
    free(m->out);
    free(m);
}

static void find_need(struct master *m)
{
    int channels = m->t.channels;
    for (int i = 0; i < RUNS + LOOK; i++)
        m->need[i] = 1;
    for (int c = 0; c < channels; c++) {
        for (int i = 0; i < IN; i++)
            m->plane[i] = m->in[i * channels + c];
        peak_of_runs(&m->filter, m->plane + RUN, RUNS + LOOK, m->ceiling, m->peak);
        for (int i = 0; i < RUNS + LOOK; i++) {
            float g = m->peak[i] > m->ceiling ? m->ceiling / m->peak[i] : 1;
            m->need[i] = g < m->need[i] ? g : m->need[i];
        }
    }
}

/* What is held at run k is no more than runs k - 1 to k + LOOK - 1 need. The average of LOOK such values that end with
 * k is therefore no more than runs k - 1 and k need, and that is the gain where k begins. */
static void hold(struct master *m)
{
    for (int i = 1; i <= RUNS; i++) {           /* the block's own first was found with the block before */
        float least = 1;
        for (int k = i - 1; k < i + LOOK; k++)
            least = m->need[k] < least ? m->need[k] : least;
        double let_go = m->last + (1 - m->last) * m->release;
        m->last = (double)least < let_go ? (double)least : let_go;
        m->held[LOOK - 1 + i] = m->last;
    }
}

/* The gain goes in straight lines from where each run begins to where the next one does. */
static void apply(struct master *m)
{
    int channels = m->t.channels, n = RUN * channels;
    double sum = 0;
    for (int i = 0; i < LOOK; i++)
        sum += m->held[i];
    for (int r = 0; r < RUNS; r++) {
        const float *in = m->in + (r + 1) * n;
        float *out = m->out + r * n, from = (float)(sum / LOOK);
        sum += m->held[r + LOOK] - m->held[r];
        float step = ((float)(sum / LOOK) - from) / (float)n;
        if (channels == 1)
            for (int i = 0; i < RUN; i++)
                out[i] = in[i] * (from + step * (float)i);
        else
            for (int i = 0; i < 2 * RUN; i++)
                out[i] = in[i] * (from + step * (float)(i & ~1));
    }
}

/* The next BLOCK samples of each channel into m->out. */
static bool make_block(struct master *m, struct err *e)
{
    size_t n = (size_t)IN * (size_t)m->t.channels;
    if (!track_read(&m->t, m->at - RUN, m->in, IN, e))
        return false;
    for (size_t i = 0; i < n; i++)
        m->in[i] *= m->gain;
    if (isfinite(m->ceiling)) {
        find_need(m);
        hold(m);
        apply(m);
        memmove(m->held, m->held + RUNS, LOOK * sizeof *m->held);
    } else
        memcpy(m->out, m->in + RUN * m->t.channels, (size_t)BLOCK * (size_t)m->t.channels * sizeof *m->out);
    m->at += BLOCK;
    m->taken = 0;
    return true;
}

bool master_read(struct master *m, float *out, size_t n, struct err *e)
{
    size_t channels = (size_t)m->t.channels;
    if (m->at < 0 && !make_block(m, e))
        return false;
    if (m->at == 0)
        m->taken = BLOCK;                       /* what comes before the track's start */
    while (n) {
        if (m->taken == BLOCK && !make_block(m, e))
            return false;
        size_t k = BLOCK - m->taken < n ? BLOCK - m->taken : n;
        memcpy(out, m->out + m->taken * channels, k * channels * sizeof *out);
        m->taken += k;
        out += k * channels;
        n -= k;
    }
    return true;
}
