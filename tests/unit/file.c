/* file.c - tests of whole files: ceilings, what is not a file, replacing */
#include "gen/base/file.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/support/test.h"

static const char *path_in(const char *dir, const char *name, struct buf *b)
{
    buf_clear(b);
    buf_printf(b, "%s/%s", dir, name);
    return b->p;
}

TEST(a_replaced_file_keeps_its_mode_and_reads_back)
{
    struct buf path = { 0 }, got = { 0 };
    struct err e;
    struct stat st;
    const char *p = path_in(test_tmpdir(), "a.json", &path);
    CHECK(file_replace(p, STR("one"), &e));
    CHECK(chmod(p, 0640) == 0);
    CHECK(file_replace(p, STR("two"), &e));
    CHECK(file_read(p, 3, &got, &e));
    CHECK_STR("contents", "two", buf_str(&got));
    CHECK(stat(p, &st) == 0);
    CHECK_INT("mode", 0640, st.st_mode & 07777);
    buf_deinit(&path);
    buf_deinit(&got);
}

TEST(replacing_through_a_link_changes_the_file_and_keeps_the_link)
{
    struct buf path = { 0 }, alias = { 0 }, got = { 0 };
    struct err e;
    struct stat st;
    const char *dir = test_tmpdir(), *p = path_in(dir, "a.json", &path), *l = path_in(dir, "b.json", &alias);
    CHECK(file_replace(p, STR("one"), &e) && symlink("a.json", l) == 0);
    CHECK(file_replace(l, STR("two"), &e));
    CHECK(file_read(p, 10, &got, &e));
    CHECK_STR("contents", "two", buf_str(&got));
    CHECK(lstat(l, &st) == 0 && S_ISLNK(st.st_mode));
    buf_deinit(&path);
    buf_deinit(&alias);
    buf_deinit(&got);
}

TEST(what_is_too_large_or_no_file_is_refused_by_name)
{
    struct buf path = { 0 }, got = { 0 };
    struct err e;
    const char *dir = test_tmpdir();
    const char *p = path_in(dir, "a", &path);
    CHECK(file_replace(p, STR("12345"), &e));
    CHECK(!file_read(p, 4, &got, &e) && strstr(e.msg, "larger than 4 bytes") && e.code == ERR_IO);
    CHECK(!file_read(dir, 4, &got, &e) && strstr(e.msg, "is a directory"));
    CHECK(mkfifo(path_in(dir, "pipe", &path), 0600) == 0);
    CHECK(!file_read(path.p, 4, &got, &e) && strstr(e.msg, "not a regular file"));
    CHECK(!file_read(path_in(dir, "none", &path), 4, &got, &e) && strstr(e.msg, "No such file"));
    CHECK(!file_replace(dir, STR("x"), &e));
    buf_deinit(&path);
    buf_deinit(&got);
}

enum { WRITERS = 4, FILES = 25 };
struct writer { pthread_t thread; const char *dir; int number, n_odd; };

static void *write_files(void *arg)
{
    struct writer *w = arg;
    for (int i = 0; i < FILES; i++) {
        struct buf path = { 0 };
        struct stat st;
        buf_printf(&path, "%s/%d-%d", w->dir, w->number, i);
        w->n_odd += !file_replace(path.p, STR("x"), NULL) || stat(path.p, &st) != 0 || (st.st_mode & 07777) != 0640;
        buf_deinit(&path);
    }
    return NULL;
}

TEST(threads_that_write_files_leave_each_other_the_umask)
{
    struct writer w[WRITERS];
    const char *dir = test_tmpdir();
    mode_t old = umask(027);
    CHECK_INT("read", 027, file_umask());
    for (int i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){ .dir = dir, .number = i };
        CHECK(pthread_create(&w[i].thread, NULL, write_files, &w[i]) == 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(w[i].thread, NULL);
        CHECK_INT("files of another mode", 0, w[i].n_odd);
    }
    CHECK_INT("afterwards", 027, umask(old));
}
