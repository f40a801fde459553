/* decode.c - foreign pictures and sound become plain samples (the parent's side: asks the child, checks its numbers) */
#include "compose/decode.h"
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include "gen/media.h"
#include "compose/workers.h"

enum { LET_GO = 1 << 20 };                      /* bytes; a multiple of any page */

static bool take_type(char to[MEDIA_TYPE_N], const char *from, size_t n)
{
    size_t len = strnlen(from, n);
    for (size_t i = 0; i < len; i++)
        if ((from[i] < 'a' || from[i] > 'z') && (from[i] < '0' || from[i] > '9'))
            return false;
    if (!len || len >= MEDIA_TYPE_N)
        return false;
    memcpy(to, from, len);
    to[len] = '\0';
    return true;
}

bool picture_decode(int fd, struct picture *out, struct err *e)
{
    struct picture_answer a;
    const void *data = NULL;
    size_t n = 0;
    *out = (struct picture){ 0 };
    if (!child_run("decode-picture", (struct str){ 0 }, fd, CHILD_WALL_MS, &a, sizeof a, &data, &n, e))
        return false;
    struct picture p = { .bgra = data, .width = a.width, .height = a.height, .stride = (size_t)a.width * 4,
                         .has_alpha = a.has_alpha, .mapped = n };
    if (!take_type(p.type, a.type, sizeof a.type) || a.width < 1 || a.height < 1 || a.width > PICTURE_SIDE_MAX ||
        a.height > PICTURE_SIDE_MAX || n != (size_t)a.width * (size_t)a.height * 4) {
        picture_deinit(&p);
        return err_set(e, ERR_MEDIA, "the picture decoder's answer makes no sense");
    }
    *out = p;
    return true;
}

void picture_deinit(struct picture *p)
{
    if (p->bgra)
        munmap((void *)(uintptr_t)p->bgra, p->mapped);
    *p = (struct picture){ 0 };
}

bool picture_is_flat(const struct picture *p)
{
    uint8_t low[4] = { 255, 255, 255, 255 }, high[4] = { 0 };
    for (int y = 0; y < p->height; y++) {
        const uint8_t *row = p->bgra + (size_t)y * p->stride;
        for (size_t i = 0; i < (size_t)p->width * 4; i++) {
            if (row[i] < low[i & 3])
                low[i & 3] = row[i];
            if (row[i] > high[i & 3])
                high[i & 3] = row[i];
        }
        for (int k = 0; k < 4; k++)
            if (high[k] - low[k] > 4)
                return false;
    }
    return true;
}

bool sound_decode(int fd, struct sound *out, struct err *e)
{
    return sound_decode_into(fd, -1, out, e);
}

static bool decode_sound(int fd, int file, bool may_be_mute, struct sound *out, struct err *e)
{
    const struct sound_job job = { .may_be_mute = may_be_mute };
    struct sound_answer a;
    const void *data = NULL;
    size_t n = 0;
    *out = (struct sound){ 0 };
    if (!child_run_into("decode-sound", (struct str){ (const char *)&job, sizeof job }, fd, CHILD_WALL_MS, &a, sizeof a,
                        file, &data, &n, e))
        return false;
    struct sound s = { .pcm = data, .channels = a.channels, .n_samples = a.n_samples, .mapped = n };
    bool is_mute = may_be_mute && a.n_samples == 0 && n == 0;
    if (!is_mute && (!take_type(s.type, a.type, sizeof a.type) || a.channels < 1 || a.channels > 2 || a.n_samples < 1 ||
                     a.n_samples > (int64_t)SOUND_SECONDS_MAX * SAMPLE_RATE ||
                     n != (size_t)a.n_samples * (size_t)a.channels * sizeof(float))) {
        sound_deinit(&s);
        return err_set(e, ERR_MEDIA, "the sound decoder's answer makes no sense");
    }
    if (!is_mute)
        *out = s;
    return true;
}

bool sound_decode_into(int fd, int file, struct sound *out, struct err *e)
{
    return decode_sound(fd, file, false, out, e);
}

bool sound_of_clip(int fd, int file, struct sound *out, struct err *e)
{
    return decode_sound(fd, file, true, out, e);
}

void sound_let_go(const struct sound *s, int64_t upto)
{
    size_t n = (size_t)upto * (size_t)s->channels * sizeof *s->pcm / LET_GO * LET_GO;
    if (n && n <= s->mapped)
        madvise((void *)(uintptr_t)s->pcm, n, MADV_DONTNEED);
}

void sound_deinit(struct sound *s)
{
    if (s->pcm)
        munmap((void *)(uintptr_t)s->pcm, s->mapped);
    *s = (struct sound){ 0 };
}

double sound_peak(const struct sound *s)
{
    float most = 0;
    for (int64_t at = 0; at < s->n_samples; at += SAMPLE_RATE) {
        int64_t n = s->n_samples - at < SAMPLE_RATE ? s->n_samples - at : SAMPLE_RATE;
        for (int64_t i = at * s->channels; i < (at + n) * s->channels; i++) {
            float v = fabsf(s->pcm[i]);
            if (v > most)                       /* false for NaN, which a broken child could send */
                most = v;
        }
        sound_let_go(s, at + n);
    }
    return (double)most;
}
