/* audit_speech.c - is each section's narration heard where it belongs? */
#include "compose/audit_speech.h"
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include "compose/aside.h"
#include "compose/audit_low.h"
#include "compose/audit_tell.h"
#include "compose/decode.h"
#include "compose/mix.h"
#include "gen/base/mem.h"

enum {
    WINDOW = LOW_RATE / 2,
    NEAR = LOW_RATE / 50,                       /* 20 ms: how far from its place a narration is looked for */
    FAR = LOW_RATE,                             /* where it may be instead, for the message */
};
/* Likeness is the cosine between the film and the narration. Between sounds that have nothing in common it is under 0.04
 * for a second of speech; under music 6 dB louder than the speech it is still 0.45. */
static const double heard_least = 0.08, sure_least = 0.4;
static const double volume_least = 0.1;         /* -20 dB */
static const double loud_part = 0.1;            /* of the loudest window's energy: what counts as speech going on */
static const double gain_lost = 0.12;           /* of the section's own: limiters take half of it at most */

/* A narration and the film at its place, both without their slow parts, so that vowels do not outweigh the rest. */
struct voice {
    float *own, *film;                          /* film: from NEAR (or FAR) before its place on */
    int64_t n;                                  /* of own */
    int64_t before;                             /* samples of film before the place */
};

struct match { double cross, own, film; };      /* sums of products */

static float tilted(const int16_t *x, int64_t n, int64_t i)
{
    const float slow = 0.9f;
    float here = i >= 0 && i < n ? (float)x[i] : 0, last = i >= 1 && i <= n ? (float)x[i - 1] : 0;
    return here - slow * last;
}

static float *tilt(const int16_t *x, int64_t n, int64_t from, int64_t count)
{
    float *out = mem_array((size_t)count + 1, sizeof *out);
    for (int64_t i = 0; i < count; i++)
        out[i] = tilted(x, n, from + i);
    return out;
}

static struct match match_at(const struct voice *v, int64_t from, int64_t to, int64_t lag)
{
    struct match m = { 0, 0, 0 };
    const float *film = v->film + v->before + lag;
    for (int64_t i = from; i < to; i++) {
        m.cross += (double)(film[i] * v->own[i]);
        m.own += (double)(v->own[i] * v->own[i]);
        m.film += (double)(film[i] * film[i]);
    }
    return m;
}

static double likeness(const struct match *m)
{
    return m->own > 0 && m->film > 0 ? m->cross / sqrt(m->own * m->film) : 0;
}

static int64_t end_of(const struct voice *v, int64_t from)
{
    return v->n - from < WINDOW + WINDOW / 2 ? v->n : from + WINDOW;
}

/* Where the narration has most to be known by. */
static int64_t loudest(const struct voice *v, double *energy)
{
    int64_t best = 0;
    *energy = -1;
    for (int64_t from = 0, to; from < v->n; from = to) {
        to = end_of(v, from);
        double sum = 0;
        for (int64_t i = from; i < to; i++)
            sum += (double)(v->own[i] * v->own[i]);
        if (sum > *energy) {
            *energy = sum;
            best = from;
        }
    }
    return best;
}

/* The lag at which that part is most like the film. One that is hardly better than the place itself is not taken: a hum
 * is like itself everywhere. */
static int64_t best_lag(const struct voice *v, int64_t reach)
{
    double energy;
    int64_t from = loudest(v, &energy), to = end_of(v, from), best = 0;
    struct match m = match_at(v, from, to, 0);
    double most = likeness(&m) + 0.02;
    for (int64_t lag = -reach; lag <= reach; lag++) {
        m = match_at(v, from, to, lag);
        if (likeness(&m) > most) {
            most = likeness(&m);
            best = lag;
        }
    }
    return best;
}

/* ---------- one section ---------- */

struct low_sound { int16_t *v; int64_t n; };

/* The narration as the film's own samples were taken: one of six, counted from the film's beginning. */
static struct low_sound low_of(const struct sound *s, int64_t at)
{
    struct low low;
    float mono[LOW_BLOCK] = { 0 };
    size_t held = (size_t)(((at % LOW_STEP) + LOW_STEP) % LOW_STEP);
    struct low_sound out = { mem_array((size_t)(s->n_samples / LOW_STEP) + LOW_BLOCK, sizeof *out.v), 0 };
    low_init(&low);
    for (int64_t i = 0; i < s->n_samples; i++) {
        const float *x = s->pcm + i * s->channels;
        mono[held++] = s->channels == 2 ? (x[0] + x[1]) / 2 : x[0];
        if (held == LOW_BLOCK || i + 1 == s->n_samples) {
            out.n += (int64_t)low_add(&low, mono, held, out.v + out.n);
            held = 0;
        }
    }
    return out;
}

static bool decode(const struct join_spec *s, const struct blob *b, struct sound *out, struct err *e)
{
    int scratch = aside_scratch(s->out_path, e);
    int fd = scratch >= 0 ? open(b->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    bool ok = scratch >= 0 && (fd >= 0 ? sound_decode_into(fd, scratch, out, e) : err_errno(e, "open a narration"));
    if (fd >= 0)
        close(fd);
    if (scratch >= 0)
        close(scratch);
    return ok;
}

/* The first part that is missing although the rest is there; false when none is. */
static bool find_hole(const struct voice *v, int64_t lag, double gain, int64_t *from, int64_t *to)
{
    double most;
    loudest(v, &most);
    bool is_hole = false;
    for (int64_t at = 0, end; at < v->n; at = end) {
        end = end_of(v, at);
        struct match m = match_at(v, at, end, lag);
        bool is_lost = m.own > loud_part * most && m.cross < gain_lost * gain * m.own && likeness(&m) < 2 * heard_least;
        if (is_hole && !is_lost)
            break;
        if (is_lost && !is_hole)
            *from = at;
        if (is_lost)
            *to = end;
        is_hole = is_hole || is_lost;
    }
    return is_hole;
}

static bool not_heard(const struct join_section *sec, struct voice *v, struct err *e)
{
    double at = (double)sec->speech_start_samples / SAMPLE_RATE, end = at + (double)v->n / LOW_RATE;
    int64_t lag = best_lag(v, FAR);
    struct match m = match_at(v, 0, v->n, lag);
    struct err where = { 0 };
    audit_tell_span(&where, at, end);
    if (likeness(&m) >= sure_least)
        return err_set(e, ERR_RENDER, "its narration is heard %lld ms too %s %s; %s", (long long)llabs(lag * 1000 / LOW_RATE),
                       lag > 0 ? "late" : "early", where.msg, audit_remedy);
    return err_set(e, ERR_RENDER, "its narration is not heard %s; %s", where.msg, audit_remedy);
}

static bool judge(const struct join_section *sec, struct voice *v, struct speech_heard *out, struct err *e)
{
    int64_t lag = best_lag(v, NEAR), from = 0, to = 0;
    struct match m = match_at(v, 0, v->n, lag);
    *out = (struct speech_heard){ .likeness = likeness(&m), .late_ms = (double)lag * 1000 / LOW_RATE };
    if (out->likeness < heard_least)
        return not_heard(sec, v, e);
    if (out->likeness < sure_least || !find_hole(v, lag, m.cross / m.own, &from, &to))
        return true;
    double at = (double)sec->speech_start_samples / SAMPLE_RATE;
    struct err where = { 0 };
    audit_tell_span(&where, at + (double)from / LOW_RATE, at + (double)to / LOW_RATE);
    return err_set(e, ERR_RENDER, "its narration is missing %s; %s", where.msg, audit_remedy);
}

/* A narration that cannot be read any more says nothing about the film. */
static bool listen(const struct join_spec *s, const struct join_section *sec, const int16_t *film, int64_t n,
                   struct speech_heard *out, struct err *e)
{
    struct sound sound = { 0 };
    if (!decode(s, sec->speech, &sound, e))
        return true;
    int64_t at = sec->speech_start_samples / LOW_STEP;
    struct low_sound low = low_of(&sound, sec->speech_start_samples);
    sound_deinit(&sound);
    low.n = at + low.n > n ? n - at : low.n;    /* its last few samples are in the filter */
    low.n = low.n < 0 ? 0 : low.n;
    struct voice v = { .own = tilt(low.v, low.n, 0, low.n), .film = tilt(film, n, at - FAR, low.n + 2 * FAR), .n = low.n,
                       .before = FAR };
    bool ok = judge(sec, &v, out, e);
    free(v.own);
    free(v.film);
    free(low.v);
    return ok;
}

bool audit_speech(const struct join_spec *s, const int16_t *film, int64_t n, struct film_audit *audit,
                  const atomic_bool *stop, struct err *e)
{
    for (size_t i = 0; i < s->n_sections; i++) {
        const struct join_section *sec = &s->sections[i];
        struct speech_heard heard = { .likeness = -1 };
        if (stop && atomic_load(stop))
            return err_set(e, ERR_CANCELLED, "stopped");
        if (sec->speech && sec->section->voice.volume >= volume_least) {
            audit->n_speech++;
            if (!listen(s, sec, film, n, &heard, e))
                return audit_name_section(s, i, e);
            audit->n_speech_heard += heard.likeness >= 0;
        }
        if (fabs(heard.late_ms) > fabs(audit->speech_late_ms))
            audit->speech_late_ms = heard.late_ms;
        if (s->speech)
            s->speech[i] = heard;
    }
    return true;
}
