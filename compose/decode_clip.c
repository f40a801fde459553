/* decode_clip.c - a video file is looked through, or played frame by frame (the worker's side) */
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "compose/clip_file.h"
#include "compose/clip_fit.h"
#include "compose/confine.h"
#include "compose/workers.h"
#include "gen/base/clock.h"
#include "gen/base/mem.h"

enum { LOOK_W = 64, LOOK_H = 36, FLAT = 4, ASK_MS = 60000, CHECK_MS = 580000, FAR_S = 2 };

/* ---------- looking through ---------- */

/* The smallest and largest value of each colour so far, of a small version of each frame. */
struct range {
    struct SwsContext *sws;
    int w, h, format;
    uint8_t low[4], high[4];
};

static bool range_add(struct range *r, const AVFrame *v, struct err *e)
{
    uint8_t px[LOOK_W * LOOK_H * 4] = { 0 };
    if (r->sws && (v->width != r->w || v->height != r->h || v->format != r->format))
        return err_set(e, ERR_MEDIA, "its size or pixels change on the way");
    if (!r->sws) {
        r->sws =
            sws_getContext(v->width, v->height, v->format, LOOK_W, LOOK_H, AV_PIX_FMT_BGRA, SWS_AREA, NULL, NULL, NULL);
        if (!r->sws)
            return err_set(e, ERR_MEDIA, "its pixels cannot be converted");
        *r = (struct range){ r->sws, v->width, v->height, v->format, { 255, 255, 255, 255 }, { 0 } };
    }
    uint8_t *out[4] = { px };
    int strides[4] = { LOOK_W * 4 };
    sws_scale(r->sws, (const uint8_t *const *)v->data, v->linesize, 0, v->height, out, strides);
    for (size_t i = 0; i < sizeof px; i++) {
        r->low[i & 3] = px[i] < r->low[i & 3] ? px[i] : r->low[i & 3];
        r->high[i & 3] = px[i] > r->high[i & 3] ? px[i] : r->high[i & 3];
    }
    return true;
}

static bool range_is_flat(const struct range *r)
{
    for (int i = 0; i < 3; i++)
        if (r->high[i] - r->low[i] > FLAT)
            return false;
    return true;
}

static bool sides_ok(int w, int h, struct err *e)
{
    if (w < 2 || h < 2)
        return err_set(e, ERR_MEDIA, "a video of %d x %d px", w, h);
    if (w > CLIP_SIDE_MAX || h > CLIP_SIDE_MAX || (int64_t)w * h > CLIP_AREA_MAX)
        return err_set(e, ERR_MEDIA, "%d x %d px is too large; at most %d a side and %.1f million in all", w, h,
                       CLIP_SIDE_MAX, CLIP_AREA_MAX / 1e6);
    return true;
}

static bool look_through(struct clip_file *f, AVFrame *v, struct range *range, struct clip_answer *a, struct err *e)
{
    int64_t tick = 0;
    bool got = true;
    while (clip_file_next(f, v, &tick, &got, e) && got) {
        if (a->n_frames == 0 && !sides_ok(v->width, v->height, e))
            return false;
        a->n_frames++;
        if (!range_add(range, v, e))
            return false;
        if (tick > (int64_t)CLIP_SECONDS_MAX * SAMPLE_RATE || a->n_frames > CLIP_FRAMES_MAX)
            return err_set(e, ERR_MEDIA, "longer than %d s or %d frames", CLIP_SECONDS_MAX, CLIP_FRAMES_MAX);
        av_frame_unref(v);
    }
    return !got;
}

/* Headers that count frames or time tell when the end is missing. */
static bool is_whole(const struct clip_file *f, const struct clip_answer *a, struct err *e)
{
    if (!f->fmt) /* its reader tells */
        return true;
    const AVStream *st = f->fmt->streams[f->stream];
    double told = st->duration > 0                                       ? (double)st->duration * av_q2d(st->time_base)
                  : strcmp(f->type, "webm") == 0 && f->fmt->duration > 0 ? (double)f->fmt->duration / AV_TIME_BASE
                                                                         : 0;
    double got = (double)a->n_ticks / SAMPLE_RATE;
    if (st->nb_frames > 0 && f->n_packets < st->nb_frames)
        return err_set(e, ERR_MEDIA, "truncated: %lld of its %lld frames are there", (long long)f->n_packets,
                       (long long)st->nb_frames);
    if (got < told * 0.9 - 0.25)
        return err_set(e, ERR_MEDIA, "truncated: %.2f s of the %.2f s that its header promises", got, told);
    if (f->n_bad > 1 + f->n_packets / 100)
        return err_set(e, ERR_MEDIA, "damaged: %lld of %lld frames do not decode", (long long)f->n_bad,
                       (long long)f->n_packets);
    return true;
}

static bool check(struct child *c, struct clip_file *f, AVFrame *v, struct range *range, struct err *e)
{
    struct clip_answer *a = c->answer;
    if (!clip_file_open(f, c->media, e) || !look_through(f, v, range, a, e))
        return false;
    if (a->n_frames == 0)
        return err_set(e, ERR_MEDIA, "there is not one frame in it");
    a->n_ticks = f->last_tick + f->last_duration;
    clip_shown_size(range->w, range->h, f->sar, f->orientation, &a->width, &a->height);
    a->is_flat = range_is_flat(range);
    for (int i = 0; i < 3; i++)
        a->colour[i] = range->low[2 - i];
    snprintf(a->type, sizeof a->type, "%s", f->type);
    return is_whole(f, a, e);
}

bool clip_check_work(struct child *c, struct err *e)
{
    struct clip_file f = { .deadline_ms = clock_now_ms(&clock_monotonic) + CHECK_MS };
    struct range range = { 0 };
    AVFrame *v = av_frame_alloc();
    av_log_set_level(AV_LOG_QUIET);
    confine_files();
    bool ok = v ? check(c, &f, v, &range, e) : err_set(e, ERR_MEDIA, "no memory");
    if (!ok && e->code == ERR_MEDIA && f.type)
        err_wrap(e, "%s", f.type);
    sws_freeContext(range.sws);
    av_frame_free(&v);
    clip_file_close(&f);
    return ok;
}

/* ---------- playing ---------- */

/* One place in the file: the frame that is seen and the one after it. */
struct lane {
    struct clip_file file;
    AVFrame *now, *next;
    int64_t now_tick, next_tick;        /* -1: none */
    struct frame *fitted[2];            /* of now and next, when they were mixed */
    int64_t fitted_tick[2], shown_tick; /* which frames they are; what the answer's memory holds, -1: neither */
    struct frame out;
};

struct player {
    struct child *child;
    struct clip_job job;
    struct clip_fit *fit;
    struct lane lanes[CLIP_LANES];
};

static bool advance(struct lane *l, struct err *e)
{
    AVFrame *old = l->now;
    bool got;
    l->now = l->next;
    l->now_tick = l->next_tick;
    l->next = old;
    av_frame_unref(old);
    if (!clip_file_next(&l->file, l->next, &l->next_tick, &got, e))
        return false;
    l->next_tick = got ? l->next_tick : -1;
    return true;
}

/* The first two frames from where the file stands. */
static bool fill(struct lane *l, struct err *e)
{
    l->next_tick = -1;
    av_frame_unref(l->next);
    return advance(l, e) && advance(l, e);
}

static bool lane_open(struct player *p, struct lane *l, struct err *e)
{
    l->file.deadline_ms = clock_now_ms(&clock_monotonic) + ASK_MS;
    if (!(l->now = av_frame_alloc()) || !(l->next = av_frame_alloc()))
        return err_set(e, ERR_MEDIA, "no memory");
    if (!clip_file_open(&l->file, p->child->media, e) || !fill(l, e))
        return false;
    if (l->now_tick < 0)
        return err_set(e, ERR_MEDIA, "there is not one frame in it");
    if (!p->fit)
        p->fit = clip_fit_create(&p->job.spec, l->file.sar, l->file.orientation);
    return true;
}

/* A keyframe before the tick: the index goes by decoding times, which can lie a little before the frames' own. */
static bool go_back(struct lane *l, int64_t tick, struct err *e)
{
    const int64_t tries[] = { tick, tick - SAMPLE_RATE, 0 };
    for (size_t i = 0; i < COUNTOF(tries); i++) {
        if (!clip_file_seek(&l->file, tries[i] < 0 ? 0 : tries[i], e) || !fill(l, e))
            return false;
        if (l->now_tick >= 0 && l->now_tick <= tick + l->file.tolerance)
            return true;
    }
    return l->now_tick >= 0 || err_set(e, ERR_MEDIA, "there is nothing at %.2f s of it", (double)tick / SAMPLE_RATE);
}

static bool go_to(struct lane *l, int64_t tick, struct err *e)
{
    int64_t reach = tick + l->file.tolerance;
    bool is_far = l->shown_tick < 0 && tick - l->now_tick > (int64_t)FAR_S * SAMPLE_RATE;
    if ((is_far || l->now_tick > reach) && !go_back(l, tick, e))
        return false;
    while (l->next_tick >= 0 && l->next_tick <= reach)
        if (!advance(l, e))
            return false;
    return true;
}

static bool fit(struct player *p, struct lane *l, int which, struct err *e)
{
    const AVFrame *v = which ? l->next : l->now;
    int64_t tick = which ? l->next_tick : l->now_tick;
    if (!l->fitted[which])
        l->fitted[which] = frame_create(p->job.spec.width, p->job.spec.height);
    if (l->fitted_tick[which] == tick)
        return true;
    if (which == 0 && l->fitted_tick[1] == tick) {
        struct frame *f = l->fitted[0];
        l->fitted[0] = l->fitted[1];
        l->fitted[1] = f;
        l->fitted_tick[0] = tick;
        l->fitted_tick[1] = -1;
        return true;
    }
    l->fitted_tick[which] = tick;
    return clip_fit_draw(p->fit, v, l->fitted[which], e);
}

static bool show_one(struct player *p, struct lane *l, struct err *e)
{
    if (l->shown_tick == l->now_tick)
        return true;
    l->shown_tick = l->now_tick;
    return clip_fit_draw(p->fit, l->now, &l->out, e);
}

static bool show_mixed(struct player *p, struct lane *l, int64_t tick, struct err *e)
{
    int64_t span = l->next_tick - l->now_tick;
    int weight = (int)(256 * (tick < l->now_tick ? 0 : tick - l->now_tick) / span);
    if (!fit(p, l, 0, e) || !fit(p, l, 1, e))
        return false;
    l->shown_tick = -2; /* no frame of the file's own */
    frame_mix(&l->out, l->fitted[0], l->fitted[1], weight > 256 ? 256 : weight);
    return true;
}

static bool answer(struct player *p, const struct clip_question *q, struct err *e)
{
    if (q->lane < 0 || q->lane >= CLIP_LANES)
        return err_set(e, ERR_INTERNAL, "lane %d", q->lane);
    struct lane *l = &p->lanes[q->lane];
    l->file.deadline_ms = clock_now_ms(&clock_monotonic) + ASK_MS;
    if (!l->now && !lane_open(p, l, e))
        return false;
    if (!go_to(l, q->tick, e))
        return false;
    *(struct clip_shown *)p->child->answer = (struct clip_shown){ .tick = l->now_tick };
    bool is_between = q->is_smooth && l->next_tick >= 0 && q->tick > l->now_tick;
    return is_between ? show_mixed(p, l, q->tick, e) : show_one(p, l, e);
}

bool clip_play_work(struct child *c, struct err *e)
{
    struct player p = { .child = c };
    struct clip_question q;
    bool ok = c->job.n == sizeof p.job;
    if (ok)
        memcpy(&p.job, c->job.p, sizeof p.job);
    size_t n = clip_slot_bytes(&p.job.spec);
    uint8_t *mem = ok ? mmap(NULL, CLIP_LANES * n, PROT_READ | PROT_WRITE, MAP_SHARED, c->data, 0) : MAP_FAILED;
    av_log_set_level(AV_LOG_QUIET);
    confine_files();
    if (mem == MAP_FAILED)
        return err_set(e, ERR_INTERNAL, "the clip's job makes no sense");
    for (int i = 0; i < CLIP_LANES; i++) {
        p.lanes[i].out = clip_slot(&p.job.spec, mem + (size_t)i * n);
        p.lanes[i].shown_tick = p.lanes[i].fitted_tick[0] = p.lanes[i].fitted_tick[1] = -1;
    }
    while (ok && child_next(c, &q, sizeof q))
        ok = answer(&p, &q, e) && child_reply(c, e);
    return ok; /* the process ends here: nothing is given back by hand */
}
