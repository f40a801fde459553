/* base64.c - tests of api/base64 */
#include "api/base64.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "api/base64_groups.h"
#include "gen/base/fd.h"
#include "tests/support/test.h"

static int temp_fd(void)
{
    FILE *f = tmpfile();
    int fd = f ? dup(fileno(f)) : -1;
    if (f)
        fclose(f);
    return fd;
}

TEST(decoding_accepts_what_services_send_and_nothing_else)
{
    /* the good rows: RFC 4648, section 10 */
    static const struct { const char *name, *text, *want; } rows[] = {
        { "no padding needed", "Zm9vYmFy", "foobar" },
        { "one pad", "Zm9vYmE=", "fooba" },
        { "two pads", "Zm9vYg==", "foob" },
        { "missing padding", "Zm9vYg", "foob" },
        { "line breaks", "Zm9v\r\nYmFy\n", "foobar" },
        { "data prefix", "data:image/png;base64,Zm9v", "foo" },
        { "URL alphabet", "Pz8-Pz8_", "?\?>?\?\?" },
        { "one character too few", "Zm9vY", NULL },
        { "wrong padding", "Zm9vYg=", NULL },
        { "after the padding", "Zg==Zg==", NULL },
        { "bits left over", "Zh==", NULL },
        { "not base64", "Zm9v!", NULL },
        { "HTML", "<html>", NULL },
        { "nothing", "", NULL },
        { "only padding", "==", NULL },
        { "three pads", "Zg===", NULL },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        int fd = temp_fd();
        int64_t n = 0;
        char got[64];
        struct err e = { 0 };
        bool ok = base64_to_fd(str_from(rows[i].text), fd, 3, 1000, &n, &e);
        CHECK_ROW(rows[i].name, ok == (rows[i].want != NULL));
        if (ok)
            CHECK_STR(rows[i].name, rows[i].want, ((struct str){ got, fd_read_at(fd, got, sizeof got, 3) }));
        else
            CHECK_INT(rows[i].name, ERR_MEDIA, e.code);
        close(fd);
    }
}

TEST(a_large_body_survives_the_way_through_text)
{
    enum { N = 200000 };
    unsigned char *in = mem_alloc(N), *out = mem_alloc(N);
    struct buf text = { 0 };
    struct err e;
    int64_t n = 0;
    int fd = temp_fd();
    for (size_t i = 0; i < N; i++)
        in[i] = (unsigned char)(i * 7 + i / 251);
    base64_encode(&text, in, N);
    CHECK(base64_to_fd(buf_str(&text), fd, 0, N, &n, &e));
    CHECK_INT("bytes", N, n);
    CHECK_INT("read back", N, fd_read_at(fd, out, N, 0));
    CHECK(memcmp(in, out, N) == 0);
    CHECK(!base64_to_fd(buf_str(&text), fd, 0, N - 1, &n, &e));
    close(fd);
    buf_deinit(&text);
    free(in);
    free(out);
}

/* 100 characters of which the one at `at` is `c`. */
static size_t groups_with(unsigned char c, size_t at, size_t room, bool allow_simd, unsigned char out[100])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    unsigned char text[100];
    unsigned kinds = 0;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)alphabet[(i * 29 + 7) % (sizeof alphabet - 1)];
    text[at] = c;
    memset(out, 0xee, 100);
    return base64_groups(out, room, text, sizeof text, allow_simd, &kinds);
}

TEST(each_character_at_each_place_decodes_the_same_with_and_without_simd)
{
    unsigned char plain[100], simd[100];
    for (size_t at = 0; at < 100; at++)
        for (int c = 0; c < 256; c++) {
            size_t n = groups_with((unsigned char)c, at, 75, false, plain);
            CHECK_INT("groups", base64_value((unsigned char)c) < 0 ? at / 4 : 25, n);
            CHECK_INT("groups with SIMD", n, groups_with((unsigned char)c, at, 75, true, simd));
            CHECK(memcmp(plain, simd, n * 3) == 0);
        }
}

TEST(groups_stop_where_there_is_no_room)
{
    unsigned char plain[100], simd[100];
    for (size_t room = 0; room < 75; room++) {
        CHECK_INT("groups", room / 3, groups_with('A', 0, room, false, plain));
        CHECK_INT("groups with SIMD", room / 3, groups_with('A', 0, room, true, simd));
        CHECK(memcmp(plain, simd, room / 3 * 3) == 0);
        CHECK_INT("behind the room", 0xee, simd[room]);
    }
}

TEST(what_the_alphabets_do_not_share_is_noticed_at_each_place)
{
    for (size_t at = 0; at < 100; at++)
        for (int c = 0; c < 256; c++) {
            unsigned char text[100], out[100];
            unsigned plain = 0, simd = 0;
            memset(text, 'A', sizeof text);
            text[at] = (unsigned char)c;
            base64_groups(out, sizeof out, text, sizeof text, false, &plain);
            base64_groups(out, sizeof out, text, sizeof text, true, &simd);
            CHECK_INT("kinds", base64_kind((unsigned char)c), plain);
            CHECK_INT("kinds with SIMD", plain, simd);
        }
}
