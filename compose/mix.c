/* mix.c - all that is heard in a film, on one sample clock */
#include "compose/mix.h"
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include "compose/decode.h"
#include "compose/loudness.h"
#include "compose/music.h"
#include "gen/base/mem.h"
#include "gen/media.h"

enum { FADE = SAMPLE_RATE * 5 / 1000 };
/* of each section before the film as a whole is brought to its target */
static const double level_lufs = -20;
static const double most_gain_db = 24;          /* a hiss is not made into speech */

int64_t film_samples(const struct video_format *f, int64_t frame)
{
    int64_t num = frame * f->fps_den * (int64_t)SAMPLE_RATE;
    return (num + f->fps_num / 2) / f->fps_num;
}

static bool is_stopped(const atomic_bool *stop)
{
    return stop && atomic_load(stop);
}

static bool open_sound(const struct join_section *s, size_t i, struct sound *out, struct err *e)
{
    const char *path = s->speech->path.p;       /* of the store: NUL-terminated */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 ? sound_decode(fd, out, e) : err_errno(e, "open the speech");
    if (fd >= 0)
        close(fd);
    return ok || err_wrap(e, "sections[%zu]", i);
}

/* Linear gain that brings the sound to one level, times the volume that the lesson asks for. */
static double gain_of(const struct sound *s, double volume)
{
    double lufs = loudness_of(s->pcm, s->channels, s->n_samples);
    double db = isfinite(lufs) ? level_lufs - lufs : 0;
    return volume * pow(10, fmin(db, most_gain_db) / 20);
}

/* 0 at the ends, 1 inside; half a cosine over FADE samples. */
static double fade(int64_t i, int64_t n)
{
    int64_t d = i < n - 1 - i ? i : n - 1 - i;
    return d >= FADE ? 1 : 0.5 - 0.5 * cos(M_PI * ((double)d + 0.5) / FADE);
}

static bool lay(struct track *t, const struct sound *s, int64_t at, double gain, const atomic_bool *stop, struct err *e)
{
    /* the fade is at the film's end, if that is sooner */
    int64_t n = s->n_samples < t->n_samples - at ? s->n_samples : t->n_samples - at;
    float *block = mem_array((size_t)TRACK_BLOCK * 2, sizeof *block);
    bool ok = true;
    for (int64_t from = 0; ok && from < n; from += TRACK_BLOCK) {
        int64_t k = n - from < TRACK_BLOCK ? n - from : TRACK_BLOCK;
        for (int64_t i = 0; i < k; i++)
            for (int c = 0; c < t->channels; c++) {
                double v = (double)s->pcm[(from + i) * s->channels + (c < s->channels ? c : 0)];
                block[i * t->channels + c] = (float)(isfinite(v) ? v * gain * fade(from + i, n) : 0);
            }
        ok = is_stopped(stop) ? err_set(e, ERR_CANCELLED, "stopped") : track_add(t, at + from, block, (size_t)k, e);
    }
    free(block);
    return ok;
}

/* False without an error in *wider when a sound has more channels than the track: then all begins anew with two. */
static bool lay_all(const struct join_spec *s, struct track *t, bool *wider, const atomic_bool *stop, struct err *e)
{
    for (size_t i = 0; i < s->n_sections; i++) {
        const struct join_section *sec = &s->sections[i];
        struct sound snd = { 0 };
        if (!sec->speech)
            continue;
        if (!open_sound(sec, i, &snd, e))
            return false;
        *wider = snd.channels > t->channels;
        bool ok =
            !*wider && lay(t, &snd, sec->speech_start_samples, gain_of(&snd, sec->section->voice.volume), stop, e);
        sound_deinit(&snd);
        if (!ok)
            return false;
    }
    return true;
}

bool mix_film(const struct join_spec *s, int fd, struct track *t, const atomic_bool *stop, struct err *e)
{
    int64_t n = film_samples(&s->video, s->n_frames);
    struct sound music = { 0 };
    bool has_music = s->lesson->music.enabled && s->lesson->music.file.n, wider = false;
    if (has_music && !music_open(s, &music, e))
        return false;
    bool ok = track_init(t, fd, music.channels == 2 ? 2 : 1, n, e) && lay_all(s, t, &wider, stop, e);
    if (wider) {
        ok = ftruncate(fd, 0) == 0 || err_errno(e, "no room for the film's sound");
        wider = false;
        ok = ok && track_init(t, fd, 2, n, e) && lay_all(s, t, &wider, stop, e);
    }
    ok = ok && (!has_music || music_lay(s, &music, level_lufs, t, stop, e));
    sound_deinit(&music);
    return ok;
}
