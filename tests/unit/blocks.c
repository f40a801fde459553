/* blocks.c - tests of the blocks that config.yaml and lessons share */
#include "gen/blocks.h"
#include "tests/support/test.h"

TEST(the_words_for_a_film_become_even_numbers)
{
    static const struct { const char *aspect, *resolution; double fps; int w, h, num, den; } rows[] = {
        { "16:9", "1080p", 30, 1920, 1080, 30, 1 },
        { "9:16", "1080p", 29.97, 1080, 1920, 30000, 1001 },
        { "square", "720", 23.976, 720, 720, 24000, 1001 },
        { "4:3", "HD", 12.5, 960, 720, 25, 2 },
        { "21:9", "4k", 60, 5040, 2160, 60, 1 },
        { "16:9", "480p", 59.94, 854, 480, 60000, 1001 },
        { "16:9", "1280x720", 24, 1280, 720, 24, 1 },
        { "portrait", "full-hd", 119.88, 1080, 1920, 120000, 1001 },
        { "16:9", "1081x721", 25, 1082, 722, 25, 1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct video_words w = { str_from(rows[i].aspect), str_from(rows[i].resolution), rows[i].fps, 0x102030ff };
        struct video_opts v;
        struct err e;
        const char *key;
        CHECK_ROW(rows[i].resolution, video_from_words(&w, &v, &key, &e));
        CHECK_INT(rows[i].resolution, rows[i].w, v.width);
        CHECK_INT(rows[i].resolution, rows[i].h, v.height);
        CHECK_INT(rows[i].resolution, rows[i].num, v.fps_num);
        CHECK_INT(rows[i].resolution, rows[i].den, v.fps_den);
        CHECK_INT(rows[i].resolution, 0x102030, v.background);
    }
}

TEST(a_film_of_no_shape_is_refused_by_key)
{
    static const struct { const char *aspect, *resolution, *key; } rows[] = {
        { "16", "1080p", "aspect" },     { "16:0", "1080p", "aspect" },  { "100:1", "1080p", "aspect" },
        { "16:9", "big", "resolution" }, { "16:9", "10p", "resolution" }, { "16:9", "9999x100", "resolution" },
        { "16:9", "", "resolution" },    { "16:9", "1e9p", "resolution" }, { "-16:9", "1080p", "aspect" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct video_words w = { str_from(rows[i].aspect), str_from(rows[i].resolution), 30, 0 };
        struct video_opts v;
        struct err e;
        const char *key = "";
        CHECK_ROW(rows[i].resolution, !video_from_words(&w, &v, &key, &e));
        CHECK_STR(rows[i].resolution, rows[i].key, str_from(key));
    }
}

TEST(every_default_of_the_shared_blocks_is_in_its_own_range)
{
    static const struct param *const tables[] = { voice_params, image_params, video_params, caption_params,
                                                  loudness_params, timing_params, output_params };
    _Alignas(max_align_t) char opts[512];
    for (size_t i = 0; i < COUNTOF(tables); i++) {
        params_default(tables[i], opts);
        for (const struct param *p = tables[i]; p->name; p++) {
            CHECK_ROW(p->name, p->min == p->max || (p->def >= p->min && p->def <= p->max));
            CHECK_ROW(p->name, p->help && p->help[0]);
        }
    }
}
