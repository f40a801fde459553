/* lift_text.c - what is read of a lifted answer: its tree, and the text as it came */
#include <assert.h>
#include <string.h>
#include "api/base64.h"
#include "api/base64_groups.h"
#include "api/lift_private.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

enum { HEAD_BYTES = LIFT_HEAD / 4 * 3, READ_BACK = 3 * 4096 };

void lift_encode(struct buf *out, const unsigned char *p, size_t n, unsigned kinds)
{
    struct buf text = BUF_INIT(SIZE_MAX / 2);
    base64_encode(&text, p, n);
    while (text.n && text.p[text.n - 1] == '=')
        text.n--;
    for (size_t i = 0, done = 0; i <= text.n; i++) {
        char c = i < text.n ? text.p[i] : '\0';
        if (kinds & BASE64_URL && (c == '+' || c == '/'))
            text.p[i] = c == '+' ? '-' : '_';
        bool is_escaped = kinds & LIFT_ESCAPED && c == '/';
        if (!is_escaped && i < text.n)
            continue;
        buf_add(out, text.p + done, i - done);
        buf_addz(out, is_escaped ? "\\" : "");
        done = i;
    }
    buf_deinit(&text);
}

bool lift_is_long(const struct lift *l)
{
    return l->n_spills > 0;
}

static bool add_file(const struct lift *l, int64_t offset, int64_t n, struct buf *out, struct err *e)
{
    char chunk[READ_BACK];
    while (n) {
        size_t some = n < READ_BACK ? (size_t)n : READ_BACK;
        if (fd_read_at(l->file.fd, chunk, some, offset) != some)
            return err_set(e, ERR_IO, "read back %zu bytes of an answer", some);
        buf_add(out, chunk, some);
        offset += (int64_t)some;
        n -= (int64_t)some;
    }
    return true;
}

/* The text from one place to another, media left out. */
static bool add_range(const struct lift *l, int64_t from, int64_t to, struct buf *out, struct err *e)
{
    int64_t at = 0;                             /* where in all the text the spilled one begins */
    for (size_t i = 0; i < l->n_spills; at += l->spills[i].n, i++) {
        int64_t skip = from > at ? from - at : 0, end = to - at < l->spills[i].n ? to - at : l->spills[i].n;
        if (skip < end && !add_file(l, l->spills[i].offset + skip, end - skip, out, e))
            return false;
    }
    if (to > at)
        buf_add(out, l->text.p + (from > at ? from - at : 0), (size_t)(to - (from > at ? from : at)));
    return true;
}

static bool add_media(const struct lift *l, const struct lift_media *m, size_t most, struct buf *out, struct err *e)
{
    unsigned char bytes[READ_BACK];
    for (int64_t at = 0; at < m->media.n_bytes && out->n < most;) {
        int64_t left = m->media.n_bytes - at;
        size_t n = left < READ_BACK ? (size_t)left : READ_BACK;
        if (fd_read_at(l->file.fd, bytes, n, m->media.offset + at) != n)
            return err_set(e, ERR_IO, "read back %zu bytes of an answer", n);
        lift_encode(out, bytes, n, m->kinds);
        at += (int64_t)n;
    }
    return buf_add(out, "==", (size_t)m->n_pads);
}

static int64_t text_bytes(const struct lift *l)
{
    return l->n_spilled + (int64_t)l->text.n;
}

bool lift_text(const struct lift *l, size_t most, struct buf *out, struct err *e)
{
    struct buf all = BUF_INIT(SIZE_MAX / 2);
    int64_t at = 0, limit = (int64_t)most;
    bool ok = true;
    for (size_t i = 0; ok && i < l->n_media && all.n < most; i++) {
        int64_t to = l->media[i].text_at;
        ok = add_range(l, at, to - at < limit ? to : at + limit, &all, e) && add_media(l, &l->media[i], most, &all, e);
        at = to;
    }
    if (ok && all.n < most)
        ok = add_range(l, at, text_bytes(l) - at < limit ? text_bytes(l) : at + limit, &all, e);
    ok = ok && buf_add(out, all.p, all.n < most ? all.n : most);
    buf_deinit(&all);
    return ok;
}

/* ---------- the tree ---------- */

/* A control character that no string of the text has, to mark where media were; 0: it has all that are tried. */
static char free_mark(struct str text)
{
    char escape[] = "\\u0001";
    for (; escape[5] <= '9'; escape[5]++)
        if (!memmem(text.p, text.n, escape, sizeof escape - 1))
            return (char)(escape[5] - '0');
    return 0;
}

/* The text with the mark and a number in the place of media. */
static void add_marked(const struct lift *l, struct str text, char mark, struct buf *out)
{
    size_t at = 0;
    for (size_t i = 0; i < l->n_media; i++) {
        size_t to = (size_t)l->media[i].text_at;
        buf_add(out, text.p + at, to - at);
        buf_printf(out, "\\u%04x%zu", (unsigned)mark, i);
        at = to;
    }
    buf_add(out, text.p + at, text.n - at);
}

/* Digits of our own. */
static struct lift_media *media_of(struct lift *l, struct str number)
{
    size_t i = 0;
    for (size_t k = 0; k < number.n; k++)
        i = i * 10 + (size_t)(number.p[k] - '0');
    assert(i < l->n_media);
    return &l->media[i];
}

static struct str head_of(const struct lift *l, const struct lift_media *m, struct str prefix, struct arena *a)
{
    unsigned char bytes[HEAD_BYTES];
    struct buf text = { 0 };
    size_t n = m->media.n_bytes < HEAD_BYTES ? (size_t)m->media.n_bytes : HEAD_BYTES;
    buf_adds(&text, prefix);
    lift_encode(&text, bytes, fd_read_at(l->file.fd, bytes, n, m->media.offset), m->kinds & ~(unsigned)LIFT_ESCAPED);
    if (m->media.n_bytes <= HEAD_BYTES)
        buf_add(&text, "==", (size_t)m->n_pads);
    struct str head = arena_str(a, buf_str(&text));
    buf_deinit(&text);
    return head;
}

/* Depth is at most 64: the parser saw to it. */
static void put_heads(struct lift *l, struct arena *a, struct json *v, char mark)
{
    const char *at = v->type == JSON_STRING && v->string.n ? memchr(v->string.p, mark, v->string.n) : NULL;
    if (at) {
        struct str prefix = { v->string.p, (size_t)(at - v->string.p) };
        struct lift_media *m = media_of(l, (struct str){ at + 1, v->string.n - prefix.n - 1 });
        v->string = m->head = head_of(l, m, prefix, a);
    }
    for (struct json *c = v->child; c; c = c->next)
        put_heads(l, a, c, mark);
}

static struct json *parse(struct arena *a, struct str text)
{
    struct json *tree = NULL;
    text = str_trim(text);
    if (text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
        return NULL;
    return json_parse(a, text, JSON_BOM, &tree, NULL, NULL, NULL, NULL) ? tree : NULL;
}

struct json *lift_parse(struct lift *l, struct arena *a)
{
    struct buf text = BUF_INIT(SIZE_MAX / 2), marked = BUF_INIT(SIZE_MAX / 2);
    struct json *tree = NULL;
    struct err e;
    char mark = 0;
    if (l->has_media && l->state == LIFT_PLAIN)
        return NULL;
    if (l->n_media == 0 && l->n_spills == 0)
        return parse(a, buf_str(&l->text));
    if (!add_range(l, 0, text_bytes(l), &text, &e))
        goto out;
    mark = l->n_media ? free_mark(buf_str(&text)) : 0;
    if (mark)
        add_marked(l, buf_str(&text), mark, &marked);
    else if (!lift_text(l, SIZE_MAX / 4, &marked, &e))
        goto out;
    buf_deinit(&text);
    tree = parse(a, buf_str(&marked));
    if (tree && mark)
        put_heads(l, a, tree, mark);
out:
    buf_deinit(&text);
    buf_deinit(&marked);
    return tree;
}

const struct lifted *lift_find(const struct lift *l, struct str value)
{
    for (size_t i = 0; i < l->n_media; i++)
        if (l->media[i].head.p && l->media[i].head.p == value.p)
            return &l->media[i].media;
    return NULL;
}
