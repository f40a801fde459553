/* track.c - the film's sound on its way: float samples in a file */
#include "compose/track.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "gen/base/fd.h"
#include "gen/media.h"

bool track_init(struct track *t, int fd, int channels, int64_t n_samples, struct err *e)
{
    *t = (struct track){ .fd = fd, .channels = channels, .n_samples = n_samples };
    if (ftruncate(fd, (off_t)(n_samples * channels) * (off_t)sizeof(float)))
        return err_errno(e, "no room for %.0f s of sound", (double)n_samples / SAMPLE_RATE);
    return true;
}

/* The part of [at, at + *n) that is inside; how many samples of it come before. */
static int64_t inside(const struct track *t, int64_t *at, size_t *n)
{
    int64_t before = *at < 0 ? -*at : 0;
    if (before > (int64_t)*n)
        before = (int64_t)*n;
    *at += before;
    *n -= (size_t)before;
    int64_t left = t->n_samples - *at;
    if ((int64_t)*n > left)
        *n = left < 0 ? 0 : (size_t)left;
    return before;
}

bool track_read(const struct track *t, int64_t at, float *out, size_t n, struct err *e)
{
    size_t frame = (size_t)t->channels * sizeof(float);
    memset(out, 0, n * frame);
    int64_t before = inside(t, &at, &n);
    char *p = (char *)out + (size_t)before * frame;
    for (size_t left = n * frame, done = 0; left;) {
        ssize_t r = pread(t->fd, p + done, left, at * (int64_t)frame + (off_t)done);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return err_errno(e, "read the film's sound");
        done += (size_t)r;
        left -= (size_t)r;
    }
    return true;
}

bool track_add(struct track *t, int64_t at, const float *in, size_t n, struct err *e)
{
    float block[TRACK_BLOCK * 2];
    size_t frame = (size_t)t->channels * sizeof(float);
    in += inside(t, &at, &n) * t->channels;
    if (!n)
        return true;
    if (n > TRACK_BLOCK)
        return err_set(e, ERR_INTERNAL, "%zu samples in one block", n);
    if (at < t->fresh) {
        if (!track_read(t, at, block, n, e))
            return false;
        for (size_t i = 0; i < n * (size_t)t->channels; i++)
            block[i] += in[i];
        in = block;
    }
    if (at + (int64_t)n > t->fresh)
        t->fresh = at + (int64_t)n;
    return fd_write_at(t->fd, in, n * frame, at * (int64_t)frame, e) || err_wrap(e, "the film's sound");
}

/* From the end on, so that nothing is written over what is not read yet. */
bool track_widen(struct track *t, struct err *e)
{
    struct track wide = { .fd = t->fd, .channels = 2, .n_samples = t->n_samples, .fresh = t->fresh };
    float one[TRACK_BLOCK], two[TRACK_BLOCK * 2];
    if (t->channels == 2)
        return true;
    if (ftruncate(t->fd, (off_t)(t->n_samples * 2) * (off_t)sizeof(float)))
        return err_errno(e, "no room for %.0f s of sound", (double)t->n_samples / SAMPLE_RATE);
    for (int64_t at = (t->n_samples - 1) / TRACK_BLOCK * TRACK_BLOCK; at >= 0; at -= TRACK_BLOCK) {
        size_t n = t->n_samples - at < TRACK_BLOCK ? (size_t)(t->n_samples - at) : TRACK_BLOCK;
        if (!track_read(t, at, one, n, e))
            return false;
        for (size_t i = 0; i < n; i++)
            two[2 * i] = two[2 * i + 1] = one[i];
        if (!fd_write_at(t->fd, two, n * 2 * sizeof *two, at * 2 * (int64_t)sizeof *two, e))
            return err_wrap(e, "the film's sound");
    }
    *t = wide;
    return true;
}
