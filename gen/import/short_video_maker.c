/* short_video_maker.c - requests to short-video-maker: https://github.com/gyoridavid/short-video-maker
 *
 * Its music is a mood, and music here a file: it is told as left out. */
#include "gen/base/mem.h"
#include "gen/import/taken.h"

static const struct import_word positions[] = {
    { "top", "top" }, { "center", "middle" }, { "bottom", "bottom" }, { 0 }
};
static void read_config(struct import *im, const struct json *in)
{
    import_put(im, import_block(im, im->lesson, "voice"), "voice", import_text(im, in, "voice"));
    import_put(im, import_block(im, im->lesson, "video"), "aspect", import_text(im, in, "orientation"));
    import_put(im, import_block(im, im->lesson, "captions"), "position",
               import_word(positions, import_text(im, in, "captionPosition")));
    import_put(im, import_block(im, im->lesson, "captions"), "active_color",
               import_text(im, in, "captionBackgroundColor"));
    if (json_get(in, "paddingBack")) /* milliseconds */
        import_put_number(im, import_block(im, im->lesson, "timing"), "tail",
                          import_number(im, in, "paddingBack", 0) / 1000);
}

static bool read(struct import *im, const struct json *in, struct err *e)
{
    const struct json *scenes = import_take(im, in, "scenes"), *config = import_take(im, in, "config");
    struct json *captions = import_block(im, im->lesson, "captions");
    if (!scenes || scenes->type != JSON_ARRAY)
        return err_set(e, ERR_LESSON, "it has no list \"scenes\"");
    import_put(im, im->lesson, "title", STR("Imported from short-video-maker"));
    import_put(im, captions, "style", STR("highlight"));
    import_put(im, import_block(im, im->lesson, "image"), "provider", STR("pexels"));
    import_put(im, import_block(im, im->lesson, "video"), "aspect", STR("portrait"));
    if (config)
        read_config(im, config);
    for (const struct json *s = scenes->child; s; s = s->next) {
        struct json *section = import_section(im);
        const struct json *terms = import_take(im, s, "searchTerms");
        import_taken(im, s);
        import_put(im, section, "narration", import_text(im, s, "text"));
        for (const struct json *t = terms ? terms->child : NULL; t; t = t->next)
            if (t->type == JSON_STRING && !json_get(section, "image_prompt")) {
                import_taken(im, t);
                import_put(im, section, "image_prompt", t->string);
            }
        if (!json_get(section, "image_prompt"))
            import_put(im, section, "background", STR("#000000"));
    }
    return true;
}

const struct importer import_short_video_maker = { "short-video-maker", "requests to short-video-maker", read };
