/* inputs.c - tests of which lessons a command line names */
#include "cmd/inputs.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmd/watch.h"
#include "gen/base/file.h"
#include "tests/support/test.h"

static char *old_dir;

static void enter(void)
{
    static const char *const files[] = { "b.json", "a.json", "10.json", ".hidden.json", "notes.txt", "sub/z.json" };
    struct err e;
    old_dir = getcwd(NULL, 0);
    CHECK(old_dir && chdir(test_tmpdir()) == 0 && mkdir("sub", 0700) == 0 && mkdir("dir.json", 0700) == 0 &&
          mkdir("empty", 0700) == 0);
    for (size_t i = 0; i < COUNTOF(files); i++)
        CHECK(file_replace(files[i], STR("{}"), &e));
}

static void leave(void)
{
    CHECK(chdir(old_dir) == 0);
    free(old_dir);
}

static void check_with(const char *want, const char *const *words, bool is_recursive)
{
    struct arena a = { 0 };
    struct inputs in = { 0 };
    struct buf b = { 0 };
    struct err e = { 0 };
    int n = 0;
    while (words[n])
        n++;
    if (!inputs_collect(&a, n, (char **)(uintptr_t)words, is_recursive, &in, &e))
        buf_printf(&b, "%s: %s", err_code_name(e.code), e.msg);
    for (size_t i = 0; i < in.n; i++)
        buf_printf(&b, "%s%s", i ? " " : "", in.paths[i].p);
    CHECK_STR(words[0] ? words[0] : "nothing", want, buf_str(&b));
    buf_deinit(&b);
    arena_deinit(&a);
}

static void check_list(const char *want, const char *const *words)
{
    check_with(want, words, false);
}

#define WORDS(...)                                                                                                     \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

TEST(a_directory_stands_for_its_json_files_sorted_and_a_file_for_itself)
{
    enter();
    check_list("./10.json ./a.json ./b.json", WORDS("."));
    check_list("sub/z.json b.json", WORDS("sub/", "b.json"));
    check_list("b.json ./10.json ./a.json", WORDS("b.json", "."));
    check_list("notes.txt", WORDS("notes.txt", "./notes.txt"));
    check_list("- a.json", WORDS("-", "a.json"));
    leave();
}

TEST(what_names_no_lesson_is_an_error)
{
    enter();
    check_list("usage: no lesson was named: give files or directories of lessons", WORDS(NULL));
    check_list("io: none.json: No such file or directory", WORDS("a.json", "none.json"));
    check_list("io: empty: no *.json file in this directory; --recursive looks into its directories, too",
               WORDS("empty"));
    leave();
}

TEST(a_manifest_in_the_lessons_directory_is_no_lesson)
{
    struct err e;
    enter();
    CHECK(file_replace("a.manifest.json", STR("{}"), &e));
    check_list("./10.json ./a.json ./b.json", WORDS("."));
    check_list("a.manifest.json", WORDS("a.manifest.json"));
    CHECK(!watch_means(STR("a.manifest.json"), true) && watch_means(STR("manifest.json"), true));
    leave();
}

TEST(a_directory_with_its_own_ones_is_asked_for)
{
    enter();
    check_with("./10.json ./a.json ./b.json ./sub/z.json", WORDS("."), true);
    check_with("sub/z.json ./10.json ./a.json ./b.json", WORDS("sub", "."), true);
    leave();
}

TEST(a_pattern_that_no_shell_expanded_names_what_it_fits)
{
    enter();
    check_list("10.json a.json b.json", WORDS("*.json"));
    check_list("sub/z.json b.json", WORDS("s*/?.json", "[b-z].json"));
    check_list("io: x*.json: nothing is called so", WORDS("x*.json"));
    check_list("sub/z.json", WORDS("su*"));
    check_list("io: empty/: no *.json file in this directory; --recursive looks into its directories, too", WORDS("empt*"));
    leave();
}
