/* base64.c - tests of api/base64 */
#include "api/base64.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
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
