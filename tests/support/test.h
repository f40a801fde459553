/* test.h - tests whose names are sentences that can be false; cmocka runs them
 *
 *     TEST(a_string_that_is_cut_ends_in_dots) { CHECK_INT("row name", 3, n); }
 *
 * Every tests/unit/NAME.c becomes one program with main() from tests/support/main.c. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <string.h>
#include "gen/base/buf.h"
#include "gen/base/mem.h"

void test_add(const char *name, void (*fn)(void **));
void check_true(const char *row, const char *what, bool ok, const char *file, int line);
void check_int(const char *row, int64_t want, int64_t got, const char *file, int line);
void check_near(const char *row, double want, double got, double tolerance, const char *file, int line);
void check_str(const char *row, const char *want, struct str got, const char *file, int line);
void test_skip(const char *why);                /* leaves the test; counted and printed */
/* a fresh directory under $TMPDIR, removed at exit; owned by the support code */
char *test_tmpdir(void);

#define TEST(name)                                                                        \
    static void name(void **state);                                                       \
    __attribute__((constructor)) static void name##_register(void) { test_add(#name, name); } \
    static void name(void **state __attribute__((unused)))

#define CHECK(cond) check_true("", #cond, (cond), __FILE__, __LINE__)
#define CHECK_ROW(row, cond) check_true(row, #cond, (cond), __FILE__, __LINE__)
#define CHECK_INT(row, want, got) check_int(row, (int64_t)(want), (int64_t)(got), __FILE__, __LINE__)
#define CHECK_NEAR(row, want, got, tol) check_near(row, want, got, tol, __FILE__, __LINE__)
#define CHECK_STR(row, want, got) check_str(row, want, got, __FILE__, __LINE__)
