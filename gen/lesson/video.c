/* video.c - the film's size and rate from the words people use for them */
#include <math.h>
#include "gen/base/mem.h"
#include "gen/base/number.h"
#include "gen/base/text.h"
#include "gen/lesson/blocks.h"
#include "gen/names.h"

enum { SIDE_MIN = 16, SIDE_MAX = 7680 };

struct video_words video_words_of(const struct video_opts *v)
{
    return (struct video_words){ .background = v->background };
}

static bool wrong(struct err *e, const char **key, const char *name, struct str value, const char *what)
{
    struct buf b = { 0 };
    text_clean(&b, value, 60);
    *key = name;
    err_set(e, ERR_LESSON, "\"" STR_FMT "\": %s", STR_ARG(buf_str(&b)), what);
    buf_deinit(&b);
    return false;
}

/* "a:b" with any of the signs given between two positive numbers. */
static bool pair(struct str s, const char *signs, double *a, double *b)
{
    s = str_trim(s);
    for (size_t i = 0; i < s.n; i++)
        for (const char *sign = signs; *sign; sign++)
            if (s.p[i] == *sign)
                return number_parse(str_trim((struct str){ s.p, i }), a) &&
                       number_parse(str_trim((struct str){ s.p + i + 1, s.n - i - 1 }), b) && *a > 0 && *b > 0;
    return false;
}

static bool aspect_of(struct str s, double *ratio)
{
    static const struct { const char *name; double ratio; } words[] = {
        { "landscape", 16.0 / 9 }, { "horizontal", 16.0 / 9 }, { "wide", 16.0 / 9 }, { "widescreen", 16.0 / 9 },
        { "portrait", 9.0 / 16 },  { "vertical", 9.0 / 16 },   { "square", 1 },
    };
    double a, b;
    if (pair(s, ":/x", &a, &b))
        *ratio = a / b;
    else if (!number_parse(s, ratio)) {
        size_t i = 0;
        while (i < COUNTOF(words) && !name_equal(s, str_from(words[i].name)))
            i++;
        if (i == COUNTOF(words))
            return false;
        *ratio = words[i].ratio;
    }
    return *ratio >= 0.1 && *ratio <= 10;
}

bool video_aspect_valid(struct str s)
{
    double ratio;
    return aspect_of(s, &ratio);
}

/* The shorter side of a preset. */
static bool preset_of(struct str s, double *side)
{
    static const struct { const char *name; double side; } presets[] = {
        { "sd", 480 },      { "hd", 720 },   { "full-hd", 1080 }, { "fhd", 1080 }, { "2k", 1440 },
        { "qhd", 1440 },    { "uhd", 2160 }, { "ultra-hd", 2160 }, { "4k", 2160 },  { "8k", 4320 },
    };
    for (size_t i = 0; i < COUNTOF(presets); i++)
        if (name_equal(s, str_from(presets[i].name))) {
            *side = presets[i].side;
            return true;
        }
    s = str_trim(s);
    if (s.n && (s.p[s.n - 1] | 32) == 'p')
        s.n--;
    return number_parse(s, side) && *side >= SIDE_MIN && *side <= SIDE_MAX;
}

static int even(double v)
{
    return (int)(round(v / 2) * 2);
}

static bool set_size(struct video_opts *v, double w, double h, const char *name, struct str value, const char **key,
                     struct err *e)
{
    if (w < SIDE_MIN || h < SIDE_MIN || w > SIDE_MAX || h > SIDE_MAX)
        return wrong(e, key, name, value, "the frame's sides must be 16 to 7680 px");
    v->width = even(w);
    v->height = even(h);
    return true;
}

static bool set_sides(const struct video_words *w, struct video_opts *v, const char **key, struct err *e)
{
    const char *odd = w->width % 2 ? "width" : w->height % 2 ? "height" : NULL;
    char text[NUMBER_TEXT];
    if (!w->width || !w->height)
        return wrong(e, key, w->width ? "width" : "height",
                     number_print(text, (double)(w->width ? w->width : w->height)), "width and height go together");
    if (odd)
        return wrong(e, key, odd, number_print(text, (double)(w->width % 2 ? w->width : w->height)),
                     "the frame's sides must be even");
    return set_size(v, (double)w->width, (double)w->height, "width", number_print(text, (double)w->width), key, e);
}

static void set_fps(double fps, struct video_opts *v)
{
    static const int ntsc[] = { 24, 30, 48, 60, 120 };
    for (size_t i = 0; i < COUNTOF(ntsc); i++)
        if (fabs(fps - ntsc[i] * 1000 / 1001.0) < 0.005) {
            v->fps_num = ntsc[i] * 1000;
            v->fps_den = 1001;
            return;
        }
    v->fps_num = fps == round(fps) ? (int)fps : (int)round(fps * 1000);
    v->fps_den = fps == round(fps) ? 1 : 1000;
}

bool video_resolve(const struct video_words *w, struct video_opts *v, const char **key, struct err *e)
{
    double side = v->width < v->height ? v->width : v->height, ratio = (double)v->width / v->height, a, b;
    v->background = w->background;
    if (w->fps > 0)
        set_fps(w->fps, v);
    if (w->aspect.n && !aspect_of(w->aspect, &ratio))
        return wrong(e, key, "aspect", w->aspect,
                     "not a shape; as \"16:9\", \"9:16\", \"1:1\", landscape, portrait, square");
    if (w->width || w->height)
        return set_sides(w, v, key, e);
    if (w->resolution.n && pair(w->resolution, "xX*", &a, &b)) {
        if (fmod(a, 2) != 0 || fmod(b, 2) != 0)
            return wrong(e, key, "resolution", w->resolution, "the frame's sides must be even");
        return set_size(v, a, b, "resolution", w->resolution, key, e);
    }
    if (w->resolution.n && !preset_of(w->resolution, &side))
        return wrong(e, key, "resolution", w->resolution, "not a size; as 720p, 1080p, 1440p, 4k or \"1920x1080\"");
    if (!w->aspect.n && !w->resolution.n)
        return true;
    return set_size(v, ratio < 1 ? side : side * ratio, ratio < 1 ? side / ratio : side,
                    w->resolution.n ? "resolution" : "aspect", w->resolution.n ? w->resolution : w->aspect, key, e);
}

bool image_size_valid(struct str size)
{
    double w, h;
    if (name_equal(size, STR("auto")))
        return true;
    return pair(size, "x", &w, &h) && w == round(w) && h == round(h) && w >= 64 && w <= 16000 && h >= 64 && h <= 16000;
}
