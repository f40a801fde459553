/* pace.c - token buckets, documented and learned */
#include "gen/pace.h"

static const double share = 0.99, most_burst = 3, token_burst_ms = 3000;
/* of the learned rate: what a refusal leaves of it at least and at most, how fast it grows */
static const double least_left = 0.5, most_left = 0.97, first_growth = 0.008, least_growth = 0.0002;
enum { FASTER_AFTER = 256, LEARNED_BURST_MS = 20 };

/* ---------- the bucket ---------- */

static double level_at(const struct bucket *b, int64_t now_ms)
{
    double level = b->level + (double)(now_ms - b->at_ms) * b->per_ms;
    return level < b->depth ? level : b->depth;
}

int64_t bucket_ready_ms(const struct bucket *b, double need, int64_t now_ms)
{
    if (b->per_ms <= 0)
        return now_ms;
    double lacks = (need < b->depth ? need : b->depth) - level_at(b, now_ms);
    return lacks <= 1e-9 ? now_ms : now_ms + (int64_t)(lacks / b->per_ms) + 1;
}

void bucket_take(struct bucket *b, double need, int64_t now_ms)
{
    if (b->per_ms <= 0)
        return;
    b->level = level_at(b, now_ms) - need;
    b->at_ms = now_ms;
}

/* ---------- the pace ---------- */

static void learned_set(struct pace *p, double per_ms, int64_t at_ms)
{
    double depth = per_ms * LEARNED_BURST_MS;
    p->learned = (struct bucket){ .per_ms = per_ms, .depth = depth > 2 ? depth : 2, .level = 1, .at_ms = at_ms };
}

void pace_init(struct pace *p, int64_t rpm, int64_t tpm, double per_minute, int64_t now_ms)
{
    double burst = (double)rpm * (1 - share);
    burst = burst < 1 ? 1 : burst > most_burst ? most_burst : burst;
    *p = (struct pace){ .growth = least_growth };
    p->requests = (struct bucket){ .per_ms = (double)rpm * share / 60000, .depth = burst, .level = 1, .at_ms = now_ms };
    p->tokens.per_ms = (double)tpm * share / 60000;
    p->tokens.depth = p->tokens.level = p->tokens.per_ms * token_burst_ms;
    p->tokens.at_ms = now_ms;
    if (per_minute > 0)
        learned_set(p, per_minute / 60000, now_ms);
}

int64_t pace_ready_ms(const struct pace *p, double tokens, int64_t now_ms)
{
    const int64_t at[] = { bucket_ready_ms(&p->requests, 1, now_ms), bucket_ready_ms(&p->tokens, tokens, now_ms),
                           bucket_ready_ms(&p->learned, 1, now_ms) };
    int64_t latest = at[0] > at[1] ? at[0] : at[1];
    return latest > at[2] ? latest : at[2];
}

bool pace_started(struct pace *p, double tokens, int64_t now_ms)
{
    bool was_held = p->learned.per_ms > 0 && level_at(&p->learned, now_ms) < 2;
    bucket_take(&p->requests, 1, now_ms);
    bucket_take(&p->tokens, tokens, now_ms);
    bucket_take(&p->learned, 1, now_ms);
    if (!p->has_begun) {
        p->has_begun = true;
        p->since_ms = now_ms;
    }
    p->n_since++;
    return was_held;
}

/* After a long time without a refusal the limit may have moved: faster then. */
void pace_answered(struct pace *p, bool was_held)
{
    if (!was_held || p->learned.per_ms <= 0)
        return;
    if (++p->n_clean % FASTER_AFTER == 0 && p->growth < first_growth)
        p->growth *= 2;
    p->learned.per_ms *= 1 + p->growth;
}

void pace_unstarted(struct pace *p, int64_t started_ms)
{
    if (started_ms >= p->since_ms && p->n_since > 0)
        p->n_since--;
}

void pace_refused(struct pace *p)
{
    p->is_refused = true;
}

void pace_learn(struct pace *p, int64_t until_ms, bool is_used_up)
{
    int64_t span = until_ms - p->since_ms;
    double rate = (double)(p->n_since > 0 ? p->n_since : 1) / (double)(span > 0 ? span : 1);
    p->is_refused = true;
    if (!p->is_learning) {
        p->before = p->learned.per_ms;
        p->growth = p->before <= 0 ? first_growth : p->growth / 2 > least_growth ? p->growth / 2 : least_growth;
        p->n_clean = 0;
        p->is_learning = true;
    }
    if (p->before > 0) {
        rate *= share;
        rate = rate < p->learned.per_ms * least_left ? p->learned.per_ms * least_left : rate;
        rate = rate > p->before * most_left ? p->before * most_left : rate;
    }
    learned_set(p, rate, until_ms);
    if (is_used_up && p->before <= 0) { /* the burst that a service begins with is over, and tells nothing of its rate */
        p->since_ms = until_ms;
        p->n_since = 0;
    }
}

void pace_resumed(struct pace *p, int64_t started_ms, int64_t n)
{
    p->since_ms = started_ms;
    p->n_since = n;
    p->is_refused = p->is_learning = false;
}

double pace_per_minute(const struct pace *p)
{
    return p->learned.per_ms * 60000;
}

double pace_tokens(const char *text, int64_t n)
{
    int64_t n_ascii = 0, n_other = 0;
    for (int64_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        n_ascii += c < 0x80;
        n_other += c >= 0xc0; /* the first byte of a character */
    }
    return (double)n_ascii / 4 + (double)n_other + 8;
}
