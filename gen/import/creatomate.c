/* creatomate.c - RenderScript of Creatomate: https://creatomate.com/docs/api/render-script/json-structure
 *
 * A composition becomes a section, and so does a picture or clip of the film itself; what lies beside it on other
 * tracks goes along with the first. */
#include "gen/base/mem.h"
#include "gen/import/taken.h"

#define ELEMENT_SECONDS 5.0 /* Creatomate's own when nothing tells */

static const struct import_word fits[] = {
    { "cover", "cover" }, { "contain", "contain" }, { "fill", "stretch" }, { 0 }
};
static const struct import_word transitions[] = {
    { "fade", "fade" },
    { "slide", "slide-left" },
    { "wipe", "wipe-left" },
    { "circular-wipe", "circle-open" },
    { "film-roll", "push-up" },
    { "squash", "squeezeh" },
    { 0 },
};

/* An animation that says "transition": true leads from the element before. */
static void read_transition(struct import *im, struct json *section, const struct json *in)
{
    const struct json *list = json_get(in, "animations");
    for (const struct json *a = list && list->type == JSON_ARRAY ? list->child : NULL; a; a = a->next) {
        struct str ours = import_word(transitions, json_str_or(a, "type", STR("")));
        if (!json_bool_or(a, "transition", false) || !ours.n)
            continue;
        struct json *t = import_block(im, section, "transition");
        import_taken(im, list);
        import_taken(im, a);
        import_flag(im, a, "transition", true);
        import_text(im, a, "type");
        import_put(im, t, "type", ours);
        if (json_get(a, "duration"))
            import_put_number(im, t, "duration", import_number(im, a, "duration", 1));
    }
}

static void read_picture(struct import *im, struct json *section, const struct json *in, const char *block)
{
    struct json *picture = import_block(im, section, block);
    import_put(im, picture, "file", import_text(im, in, "source"));
    import_put(im, picture, "fit", import_chosen(im, in, "fit", fits));
}

/* A sound with a provider is speech, and its source what is said. */
static void read_sound(struct import *im, struct json *section, const struct json *in)
{
    bool is_speech = json_get(in, "provider") != NULL;
    import_put(im, section, is_speech ? "narration" : "audio", import_text(im, in, "source"));
}

static void read_element(struct import *im, struct json *section, const struct json *in)
{
    struct str type = json_str_or(in, "type", STR(""));
    bool is_image = str_is(type, "image"), is_video = str_is(type, "video"), is_text = str_is(type, "text");
    bool has_picture = json_get(section, "image") || json_get(section, "video");
    if (!(is_text || ((is_image || is_video) && !has_picture) ||
          (str_is(type, "audio") && !json_get(section, "audio") && !json_get(section, "narration"))))
        return;
    import_taken(im, in);
    import_text(im, in, "type");
    import_text(im, in, "track");
    if (is_text)
        import_overlay(im, section, "title", import_text(im, in, "text"), import_number(im, in, "time", 0),
                       import_number(im, in, "duration", 0));
    else if (is_image || is_video)
        read_picture(im, section, in, is_image ? "image" : "video");
    else
        read_sound(im, section, in);
}

static void read_composition(struct import *im, const struct json *in)
{
    struct json *section = import_section(im);
    const struct json *list = import_take(im, in, "elements");
    import_taken(im, in);
    import_text(im, in, "type");
    import_text(im, in, "track");
    import_put(im, section, "title", import_text(im, in, "name"));
    read_transition(im, section, in);
    for (const struct json *e = list ? list->child : NULL; e; e = e->next)
        read_element(im, section, e);
    if (!json_get(section, "image") && !json_get(section, "video")) {
        struct str colour = import_text(im, in, "fill_color");
        import_put(im, section, "background", colour.n ? colour : STR("#000000"));
    }
    import_last(im, section, import_number(im, in, "duration", ELEMENT_SECONDS));
}

/* A picture of the film itself, on no composition. */
static void read_single(struct import *im, const struct json *in)
{
    struct json *section = import_section(im);
    read_transition(im, section, in);
    read_element(im, section, in);
    import_text(im, in, "name");
    import_last(im, section, import_number(im, in, "duration", ELEMENT_SECONDS));
}

static void read_music(struct import *im, const struct json *in)
{
    struct json *music = import_block(im, im->lesson, "music");
    import_taken(im, in);
    import_text(im, in, "type");
    import_text(im, in, "track");
    import_put(im, music, "file", import_text(im, in, "source"));
    import_put(im, music, "volume", import_text(im, in, "volume")); /* "25%", which is read here, too */
}

static bool read(struct import *im, const struct json *in, struct err *e)
{
    const struct json *list = import_take(im, in, "elements");
    struct json *video = import_block(im, im->lesson, "video");
    static const char *const sizes[][2] = { { "width", "width" }, { "height", "height" }, { "frame_rate", "fps" } };
    if (!list || list->type != JSON_ARRAY)
        return err_set(e, ERR_LESSON, "it has no list \"elements\"");
    import_put(im, im->lesson, "title", STR("Imported from Creatomate"));
    import_text(im, in, "output_format");
    for (size_t i = 0; i < COUNTOF(sizes); i++)
        if (json_get(in, sizes[i][0]))
            import_put_number(im, video, sizes[i][1], import_number(im, in, sizes[i][0], 0));
    import_put(im, video, "background", import_text(im, in, "fill_color"));
    for (const struct json *v = list->child; v; v = v->next) {
        struct str type = json_str_or(v, "type", STR(""));
        if (str_is(type, "composition"))
            read_composition(im, v);
        else if (str_is(type, "image") || str_is(type, "video"))
            read_single(im, v);
        else if (str_is(type, "audio") && !json_get(v, "provider") && !json_get(im->lesson, "music"))
            read_music(im, v);
        else if (im->sections->last)
            read_element(im, im->sections->last, v);
    }
    return true;
}

const struct importer import_creatomate = { "creatomate", "RenderScript of Creatomate", read };
