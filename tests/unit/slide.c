/* slide.c - tests of compose/slide: nothing leaves its place, nothing is markup, equal specs give equal bytes */
#include "compose/slide/slide.h"
#include <cairo.h>
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "compose/glyphs.h"
#include "compose/hyphenate.h"
#include "compose/safe.h"
#include "compose/slide/svg.h"
#include "compose/slide/themes.h"
#include "compose/typeset.h"
#include "tests/support/test.h"

static const struct caption_opts usual = { .enabled = true, .max_lines = 2, .size = 0.05 };

struct picture { struct buf png; cairo_surface_t *s; };

static cairo_status_t read_png(void *ctx, unsigned char *data, unsigned n)
{
    struct str *rest = ctx;
    if (rest->n < n)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, rest->p, n);
    rest->p += n;
    rest->n -= n;
    return CAIRO_STATUS_SUCCESS;
}

static bool try_draw(const struct slide_spec *s, struct buf *png, struct err *e)
{
    char part[4096];
    struct media_info info;
    int fd = memfd_create("slide", MFD_CLOEXEC);
    bool ok = slide_draw(s, fd, &info, e);
    for (ssize_t n, at = 0; ok && (n = pread(fd, part, sizeof part, (off_t)at)) > 0; at += n)
        buf_add(png, part, (size_t)n);
    close(fd);
    if (ok) {
        CHECK_STR("type", "png", str_from(info.type));
        CHECK_INT("width", s->width, info.width);
        CHECK_INT("height", s->height, info.height);
    }
    return ok;
}

static struct picture draw(const struct slide_spec *s)
{
    struct picture p = { 0 };
    struct err e = { 0 };
    CHECK_ROW(e.msg, try_draw(s, &p.png, &e));
    struct str rest = buf_str(&p.png);
    p.s = cairo_image_surface_create_from_png_stream(read_png, &rest);
    CHECK_INT("decoded width", s->width, cairo_image_surface_get_width(p.s));
    return p;
}

static void forget(struct picture *p)
{
    cairo_surface_destroy(p->s);
    buf_deinit(&p->png);
}

static uint32_t pixel(const struct picture *p, int x, int y)
{
    const unsigned char *row = cairo_image_surface_get_data(p->s) + (ptrdiff_t)y * cairo_image_surface_get_stride(p->s);
    return ((const uint32_t *)(const void *)row)[x] & 0xffffff;
}

/* How many pixels differ outside the rows and columns that a slide may write to when captions are on. */
static size_t differ_outside(const struct picture *a, const struct picture *b)
{
    int w = cairo_image_surface_get_width(a->s), h = cairo_image_surface_get_height(a->s);
    struct window in = safe_of(&usual, w, h).words;
    size_t n = 0;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            if (x < (in.x - 0.005) * w || x > (in.x + in.w + 0.005) * w || y < (in.y - 0.01) * h || y > (in.y + in.h + 0.01) * h)
                n += pixel(a, x, y) != pixel(b, x, y);
    return n;
}

static char long_word[3001];
static const char zalgo[] = "Z\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81";
static const struct { const char *name, *text, *plain; } extremes[] = {
    { "3000 letters without a space", long_word, "x" },
    { "only emoji", "\xf0\x9f\x98\x80\xf0\x9f\x8e\x89\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac", "x" },
    { "Arabic", "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 \xd8\xa8\xd8\xa7\xd9\x84\xd8\xb9\xd8\xa7\xd9\x84\xd9\x85 MOSFET", "\xd8\xa7" },
    { "Chinese", "\xe9\x9b\x86\xe6\x88\x90\xe7\x94\xb5\xe8\xb7\xaf\xe7\x94\xb1\xe6\x95\xb0\xe5\x8d\x81\xe4\xba\xbf", "x" },
    { "stacked marks", zalgo, "x" },
    { "bad bytes", "ab\xff\xfe\x80 \x01\x1b[2J", "x" },
    { "markup", "<span size='900000'>%{pts} {\\pos(1,2)} <b>bold</b> & C:\\dir it's", "x" },
    { "bidi override", "ab\xe2\x80\xae" "cd\xe2\x80\xa6", "x" },
};
enum { N_SHAPES = 5 };

/* The same text as title card, bullets, code, caption or quotation. */
static struct slide_opts shape(int k, const char *text, struct str *bullets, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bullets[i] = str_from(text);
    struct slide_opts o[N_SHAPES] = {
        { .heading = str_from(text), .caption = str_from(text) },
        { .heading = str_from(text), .bullets = bullets, .n_bullets = n },
        { .heading = str_from(text), .code = str_from(text) },
        { .heading = str_from(text), .caption = str_from(text), .bullets = bullets, .n_bullets = n },
        { .caption = str_from(text) },
    };
    return o[k];
}

TEST(no_text_leaves_the_safe_area)
{
    static const int sizes[][2] = { { 640, 360 }, { 360, 640 }, { 400, 400 } };
    struct str many[60];
    memset(long_word, 'W', sizeof long_word - 1);
    for (size_t i = 0; i < COUNTOF(extremes); i++)
        for (int k = 0; k < N_SHAPES; k++) {
            const int *size = sizes[(i + (size_t)k) % COUNTOF(sizes)];
            struct slide_opts o = shape(k, extremes[i].text, many, COUNTOF(many));
            struct slide_spec s = { .slide = &o, .width = size[0], .height = size[1], .captions = &usual };
            struct picture all = draw(&s);
            o = shape(k, extremes[i].plain, many, 2);
            struct picture plain = draw(&s);
            CHECK_INT(extremes[i].name, 0, differ_outside(&all, &plain));
            forget(&all);
            forget(&plain);
        }
}

TEST(a_slide_without_any_words_is_drawn_all_the_same)
{
    struct slide_opts o = { 0 };
    struct slide_spec s = { .slide = &o, .width = 320, .height = 180 };
    struct picture p = draw(&s);
    forget(&p);
}

TEST(text_is_never_taken_for_markup)
{
    static const struct { const char *name, *a, *b; } rows[] = {
        { "bold", "<b>x</b>", "x" }, { "entity", "a &lt; b", "a < b" }, { "ampersand", "a & b", "a &amp; b" }, { "span", "<span>x</span>", "x" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (int k = 0; k < 3; k++) {
            struct str bullets[2];
            struct slide_opts o = shape(k, rows[i].a, bullets, 2);
            struct slide_spec s = { .slide = &o, .width = 320, .height = 180 };
            struct picture a = draw(&s);
            o = shape(k, rows[i].b, bullets, 2);
            struct picture b = draw(&s);
            CHECK_ROW(rows[i].name, !str_eq(buf_str(&a.png), buf_str(&b.png)));
            forget(&a);
            forget(&b);
        }
}

static const char circuit[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1680 720\"><rect width=\"1680\" height=\"720\" fill=\"#ff0000\"/>"
                              "<text x=\"20\" y=\"50\" font-family=\"Inter\" font-size=\"30\">V &lt; 1</text></svg>";

TEST(a_diagram_is_as_large_as_its_box)
{
    struct slide_opts o = { .heading = STR("Two switches") };
    struct slide_spec s = { .slide = &o, .svg = str_from(circuit), .width = 960, .height = 540, .captions = &usual };
    struct picture p = draw(&s);
    int x0 = 960, x1 = 0, y0 = 540, y1 = 0;
    for (int y = 0; y < 540; y++)
        for (int x = 0; x < 960; x++)
            if (pixel(&p, x, y) == 0xff0000) {
                x0 = x < x0 ? x : x0;
                x1 = x > x1 ? x : x1;
                y0 = y < y0 ? y : y0;
                y1 = y > y1 ? y : y1;
            }
    CHECK(x1 - x0 >= 0.83 * 960);
    CHECK(x0 >= 0.06 * 960 && x1 <= 0.94 * 960 && y0 >= 0.13 * 540 && y1 <= 0.79 * 540);
    CHECK_NEAR("aspect", 1680.0 / 720, (x1 - x0 + 1.0) / (y1 - y0 + 1.0), 0.02);
    forget(&p);
}

TEST(a_dark_drawing_gets_a_light_panel_on_a_dark_theme)
{
    struct slide_opts o = { .heading = STR("Plot") };
    struct slide_spec s = { .slide = &o, .width = 640, .height = 360,
        .svg = STR("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 100'><path d='M10 50H190' stroke='black' stroke-width='9'/></svg>") };
    struct picture p = draw(&s);
    CHECK((pixel(&p, 320, 120) & 0xff) > 200);
    forget(&p);
}

TEST(dark_boxes_with_light_letters_need_no_panel_on_a_dark_theme)
{
    struct slide_opts o = { .heading = STR("Boxes") };
    struct slide_spec s = { .slide = &o, .width = 640, .height = 360,
        .svg = STR("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 100'><rect x='5' y='5' width='190' height='70' fill='#22304f'/>"
                   "<path d='M10 20H90M10 40H90M10 60H60M10 85H190M10 92H150' stroke='#eaf1fb' stroke-width='2'/></svg>") };
    struct picture p = draw(&s);
    CHECK((pixel(&p, 320, 328) & 0xff) < 100 && (pixel(&p, 560, 328) & 0xff) < 100);
    forget(&p);
}

#define TEN(x) x x x x x x x x x x
TEST(svgs_that_cannot_or_must_not_be_drawn_are_refused_with_a_reason)
{
    static const struct { const char *name, *svg, *says; } rows[] = {
        { "cut short", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><g>", "broken" },
        { "no SVG", "hello", "broken" },
        { "HTML", "<html><body>404</body></html>", "broken" },
        { "no size", "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>", "viewBox" },
        { "compressed", "\x1f\x8b\x08", "gunzip" },
        { "bad bytes", "<svg>\xff</svg>", "UTF-8" },
        { "other encoding", "<?xml version='1.0' encoding='UTF-7'?><svg/>", "UTF-8" },
        { "entities", "<!DOCTYPE svg [<!ENTITY a 'aaa'>]><svg>&a;</svg>", "entities" },
        { "bitmap", "<svg xmlns:x='a'><x:image href='data:image/png;base64,AAAA'/></svg>", "<image>" },
        { "file", "<svg><image href='file:///etc/passwd'/></svg>", "<image>" },
        { "deep", "<svg>" TEN(TEN("<g><g><g>")), "levels" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct slide_opts o = { .heading = STR("x") };
        struct slide_spec s = { .slide = &o, .svg = str_from(rows[i].svg), .width = 320, .height = 180 };
        struct buf b = { 0 };
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, !try_draw(&s, &b, &e));
        CHECK_INT(rows[i].name, ERR_MEDIA, e.code);
        CHECK_ROW(e.msg, strstr(e.msg, rows[i].says) != NULL);
        buf_deinit(&b);
    }
}

TEST(a_greater_sign_in_an_attribute_or_comment_does_not_end_a_tag)
{
    CHECK(svg_check(STR("<svg><!-- <image> --><g a='>'/><![CDATA[<image>]]><text>a > b</text></svg>"), NULL));
}

TEST(sizes_that_cannot_be_drawn_are_refused)
{
    static const int sizes[][2] = { { 0, 100 }, { -5, 100 }, { 20000, 100 }, { 16000, 16000 }, { 63, 63 } };
    for (size_t i = 0; i < COUNTOF(sizes); i++) {
        struct slide_opts o = { .heading = STR("x") };
        struct slide_spec s = { .slide = &o, .width = sizes[i][0], .height = sizes[i][1] };
        struct buf b = { 0 };
        struct err e = { 0 };
        CHECK(!try_draw(&s, &b, &e));
        CHECK_INT("code", ERR_LESSON, e.code);
    }
}

static const struct str points[] = { { "First point", 11 }, { "Second point", 12 }, { "Third point", 11 } };

static void *draw_in_thread(void *arg)
{
    struct err e = { 0 };
    struct slide_opts o = { .heading = STR("Two switches"), .bullets = points, .n_bullets = COUNTOF(points), .code = STR("int x = 1; // one") };
    struct slide_spec s = { .slide = &o, .svg = str_from(circuit), .language = STR("en"), .width = 480, .height = 270, .captions = &usual };
    char part[4096];
    struct media_info info;
    int fd = memfd_create("slide", MFD_CLOEXEC);
    if (slide_draw(&s, fd, &info, &e))
        for (ssize_t n, at = 0; (n = pread(fd, part, sizeof part, (off_t)at)) > 0; at += n)
            buf_add(arg, part, (size_t)n);
    close(fd);
    return NULL;
}

TEST(equal_specs_give_equal_bytes_in_any_thread)
{
    struct buf alone = { 0 }, b[4] = { 0 };
    pthread_t t[4];
    draw_in_thread(&alone);
    CHECK(alone.n > 1000);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&t[i], NULL, draw_in_thread, &b[i]) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < 4; i++) {
        CHECK(str_eq(buf_str(&alone), buf_str(&b[i])));
        buf_deinit(&b[i]);
    }
    buf_deinit(&alone);
}

TEST(every_theme_can_be_read)
{
    for (size_t i = 0; theme_rows[i]; i++) {
        const struct theme *t = theme_find(str_from(theme_rows[i]->name));
        CHECK(t != NULL);
        uint32_t on[] = { t->top, t->bottom };
        for (size_t k = 0; k < COUNTOF(on); k++) {
            struct rgba under = rgba_over(rgba_of(t->panel), rgba_of(on[k]));
            uint32_t texts[] = { t->text, t->muted, t->word, t->string, t->number, t->comment };
            for (size_t c = 0; c < COUNTOF(texts); c++) /* WCAG 2.2, 1.4.3 */
                CHECK_ROW(t->row.name, rgba_contrast(rgba_of(texts[c]), under) >= 4.5);
            CHECK_ROW(t->row.name, rgba_contrast(rgba_of(t->accent), under) >= 3);
        }
    }
    CHECK(theme_find(STR("no such theme")) == NULL);
    CHECK(theme_find(STR("")) == theme_find(STR("midnight")));
}

TEST(words_are_divided_only_with_a_dictionary_of_their_language)
{
    struct hyphens *h = hyphens_open(STR("en"));
    struct buf b = { 0 };
    CHECK(hyphens_open(STR("../../etc/passwd")) == NULL);
    CHECK(hyphens_open(STR("zz")) == NULL);
    hyphens_insert(NULL, &b, STR("semiconductor"));
    CHECK_STR("no dictionary", "semiconductor", buf_str(&b));
    if (!h)
        test_skip("no hyphenation dictionary for English here");
    buf_clear(&b);
    hyphens_insert(h, &b, STR("semiconductor, gate"));
    CHECK(strstr(b.p, "\xc2\xad") != NULL);
    CHECK(str_ends(buf_str(&b), ", gate"));
    hyphens_close(h);
    buf_deinit(&b);
}

TEST(a_character_without_a_font_is_named)
{
    uint32_t missing = 1;
    CHECK(text_has_glyphs(STR("Plain text, \xce\xb2 and \xe2\x89\xa4"), STR("sans"), &missing));
    CHECK_INT("none", 0, missing);
    CHECK(!text_has_glyphs(STR("a\xf3\xb0\x80\x80" "b"), STR("sans"), &missing)); /* private use */
    CHECK_INT("first missing", 0xf0000, missing);
    CHECK(text_has_glyphs(STR(""), STR("Inter"), NULL));
}

TEST(no_diagram_of_the_course_is_put_on_a_panel)
{
    struct slide_opts o = { .heading = STR("Diagram") };
    glob_t g = { 0 };
    CHECK(glob("examples/vlsi/svg/*.svg", 0, NULL, &g) == 0 && g.gl_pathc > 80);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        struct buf svg = BUF_INIT(4 * MIB);
        char part[4096];
        FILE *f = fopen(g.gl_pathv[i], "r");
        CHECK(f != NULL);
        for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
            buf_add(&svg, part, n);
        fclose(f);
        struct slide_spec s = { .slide = &o, .svg = buf_str(&svg), .width = 480, .height = 270, .captions = &usual };
        struct picture p = draw(&s);
        size_t n_light = 0;
        for (int y = 0; y < 270; y += 2)
            for (int x = 0; x < 480; x += 2)
                n_light += (pixel(&p, x, y) & 0xff) > 200 && (pixel(&p, x, y) >> 16) > 200;
        CHECK_ROW(g.gl_pathv[i], n_light < 240 * 135 / 10);
        forget(&p);
        buf_deinit(&svg);
    }
    globfree(&g);
}
