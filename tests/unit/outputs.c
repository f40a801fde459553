/* outputs.c - tests of chapters, and of files that get their names together */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "compose/publish.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/chapters.h"
#include "tests/support/test.h"

enum { SECTIONS_MOST = 4 };

struct film_of {
    struct section section[SECTIONS_MOST];
    struct join_section join[SECTIONS_MOST];
    struct join_spec spec;
};

/* Seconds of each section, at 25 frames a second. */
static void film_init(struct film_of *f, const int *seconds, size_t n)
{
    static const char *const titles[] = { "One", "", "A\nB", "Last" }, *const ids[] = { "a", "b", "c", "d" };
    int64_t at = 0;
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < n; i++) {
        f->section[i] = (struct section){ .id = str_from(ids[i]), .title = str_from(titles[i]) };
        f->join[i] = (struct join_section){ .section = &f->section[i], .first_frame = at, .n_frames = 25 * seconds[i] };
        at += 25 * (int64_t)seconds[i];
    }
    f->spec = (struct join_spec){ .video = { .fps_num = 25, .fps_den = 1 }, .sections = f->join, .n_sections = n, .n_frames = at };
}

TEST(chapters_are_listed_as_video_platforms_read_them)
{
    static const struct { const char *name; int seconds[SECTIONS_MOST]; size_t n; const char *want, *complaint; } rows[] = {
        { "minutes", { 70, 10, 15 }, 3, "00:00 One\n01:10 b\n01:20 A B\n", NULL },
        { "an hour", { 3599, 61, 10 }, 3, "0:00:00 One\n0:59:59 b\n1:01:00 A B\n", NULL },
        { "two", { 20, 20 }, 2, "00:00 One\n00:20 b\n", "2 chapters" },
        { "a short one", { 20, 9, 20 }, 3, "00:00 One\n00:20 b\n00:29 A B\n", "1 of 3 chapters are shorter than 10 s" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct film_of f;
        struct buf b = { 0 };
        struct err why = { 0 };
        film_init(&f, rows[i].seconds, rows[i].n);
        CHECK(chapters_write(&b, &f.spec));
        CHECK_STR(rows[i].name, rows[i].want, buf_str(&b));
        CHECK_INT(rows[i].name, !rows[i].complaint, chapters_are_taken(&f.spec, &why));
        if (rows[i].complaint && rows[i].n > 2)
            CHECK_ROW(why.msg, strstr(why.msg, rows[i].complaint) != NULL);
        buf_deinit(&b);
    }
}

/* A transition out of a plain background lies before the first section; platforms want a chapter at 00:00. */
TEST(the_first_chapter_begins_with_the_film)
{
    struct film_of f;
    struct buf b = { 0 };
    film_init(&f, (const int[]){ 20, 20, 20 }, 3);
    f.join[0].first_frame = 30;
    CHECK(chapters_write(&b, &f.spec));
    CHECK(str_starts(buf_str(&b), "00:00 One\n"));
    CHECK_INT("in the file", 0, chapter_start_ms(&f.spec, 0));
    buf_deinit(&b);
}

static struct str path_in(struct arena *a, const char *dir, const char *name)
{
    return arena_printf(a, "%s/%s", dir, name);
}

static void check_file(const char *name, struct str path, const char *want)
{
    struct buf b = BUF_INIT(1000);
    struct err e = { 0 };
    CHECK_ROW(name, file_read(path.p, 1000, &b, &e));
    CHECK_STR(name, want, buf_str(&b));
    buf_deinit(&b);
}

TEST(files_that_belong_together_are_published_all_or_none)
{
    char *dir = test_tmpdir();
    struct arena a = { 0 };
    struct publish p = { .n = 0 };
    struct err e = { 0 };
    struct str film = path_in(&a, dir, "film"), srt = path_in(&a, dir, "srt"), jpg = path_in(&a, dir, "jpg");
    glob_t left;
    CHECK(file_replace(film.p, STR("old film"), &e) && file_replace(srt.p, STR("old srt"), &e) && mkdir(jpg.p, 0777) == 0);
    CHECK(publish_bytes(&p, film, STR("film"), &e) && publish_bytes(&p, srt, STR("srt"), &e) && publish_bytes(&p, jpg, STR("jpg"), &e));
    check_file("nothing before the commit", film, "old film");
    CHECK(!publish_commit(&p, &e));
    CHECK_INT(e.msg, ERR_IO, e.code);
    publish_deinit(&p);
    check_file("a directory stands in the way: no film", film, "old film");
    check_file("and no subtitles", srt, "old srt");
    CHECK(rmdir(jpg.p) == 0);
    CHECK(publish_bytes(&p, film, STR("film"), &e) && publish_bytes(&p, srt, STR("srt"), &e) && publish_bytes(&p, jpg, STR("jpg"), &e));
    CHECK_ROW(e.msg, publish_commit(&p, &e));
    publish_deinit(&p);
    check_file("film", film, "film");
    check_file("srt", srt, "srt");
    check_file("jpg", jpg, "jpg");
    CHECK_INT("nothing is left", GLOB_NOMATCH, glob(path_in(&a, dir, ".vidgen-*").p, 0, NULL, &left));
    arena_deinit(&a);
}
