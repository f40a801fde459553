/* heard.c - all that is heard in a film as packets */
#include "compose/heard.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include "compose/aside.h"
#include "compose/kept_sound.h"
#include "compose/mix.h"
#include "compose/sound_encoder.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

struct heard {
    struct kept_reader *kept;                   /* else: */
    int kept_fd, scratch;
    struct track track;
    struct loudness loudness;
    struct master *master;
    struct sound_encoder *coder;
    struct kept_writer *keep;                   /* NULL: not wanted, or it went wrong, which is no failure */
    bool is_kept;
};

static bool open_kept(struct heard *h, const struct blob *b)
{
    struct err e;
    h->kept_fd = open(b->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return h->kept_fd >= 0 && (h->kept = kept_open(h->kept_fd, &e));
}

/* The file may hold what an earlier try left. */
static void begin_keeping(struct heard *h, int fd)
{
    AVCodecParameters *par = avcodec_parameters_alloc();
    struct err e;
    if (par && fd_empty(fd, &e) && lseek(fd, 0, SEEK_SET) == 0 && sound_encoder_params(h->coder, par, &e))
        h->keep = kept_create(fd, par, &h->loudness, &e);
    avcodec_parameters_free(&par);
}

static bool make(struct heard *h, const struct join_spec *s, struct heard_aim aim, const atomic_bool *stop, struct err *e)
{
    const struct loudness_opts *l = &s->lesson->loudness;
    double ceiling = l->peak - aim.margin_db, target = l->target + aim.lift_lu, gain_db = target - MIX_LEVEL_LUFS;
    if ((h->scratch = aside_scratch(s->out_path, e)) < 0 || !mix_film(s, h->scratch, &h->track, stop, e) ||
        !master_fit(&h->track, target, &ceiling, &gain_db, &h->loudness, e))
        return false;
    h->master = master_create(&h->track, gain_db, ceiling);
    h->coder = sound_encoder_create(h->master, (enum sound_codec)s->sound_codec, h->track.channels, h->track.n_samples,
                                    s->audio_kbps, e);
    if (h->coder && s->is_sound_wanted)
        begin_keeping(h, s->sound_fd);
    return h->coder != NULL;
}

struct heard *heard_create(const struct join_spec *s, struct heard_aim aim, const atomic_bool *stop, struct err *e)
{
    struct heard *h = mem_alloc(sizeof *h);
    h->scratch = h->kept_fd = -1;
    if ((!s->sound || !open_kept(h, s->sound)) && !make(h, s, aim, stop, e)) {
        heard_destroy(h);
        return NULL;
    }
    if (h->kept)
        h->loudness = kept_loudness(h->kept);
    return h;
}

void heard_destroy(struct heard *h)
{
    if (!h)
        return;
    kept_close(h->kept);
    kept_destroy(h->keep);
    sound_encoder_destroy(h->coder);
    master_destroy(h->master);
    if (h->scratch >= 0)
        close(h->scratch);
    if (h->kept_fd >= 0)
        close(h->kept_fd);
    free(h);
}

bool heard_params(const struct heard *h, struct AVCodecParameters *out, struct err *e)
{
    return h->kept ? kept_params(h->kept, out, e) : sound_encoder_params(h->coder, out, e);
}

static void keep(struct heard *h, const AVPacket *p, bool got)
{
    struct err e;
    bool ok = got ? kept_add(h->keep, p, &e) : kept_finish(h->keep, &e);
    h->is_kept = ok && !got;
    if (ok && got)
        return;
    kept_destroy(h->keep);
    h->keep = NULL;
}

bool heard_next(struct heard *h, struct AVPacket *p, bool *got, struct err *e)
{
    if (h->kept)
        return kept_next(h->kept, p, got, e);
    if (!sound_encoder_next(h->coder, p, got, e))
        return false;
    if (h->keep)
        keep(h, p, *got);
    return true;
}

struct loudness heard_loudness(const struct heard *h)
{
    return h->loudness;
}

bool heard_is_kept(const struct heard *h)
{
    return h->is_kept;
}
