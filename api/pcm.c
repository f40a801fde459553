/* pcm.c - raw samples, as some services send them */
#include "api/pcm.h"
#include <string.h>
#include <strings.h>

uint32_t pcm_rate_of_mime(struct str mime)
{
    static const char key[] = "rate=";
    uint32_t rate = 0;
    if (mime.n < 9 || (strncasecmp(mime.p, "audio/L16", 9) != 0 && strncasecmp(mime.p, "audio/pcm", 9) != 0))
        return 0;
    const char *at = memmem(mime.p, mime.n, key, sizeof key - 1);
    if (!at)
        return 24000;                           /* what the services that say no rate send */
    for (at += sizeof key - 1; at < mime.p + mime.n && *at >= '0' && *at <= '9' && rate < 1000000; at++)
        rate = rate * 10 + (uint32_t)(*at - '0');
    return rate >= 8000 && rate <= 192000 ? rate : 0;
}
