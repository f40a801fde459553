/* main.c - runs the tests of one file under cmocka */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <ftw.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include "compose/child.h"
#include "tests/support/test.h"

enum { MOST_TESTS = 500, MOST_DIRS = 2000 };
static struct CMUnitTest tests[MOST_TESTS];
static size_t n_tests;
static char *dirs[MOST_DIRS];
static size_t n_dirs;

void test_add(const char *name, void (*fn)(void **))
{
    if (n_tests == MOST_TESTS)
        abort();
    tests[n_tests++] = (struct CMUnitTest){ .name = name, .test_func = fn };
}

static const char *dash(const char *row)
{
    return row && row[0] ? ": " : "";
}

void check_true(const char *row, const char *what, bool ok, const char *file, int line)
{
    if (!ok) {
        print_error("%s%sfalse: %s\n", row, dash(row), what);
        _fail(file, line);
    }
}

void check_int(const char *row, int64_t want, int64_t got, const char *file, int line)
{
    if (want != got) {
        print_error("%s%swant %lld, got %lld\n", row, dash(row), (long long)want, (long long)got);
        _fail(file, line);
    }
}

void check_near(const char *row, double want, double got, double tolerance, const char *file, int line)
{
    if (!(fabs(want - got) <= tolerance)) {
        print_error("%s%swant %g +- %g, got %g\n", row, dash(row), want, tolerance, got);
        _fail(file, line);
    }
}

void check_str(const char *row, const char *want, struct str got, const char *file, int line)
{
    if (!str_is(got, want)) {
        print_error("%s%swant \"%s\"\n%sgot  \"" STR_FMT "\"\n", row, dash(row), want, "", STR_ARG(got));
        _fail(file, line);
    }
}

void test_skip(const char *why)
{
    print_message("skipped: %s\n", why);
    skip();
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
    (void)st, (void)flag, (void)f;
    return remove(path);
}

char *test_tmpdir(void)
{
    const char *base = getenv("TMPDIR");
    char name[400];
    if (n_dirs == MOST_DIRS)
        abort();
    snprintf(name, sizeof name, "%s/vidgen-test-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(name))
        abort();
    return dirs[n_dirs++] = mem_strdup(name);
}

/* A test program that wants worker processes of its own defines this table. */
__attribute__((weak)) const struct worker test_workers[] = { { 0 } };

int main(int argc, char **argv)
{
    if (argc > 2 && !strcmp(argv[1], "--worker"))
        return worker_main(argc, argv, test_workers);
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const char *slash = strrchr(argv[0], '/');
    int failed = _cmocka_run_group_tests(slash ? slash + 1 : argv[0], tests, n_tests, NULL, NULL);
    for (size_t i = 0; i < n_dirs; i++) {
        nftw(dirs[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
        free(dirs[i]);
    }
    return failed != 0;
}
