/* shotstack.c - edits of Shotstack: https://shotstack.io/docs/api/
 *
 * Tracks there lie over each other, the first on top, and clips have places in time. The lowest track with pictures
 * becomes the sections; text and speech above go to the section in whose time they begin. */
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/import/taken.h"

#define CLIP_SECONDS 3.0 /* of "auto" and "end" where nothing tells */

static const struct import_word transitions[] = {
    { "fade", "fade" },
    { "fadeFast", "fade" },
    { "fadeSlow", "fade" },
    { "reveal", "wipe-left" },
    { "wipeLeft", "wipe-left" },
    { "wipeRight", "wipe-right" },
    { "slideLeft", "slide-left" },
    { "slideRight", "slide-right" },
    { "slideUp", "slide-up" },
    { "slideDown", "slide-down" },
    { "carouselLeft", "push-left" },
    { "carouselRight", "push-right" },
    { "carouselUp", "push-up" },
    { "carouselDown", "push-down" },
    { "zoom", "zoom" },
    { 0 },
};
static const struct import_word effects[] = {
    { "zoomIn", "zoom-in" },
    { "zoomInSlow", "zoom-in" },
    { "zoomInFast", "zoom-in" },
    { "zoomOut", "zoom-out" },
    { "zoomOutSlow", "zoom-out" },
    { "zoomOutFast", "zoom-out" },
    { "slideLeft", "pan-left" },
    { "slideRight", "pan-right" },
    { "slideUp", "pan-up" },
    { "slideDown", "pan-down" },
    { 0 },
};
static const struct import_word filters[] = {
    { "greyscale", "grayscale" },
    { "contrast", "contrast" },
    { "blur", "blur" },
    { 0 },
};
/* Their cover stretches, their crop covers. */
static const struct import_word fits[] = {
    { "crop", "cover" }, { "cover", "stretch" }, { "contain", "contain" }, { 0 }
};
static const struct import_word resolutions[] = {
    { "preview", "512x288" },
    { "mobile", "640x360" },
    { "sd", "1024x576" },
    { "hd", "720p" },
    { "1080", "1080p" },
    { "4k", "2160p" },
    { 0 },
};

struct placed {
    const struct json *clip;
    struct json *section;
    double start, length;
};

struct edit {
    struct import *im;
    struct placed *v; /* the sections, by time */
    size_t n;
};

static struct str asset_type(const struct json *clip)
{
    return json_str_or(json_get(clip, "asset"), "type", STR(""));
}

static bool is_picture(const struct json *clip)
{
    struct str type = asset_type(clip);
    return str_is(type, "image") || str_is(type, "video");
}

static const struct json *clips_of(const struct json *track)
{
    const struct json *clips = json_get(track, "clips");
    return clips && clips->type == JSON_ARRAY ? clips->child : NULL;
}

static const struct json *take_asset(struct import *im, const struct json *clip)
{
    import_taken(im, clip);
    const struct json *asset = import_take(im, clip, "asset");
    import_text(im, asset, "type");
    return asset;
}

static void read_picture(struct import *im, struct placed *p)
{
    const struct json *clip = p->clip, *asset = take_asset(im, clip), *t = import_take(im, clip, "transition");
    bool is_video = str_is(json_str_or(asset, "type", STR("")), "video");
    struct json *picture = import_block(im, p->section, is_video ? "video" : "image");
    struct str effect = import_chosen(im, clip, "effect", effects);
    struct str filter = import_chosen(im, clip, "filter", filters);
        import_put(im, picture, "file", import_text(im, asset, "src"));
    import_put(im, picture, "fit", import_chosen(im, clip, "fit", fits));
    if (is_video && json_get(asset, "trim"))
        import_put_number(im, picture, "from", import_number(im, asset, "trim", 0));
    if (effect.n)
        import_push(im, p->section, "effects", json_string(im->a, effect));
    if (filter.n)
        import_push(im, p->section, "effects", json_string(im->a, filter));
    import_put(im, p->section, "transition", import_chosen(im, t, "in", transitions));
}

static struct placed *section_at(const struct edit *e, double start)
{
    for (size_t i = e->n; i-- > 0;)
        if (start >= e->v[i].start - 0.001)
            return &e->v[i];
    return e->n ? &e->v[0] : NULL;
}

/* Text, speech and sound of the other tracks. */
static void read_other(const struct edit *e, const struct json *clip)
{
    struct import *im = e->im;
    struct str type = asset_type(clip);
    double start = json_num_or(clip, "start", 0), length = json_num_or(clip, "length", 0);
    struct placed *p = section_at(e, start);
    bool is_text = str_is(type, "title") || str_is(type, "text") || str_is(type, "rich-text"),
         is_audio = str_is(type, "audio");
    bool is_speech = str_is(type, "text-to-speech");
    if (!p || !(is_text || is_audio || is_speech) || (is_audio && json_get(p->section, "audio")) ||
        (is_speech && json_get(p->section, "narration")))
        return;
    const struct json *asset = take_asset(im, clip);
    import_number(im, clip, "start", 0);
    import_number(im, clip, "length", 0);
    if (is_text)
        import_overlay(im, p->section, "title", import_text(im, asset, "text"), start - p->start, length);
    else
        import_put(im, p->section, is_audio ? "audio" : "narration", import_text(im, asset, is_audio ? "src" : "text"));
    if (is_speech && json_get(asset, "voice"))
        import_put(im, import_block(im, p->section, "voice"), "voice", import_text(im, asset, "voice"));
}

static int by_start(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

/* Of the track that lies lowest with a picture in it. */
static const struct json *picture_track(const struct json *tracks)
{
    const struct json *found = NULL;
    for (const struct json *t = tracks->child; t; t = t->next)
        for (const struct json *c = clips_of(t); c; c = c->next)
            if (is_picture(c))
                found = t;
    return found;
}

static void read_tracks(struct edit *e, const struct json *tracks, const struct json *pictures)
{
    struct import *im = e->im;
    double end = 0;
    e->v = arena_array(im->a, json_get(pictures, "clips")->n + 1, sizeof *e->v);
    for (const struct json *c = clips_of(pictures); c; c = c->next)
        if (is_picture(c)) {
            struct placed *p = &e->v[e->n++];
            *p = (struct placed){ .clip = c,
                                  .start = import_number(im, c, "start", end),
                                  .length = import_number(im, c, "length", CLIP_SECONDS) };
            end = p->start + p->length;
        }
    qsort(e->v, e->n, sizeof *e->v, by_start);
    for (size_t i = 0; i < e->n; i++) {
        e->v[i].section = import_section(im);
        read_picture(im, &e->v[i]);
    }
    for (const struct json *t = tracks->child; t; t = t->next) {
        import_taken(im, t);
        import_take(im, t, "clips");
        for (const struct json *c = clips_of(t); c; c = c->next)
            if (t != pictures || !is_picture(c))
                read_other(e, c);
    }
    for (size_t i = 0; i < e->n; i++)
        import_last(im, e->v[i].section, e->v[i].length);
}

static void read_output(struct import *im, const struct json *in)
{
    struct json *video = import_block(im, im->lesson, "video");
    const struct json *size = import_take(im, in, "size");
    import_text(im, in, "format");
    if (size) {
        import_put_number(im, video, "width", import_number(im, size, "width", 1920));
        import_put_number(im, video, "height", import_number(im, size, "height", 1080));
    } else {
        import_put(im, video, "resolution", import_word(resolutions, import_text(im, in, "resolution")));
        import_put(im, video, "aspect", import_text(im, in, "aspectRatio"));
    }
    if (json_get(in, "fps"))
        import_put_number(im, video, "fps", import_number(im, in, "fps", 25));
}

static bool read(struct import *im, const struct json *in, struct err *e)
{
    const struct json *timeline = import_take(im, in, "timeline"), *tracks = import_take(im, timeline, "tracks");
    const struct json *output = import_take(im, in, "output"), *music = import_take(im, timeline, "soundtrack");
    const struct json *pictures = tracks && tracks->type == JSON_ARRAY ? picture_track(tracks) : NULL;
    struct edit edit = { .im = im };
    if (!pictures)
        return err_set(e, ERR_LESSON, "no track in \"timeline\" has an image or a video");
    import_put(im, im->lesson, "title", STR("Imported from Shotstack"));
    import_put(im, import_block(im, im->lesson, "video"), "background", import_text(im, timeline, "background"));
    if (output)
        read_output(im, output);
    if (music) {
        struct json *m = import_block(im, im->lesson, "music");
        import_put(im, m, "file", import_text(im, music, "src"));
        if (json_get(music, "volume"))
            import_put_number(im, m, "volume", import_number(im, music, "volume", 1));
    }
    read_tracks(&edit, tracks, pictures);
    return true;
}

const struct importer import_shotstack = { "shotstack", "edits of Shotstack", read };
