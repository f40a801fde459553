/* lift.c - tests of api/lift: an answer that comes in any pieces is read like one that lies there whole */
#include "api/lift.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "gen/base/fd.h"
#include "api/base64.h"
#include "tests/support/test.h"


/* Base64 of n bytes that hold each value. */
static void add_base64(struct buf *b, size_t n)
{
    unsigned char *p = mem_alloc(n);
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        p[i] = (unsigned char)(x >> 24);
    }
    base64_encode(b, p, n);
    free(p);
}

/* Every `from` becomes `to`. */
static void replace(struct buf *b, const char *from, const char *to)
{
    struct buf out = BUF_INIT(64 * MIB);
    size_t n = strlen(from);
    for (size_t i = 0; i < b->n; i++)
        if (i + n <= b->n && memcmp(b->p + i, from, n) == 0) {
            buf_addz(&out, to);
            i += n - 1;
        } else {
            buf_addc(&out, b->p[i]);
        }
    buf_deinit(b);
    *b = out;
}

/* ---------- the same answer in pieces and whole ---------- */

static struct json *read_whole(struct arena *a, struct str text)
{
    struct json *tree = NULL;
    text = str_trim(text);
    if (text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
        return NULL;
    return json_parse(a, text, JSON_BOM, &tree, NULL, NULL, NULL, NULL) ? tree : NULL;
}

static bool is_same_file(int a, int64_t from_a, int b, int64_t n)
{
    char x[4096], y[4096];
    for (int64_t at = 0; at < n;) {
        size_t some = n - at < (int64_t)sizeof x ? (size_t)(n - at) : sizeof x;
        if (fd_read_at(a, x, some, from_a + at) != some || fd_read_at(b, y, some, at) != some || memcmp(x, y, some) != 0)
            return false;
        at += (int64_t)some;
    }
    return true;
}

/* Lifted strings decode to what the plain reader makes of them, all others are equal. Returns how many were lifted. */
static int compare(const char *name, const struct lift *l, int fd, const struct json *got, const struct json *want)
{
    const struct lifted *m = got->type == JSON_STRING ? lift_find(l, got->string) : NULL;
    int n = m != NULL;
    CHECK_INT(name, want->type, got->type);
    CHECK_STR(name, "", got->key.n == want->key.n ? STR("") : got->key);
    if (m) {
        struct err e = { 0 };
        int64_t bytes = 0;
        int plain = memfd_create("plain", MFD_CLOEXEC);
        CHECK_ROW(name, base64_to_fd(want->string, plain, 0, INT64_MAX, &bytes, &e));
        CHECK_INT(name, bytes, m->n_bytes);
        CHECK_ROW(name, is_same_file(fd, m->offset, plain, bytes));
        CHECK_ROW(name, got->string.n == want->string.n || got->string.n >= LIFT_HEAD);
        CHECK_ROW(name, got->string.n <= want->string.n && memcmp(got->string.p, want->string.p, got->string.n) == 0);
        close(plain);
    } else if (want->type == JSON_STRING || want->type == JSON_NUMBER) {
        CHECK_ROW(name, str_eq(want->string, got->string));
    }
    CHECK_INT(name, want->n, got->n);
    const struct json *w = want->child;
    for (const struct json *c = got->child; c && w; c = c->next, w = w->next)
        n += compare(name, l, fd, c, w);
    return n;
}

/* The answer in pieces: one of `first` bytes, then such of `step` bytes. */
static int check(const char *name, struct str text, size_t first, size_t step, bool has_media)
{
    struct err e = { 0 };
    struct arena a = { 0 }, b = { 0 };
    struct buf back = BUF_INIT(64 * MIB);
    struct block_pool pool = { .block_bytes = 8192 };
    int fd = memfd_create("answer", MFD_CLOEXEC), n = 0;
    struct lift *l = lift_create(fd, 44, &pool, has_media);
    for (size_t at = 0; at < text.n;) {
        size_t some = at == 0 ? first : step;
        some = some < text.n - at ? some : text.n - at;
        CHECK_ROW(name, lift_add(l, text.p + at, some, &e));
        at += some;
    }
    CHECK_ROW(name, lift_end(l, &e));
    CHECK_ROW(name, lift_text(l, SIZE_MAX / 4, &back, &e));
    CHECK_ROW(name, str_eq(text, buf_str(&back)));
    buf_clear(&back);
    CHECK_ROW(name, lift_text(l, 1000, &back, &e));
    CHECK_ROW(name, str_eq((struct str){ text.p, text.n < 1000 ? text.n : 1000 }, buf_str(&back)));
    const struct json *got = lift_parse(l, &a), *want = read_whole(&b, text);
    CHECK_ROW(name, (got == NULL) == (want == NULL));
    if (got && want)
        n = compare(name, l, fd, got, want);
    lift_destroy(l);
    block_pool_deinit(&pool);
    close(fd);
    arena_deinit(&a);
    arena_deinit(&b);
    buf_deinit(&back);
    return n;
}

/* ---------- answers ---------- */

#define BEFORE "{\"created\":1,\"data\":[{\"b64_json\":\""
#define AFTER "\"}],\"usage\":{\"input_tokens\":5}}"

enum { SMALL = 7000, LARGE = 70000 };

static const struct {
    const char *name, *before;
    size_t n;                                   /* bytes in base64 */
    const char *from, *to;                      /* replaced in it */
    const char *more, *after;
    int n_lifted;
} rows[] = {
    { "media", BEFORE, SMALL, NULL, NULL, "", AFTER, 1 },
    { "one pad", BEFORE, SMALL + 1, NULL, NULL, "", AFTER, 1 },
    { "no pads", BEFORE, SMALL + 2, NULL, NULL, "", AFTER, 1 },
    { "missing padding", BEFORE, SMALL, "=", "", "", AFTER, 1 },
    { "missing pad", BEFORE, SMALL + 1, "=", "", "", AFTER, 1 },
    { "a prefix", BEFORE "data:image/png;base64,", SMALL, NULL, NULL, "", AFTER, 1 },
    { "a prefix with an escape", BEFORE "data:image\\/png;base64,", SMALL, "/", "\\/", "", AFTER, 1 },
    { "slashes escaped", BEFORE, SMALL, "/", "\\/", "", AFTER, 1 },
    { "a list", "[\"", SMALL, NULL, NULL, "", "\"]", 1 },
    { "white space before", " \r\n\t{\"a\": \"", SMALL, NULL, NULL, "", "\"} \n", 1 },
    { "a text that looks like a mark", "{\"m\":\"\\u00010\",\"x\":\"\\u0001\",\"y\":\"\\u00019\",\"a\":\"", SMALL, NULL, NULL, "", "\"}", 1 },
    { "texts that look like each mark", "{\"m\":\"\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\u0008\\u0009\",\"a\":\"", SMALL, NULL, NULL, "", "\"}", 0 },
    { "other escapes before", "{\"m\":\"\\\"\\\\\\u20ac\",\"a\\\"b\":\"", SMALL, NULL, NULL, "", "\"}", 1 },
    { "line breaks", BEFORE, SMALL, "Q", "Q\\r\\n", "", AFTER, 0 },
    { "a line break at the end", BEFORE, SMALL, NULL, NULL, "\\n", AFTER, 0 },
    { "a space late", BEFORE, SMALL + 2, NULL, NULL, " QUJD", AFTER, 0 },
    { "a character that is none", BEFORE, SMALL + 2, NULL, NULL, "!", AFTER, 0 },
    { "an escape of a character", BEFORE, SMALL + 2, NULL, NULL, "\\u0041\\u0042", AFTER, 0 },
    { "an escape that is none", BEFORE, SMALL + 2, NULL, NULL, "A\\x", AFTER, 0 },
    { "an escaped quote", BEFORE, SMALL + 2, NULL, NULL, "A\\\"B", AFTER, 0 },
    { "UTF-8", BEFORE, SMALL + 2, NULL, NULL, "\xc3\xa4", AFTER, 0 },
    { "the other alphabet late", BEFORE, SMALL + 2, NULL, NULL, "A-AA", AFTER, 0 },
    { "slashes escaped and not", BEFORE, SMALL + 2, NULL, NULL, "AA\\/A", AFTER, 0 },
    { "it goes on after the padding", BEFORE, SMALL, NULL, NULL, "QUJD", AFTER, 0 },
    { "an escape after the padding", BEFORE, SMALL, NULL, NULL, "\\/", AFTER, 0 },
    { "three pads", BEFORE, SMALL, NULL, NULL, "=", AFTER, 0 },
    { "one pad too few", BEFORE, SMALL + 2, NULL, NULL, "QQ=", AFTER, 0 },
    { "pads alone", BEFORE, SMALL + 2, NULL, NULL, "==", AFTER, 0 },
    { "it ends in the middle", BEFORE, SMALL + 2, NULL, NULL, "Q", AFTER, 0 },
    { "bits left over", BEFORE, SMALL + 2, NULL, NULL, "QR==", AFTER, 0 },
    { "bits left over of three", BEFORE, SMALL + 2, NULL, NULL, "QUJ", AFTER, 0 },
    { "a control character", BEFORE, SMALL + 2, NULL, NULL, "\n", AFTER, 0 },
    { "no end", BEFORE, SMALL, NULL, NULL, "", "", 0 },
    { "no end, at a backslash", BEFORE, SMALL + 2, NULL, NULL, "\\", "", 0 },
    { "no JSON after it", BEFORE, SMALL, NULL, NULL, "", "\"}],", 0 },
    { "a long text", "{\"prompt\":\"a cell in spring\\nand ", SMALL, "A", "a ", "", "\"}", 0 },
    { "an address", "{\"url\":\"https://a.example/", SMALL, NULL, NULL, "", "\"}", 0 },
    { "a page", "<html>\"", SMALL, NULL, NULL, "", "\"</html>", 0 },
    { "short media", "{\"a\":\"", 600, NULL, NULL, "", "\"}", 0 },
    { "nothing", "", 0, NULL, NULL, "", "", 0 },
    { "white space alone", " \n", 0, NULL, NULL, "", "", 0 },
    { "large media", BEFORE, LARGE, NULL, NULL, "", AFTER, 1 },
    { "large and broken late", BEFORE, LARGE + 2, NULL, NULL, "!", AFTER, 0 },
    { "large and broken late, slashes escaped", BEFORE, LARGE + 2, "/", "\\/", "AB!", AFTER, 0 },
    { "a large text", "{\"prompt\":\"a cell in spring\\nand ", LARGE, "A", "a ", "", "\"}", 0 },
    { "large escapes", "{\"prompt\":\"", LARGE, "A", "\\\\", "", "\"}", 0 },
};

static void make(struct buf *b, size_t i)
{
    struct buf media = BUF_INIT(64 * MIB);
    b->max = 64 * MIB;
    add_base64(&media, rows[i].n);
    if (rows[i].from)
        replace(&media, rows[i].from, rows[i].to);
    buf_addz(b, rows[i].before);
    buf_adds(b, buf_str(&media));
    buf_addz(b, rows[i].more);
    buf_addz(b, rows[i].after);
    buf_deinit(&media);
}

TEST(an_answer_in_any_two_pieces_is_read_like_a_whole_one)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        make(&b, i);
        for (size_t first = 1; first <= b.n;) {
            int n = check(rows[i].name, buf_str(&b), first, b.n, true);
            CHECK_INT(rows[i].name, rows[i].n_lifted, n);
            bool is_edge = first < 80 || (first > LIFT_HEAD - 20 && first < LIFT_HEAD + 80) || first + 80 > b.n;
            first += is_edge ? 1 : b.n / 61 + 1;
        }
        buf_deinit(&b);
    }
}

TEST(an_answer_in_pieces_of_any_size_is_read_like_a_whole_one)
{
    static const size_t steps[] = { 1, 2, 3, 5, 31, 33, 4096, 16384 };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        make(&b, i);
        for (size_t k = 0; k < COUNTOF(steps); k++) {
            check(rows[i].name, buf_str(&b), steps[k], steps[k], true);
            CHECK_INT(rows[i].name, 0, check(rows[i].name, buf_str(&b), steps[k], steps[k], false));
        }
        buf_deinit(&b);
    }
}

TEST(the_url_alphabet_is_media_and_one_of_each_is_not)
{
    struct buf b = BUF_INIT(64 * MIB);
    buf_addz(&b, "{\"a\":\"");
    add_base64(&b, SMALL);
    buf_addz(&b, "\"}");
    replace(&b, "+", "-");
    CHECK_INT("'-' and '/'", 0, check("'-' and '/'", buf_str(&b), 100, 777, true));
    replace(&b, "/", "_");
    CHECK_INT("'-' and '_'", 1, check("'-' and '_'", buf_str(&b), 100, 777, true));
    buf_deinit(&b);
}

TEST(media_and_texts_of_any_length_stand_beside_each_other)
{
    struct buf b = BUF_INIT(64 * MIB);
    buf_addz(&b, "{\"words\":[");
    for (int i = 0; i < 20000; i++)
        buf_printf(&b, "%d,", i);
    buf_addz(&b, "0],\"a\":\"");
    add_base64(&b, LARGE);
    buf_addz(&b, "\",\"b\":\"");
    add_base64(&b, LARGE + 2);
    buf_addz(&b, "!\",\"c\":\"data:audio/mpeg;base64,");
    add_base64(&b, SMALL);
    buf_addz(&b, "\",\"d\":[");
    for (int i = 0; i < 20000; i++)
        buf_printf(&b, "%d,", i);
    buf_addz(&b, "0],\"e\":\"");
    add_base64(&b, SMALL + 1);
    buf_addz(&b, "\"}");
    CHECK_INT("lifted", 3, check("steps", buf_str(&b), 1000, 16384, true));
    CHECK_INT("lifted", 3, check("small steps", buf_str(&b), 1, 7, true));
    CHECK_INT("lifted", 3, check("at once", buf_str(&b), b.n, b.n, true));
    buf_deinit(&b);
}

TEST(the_first_media_begin_where_they_are_wanted_and_little_stays_in_memory)
{
    struct err e = { 0 };
    struct arena a = { 0 };
    struct buf b = BUF_INIT(64 * MIB);
    struct block_pool pool = { .block_bytes = 8192 };
    int fd = memfd_create("answer", MFD_CLOEXEC);
    struct lift *l = lift_create(fd, 44, &pool, true);
    buf_addz(&b, "{\"prompt\":\"");
    for (int i = 0; i < 2000; i++)
        buf_addz(&b, "a cell ");
    buf_addz(&b, "\",\"a\":\"");
    add_base64(&b, LARGE);
    buf_addz(&b, "\"}");
    CHECK(lift_add(l, b.p, b.n, &e) && lift_end(l, &e));
    CHECK(!lift_is_long(l));
    struct json *tree = lift_parse(l, &a);
    const struct lifted *m = tree ? lift_find(l, json_str_or(tree, "a", STR(""))) : NULL;
    CHECK_INT("offset", 44, m ? m->offset : -1);
    CHECK(tree && lift_find(l, json_str_or(tree, "prompt", STR(""))) == NULL);
    CHECK_INT("nothing but the media lies in the file", 44 + LARGE, lseek(fd, 0, SEEK_END));
    lift_destroy(l);
    block_pool_deinit(&pool);
    close(fd);
    arena_deinit(&a);
    buf_deinit(&b);
}

TEST(a_file_that_takes_nothing_is_told)
{
    struct err e = { 0 };
    struct buf b = BUF_INIT(64 * MIB);
    struct block_pool pool = { .block_bytes = 8192 };
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct lift *l = lift_create(fd, 0, &pool, true);
    buf_addz(&b, "{\"a\":\"");
    add_base64(&b, LARGE);
    CHECK(!lift_add(l, b.p, b.n, &e));
    CHECK_INT("class", ERR_IO, e.code);
    lift_destroy(l);
    block_pool_deinit(&pool);
    close(fd);
    buf_deinit(&b);
}
