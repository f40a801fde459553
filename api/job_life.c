/* job_life.c - a job from outside: how it begins, waits, is cancelled and ends */
#include "api/job.h"
#include <stdlib.h>
#include "api/job_private.h"
#include "api/keys.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

/* What a job begins with once its key is there. */
static bool send_first(struct job_run *r, const struct want *w, struct str idempotency, struct err *e)
{
    if (!r->is_resumed)
        return job_submit(r, w, idempotency, e);
    r->deadline_ms = clock_now_ms(r->env->clock) + r->p->desc.poll.timeout_ms;
    job_enter(r, ST_ACCEPTED);
    job_go_on(r);
    return true;
}

/* What is wanted is only lent until the job has begun. */
static void keep_want(struct job_run *r, const struct job *job)
{
    struct want *w = &r->want;
    struct str *const texts[] = { &w->provider, &w->text, &w->negative, &w->model,  &w->voice,
                                  &w->size,     &w->prev, &w->next,     &w->system, &w->schema };
    *w = *job->want;
    for (size_t i = 0; i < COUNTOF(texts); i++)
        *texts[i] = arena_str(&r->arena, *texts[i]);
    r->idempotency = arena_str(&r->arena, job->key);
}

static void look_for_key(struct job_run *r)
{
    struct err e;
    enum key_state state = keys_get(r->env->keys, r->p, r->id, &r->key_number, &e);
    r->due_ms = INT64_MAX;
    if (state == KEY_PENDING)
        return;
    if (state == KEY_FAILED || !send_first(r, &r->want, r->idempotency, &e))
        job_fail(r, &e, true, false);
}

static bool begin(struct job_run *r, const struct job *job, struct err *e)
{
    const struct provider *p = r->p;
    if (!p->info.has_key)
        return err_set(e, ERR_AUTH, STR_FMT ": set " STR_FMT, STR_ARG(p->desc.id), STR_ARG(p->info.needs));
    if (!fd_empty(r->fd, e))
        return err_wrap(e, STR_FMT, STR_ARG(p->desc.id));
    if (p->desc.exec.n)
        return exec_begin(r, job->want, job->key, e) || err_wrap(e, STR_FMT, STR_ARG(p->desc.id));
    if (job->remote.n) {
        r->is_resumed = true;
        r->vars = request_vars(&r->arena, p, job->want);
        r->price = price_find(&p->prices, r->vars);
    }
    if (job->remote.n && !remote_read(&r->arena, p, job->remote, &r->remote, e))
        return false;
    enum key_state key = keys_get(r->env->keys, p, r->id, &r->key_number, e);
    if (key == KEY_PENDING) {
        keep_want(r, job);
        job_enter(r, ST_KEY);
        r->due_ms = INT64_MAX;
        return true;
    }
    if (key == KEY_FAILED)
        return err_wrap(e, STR_FMT, STR_ARG(p->desc.id));
    return send_first(r, job->want, job->key, e);
}

struct job_run *job_run_create(const struct job_env *env, const struct provider *p, const struct job *job,
                               struct err *e)
{
    struct job_run *r = mem_alloc(sizeof *r);
    *r = (struct job_run){ .env = env, .p = p, .id = job->id, .fd = job->fd, .kind = job->want->kind, .wait_ms = -1,
                           .lane_limit = -1, .told = measure_unknown() };
    if (begin(r, job, e))
        return r;
    provider_mask(p, e->msg);
    job_run_destroy(r);
    return NULL;
}

void job_run_destroy(struct job_run *r)
{
    if (!r)
        return;
    http_free(r->env->http, r->call);
    exec_destroy(r->exec);
    free(r->event.remote);
    free(r->event.meta);
    lift_destroy(r->lift);
    blocks_deinit(&r->body);
    arena_deinit(&r->answers);
    arena_deinit(&r->arena);
    free(r);
}

void job_run_key_is_there(struct job_run *r)
{
    if (r->state == ST_KEY)
        r->due_ms = 0;
}

uint64_t job_run_id(const struct job_run *r)
{
    return r->id;
}

bool job_run_cancel(struct job_run *r)
{
    struct err e;
    if (r->remote.cancel.n == 0 || job_run_is_over(r))
        return false;
    if (job_call(r, r->p->desc.cancel.method, r->remote.cancel, NULL, &e))
        return true;
    provider_mask(r->p, e.msg);
    log_info(r->env->log, STR_FMT ": the job could not be cancelled: %s", STR_ARG(r->p->desc.id), e.msg);
    return false;
}

int64_t job_run_due_ms(const struct job_run *r)
{
    if (r->state == ST_RUN)
        return exec_due_ms(r->exec);
    return (r->state == ST_POLL_WAIT || r->state == ST_KEY) && !r->has_event ? r->due_ms : INT64_MAX;
}

void job_run_tick(struct job_run *r)
{
    if (r->state == ST_RUN)
        exec_tick(r);
    else if (r->state == ST_KEY && clock_now_ms(r->env->clock) >= r->due_ms)
        look_for_key(r);
    else if (r->state == ST_POLL_WAIT && clock_now_ms(r->env->clock) >= r->due_ms)
        job_poll(r);
}
