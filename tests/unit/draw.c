/* draw.c - tests of slides drawn in a child: the same bytes, errors whole, no endless SVG */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "compose/draw.h"
#include "compose/slide/slide.h"
#include "tests/support/media.h"
#include "tests/support/test.h"

static char *contents(int fd, size_t *n)
{
    struct stat st;
    CHECK(fstat(fd, &st) == 0);
    *n = (size_t)st.st_size;
    char *p = mem_alloc(*n + 1);
    CHECK(pread(fd, p, *n, 0) == st.st_size);
    return p;
}

TEST(a_slide_from_the_child_has_the_bytes_of_one_drawn_here)
{
    static const struct caption_opts captions = { .enabled = true, .position = CAPTION_TOP, .max_lines = 3, .size = 0.06 };
    static const struct str bullets[] = { STR("pull-up: \xc2\xb5" "A <b>"), STR(""), STR("pull-down") };
    struct slide_opts o = { .heading = STR("The CMOS inverter"), .bullets = bullets, .n_bullets = 3, .caption = STR("two gates") };
    struct slide_spec s = { .slide = &o, .title = STR("Inverters"), .language = STR("en"), .width = 640, .height = 360, .captions = &captions,
                            .svg = STR("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 20 10\"><rect width=\"9\" height=\"9\" fill=\"red\"/></svg>") };
    struct media_info here, there;
    struct err e = { 0 };
    int a = media_fd("", 0), b = media_fd("longer than nothing", 19);
    size_t na, nb;
    CHECK_ROW(e.msg, slide_draw(&s, a, &here, &e) && draw_in_child(&s, b, &there, &e));
    char *pa = contents(a, &na), *pb = contents(b, &nb);
    CHECK_INT("bytes", na, nb);
    CHECK(memcmp(pa, pb, na) == 0);
    CHECK_INT("width", here.width, there.width);
    CHECK_STR("type", here.type, str_from(there.type));
    free(pa);
    free(pb);
    close(a);
    close(b);
}

TEST(what_is_wrong_with_a_slide_comes_back_whole)
{
    struct slide_opts o = { .theme = STR("no-such-theme") }, plain = { 0 };
    struct slide_spec s = { .slide = &o, .title = STR("x"), .width = 640, .height = 360 }, broken = s;
    struct media_info info;
    struct err e = { 0 };
    int fd = media_fd("", 0);
    CHECK(!draw_in_child(&s, fd, &info, &e));
    CHECK_INT(e.msg, ERR_LESSON, e.code);
    CHECK_ROW(e.msg, strstr(e.msg, "no-such-theme") != NULL);
    broken.slide = &plain;
    broken.svg = STR("<svg xmlns=\"http://www.w3.org/2000/svg\"><rect");
    CHECK(!draw_in_child(&broken, fd, &info, &e));
    CHECK_INT(e.msg, ERR_MEDIA, e.code);
    close(fd);
}
