/* speak_espeak.c - the only file that knows espeak-ng: text in, samples and word events out (the worker's side) */
#include "compose/speak.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <espeak-ng/speak_lib.h>
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "compose/workers.h"

enum { SECONDS_MAX = 3600 };

/* All that espeak's callback hands over, gathered. */
struct spoken {
    int16_t *pcm;
    size_t n, cap;
    struct speak_event *events;
    size_t n_events, cap_events;
    bool too_long;
};

const char *speak_version(void)
{
    const char *path = NULL;
    return espeak_Info(&path);
}

/* `sample` of an event is exact, audio_position is rounded to a millisecond. */
static void keep_event(struct spoken *s, const espeak_EVENT *ev)
{
    if (ev->type != espeakEVENT_WORD || ev->text_position < 1 || ev->sample < 0)
        return;
    if (s->n_events == s->cap_events) {
        s->cap_events = s->cap_events ? s->cap_events * 2 : 256;
        s->events = mem_resize(s->events, s->cap_events, sizeof *s->events);
    }
    s->events[s->n_events++] =
        (struct speak_event){ .samples = ev->sample, .char_at = (uint32_t)ev->text_position - 1 };
}

static int take(short *wav, int n, espeak_EVENT *events)
{
    struct spoken *s = events ? events->user_data : NULL;
    if (!s)
        return 0;
    for (const espeak_EVENT *ev = events; ev->type != espeakEVENT_LIST_TERMINATED; ev++)
        keep_event(s, ev);
    if (!wav || n <= 0)
        return 0;
    if (s->n + (size_t)n > (size_t)SECONDS_MAX * 22050) {
        s->too_long = true;
        return 1;
    }
    if (s->n + (size_t)n > s->cap) {
        s->cap = (s->n + (size_t)n) * 2;
        s->pcm = mem_resize(s->pcm, s->cap, sizeof *s->pcm);
    }
    memcpy(s->pcm + s->n, wav, (size_t)n * sizeof *wav);
    s->n += (size_t)n;
    return 0;
}

/* Writes the variant's own spelling ("max") when espeak has one of that name. Must be asked first:
 * espeak_SetVoiceByName takes a variant's bare name for a voice and crashes. */
static bool find_variant(const char *name, char out[24])
{
    espeak_VOICE want = { .languages = "variant" };
    const espeak_VOICE **v = espeak_ListVoices(&want);
    for (; v && *v; v++) {
        const char *slash = strrchr((*v)->identifier, '/');
        const char *own = slash ? slash + 1 : (*v)->identifier;
        if (strcasecmp(own, name) == 0 && strlen(own) < 24) {
            memcpy(out, own, strlen(own) + 1);
            return true;
        }
    }
    return false;
}

/* The voice's file for a language ("en-gb" is spoken by "gmw/en"), a name or a file's name; NULL. espeak's own searches
 * crash on some names that they do not know. */
static const char *find_voice(const char *wanted)
{
    const char *best = NULL;
    int best_priority = 256;
    for (const espeak_VOICE **v = espeak_ListVoices(NULL); v && *v; v++) {
        const char *slash = strrchr((*v)->identifier, '/');
        if (strcasecmp((*v)->name, wanted) == 0 || strcasecmp(slash ? slash + 1 : (*v)->identifier, wanted) == 0)
            return (*v)->identifier;
        for (const char *l = (*v)->languages; *l; l += strlen(l) + 1) { /* a byte of priority, then the name */
            int priority = (unsigned char)*l++;
            if (strcasecmp(l, wanted) == 0 && priority < best_priority)
                best = (*v)->identifier, best_priority = priority;
        }
    }
    return best;
}

static bool set_language(const char *language, const char *variant)
{
    char name[100];
    const char *file = language[0] ? find_voice(language) : NULL;
    if (!file || snprintf(name, sizeof name, "%s+%s", file, variant) >= (int)sizeof name)
        return false;
    return espeak_SetVoiceByName(name) == EE_OK;
}

/* "en-gb+f3", "en-gb", "f3" or nothing; a missing half is the lesson's language and the default variant. */
static bool choose_voice(const struct speak_job *job, struct err *e)
{
    char variant[24] = "max", primary[24];      /* of the plain variants the one that is darkest and clips least */
    bool is_variant = !job->variant[0] && find_variant(job->voice, variant);
    const char *language = is_variant || !job->voice[0] ? job->language : job->voice;
    if (job->variant[0] && !find_variant(job->variant, variant))
        return err_set(e, ERR_LESSON,
                       "the built-in voice has no variant '+%s'; there are f1 to f5, m1 to m8, max, Andrea, ...",
                       job->variant);
    if (set_language(language, variant))
        return true;
    if (language != job->language)
        return err_set(
            e, ERR_LESSON,
            "the built-in provider espeak has no voice '%s'; set voice.voice to a language (\"en-gb\"), a variant (\"f3\") "
            "or both (\"en-gb+f3\"), leave it out, or choose another voice.provider",
            job->voice);
    snprintf(primary, sizeof primary, "%.*s", (int)strcspn(language, "-"), language);
    return set_language(primary, variant) ||
           err_set(e, ERR_LESSON,
                   "the built-in provider espeak does not speak the language '%s'; choose another voice.provider",
                   language);
}

/* Samples at espeak's rate become exactly n * SAMPLE_RATE / rate at ours. */
static int16_t *resample(const int16_t *in, size_t n, int rate, size_t *n_out, struct err *e)
{
    AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    SwrContext *swr = NULL;
    *n_out = (n * (size_t)SAMPLE_RATE + (size_t)rate / 2) / (size_t)rate;
    int16_t *out = mem_array(*n_out + 1, sizeof *out);
    if (swr_alloc_set_opts2(&swr, &mono, AV_SAMPLE_FMT_S16, SAMPLE_RATE, &mono, AV_SAMPLE_FMT_S16, rate, 0, NULL) < 0 ||
        swr_init(swr) < 0) {
        swr_free(&swr);
        free(out);
        err_set(e, ERR_INTERNAL, "no resampler from %d Hz", rate);
        return NULL;
    }
    uint8_t *to = (uint8_t *)out;
    const uint8_t *from = (const uint8_t *)in;
    int got = swr_convert(swr, &to, (int)*n_out, &from, (int)n);
    for (size_t done = got > 0 ? (size_t)got : 0; got >= 0 && done < *n_out; done += (size_t)got) {
        to = (uint8_t *)(out + done);
        got = swr_convert(swr, &to, (int)(*n_out - done), NULL, 0);
        if (got <= 0)
            break;
    }
    swr_free(&swr);
    return out;
}

static bool deliver(struct child *c, struct spoken *s, int rate, struct err *e)
{
    struct speak_answer *a = c->answer;
    size_t n;
    if (s->too_long)
        return err_set(e, ERR_LESSON, "the narration takes more than an hour to say");
    if (!s->n)
        return err_set(e, ERR_MEDIA, "there is nothing to say in this narration");
    int16_t *pcm = resample(s->pcm, s->n, rate, &n, e);
    if (!pcm)
        return false;
    for (size_t i = 0; i < s->n_events; i++)
        s->events[i].samples = s->events[i].samples * SAMPLE_RATE / rate;
    a->n_samples = (int64_t)n;
    a->n_words = (uint32_t)s->n_events;
    bool ok =
        fd_write(c->data, s->events, s->n_events * sizeof *s->events, e) && fd_write(c->data, pcm, n * sizeof *pcm, e);
    free(pcm);
    return ok;
}

bool speak_work(struct child *c, struct err *e)
{
    struct speak_job job;
    struct spoken s = { 0 };
    if (c->job.n < sizeof job)
        return err_set(e, ERR_INTERNAL, "short job");
    memcpy(&job, c->job.p, sizeof job);
    const char *text = c->job.p + sizeof job;   /* ends in a NUL: the reader of the job put one there */
    /* espeak opens a sound server's client even when nothing is played, and that makes ~/.config/pulse; here nobody
     * can. */
    setenv("PULSE_SERVER", "unix:/proc/none", 1);
    int rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, espeakINITIALIZE_DONT_EXIT);
    if (rate < 8000 || rate > 48000)
        return err_set(e, ERR_INTERNAL, "espeak-ng does not start; is espeak-ng-data installed?");
    espeak_SetSynthCallback(take);
    if (!choose_voice(&job, e))
        return false;
    espeak_SetParameter(espeakRATE, job.wpm, 0);
    espeak_SetParameter(espeakVOLUME, 90, 0);   /* some voices clip at 100 */
    if (espeak_Synth(text, c->job.n - sizeof job + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8 | espeakENDPAUSE, NULL,
                     &s) != EE_OK ||
        espeak_Synchronize() != EE_OK)
        return err_set(e, ERR_MEDIA, "espeak-ng cannot speak this");
    bool ok = deliver(c, &s, rate, e);
    free(s.pcm);
    free(s.events);
    return ok;
}
