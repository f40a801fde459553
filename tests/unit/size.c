/* size.c - tests of api/size */
#include "api/size.h"
#include "tests/support/test.h"

static const struct size_pair openai[] = { { 1024, 1024 }, { 1536, 1024 }, { 1024, 1536 } };
static const struct size_pair aspects[] = { { 1, 1 }, { 3, 2 }, { 2, 3 }, { 16, 9 }, { 9, 16 }, { 21, 9 } };
static const struct size_pair twice[] = { { 640, 360 }, { 1280, 720 }, { 1920, 1080 }, { 720, 1280 } };

static const struct size_rule by_size = { .how = SIZE_SIZES, .list = openai, .n_list = COUNTOF(openai) };
static const struct size_rule by_aspect = { .how = SIZE_ASPECTS, .list = aspects, .n_list = COUNTOF(aspects) };
static const struct size_rule by_ratio = { .how = SIZE_RATIOS, .list = twice, .n_list = COUNTOF(twice) };
static const struct size_rule by_16 = { .how = SIZE_MULTIPLE, .multiple = 16, .max_pixels = 8294400 };
static const struct size_rule by_16_small = { .how = SIZE_MULTIPLE, .multiple = 16, .max_pixels = 1048576 };
static const struct size_rule any = { .how = SIZE_FRAME };

TEST(the_size_that_loses_least_to_the_crop_is_bought)
{
    static const struct { const char *name; const struct size_rule *rule; int w, h; const char *size, *aspect; } rows[] = {
        { "wide of three", &by_size, 1920, 1080, "1536x1024", "3:2" },
        { "tall of three", &by_size, 1080, 1920, "1024x1536", "2:3" },
        { "square", &by_size, 500, 500, "1024x1024", "1:1" },
        { "aspects keep the frame", &by_aspect, 1920, 1080, "1920x1080", "16:9" },
        { "cinema", &by_aspect, 2560, 1080, "2560x1080", "21:9" },
        { "the smallest that covers", &by_ratio, 1280, 720, "1280x720", "16:9" },
        { "the smallest that covers, between", &by_ratio, 1000, 562, "1280x720", "16:9" },
        { "the largest when none covers", &by_ratio, 3840, 2160, "1920x1080", "16:9" },
        { "rounded up to 16", &by_16, 1920, 1080, "1920x1088", "30:17" },
        { "4k as it is", &by_16, 3840, 2160, "3840x2160", "16:9" },
        { "the frame's own", &any, 1280, 720, "1280x720", "16:9" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct size_choice c;
        size_choose(rows[i].rule, rows[i].w, rows[i].h, &c);
        CHECK_STR(rows[i].name, rows[i].size, str_from(c.size));
        CHECK_STR(rows[i].name, rows[i].aspect, str_from(c.aspect));
    }
}

TEST(a_limit_on_pixels_scales_the_frame_down)
{
    struct size_choice c;
    size_choose(&by_16_small, 1920, 1080, &c);
    CHECK((int64_t)c.width * c.height <= 1048576);
    CHECK(c.width % 16 == 0 && c.height % 16 == 0);
    CHECK_NEAR("shape", 16.0 / 9, (double)c.width / c.height, 0.05);
    CHECK((int64_t)c.width * c.height > 900000);
}

TEST(a_size_is_two_numbers_and_a_sign)
{
    static const struct { const char *text; bool ok; } rows[] = {
        { "1024x1024", true }, { "1x1", true }, { "auto", false }, { "1024", false }, { "0x5", false }, { "10x", false },
        { "10x20x", false }, { "99999x1", false }, { "", false }, { "-1x5", false },
    };
    struct size_pair p;
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_ROW(rows[i].text, size_parse(str_from(rows[i].text), 'x', &p) == rows[i].ok);
}
