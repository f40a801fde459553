/* draw.c - slides are drawn in a child process: the spec goes over as lengths and bytes, the PNG comes back */
#include "compose/draw.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "compose/slide/slide.h"
#include "compose/workers.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

enum { N_TEXTS = 7, BULLETS_MAX = 1000, SIDE_MAX = 32000 };

/* The job: this, then a uint32_t length for each of N_TEXTS + n_bullets strings, then their bytes in that order. */
struct draw_job {
    double caption_size;
    int64_t caption_lines;
    int32_t width, height, has_captions, caption_position;
    uint32_t n_bullets;
};

static bool add(struct buf *lengths, struct buf *bytes, struct str s)
{
    uint32_t n = (uint32_t)s.n;
    return s.n < UINT32_MAX && buf_add(lengths, &n, sizeof n) && buf_adds(bytes, s);
}

static bool pack(const struct slide_spec *s, struct buf *out)
{
    const struct slide_opts *o = s->slide;
    const struct str texts[N_TEXTS] = { s->title, s->language, s->svg, o->heading, o->caption, o->code, o->theme };
    struct draw_job job = {
        .width = s->width, .height = s->height, .has_captions = s->captions != NULL, .n_bullets = (uint32_t)o->n_bullets
    };
    if (s->captions) {
        job.caption_size = s->captions->size;
        job.caption_lines = s->captions->max_lines;
        job.caption_position = s->captions->position;
    }
    struct buf bytes = BUF_INIT(16 * MIB);
    bool ok = o->n_bullets <= BULLETS_MAX && buf_add(out, &job, sizeof job);
    for (size_t i = 0; ok && i < N_TEXTS; i++)
        ok = add(out, &bytes, texts[i]);
    for (size_t i = 0; ok && i < o->n_bullets; i++)
        ok = add(out, &bytes, o->bullets[i]);
    ok = ok && buf_adds(out, buf_str(&bytes));
    buf_deinit(&bytes);
    return ok;
}

/* ---------- the child's side ---------- */

/* Views into the job; *bullets is the caller's to free. */
static bool unpack(struct str job, struct slide_spec *s, struct slide_opts *o, struct caption_opts *captions,
                   struct str **bullets)
{
    struct draw_job head;
    struct str *const texts[N_TEXTS] = {
        &s->title, &s->language, &s->svg, &o->heading, &o->caption, &o->code, &o->theme
    };
    if (job.n < sizeof head)
        return false;
    memcpy(&head, job.p, sizeof head);
    size_t n = N_TEXTS + head.n_bullets, at = sizeof head + n * sizeof(uint32_t);
    if (head.n_bullets > BULLETS_MAX || at > job.n)
        return false;
    *bullets = mem_array(head.n_bullets, sizeof **bullets);
    for (size_t i = 0; i < n; i++) {
        uint32_t len;
        memcpy(&len, job.p + sizeof head + i * sizeof len, sizeof len);
        if (len > job.n - at)
            return false;
        struct str text = { job.p + at, len };
        if (i < N_TEXTS)
            *texts[i] = text;
        else
            (*bullets)[i - N_TEXTS] = text;
        at += len;
    }
    o->bullets = *bullets;
    o->n_bullets = head.n_bullets;
    s->slide = o;
    s->width = head.width;
    s->height = head.height;
    *captions = (struct caption_opts){
        .enabled = true, .position = head.caption_position, .max_lines = head.caption_lines, .size = head.caption_size
    };
    s->captions = head.has_captions ? captions : NULL;
    return true;
}

bool draw_work(struct child *c, struct err *e)
{
    struct draw_answer *a = c->answer;
    struct slide_spec s = { 0 };
    struct slide_opts o = { 0 };
    struct media_info info = { 0 };
    struct caption_opts captions;
    struct str *bullets = NULL;
    bool ok = unpack(c->job, &s, &o, &captions, &bullets) ? slide_draw(&s, c->data, &info, e)
                                                          : err_set(e, ERR_INTERNAL, "a slide's job is damaged");
    *a = (struct draw_answer){ info.width, info.height };
    free(bullets);
    return ok;
}

/* ---------- the parent's side ---------- */

bool draw_in_child(const struct slide_spec *s, int fd, struct media_info *info, struct err *e)
{
    struct buf job = BUF_INIT(16 * MIB);
    struct draw_answer a;
    const void *data = NULL;
    size_t n = 0;
    bool ok = pack(s, &job) || err_set(e, ERR_LESSON, "a slide of over 16 MiB");
    ok = ok && child_run("draw-slide", buf_str(&job), -1, CHILD_WALL_MS, &a, sizeof a, &data, &n, e);
    if (ok && (!data || a.width < 1 || a.height < 1 || a.width > SIDE_MAX || a.height > SIDE_MAX))
        ok = err_set(e, ERR_MEDIA, "the drawing worker's answer makes no sense");
    if (ok)
        *info = (struct media_info){ .type = "png", .width = a.width, .height = a.height };
    ok = ok && fd_write_at(fd, data, n, 0, e) && (ftruncate(fd, (off_t)n) == 0 || err_errno(e, "write a slide"));
    if (data)
        munmap((void *)(uintptr_t)data, n);
    buf_deinit(&job);
    return ok;
}
