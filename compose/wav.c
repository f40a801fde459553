/* wav.c - the WAV files that we write ourselves (RIFF, Microsoft/IBM 1991: 44 bytes, then samples, all little-endian) */
#include "compose/wav.h"
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "gen/media.h"

static bool write_at(int fd, const void *p, size_t n, off_t at, struct err *e)
{
    for (const char *c = p; n;) {
        ssize_t w = pwrite(fd, c, n, at);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return err_errno(e, "write speech");
        c += w, at += w, n -= (size_t)w;
    }
    return true;
}

bool wav_write(int fd, const int16_t *pcm, int64_t n_samples, struct err *e)
{
    struct {
        char riff[4];
        uint32_t size;
        char wave[4], fmt[4];
        uint32_t fmt_size;
        uint16_t format, channels;
        uint32_t rate, bytes_per_second;
        uint16_t block, bits;
        char data[4];
        uint32_t data_size;
    } h = { .fmt_size = htole32(16), .format = htole16(1), .channels = htole16(1), .rate = htole32(SAMPLE_RATE),
            .bytes_per_second = htole32(SAMPLE_RATE * 2), .block = htole16(2), .bits = htole16(16) };
    _Static_assert(sizeof h == 44, "no padding in a WAV's header");
    if (n_samples < 0 || n_samples > (INT32_MAX - 64) / 2)
        return err_set(e, ERR_MEDIA, "%lld samples do not fit into a WAV", (long long)n_samples);
    memcpy(h.riff, "RIFF", 4);
    memcpy(h.wave, "WAVE", 4);
    memcpy(h.fmt, "fmt ", 4);
    memcpy(h.data, "data", 4);
    h.data_size = htole32((uint32_t)n_samples * 2);
    h.size = htole32((uint32_t)n_samples * 2 + 36);
    if (ftruncate(fd, 0))
        return err_errno(e, "write speech");
    return write_at(fd, &h, sizeof h, 0, e) && write_at(fd, pcm, (size_t)n_samples * 2, sizeof h, e);
}
