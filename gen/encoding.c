/* encoding.c - codecs, containers and presets by name, and which of them go together */
#include "gen/encoding.h"
#include <strings.h>
#include "gen/base/mem.h"

#define X(id, name) name,
const char *const preset_names[] = { PRESET_NAMES(X) NULL };
const char *const codec_names[] = { CODEC_NAMES(X) NULL };
const char *const sound_codec_names[] = { SOUND_CODEC_NAMES(X) NULL };
const char *const container_names[] = { CONTAINER_NAMES(X) NULL };
const char *const hardware_names[] = { HARDWARE_NAMES(X) NULL };
#undef X

static const struct {
    unsigned codecs, sounds;
    const char *takes, *remedy;
} holds[CONTAINER_N] = {
    [CONTAINER_MP4] = { ~0U, ~0U, "all", "" },
    [CONTAINER_WEBM] = { BIT(CODEC_AV1) | BIT(CODEC_VP9), BIT(SOUND_CODEC_OPUS), "av1 or vp9 with opus",
                         "set encode.codec: av1 and encode.audio_codec: opus, or make an .mp4 or .mkv" },
    [CONTAINER_MKV] = { ~0U, ~0U, "all", "" },
};

static bool ends_in(struct str path, const char *name)
{
    size_t n = str_from(name).n;
    return path.n > n + 1 && path.p[path.n - n - 1] == '.' && strncasecmp(path.p + path.n - n, name, n) == 0;
}

enum container container_of(struct str path)
{
    int i = 0;
    while (i < CONTAINER_N && !ends_in(path, container_names[i]))
        i++;
    return (enum container)i;
}

struct str container_stem(struct str path)
{
    enum container c = container_of(path);
    if (c < CONTAINER_N)
        path.n -= str_from(container_names[c]).n + 1;
    return path;
}

int codec_crf_max(enum codec c)
{
    return c == CODEC_AV1 || c == CODEC_VP9 ? 63 : 51;
}

bool encoding_crf_ok(enum codec c, int64_t crf, struct err *e)
{
    return crf <= codec_crf_max(c) || err_set(e, ERR_CONFIG, "encode.crf: %lld is more than the %d that %s has; 0 leaves it to the preset",
                                              (long long)crf, codec_crf_max(c), codec_names[c]);
}

bool encoding_fits(enum container in, enum codec codec, enum sound_codec sound, struct err *e)
{
    if (holds[in].codecs & BIT(codec) && holds[in].sounds & BIT(sound))
        return true;
    return err_set(e, ERR_CONFIG, "encode.container: %s holds %s, not %s with %s; %s", container_names[in], holds[in].takes,
                   codec_names[codec], sound_codec_names[sound], holds[in].remedy);
}
