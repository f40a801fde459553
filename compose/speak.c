/* speak.c - the built-in voice (the parent's side): respelling, the child, word times in the narration, the WAV */
#include "compose/speak.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/pronounce.h"
#include "compose/decode.h"
#include "compose/envelope.h"
#include "compose/tokens.h"
#include "compose/wav.h"
#include "compose/workers.h"
#include "compose/words.h"

enum { WPM = 168, WPM_MIN = 80, WPM_MAX = 450, TEXT_MAX = 1 << 20 };
enum { LEAD_SAMPLES = SAMPLE_RATE * 30 / 1000, TAIL_SAMPLES = SAMPLE_RATE * 120 / 1000 }; /* kept around the speech */

/* ---------- respelling ---------- */

/* Where each character (code point) of the spoken text comes from: a byte of the narration. */
struct script {
    struct buf text;
    uint32_t *from;
    size_t n, cap;
};

static void script_add(struct script *s, struct str piece, uint32_t at, bool follows)
{
    for (size_t i = 0; i < piece.n;) {
        uint32_t cp = 0;
        size_t k = text_decode((struct str){ piece.p + i, piece.n - i }, &cp);
        if (!k)
            k = 1, cp = ' ';
        if (cp < 32 && cp != '\n')              /* espeak has control characters of its own */
            cp = ' ';
        if (s->n == s->cap) {
            s->cap = s->cap ? s->cap * 2 : 1024;
            s->from = mem_resize(s->from, s->cap, sizeof *s->from);
        }
        s->from[s->n++] = at + (follows ? (uint32_t)i : 0);
        text_encode(&s->text, cp);
        i += k;
    }
}

/* English: the letter A as a name ("inputs A and B"), which espeak takes for the article; the article itself may
 * begin a sentence. */
static const struct pronounce *letter_name(struct str text, size_t at)
{
    static const struct pronounce letter = { STR("A"), STR("eigh") };
    static const char *const verbs[] = { "and", "or", "is", "nor", "plus", "equals" };
    size_t before = at, after = at + 1;
    if (text.p[at] != 'A' || (at && text.p[at - 1] != ' ') || after == text.n ||
        (text.p[after] != ' ' && text.p[after] != ','))
        return NULL;
    while (before && text.p[before - 1] == ' ')
        before--;
    if (before && !strchr(".!?:\n\r\t", text.p[before - 1]))
        return &letter;
    for (size_t i = 0; i < COUNTOF(verbs); i++) {
        size_t n = strlen(verbs[i]);
        if (text.n - after > n + 1 && !memcmp(text.p + after + 1, verbs[i], n) && text.p[after + 1 + n] == ' ')
            return &letter;
    }
    return NULL;
}

static void script_write(struct script *s, struct str text, const struct voice_opts *v, bool is_english)
{
    size_t plain = 0;
    for (size_t at = 0; at < text.n;) {
        const struct pronounce *p = pronounce_at(text, at, v);
        if (!p && is_english)
            p = letter_name(text, at);
        if (!p) {
            at++;
            continue;
        }
        script_add(s, (struct str){ text.p + plain, at - plain }, (uint32_t)plain, true);
        script_add(s, p->say, (uint32_t)at, false);
        at += p->word.n;
        plain = at;
    }
    script_add(s, (struct str){ text.p + plain, text.n - plain }, (uint32_t)plain, true);
}

/* ---------- the job ---------- */

static bool is_name_byte(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-' || (c & 0x80);
}

/* Names reach espeak's file lookups, so they are made of nothing but letters, digits, '-' and '_'. */
static bool copy_name(char *to, size_t max, struct str from)
{
    if (from.n >= max)
        return false;
    for (size_t i = 0; i < from.n; i++)
        if (!is_name_byte(from.p[i]))
            return false;
        else
            to[i] = from.p[i];
    return true;
}

static void lower(char *z)
{
    for (; *z; z++)
        *z = *z >= 'A' && *z <= 'Z' ? (char)(*z | 32) : *z;
}

/* BCP 47 to espeak's names, where they differ. */
static const char *const languages[][2] = {
    { "", "en-us" },    { "en", "en-us" },    { "zh", "cmn" },      { "zh-cn", "cmn" },
    { "zh-tw", "cmn" }, { "zh-hans", "cmn" }, { "zh-hant", "cmn" }, { "zh-hk", "yue" },
    { "no", "nb" },     { "fr", "fr-fr" },    { "iw", "he" },       { "tl", "fil" },
};

static bool job_fill(struct speak_job *job, const struct speak_spec *s, struct err *e)
{
    struct str voice = s->voice ? s->voice->voice : (struct str){ 0 };
    double speed = s->voice && s->voice->speed > 0 ? s->voice->speed : 1;
    double wpm = WPM * speed + 0.5;
    job->wpm = wpm < WPM_MIN ? WPM_MIN : wpm > WPM_MAX ? WPM_MAX : (int32_t)wpm;
    if (str_is(voice, "default") || str_is(voice, "auto"))
        voice.n = 0;
    const char *plus = voice.n ? memchr(voice.p, '+', voice.n) : NULL;
    struct str first = { voice.p, plus ? (size_t)(plus - voice.p) : voice.n };
    struct str second = plus ? (struct str){ plus + 1, voice.n - first.n - 1 } : (struct str){ 0 };
    if (!copy_name(job->voice, sizeof job->voice, first) || !copy_name(job->variant, sizeof job->variant, second) ||
        !copy_name(job->language, sizeof job->language, s->language)) {
        struct buf b = { 0 };
        text_clean(&b, voice.n ? voice : s->language, 60);
        err_set(e, ERR_LESSON, "'" STR_FMT "' cannot be the name of a voice or language of espeak",
                STR_ARG(buf_str(&b)));
        buf_deinit(&b);
        return false;
    }
    lower(job->language);
    lower(job->voice);
    for (size_t i = 0; i < COUNTOF(languages); i++)
        if (!strcmp(job->language, languages[i][0])) {
            snprintf(job->language, sizeof job->language, "%s", languages[i][1]);
            break;
        }
    return true;
}

/* ---------- what comes back ---------- */

struct answer {
    const struct speak_event *events;
    size_t n_events;
    const int16_t *pcm;
    int64_t n_samples;
};

static bool answer_check(struct answer *out, const struct speak_answer *a, const void *data, size_t n, struct err *e)
{
    size_t head = (size_t)a->n_words * sizeof(struct speak_event);
    if (!data || a->n_samples < 1 || a->n_samples > (int64_t)SAMPLE_RATE * 3700 ||
        n != head + (size_t)a->n_samples * sizeof(int16_t))
        return err_set(e, ERR_MEDIA, "the speaking worker's answer makes no sense");
    *out = (struct answer){ .events = data,
                            .n_events = a->n_words,
                            .pcm = (const int16_t *)(const void *)((const char *)data + head),
                            .n_samples = a->n_samples };
    return true;
}

/* espeak says one event or several per word of the narration ("1.2": "one", "point", "two"), sometimes one for two
 * words; the first of a word counts. Times from the start of the untrimmed sound; words without an event stay at -1. */
static void place_events(const struct answer *a, const struct script *s, const struct token *t, size_t n,
                         int64_t *start)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        start[i] = -1;
    for (size_t i = 0; i < a->n_events && n; i++) {
        const struct speak_event *ev = &a->events[i];
        if (ev->char_at >= s->n || ev->samples < 0 || ev->samples >= a->n_samples)
            continue;
        uint32_t at = s->from[ev->char_at];
        if (at < t[k].at)                       /* back: espeak's second thought about a word it has begun */
            continue;
        while (k + 1 < n && at >= t[k + 1].at)
            k++;
        if (start[k] < 0)
            start[k] = ev->samples;
    }
}

static float *to_float(const int16_t *in, int64_t n)
{
    float *out = mem_array((size_t)n, sizeof *out);
    for (int64_t i = 0; i < n; i++)
        out[i] = (float)in[i] / 32768.0f;
    return out;
}

/* espeak stops for a third of a second after a sentence, which sounds hurried in a lecture. Pauses of sentences and
 * paragraphs are lengthened in their middle, where it is silent, and the words after them move. Returns the new sound;
 * caller frees. */
static int16_t *lengthen_pauses(const struct token *t, struct word *w, size_t n, const int16_t *in, int64_t *n_samples,
                                double speed)
{
    static const double wanted_s[] = { 0, 0, 0.55, 0.85 };
    enum { REAL = SAMPLE_RATE / 10 };           /* "e.g." ends in a point, but not in a pause */
    int64_t room = *n_samples, moved = 0, from = 0;
    assert(in);                                 /* words have times, so there is sound */
    for (size_t i = 0; i < n; i++)
        room += (int64_t)(wanted_s[t[i].pause & 3] * SAMPLE_RATE / speed);
    int16_t *out = mem_array((size_t)room, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        int64_t end = w[i].end_samples, next = i + 1 < n ? w[i + 1].start_samples : end;
        int64_t gap = next - end, more = (int64_t)(wanted_s[t[i].pause & 3] * SAMPLE_RATE / speed) - gap;
        w[i].start_samples += moved;
        w[i].end_samples += moved;
        if (gap < REAL || more <= 0)
            continue;
        int64_t cut = end + gap / 2;
        memcpy(out + from + moved, in + from, (size_t)(cut - from) * sizeof *out);
        from = cut;
        moved += more;
    }
    memcpy(out + from + moved, in + from, (size_t)(*n_samples - from) * sizeof *out);
    *n_samples += moved;
    return out;
}

static bool finish(const struct answer *a, const struct script *s, struct str narration, double speed, int fd,
                   struct media_info *info, struct word **words, size_t *n_words, struct err *e)
{
    float *pcm = to_float(a->pcm, a->n_samples);
    struct envelope env = envelope_of(&(struct sound){ .pcm = pcm, .channels = 1, .n_samples = a->n_samples });
    size_t n = 0, from, to;
    struct token *t = tokens_of(narration, &n);
    int64_t *start = mem_array(n, sizeof *start);
    int16_t *longer = NULL;
    bool ok = false;
    if (!envelope_span(&env, &from, &to)) {
        err_set(e, ERR_MEDIA, "nothing in this narration can be spoken");
        goto out;
    }
    int64_t first = (int64_t)from * ENVELOPE_HOP - LEAD_SAMPLES, last = (int64_t)to * ENVELOPE_HOP + TAIL_SAMPLES;
    first = first < 0 ? 0 : first;
    last = last > a->n_samples ? a->n_samples : last;
    place_events(a, s, t, n, start);
    *words = words_close(t, n, start, &env, first, last);
    *n_words = n;
    int64_t n_samples = last - first;
    longer = lengthen_pauses(t, *words, n, a->pcm + first, &n_samples, speed);
    *info = (struct media_info){ .type = "wav", .n_samples = n_samples };
    ok = wav_write(fd, longer, 1, n_samples, e);
out:
    if (!ok)
        *n_words = 0;
    envelope_deinit(&env);
    free(pcm);
    free(longer);
    free(start);
    free(t);
    return ok;
}

bool speak(const struct speak_spec *s, int fd, struct media_info *info, struct word **words, size_t *n_words,
           struct err *e)
{
    struct speak_job head = { 0 };
    struct script script = { .text = BUF_INIT(4 * TEXT_MAX) };
    struct buf job = BUF_INIT(8 * TEXT_MAX);
    struct speak_answer a = { 0 };
    struct answer answer = { 0 };
    const void *data = NULL;
    size_t n = 0;
    bool ok = false;
    *words = NULL;
    *n_words = 0;
    if (s->text.n > TEXT_MAX) {
        err_set(e, ERR_LESSON, "%zu bytes of narration, limit %d", s->text.n, TEXT_MAX);
        goto out;
    }
    if (!job_fill(&head, s, e))
        goto out;
    script_write(&script, s->text, s->voice, strncmp(head.language, "en", 2) == 0);
    if (!buf_add(&job, &head, sizeof head) || !buf_adds(&job, buf_str(&script.text))) {
        err_set(e, ERR_LESSON, "the narration is too long to be spoken");
        goto out;
    }
    ok = child_run("speak", buf_str(&job), -1, CHILD_WALL_MS, &a, sizeof a, &data, &n, e) &&
         answer_check(&answer, &a, data, n, e) &&
         finish(&answer, &script, s->text, (double)head.wpm / WPM, fd, info, words, n_words, e);
out:
    if (data)
        munmap((void *)(uintptr_t)data, n);
    buf_deinit(&job);
    buf_deinit(&script.text);
    free(script.from);
    return ok;
}
