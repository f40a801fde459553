/* blocks.c - the blocks that config.yaml and lessons share */
#include "gen/blocks.h"
#include <math.h>
#include "gen/base/mem.h"
#include "gen/base/number.h"
#include "gen/base/text.h"
#include "gen/names.h"

#define X(id, name) name,
static const char *const fit_names[] = { FIT_NAMES(X) NULL };
static const char *const refused_names[] = { REFUSED_NAMES(X) NULL };
#undef X
static const char *const caption_styles[] = { "plain", "highlight", "box", "karaoke", "pop", NULL };
static const char *const caption_positions[] = { "bottom", "top", "middle", NULL };

const struct param voice_params[] = {
    PARAM_STR(struct voice_opts, provider, .def_text = "default", .help = "who speaks; \"default\": the one of config.yaml"),
    PARAM_STR(struct voice_opts, voice, .aliases = "voice_name,voice_id,speaker", .help = "the provider's name of the voice; empty: its own default"),
    PARAM_STR(struct voice_opts, model, .help = "the provider's name of the model; empty: its own default"),
    PARAM_DOUBLE(struct voice_opts, speed, .def = 1, .min = 0.25, .max = 4, .aliases = "voice_rate,rate,speaking_rate",
                 .help = "speaking rate; 1 is the voice's own"),
    PARAM_VOLUME(struct voice_opts, volume, .def = 1, .min = 0, .max = 4, .help = "linear, or as \"-3dB\""),
    { 0 }
};

const struct param image_params[] = {
    PARAM_STR(struct image_opts, provider, .def_text = "default", .help = "who makes pictures; \"default\": the one of config.yaml"),
    PARAM_STR(struct image_opts, model, .help = "the provider's name of the model; empty: its own default"),
    PARAM_STR(struct image_opts, size, .def_text = "auto", .help = "as the provider names it; \"auto\": the nearest to the film's shape"),
    PARAM_CHOICE(struct image_opts, fit, .def = FIT_COVER, .choices = fit_names,
                 .help = "how a picture of another shape fills the frame"),
    PARAM_CHOICE(struct image_opts, on_refused, .def = REFUSED_FAIL, .choices = refused_names,
                 .help = "when the provider refuses a prompt: fail, draw a card instead, or soften the prompt"),
    { 0 }
};

const struct param video_params[] = {
    PARAM_STR(struct video_words, aspect, .def_text = "16:9", .aliases = "aspect_ratio,ratio,video_aspect",
              .help = "shape of the frame, as 16:9, 9:16, 1:1, 4:3"),
    PARAM_STR(struct video_words, resolution, .def_text = "1080p", .help = "shorter side as 720p, 1080p, 1440p, 4k; or the whole as 1920x1080"),
    PARAM_DOUBLE(struct video_words, fps, .def = 30, .min = 1, .max = 120, .aliases = "frame_rate",
                 .help = "frames a second; 23.976, 29.97 and 59.94 mean the broadcast fractions"),
    PARAM_COLOR(struct video_words, background, .def_text = "#000000", .help = "colour where no picture is"),
    { 0 }
};

const struct param caption_params[] = {
    PARAM_BOOL(struct caption_opts, enabled, .def = 1, .help = "draw the spoken words into the picture"),
    PARAM_CHOICE(struct caption_opts, style, .def = CAPTION_HIGHLIGHT, .choices = caption_styles,
                 .help = "plain text, the spoken word highlighted, boxed, filled as in karaoke, or popping up"),
    PARAM_CHOICE(struct caption_opts, position, .def = CAPTION_BOTTOM, .choices = caption_positions, .help = "where they stand"),
    PARAM_INT(struct caption_opts, max_lines, .def = 2, .min = 1, .max = 4, .help = "lines shown at once"),
    PARAM_STR(struct caption_opts, font, .def_text = "sans", .help = "font family"),
    PARAM_DOUBLE(struct caption_opts, size, .def = 0.05, .min = 0.02, .max = 0.2, .help = "height of the text, of the frame's"),
    PARAM_COLOR(struct caption_opts, color, .def_text = "#FFFFFF", .help = "of the text"),
    PARAM_COLOR(struct caption_opts, active_color, .def_text = "#FFD400", .help = "of the word being spoken"),
    PARAM_COLOR(struct caption_opts, box, .def_text = "#000000A0", .help = "of the box behind the text; #00000000: none"),
    { 0 }
};

const struct param loudness_params[] = {
    PARAM_DOUBLE(struct loudness_opts, target, .def = -16, .min = -36, .max = -8, .help = "LUFS of the whole film (EBU R 128)"),
    PARAM_DOUBLE(struct loudness_opts, peak, .def = -1, .min = -9, .max = 0, .help = "highest true peak, dBTP"),
    { 0 }
};

const struct param timing_params[] = {
    PARAM_SECONDS(struct timing_opts, lead, .def = 0.3, .min = 0, .max = 60, .help = "silence before the first word of the film"),
    PARAM_SECONDS(struct timing_opts, gap, .def = 0.4, .min = 0, .max = 60, .help = "silence between two sections"),
    PARAM_SECONDS(struct timing_opts, tail, .def = 0.6, .min = 0, .max = 60, .help = "silence after the last word"),
    { 0 }
};

const struct param output_params[] = {
    PARAM_STR(struct output_opts, thumbnail, .def_text = "auto", .help = "\"auto\": the best frame as a JPEG beside the video; \"none\"; or a section's id"),
    PARAM_BOOL(struct output_opts, chapters, .def = 1, .help = "a chapter for each titled section"),
    PARAM_BOOL(struct output_opts, srt, .def = 1, .help = "subtitles beside the video, SubRip"),
    PARAM_BOOL(struct output_opts, vtt, .def = 1, .help = "subtitles beside the video, WebVTT"),
    { 0 }
};

static bool bad(struct err *e, const char **key, const char *which, struct str given, const char *expected)
{
    struct buf shown = { 0 };
    *key = which;
    text_clean(&shown, given, 60);
    err_set(e, ERR_CONFIG, "\"%s\": %s", buf_str(&shown).p, expected);
    buf_deinit(&shown);
    return false;
}

/* "16:9", "1920x1080": two numbers around a sign */
static bool pair(struct str s, const char *signs, double *a, double *b)
{
    for (size_t i = 1; i + 1 < s.n; i++)
        for (const char *c = signs; *c; c++)
            if (s.p[i] == *c)
                return number_parse(str_trim((struct str){ s.p, i }), a) &&
                       number_parse(str_trim((struct str){ s.p + i + 1, s.n - i - 1 }), b) && *a > 0 && *b > 0;
    return false;
}

static bool named_aspect(struct str s, double *w, double *h)
{
    static const struct { const char *name; double w, h; } names[] = {
        { "landscape", 16, 9 }, { "wide", 16, 9 }, { "portrait", 9, 16 }, { "vertical", 9, 16 }, { "square", 1, 1 },
    };
    for (size_t i = 0; i < COUNTOF(names); i++) {
        if (name_equal(s, str_from(names[i].name))) {
            *w = names[i].w;
            *h = names[i].h;
            return true;
        }
    }
    return pair(s, ":/", w, h);
}

static double shorter_side(struct str s)
{
    static const struct { const char *name; int px; } names[] = {
        { "hd", 720 }, { "full-hd", 1080 }, { "fhd", 1080 }, { "2k", 1440 }, { "qhd", 1440 }, { "4k", 2160 }, { "uhd", 2160 },
    };
    double px;
    for (size_t i = 0; i < COUNTOF(names); i++)
        if (name_equal(s, str_from(names[i].name)))
            return names[i].px;
    if (str_ends(s, "p") || str_ends(s, "P"))
        s.n--;
    return number_parse(s, &px) ? px : 0;
}

static int even(double v)
{
    return 2 * (int)lround(v / 2);
}

bool video_from_words(const struct video_words *w, struct video_opts *out, const char **key, struct err *e)
{
    enum { SHORTEST = 144, LONGEST = 8192 };
    double width, height, aw = 16, ah = 9;
    if (!named_aspect(w->aspect, &aw, &ah) || aw / ah > 4 || ah / aw > 4)
        return bad(e, key, "aspect", w->aspect, "not a shape; as 16:9, 9:16, 1:1, 4:3, at most 4:1");
    if (!pair(w->resolution, "xX*", &width, &height)) {
        double side = shorter_side(w->resolution);
        width = aw >= ah ? side * aw / ah : side;
        height = aw >= ah ? side : side * ah / aw;
    }
    if (!(fmin(width, height) >= SHORTEST && fmax(width, height) <= LONGEST))
        return bad(e, key, "resolution", w->resolution, "not a resolution; as 720p, 1080p, 1440p, 4k or 1920x1080, sides 144 to 8192");
    out->width = even(width);
    out->height = even(height);
    out->background = w->background >> 8;
    double whole = round(w->fps * 1001 / 1000);
    bool is_broadcast = fabs(w->fps - whole * 1000 / 1001) < 0.006 && fabs(w->fps - round(w->fps)) > 0.001;
    out->fps_num = is_broadcast ? (int)whole * 1000 : (int)lround(w->fps * 1000);
    out->fps_den = is_broadcast ? 1001 : 1000;
    for (int d = 10; d > 1 && !is_broadcast; d--)
        while (out->fps_num % d == 0 && out->fps_den % d == 0)
            out->fps_num /= d, out->fps_den /= d;
    return true;
}
