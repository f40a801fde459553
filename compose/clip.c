/* clip.c - moving pictures (the parent's side: asks the child, checks its numbers) */
#include "compose/clip.h"
#include <stdlib.h>
#include <string.h>
#include "compose/workers.h"
#include "gen/base/mem.h"
#include "gen/media.h"

enum { CHECK_WALL_MS = 600000, FRAME_WALL_MS = 60000 };

struct clip {
    struct child_stream *child;
    struct clip_spec spec;
};

bool clip_check(int fd, struct clip_info *out, struct err *e)
{
    struct clip_answer a;
    const void *data = NULL;
    size_t n = 0;
    *out = (struct clip_info){ 0 };
    if (!child_run("check-clip", (struct str){ 0 }, fd, CHECK_WALL_MS, &a, sizeof a, &data, &n, e))
        return false;
    const struct clip_info c = { .width = a.width,
                                 .height = a.height,
                                 .n_frames = a.n_frames,
                                 .n_ticks = a.n_ticks,
                                 .is_flat = a.is_flat != 0,
                                 .colour = { a.colour[0], a.colour[1], a.colour[2] } };
    *out = c;
    static const char *const types[] = { "mp4", "webm", "gif", "png", "webp" };
    bool is_type = false;
    for (size_t i = 0; i < COUNTOF(types); i++)
        is_type = is_type || strncmp(a.type, types[i], sizeof a.type) == 0;
    if (n || !is_type || a.width < 1 || a.height < 1 || a.width > 100 * CLIP_SIDE_MAX ||
        a.height > 100 * CLIP_SIDE_MAX || a.n_frames < 1 || a.n_frames > CLIP_FRAMES_MAX || a.n_ticks < 1 ||
        a.n_ticks > (int64_t)2 * CLIP_SECONDS_MAX * SAMPLE_RATE)
        return err_set(e, ERR_MEDIA, "the video decoder's answer makes no sense");
    memcpy(out->type, a.type, sizeof out->type);
    return true;
}

/* ---------- memory that both sides see ---------- */

static size_t padded(int w)
{
    return (size_t)(w + FRAME_ALIGN - 1) / FRAME_ALIGN * FRAME_ALIGN;
}

size_t clip_slot_bytes(const struct clip_spec *s)
{
    if (s->width < 2 || s->height < 2 || s->width > FRAME_SIDE_MAX || s->height > FRAME_SIDE_MAX)
        return 1;
    return padded(s->width) * (size_t)s->height + 2 * padded((s->width + 1) / 2) * (size_t)((s->height + 1) / 2);
}

struct frame clip_slot(const struct clip_spec *s, uint8_t *mem)
{
    struct frame f = { .w = s->width, .h = s->height };
    for (int p = 0; p < 3; p++) {
        f.plane[p] = mem;
        f.stride[p] = (ptrdiff_t)padded(frame_plane_w(&f, p));
        mem += (size_t)f.stride[p] * (size_t)frame_plane_h(&f, p);
    }
    return f;
}

/* ---------- playing ---------- */

struct clip *clip_open(int fd, const struct clip_spec *spec, struct err *e)
{
    struct clip_job job;
    memset(&job, 0, sizeof job);
    job.spec = *spec;
    struct str text = { (const char *)&job, sizeof job };
    struct child_stream *child = child_open("play-clip", text, fd, CLIP_LANES * clip_slot_bytes(spec), e);
    if (!child)
        return NULL;
    struct clip *c = mem_alloc(sizeof *c);
    *c = (struct clip){ child, *spec };
    return c;
}

bool clip_frame(struct clip *c, int lane, int64_t tick, bool is_smooth, struct frame *out, struct err *e)
{
    struct clip_question q;
    struct clip_shown shown;
    memset(&q, 0, sizeof q);
    q.tick = tick;
    q.lane = lane;
    q.is_smooth = is_smooth;
    if (!child_ask(c->child, &q, sizeof q, FRAME_WALL_MS, &shown, sizeof shown, e))
        return false;
    /* read-only for us: a struct frame of pixels that nobody writes through */
    uint8_t *mem = (uint8_t *)(uintptr_t)child_data(c->child);
    *out = clip_slot(&c->spec, mem + (size_t)lane * clip_slot_bytes(&c->spec));
    return true;
}

void clip_close(struct clip *c)
{
    if (!c)
        return;
    child_close(c->child);
    free(c);
}
