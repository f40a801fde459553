/* price.h - what a call costs: rows of prices.yaml over one table of units, and what answers tell of their usage
 *
 * All of it estimates in one currency. What is not known stays unknown (< 0); nothing is guessed from another model. */
#pragma once
#include <stdbool.h>
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/json.h"

struct config;
struct description;
struct headers;
struct providers;
struct want;

/* What can be counted of a call. name: in `usage` of a description. */
#define QUANTITIES(X)                                                                                     \
    X(CALLS, "calls") X(IMAGES, "images") X(PIXELS, "pixels") X(CHARS, "chars")                           \
    X(SPEECH_S, "speech_seconds") X(CLIP_S, "clip_seconds")                                               \
    X(INPUT, "input_tokens") X(OUTPUT, "output_tokens") X(CREDITS, "credits") X(MONEY, "money")
#define X(id, name) QUANTITY_##id,
enum quantity { QUANTITIES(X) N_QUANTITIES };
#undef X

/* What prices are given for. A metered unit is only known exactly after the call.
 * id, name in prices.yaml, of what, how many of it, metered */
#define PRICE_UNITS(X)                                                                                    \
    X(CALL, "call", CALLS, 1, false)                                                                      \
    X(IMAGE, "image", IMAGES, 1, false)                                                                   \
    X(MEGAPIXEL, "megapixel", PIXELS, 1e6, false)                                                         \
    X(1K_CHARS, "1k_chars", CHARS, 1e3, false)                                                            \
    X(1M_CHARS, "1m_chars", CHARS, 1e6, false)                                                            \
    X(MINUTE, "minute", SPEECH_S, 60, false)   /* of speech */                                            \
    X(SECOND, "second", CLIP_S, 1, false)      /* of a clip */                                            \
    X(1M_INPUT, "1m_input_tokens", INPUT, 1e6, true)                                                      \
    X(1M_OUTPUT, "1m_output_tokens", OUTPUT, 1e6, true)                                                   \
    X(CREDIT, "credit", CREDITS, 1, true)
#define X(id, name, of, per, metered) PRICE_##id,
enum price_unit { PRICE_UNITS(X) N_PRICE_UNITS };
#undef X

struct measure {
    double of[N_QUANTITIES];                    /* < 0: not known; 0: has nothing to do with this call */
};

struct price_condition {
    struct str variable;
    const struct str *values;                   /* one of these; "gpt-image-2*" stands for all that begin so */
    size_t n_values;
    const struct json *at;                      /* its place in the file */
};

/* One row: what it asks of the request's variables, and its prices. */
struct price {
    const struct price_condition *when;
    size_t n_when;
    double of[N_PRICE_UNITS];                   /* < 0: not given */
};

struct price_list {                             /* of one provider; the first row that fits counts */
    const struct price *v;
    size_t n;
};

/* ---------- reading (price_read.c) ---------- */

/* What a file of prices says of each provider, in its order. Everything lives in an arena. */
struct price_book {
    struct str file, currency;
    struct price_book_entry {
        struct str provider;
        struct price_list list;
        const struct json *at;                  /* its place in the file */
    } *v;
    size_t n;
};

/* today: "2026-11-20"; rows whose time is over are left out. False with ERR_CONFIG and "file:line:col: what; nearest
 * key". */
bool price_book_read(struct arena *a, struct str text, struct str file, struct str today, struct price_book *out,
                     struct err *e);
const struct price_book_entry *price_book_find(const struct price_book *b, struct str provider);
/* Is every condition about a variable that the provider has? */
bool price_book_check(const struct price_book *b, const struct price_book_entry *entry, const struct json *params,
                      struct err *e);

/* Gives every provider its rows: of config.yaml's price_* first, then of the file beside it (empty or absent: none),
 * then of the one that travels in the program. Rows in another currency than the budget's are left out; the user's own
 * file may not have any. (price_load.c) */
bool prices_load(struct providers *p, const struct config *c, struct str user_file, struct str today, struct err *e);
struct str price_today(struct arena *a);        /* by the clock on the wall, UTC */

/* ---------- counting (price.c) ---------- */

struct measure measure_unknown(void);
/* The row for a request with these variables, NULL when none fits. */
const struct price *price_find(const struct price_list *l, const struct json *vars);
/* What is expected of a call before it is made. */
struct measure measure_expect(const struct description *d, const struct want *w, const struct json *vars);
/* Money before the call: by the units that are known then, else by metered ones; -1: unknown. */
double price_estimate(const struct price *p, const struct measure *expected);
/* Money after the call, by what the answer told; -1: it told nothing that has a price. */
double price_told(const struct price *p, const struct measure *told);

/* ---------- usage (price_usage.c): what an answer tells ---------- */

struct usage_source { struct str of[N_QUANTITIES]; }; /* a pointer ("/usage/…") or the name of a header; empty: not */
void usage_note(const struct usage_source *s, const struct headers *headers, const struct json *body,
                struct measure *told);
struct json *usage_json(struct arena *a, const struct measure *told); /* NULL: nothing was told */
extern const char *const quantity_names[];
