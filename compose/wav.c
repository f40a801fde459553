/* wav.c - the WAV files that we write ourselves */
#include "compose/wav.h"
#include <unistd.h>
#include "gen/base/fd.h"
#include "gen/media.h"
#include "gen/wav.h"

bool wav_write(int fd, const int16_t *pcm, int channels, int64_t n_samples, struct err *e)
{
    unsigned char header[WAV_HEADER];
    int64_t frame = 2 * channels;
    if (n_samples < 0 || n_samples > WAV_MOST / frame)
        return err_set(e, ERR_MEDIA, "%lld samples do not fit into a WAV", (long long)n_samples);
    size_t bytes = (size_t)(n_samples * frame);
    wav_header(header, (uint32_t)bytes, SAMPLE_RATE, (uint32_t)channels);
    if (ftruncate(fd, 0))
        return err_errno(e, "write speech");
    return fd_write_at(fd, header, sizeof header, 0, e) && fd_write_at(fd, pcm, bytes, WAV_HEADER, e);
}
