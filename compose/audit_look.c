/* audit_look.c - what a finished film shows and how it sounds (the parent's side: asks the child, checks its numbers) */
#include "compose/audit_look.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "compose/aside.h"
#include "gen/base/mem.h"
#include "gen/encoding.h"

enum { WALL_MS = 3600 * 1000 };

static struct str job_of(const struct join_spec *s, const int64_t *frames, size_t n_looks, struct buf *b)
{
    enum container c = container_of(s->out_path);
    const struct audit_job job = { .container = (int32_t)(c < CONTAINER_N ? c : CONTAINER_MP4),
                                   .fps_num = s->video.fps_num, .fps_den = s->video.fps_den,
                                   .n_looks = (int32_t)n_looks };
    buf_adds(b, (struct str){ (const char *)&job, sizeof job });
    buf_adds(b, (struct str){ (const char *)frames, n_looks * sizeof *frames });
    return buf_str(b);
}

static bool makes_sense(const struct audit_seen *s, size_t n_looks)
{
    const struct audit_answer *a = &s->answer;
    size_t looks = n_looks * sizeof *s->looks;
    return a->n_low >= 0 && s->n_data >= looks && (s->n_data - looks) / sizeof *s->low == (size_t)a->n_low &&
           a->n_samples >= 0 && a->n_decoded >= 0 && !isnan(a->lufs) && !isnan(a->peak_dbtp);
}

bool audit_see(const struct join_spec *s, int fd, const int64_t *frames, size_t n_looks, struct audit_seen *out,
               struct err *e)
{
    struct buf job = { 0 };
    int scratch = aside_scratch(s->out_path, e);
    *out = (struct audit_seen){ 0 };
    bool ok = scratch >= 0 && child_run_into("audit-film", job_of(s, frames, n_looks, &job), fd, WALL_MS, &out->answer,
                                             sizeof out->answer, scratch, &out->data, &out->n_data, e);
    buf_deinit(&job);
    if (scratch >= 0)
        close(scratch);
    out->looks = out->data;
    out->low = out->data ? (const int16_t *)(const void *)(out->looks + n_looks) : NULL;
    if (ok && !makes_sense(out, n_looks))
        ok = err_set(e, ERR_RENDER, "what was decoded of it makes no sense");
    if (!ok && e->code == ERR_MEDIA)            /* it is no stranger's file */
        e->code = ERR_RENDER;
    return ok;
}

void audit_seen_deinit(struct audit_seen *s)
{
    if (s->data)
        munmap((void *)(uintptr_t)s->data, s->n_data);
    *s = (struct audit_seen){ 0 };
}
