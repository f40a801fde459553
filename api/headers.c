/* headers.c - the header lines of an answer */
#include "api/headers.h"
#include <string.h>
#include <strings.h>
#include "gen/base/mem.h"

bool headers_add(struct headers *h, struct str line)
{
    if (h->lines.max == 0)
        h->lines.max = 64 * KIB;
    line = str_trim(line);
    if (line.n == 0 || !memchr(line.p, ':', line.n) || memchr(line.p, '\n', line.n))
        return true;
    if (h->lines.n + line.n + 1 > h->lines.max)
        return false;
    return buf_adds(&h->lines, line) && buf_addc(&h->lines, '\n');
}

struct str headers_get(const struct headers *h, const char *name)
{
    size_t n = strlen(name);
    struct str all = buf_str(&h->lines);
    for (size_t i = 0; i < all.n;) {
        const char *end = memchr(all.p + i, '\n', all.n - i);
        size_t len = end ? (size_t)(end - (all.p + i)) : all.n - i;
        if (len > n && all.p[i + n] == ':' && strncasecmp(all.p + i, name, n) == 0)
            return str_trim((struct str){ all.p + i + n + 1, len - n - 1 });
        i += len + 1;
    }
    return (struct str){ 0 };
}

void headers_clear(struct headers *h)
{
    buf_clear(&h->lines);
}

void headers_deinit(struct headers *h)
{
    buf_deinit(&h->lines);
}

bool header_value_ok(struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

bool header_name_ok(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  (c && strchr("!#$%&'*+-.^_`|~", c));
        if (!ok)
            return false;
    }
    return name.n > 0;
}
