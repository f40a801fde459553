/* json2video.c - movies of JSON2Video: https://json2video.com/docs/v2/api-reference/json-syntax */
#include "gen/base/mem.h"
#include "gen/import/taken.h"

#define SCENE_SECONDS 5.0 /* when nothing in a scene has a length of its own */

static const struct {
    const char *name;
    double width, height;
} resolutions[] = {
    { "sd", 640, 360 },
    { "hd", 1280, 720 },
    { "full-hd", 1920, 1080 },
    { "squared", 1080, 1080 },
    { "instagram-story", 1080, 1920 },
    { "instagram-feed", 1080, 1080 },
    { "twitter-landscape", 1280, 720 },
    { "twitter-portrait", 720, 1280 },
};
static const struct import_word transitions[] = {
    { "fade", "fade" },
    { "fadeblack", "fade-black" },
    { "fadewhite", "fade-white" },
    { "dissolve", "dissolve" },
    { "wipeleft", "wipe-left" },
    { "wiperight", "wipe-right" },
    { "wipeup", "wipe-up" },
    { "wipedown", "wipe-down" },
    { "slideleft", "slide-left" },
    { "slideright", "slide-right" },
    { "slideup", "slide-up" },
    { "slidedown", "slide-down" },
    { "circleopen", "circle-open" },
    { "circleclose", "circle-close" },
    { "pixelize", "pixelate" },
    { "zoomin", "zoom" },
    { "hblur", "blur" },
    { 0 },
};
static const struct import_word pans[] = {
    { "left", "pan-left" }, { "right", "pan-right" }, { "top", "pan-up" }, { "bottom", "pan-down" }, { 0 },
};

/* -1: as long as what it holds, -2: as what holds it; both are the rule here. */
static double length_of(struct import *im, const struct json *in)
{
    double d = import_number(im, in, "duration", -1);
    return d > 0 ? d : 0;
}

static void read_image(struct import *im, struct json *section, const struct json *in)
{
    struct str pan = import_chosen(im, in, "pan", pans);
    double zoom = import_number(im, in, "zoom", 0);
    import_put(im, section, "image", import_text(im, in, "src"));
    import_put(im, section, "image_prompt", import_text(im, in, "prompt"));
    if (pan.n)
        import_push(im, section, "effects", json_string(im->a, pan));
    if (zoom != 0)
        import_push(im, section, "effects", json_string(im->a, zoom > 0 ? STR("zoom-in") : STR("zoom-out")));
}

static void read_video(struct import *im, struct json *section, const struct json *in)
{
    import_put(im, section, "video", import_text(im, in, "src"));
}

static void read_text(struct import *im, struct json *section, const struct json *in)
{
    double at = import_number(im, in, "start", 0), seconds = length_of(im, in);
    import_overlay(im, section, "title", import_text(im, in, "text"), at, seconds);
}

static void read_voice(struct import *im, struct json *section, const struct json *in)
{
    import_put(im, section, "narration", import_text(im, in, "text"));
    if (json_get(in, "voice"))
        import_put(im, import_block(im, section, "voice"), "voice", import_text(im, in, "voice"));
}

static void read_audio(struct import *im, struct json *section, const struct json *in)
{
    import_put(im, section, "audio", import_text(im, in, "src"));
}

static const struct {
    const char *type, *once; /* once: there is one of a section */
    void (*read)(struct import *im, struct json *section, const struct json *in);
} elements[] = {
    { "image", "image", read_image },     { "video", "video", read_video }, { "text", NULL, read_text },
    { "voice", "narration", read_voice }, { "audio", "audio", read_audio },
};

static void read_element(struct import *im, struct json *section, const struct json *in)
{
    struct str type = json_str_or(in, "type", STR(""));
    for (size_t i = 0; i < COUNTOF(elements); i++)
        if (str_is(type, elements[i].type) && !(elements[i].once && json_get(section, elements[i].once))) {
            import_taken(im, in);
            import_text(im, in, "type");
            elements[i].read(im, section, in);
        }
}

static void read_transition(struct import *im, struct json *section, const struct json *in)
{
    const struct json *v = import_take(im, in, "transition");
    if (!v)
        return;
    struct json *t = import_block(im, section, "transition");
    struct str style = import_chosen(im, v, "style", transitions);
    import_put(im, t, "type", style.n ? style : STR("fade"));
    if (json_get(v, "duration"))
        import_put_number(im, t, "duration", import_number(im, v, "duration", 0.5));
}

static void read_scene(struct import *im, const struct json *in)
{
    struct json *section = import_section(im);
    const struct json *list = import_take(im, in, "elements");
    double seconds = length_of(im, in);
    import_taken(im, in);
    import_text(im, in, "comment");
    import_put(im, section, "id", import_text(im, in, "id"));
    read_transition(im, section, in);
    for (const struct json *e = list ? list->child : NULL; e; e = e->next)
        read_element(im, section, e);
    if (!json_get(section, "image") && !json_get(section, "image_prompt") && !json_get(section, "video")) {
        struct str colour = import_text(im, in, "background-color");
        import_put(im, section, "background", colour.n ? colour : STR("#000000"));
    }
    import_last(im, section, seconds > 0 ? seconds : SCENE_SECONDS);
}

/* What lies over all scenes: music, and whether there are captions. */
static void read_over_all(struct import *im, const struct json *in)
{
    const struct json *list = import_take(im, in, "elements");
    bool has_captions = false;
    for (const struct json *e = list ? list->child : NULL; e; e = e->next) {
        struct str type = json_str_or(e, "type", STR(""));
        bool is_music = str_is(type, "audio"), is_captions = str_is(type, "subtitles");
        if (!is_music && !is_captions)
            continue;
        import_taken(im, e);
        import_text(im, e, "type");
        has_captions = has_captions || is_captions;
        if (is_music) {
            struct json *music = import_block(im, im->lesson, "music");
            import_put(im, music, "file", import_text(im, e, "src"));
            if (json_get(e, "volume"))
                import_put_number(im, music, "volume", import_number(im, e, "volume", 1));
        }
    }
    json_set(im->a, import_block(im, im->lesson, "captions"), "enabled", json_bool(im->a, has_captions));
}

static void read_frame(struct import *im, const struct json *in)
{
    struct json *video = import_block(im, im->lesson, "video");
    struct str name = import_text(im, in, "resolution");
    double width = import_number(im, in, "width", 0), height = import_number(im, in, "height", 0);
    for (size_t i = 0; i < COUNTOF(resolutions) && !(width > 0 && height > 0); i++)
        if (str_is(name, resolutions[i].name)) {
            width = resolutions[i].width;
            height = resolutions[i].height;
        }
    import_put_number(im, video, "width", width > 0 ? width : 1920);
    import_put_number(im, video, "height", height > 0 ? height : 1080);
    if (json_get(in, "fps"))
        import_put_number(im, video, "fps", import_number(im, in, "fps", 30));
}

static bool read(struct import *im, const struct json *in, struct err *e)
{
    const struct json *scenes = import_take(im, in, "scenes"), *variables = json_get(in, "variables");
    struct str comment = import_text(im, in, "comment");
    if (!scenes || scenes->type != JSON_ARRAY)
        return err_set(e, ERR_LESSON, "it has no list \"scenes\"");
    import_put(im, im->lesson, "title", comment.n ? comment : STR("Imported from JSON2Video"));
    read_frame(im, in);
    read_over_all(im, in);
    for (const struct json *s = scenes->child; s; s = s->next)
        read_scene(im, s);
    for (const struct json *v = variables && variables->type == JSON_OBJECT ? variables->child : NULL; v; v = v->next) {
        import_taken(im, variables);
        if (v->type == JSON_STRING) {
            import_taken(im, v);
            import_put(im, import_block(im, im->lesson, "variables"), v->key.p, v->string);
        }
    }
    return true;
}

const struct importer import_json2video = { "json2video", "movies of JSON2Video", read };
