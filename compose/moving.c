/* moving.c - pictures that move, told from others by their first bytes */
#include "compose/moving.h"
#include <stdint.h>
#include <string.h>
#include "gen/base/fd.h"
#include "gen/sniff.h"

enum { CHUNKS_MOST = 1000, CHUNK_MOST = 1 << 30 };

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* acTL stands before IDAT (APNG 1.0). */
bool moving_is_apng(int fd)
{
    int64_t at = 8;
    uint8_t head[12];
    for (int i = 0; i < CHUNKS_MOST; i++) {
        if (fd_read_at(fd, (char *)head, sizeof head, at) != sizeof head || be32(head) > CHUNK_MOST ||
            memcmp(head + 4, "IDAT", 4) == 0)
            return false;
        if (memcmp(head + 4, "acTL", 4) == 0)
            return be32(head + 8) > 1;
        at += (int64_t)be32(head) + 12;
    }
    return false;
}

bool moving_is_webp(struct str head)
{
    return head.n > 20 && memcmp(head.p + 12, "VP8X", 4) == 0 && ((unsigned char)head.p[20] & 2);
}

bool moving_may_be(int fd)
{
    char head[SNIFF_BYTES];
    struct str h = { head, fd_read_at(fd, head, sizeof head, 0) };
    const char *type = sniff_type(h);
    return strcmp(type, "gif") == 0 || (strcmp(type, "webp") == 0 && moving_is_webp(h)) || (strcmp(type, "png") == 0 && moving_is_apng(fd));
}
