/* splice.c - joining the parts of a long narration */
#include "compose/splice.h"
#include <assert.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "gen/base/mem.h"
#include "gen/media.h"
#include "gen/sentences.h"
#include "compose/align.h"
#include "compose/decode.h"
#include "compose/envelope.h"
#include "compose/wav.h"

/* From the last sound before a cut to the first one after it, at usual speed. In reading aloud, silences of a fifth of
 * a second to a second part clauses and sentences, longer ones are rare (Campione, Véronis, "A large-scale multilingual
 * study of silent pause duration", Speech Prosody 2002); the built-in voice leaves as much after a sentence and a
 * paragraph (compose/speak.c). */
static const double pause_s[] = {
    [PAUSE_WORD] = 0.08, [PAUSE_CLAUSE] = 0.3, [PAUSE_SENTENCE] = 0.55, [PAUSE_PARAGRAPH] = 0.85
};

enum {
    FADE = SAMPLE_RATE / 200,  /* 5 ms: a cut in hiss is not heard */
    BREATH = SAMPLE_RATE / 25, /* 40 ms kept before a first sound, which may begin softly */
    MOST = SOUND_SECONDS_MAX * SAMPLE_RATE
};

struct splicer {
    int16_t *pcm; /* interleaved */
    int channels;
    int64_t n, cap; /* samples of each channel */
    int64_t tail;   /* of them, silence at the end that was kept */
    struct word *words;
    size_t n_words;
};

static bool open_part(const struct splice_part *p, struct sound *out, struct err *e)
{
    int fd = open(p->speech->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 ? sound_decode(fd, out, e) : err_errno(e, "open the speech");
    if (fd >= 0)
        close(fd);
    return ok;
}

static int16_t to_16(float v)
{
    float x = roundf(v * 32767.0f);
    return x >= 32767 ? 32767 : x <= -32767 ? -32767 : (int16_t)x; /* NaN never comes out of the decoder */
}

static void widen(struct splicer *to)
{
    int16_t *wide = mem_array((size_t)to->cap * 2, sizeof *wide);
    for (int64_t i = 0; i < to->n; i++)
        wide[2 * i] = wide[2 * i + 1] = to->pcm[i];
    free(to->pcm);
    to->pcm = wide;
    to->channels = 2;
}

static bool make_room(struct splicer *to, int64_t more, struct err *e)
{
    if (more > MOST - to->n)
        return err_set(e, ERR_MEDIA, "the narration is longer than %d minutes", SOUND_SECONDS_MAX / 60);
    if (to->pcm && to->n + more <= to->cap)
        return true;
    to->cap = (to->n + more) * 3 / 2 + 1;
    to->pcm = mem_resize(to->pcm, (size_t)(to->cap * to->channels), sizeof *to->pcm);
    return true;
}

/* What of a part is kept: samples [from, to), faded at the edges where it was cut; lead, tail: how much of that is
 * silence. */
struct span {
    int64_t from, to, lead, tail;
};

static bool add_sound(struct splicer *to, const struct sound *s, struct span k, struct err *e)
{
    if (!make_room(to, k.to - k.from, e))
        return false;
    assert(to->pcm && s->pcm);
    for (int64_t i = k.from; i < k.to; i++) {
        int64_t before = i - k.from, after = k.to - 1 - i;
        float gain = k.from > 0 && before < FADE ? (float)before / FADE : 1;
        if (k.to < s->n_samples && after < FADE)
            gain *= (float)after / FADE;
        for (int c = 0; c < to->channels; c++)
            to->pcm[to->n * to->channels + c] = to_16(gain * s->pcm[i * s->channels + (c < s->channels ? c : 0)]);
        to->n++;
    }
    return true;
}

static bool add_silence(struct splicer *to, int64_t n, struct err *e)
{
    if (n <= 0)
        return true;
    if (!make_room(to, n, e))
        return false;
    assert(to->pcm);
    memset(to->pcm + to->n * to->channels, 0, (size_t)(n * to->channels) * sizeof *to->pcm);
    to->n += n;
    return true;
}

/* The part's own words when they fit its text, else measured ones. */
static void words_of(const struct splice_part *p, const struct sound *s, struct word **words, size_t *n)
{
    *words = NULL;
    *n = 0;
    if (p->speech->n_words && words_fit(p->speech->words, p->speech->n_words, p->text)) {
        *words = mem_array(p->speech->n_words, sizeof **words);
        memcpy(*words, p->speech->words, p->speech->n_words * sizeof **words);
        *n = p->speech->n_words;
    } else {
        align_measured(s, p->text, words, n);
    }
}

/* shift: from times of the part to times of the whole; no word reaches over the ends of what is kept. */
static void add_words(struct splicer *to, const struct splice_part *p, const struct sound *s, struct span k)
{
    struct word *w;
    size_t n;
    int64_t shift = to->n - k.from;
    words_of(p, s, &w, &n);
    to->words = mem_resize(to->words, to->n_words + n + 1, sizeof *to->words);
    for (size_t i = 0; i < n; i++) {
        int64_t a = w[i].start_samples, b = w[i].end_samples;
        a = a < k.from ? k.from : a > k.to ? k.to : a;
        b = b < a ? a : b > k.to ? k.to : b;
        to->words[to->n_words++] =
            (struct word){ .start_samples = a + shift, .end_samples = b + shift, .at = w[i].at + p->at, .n = w[i].n };
    }
    free(w);
}

/* Where somebody speaks in the part, with a breath before and after. */
static struct span speech_of(const struct sound *s)
{
    struct envelope env = envelope_of(s);
    struct span k = { 0, s->n_samples, 0, 0 };
    size_t from, to;
    if (envelope_span(&env, &from, &to)) {
        int64_t first = (int64_t)from * ENVELOPE_HOP, last = (int64_t)to * ENVELOPE_HOP;
        last = last > s->n_samples ? s->n_samples : last;
        k.lead = first < BREATH ? first : BREATH;
        k.tail = s->n_samples - last < BREATH ? s->n_samples - last : BREATH;
        k.from = first - k.lead;
        k.to = last + k.tail;
    }
    envelope_deinit(&env);
    return k;
}

/* Silence that is put before part i: the natural pause less what both sides bring along. */
static int64_t silence_before(const struct splice_spec *s, size_t i, int64_t brought)
{
    if (i == 0)
        return 0;
    double speed = s->speed > 0 ? s->speed : 1;
    return (int64_t)(pause_s[s->parts[i - 1].pause & 3] / speed * SAMPLE_RATE) - brought;
}

static bool add_part(struct splicer *to, const struct splice_spec *s, size_t i, struct err *e)
{
    struct sound sound = { 0 };
    if (!open_part(&s->parts[i], &sound, e))
        return false;
    struct span keep = speech_of(&sound);
    if (i == 0)
        keep.from = 0;
    if (i + 1 == s->n_parts)
        keep.to = sound.n_samples;
    if (i == 0)
        to->channels = sound.channels;
    else if (sound.channels > to->channels)
        widen(to);
    bool ok = add_silence(to, silence_before(s, i, to->tail + keep.lead), e);
    if (ok)
        add_words(to, &s->parts[i], &sound, keep);
    ok = ok && add_sound(to, &sound, keep, e);
    to->tail = keep.tail;
    sound_deinit(&sound);
    return ok;
}

bool speech_splice(const struct splice_spec *s, int fd, struct media_info *info, struct word **words, size_t *n_words,
                   struct err *e)
{
    struct splicer to = { .channels = 1 };
    bool ok = true;
    *words = NULL;
    *n_words = 0;
    for (size_t i = 0; ok && i < s->n_parts; i++)
        ok = add_part(&to, s, i, e) || err_wrap(e, "part %zu of %zu", i + 1, s->n_parts);
    ok = ok && wav_write(fd, to.pcm, to.channels, to.n, e);
    if (ok) {
        *info = (struct media_info){ .type = "wav", .n_samples = to.n };
        *words = to.words;
        *n_words = to.n_words;
        to.words = NULL;
    }
    free(to.words);
    free(to.pcm);
    return ok;
}
