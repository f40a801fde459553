/* lesson.h - what a lesson says, after reading: defaults merged, markup parsed, every value in range
 *
 * Immutable once read; everything lives in the lesson's arena. Reading is in gen/lesson/. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/json.h"
#include "gen/param.h"

#define FIT_NAMES(X) X(COVER, "cover") X(CONTAIN, "contain") X(CONTAIN_BLUR, "contain-blur") X(STRETCH, "stretch")
#define X(id, name) FIT_##id,
enum fit { FIT_NAMES(X) FIT_N };
#undef X

/* A voice that fails: whose speech moves to the next provider of its list. */
#define FALLBACK_NAMES(X) X(LESSON, "lesson") X(SECTION, "section") X(NEVER, "never")
#define X(id, name) FALLBACK_##id,
enum fallback { FALLBACK_NAMES(X) FALLBACK_N };
#undef X

struct style_opts { struct str prompt, negative; int64_t seed; };    /* seed -1: unset */

struct pronounce { struct str word, say; };
struct voice_opts {
    struct str provider;                        /* "default", or names in order of preference: "a,b" */
    struct str voice, model;                    /* empty: the provider's own */
    double speed, volume;                       /* 1.0, linear */
    int fallback;                               /* enum fallback */
    const struct pronounce *pronounce;          /* whole words, for speech only */
    size_t n_pronounce;
};

struct image_opts {
    struct str provider;                        /* as of a voice */
    struct str model, size;
    int fit;
    struct param_rect focus;                    /* where the subject is, as part of the picture; x NaN: not said */
    struct str mask;                            /* the same as a file, relative to the lesson; wins; empty: none */
    struct str on_refused;                      /* out of "fail", "soften", "card": "soften,card" */
};

#define CLIP_LENGTHS(X) X(LOOP, "loop") X(SLOW, "slow") X(HOLD, "hold")
#define X(id, name) CLIP_##id,
enum clip_length { CLIP_LENGTHS(X) CLIP_N_LENGTHS };
#undef X

/* seconds: to ask for, 0: the provider's own; length: how one that is shorter than its section fills the time */
/* to 0: its end */
struct clip_opts { struct str provider, model; double seconds, seam, volume, from, to; int length, fit; };

struct video_opts { int width, height; int fps_num, fps_den; uint32_t background; };

enum caption_style { CAPTION_PLAIN, CAPTION_HIGHLIGHT, CAPTION_BOX, CAPTION_KARAOKE, CAPTION_POP };
enum caption_position { CAPTION_BOTTOM, CAPTION_TOP, CAPTION_MIDDLE };
struct caption_opts {
    bool enabled;
    int style, position;
    int64_t max_lines;
    struct str font;
    double size;                                /* of the frame's height */
    uint32_t color, active_color, box;          /* 0xRRGGBBAA */
};

struct music_opts {
    bool enabled;
    struct str file;
    double volume, duck, duck_attack, duck_release, fade_in, fade_out;
    bool loop;
    double seam;                                /* seconds in which a loop dissolves into its beginning */
};
struct loudness_opts { double target, peak; };  /* LUFS, dBTP */
struct timing_opts { double lead, gap, tail; }; /* seconds */
/* What is written. The thumbnail is of thumbnail_file, else of a time, else as its word says: "auto", "none", a section's
 * id. track: subtitles in the video; chapter_list, manifest, timeline: files beside it. also: other shapes, "9:16" */
struct output_opts {
    struct str file, thumbnail, thumbnail_file; /* thumbnail_file: relative to the lesson */
    double thumbnail_at;                        /* seconds */
    bool is_thumbnail_timed, chapters, chapter_list, srt, vtt, track, manifest, timeline;
    struct str *also;
    size_t n_also;
};

struct slide_opts {
    struct str heading, caption, code, svg, theme; /* svg: a file, relative to the lesson */
    const struct str *bullets;
    size_t n_bullets;
};

/* Something over the picture for a while. */
struct overlay {
    struct choice choice;
    struct param_moment at;                     /* seconds from the section's beginning, or a mark of its narration */
    double seconds;                             /* it is seen for so long; 0: until the section ends */
    bool is_watermark;                          /* the lesson's: always seen, in transitions too */
    struct json_pos pos;
};

struct mark { struct str name; size_t at; };    /* byte offset into the section's narration */

enum { SHOTS_MOST = 50 };                       /* pictures of one section */

/* A sound effect. */
struct sound_opts { struct str file; struct param_moment at; double volume; };

/* One picture of a section: one of these four is there, or none where the section has a slide or a plain background. */
struct section_picture {
    struct str image_prompt, video_prompt;
    struct str image, video;                    /* a file relative to the lesson */
    struct image_opts image_opts;               /* these: the section's values with the picture's laid over */
    struct clip_opts clip;
    const struct choice *effects;
    size_t n_effects;
    double at;                                  /* comes at so many seconds of the section; < 0: where the words allow */
    size_t mark;                                /* comes at this one of the section's marks; SIZE_MAX: at none */
    double seconds;                             /* stays so long; < 0: not said */
    struct choice transition;                   /* from the picture before */
    double transition_s;
    struct sound_opts transition_sound;         /* begins with it; file empty: none */
    struct json_pos pos;
};

struct section {
    struct str id, title;
    struct str narration;                       /* plain text, marks taken out; empty when there is none */
    const struct mark *marks;
    size_t n_marks;
    const struct section_picture *pictures;     /* several, one after another; n_pictures 0: the one of these fields: */
    size_t n_pictures;
    struct str image_prompt, video_prompt;
    struct str image, video, audio;             /* a file relative to the lesson */
    bool has_slide, has_background;
    struct slide_opts slide;
    uint32_t background;                        /* a plain colour as the picture; 0xRRGGBBAA */
    double duration;                            /* seconds; < 0: as long as the narration */
    struct voice_opts voice;                    /* everything below: lesson's values with the section's laid over */
    struct image_opts image_opts;
    struct clip_opts clip;
    struct caption_opts captions;
    struct timing_opts timing;
    const struct choice *effects;               /* in the order written; never "auto" unresolved: see effects_auto */
    size_t n_effects;
    const struct overlay *overlays;             /* the watermark first */
    size_t n_overlays;
    struct choice transition;                   /* into this section from the one before; of the first: into the film */
    double transition_s;
    struct sound_opts transition_sound;         /* begins with it; file empty: none */
    const struct sound_opts *sounds;
    size_t n_sounds;
    struct json_pos pos;                        /* where the section begins */
};

/* A file that the lesson names, as it was when the lesson was read. */
struct lesson_file_seen { struct str name; int64_t bytes, mtime_ns, ctime_ns; uint64_t inode, device; };

struct lesson {
    struct arena arena;
    struct str path;                            /* as given; for messages */
    struct str dir;                             /* of the file; relative names start here; empty: read from no file */
    bool allow_outside;                         /* its files may lie outside dir */
    size_t number;                              /* which one of a file with several, from 1; 0: the only one */
    char text_sha256[65];                       /* of what was read, without the files it names */
    struct lesson_file_seen *files;
    size_t n_files, cap_files;
    /* one of them changed so lately that another change would not show in its times, or could not be looked at */
    bool has_unsettled_file;
    struct str id, title, language, description;
    struct style_opts style;
    struct video_opts video;
    struct video_opts asked;                    /* the frame that pictures and clips are asked for: of all shapes the lesson's own */
    struct str shape;                           /* "9x16": this is the lesson in another shape; empty: in its own */
    struct music_opts music;
    struct loudness_opts loudness;
    struct output_opts output;
    struct section *sections;
    size_t n_sections;
};
