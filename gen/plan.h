/* plan.h - lessons become a graph of steps; equal assets are one step; prices and cache hits are known */
#pragma once
#include "gen/config.h"
#include "gen/node.h"

struct store;

enum { PLAN_BUCKETS = 4096, CHAIN_MOST = 8 };

/* Who may make an asset of a section, in order. */
struct chain {
    const struct provider_info **v;             /* NULL: made here; only the last can be */
    size_t n, at;                               /* at: who is asked now */
    const struct provider_info *first;          /* as it was written; voice and model are meant for that one */
};

/* One picture of a section in the plan. */
struct plan_picture {
    const struct section_picture *said;
    struct str words;                           /* about what is said while it is seen; guessed from the text alone */
    struct node *image;                         /* NULL: plain background */
    struct node *mask;                          /* of its subject; NULL: none */
    struct chain image_by, video_by;            /* n 0: a file of the user's own, or nothing */
    bool is_reworded;                           /* it was tried, once */
    struct str reworded;                        /* its prompt in a chat model's words; empty: in the lesson's */
    const struct err *refused;                  /* why that was asked for */
    const struct choice *effects;               /* as the lesson says, with what was planned in the plan's place */
    size_t n_effects;
    int auto_move;                              /* enum auto_move, where they are left to chance */
    struct clip_opts moving;                    /* how it plays; of a picture that moves: without a seam */
};

/* One section in the plan: its assets, and what follows from them when all are there. */
struct plan_section {
    const struct section *section;
    struct plan_picture *pictures;              /* in the order shown, one for each shot */
    size_t n_pictures;
    struct node *speech;                        /* NULL: silence */
    struct node *plan;                          /* FETCH_TEXT: a chat model's plan of effects; NULL: none is asked for */
    struct node *mark;                          /* the watermark's picture; NULL: it has none */
    struct chain speech_by;                     /* n 0: a file of the user's own, or nothing */
    const struct plan_section *bound;           /* to this one's voice: both change together; NULL: to none */
    size_t body_at;                             /* among the film's pieces: the first of one for each shot */
    struct node *next;                          /* while it moves to another provider (engine_switch.c) */
    struct str planned;                         /* what the rules planned, for people; empty: nothing is to be planned */
    bool is_plan_settled;
    struct shot *shots;                         /* n_pictures; these and the visual are filled by film_section_ready */
    struct visual visual;
    struct slot slot;
    int64_t frames_expected;                    /* of the slot; a guess until the speech is there */
    bool is_ready;
};

/* What a film asks for: the request's own name, and which repetition of it is in use. */
struct film_asset { char first[DIGEST_HEX]; int64_t roll; };

struct film {
    const struct lesson *lesson;
    size_t index;                               /* of the lesson */
    struct plan_section *sections;
    size_t n_sections;
    /* plain background that the first section's transition comes from; NULL: none */
    struct plan_section *opening;
    const struct row *const *effect_rows;       /* what may be planned; NULL where nothing is */
    struct node **pieces;                       /* in the film's order: body, transition, body, ... */
    size_t n_pieces;
    struct node *join;
    struct str out_path;
    struct join_result result;
    struct err err;                             /* the lesson could not be planned */
    bool is_planned;
    bool is_up_to_date;                         /* it has no sections here and no pieces: its join is done */
    struct film_asset *assets;                  /* malloc'd */
    size_t n_assets;
    char stamp[DIGEST_HEX];                     /* gen/stamp.h; "": it cannot be told before planning */
    size_t n_shared;                            /* bought assets that another section wants as well, and wanted first */
    bool is_for_now;                            /* something went to another provider that may serve the next time */
    bool is_redrawn;                            /* a piece from the store was of no use: all are drawn again, once */
};

struct splice {                                 /* what a SPLICE node joins */
    struct splice_spec spec;
    struct node **parts;                        /* FETCH_SPEECH, spec.n_parts of them */
};

struct piece {                                  /* what a RENDER node draws */
    struct film *film;
    struct plan_section *a, *b;                 /* b NULL: the body of one shot of a */
    size_t shot;
    struct piece_spec spec;
    atomic_llong frames_done;
};

struct plan {
    struct arena arena, run;                    /* the plan; what its nodes became in a run */
    struct film *films;
    size_t n_films;
    struct node **nodes;
    size_t n_nodes, cap_nodes;
    double estimate;                            /* of what is to be bought; unknown prices count 0 */
    size_t n_calls, n_unpriced, n_hits;
    struct node *by_id[PLAN_BUCKETS];           /* asset nodes, chained by same_bucket */
    const struct provider_info *passed_over[16]; /* told about */
    size_t n_passed_over;
    struct film_asset *refreshed;               /* had anew in this run; roll -1: not decided yet. malloc'd */
    size_t n_refreshed;
};

/* One asset that is to be had anew (gen/plan_roll.h). */
struct plan_refresh {
    bool is_wanted;
    enum asset_kind kind;
    size_t part;                                /* which picture or part of its narration, from 1; 0: not said */
    struct str section;                         /* gen/lesson/selection.h */
};

struct plan_opts {
    const struct config *config;
    const struct transport *transport;
    const struct renderer *renderer;
    struct store *store;                        /* NULL: nothing is stored yet */
    struct log *log;
    bool without_keys;                          /* a plan to look at: a provider that lacks its key may be named */
    const struct vocabulary *words;             /* for plans of effects; NULL: nothing is planned */
    /* from the command line; empty: config and lesson decide */
    struct str image_provider, speech_provider, video_provider;
    struct str only;                            /* sections (gen/lesson/selection.h); empty: all */
    /* Everything besides the lesson and its files that decides what films are: settings, options, descriptions, the
     * program. Then a film that is up to date is not planned at all; empty: all are. */
    struct str basis;
    bool is_forced;                             /* none is up to date */
    struct plan_refresh refresh;
};

/* Adds every lesson. out_paths[i] is where lesson i goes. A lesson that cannot be planned (unknown provider, missing
 * key, file that cannot be read) gets film.err; the others go on. False only when the store is unusable. */
bool plan_build(struct plan *p, const struct lesson *const *lessons, const struct str *out_paths, size_t n,
                const struct plan_opts *o, struct err *e);
void plan_deinit(struct plan *p);
