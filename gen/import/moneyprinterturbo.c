/* moneyprinterturbo.c - VideoParams of MoneyPrinterTurbo: https://github.com/harry0703/MoneyPrinterTurbo */
#include <math.h>
#include "gen/base/mem.h"
#include "gen/import/taken.h"
#include "gen/names.h"

static const struct import_word transitions[] = {
    { "None", "none" },
    { "Shuffle", "random" },
    { "FadeIn", "fade" },
    { "FadeOut", "fade-black" },
    { "SlideIn", "slide-left" },
    { "SlideOut", "push-left" },
    { 0 },
};
static const struct import_word positions[] = {
    { "bottom", "bottom" }, { "top", "top" }, { "center", "middle" }, { 0 }
};

enum { TERMS_MOST = 64, HEIGHT = 1080 }; /* font sizes are px of a film this high or wide */

/* "a, b" or a list. */
static size_t terms_of(struct import *im, const struct json *in, struct str terms[TERMS_MOST])
{
    const struct json *v = import_take(im, in, "video_terms");
    size_t n = 0;
    if (v && v->type == JSON_STRING) {
        struct str rest = v->string, term;
        while (n < TERMS_MOST && names_next(&rest, &term))
            terms[n++] = term;
    }
    for (const struct json *t = v && v->type == JSON_ARRAY ? v->child : NULL; t && n < TERMS_MOST; t = t->next)
        if (t->type == JSON_STRING) {
            import_taken(im, t);
            terms[n++] = t->string;
        }
    return n;
}

/* The next paragraph of the script; empty at its end. */
static struct str paragraph(struct str *rest)
{
    struct str s = str_trim(*rest), p = s;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\n') {
            p.n = i;
            break;
        }
    *rest = (struct str){ s.p + p.n, s.n - p.n };
    return str_trim(p);
}

static void read_captions(struct import *im, const struct json *in)
{
    struct json *captions = import_block(im, im->lesson, "captions");
    json_set(im->a, captions, "enabled", json_bool(im->a, import_flag(im, in, "subtitle_enabled", true)));
    import_put(im, captions, "position", import_word(positions, import_text(im, in, "subtitle_position")));
    import_put(im, captions, "color", import_text(im, in, "text_fore_color"));
    if (json_get(in, "font_size"))
        import_put_number(im, captions, "size",
                          fmin(0.15, round(import_number(im, in, "font_size", 60) / HEIGHT * 1000) / 1000));
}

static void read_voice(struct import *im, const struct json *in)
{
    struct json *voice = import_block(im, im->lesson, "voice");
    import_put(im, voice, "voice", import_text(im, in, "voice_name"));
    if (json_get(in, "voice_rate"))
        import_put_number(im, voice, "speed", import_number(im, in, "voice_rate", 1));
    if (json_get(in, "voice_volume"))
        import_put_number(im, voice, "volume", import_number(im, in, "voice_volume", 1));
    import_put(im, im->lesson, "language", import_text(im, in, "video_language"));
}

static void read_music(struct import *im, const struct json *in)
{
    struct str file = import_text(im, in, "bgm_file");
    if (!file.n)
        return;
    import_put(im, import_block(im, im->lesson, "music"), "file", file);
    import_put_number(im, import_block(im, im->lesson, "music"), "volume", import_number(im, in, "bgm_volume", 0.2));
}

static void read_pictures(struct import *im, const struct json *in, struct str subject)
{
    struct str terms[TERMS_MOST], source = import_text(im, in, "video_source");
    const struct json *materials = import_take(im, in, "video_materials"), *m = materials ? materials->child : NULL;
    size_t n = terms_of(im, in, terms), i = 0;
    if (str_is(source, "pexels") || str_is(source, "pixabay"))
        import_put(im, import_block(im, im->lesson, "image"), "provider", source);
    for (struct json *s = im->sections->child; s; s = s->next, i++) {
        struct str file = m ? import_text(im, m, "url") : (struct str){ "", 0 };
        if (m)
            import_taken(im, m);
        import_put(im, s,
                   !file.n                ? "image_prompt"
                   : import_is_clip(file) ? "video"
                                          : "image",
                   file.n ? file
                   : n    ? terms[i % n]
                          : subject);
        m = m ? m->next : NULL;
    }
}

static bool read(struct import *im, const struct json *in, struct err *e)
{
    struct str subject = import_text(im, in, "video_subject"), script = import_text(im, in, "video_script"), p;
    struct str transition = import_word(transitions, import_text(im, in, "video_transition_mode"));
    if (!subject.n)
        return err_set(e, ERR_LESSON, "it has no \"video_subject\"");
    if (!str_trim(script).n)
        return err_set(e, ERR_LESSON, "it has no \"video_script\"; vidgen draft \"" STR_FMT "\" writes one",
                       STR_ARG(subject));
    import_put(im, im->lesson, "title", subject);
    import_put(im, import_block(im, im->lesson, "video"), "aspect", import_text(im, in, "video_aspect"));
    import_put(im, im->lesson, "transition", transition);
    read_voice(im, in);
    read_captions(im, in);
    read_music(im, in);
    while ((p = paragraph(&script)).n)
        import_put(im, import_section(im), "narration", p);
    read_pictures(im, in, subject);
    return true;
}

const struct importer import_moneyprinterturbo = { "moneyprinterturbo", "parameters of a video of MoneyPrinterTurbo",
                                                   read };
