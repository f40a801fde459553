/* reader.h - what the parts of reading a lesson share; private to gen/lesson/ */
#pragma once
#include <stdarg.h>
#include "gen/lesson/blocks.h"
#include "gen/lesson/read.h"

struct nearest;

/* A kind of warning is told once, with how many more there were. */
struct once { const char *code; struct str tag; size_t problem, more; };
enum { ONCE_MOST = 100, PROBLEMS_MOST = 1000 };

struct reader {
    struct lesson *l;
    struct arena *a;                            /* the lesson's */
    const struct read_opts *opts;
    const struct vocabulary *words;             /* never NULL */
    int64_t most_sections, most_chars, most_media_bytes;
    struct problems *out;
    size_t cap;
    struct buf path;                            /* of the value being read */
    struct once once[ONCE_MOST];
    size_t n_once;
    struct lesson_in *in;
    struct section *section;                    /* the one being read, or NULL */
    struct section_in *section_in;
    struct shot_in *shot;                       /* of its pictures the one being read, or NULL */
};

/* What is chosen from by name: the vocabulary, and the names beyond it. */
struct menu {
    const char *what;                           /* "a transition" */
    const struct row *const *rows;
    const char *prefix;                         /* the key was "zoom" or "pan": "in" means "zoom-in"; else NULL */
    const struct param *common;                 /* what every row has besides its own options; NULL: nothing */
    void *common_opts;
};

struct watermark_in { bool is_set; const struct overlay *v; }; /* v NULL: none */
struct effects_in { bool is_set; const struct choice *v; size_t n; };
struct transition_in { bool is_set; struct choice choice; double seconds; struct sound_opts sound; };

/* A lesson while it is read: what sections start from, and what is looked at later. */
struct lesson_in {
    struct str id, title, language, description;
    struct style_opts style;
    struct voice_opts voice;
    struct image_opts image;
    struct clip_opts clip;
    struct video_words video;
    struct caption_opts captions;
    struct music_opts music;
    struct loudness_opts loudness;
    struct timing_opts timing;
    struct output_opts output;
    struct slide_opts slide;                    /* defaults: the theme */
    struct effects_in effects;
    struct transition_in transition, turn;
    struct watermark_in watermark;
    const struct json *sections, *thumbnail;    /* where they stand; thumbnail: when it names a section */
};
struct section_in {
    struct effects_in effects;
    struct transition_in in, out, turn;         /* turn: between its pictures */
    const struct json *picture_list;            /* `images` or `image_prompts` */
    bool are_prompts;                           /* strings in it */
    struct watermark_in watermark;
    const struct json *overlays;                /* read when the section's marks are known */
    const struct json *narration, *duration;    /* where problems with them are told */
    const struct json *image_prompt, *video_prompt, *image, *video, *audio, *slide, *background, *pictures;
    const struct json *sounds;
};
/* One of a section's pictures. */
struct shot_in {
    struct section_picture said;
    struct clip_opts clip;
    struct effects_in effects;
    struct transition_in turn;
    int fit;                                    /* -1: not said */
    double seconds;
    bool is_told;                               /* what is wrong with the picture itself */
};

/* ---- problems (problems.c) ---- */
/* code "E_…" is an error, "W_…" a warning; the path is where the reader stands. */
void report(struct reader *r, const char *code, struct json_pos pos, struct str fix, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void vreport(struct reader *r, const char *code, struct json_pos pos, struct str fix, const char *fmt, va_list ap)
    __attribute__((format(printf, 5, 0)));
/* The same, but one problem for all that share code and tag. */
void report_once(struct reader *r, const char *code, struct str tag, struct json_pos pos, struct str fix,
                 const char *fmt, ...) __attribute__((format(printf, 6, 7)));
void report_finish(struct reader *r);           /* sorts by place, adds "(and 3 more)" */
struct str quoted(struct reader *r, struct str s); /* foreign text fit for a message, in quotes */

size_t path_key(struct reader *r, struct str key); /* returns what path_pop takes */
size_t path_index(struct reader *r, size_t i);
void path_pop(struct reader *r, size_t mark);

/* ---- blocks (read_block.c) ---- */
void read_param(struct reader *r, const struct param *p, const struct json *v, void *opts);
void read_block(struct reader *r, const struct block *b, const struct json *v, void *opts);
bool key_is_ignored(struct str key);            /* $schema, comment, notes, x-*, _* */
/* Returns what was suggested for a typo, or empty. */
struct str report_unknown(struct reader *r, const struct json *member, const struct nearest *near);
void note_alias(struct reader *r, const struct json *member, const char *canonical);
void note_number_string(struct reader *r, const char *name, const struct json *v, const struct param_said *said);
/* A string without control characters; false when it was told that v is none. null counts as empty. */
bool read_text(struct reader *r, const struct json *v, bool lines, struct str *out);

/* ---- the whole tree (walk.c) ---- */
void check_duplicates(struct reader *r, const struct json *root);
void expand_variables(struct reader *r, struct json *root);
bool from_variable(const struct json *v);       /* a string that {{name}} made */

/* ---- special values ---- */
void read_effects(struct reader *r, const struct key *k, const struct json *v, void *opts); /* choices.c */
void read_transition(struct reader *r, const struct key *k, const struct json *v, void *opts);
/* One element: a name, or an object with a type. False when there is nothing to add. */
bool choice_read(struct reader *r, const struct menu *m, const struct json *v, bool is_transition, struct choice *out);
struct choice choice_default(struct reader *r, const struct row *const *rows,
                             const char *name); /* row NULL when there is none */
/* paths.c: a file beside the lesson; or, of read_source, an address */
bool read_path(struct reader *r, const struct json *v, int64_t most_bytes, struct str *out);
bool read_source(struct reader *r, const struct json *v, int64_t most_bytes, struct str *out);
void read_overlays(struct reader *r, const struct key *k, const struct json *v, void *opts); /* overlays.c */
bool each_text(struct reader *r, const struct json *v, size_t most,
               void (*take)(struct reader *, const struct json *, struct str)); /* special.c: strings of an array; false
                                                                                   when something was told */
bool read_picture_path(struct reader *r, const struct json *v, struct str *out);
bool read_sound_path(struct reader *r, const struct json *v, struct str *out); /* paths.c */
void read_sounds(struct reader *r, const struct key *k, const struct json *v, void *opts); /* sounds.c */
void read_sound_file(struct reader *r, const struct key *k, const struct json *v, void *opts);
void check_transition_sound(struct reader *r, const struct json *object, struct sound_opts *sound);
void sounds_settle(struct reader *r, struct section *s, const struct section_in *in); /* as overlays_settle */
/* Tells when the narration has no such mark. */
void check_mark(struct reader *r, const struct section *s, const struct param_moment *m, struct json_pos pos);
void read_watermark(struct reader *r, const struct key *k, const struct json *v, void *opts);
/* The section's overlays, when all else of it was read: their marks are those of its narration. */
void overlays_settle(struct reader *r, struct section *s, const struct section_in *in);
void read_id(struct reader *r, const struct key *k, const struct json *v, void *opts); /* special.c */
void read_ignored(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_version(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_tags(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_sections_key(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_pronounce(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_music_file(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_output_file(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_thumbnail(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_also(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_subtitles(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_narration(struct reader *r, const struct key *k, const struct json *v, void *opts); /* special_section.c */
void read_prompt(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_video_prompt(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_video(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_video_file(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_image(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_picture_file(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_audio(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_audio_file(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_slide(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_bullets(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_svg(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_theme(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_background(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_duration(struct reader *r, const struct key *k, const struct json *v, void *opts);
void check_image(struct reader *r, const struct json *v, void *opts);
void check_clip(struct reader *r, const struct json *v, void *opts);
void check_video(struct reader *r, const struct json *v, void *opts);
void check_music(struct reader *r, const struct json *v, void *opts);

void read_turn(struct reader *r, const struct key *k, const struct json *v, void *opts); /* choices.c */
void read_images(struct reader *r, const struct key *k, const struct json *v, void *opts); /* pictures.c */
void read_image_prompts(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_pictures(struct reader *r, const struct json *v); /* the list that the section noted */
void read_shot_image(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_shot_prompt(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_shot_video(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_shot_video_prompt(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_shot_at(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_shot_for(struct reader *r, const struct key *k, const struct json *v, void *opts);
void read_shot_fit(struct reader *r, const struct key *k, const struct json *v, void *opts);

/* a section's image, video or audio as an object; special_section.c */
extern const struct block picture_block, footage_block, sound_block;

/* The effects of a picture: what they need of the section is there, or is told. */
void effects_settle(struct reader *r, const struct section *s, const struct choice *effects, size_t n,
                    const struct image_opts *picture, struct json_pos pos); /* effects.c */
void check_mark(struct reader *r, const struct section *s, const struct param_moment *m, struct json_pos pos); /* overlays.c */

/* ---- sections (section.c) ---- */
void read_sections(struct reader *r, const struct json *v);
void section_has(struct reader *r, const char *name, const struct json *v); /* a mistyped key counts as there */
