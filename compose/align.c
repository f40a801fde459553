/* align.c - words of a narration found in speech by its pauses */
#include "compose/align.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "compose/envelope.h"
#include "compose/tokens.h"
#include "compose/words.h"

enum { PAUSE_HOPS = 10 };                       /* 100 ms: longer than the stops inside words */

/* A stretch of speech without a pause: hops [from, to), and the pause after it. */
struct run { size_t from, to, pause; };

static struct run *runs_of(const struct envelope *env, size_t *n)
{
    size_t from, to, cap = 16;
    struct run *r = mem_array(cap, sizeof *r);
    *n = 0;
    if (!envelope_span(env, &from, &to))
        return r;
    for (size_t i = from; i < to;) {
        size_t end = i, quiet = 0;
        while (end + quiet < to && quiet < PAUSE_HOPS)
            if (envelope_is_speech(env, end + quiet))
                end += quiet + 1, quiet = 0;
            else
                quiet++;
        while (end + quiet < to && !envelope_is_speech(env, end + quiet))
            quiet++;
        if (*n == cap) {
            cap *= 2;
            r = mem_resize(r, cap, sizeof *r);
        }
        r[(*n)++] = (struct run){ i, end, quiet };
        i = end + quiet;
    }
    return r;
}

/* What the search looks at: prefix sums over words and runs. weight and hops are scaled to the same total. */
struct search {
    const struct token *t;
    const struct run *r;
    size_t n, n_runs;
    double *weight;                             /* [n + 1], in hops */
    double *hops;                               /* [n_runs + 1] */
    /* [n + 1]: cost of places where the text pauses and the speech does not */
    double *missed;
    size_t *low, *high;                         /* [n_runs + 1]: how many words may be over after that many runs */
};

/* How odd it is that run j says words [a, b), and that a pause follows the last of them. */
static double oddness(const struct search *s, size_t j, size_t a, size_t b)
{
    static const double at_pause[] = { 2.5, 0.3, 0, 0 }, no_pause[] = { 0, 0.4, 1.5, 2 };
    double d = s->hops[j + 1] - s->hops[j], x = s->weight[b] - s->weight[a];
    double off = (x - d) / (0.2 * d + 12);
    double cost = off * off;
    if (b > a)
        cost += s->missed[b - 1] - s->missed[a]; /* between words of the run; the last has its pause */
    if (j + 1 == s->n_runs)
        return cost;
    unsigned p = b ? s->t[b - 1].pause : 2;
    /* a longer pause after nothing is odder, a short one after a sentence too */
    double length = (double)s->r[j].pause;
    cost += p == 0 ? at_pause[0] * fmin(length / 30, 2) : p == 1 ? at_pause[1] : length < 15 ? no_pause[1] : 0;
    return cost;
}

static void search_init(struct search *s)
{
    static const double missed[] = { 0, 0.4, 1.5, 2 };
    double sum = 0;
    s->weight = mem_array(s->n + 1, sizeof *s->weight);
    s->missed = mem_array(s->n + 1, sizeof *s->missed);
    s->hops = mem_array(s->n_runs + 1, sizeof *s->hops);
    s->low = mem_array(s->n_runs + 1, sizeof *s->low);
    s->high = mem_array(s->n_runs + 1, sizeof *s->high);
    for (size_t j = 0; j < s->n_runs; j++)
        s->hops[j + 1] = s->hops[j] + (double)(s->r[j].to - s->r[j].from);
    for (size_t i = 0; i < s->n; i++)
        sum += (double)s->t[i].weight;
    for (size_t i = 0; i < s->n; i++) {
        s->weight[i + 1] = s->weight[i] + (double)s->t[i].weight * s->hops[s->n_runs] / sum;
        s->missed[i + 1] = s->missed[i] + missed[s->t[i].pause & 3];
    }
    /* The words lie near the proportional line; a band around it keeps the search short. */
    double total = s->hops[s->n_runs], slack = 0.05 * total + 10 * total / (double)s->n;
    for (size_t j = 0, a = 0, b = 0; j <= s->n_runs; j++) {
        while (a < s->n && s->weight[a] < s->hops[j] - slack)
            a++;
        while (b < s->n && s->weight[b + 1] <= s->hops[j] + slack)
            b++;
        s->low[j] = j == s->n_runs ? s->n : a;
        s->high[j] = j == 0 ? 0 : j == s->n_runs ? s->n : b;
    }
    s->low[0] = 0;
}

static void search_deinit(struct search *s)
{
    free(s->weight);
    free(s->missed);
    free(s->hops);
    free(s->low);
    free(s->high);
}

/* Least total oddness: cut[j] words are over after j runs. False when the band holds no way (it always does in
 * practice). */
static bool search_run(const struct search *s, size_t *cut)
{
    size_t width = 1;
    for (size_t j = 0; j <= s->n_runs; j++)
        if (s->high[j] >= s->low[j] && s->high[j] - s->low[j] + 1 > width)
            width = s->high[j] - s->low[j] + 1;
    double *cost = mem_array((s->n_runs + 1) * width, sizeof *cost);
    uint32_t *back = mem_array((s->n_runs + 1) * width, sizeof *back);
    for (size_t k = 0; k < (s->n_runs + 1) * width; k++)
        cost[k] = DBL_MAX;
    cost[0] = 0;
    for (size_t j = 0; j < s->n_runs; j++)
        for (size_t b = s->low[j + 1]; b <= s->high[j + 1]; b++)
            for (size_t a = s->low[j]; a <= s->high[j] && a <= b; a++) {
                double before = cost[j * width + a - s->low[j]];
                double c = before < DBL_MAX ? before + oddness(s, j, a, b) : DBL_MAX;
                size_t k = (j + 1) * width + b - s->low[j + 1];
                if (c < cost[k])
                    cost[k] = c, back[k] = (uint32_t)a;
            }
    bool ok = cost[s->n_runs * width] < DBL_MAX;
    cut[s->n_runs] = s->n;
    for (size_t j = s->n_runs; ok && j-- > 0;)
        cut[j] = back[(j + 1) * width + cut[j + 1] - s->low[j + 1]];
    free(cost);
    free(back);
    return ok;
}

/* Words [a, b) over run r by weight. */
static void lay(const struct search *s, const struct run *r, size_t a, size_t b, int64_t *start)
{
    double sum = s->weight[b] - s->weight[a], len = (double)((r->to - r->from) * ENVELOPE_HOP);
    for (size_t i = a; i < b; i++)
        start[i] = (int64_t)(r->from * ENVELOPE_HOP) + (int64_t)(len * (s->weight[i] - s->weight[a]) / sum);
}

/* By weight over all runs in a row, pauses skipped. */
static void lay_all(const struct search *s, int64_t *start)
{
    for (size_t i = 0, j = 0; i < s->n; i++) {
        while (j + 1 < s->n_runs && s->weight[i] >= s->hops[j + 1])
            j++;
        start[i] = (int64_t)(((double)s->r[j].from + s->weight[i] - s->hops[j]) * ENVELOPE_HOP);
    }
}

void align_measured(const struct sound *snd, struct str text, struct word **words, size_t *n_words)
{
    struct envelope env = envelope_of(snd);
    struct search s = { 0 };
    struct token *t = tokens_of(text, &s.n);
    struct run *r = runs_of(&env, &s.n_runs);
    *words = NULL;
    *n_words = 0;
    if (s.n && s.n_runs) {
        int64_t *start = mem_array(s.n, sizeof *start);
        size_t *cut = mem_array(s.n_runs + 1, sizeof *cut);
        s.t = t;
        s.r = r;
        search_init(&s);
        if (search_run(&s, cut))
            for (size_t j = 0; j < s.n_runs; j++)
                lay(&s, &r[j], cut[j], cut[j + 1], start);
        else
            lay_all(&s, start);
        *words = words_close(t, s.n, start, &env, 0, snd->n_samples);
        *n_words = s.n;
        search_deinit(&s);
        free(cut);
        free(start);
    }
    free(t);
    free(r);
    envelope_deinit(&env);
}
