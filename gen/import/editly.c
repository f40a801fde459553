/* editly.c - edit specs of editly 0.15: https://github.com/mifi/editly */
#include "gen/base/mem.h"
#include "gen/import/taken.h"

#define CLIP_SECONDS 4.0 /* editly's own when nobody says how long */

/* Those of gl-transitions that have a like here. */
static const struct import_word transitions[] = {
    { "fade", "fade" },
    { "random", "random" },
    { "dummy", "none" },
    { "directional-left", "slide-left" },
    { "directional-right", "slide-right" },
    { "directional-up", "slide-up" },
    { "directional-down", "slide-down" },
    { "fadegrayscale", "fadegrays" },
    { "circleopen", "circle-open" },
    { "crosszoom", "zoom" },
    { "simplezoom", "zoom" },
    { "dreamyzoom", "zoom" },
    { "pixelize", "pixelate" },
    { "crosswarp", "wipe-right" },
    { "directionalwipe", "wipe-left" },
    { "directionalwarp", "wipe-left" },
    { "fadecolor", "fade-black" },
    { "wipeleft", "wipe-left" },
    { "wiperight", "wipe-right" },
    { "wipeup", "wipe-up" },
    { "wipedown", "wipe-down" },
    { "radial", "radial" },
    { "linearblur", "blur" },
    { 0 },
};
static const struct import_word zooms[] = {
    { "in", "zoom-in" }, { "out", "zoom-out" }, { "left", "pan-left" }, { "right", "pan-right" }, { 0 },
};
static const struct import_word fits[] = {
    { "cover", "cover" }, { "contain", "contain" }, { "contain-blur", "contain-blur" }, { "stretch", "stretch" }, { 0 },
};

struct clip {
    struct import *im;
    struct json *section;
    double seconds;
};

/* {name, duration}, or null for none. What begins the next clip stands with this one there, with the next one here. */
static struct json *transition_of(struct import *im, const struct json *of)
{
    const struct json *v = json_get(of, "transition");
    struct json *t = json_object(im->a);
    if (!v)
        return NULL;
    import_taken(im, v);
    if (v->type != JSON_OBJECT) {
        import_put(im, t, "type", STR("none"));
        return t;
    }
    struct str name = import_word(transitions, json_str_or(v, "name", STR("random")));
    if (name.n)
        import_text(im, v, "name"); /* one that is not known is told */
    import_put(im, t, "type", name.n ? name : STR("fade"));
    if (json_get(v, "duration"))
        import_put_number(im, t, "duration", import_number(im, v, "duration", 0.5));
    return t;
}

static void put_fit(struct clip *c, const struct json *layer, const char *block)
{
    import_put(c->im, import_block(c->im, c->section, block), "fit", import_chosen(c->im, layer, "resizeMode", fits));
}

static void read_image(struct clip *c, const struct json *layer)
{
    struct import *im = c->im;
    const struct json *zoom = json_get(layer, "zoomDirection");
    struct str effect = import_word(zooms, json_str_or(layer, "zoomDirection", STR("in")));
    struct json *image = import_block(im, c->section, "image");
    import_put(im, image, "file", import_text(im, layer, "path"));
    put_fit(c, layer, "image");
    if (zoom)
        import_taken(im, zoom);
    import_push(im, c->section, "effects",
                json_string(im->a, zoom && zoom->type != JSON_STRING ? STR("none") : effect));
}

static void read_video(struct clip *c, const struct json *layer)
{
    double from = import_number(c->im, layer, "cutFrom", 0), to = import_number(c->im, layer, "cutTo", 0);
    struct json *video = import_block(c->im, c->section, "video");
    import_put(c->im, video, "file", import_text(c->im, layer, "path"));
    put_fit(c, layer, "video");
    if (from > 0)
        import_put_number(c->im, video, "from", from);
    if (to > from)
        import_put_number(c->im, video, "to", to);
    if (to > from && c->seconds <= 0)
        c->seconds = to - from;
}

static void read_title(struct clip *c, const struct json *layer)
{
    import_overlay(c->im, c->section, "title", import_text(c->im, layer, "text"),
                   import_number(c->im, layer, "start", 0), 0);
}

static void read_subtitle(struct clip *c, const struct json *layer)
{
    import_overlay(c->im, c->section, "lower-third", import_text(c->im, layer, "text"),
                   import_number(c->im, layer, "start", 0), 0);
}

static void read_colour(struct clip *c, const struct json *layer)
{
    import_put(c->im, c->section, "background", import_text(c->im, layer, "color"));
}

static void read_title_background(struct clip *c, const struct json *layer)
{
    const struct json *background = json_get(layer, "background");
    if (str_is(json_str_or(background, "type", STR("")), "fill-color")) {
        import_taken(c->im, background);
        import_text(c->im, background, "type");
        read_colour(c, background);
    }
    read_title(c, layer);
}

static void read_audio(struct clip *c, const struct json *layer)
{
    import_put(c->im, c->section, "audio", import_text(c->im, layer, "path"));
}

static const struct {
    const char *type;
    void (*read)(struct clip *c, const struct json *layer);
} layers[] = {
    { "image", read_image },
    { "video", read_video },
    { "title", read_title },
    { "news-title", read_subtitle },
    { "subtitle", read_subtitle },
    { "slide-in-text", read_title },
    { "title-background", read_title_background },
    { "fill-color", read_colour },
    { "pause", read_colour },
    { "audio", read_audio },
};

/* A second picture of a clip lies over the first there; here a section shows one at a time, so the first counts. */
static void read_layer(struct clip *c, const struct json *layer)
{
    struct str type = json_str_or(layer, "type", STR(""));
    bool is_second = (str_is(type, "image") || str_is(type, "video")) &&
                     (json_get(c->section, "image") || json_get(c->section, "video"));
    for (size_t i = 0; i < COUNTOF(layers); i++)
        if (str_is(type, layers[i].type) && !is_second) {
            import_taken(c->im, layer);
            import_text(c->im, layer, "type");
            layers[i].read(c, layer);
        }
}

static void read_layers(struct clip *c, const struct json *v)
{
    if (v && v->type == JSON_OBJECT)
        read_layer(c, v);
    for (const struct json *l = v && v->type == JSON_ARRAY ? v->child : NULL; l; l = l->next)
        read_layer(c, l);
}

static void read_clip(struct import *im, const struct json *in, double otherwise)
{
    struct clip c = { im, import_section(im), import_number(im, in, "duration", 0) };
    import_taken(im, in);
    read_layers(&c, import_take(im, in, "layers"));
    if (!json_get(c.section, "image") && !json_get(c.section, "video") && !json_get(c.section, "background"))
        import_put(im, c.section, "background", STR("#000000"));
    import_last(im, c.section, c.seconds > 0 ? c.seconds : otherwise);
}

static void read_music(struct import *im, const struct json *in)
{
    struct str file = import_text(im, in, "audioFilePath");
    const struct json *tracks = json_get(in, "audioTracks"), *first = json_at(tracks, 0);
    if (!file.n && first) {
        import_taken(im, tracks);
        import_taken(im, first);
        file = import_text(im, first, "path");
    }
    if (!file.n)
        return;
    struct json *music = import_block(im, im->lesson, "music");
    import_put(im, music, "file", file);
    if (json_get(in, "backgroundAudioVolume"))
        import_put_number(im, music, "volume", import_number(im, in, "backgroundAudioVolume", 1));
    if (json_get(in, "loopAudio"))
        json_set(im->a, music, "loop", json_bool(im->a, import_flag(im, in, "loopAudio", false)));
}

static bool read(struct import *im, const struct json *in, struct err *e)
{
    const struct json *clips = import_take(im, in, "clips"), *defaults = import_take(im, in, "defaults");
    struct json *video = import_block(im, im->lesson, "video"), *before;
    double seconds = import_number(im, defaults, "duration", CLIP_SECONDS);
    if (!clips || clips->type != JSON_ARRAY)
        return err_set(e, ERR_LESSON, "it has no list \"clips\"");
    import_put(im, im->lesson, "title", STR("Imported from editly"));
    static const char *const sizes[] = { "width", "height", "fps" };
    for (size_t i = 0; i < COUNTOF(sizes); i++)
        if (json_get(in, sizes[i]))
            import_put_number(im, video, sizes[i], import_number(im, in, sizes[i], 0));
    if ((before = transition_of(im, defaults)))
        json_set(im->a, im->lesson, "transition", before);
    read_music(im, in);
    before = NULL;
    for (const struct json *c = clips->child; c; c = c->next) {
        read_clip(im, c, seconds);
        if (before)
            json_set(im->a, im->sections->last, "transition", before);
        before = transition_of(im, c);
    }
    return true;
}

const struct importer import_editly = { "editly", "edit specs (JSON5) of editly", read };
