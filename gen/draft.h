/* draft.h - lessons written by a chat model: what it is asked, and what of its answer becomes a lesson
 *
 * An answer is data: words and numbers. What names a file, an address or a provider is left out, whatever it is called.
 */
#pragma once
#include "gen/lesson/read.h"
#include "gen/ports.h"

struct draft_opts {
    struct str topic, language; /* language empty: the topic's own */
    int64_t sections;           /* 0: as many as it needs */
    double minutes;             /* of speech; 0: not said */
    int64_t version;            /* 0: the first; others are asked for anew */
};

enum { DRAFT_TOPIC_MOST = 8000 }; /* bytes */

/* The question, texts in the arena; provider is left to the caller. */
void draft_want(const struct draft_opts *o, const struct vocabulary *words, struct arena *a, struct want *out);
/* Asks for the nth time, from 1 on: the question, the last answer and what is wrong with it. */
struct draft;
void draft_repair(const struct want *first, const struct draft *wrong, size_t nth, struct arena *a, struct want *out);
/* The schema alone: what a model fills of a lesson, for strict modes. sections 0: any number. */
void draft_schema(struct buf *out, const struct vocabulary *words, int64_t sections);

struct draft {
    struct str text;     /* the lesson, canonical; what the model said when it is no JSON */
    struct str errors;   /* a line each, as `vidgen check` says them; empty: none */
    struct str left_out; /* "sections[2].image, music"; empty: nothing */
    size_t n_errors, n_sections;
    double seconds; /* about, of speech */
};

/* What the answer is as a lesson. True when it has no errors; texts in the arena. opts: words, config. */
bool draft_read(const struct draft_opts *o, struct str answer, const struct read_opts *opts, struct arena *a,
                struct draft *out);
