/* glyphs.c - whether a text can be written with the fonts that are there */
#include "compose/glyphs.h"
#include "compose/typeset.h"

static uint32_t first_missing(PangoLayout *l)
{
    PangoLayoutIter *it = pango_layout_get_iter(l);
    uint32_t found = 0;
    int at = 0;
    do {
        const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(it);
        for (int i = 0; run && i < run->glyphs->num_glyphs; i++) {
            PangoGlyph g = run->glyphs->glyphs[i].glyph;
            int index = run->item->offset + run->glyphs->log_clusters[i];
            /* runs come in the order they are seen; what is wanted is the first one in the text */
            if (g != PANGO_GLYPH_EMPTY && g != PANGO_GLYPH_INVALID_INPUT && (g & PANGO_GLYPH_UNKNOWN_FLAG) &&
                (!found || index < at)) {
                found = g & ~PANGO_GLYPH_UNKNOWN_FLAG;
                at = index;
            }
        }
    } while (pango_layout_iter_next_run(it));
    pango_layout_iter_free(it);
    return found;
}

uint32_t text_missing_glyph(const struct typeset *t, struct str text, struct str font)
{
    struct buf clean = { 0 }, families = { 0 };
    struct type_style s = { .families = typeset_families(&families, font), .weight = 400, .size_px = 20 };
    typeset_clean(&clean, text, false);
    PangoLayout *l = typeset_layout(t, buf_str(&clean), &s, 0, TYPESET_START, false);
    uint32_t c = pango_layout_get_unknown_glyphs_count(l) > 0 ? first_missing(l) : 0;
    g_object_unref(l);
    buf_deinit(&clean);
    buf_deinit(&families);
    return c;
}

bool text_has_glyphs(struct str text, struct str font, uint32_t *missing)
{
    struct typeset *t = typeset_create(STR("en"));
    uint32_t c = text_missing_glyph(t, text, font);
    if (missing)
        *missing = c;
    typeset_destroy(t);
    return c == 0;
}
