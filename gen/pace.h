/* pace.h - how many requests may start in a time: documented rates, and one learned from refusals
 *
 * A bucket fills at its rate up to its depth; a start takes from it. What is documented is kept at 99 %, so nothing is
 * refused. What is not is measured: at a refusal the server's own bucket is empty, so between two of them it let in
 * exactly what it refills. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct bucket {
    double per_ms;                              /* 0: no limit */
    double depth;
    double level;                               /* at at_ms; below 0 after a start larger than the bucket */
    int64_t at_ms;
};

/* The moment from which `need` may be taken: now_ms or earlier when at once. More than the depth may be taken from a
 * full bucket. */
int64_t bucket_ready_ms(const struct bucket *b, double need, int64_t now_ms);
void bucket_take(struct bucket *b, double need, int64_t now_ms);

struct pace {
    struct bucket requests, tokens;             /* documented */
    struct bucket learned;
    double growth;                              /* of the learned rate at each answer */
    int64_t n_clean;                            /* answers since the last refusal that the learned rate had held back */
    int64_t since_ms;                           /* the server's bucket was empty then, or this is the first start */
    int64_t n_since;                            /* let in since */
    double before;                              /* learned before the refusals that go on now; 0: nothing */
    bool has_begun, is_refused;                 /* refusals go on */
    bool is_learning;                           /* and they are of rate */
};

/* rpm, tpm: documented limits a minute, 0: none. Kept at 99 % with a burst of 3 requests (less where 3 more could pass
 * the limit in any minute) and of 3 seconds of tokens. per_minute: learned before; 0: nothing. */
void pace_init(struct pace *p, int64_t rpm, int64_t tpm, double per_minute, int64_t now_ms);
/* When a request of so many tokens may start. */
int64_t pace_ready_ms(const struct pace *p, double tokens, int64_t now_ms);
/* True: the learned rate had held this start back, so its answer may raise the rate. */
bool pace_started(struct pace *p, double tokens, int64_t now_ms);
void pace_answered(struct pace *p, bool was_held); /* a clean answer */
/* A start was refused after all; started_ms is when it was sent. */
void pace_unstarted(struct pace *p, int64_t started_ms);
/* Something was refused, perhaps for its rate; what is let in next begins a new count. */
void pace_refused(struct pace *p);
/* It was for its rate, and the server wants nothing before until_ms: the rate is what it let in since the count began.
 * More refusals before pace_resumed tell of the same wait: the rate becomes less. is_used_up: the server said that
 * nothing remains until then, so what was let in before says nothing of what is let in after. */
void pace_learn(struct pace *p, int64_t until_ms, bool is_used_up);
/* The first to be let in after refusals: it was started then, and n from there on. */
void pace_resumed(struct pace *p, int64_t started_ms, int64_t n);
double pace_per_minute(const struct pace *p);   /* learned; 0: nothing */

/* Tokens that a text counts for: a quarter of its ASCII bytes and one for each other character, as tokenizers make of
 * English and of other scripts, and 8 for what stands around it. An estimate; what the service makes of it is not
 * known beforehand. */
double pace_tokens(const char *text, int64_t n);
