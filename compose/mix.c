/* mix.c - all that is heard in a film, on one sample clock */
#include "compose/mix.h"
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include "compose/aside.h"
#include "compose/bed.h"
#include "compose/clip_time.h"
#include "compose/lay.h"
#include "compose/stretch.h"
#include "gen/base/mem.h"
#include "gen/lesson/files.h"
#include "gen/media.h"

enum { FADE = SAMPLE_RATE * 5 / 1000, EFFECT_FADE = SAMPLE_RATE / 1000 /* a knock begins at once */ };
static const double most_gain_db = 24;          /* a hiss is not made into speech */
static const double music_over_db = 6;          /* mastered music over speech: -14 against -20 LUFS */
static const size_t file_max = 512 * MIB;

/* A mix being made. */
struct mix {
    const struct join_spec *s;
    struct track *t;
    const atomic_bool *stop;
    struct ducking ducking;
    bool has_bed;                               /* something lies under the speech */
    int scratch;                                /* samples of the sound that is laid */
};

int64_t film_samples(const struct video_format *f, int64_t frame)
{
    int64_t num = frame * f->fps_den * (int64_t)SAMPLE_RATE;
    return (num + f->fps_num / 2) / f->fps_num;
}

/* Linear gain that brings the sound to a level, times the volume that is asked for. */
static double gain_of(const struct sound *s, double level, double volume)
{
    double lufs = sound_loudness(s);
    double db = isfinite(lufs) ? level - lufs : 0;
    return volume * pow(10, fmin(db, most_gain_db) / 20);
}

/* One sound is there at a time. */
typedef bool decode_fn(int fd, int file, struct sound *out, struct err *e);
static bool decode(struct mix *m, decode_fn *how, int fd, struct sound *out, struct err *e)
{
    if (ftruncate(m->scratch, 0) || lseek(m->scratch, 0, SEEK_SET) != 0)
        return err_errno(e, "empty the samples on their way");
    return how(fd, m->scratch, out, e);
}

static bool open_blob(struct mix *m, decode_fn *how, const struct blob *b, struct sound *out, struct err *e)
{
    int fd = open(b->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW); /* of the store: NUL-terminated */
    bool ok = fd >= 0 ? decode(m, how, fd, out, e) : err_errno(e, "open a sound of the store");
    if (fd >= 0)
        close(fd);
    return ok;
}

/* ---------- speech ---------- */

static bool lay_speech(struct mix *m, const struct join_section *sec, struct err *e)
{
    struct sound s = { 0 };
    if (!open_blob(m, sound_decode_into, sec->speech, &s, e))
        return false;
    const struct lay l = { .at = sec->speech_start_samples, .fade_in = FADE, .fade_out = FADE,
                           .gain = gain_of(&s, MIX_LEVEL_LUFS, sec->section->voice.volume) };
    if (m->has_bed) {
        struct envelope env = envelope_of(&s);
        ducking_add(&m->ducking, &env, l.at);
        envelope_deinit(&env);
    }
    bool ok = lay_sound(m->t, &s, &l, m->stop, e);
    sound_deinit(&s);
    return ok;
}

/* ---------- music ---------- */

static bool open_file(struct mix *m, struct str name, struct sound *out, struct err *e)
{
    int fd = -1;
    if (!lesson_open_file(m->s->lesson, name, file_max, &fd, e))
        return false;
    bool ok = decode(m, sound_decode_into, fd, out, e);
    close(fd);
    return ok;
}

static int64_t samples(double seconds)
{
    return llround(seconds * SAMPLE_RATE);
}

static bool lay_music(struct mix *m, struct err *e)
{
    const struct music_opts *o = &m->s->lesson->music;
    struct sound s = { 0 };
    if (!open_file(m, o->file, &s, e))
        return false;
    const struct bed b = { .to = m->t->n_samples, .gain = gain_of(&s, MIX_LEVEL_LUFS + music_over_db, o->volume),
                           .fade_in = samples(o->fade_in), .fade_out = samples(o->fade_out),
                           .length = s.n_samples, .is_looped = o->loop,
                           .seam = samples(o->seam) > FADE ? samples(o->seam) : FADE,
                           .end_fade = samples(o->fade_out) > FADE ? samples(o->fade_out) : FADE,
                           .ducking = &m->ducking };
    bool ok = bed_lay(m->t, &s, &b, m->stop, e);
    sound_deinit(&s);
    return ok;
}

/* ---------- sound effects ---------- */

static const double effect_peak_db = -3;        /* a click is short, not loud: its peak is held under speech's */

static bool lay_effect(struct mix *m, const struct join_sound *effect, struct err *e)
{
    struct sound s = { 0 };
    if (!open_file(m, effect->file, &s, e))
        return false;
    double peak = sound_peak(&s), most = peak > 0 ? pow(10, effect_peak_db / 20) / peak * effect->volume : 1;
    const struct lay l = { .at = effect->at_samples, .fade_in = EFFECT_FADE, .fade_out = FADE,
                           .gain = fmin(gain_of(&s, MIX_LEVEL_LUFS, effect->volume), most) };
    bool ok = lay_sound(m->t, &s, &l, m->stop, e);
    sound_deinit(&s);
    return ok;
}

/* ---------- clips ---------- */

/* `length` samples last as long as `slowed` do; the samples go to a file of their own. */
static bool slow_down(struct mix *m, struct sound *part, int64_t length, int64_t slowed, struct sound *out,
                      struct err *e)
{
    int64_t n = llround((double)(part->n_samples < length ? part->n_samples : length) * (double)slowed / (double)length);
    int file = aside_scratch(m->s->out_path, e);
    part->n_samples = part->n_samples < length ? part->n_samples : length;
    bool ok = file >= 0 && sound_stretch(part, n, file, out, e);
    if (file >= 0)
        close(file);                            /* what is mapped stays */
    return ok;
}

/* Heard while it is seen; where one picture becomes another, so does the sound, and where pictures are slowed down. */
static bool lay_clip(struct mix *m, const struct join_clip *c, struct err *e)
{
    const struct video_format *v = &m->s->video;
    struct sound s = { 0 };
    if (!open_blob(m, sound_of_clip, c->media, &s, e))
        return false;
    int64_t from = film_samples(v, c->first_frame), to = film_samples(v, c->first_frame + c->n_frames);
    int64_t in = film_samples(v, c->in_frames), out = film_samples(v, c->out_frames);
    int64_t skip, length = clip_part(c->opts, c->media->info.n_samples, &skip);
    struct sound part = s, slow = { 0 };
    part.n_samples = s.n_samples > skip ? s.n_samples - skip : 0;
    part.pcm = part.n_samples ? s.pcm + skip * s.channels : NULL;
    bool ok = true;
    if (c->opts->length == CLIP_SLOW && part.n_samples > 0 && length > 0 && length < to - from) {
        int64_t slowed = clip_slowed(length, to - from);
        ok = slow_down(m, &part, length, slowed, &slow, e);
        part = slow;
        length = slowed;
    }
    const struct bed b = { .from = from, .to = to, .gain = s.n_samples ? gain_of(&s, MIX_LEVEL_LUFS, c->opts->volume) : 0,
                           .fade_in = in > FADE ? in : FADE, .fade_out = out > FADE ? out : FADE,
                           .length = length, .is_looped = c->opts->length == CLIP_LOOP,
                           .seam = samples(c->opts->seam) > FADE ? samples(c->opts->seam) : FADE, .end_fade = FADE,
                           .ducking = &m->ducking };
    ok = ok && (part.n_samples == 0 || bed_lay(m->t, &part, &b, m->stop, e));
    sound_deinit(&slow);
    sound_deinit(&s);
    return ok;
}

/* ---------- the whole ---------- */

static bool lay_all(struct mix *m, struct err *e)
{
    const struct join_spec *s = m->s;
    for (size_t i = 0; i < s->n_sections; i++)
        if (s->sections[i].speech && !lay_speech(m, &s->sections[i], e))
            return err_wrap(e, "sections[%zu]", i);
    for (size_t i = 0; i < s->n_sounds; i++)
        if (!lay_effect(m, &s->sounds[i], e))
            return err_wrap(e, "a sound of section \"" STR_FMT "\"", STR_ARG(s->sounds[i].section->id));
    for (size_t i = 0; i < s->n_clips; i++)
        if (!lay_clip(m, &s->clips[i], e))
            return err_wrap(e, "the clip of section \"" STR_FMT "\"", STR_ARG(s->clips[i].section->id));
    return !s->lesson->music.enabled || lay_music(m, e) || err_wrap(e, "music");
}

bool mix_film(const struct join_spec *s, int fd, struct track *t, const atomic_bool *stop, struct err *e)
{
    const struct music_opts *o = &s->lesson->music;
    struct mix m = { .s = s, .t = t, .stop = stop, .has_bed = o->enabled || s->n_clips, .scratch = aside_scratch(s->out_path, e) };
    m.ducking = (struct ducking){ .depth = o->duck, .down = samples(o->duck_attack), .up = samples(o->duck_release) };
    bool ok = m.scratch >= 0 && track_init(t, fd, 1, film_samples(&s->video, s->n_frames), e) && lay_all(&m, e);
    ducking_deinit(&m.ducking);
    if (m.scratch >= 0)
        close(m.scratch);
    return ok;
}
