/* base64.c - base64 as services send it, decoded straight to a file */
#include "api/base64.h"
#include <string.h>
#include "api/base64_groups.h"
#include "gen/base/fd.h"

enum { CHUNK = 64 * 1024 };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct str without_data_prefix(struct str text)
{
    text = str_trim(text);
    if (!str_starts(text, "data:"))
        return text;
    const char *comma = memchr(text.p, ',', text.n < 256 ? text.n : 256);
    if (!comma)
        return text;
    return (struct str){ comma + 1, text.n - (size_t)(comma + 1 - text.p) };
}

struct sink {
    int fd;
    int64_t at, max, n;
    unsigned char out[CHUNK];
    size_t used;
};

static bool flush(struct sink *s, struct err *e)
{
    if (s->n + (int64_t)s->used > s->max)
        return err_set(e, ERR_MEDIA, "base64 of more than %lld bytes", (long long)s->max);
    if (!fd_write_at(s->fd, s->out, s->used, s->at + s->n, e))
        return false;
    s->n += (int64_t)s->used;
    s->used = 0;
    return true;
}

static bool put(struct sink *s, unsigned char byte, struct err *e)
{
    s->out[s->used++] = byte;
    return s->used < CHUNK || flush(s, e);
}

/* The last group: 2 characters make 1 byte, 3 make 2; what is left of the bits must be zero. */
static bool put_last(struct sink *s, uint32_t bits, int n_chars, int n_pads, struct err *e)
{
    if (n_chars == 1 || (n_pads && n_chars + n_pads != 4))
        return err_set(e, ERR_MEDIA, "base64 that ends in the middle");
    if ((n_chars == 2 && bits & 0xf) || (n_chars == 3 && bits & 0x3))
        return err_set(e, ERR_MEDIA, "base64 whose last bits are not zero");
    if (n_chars == 2)
        return put(s, (unsigned char)(bits >> 4), e);
    if (n_chars == 3)
        return put(s, (unsigned char)(bits >> 10), e) && put(s, (unsigned char)(bits >> 2), e);
    return true;
}

bool base64_to_fd(struct str text, int fd, int64_t offset, int64_t max, int64_t *n_bytes, struct err *e)
{
    struct sink s;
    uint32_t bits = 0;
    unsigned kinds = 0;                         /* they may be mixed */
    int n_chars = 0, n_pads = 0;
    s.fd = fd, s.at = offset, s.max = max, s.n = 0, s.used = 0; /* its 64 KiB need no zeros */
    text = without_data_prefix(text);
    for (size_t i = 0; i < text.n; i++) {
        if (n_chars == 0 && n_pads == 0) {
            size_t n = base64_groups(s.out + s.used, CHUNK - 1 - s.used, (const unsigned char *)text.p + i, text.n - i, true,
                                     &kinds);
            s.used += n * 3;
            i += n * 4;
            if (i == text.n)
                break;
        }
        char c = text.p[i];
        int v = base64_value((unsigned char)c);
        if (is_space(c))
            continue;
        if (c == '=' && n_pads < 2) {
            n_pads++;
            continue;
        }
        if (v < 0)
            return err_set(e, ERR_MEDIA, "not base64: byte 0x%02x at %zu", (unsigned)(unsigned char)c, i);
        if (n_pads)
            return err_set(e, ERR_MEDIA, "base64 goes on after its padding, at %zu", i);
        bits = bits << 6 | (uint32_t)v;
        if (++n_chars == 4) {
            if (!put(&s, (unsigned char)(bits >> 16), e) || !put(&s, (unsigned char)(bits >> 8), e) ||
                !put(&s, (unsigned char)bits, e))
                return false;
            bits = 0;
            n_chars = 0;
        }
    }
    if (!put_last(&s, bits, n_chars, n_pads, e) || !flush(&s, e))
        return false;
    if (n_chars == 0 && n_pads)
        return err_set(e, ERR_MEDIA, "base64 with padding and nothing before it");
    if (s.n == 0)
        return err_set(e, ERR_MEDIA, "base64 of nothing");
    *n_bytes = s.n;
    return true;
}

void base64_encode(struct buf *out, const void *p, size_t n)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *b = p;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)b[i] << 16 | (i + 1 < n ? (uint32_t)b[i + 1] << 8 : 0) | (i + 2 < n ? b[i + 2] : 0);
        char four[4] = { alphabet[v >> 18], alphabet[v >> 12 & 63], i + 1 < n ? alphabet[v >> 6 & 63] : '=',
                         i + 2 < n ? alphabet[v & 63] : '=' };
        buf_add(out, four, sizeof four);
    }
}
