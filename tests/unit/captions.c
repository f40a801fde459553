/* captions.c - tests of compose/captions: pages, cues, and what is drawn into frames */
#include "compose/captions.h"
#include "compose/cues.h"
#include <libavutil/frame.h>
#include <stdlib.h>
#include "compose/caption_geometry.h"
#include "compose/caption_layer.h"
#include "tests/support/test.h"

static struct caption_opts usual(void)
{
    return (struct caption_opts){ .enabled = true, .style = CAPTION_HIGHLIGHT, .max_lines = 2, .font = STR("sans"), .size = 0.05,
                                  .color = 0xFFFFFFFF, .active_color = 0xFFD400FF, .box = 0x000000A0 };
}

/* A word every 0.3 s, half a second of rest after each sentence. */
static size_t speak(struct str text, struct word *w, size_t most)
{
    size_t n = 0;
    int64_t t = 0;
    for (size_t i = 0; i < text.n && n < most;) {
        while (i < text.n && text.p[i] == ' ')
            i++;
        size_t from = i;
        while (i < text.n && text.p[i] != ' ')
            i++;
        if (i == from)
            break;
        size_t end = i;
        while (end > from + 1 && strchr(".,;:!?", text.p[end - 1]))
            end--;
        w[n++] = (struct word){ t, t + 12000, (uint32_t)from, (uint32_t)(end - from) };
        t += text.p[i - 1] == '.' ? 38400 : 14400;
    }
    return n;
}

static const char story[] = "Start with the simplest view. On the left is the NMOS transistor. When its gate is at logic one, it connects drain "
                            "and source. At logic zero it is open. On the right is the PMOS transistor.";

static const struct { const char *name, *text, *language; int w, h; } texts[] = {
    { "sentences", story, "en", 1920, 1080 },
    { "tall frame", story, "en", 1080, 1920 },
    { "square frame", story, "en", 720, 720 },
    { "tiny frame", story, "en", 64, 36 },
    { "Arabic", "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 \xd8\xa8\xd8\xa7\xd9\x84\xd8\xb9\xd8\xa7\xd9\x84\xd9\x85 MOSFET", "ar", 1280, 720 },
    { "Chinese without spaces", "\xe9\x9b\x86\xe6\x88\x90\xe7\x94\xb5\xe8\xb7\xaf\xe7\x94\xb1\xe6\x95\xb0\xe5\x8d\x81\xe4\xba\xbf\xe4\xb8\xaa\xe6\x99\xb6"
      "\xe4\xbd\x93\xe7\xae\xa1\xe7\xbb\x84\xe6\x88\x90\xe9\x9b\x86\xe6\x88\x90\xe7\x94\xb5\xe8\xb7\xaf\xe7\x94\xb1\xe6\x95\xb0\xe5\x8d\x81\xe4\xba\xbf", "zh", 720, 1280 },
    { "only emoji", "\xf0\x9f\x98\x80 \xf0\x9f\x8e\x89 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac", "en", 640, 360 },
    { "markup is text", "%{pts} {\\pos(1,2)} <b>bold</b> & C:\\dir it's 'x' --> <i>", "en", 1280, 720 },
    { "bad bytes", "ab\xff\xfe cd \x80", "en", 640, 360 },
    { "stacked marks", "Z\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 algo", "en", 640, 360 },
};

static struct caption_pages *pages_of(struct str text, const char *language, int w, int h, const struct caption_opts *o)
{
    static struct word words[5000];
    struct caption_source s = { text, str_from(language), words, speak(text, words, COUNTOF(words)), o, w, h };
    return captions_pages(&s);
}

static void check_pages(const char *row, const struct caption_pages *p, size_t max_lines)
{
    size_t next = 0;
    int64_t last = 0;
    for (size_t i = 0; i < p->n_pages; i++) {
        const struct caption_page *page = &p->pages[i];
        CHECK_ROW(row, page->start_samples >= last && page->end_samples > page->start_samples);
        CHECK_ROW(row, page->n_lines >= 1 && page->n_lines <= max_lines);
        CHECK_ROW(row, page->first_word <= next);
        next = page->first_word + page->n_words > next ? page->first_word + page->n_words : next;
        last = page->end_samples;
        for (size_t k = 0; k < page->n_lines; k++) {
            struct str line = { p->text.p + page->lines[k].at, page->lines[k].n };
            CHECK_ROW(row, line.n > 0 && line.p[0] != ' ' && line.p[line.n - 1] != ' ');
        }
    }
    CHECK_INT(row, p->n_words, next);
}

TEST(pages_cover_every_word_in_order_and_never_overlap)
{
    for (size_t i = 0; i < COUNTOF(texts); i++)
        for (int lines = 1; lines <= 3; lines++) {
            struct caption_opts o = usual();
            o.max_lines = lines;
            struct caption_pages *p = pages_of(str_from(texts[i].text), texts[i].language, texts[i].w, texts[i].h, &o);
            CHECK_ROW(texts[i].name, p->n_pages > 0);
            check_pages(texts[i].name, p, (size_t)lines);
            captions_pages_destroy(p);
        }
}

TEST(lines_fit_nine_tenths_of_the_width)
{
    for (size_t i = 0; i < COUNTOF(texts); i++) {
        struct caption_opts o = usual();
        struct buf families = { 0 };
        struct typeset *t = typeset_create(STR("en"));
        struct caption_pages *p = pages_of(str_from(texts[i].text), texts[i].language, texts[i].w, texts[i].h, &o);
        for (size_t k = 0; k < p->n_pages; k++)
            for (size_t l = 0; l < p->pages[k].n_lines; l++) {
                const struct caption_line *line = &p->pages[k].lines[l];
                double w;
                PangoLayout *layout = caption_layout(t, (struct str){ p->text.p + line->at, line->n }, &o, p->font_px, STR("en"), &families);
                typeset_size(layout, &w, NULL);
                CHECK_ROW(texts[i].name, w <= 0.9 * texts[i].w);
                g_object_unref(layout);
            }
        captions_pages_destroy(p);
        typeset_destroy(t);
        buf_deinit(&families);
    }
}

TEST(a_word_of_three_thousand_letters_is_cut_into_lines_that_fit)
{
    struct buf b = { 0 };
    for (int i = 0; i < 3000; i++)
        buf_addc(&b, (char)('a' + i % 26));
    struct caption_opts o = usual();
    struct caption_pages *p = pages_of(buf_str(&b), "en", 1280, 720, &o);
    size_t bytes = 0;
    CHECK(p->n_pages > 20);
    for (size_t i = 0; i < p->n_pages; i++) {
        CHECK(p->pages[i].end_samples > p->pages[i].start_samples);
        CHECK(i == 0 || p->pages[i].start_samples >= p->pages[i - 1].end_samples);
        for (size_t k = 0; k < p->pages[i].n_lines; k++)
            bytes += p->pages[i].lines[k].n;
    }
    CHECK_INT("letters", 3000, bytes);
    captions_pages_destroy(p);
    buf_deinit(&b);
}

TEST(pages_end_with_sentences_where_they_can)
{
    struct caption_opts o = usual();
    struct caption_pages *p = pages_of(str_from(story), "en", 1920, 1080, &o);
    for (size_t i = 0; i < p->n_pages; i++) {
        const struct caption_line *l = &p->pages[i].lines[p->pages[i].n_lines - 1];
        CHECK_INT("last character", '.', p->text.p[l->at + l->n - 1]);
    }
    captions_pages_destroy(p);
}

TEST(a_hyphenated_word_is_divided_only_when_the_lines_are_full)
{
    static const char text[] = "In our simulation Q and QB cross thirty-six picoseconds after the wordline rises.";
    struct caption_opts o = usual();
    size_t n_divided = 0;
    for (int w = 700; w < 2000; w += 50) {
        struct caption_pages *p = pages_of(str_from(text), "en", w, 1080, &o);
        for (size_t i = 0; i < p->n_pages; i++)
            for (size_t k = 0; k < p->pages[i].n_lines; k++) {
                const struct caption_line *l = &p->pages[i].lines[k];
                n_divided += p->text.p[l->at + l->n - 1] == '-';
            }
        captions_pages_destroy(p);
    }
    CHECK(n_divided <= 1); /* of 26 widths: where two lines hold the sentence in no other way */
}

TEST(word_times_that_are_nonsense_still_give_pages_in_order)
{
    static const struct { const char *name; int64_t start, end; } rows[] = {
        { "all at once", 0, 0 }, { "backwards", 100000, 5 }, { "far away", INT64_MAX / 4, INT64_MAX / 4 }, { "negative", -500, -400 },
    };
    struct caption_opts o = usual();
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct word w[100];
        size_t n = speak(str_from(story), w, COUNTOF(w));
        for (size_t k = 0; k < n; k++) {
            w[k].start_samples = rows[i].start;
            w[k].end_samples = rows[i].end;
        }
        w[n - 1].n = 9999; /* and one that leaves the text */
        struct caption_source s = { str_from(story), STR("en"), w, n, &o, 1280, 720 };
        struct caption_pages *p = captions_pages(&s);
        check_pages(rows[i].name, p, 2);
        captions_pages_destroy(p);
    }
}

TEST(there_are_no_pages_without_word_times)
{
    struct caption_opts o = usual();
    struct caption_source s = { STR("Hello."), STR("en"), NULL, 0, &o, 1280, 720 };
    struct caption_pages *p = captions_pages(&s);
    CHECK_INT("pages", 0, p->n_pages);
    captions_pages_destroy(p);
}

/* ---------- cues ---------- */

/* Times by hand: a page begins 0.1 s before its first word and ends 0.3 s after its last; offset 1 h. */
TEST(cues_are_written_as_players_expect_them)
{
    struct caption_opts o = usual();
    struct caption_pages *p = pages_of(STR("One <b>two</b> & {\\an8} three --> four."), "en", 1280, 720, &o);
    struct buf srt = { 0 }, vtt = { 0 };
    struct cues c = { .n = 0 };
    const int64_t hour = (int64_t)3600 * SAMPLE_RATE;
    cues_add(&c, p, hour, INT64_MAX);
    CHECK(cues_write_srt(&srt, &c) && cues_write_vtt(&vtt, &c));
    CHECK_STR("srt", "1\n01:00:00,000 --> 01:00:02,350\nOne <\xe2\x81\xa0" "b>two<\xe2\x81\xa0/b> & {\xe2\x81\xa0\\an8} three --\xe2\x81\xa0> four.\n\n",
              buf_str(&srt));
    CHECK_STR("vtt", "WEBVTT\n\n01:00:00.000 --> 01:00:02.350\nOne &lt;b&gt;two&lt;/b&gt; &amp; {\\an8} three --&gt; four.\n\n", buf_str(&vtt));
    cues_deinit(&c);
    captions_pages_destroy(p);
    buf_deinit(&srt);
    buf_deinit(&vtt);
}

TEST(cues_end_where_they_are_told_to)
{
    struct caption_opts o = usual();
    struct caption_pages *p = pages_of(str_from(story), "en", 1280, 720, &o);
    struct cues c = { .n = 0 };
    cues_add(&c, p, 0, SAMPLE_RATE);
    CHECK_INT("cues", 1, c.n);
    CHECK_INT("end", 1000, c.v[0].end_ms);
    captions_pages_destroy(p);
    cues_deinit(&c);
}

/* ---------- frames ---------- */

enum { LUMA = 120 };

static AVFrame *grey(int w, int h)
{
    AVFrame *f = av_frame_alloc();
    f->format = AV_PIX_FMT_YUV420P;
    f->width = w;
    f->height = h;
    CHECK(av_frame_get_buffer(f, 0) == 0);
    for (int p = 0; p < 3; p++)
        memset(f->data[p], p ? 128 : LUMA, (size_t)f->linesize[p] * (size_t)(p ? (h + 1) / 2 : h));
    return f;
}

static AVFrame *drawn(const char *text, const char *language, int w, int h, const struct caption_opts *o, int64_t frame)
{
    static struct word words[1000];
    struct visual v = { .captions = o, .language = str_from(language), .narration = str_from(text), .words = words };
    v.n_words = speak(v.narration, words, COUNTOF(words));
    struct video_format f = { .width = w, .height = h, .fps_num = 30, .fps_den = 1 };
    struct err e;
    struct captions *c = captions_create(&v, &f, &e);
    CHECK(c != NULL);
    AVFrame *out = grey(w, h);
    captions_blend(c, out, frame);
    captions_destroy(c);
    return out;
}

/* The rows and columns that were touched. */
static struct caption_rect touched(const AVFrame *f)
{
    int x0 = f->width, x1 = -1, y0 = f->height, y1 = -1;
    for (int y = 0; y < f->height; y++)
        for (int x = 0; x < f->width; x++)
            if (f->data[0][y * f->linesize[0] + x] != LUMA) {
                x0 = x < x0 ? x : x0;
                x1 = x > x1 ? x : x1;
                y0 = y < y0 ? y : y0;
                y1 = y > y1 ? y : y1;
            }
    return (struct caption_rect){ x0, y0, x1 - x0 + 1, y1 - y0 + 1 };
}

TEST(nothing_is_drawn_outside_the_safe_area)
{
    for (size_t i = 0; i < COUNTOF(texts); i++)
        for (int style = CAPTION_PLAIN; style <= CAPTION_POP; style++)
            for (int position = CAPTION_BOTTOM; position <= CAPTION_MIDDLE; position++) {
                struct caption_opts o = usual();
                o.style = style;
                o.position = position;
                AVFrame *f = drawn(texts[i].text, texts[i].language, texts[i].w, texts[i].h, &o, 3);
                struct caption_rect r = touched(f);
                CHECK_ROW(texts[i].name, r.w > 0 && r.h > 0);
                CHECK_ROW(texts[i].name, r.x + 2 >= 0.05 * f->width && r.x + r.w - 2 <= 0.95 * f->width);
                CHECK_ROW(texts[i].name, r.y + 2 >= 0.02 * f->height && r.y + r.h - 2 <= 0.98 * f->height);
                av_frame_free(&f);
            }
}

TEST(a_full_page_fills_the_zone_that_pictures_keep_free)
{
    for (size_t i = 0; i < 3; i++)
        for (int position = CAPTION_BOTTOM; position <= CAPTION_MIDDLE; position++) {
            struct caption_opts o = usual();
            o.position = position;
            AVFrame *f = drawn(texts[i].text, texts[i].language, texts[i].w, texts[i].h, &o, 30);
            struct caption_rect r = touched(f);
            struct caption_zone z = captions_zone(&o, f->width, f->height);
            CHECK_NEAR(texts[i].name, z.top * f->height, r.y, 2);
            CHECK_NEAR(texts[i].name, z.bottom * f->height, r.y + r.h, 2);
            av_frame_free(&f);
        }
}

static bool is_equal(const AVFrame *a, const AVFrame *b)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < (p ? a->height / 2 : a->height); y++)
            if (memcmp(a->data[p] + y * a->linesize[p], b->data[p] + y * b->linesize[p], (size_t)(p ? a->width / 2 : a->width)) != 0)
                return false;
    return true;
}

TEST(every_style_looks_different_while_a_word_is_spoken)
{
    AVFrame *f[5];
    for (int style = 0; style < 5; style++) {
        struct caption_opts o = usual();
        o.style = style;
        f[style] = drawn(story, "en", 640, 360, &o, 10); /* the second word */
    }
    for (int a = 0; a < 5; a++)
        for (int b = 0; b < a; b++)
            CHECK(!is_equal(f[a], f[b]));
    for (int a = 0; a < 5; a++)
        av_frame_free(&f[a]);
}

TEST(a_frame_is_the_same_whichever_frames_were_drawn_before)
{
    for (int style = 0; style < 5; style++) {
        struct word words[100];
        struct caption_opts o = usual();
        o.style = style;
        struct visual v = { .captions = &o, .language = STR("en"), .narration = str_from(story), .words = words };
        v.n_words = speak(v.narration, words, COUNTOF(words));
        struct video_format f = { .width = 640, .height = 360, .fps_num = 30, .fps_den = 1 };
        struct captions *c = captions_create(&v, &f, NULL);
        AVFrame *after = grey(640, 360), *alone = drawn(story, "en", 640, 360, &o, 20);
        for (int64_t i = 200; i > 20; i -= 7) {
            AVFrame *other = grey(640, 360);
            captions_blend(c, other, i);
            av_frame_free(&other);
        }
        captions_blend(c, after, 20);
        CHECK(is_equal(after, alone));
        av_frame_free(&after);
        av_frame_free(&alone);
        captions_destroy(c);
    }
}

TEST(frames_before_and_after_the_speech_are_left_alone)
{
    struct word words[100];
    struct caption_opts o = usual();
    struct visual v = { .captions = &o, .language = STR("en"), .narration = STR("Hello there."), .words = words, .speech_start_samples = 2 * SAMPLE_RATE };
    v.n_words = speak(v.narration, words, COUNTOF(words));
    struct video_format f = { .width = 640, .height = 360, .fps_num = 30000, .fps_den = 1001 };
    struct captions *c = captions_create(&v, &f, NULL);
    AVFrame *out = grey(640, 360);
    captions_blend(c, out, 0);
    captions_blend(c, out, 59); /* 1.97 s */
    captions_blend(c, out, 2000);
    CHECK_INT("touched width", 0, touched(out).w > 0);
    captions_blend(c, out, 60); /* 2.002 s */
    CHECK(touched(out).w > 0);
    av_frame_free(&out);
    captions_destroy(c);
}

TEST(captions_that_are_off_or_silent_are_no_error)
{
    struct caption_opts o = usual();
    struct err e = { ERR_IO, "" };
    struct visual v = { .captions = &o, .narration = STR("Hello") };
    struct video_format f = { .width = 640, .height = 360, .fps_num = 30, .fps_den = 1 };
    CHECK(captions_create(&v, &f, &e) == NULL && e.code == ERR_NONE);
    o.enabled = false;
    CHECK(captions_create(&v, &f, &e) == NULL && e.code == ERR_NONE);
    captions_blend(NULL, NULL, 0);
    captions_destroy(NULL);
}

/* BT.709 limited range by its formulas: white 235, black 16; half black over white (16 + 219/2); red: Y' = 16 + 219 x 0.2126 = 62.6,
 * Cb = 128 - 224 x 0.2126 / 1.8556 = 102.3, Cr = 128 + 224 x 0.7874 / 1.5748 = 240. */
TEST(layers_are_blended_by_the_formulas_of_bt_709)
{
    static const struct { const char *name; double r, g, b, a; int under, y, cb, cr; } rows[] = {
        { "white", 1, 1, 1, 1, 16, 235, 128, 128 }, { "black", 0, 0, 0, 1, 235, 16, 128, 128 },
        { "red", 1, 0, 0, 1, 100, 63, 102, 240 },   { "nothing", 0, 0, 0, 0, 77, 77, 128, 128 },
        { "half black over white", 0, 0, 0, 128 / 255.0, 235, 125, 128, 128 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct caption_layer l;
        cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 48, 8);
        cairo_t *cr = cairo_create(s);
        cairo_set_source_rgba(cr, rows[i].r, rows[i].g, rows[i].b, rows[i].a);
        cairo_paint(cr);
        caption_layer_init(&l, 8, 4, 48, 8);
        caption_layer_take(&l, s);
        AVFrame *f = grey(64, 16);
        memset(f->data[0], rows[i].under, (size_t)f->linesize[0] * 16);
        caption_layer_blend(&l, f);
        for (int x = 8; x < 56; x += 13) {
            CHECK_INT(rows[i].name, rows[i].y, f->data[0][6 * f->linesize[0] + x]);
            CHECK_INT(rows[i].name, rows[i].cb, f->data[1][3 * f->linesize[1] + x / 2]);
            CHECK_INT(rows[i].name, rows[i].cr, f->data[2][3 * f->linesize[2] + x / 2]);
        }
        CHECK_INT("outside", rows[i].under, f->data[0][6 * f->linesize[0] + 7]);
        av_frame_free(&f);
        caption_layer_deinit(&l);
        cairo_destroy(cr);
        cairo_surface_destroy(s);
    }
}
