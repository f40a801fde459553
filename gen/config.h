/* config.h - config.yaml: how this user's vidgen behaves */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/json.h"
#include "gen/lesson.h"

/* The user's settings for one provider, over its description. */
struct provider_opts {
    struct str name;
    struct str base;                            /* overrides the description's base URL; empty: keep */
    struct str env;                             /* name of the variable that holds the key; empty: the description's */
    int64_t concurrency, rpm, tpm;              /* 0: the description's */
    bool adaptive;                              /* find out how many requests at once are taken, up to concurrency */
    /* estimates in the budget's currency, before those of prices.yaml; < 0: not set */
    double price_image, price_1k_chars, price_minute, price_second, price_call;
    double price_1m_input_tokens, price_1m_output_tokens;
    const struct json *params;                  /* object of values for the description's params, or NULL */
    struct json_pos pos;
};

struct workers_opts { int64_t videos, sections, requests, render; };  /* 0: auto */
struct limits_opts {
    int64_t sections, narration_chars, lesson_bytes;
    int64_t answer_bytes, media_bytes;
    int64_t attempts;                           /* per request, rate answers not counted */
    int64_t refused_ms;                         /* how long a request is tried again after such answers */
    int64_t connect_ms, request_ms;             /* request_ms 0: by kind */
    int64_t disk_reserve_bytes;                       /* bytes that a build leaves free */
};
struct cache_opts { struct str dir; int64_t max_bytes; };   /* dir empty: $XDG_CACHE_HOME/vidgen */
struct budget_opts { double max_cost; bool allow_unpriced; struct str currency; }; /* max_cost < 0: no limit */
struct default_providers { struct str image, speech, video, chat; }; /* "auto", or names in order: "a,b" */
struct encode_opts {
    struct str preset;
    int64_t crf, audio_kbps, side;
    int codec, audio_codec, container, hardware; /* gen/encoding.h */
    bool is_quick;                              /* a draft: an MP4 of H.264, whatever the name says */
    struct str encoder;                         /* of the hardware, once it is known that it starts; else empty */
};

enum report_when { REPORT_AUTO, REPORT_ALWAYS, REPORT_NEVER };
extern const char *const report_names[];        /* ended by NULL */

struct config {
    struct arena arena;
    struct str path;                            /* of the file read; empty: built-in defaults */
    struct workers_opts workers;
    struct default_providers use;
    struct provider_opts *providers;
    size_t n_providers;
    struct limits_opts limits;
    struct cache_opts cache;
    struct budget_opts budget;
    struct encode_opts encode;
    /* what a lesson may override */
    struct video_opts video;
    struct caption_opts captions;
    struct voice_opts voice;
    struct image_opts image;
    struct clip_opts clip;
    struct loudness_opts loudness;
    struct timing_opts timing;
    struct output_opts output;
    struct str theme;                           /* of slides */
    int report;                                 /* enum report_when */
};

/* Read config.yaml. path NULL: ./config.yaml if there, else $XDG_CONFIG_HOME/vidgen/config.yaml, else the built-in
 * defaults. sets: "workers.requests=8" lines of --set, applied last. Every problem of the file is in e->msg, one a
 * line, each with file:line:col and the nearest known key; what does not fit there is counted in its last line. */
struct config *config_load(const char *path, const char *const *sets, size_t n_sets, struct err *e);
/* The same; all problems also go to `problems`, a line each, however many there are. */
struct config *config_load_all(const char *path, const char *const *sets, size_t n_sets, struct buf *problems,
                               struct err *e);
struct config *config_create(void);             /* the built-in defaults */
void config_destroy(struct config *c);
const struct provider_opts *config_provider(const struct config *c, struct str name); /* NULL: none */

/* The settings in effect, as config.yaml would say them. */
struct json *config_tree(const struct config *c, struct arena *a);
void config_print(struct buf *b, const struct config *c); /* the same as YAML */

/* What may stand in config.yaml, for the manual page. Each block is a mapping of its params; the one without a name is
 * the top level. */
struct config_block {
    const char *name, *help;
    const struct param *params;
    size_t offset;                              /* internal */
};
extern const struct config_block config_blocks[]; /* ended by a NULL params */
extern const struct param provider_params[];    /* of one provider under `providers`, besides its `params` */

bool config_size(struct str s, double *bytes);    /* "20 GB", "64 MiB", "1000" */
