/* overlays.c - tests of texts over the picture: where their ink is, that it can be read, when it is seen */
#include "compose/overlays.h"
#include <libavutil/frame.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/captions.h"
#include "compose/effects.h"
#include "compose/scene.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { FRAMES = 120, FPS = 30 };

/* A section of one plain colour (or picture) with overlays, written as in a lesson: {"type", options...}. */
struct stage {
    struct arena arena;
    struct plate_source pictures[1];
    struct picture_source source;
    struct blob blob;
    struct shot shot;
    struct visual visual;
    struct video_format video;
    struct caption_opts captions;
    struct overlay_span spans[8];
    AVFrame *frame;
};

static void stage_begin(struct stage *s, int w, int h, uint32_t background)
{
    *s = (struct stage){ .video = { .width = w, .height = h, .fps_num = FPS, .fps_den = 1, .preset = STR("balanced") } };
    s->captions = (struct caption_opts){ .enabled = true, .style = CAPTION_HIGHLIGHT, .max_lines = 2, .font = STR("sans"),
                                         .size = 0.05, .color = 0xFFFFFFFF, .active_color = 0xFFD400FF, .box = 0x000000A0 };
    s->source = picture_source_array(s->pictures);
    s->shot = (struct shot){ .n_frames = FRAMES, .seed = 1 };
    s->visual = (struct visual){ .shots = &s->shot, .n_shots = 1, .background = background, .n_frames = FRAMES,
                                 .captions = &s->captions, .language = STR("en"), .narration = STR("Some words."),
                                 .overlays = s->spans };
    s->frame = av_frame_alloc();
    s->frame->format = 0;
    s->frame->width = w;
    s->frame->height = h;
    CHECK(av_frame_get_buffer(s->frame, FRAME_ALIGN) == 0);
}

static void stage_end(struct stage *s)
{
    av_frame_free(&s->frame);
    free((void *)(uintptr_t)s->pictures[0].bgra);
    arena_deinit(&s->arena);
}

static struct overlay_span *stage_add(struct stage *s, const char *type, const char *options)
{
    const struct row *row = row_find(overlay_rows, str_from(type));
    struct overlay_span *o = &s->spans[s->visual.n_overlays++];
    struct param_said said;
    struct json *v = NULL;
    CHECK_ROW(type, row != NULL);
    CHECK_ROW(options, json_parse(&s->arena, str_from(options), 0, &v, NULL, NULL, NULL, NULL));
    void *opts = arena_alloc(&s->arena, row->opts_size);
    params_default(row->params, opts);
    for (const struct json *c = v->child; c; c = c->next) {
        const struct param *p = param_find(row->params, c->key, NULL);
        CHECK_ROW(c->key.p, p && param_read(p, c, opts, &s->arena, &said));
    }
    *o = (struct overlay_span){ .choice = { .row = row, .opts = opts }, .start_samples = INT64_MIN, .end_samples = INT64_MAX };
    return o;
}

static struct frame shoot(struct stage *s, int64_t index)
{
    struct err e = { 0 };
    struct scene *scene = scene_create(&s->visual, &s->video, &s->source, true, &e);
    CHECK_ROW(e.msg, scene != NULL);
    CHECK(scene_draw(scene, index, s->frame, &e));
    scene_destroy(scene);
    return frame_view(s->frame);
}

/* The rectangle of luma that is not the plain background's; w 0: none. */
static struct box changed(struct stage *s, int64_t index)
{
    struct frame f = shoot(s, index);
    uint8_t plain = yuv_of(s->visual.background >> 8).c[0];
    int x0 = f.w, x1 = 0, y0 = f.h, y1 = 0;
    for (int y = 0; y < f.h; y++)
        for (int x = 0; x < f.w; x++)
            if (f.plane[0][y * f.stride[0] + x] != plain) {
                x0 = x < x0 ? x : x0;
                x1 = x + 1 > x1 ? x + 1 : x1;
                y0 = y < y0 ? y : y0;
                y1 = y + 1;
            }
    return x1 > x0 ? (struct box){ x0, y0, x1 - x0, y1 - y0 } : (struct box){ 0 };
}

static bool draw_plain(void *ctx, int64_t index, AVFrame *out)
{
    const struct stage *s = ctx;
    struct frame f = frame_view(out);
    (void)index;
    frame_fill(&f, yuv_of(s->visual.background >> 8));
    return true;
}

static struct overlay_outcome outcome(struct stage *s, size_t i)
{
    const struct overlay_stage stage = { .ctx = s, .draw = draw_plain };
    struct overlays *o = overlays_create(&s->visual, &s->video, &stage, NULL);
    struct overlay_outcome out = overlays_outcome(o, i);
    overlays_destroy(o);
    return out;
}

static void check_inside(const char *row, struct box b, struct box area)
{
    CHECK_ROW(row, b.w > 0);
    CHECK_ROW(row, b.x >= area.x - 1 && b.y >= area.y - 1);
    CHECK_ROW(row, b.x + b.w <= area.x + area.w + 1 && b.y + b.h <= area.y + area.h + 1);
}

static const struct { const char *name; int w, h; } shapes[] = {
    { "16:9", 640, 360 }, { "9:16", 360, 640 }, { "1:1", 400, 400 },
};

#define LONG_WORD "Rindfleischetikettierungs\xc3\xbc" "berwachungsaufgaben\xc3\xbc" "bertragungsgesetz"
static const struct { const char *name, *text; } texts[] = {
    { "plain", "The CMOS inverter" },
    { "a long German word", "Das " LONG_WORD " von Mecklenburg-Vorpommern" },
    { "Japanese", "\xe9\x9b\x86\xe7\xa9\x8d\xe5\x9b\x9e\xe8\xb7\xaf\xe3\x81\xaf\xe6\x95\xb0\xe5\x8d\x81\xe5\x84\x84\xe5\x80\x8b\xe3\x81\xae\xe3\x83\x88\xe3\x83\xa9\xe3\x83\xb3\xe3\x82\xb8\xe3\x82\xb9\xe3\x82\xbf\xe3\x81\xa7\xe3\x81\xa7\xe3\x81\x8d\xe3\x81\xa6\xe3\x81\x84\xe3\x81\xbe\xe3\x81\x99" },
    { "Arabic", "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 \xd8\xa8\xd8\xa7\xd9\x84\xd8\xb9\xd8\xa7\xd9\x84\xd9\x85 MOSFET" },
    { "emoji", "\xf0\x9f\x98\x80 \xf0\x9f\x8e\x89 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac" },
    { "markup", "%{pts} {\\\\pos(1,2)} <b>bold</b> & C:\\\\dir it's 'x': <i>" },
    { "stacked marks", "Z\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 algo" },
    { "lines", "one\\ntwo\\nthree\\nfour\\nfive\\nsix\\nseven" },
    { "one letter", "W" },
    { "no spaces", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
};
static const char *const forms[][2] = {
    { "title", "{\"text\": \"%\", \"subtext\": \"%\"}" }, { "title", "{\"text\": \"%\", \"position\": \"bottom\", \"size\": 0.3, \"max_lines\": 6}" },
    { "lower-third", "{\"text\": \"%\", \"subtext\": \"%\"}" }, { "bullets", "{\"heading\": \"H\", \"items\": [\"%\", \"%\", \"x\"]}" },
    { "callout", "{\"text\": \"%\", \"point\": [0.4, 0.4]}" }, { "watermark", "{\"text\": \"%\", \"corner\": \"bottom-left\", \"size\": 0.15}" },
};

static char *filled(const char *form, const char *text, bool lines)
{
    struct buf b = { 0 };
    for (; *form; form++)
        if (*form != '%')
            buf_addc(&b, *form);
        else
            for (const char *p = text; *p; p++)
                if (!lines && p[0] == '\\' && p[1] == 'n') {
                    buf_addc(&b, ' ');
                    p++;
                } else
                    buf_addc(&b, *p);
    return buf_take(&b);
}

TEST(every_row_is_complete_and_every_name_is_its_own)
{
    for (const struct row *const *r = overlay_rows; *r; r++) {
        const struct overlay_type *t = overlay_of(*r);
        CHECK_ROW((*r)->name, (*r)->help && (*r)->help[0] && (*r)->params && (*r)->opts_size);
        CHECK_ROW((*r)->name, row_find(overlay_rows, str_from((*r)->name)) == *r);
        CHECK_ROW((*r)->name, t->create && t->draw && t->destroy && !t->target == !t->point);
    }
}

TEST(ink_stays_inside_the_safe_area_and_off_the_captions)
{
    for (size_t i = 0; i < COUNTOF(forms); i++)
        for (size_t t = 0; t < COUNTOF(texts); t++)
            for (size_t k = (i + t) % 2; k < COUNTOF(shapes); k += 2) { /* each in one shape or two */
                struct stage s;
                struct buf row = { 0 };
                stage_begin(&s, shapes[k].w, shapes[k].h, 0x808080FF);
                bool lines = strcmp(forms[i][0], "bullets") != 0 && strcmp(forms[i][0], "watermark") != 0;
                char *options = filled(forms[i][1], texts[t].text, lines);
                stage_add(&s, forms[i][0], options);
                buf_printf(&row, "%s %s %s", shapes[k].name, forms[i][0], texts[t].name);
                struct box b = changed(&s, 60);
                struct caption_zone z = captions_zone(&s.captions, s.video.width, s.video.height);
                check_inside(row.p, b, overlays_area(s.video.width, s.video.height));
                CHECK_ROW(row.p, b.y + b.h <= z.top * s.video.height + 1);
                free(options);
                buf_deinit(&row);
                stage_end(&s);
            }
}

TEST(a_word_of_three_thousand_letters_is_cut_and_stays_inside)
{
    char word[3001];
    for (int i = 0; i < 3000; i++)
        word[i] = (char)('a' + i % 26);
    word[3000] = '\0';
    for (size_t i = 0; i < COUNTOF(forms); i++) {
        struct stage s;
        stage_begin(&s, 640, 360, 0x808080FF);
        char *options = filled(forms[i][1], word, true);
        stage_add(&s, forms[i][0], options);
        check_inside(forms[i][0], changed(&s, 60), overlays_area(640, 360));
        CHECK_ROW(forms[i][0], outcome(&s, 0).is_cut);
        free(options);
        stage_end(&s);
    }
}

/* Markup that was parsed would be gone from the line, and the line shorter. */
TEST(markup_is_shown_as_it_is_written)
{
    static const char *const rows[] = { "<b>x</b>", "%{pts}x", "{\\\\pos(1,2)}x", "&amp;x", "'x':\\\\x" };
    struct stage s;
    stage_begin(&s, 640, 360, 0x808080FF);
    s.captions.enabled = false;
    stage_add(&s, "title", "{\"text\": \"x\", \"size\": 0.05}");
    double plain = outcome(&s, 0).rect.w;
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char *options = filled("{\"text\": \"%\", \"size\": 0.05}", rows[i], true);
        s.visual.n_overlays = 0;
        stage_add(&s, "title", options);
        CHECK_ROW(rows[i], outcome(&s, 0).rect.w > plain * 2.2);
        free(options);
    }
    stage_end(&s);
}

TEST(what_is_shown_at_the_same_time_is_stacked)
{
    static const char *const positions[] = { "top", "center", "bottom" };
    for (size_t k = 0; k < COUNTOF(shapes); k++)
        for (int captions = 0; captions < 3; captions++) {
            struct stage s;
            stage_begin(&s, shapes[k].w, shapes[k].h, 0x808080FF);
            s.captions.position = captions;
            stage_add(&s, "watermark", "{\"text\": \"vidgen\"}");
            stage_add(&s, "lower-third", "{\"text\": \"V_th\", \"subtext\": \"threshold\"}");
            stage_add(&s, "lower-third", "{\"text\": \"another\"}");
            stage_add(&s, "bullets", "{\"items\": [\"one\", \"two\", \"three\"]}");
            stage_add(&s, "callout", "{\"text\": \"here\", \"point\": [0.6, 0.5]}");
            struct buf options = { 0 };
            buf_printf(&options, "{\"text\": \"A title\", \"position\": \"%s\"}", positions[captions]);
            stage_add(&s, "title", options.p);
            struct caption_zone z = captions_zone(&s.captions, s.video.width, s.video.height);
            for (size_t i = 0; i < s.visual.n_overlays; i++) {
                struct box a = outcome(&s, i).rect;
                check_inside(shapes[k].name, a, overlays_area(s.video.width, s.video.height));
                CHECK_ROW(positions[captions], a.y + a.h <= z.top * s.video.height || a.y >= z.bottom * s.video.height);
                for (size_t j = 0; j < i; j++) {
                    struct box b = outcome(&s, j).rect;
                    CHECK_ROW(shapes[k].name, a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h);
                }
            }
            buf_deinit(&options);
            stage_end(&s);
        }
}

TEST(one_after_the_other_they_stand_in_the_same_place)
{
    struct stage s;
    stage_begin(&s, 640, 360, 0x808080FF);
    stage_add(&s, "lower-third", "{\"text\": \"first\"}")->end_samples = SAMPLE_RATE;
    stage_add(&s, "lower-third", "{\"text\": \"first\"}")->start_samples = SAMPLE_RATE;
    struct box a = outcome(&s, 0).rect, b = outcome(&s, 1).rect;
    CHECK(a.x == b.x && a.y == b.y);
    stage_end(&s);
}

TEST(what_has_no_room_at_any_size_is_left_out)
{
    struct stage s;
    stage_begin(&s, 640, 360, 0x808080FF);
    for (int i = 0; i < 8; i++)
        stage_add(&s, "title", "{\"text\": \"one\\ntwo\\nthree\\nfour\\nfive\\nsix\", \"max_lines\": 6, \"size\": 0.15}");
    CHECK(!outcome(&s, 0).is_out);
    CHECK(outcome(&s, 7).is_out);
    stage_end(&s);
}

/* ---------- that it can be read ---------- */

static double luminance(const struct frame *f, int x, int y)
{
    double l = (f->plane[0][y * f->stride[0] + x] - 16) / 219.0; /* greys only: R' = G' = B' = Y' */
    return rgba_luminance((struct rgba){ l, l, l, 1 });
}

/* The contrast of each pixel of the words (as light as light can be) with the darkest pixel within reach of an outline,
 * WCAG 2.2: the least of all. */
static double contrast_on(const struct frame *f, struct box b, int reach)
{
    double least = 21;
    size_t n = 0;
    for (int y = (int)b.y; y < (int)(b.y + b.h); y++)
        for (int x = (int)b.x; x < (int)(b.x + b.w); x++) {
            double l = luminance(f, x, y), dark = l;
            if (l < 0.9)
                continue;
            for (int k = -reach; k <= reach; k++)
                for (int m = -reach; m <= reach; m++)
                    if (x + k >= 0 && x + k < f->w && y + m >= 0 && y + m < f->h)
                        dark = fmin(dark, luminance(f, x + k, y + m));
            least = fmin(least, (l + 0.05) / (dark + 0.05));
            n++;
        }
    return n > 20 ? least : 0;
}

TEST(white_words_can_be_read_on_any_picture)
{
    static const struct { const char *name; uint32_t background; bool has_outline; } rows[] = {
        { "white", 0xFFFFFFFF, true }, { "light grey", 0xC0C0C0FF, true }, { "middle grey", 0x808080FF, true },
        { "dark grey", 0x404040FF, false }, { "black", 0x000000FF, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct stage s;
        stage_begin(&s, 640, 360, rows[i].background);
        stage_add(&s, "title", "{\"text\": \"HIL\", \"size\": 0.2}");
        struct frame f = shoot(&s, 60);
        struct box rect = outcome(&s, 0).rect;
        double n = 0, n_dark = 0;
        for (int y = (int)rect.y; y < (int)(rect.y + rect.h); y++)
            for (int x = (int)rect.x; x < (int)(rect.x + rect.w); x++, n++)
                n_dark += 1.05 / (luminance(&f, x, y) + 0.05) >= 4.5;
        /* three letters of straight strokes: their edges are a good part of their box, and dark */
        CHECK_ROW(rows[i].name, n_dark > 0.06 * n);
        CHECK_INT(rows[i].name, rows[i].has_outline, outcome(&s, 0).outline_px > 0);
        if (rows[i].background != 0xFFFFFFFF)   /* strokes are 0.1 of the size wide: an outline is within 8 px */
            CHECK_ROW(rows[i].name, contrast_on(&f, rect, 8) >= 4.5);
        stage_end(&s);
    }
}

TEST(boxes_that_let_much_through_get_an_outline_as_well)
{
    static const struct { const char *name, *options; bool has_outline; } rows[] = {
        { "the usual box", "{\"text\": \"x\"}", false },
        { "a thin box", "{\"text\": \"x\", \"box\": \"#00000040\"}", true },
        { "a box like the words", "{\"text\": \"x\", \"box\": \"#FFFFFFFF\"}", true },
        { "dark words on light", "{\"text\": \"x\", \"color\": \"#102030\", \"box\": \"#FFFFFFF0\"}", false },
        { "grey words, no box", "{\"text\": \"x\", \"color\": \"#777777\", \"box\": \"#00000000\"}", true },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct stage s;
        stage_begin(&s, 640, 360, 0xFFFFFFFF);
        stage_add(&s, "lower-third", rows[i].options);
        CHECK_INT(rows[i].name, rows[i].has_outline, outcome(&s, 0).outline_px > 0);
        stage_end(&s);
    }
}

/* The words' colour and that of what is next to them are the lightest and the darkest in their block, whichever lies
 * beneath: WCAG 2.2, 1.4.3 holds between them. */
TEST(words_of_a_watermark_can_be_read_however_faint_they_are_wanted)
{
    static const char *const options[] = {
        "{\"text\": \"HILT\", \"size\": 0.15, \"opacity\": 0.1}",
        "{\"text\": \"HILT\", \"size\": 0.15, \"opacity\": 0.3, \"color\": \"#202020\"}",
        "{\"text\": \"HILT\", \"size\": 0.15, \"opacity\": 0.2, \"box\": \"#000000F0\"}",
        "{\"text\": \"HILT\", \"size\": 0.15, \"opacity\": 0.05, \"color\": \"#808080\"}",
    };
    static const uint32_t beneath[] = { 0xFFFFFFFF, 0xC0C0C0FF, 0x808080FF, 0x404040FF, 0x000000FF };
    for (size_t i = 0; i < COUNTOF(options) * COUNTOF(beneath); i++) {
        struct stage s;
        stage_begin(&s, 640, 360, beneath[i % COUNTOF(beneath)]);
        stage_add(&s, "watermark", options[i / COUNTOF(beneath)]);
        struct overlay_outcome out = outcome(&s, 0);
        struct frame f = shoot(&s, 60);
        double light = 0, dark = 1;
        for (int y = (int)out.rect.y; y < (int)(out.rect.y + out.rect.h); y++)
            for (int x = (int)out.rect.x; x < (int)(out.rect.x + out.rect.w); x++) {
                light = fmax(light, luminance(&f, x, y));
                dark = fmin(dark, luminance(&f, x, y));
            }
        CHECK_ROW(options[i / COUNTOF(beneath)], (light + 0.05) / (dark + 0.05) >= 4.5);
        CHECK_ROW("no more than that needs", out.is_raised && out.opacity <= (i < 3 * COUNTOF(beneath) ? 0.75 : 1));
        stage_end(&s);
    }
    struct stage s;
    stage_begin(&s, 640, 360, 0xFFFFFFFF);
    stage_add(&s, "watermark", "{\"text\": \"x\"}");
    CHECK_NEAR("the usual one is as it was", 0.7, outcome(&s, 0).opacity, 1e-9);
    stage_end(&s);
}

/* ---------- times ---------- */

TEST(overlays_are_seen_in_their_time_and_come_and_go_softly)
{
    struct stage s;
    stage_begin(&s, 640, 360, 0x202020FF);
    struct overlay_span *o = stage_add(&s, "title", "{\"text\": \"Soft\"}");
    o->start_samples = SAMPLE_RATE;             /* frame 30 */
    o->end_samples = 3 * SAMPLE_RATE;           /* frame 90 */
    uint8_t peak[4];
    static const int64_t at[4] = { 31, 60, 88, 89 };
    CHECK_INT("before", 0, changed(&s, 29).w);
    CHECK_INT("after", 0, changed(&s, 90).w);
    for (int i = 0; i < 4; i++) {
        struct frame f = shoot(&s, at[i]);
        peak[i] = 0;
        for (int y = 0; y < f.h; y++)
            for (int x = 0; x < f.w; x++)
                if (f.plane[0][y * f.stride[0] + x] > peak[i])
                    peak[i] = f.plane[0][y * f.stride[0] + x];
    }
    CHECK_ROW("whole in the middle", peak[1] >= 233);
    CHECK_ROW("coming", peak[0] > 40 && peak[0] < 200);
    CHECK_ROW("going", peak[3] < peak[2] && peak[2] < 200);
    stage_end(&s);
}

TEST(points_appear_at_their_own_times)
{
    struct stage s;
    const int64_t times[] = { SAMPLE_RATE, 2 * SAMPLE_RATE };
    stage_begin(&s, 640, 360, 0x808080FF);
    struct overlay_span *o = stage_add(&s, "bullets", "{\"items\": [\"one\", \"two\"]}");
    o->start_samples = 0;
    o->item_samples = times;
    CHECK_INT("none yet", 0, changed(&s, 29).w);
    struct box first = changed(&s, 59), both = changed(&s, 90);
    CHECK("one below the other" && first.h > 0 && both.h > 1.8 * first.h && both.y == first.y);
    stage_end(&s);
}

TEST(a_frame_is_the_same_whichever_was_drawn_before)
{
    struct stage s;
    stage_begin(&s, 320, 180, 0);
    s.pictures[0] = picture_make(PICTURE_PHOTO, 480, 300, 5);
    s.blob = picture_blob(0);
    s.shot.picture = &s.blob;
    stage_add(&s, "title", "{\"text\": \"Title\"}")->end_samples = 2 * SAMPLE_RATE;
    stage_add(&s, "callout", "{\"text\": \"here\", \"point\": [0.2, 0.2]}")->start_samples = SAMPLE_RATE;
    struct err e = { 0 };
    struct scene *scene = scene_create(&s.visual, &s.video, &s.source, true, &e);
    for (int64_t i = 0; i <= 75; i += 5)
        CHECK(scene_draw(scene, i, s.frame, &e));
    struct frame f = frame_view(s.frame);
    uint64_t one_by_one = frame_checksum(&f);
    CHECK(scene_draw(scene, 10, s.frame, &e) && scene_draw(scene, 75, s.frame, &e));
    uint64_t back = frame_checksum(&f);
    scene_destroy(scene);
    f = shoot(&s, 75);
    CHECK(frame_checksum(&f) == one_by_one && back == one_by_one);
    stage_end(&s);
}

/* ---------- pictures ---------- */

TEST(a_watermark_can_be_a_picture_that_lets_through_what_is_beneath)
{
    enum { W = 60, H = 30 };
    struct stage s;
    uint8_t *bgra = mem_alloc(4 * W * H);
    for (int i = 0; i < W * H; i++) {           /* white on the left, transparent white on the right */
        memset(bgra + 4 * i, 255, 3);
        bgra[4 * i + 3] = i % W < W / 2 ? 255 : 0;
    }
    stage_begin(&s, 640, 360, 0x000000FF);
    s.pictures[0] = (struct plate_source){ .bgra = bgra, .w = W, .h = H, .stride = 4 * W };
    s.blob = picture_blob(0);
    stage_add(&s, "watermark", "{\"file\": \"logo.png\", \"height\": 0.1, \"opacity\": 0.5, \"corner\": \"top-left\"}")->picture = &s.blob;
    struct box b = changed(&s, 60), area = overlays_area(640, 360);
    CHECK_NEAR("at the left edge of the area", area.x, b.x, 1);
    CHECK_NEAR("at its upper edge", area.y, b.y, 1);
    CHECK_NEAR("a tenth of the frame high", 36, b.h, 2);
    CHECK_NEAR("only the half that is not transparent", 36, b.w, 3);
    struct frame f = shoot(&s, 60);
    CHECK_NEAR("half as bright", 16 + 219 / 2.0, f.plane[0][(ptrdiff_t)(b.y + 10) * f.stride[0] + (ptrdiff_t)b.x + 10], 3);
    stage_end(&s);
}

TEST(a_watermark_of_both_sections_stands_still_over_their_transition)
{
    struct stage s;
    struct err e = { 0 };
    stage_begin(&s, 640, 360, 0x000000FF);
    struct overlay_span *mark = stage_add(&s, "watermark", "{\"text\": \"vidgen\"}");
    struct visual other = s.visual;
    struct scene *a = scene_create(&s.visual, &s.video, &s.source, true, &e);
    struct scene *b = scene_create(&other, &s.video, &s.source, true, &e);
    CHECK("one of the sections' own" && !scene_share_mark(a, b));
    scene_destroy(b);
    mark->is_watermark = true;
    struct overlay_span copy = *mark;           /* said by the other section in the same words */
    void *opts = mem_alloc(copy.choice.row->opts_size);
    memcpy(opts, copy.choice.opts, copy.choice.row->opts_size);
    copy.choice.opts = opts;
    other.overlays = &copy;
    b = scene_create(&other, &s.video, &s.source, true, &e);
    struct caption_opts above = s.captions;
    above.position = CAPTION_TOP;
    struct visual elsewhere = other;
    elsewhere.captions = &above;
    struct scene *c = scene_create(&elsewhere, &s.video, &s.source, true, &e);
    CHECK("in another place" && !scene_share_mark(a, c));
    CHECK("in the same place" && scene_share_mark(a, b));
    CHECK(scene_draw(b, 60, s.frame, &e));
    struct frame f = frame_view(s.frame);
    struct frame *plain = frame_create(640, 360);
    frame_fill(plain, yuv_of(0));
    CHECK("it is in neither" && frame_checksum(&f) == frame_checksum(plain));
    scene_blend_mark(b, 60, s.frame);
    CHECK("it is over both" && frame_checksum(&f) != frame_checksum(plain));
    frame_destroy(plain);
    scene_destroy(a);
    scene_destroy(b);
    scene_destroy(c);
    free(opts);
    stage_end(&s);
}

/* ---------- callouts ---------- */

TEST(a_callout_points_to_its_place_while_the_camera_moves)
{
    struct stage s;
    stage_begin(&s, 640, 360, 0);
    s.pictures[0] = picture_make(PICTURE_DOT, 640, 360, 1);
    s.blob = picture_blob(0);
    s.blob.info.width = 640;
    s.blob.info.height = 360;
    s.shot.picture = &s.blob;
    const struct { struct param_rect from, to; } ends = { { 0, 0, 1, 1 }, { 0.1, 0.2, 0.5, 0.5 } };
    const struct row *row = row_find(effect_rows, STR("ken-burns"));
    char *opts = mem_alloc(row->opts_size);
    params_default(row->params, opts);
    memcpy(opts + param_find(row->params, STR("from"), NULL)->offset, &ends.from, sizeof ends.from);
    memcpy(opts + param_find(row->params, STR("to"), NULL)->offset, &ends.to, sizeof ends.to);
    struct choice move = { .row = row, .opts = opts };
    s.shot.effects = &move;
    s.shot.n_effects = 1;
    stage_add(&s, "callout", "{\"text\": \"here\", \"point\": [0.3, 0.5], \"accent\": \"#FF0000\"}");
    static const struct { int64_t frame; double x, y; } rows[] = {
        { 0, 0.3, 0.5 }, { FRAMES - 1, (0.3 - 0.1) / 0.5, (0.5 - 0.2) / 0.5 }, /* by hand, from the windows */
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct frame f = shoot(&s, rows[i].frame);
        double sx = 0, sy = 0, n = 0;
        int cx = (int)(rows[i].x * 320), cy = (int)(rows[i].y * 180);
        for (int y = cy - 8; y <= cy + 8; y++)  /* red pixels of the ring, around its middle */
            for (int x = cx - 8; x <= cx + 8; x++)
                if (f.plane[2][y * f.stride[2] + x] > 190) {
                    sx += x;
                    sy += y;
                    n++;
                }
        CHECK_ROW("a ring is there", n > 5);
        CHECK_NEAR("its middle, x", cx, sx / fmax(n, 1), 2.5); /* the line pulls it to one side */
        CHECK_NEAR("its middle, y", cy, sy / fmax(n, 1), 2.5);
    }
    free(opts);
    stage_end(&s);
}
