/* ports.h - the outside world as small tables of functions; api/ and compose/ implement them, cmd/ wires them
 *
 * The store is the one port with a single implementation worth having (gen/store.h), so it has no table. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/json.h"
#include "gen/lesson.h"
#include "gen/media.h"

/* ---------- transport: remote providers (api/) ---------- */

/* What is wanted of a provider; the description says how it is asked for. Borrowed views, alive as long as the plan. */
struct want {
    enum asset_kind kind;
    struct str provider;                        /* a description's id */
    /* prompt of a picture or clip, text to speak (pronounce applied), what a chat model is asked */
    struct str text;
    struct str negative, model, voice, size;    /* empty: the provider's own default */
    double speed;                               /* 1.0 */
    double seconds;                             /* of a clip; 0: the provider's usual length */
    int64_t seed;                               /* -1: unset */
    int width, height;                          /* of the film's frame, px; the description chooses the nearest size */
    struct str said;                            /* a recording that is there already: the words in it, which are no choice */
    struct str prev, next;                      /* neighbouring speech, for providers that use it */
    struct str system;                          /* TEXT: how a chat model is to answer; empty: the description's words */
    struct str schema;                          /* TEXT: a JSON Schema that the answer keeps to; empty: free text */
    bool is_raw;                                /* TEXT: the answer is kept although it is no JSON; who asked judges it */
};

/* What gen must know of a provider to plan and to queue. */
struct provider_info {
    struct str id, lane;                        /* lane: providers with one account share one */
    struct str account;                         /* the lane at this address: what was learned of it holds there */
    bool is_per_model;                          /* each model of the account has a lane of its own */
    enum asset_kind kind;
    int64_t concurrency, rpm, tpm;              /* 0: unlimited; tpm: tokens a minute, of what is sent */
    bool is_cap_set;                            /* concurrency is the user's word: no header raises it */
    bool is_steady;                             /* the user says: always that many, find out nothing */
    int64_t max_chars;                          /* of prompt or text; 0: unlimited */
    bool is_max_bytes;                          /* max_chars counts bytes of UTF-8 */
    bool takes_seconds;                         /* its requests say how long a clip is to be */
    bool has_key;                               /* a key is there, or none is needed */
    struct str key_env;                         /* the variable of the key; empty: none is needed */
    /* may be called although the key is not there: a server of the user's own */
    bool is_keyless;
    bool is_found;                              /* pictures that are there already: its text is what to look for */
    struct str needs;                           /* !has_key: what is to be set, for the message that asks for it */
    const char *makes;                          /* "image" "speech" "video" "chat" "stock" */
};

/* What one call will buy and cost, as far as it is known before. */
struct quote {
    double money;                               /* an estimate in the budget's currency; < 0: the price is not known */
    struct str model;                           /* who does it there; empty: the provider has no choice of models */
    double chars, seconds, tokens;              /* of text to speak; of a clip; asked and answered at most; < 0: unknown */
};

/* One remote job: an HTTP exchange or a submit/poll/download sequence. */
struct job {
    uint64_t id;                                /* the engine's own number */
    const struct want *want;
    int fd;                                     /* the answer's media go here, from offset 0; the engine owns it */
    struct str remote;                          /* what JOB_ACCEPTED told before a crash: resume there; empty: submit */
    struct str key;                             /* idempotency key (the asset's id) */
};

#define JOB_EVENTS(X) X(ARRIVED)  /* the answer is whole, and the service has no more to do; reading it takes a moment */ \
                      X(ACCEPTED) /* remote id known: persist it, then job_continue */ \
                      X(DONE)     /* fd holds the whole media, meta says what else came */ \
                      X(FAILED)
#define X(id) JOB_##id,
enum job_event_type { JOB_EVENTS(X) };
#undef X

struct job_event {
    enum job_event_type type;
    uint64_t id;
    char *remote;                               /* ACCEPTED: JSON that resume needs. Owned by the receiver. */
    /* DONE: JSON: {"type","words":[[start_s,end_s,"text"]...],"cost",...} or NULL. Receiver's. */
    char *meta;
    struct err err;                             /* FAILED: class, and a message that names provider and reason */
    /* last HTTP status; 0: none, or it said that all is well and what came is of no use */
    int status;
    int64_t retry_after_ms;                     /* told by the server; -1: not told */
    /* FAILED before the request can have reached the server: safe to resend */
    bool is_unsent;
    /* FAILED for good at the provider: resuming `remote` is pointless, only a new purchase helps */
    bool is_remote_over;
    int64_t bytes_in;
    bool cost_known;                            /* DONE: the answer told what it cost */
    double cost;
    bool lane_limit_known;                      /* headers told the account's limit */
    int64_t lane_limit;
    int64_t lane_in_flight;                     /* of all its users, told with the limit; -1: not told */
    /* the server said that nothing remains until retry_after_ms; on a good answer that is all which it means */
    bool is_used_up;
};

struct transport {
    void *ctx;
    /* NULL-ended list that lives as long as the transport */
    const struct provider_info *const *(*providers)(void *ctx);
    /* The request in canonical form (method, URL, body; no key, nothing volatile): its SHA-256 names the asset. False
     * when the description cannot express the want (ERR_INPUT, ERR_CONFIG). */
    bool (*canonical)(void *ctx, const struct want *w, struct buf *out, struct err *e);
    /* Needs no key. model lives in `a`. */
    void (*quote)(void *ctx, const struct want *w, struct arena *a, struct quote *out);
    bool (*start)(void *ctx, const struct job *job, struct err *e);
    void (*job_continue)(void *ctx, uint64_t id); /* after ACCEPTED was made durable */
    void (*cancel)(void *ctx, uint64_t id);     /* forget it; no event follows */
    /* Runs transfers until an event, a wake or the timeout (-1: none). Fills at most max events and returns how many.
     * ARRIVED comes only where there is much to read, and what was started meanwhile is sent before that is done. */
    size_t (*wait)(void *ctx, int64_t timeout_ms, struct job_event *out, size_t max);
    void (*wake)(void *ctx);                    /* makes wait return; from any thread or signal handler */
    /* the process ends without another word: what must not outlive it is ended; safe in a signal handler */
    void (*leave)(void *ctx);
};

/* ---------- renderer: pictures and sound (compose/) ---------- */

/* A file in the store, complete and verified. */
struct blob {
    struct str path;
    char id[65];                                /* of the asset */
    char sha256[65];                            /* of the content */
    struct media_info info;
    const struct word *words;                   /* speech; sorted, not overlapping */
    size_t n_words;
};

struct slide_spec {                             /* a picture that the program draws itself */
    /* heading etc.; text that was derived from title and narration already filled in */
    const struct slide_opts *slide;
    struct str title, language;
    struct str svg;                             /* the SVG file's bytes, or empty */
    int width, height;                          /* px of the picture to draw */
    const struct caption_opts *captions;        /* NULL: none will be shown; else their zone stays free */
};

struct speak_spec {
    struct str text;                            /* narration, plain */
    const struct voice_opts *voice;
    struct str language;
};

struct splice_part {
    const struct blob *speech;                  /* its words count in `text` */
    struct str text;                            /* what it says; lies in the narration */
    uint32_t at;                                /* byte of the narration where text begins */
    int pause;                                  /* enum sentence_pause: after it; of the last: not looked at */
};

/* A long narration that was spoken part by part. */
struct splice_spec {
    const struct splice_part *parts;
    size_t n_parts;
    double speed;                               /* of the voice: its pauses are shorter when it is faster */
};

struct video_format {
    int width, height, fps_num, fps_den;
    struct str preset;                          /* "balanced" */
    int crf;
    int codec;                                  /* enum codec */
    struct str encoder;                         /* of the hardware, as compose names it; empty: the software's */
};

/* Something over the picture, with its times in samples from frame 0 of the visible span. */
struct overlay_span {
    struct choice choice;
    int64_t start_samples, end_samples;         /* INT64_MIN, INT64_MAX: as long as the section is seen */
    const int64_t *item_samples;                /* when each text of its list appears; NULL: it has no list */
    size_t n_items;
    const struct blob *picture;                 /* its file; NULL: none */
    bool is_watermark;                          /* of the lesson */
};

/* When an effect works, in samples from frame 0 of the visible span. */
struct effect_span {
    int64_t start_samples, end_samples;         /* INT64_MIN, INT64_MAX: from and to the ends of its shot */
    double fade;                                /* seconds */
};

/* One picture of a section and the run of frames in which it is seen. Its effects know nothing of the other shots. */
struct shot {
    const struct blob *picture;                 /* NULL: plain background */
    bool is_drawn;                              /* by slide: sharp text, gentle motion */
    const struct clip_opts *clip;               /* the picture moves, and fills the time like this; NULL: a still */
    int fit;
    const struct choice *effects;
    size_t n_effects;
    const struct effect_span *spans;            /* of each effect; NULL: all of them work as long as the shot is seen */
    const struct param_rect *focus;             /* where its subject is, as part of the picture; NULL: nobody said */
    const struct blob *mask;                    /* the same as a picture; wins; NULL: none */
    uint64_t seed;
    int auto_move;                              /* enum auto_move of gen/auto_moves.h */
    int64_t first_frame, n_frames;              /* of the visual's; > 0 of them */
    struct choice transition;                   /* from the shot before, while both are seen; not looked at in a cut */
};

/* One section as a function of time. Frame 0 is the first one in which the section is visible at all. */
struct visual {
    /* In order, at least one; they cover all frames, and at most two are seen at a time. */
    const struct shot *shots;
    size_t n_shots;
    uint32_t background;                        /* 0xRRGGBBAA */
    uint64_t seed;                              /* for a transition into it that is left to chance */
    int64_t n_frames;                           /* of the whole visible span, transitions included */
    const struct caption_opts *captions;        /* NULL or disabled: none */
    struct str language;
    struct str narration;
    const struct word *words;
    size_t n_words;
    int64_t speech_start_samples;               /* from frame 0 of the visible span */
    const struct overlay_span *overlays;
    size_t n_overlays;
};

/* A run of frames encoded on its own: a body (b NULL) or a transition from a to b. */
struct piece_spec {
    struct video_format video;
    const struct visual *a, *b;
    int64_t first_a, first_b;                   /* frame of each visual at the piece's first frame */
    int64_t n_frames;
    struct choice transition;                   /* when b */
};

struct join_section {
    const struct section *section;
    const struct blob *speech;                  /* NULL: silence */
    int64_t first_frame, n_frames;              /* boundaries between sections in the film: the middle of transitions */
    int64_t speech_start_samples;               /* in the film */
};

/* A moving picture whose own sound is heard. */
struct join_clip {
    const struct section *section;
    const struct blob *media;
    const struct clip_opts *opts;               /* its volume, and how it fills its time */
    int64_t first_frame, n_frames;              /* of the film: while it is seen */
    int64_t in_frames, out_frames;              /* of them: seen together with what comes before, after */
};

/* A sound effect. */
struct join_sound {
    const struct section *section;
    struct str file;                            /* relative to the lesson */
    double volume;
    int64_t at_samples;                         /* in the film */
};

struct join_spec {
    const struct lesson *lesson;
    struct video_format video;
    int sound_codec;                            /* enum sound_codec */
    int audio_kbps;
    const struct blob *const *pieces;           /* in order; their frames add up to n_frames */
    size_t n_pieces;
    const struct join_section *sections;
    size_t n_sections;
    const struct join_clip *clips;
    size_t n_clips;
    const struct join_sound *sounds;
    size_t n_sounds;
    int64_t n_frames;
    struct str out_path;                        /* final name; its ending says the container; other files beside it */
    struct str dir;                             /* of the lesson, for music */
    const struct blob *sound;                   /* all that is heard, kept from when it was made; NULL: make it */
    struct str manifest, timeline;              /* for the files beside it (gen/film_files.h); empty: none is wanted */
    bool is_sound_wanted;                       /* made: leave it in sound_fd as well */
    int sound_fd;
    /* of each piece, so that the finished film can be held against them; NULL: nobody knows what it is to show */
    const struct piece_spec *const *specs;
    struct speech_heard *speech;                /* n_sections, filled; NULL: not wanted */
};

/* How a section's narration is heard in the finished film. */
struct speech_heard {
    double likeness;                            /* 1: nothing else is heard; 0: it is not there; -1: nothing to hear */
    double late_ms;                             /* after (or, < 0, before) its place */
};

/* What was found in the finished film. */
struct film_audit {
    bool is_made;
    double sound_over_ms;                       /* the sound's end after (or, < 0, before) the pictures' */
    double speech_late_ms;                      /* of the narration that is farthest from its place */
    size_t n_speech, n_speech_heard;            /* sections to be heard, and those that are */
    size_t n_pictures;                          /* decoded */
    size_t n_compared;                          /* of them with the same drawn again, because they looked black or frozen */
    const struct speech_heard *speech;          /* join_spec's, of each section; NULL: not wanted */
    size_t n_sections;
};

struct join_result {
    double duration_s, loudness_lufs, peak_dbtp; /* of the file, as it is decoded */
    struct film_audit audit;
    bool is_audible;                            /* false: a film of silence */
    bool is_sound_kept;                         /* sound_fd holds all of it */
    int64_t bytes;
    /* of a join that failed: it was a piece that cannot be read or does not fit the others */
    bool has_bad_piece;
};

/* All calls come from worker threads, several at once. They write to the descriptor they are given from offset 0 and
 * touch no other file but those named in the spec. *stop set from outside makes them fail with ERR_CANCELLED soon. */
struct renderer {
    void *ctx;
    /* Part of every cache key: version of the drawing code and of the libraries that shape its output. */
    struct str (*version)(void *ctx);
    /* Decodes the whole of fd (in a child process with limits) and says what it is. Speech: also aligns `text` when
     * words_json (the provider's times, or empty) has none. words: malloc'd, caller frees.
     * ERR_MEDIA: does not decode, truncated, HTML or JSON instead of media, silent, one flat colour. */
    bool (*check)(void *ctx, enum asset_kind kind, int fd, struct str text, struct str words_json,
                  struct media_info *info, struct word **words, size_t *n_words, struct err *e);
    bool (*speak)(void *ctx, const struct speak_spec *s, int fd, struct media_info *info,
                  struct word **words, size_t *n_words, struct err *e);
    /* Joins parts with the pauses of natural speech between them. words: malloc'd, in the whole narration. */
    bool (*splice)(void *ctx, const struct splice_spec *s, int fd, struct media_info *info, struct word **words,
                   size_t *n_words, struct err *e);
    bool (*draw)(void *ctx, const struct slide_spec *s, int fd, struct media_info *info, struct err *e);
    bool (*render)(void *ctx, const struct piece_spec *s, int fd, struct media_info *info,
                   const atomic_bool *stop, atomic_llong *frames_done, struct err *e);
    bool (*join)(void *ctx, const struct join_spec *s, struct join_result *out,
                 const atomic_bool *stop, struct err *e);
};

/* ---------- pool: threads that run tasks (gen/base/workers.h, or a virtual one in tests) ---------- */

struct task;
struct pool {
    void *ctx;
    int n_threads;
    void (*submit)(void *ctx, struct task *t);
    struct task *(*collect)(void *ctx);         /* a finished task or NULL */
};

/* ---------- keeper: makes purchases durable (gen/keeper.h, or one without a thread in tests) ---------- */

struct store_order;
struct keeper {
    void *ctx;
    void (*submit)(void *ctx, struct store_order *o);
    struct store_order *(*collect)(void *ctx);  /* a chain of those that were made, in order; NULL: none */
};

/* ---------- status: whoever watches (cmd/) ---------- */

#define STATUS_EVENTS(X)                                                                  \
    X(BEGIN)      /* the plan stands: totals */                                           \
    X(NODE)       /* a step changed its state */                                          \
    X(RETRY)      /* a request will be tried again: why, when */                          \
    X(SWITCH)     /* another provider is asked instead: why */                            \
    X(LESSON)     /* a video is finished or has failed */                                 \
    X(END)
#define X(id) STATUS_##id,
enum status_type { STATUS_EVENTS(X) };
#undef X

struct status_event {
    enum status_type type;
    size_t lesson, section;                     /* section SIZE_MAX: the lesson as a whole */
    const char *step;                           /* "image" "speech" "slide" "file" "splice" "render" "transition" "join" */
    /* "running" "backoff" "answered" (all of it came; to be checked) "checking" "done" "cached" "failed" "skipped" */
    const char *state;
    const char *id;                             /* of the asset, a SHA-256; empty: not known (yet) */
    const char *provider;
    const char *instead_of;                     /* SWITCH: the one that was asked before */
    const struct err *err;
    int64_t wait_ms;
    int attempt;
    double cost;                                /* money spent by this step; < 0: unknown */
    const char *lane;                           /* of a request: whose queue it went through; NULL: it is none */
    int64_t took_ms;                            /* the request until its answer had come, or a worker's step; < 0: no such */
    int64_t check_ms;                           /* a worker's look at the answer; < 0: none */
    int64_t frames;                             /* of a piece that was rendered; 0: it is none */
    double tokens;                              /* of a request: what it counts against tokens a minute */
    struct str output;                          /* LESSON done: path of the video */
    double duration_s;
    const struct join_result *film;             /* LESSON done or cached: its figures */
};

/* Totals that are true at every moment; owned by the engine, read by the display in the same thread. */
struct status_lesson {
    struct str name;
    size_t n_sections;
    size_t n_assets, n_assets_done, n_pieces, n_pieces_done;
    int64_t frames, frames_done;
    size_t n_failed;
    double spent;                               /* on what it was the first to ask for */
    enum { LESSON_WAITING, LESSON_OPEN, LESSON_DONE, LESSON_CACHED, LESSON_FAILED } state;
};
/* So many assets are made by another provider than the one that was to make them. */
struct status_switch {
    const char *from, *to;
    enum asset_kind kind;
    size_t n;
    struct err why;                             /* of the first */
    bool is_told;
};
/* A provider account's queue, as it was when the totals were told. */
struct status_lane {
    struct str name;
    size_t in_flight, n_waiting;
    int64_t cap;                                /* by the settings or the service's word; 0: none */
    int64_t window;                             /* so many are dared now; 0: no limit */
    bool is_known;                              /* the window was found out, now or by a run before */
    double per_minute, tokens_per_minute;       /* the pace that holds; 0: none */
    bool is_learned;                            /* the pace was found out; else it is documented */
    int64_t n_refused;
    int64_t pause_ms;                           /* nothing more starts for so long; 0: something may */
    bool is_stopped;                            /* for good */
};
/* What becomes of a section, in order. */
#define SECTION_STAGES(X)                                                                 \
    X(WAITING, "waiting")     /* something of it is yet to be asked for */                \
    X(FETCHING, "fetching")   /* a request is out, or what came is looked at */           \
    X(RETRYING, "retrying")   /* a request waits to be tried again */                     \
    X(FETCHED, "fetched")     /* all that it needs is there */                            \
    X(RENDERING, "rendering")                                                             \
    X(RENDERED, "rendered")   /* only the join is left */                                 \
    X(FAILED, "failed")
#define X(id, name) STAGE_##id,
enum section_stage { SECTION_STAGES(X) STAGE_N };
#undef X
struct status_totals {
    const struct status_lesson *lessons;
    size_t n_lessons;
    const struct status_lane *lanes;            /* in the order they were first needed */
    size_t n_lanes;
    int n_threads, n_working;                   /* workers, and how many have something to do */
    double estimate;                            /* of all that is bought in this run; unknown prices count 0 */
    double limit, committed;                    /* of money, < 0: none; spent, lost or set aside for what is out */
    /* NULL where nobody knows; else looked up when it is asked for */
    enum section_stage (*stage)(const void *ctx, size_t lesson, size_t section);
    const void *stage_ctx;
    size_t requests_in_flight, requests_cap, requests_made, retries;
    const struct status_switch *switches;
    size_t n_switches;
    size_t n_unchecked;                         /* answers that are kept and were not decoded */
    double spent;
    size_t n_over_limit;                        /* assets that were not bought because of the limit, and their price */
    double over_limit;
    int64_t elapsed_ms, fetch_ms;               /* fetch: until the last answer so far had come */
};

struct status {
    void *ctx;
    void (*event)(void *ctx, const struct status_event *ev, const struct status_totals *t);
    void (*tick)(void *ctx, const struct status_totals *t); /* at least every 250 ms while anything runs */
};
