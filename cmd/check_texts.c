/* check_texts.c - what of a lesson cannot be shown as it is written */
#include "cmd/check_texts.h"
#include <stdlib.h>
#include <string.h>
#include "compose/fonts.h"
#include "compose/fonts.h"
#include "compose/glyphs.h"
#include "compose/overlays.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/late.h"
#include "gen/lesson/shapes.h"
#include "gen/overlay_times.h"

struct looking {
    struct lesson *l;
    struct problems *out;
    size_t cap;
    struct typeset *type;
    const struct section *section;
    size_t index;         /* of the section */
    struct str fonts[16]; /* that were looked for */
    size_t n_fonts;
};

static void tell(struct looking *x, struct json_pos pos, const char *code, struct str where, struct str message)
{
    struct problems *p = x->out;
    if (p->n >= x->cap) {
        x->cap = 2 * p->n + 16;
        struct problem *v = arena_array(&x->l->arena, x->cap, sizeof *v);
        if (p->n)
            memcpy(v, p->v, p->n * sizeof *v);
        p->v = v;
    }
    size_t at = p->n++;
    for (; at > 0 &&
           (p->v[at - 1].pos.line > pos.line || (p->v[at - 1].pos.line == pos.line && p->v[at - 1].pos.col > pos.col));
         at--)
        p->v[at] = p->v[at - 1];
    bool is_error = code[0] == 'E';
    p->v[at] = (struct problem){ .is_error = is_error, .pos = pos, .code = code, .path = where, .message = message };
    p->n_errors += is_error;
    p->n_warnings += !is_error;
}

/* Several families may be named: the first that is there is taken. */
static bool is_any_there(struct str families)
{
    for (size_t from = 0, i = 0; i <= families.n; i++) {
        if (i < families.n && families.p[i] != ',')
            continue;
        if (fonts_has_family(str_trim((struct str){ families.p + from, i - from })))
            return true;
        from = i + 1;
    }
    return false;
}

/* Told once a lesson, where it is said first. */
static void look_for_font(struct looking *x, struct str font, struct json_pos pos, struct str where)
{
    char *instead;
    for (size_t i = 0; i < x->n_fonts; i++)
        if (str_eq(x->fonts[i], font))
            return;
    if (x->n_fonts < COUNTOF(x->fonts))
        x->fonts[x->n_fonts++] = font;
    if (!fonts_are_there() || is_any_there(font) || !(instead = fonts_family(arena_str(&x->l->arena, font).p)))
        return;
    tell(x, pos, "W_FONT", where,
         arena_printf(&x->l->arena,
                      "no font \"" STR_FMT "\" is installed: \"%s\" is shown instead; `fc-list : family` names what is "
                      "there",
                      STR_ARG(font), instead));
    free(instead);
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static void look_for_glyphs(struct looking *x, struct str text, struct str font, struct json_pos pos, struct str where)
{
    struct buf shown = { 0 };
    if (is_ascii(text))
        return;
    if (!x->type) /* costs milliseconds, and most lessons need none */
        x->type = typeset_create(x->l->language);
    uint32_t c = text_missing_glyph(x->type, text, font);
    if (c == 0)
        return;
    text_encode(&shown, c);
    tell(x, pos, "E_GLYPH", where,
         arena_printf(&x->l->arena,
                      "no installed font has the character U+%04X (" STR_FMT "), a box would be shown for "
                      "it; leave it out, or install a font that has it (\"vidgen doctor\" tells what is there)",
                      c, STR_ARG(buf_str(&shown))));
    buf_deinit(&shown);
}

/* Texts of an overlay; its font is said beside them. */
static void look_into(struct looking *x, const struct choice *c, struct json_pos pos, struct str where)
{
    const struct param *font = param_find(c->row->params, STR("font"), NULL);
    struct str family = font ? *(const struct str *)(const void *)((const char *)c->opts + font->offset) : STR("sans");
    if (font)
        look_for_font(x, family, pos, where);
    for (const struct param *p = c->row->params; p && p->name; p++) {
        const void *at = (const char *)c->opts + p->offset;
        if (p->type == PARAM_STR && p != font && !(p->flags & PARAM_FILE))
            look_for_glyphs(x, *(const struct str *)at, family, pos, where);
        for (size_t i = 0; p->type == PARAM_ITEMS && i < ((const struct param_items *)at)->n; i++)
            look_for_glyphs(x, ((const struct param_items *)at)->v[i].text, family, pos, where);
    }
}

static struct str where_of(struct looking *x, const char *member)
{
    return arena_printf(&x->l->arena, "sections[%zu].%s", x->index, member);
}

/* Words are laid out as they will be, without the pictures, which decide nothing about room.
 * where  of each overlay; emptied when something was told of it, so that another shape does not tell it again */
static void look_at_room(struct looking *x, const struct overlay_span *spans, struct str *where,
                         const struct video_opts *o, struct str shape)
{
    const struct section *s = x->section;
    struct str in = shape.n ? arena_printf(&x->l->arena, " (in " STR_FMT ")", STR_ARG(shape)) : STR("");
    const struct video_format f = {
        .width = o->width, .height = o->height, .fps_num = o->fps_num, .fps_den = o->fps_den
    };
    const int64_t frames =
        3600LL * o->fps_num / o->fps_den; /* how long it will be is not known: all that may be seen */
    const struct shot shot = { .n_frames = frames };
    const struct visual v = { .shots = &shot,
                              .n_shots = 1,
                              .n_frames = frames,
                              .captions = &s->captions,
                              .language = x->l->language,
                              .narration = s->narration,
                              .overlays = spans,
                              .n_overlays = s->n_overlays };
    const struct overlay_stage stage = { 0 };
    struct err e;
    struct overlays *all = overlays_create(&v, &f, &stage, &e);
    for (size_t i = 0; all && i < s->n_overlays; i++) {
        struct overlay_outcome out = overlays_outcome(all, i);
        if (where[i].n && out.is_raised && (x->index == 0 || !s->overlays[i].is_watermark) && !shape.n)
            tell(x, s->overlays[i].pos, "W_FAINT", where[i],
                 arena_printf(&x->l->arena,
                              "words that let so much of the picture through cannot be read over every picture: "
                              "they are drawn at opacity %.2f",
                              out.opacity));
        if (where[i].n == 0 || (!out.is_out && !out.is_cut))
            continue;
        const char *what = out.is_out ? "no room beside what is shown at the same time, at any size: it is left out"
                                      : "too long for its lines, also in smaller letters: it ends in an ellipsis";
        tell(x, s->overlays[i].pos, out.is_out ? "W_NO_ROOM" : "W_TEXT_CUT", where[i],
             arena_printf(&x->l->arena, "%s" STR_FMT, what, STR_ARG(in)));
        where[i] = STR("");
    }
    overlays_destroy(all);
}

static void look_at_overlays(struct looking *x)
{
    const struct section *s = x->section;
    struct arena *a = &x->l->arena;
    struct str *where = arena_array(a, s->n_overlays + 1, sizeof *where);
    /* about when marks are reached: at 15 characters a second */
    const struct spoken guess = { .n_samples = (int64_t)s->narration.n * SAMPLE_RATE / 15 };
    size_t own = 0;
    for (size_t i = 0; i < s->n_overlays; i++) {
        bool is_watermark = s->overlays[i].is_watermark;
        where[i] = is_watermark ? STR("watermark") : arena_printf(a, "sections[%zu].overlays[%zu]", x->index, own);
        own += !is_watermark;
        if (!is_watermark || x->index == 0)
            look_into(x, &s->overlays[i].choice, s->overlays[i].pos, where[i]);
    }
    if (s->n_overlays == 0)
        return;
    const struct overlay_span *spans = overlay_spans(s, &guess, NULL, a);
    look_at_room(x, spans, where, &x->l->video, STR(""));
    for (size_t i = 0; i < x->l->output.n_also; i++) {
        const struct lesson *shaped = lesson_shaped(x->l, i);
        look_at_room(x, spans, where, &shaped->video, x->l->output.also[i]);
    }
}

static void look_at_slide(struct looking *x)
{
    const struct slide_opts *o = &x->section->slide;
    const struct {
        const char *name;
        struct str text;
    } texts[] = {
        { "slide.heading", o->heading },
        { "slide.caption", o->caption },
        { "slide.code", o->code },
    };
    for (size_t i = 0; i < COUNTOF(texts); i++)
        look_for_glyphs(x, texts[i].text, STR("sans"), x->section->pos, where_of(x, texts[i].name));
    for (size_t i = 0; i < o->n_bullets; i++)
        look_for_glyphs(x, o->bullets[i], STR("sans"), x->section->pos, where_of(x, "slide.bullets"));
}

/* What is known before anybody speaks; the rest is told when the section is drawn. */
static void look_at_times(struct looking *x)
{
    struct late *late;
    size_t n = late_find_silent(x->l, x->index, &x->l->arena, &late);
    for (size_t i = 0; i < n; i++)
        if (!str_is(late[i].where, "watermark") || x->index == 0)
            tell(x, late[i].pos, "W_LATE", late[i].where, late[i].message);
}

/* Without a font at all the libraries that lay out text come to their end. */
static bool has_fonts(struct looking *x)
{
    for (size_t i = 0; i < x->l->n_sections; i++) {
        const struct section *s = &x->l->sections[i];
        bool shows_text = (s->captions.enabled && s->narration.n) || s->has_slide || s->n_overlays;
        if (!shows_text || fonts_are_there())
            continue;
        tell(x, s->pos, "E_FONT", arena_printf(&x->l->arena, "sections[%zu]", i),
             STR("no font is installed, so captions, slides and other texts cannot be drawn; install one, as DejaVu or "
                 "Noto, or do without them (\"captions\": false)"));
        return false;
    }
    return true;
}

void check_texts(struct lesson *l, struct problems *problems)
{
    struct looking x = { .l = l, .out = problems, .cap = 0 };
    if (!has_fonts(&x))
        return;
    for (x.index = 0; x.index < l->n_sections; x.index++) {
        const struct section *s = x.section = &l->sections[x.index];
        if (s->captions.enabled && s->narration.n)
            look_for_font(&x, s->captions.font, s->pos, where_of(&x, "captions.font"));
        if (s->captions.enabled)
            look_for_glyphs(&x, s->narration, s->captions.font, s->pos, where_of(&x, "narration"));
        if (s->has_slide)
            look_at_slide(&x);
        look_at_overlays(&x);
        look_at_times(&x);
    }
    typeset_destroy(x.type);
}
