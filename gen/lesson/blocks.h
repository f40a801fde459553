/* blocks.h - the blocks of a lesson as tables: reading, formatting, the schema and config.yaml go by the same rows */
#pragma once
#include "gen/lesson.h"
#include "gen/param.h"

/* Plain rows, shared with config.yaml. Offsets are into the struct named. */
extern const struct param style_params[];       /* struct style_opts */
extern const struct param voice_params[];       /* struct voice_opts; pronounce is not among them */
extern const struct param image_params[];       /* struct image_opts */
extern const struct param clip_params[];        /* struct clip_opts */
extern const struct param video_params[];       /* struct video_words */
extern const struct param caption_params[];     /* struct caption_opts */
extern const struct param music_params[];       /* struct music_opts */
extern const struct param loudness_params[];    /* struct loudness_opts */
extern const struct param timing_params[];      /* struct timing_opts */
extern const struct param transition_params[];  /* struct sound_opts: what every transition has */
extern const struct param output_params[];      /* struct output_opts: chapters; the rest is special */

/* The film's size and rate as people write them. Zero and empty: not said. */
struct video_words {
    struct str aspect, resolution;              /* "16:9" "landscape"; "1080p" "4k" "1920x1080" */
    int64_t width, height;
    double fps;
    uint32_t background;                        /* 0xRRGGBBAA */
};

/* Lay words over *v, which holds what counts so far: width with height win over resolution and aspect; an aspect alone
 * keeps the shorter side, a resolution alone keeps the shape. Sides are even, 16 to 7680. 23.976, 29.97, 59.94 become n
 * x 1000/1001. background is copied as it is. False with *key = the row that is wrong and a message that begins with
 * its value. */
bool video_aspect_valid(struct str s);          /* "9:16", "portrait", "1.5" */
bool video_resolve(const struct video_words *w, struct video_opts *v, const char **key, struct err *e);
struct video_words video_words_of(const struct video_opts *v); /* nothing said but the background */

/* "auto" or "1536x1024". */
bool image_size_valid(struct str size);

extern const struct param overlay_params[];     /* of struct overlay: what all overlays have in common */

struct reader;
struct json;

/* A key of a block. */
struct key {
    struct param p;                             /* name, aliases, help, flags; a plain value also type, offset, range */
    const struct block *block;                  /* the value is an object of these, at p.offset */
    const char *member;                         /* an old spelling: the value belongs to this member of `block` */
    void (*read)(struct reader *r, const struct key *k, const struct json *v, void *opts); /* anything else */
    const char *schema;                         /* with read: the value's JSON schema */
    const char *example;                        /* JSON */
    unsigned flags;
};
enum {
    KEY_REQUIRED = 1,
    KEY_NOT_YET = 2, /* saying anything but nothing (null, false, []) is an error that says so */
    KEY_MS = 4,      /* the value is in milliseconds */
    KEY_SHORT = 8,   /* the schema leaves it out: an old spelling */
};

struct block {
    const char *name, *help;
    const struct param *params;                 /* plain rows; NULL: none */
    const struct key *keys;                     /* the others, ended by a NULL name; NULL: none */
    const char *shorthand;                      /* a string stands for an object with this member; NULL: it does not */
    /* Looks at the whole after its members were read. */
    void (*check)(struct reader *r, const struct json *v, void *opts);
};

extern const struct block style_block, voice_block, image_block, clip_block, video_block, caption_block, music_block,
    effect_sound_block, loudness_block, timing_block, output_block, slide_block, lesson_block, section_block, shot_block;
