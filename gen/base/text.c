/* text.c - UTF-8 and text for people */
#include "gen/base/text.h"
#include "gen/base/arena.h"
#include "gen/base/mem.h"

size_t text_decode(struct str s, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (s.n == 0)
        return 0;
    if (p[0] < 0x80) {
        *cp = p[0];
        return 1;
    }
    static const struct { unsigned char mask, lead; uint32_t least; } forms[] = {
        { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 },
    };
    for (size_t f = 0; f < COUNTOF(forms); f++) {
        if ((p[0] & forms[f].mask) != forms[f].lead)
            continue;
        size_t n = f + 2;
        if (s.n < n)
            return 0;
        uint32_t c = p[0] & (unsigned char)~forms[f].mask;
        for (size_t i = 1; i < n; i++) {
            if ((p[i] & 0xc0) != 0x80)
                return 0;
            c = c << 6 | (p[i] & 0x3f);
        }
        if (c < forms[f].least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
            return 0;
        *cp = c;
        return n;
    }
    return 0;
}

bool text_encode(struct buf *b, uint32_t c)
{
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return false;
    if (c < 0x80)
        return buf_addc(b, (char)c);
    if (c < 0x800)
        return buf_add(b, (char[]){ (char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f)) }, 2);
    if (c < 0x10000)
        return buf_add(b, (char[]){ (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)),
                                    (char)(0x80 | (c & 0x3f)) }, 3);
    return buf_add(b, (char[]){ (char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 0x3f)),
                                (char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f)) }, 4);
}

bool text_valid(struct str s, size_t *bad)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t cp;
        size_t n = text_decode((struct str){ s.p + i, s.n - i }, &cp);
        if (n == 0) {
            if (bad)
                *bad = i;
            return false;
        }
        i += n;
    }
    return true;
}

size_t text_length(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; count++) {
        uint32_t cp;
        size_t n = text_decode((struct str){ s.p + i, s.n - i }, &cp);
        i += n ? n : 1;
    }
    return count;
}

struct str text_cut(struct str s, size_t bytes)
{
    if (s.n <= bytes)
        return s;
    while (bytes > 0 && ((unsigned char)s.p[bytes] & 0xc0) == 0x80)
        bytes--;
    return (struct str){ s.p, bytes };
}

static bool is_bidi_control(uint32_t c)
{
    return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void text_clean(struct buf *b, struct str s, size_t max)
{
    size_t start = b->n;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = 0;
        struct str rest = { s.p + i, s.n - i };
        size_t n = text_decode(rest, &c);
        if (max && b->n - start > max) {
            buf_addz(b, "...");
            return;
        }
        if (n == 0)
            buf_printf(b, "\\x%02X", (unsigned char)rest.p[0]);
        else if (c < 0x20 || c == 0x7f)
            buf_printf(b, "\\x%02X", (unsigned)c);
        else if ((c >= 0x80 && c < 0xa0) || is_bidi_control(c) || c == 0x2028 || c == 0x2029)
            buf_printf(b, "\\u{%04X}", (unsigned)c);
        else
            buf_add(b, rest.p, n);
        i += n ? n : 1;
    }
}

size_t text_distance(struct str a, struct str b, size_t limit)
{
    enum { LONGEST = 64 };
    size_t row[LONGEST + 1];
    if (a.n > LONGEST || b.n > LONGEST || (a.n > b.n ? a.n - b.n : b.n - a.n) >= limit)
        return limit;
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t best = diagonal + (a.p[i - 1] != b.p[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b.n] < limit ? row[b.n] : limit;
}

struct str text_quoted(struct arena *a, struct str s)
{
    struct buf b = { 0 };
    buf_addc(&b, '"');
    text_clean(&b, s, 60);
    buf_addc(&b, '"');
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

void text_duration(struct buf *b, int64_t ms)
{
    long long s = ms > 0 ? (ms + 500) / 1000 : 0;
    if (s >= 3600)
        buf_printf(b, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    else
        buf_printf(b, "%lld:%02lld", s / 60, s % 60);
}
