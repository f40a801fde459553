/* fonts.c - tests of compose/fonts */
#include <stdio.h>
#include <stdlib.h>
#include <fontconfig/fontconfig.h>
#include "compose/fonts.h"
#include "gen/base/file.h"
#include "tests/support/test.h"

TEST(other_fonts_are_another_digest_and_the_same_ones_the_same)
{
    char one[DIGEST_HEX], again[DIGEST_HEX], none[DIGEST_HEX], path[500];
    const char *dir = test_tmpdir();
    struct buf conf = { 0 };
    struct err e;
    fonts_digest(one);
    fonts_digest(again);
    CHECK_STR("the same", one, str_from(again));
    buf_printf(&conf, "<?xml version=\"1.0\"?><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>", dir, dir);
    snprintf(path, sizeof path, "%s/fonts.conf", dir);
    CHECK_ROW(e.msg, file_replace(path, buf_str(&conf), &e));
    buf_deinit(&conf);
    setenv("FONTCONFIG_FILE", path, 1);
    CHECK(FcInitReinitialize());
    fonts_digest(none);
    unsetenv("FONTCONFIG_FILE");
    FcInitReinitialize();
    fonts_digest(again);
    CHECK(!str_is(str_from(none), one));
    CHECK_STR("the same", one, str_from(again));
}
