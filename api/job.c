/* job.c - one remote job from its submission to the media in its file, as a machine of states */
#include "api/job.h"
#include <assert.h>
#include <string.h>
#include "api/job_private.h"
#include "api/keys.h"
#include "gen/base/mem.h"

enum { MOST_BAD_POLLS = 5, BAD_POLL_CAP_MS = 30000 };

#define X(s) #s,
static const char *const state_names[] = { JOB_STATES(X) };
#undef X
static const unsigned moves[JOB_N_STATES] = {
    [ST_NEW] = BIT(ST_SUBMIT) | BIT(ST_ACCEPTED) | BIT(ST_KEY) | BIT(ST_RUN),
    [ST_KEY] = BIT(ST_SUBMIT) | BIT(ST_ACCEPTED) | BIT(ST_FAILED),
    [ST_RUN] = BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_SUBMIT] = BIT(ST_ACCEPTED) | BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_ACCEPTED] =
        BIT(ST_POLL_WAIT) | BIT(ST_POLL) | BIT(ST_COLLECT) | BIT(ST_DOWNLOAD) | BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_POLL_WAIT] = BIT(ST_POLL) | BIT(ST_FAILED),
    [ST_POLL] = BIT(ST_POLL_WAIT) | BIT(ST_COLLECT) | BIT(ST_DOWNLOAD) | BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_COLLECT] = BIT(ST_DOWNLOAD) | BIT(ST_DONE) | BIT(ST_FAILED),
    [ST_DOWNLOAD] = BIT(ST_DONE) | BIT(ST_FAILED),
};

static int64_t now_of(const struct job_run *r)
{
    return clock_now_ms(r->env->clock);
}

void job_enter(struct job_run *r, enum job_state to)
{
    assert(moves[r->state] & BIT(to));
    log_debug(r->env->log, STR_FMT " job %llu: %s -> %s", STR_ARG(r->p->desc.id), (unsigned long long)r->id,
              state_names[r->state], state_names[to]);
    r->state = to;
    if (to == ST_ACCEPTED)                      /* the latest answer may be read again */
        return;
    lift_destroy(r->lift);
    r->lift = NULL;
}

/* ---------- events ---------- */

void job_tell(struct job_run *r, enum job_event_type type)
{
    assert(!r->has_event);
    if (type != JOB_ACCEPTED) {                 /* others may be read before this one is asked for */
        arena_deinit(&r->answers);
        r->answer = NULL;
    }
    r->has_event = true;
    r->event.type = type;
    r->event.id = r->id;
    r->event.status = r->status;
    r->event.retry_after_ms = r->wait_ms;
    r->event.bytes_in = r->bytes_in;
    r->event.lane_limit_known = r->lane_limit > 0;
    r->event.lane_limit = r->lane_limit > 0 ? r->lane_limit : 0;
    r->event.lane_in_flight = r->lane_in_flight;
    r->event.is_used_up = r->is_used_up;
    r->lane_limit = -1;                         /* told once */
}

void job_fail(struct job_run *r, const struct err *why, bool is_unsent, bool is_remote_over)
{
    r->event = (struct job_event){ .err = *why, .is_unsent = is_unsent, .is_remote_over = is_remote_over };
    err_wrap(&r->event.err, STR_FMT, STR_ARG(r->p->desc.id));
    if (why->code == ERR_AUTH && r->p->desc.auth.command.n && keys_refused(r->env->keys, r->p, r->key_number)) {
        r->event.err.code = ERR_SERVER;         /* it ran out: the next attempt asks for another */
        r->event.is_unsent = !r->remote.poll.n && !r->remote.result.n;
        r->event.is_remote_over = false;
    }
    provider_mask(r->p, r->event.err.msg);
    job_enter(r, ST_FAILED);
    job_tell(r, JOB_FAILED);
}

void job_fail_unsure(struct job_run *r, const struct err *why)
{
    r->status = 0;
    job_fail(r, why, false, true);
}

/* ---------- remote jobs ---------- */

static bool address(struct job_run *r, struct str from, struct str *out, struct err *e)
{
    return remote_address(&r->arena, r->p, r->vars, r->answer, from, out, e);
}

void job_accept(struct job_run *r)
{
    job_enter(r, ST_ACCEPTED);
    r->deadline_ms = now_of(r) + (r->p->desc.poll.get.p ? r->p->desc.poll.timeout_ms : 0);
    r->event = (struct job_event){ .remote = remote_print(&r->remote, r->p) };
    job_tell(r, JOB_ACCEPTED);
}

static void remote_failed(struct job_run *r)
{
    struct err e;
    struct buf message = { 0 };
    classify_message(&r->p->desc, r->answer, STR(""), &message);
    err_set(&e, ERR_SERVER, "the job failed there%s%s", message.n ? ": " : "", buf_str(&message).p);
    buf_deinit(&message);
    job_fail(r, &e, false, true);
}

static void wait_for_poll(struct job_run *r, int64_t ms)
{
    struct err e;
    job_enter(r, ST_POLL_WAIT);
    r->due_ms = now_of(r) + ms;
    if (r->due_ms <= r->deadline_ms)
        return;
    err_set(&e, ERR_SERVER, "not ready after %lld s; the job goes on there, and a later run asks again",
            (long long)(r->p->desc.poll.timeout_ms / 1000));
    job_fail(r, &e, false, false);
}

static void result_is_ready(struct job_run *r, const struct http_answer *a)
{
    struct err e;
    struct str collect;
    if (r->p->desc.poll.collect.n == 0) {
        job_take_result(r, a);
        return;
    }
    if (!address(r, r->p->desc.poll.collect, &collect, &e)) {
        job_fail(r, &e, false, true);
        return;
    }
    if (collect.n)
        r->remote.collect = collect;
    if (r->remote.collect.n)
        job_collect(r);
    else
        job_no_result(r);
}

/* ---------- an answer in each state ---------- */

static void submitted_to_queue(struct job_run *r, const struct http_answer *a)
{
    const struct description *d = &r->p->desc;
    enum remote_state state = remote_state(&r->p->desc, r->answer);
    struct err e;
    if (state == REMOTE_FAIL) {
        remote_failed(r);
        return;
    }
    if (!address(r, d->poll.get, &r->remote.poll, &e) || !address(r, d->cancel.path, &r->remote.cancel, &e) ||
        !address(r, d->poll.collect, &r->remote.collect, &e)) {
        job_fail_unsure(r, &e);
        return;
    }
    r->is_finished_remotely = state == REMOTE_OK;
    if (r->remote.poll.n) {
        job_accept(r);
    } else if (state == REMOTE_OK) {
        job_take_result(r, a);
    } else {
        struct buf message = { 0 };
        classify_message(d, r->answer, STR(""), &message);
        err_set(&e, ERR_SERVER, "the answer says neither the result nor where to ask for it%s%s", message.n ? ": " : "",
                buf_str(&message).p);
        buf_deinit(&message);
        job_fail_unsure(r, &e);
    }
}

/* What only looks something up buys nothing and can be sent again. */
static bool is_a_look(const struct job_run *r)
{
    return r->p->desc.request.method && strcmp(r->p->desc.request.method, "GET") == 0;
}

static void after_submit(struct job_run *r, struct http_answer *a)
{
    struct err e;
    bool is_rule;
    if (!job_is_fine(r, a, STEP_SUBMIT, &e, &is_rule)) {
        job_fail(r, &e, !a->ok && (a->is_unsent || is_a_look(r)), true);
    } else if (r->p->desc.poll.get.p) {
        submitted_to_queue(r, a);
    } else if (job_takes_body(r)) {
        if (!job_take_body(r, a, &e))
            job_fail_unsure(r, &e);
    } else if (!r->answer) {
        struct buf message = { 0 }, room = BUF_INIT(64 * KIB);
        classify_message(&r->p->desc, NULL, job_answer_head(r, a, &room), &message);
        buf_deinit(&room);
        err_set(&e, ERR_SERVER, "answered with something that is not JSON: %s", buf_str(&message).p);
        buf_deinit(&message);
        job_fail_unsure(r, &e);
    } else {
        job_take_result(r, a);
    }
}

static bool is_passing(enum err_code code)
{
    return code == ERR_NET || code == ERR_SERVER || code == ERR_RATE;
}

/* A poll that failed says nothing about the job. */
static void bad_poll(struct job_run *r, const struct err *why, bool is_rule)
{
    if (is_rule || !is_passing(why->code) || ++r->n_bad_polls > MOST_BAD_POLLS) {
        job_fail(r, why, false, is_rule || !is_passing(why->code));
        return;
    }
    int64_t ms = r->p->desc.poll.every_ms << r->n_bad_polls;
    ms = ms > BAD_POLL_CAP_MS ? BAD_POLL_CAP_MS : ms;
    struct err shown = *why;
    provider_mask(r->p, shown.msg);
    log_info(r->env->log, STR_FMT " job %llu: asking for the result failed (%s), again in %lld ms",
             STR_ARG(r->p->desc.id), (unsigned long long)r->id, shown.msg,
             (long long)(r->wait_ms > ms ? r->wait_ms : ms));
    wait_for_poll(r, r->wait_ms > ms ? r->wait_ms : ms);
}

static void after_poll(struct job_run *r, struct http_answer *a)
{
    struct err e;
    bool is_rule;
    if (!job_is_fine(r, a, STEP_POLL, &e, &is_rule)) {
        bad_poll(r, &e, is_rule);
        return;
    }
    switch (remote_state(&r->p->desc, r->answer)) {
    case REMOTE_OK:
        r->n_bad_polls = 0;
        result_is_ready(r, a);
        break;
    case REMOTE_WAIT:
        r->n_bad_polls = 0;
        wait_for_poll(r, r->p->desc.poll.every_ms);
        break;
    case REMOTE_FAIL:
        remote_failed(r);
        break;
    case REMOTE_UNKNOWN:
        err_set(&e, ERR_SERVER, "an answer without " STR_FMT, STR_ARG(r->p->desc.status.at));
        bad_poll(r, &e, false);
    }
}

static void after_collect(struct job_run *r, struct http_answer *a)
{
    struct err e;
    bool is_rule;
    if (job_is_fine(r, a, STEP_POLL, &e, &is_rule))
        job_take_result(r, a);
    else
        job_fail(r, &e, false, is_rule || !is_passing(e.code));
}

/* A signed address runs out. Where the job can be asked again it hands out a fresh one, else the result is lost. */
static void after_download(struct job_run *r, struct http_answer *a)
{
    struct err e;
    bool is_rule;
    if (a->ok && a->status >= 200 && a->status <= 299) {
        job_note_answer(r, a);
        if (!job_take_body(r, a, &e))
            job_fail(r, &e, false, e.code == ERR_MEDIA); /* it will not get better by asking again */
        return;
    }
    job_is_fine(r, a, STEP_DOWNLOAD, &e, &is_rule);
    err_wrap(&e, "download");
    if (e.code == ERR_LOST && r->remote.poll.n)
        e.code = ERR_SERVER;
    job_fail(r, &e, false, e.code == ERR_LOST || e.code == ERR_CONFIG);
}

/* ---------- outside ---------- */

static void read_answer(struct job_run *r)
{
    struct http_call *c = r->call;
    static void (*const after[JOB_N_STATES])(struct job_run *, struct http_answer *) = {
        [ST_SUBMIT] = after_submit,
        [ST_POLL] = after_poll,
        [ST_COLLECT] = after_collect,
        [ST_DOWNLOAD] = after_download,
    };
    assert(after[r->state]);
    r->call = NULL;
    after[r->state](r, http_answer(c));
    http_free(r->env->http, c);
}

/* Much text, media perhaps that could not be decoded while they came: milliseconds in which the service could be at work
 * already. */
static bool is_long_to_read(const struct job_run *r, const struct http_answer *a)
{
    bool is_last = r->state == ST_COLLECT ||
                   (r->state == ST_SUBMIT && !r->p->desc.poll.get.p && !job_takes_body(r));
    return is_last && a->ok && r->lift && lift_is_long(r->lift);
}

void job_run_answer(struct job_run *r, struct http_call *c)
{
    assert(c == r->call);
    job_end_body(r, http_answer(c));
    if (!is_long_to_read(r, http_answer(c))) {
        read_answer(r);
        return;
    }
    r->has_arrived = true;
    r->event = (struct job_event){ 0 };
    job_tell(r, JOB_ARRIVED);
}

bool job_run_has_arrived(const struct job_run *r)
{
    return r->has_arrived;
}

void job_run_read(struct job_run *r)
{
    if (!r->has_arrived)
        return;
    r->has_arrived = false;
    read_answer(r);
}

/* From ACCEPTED on: straight to the result where it is known. The submit answer still lies in r->answer. */
void job_go_on(struct job_run *r)
{
    struct headers none = { 0 };
    struct http_answer a = { .headers = none };
    if (r->remote.result.n)
        job_download(r, r->remote.result);
    else if (r->is_finished_remotely && !r->is_resumed)
        result_is_ready(r, &a);
    else if (r->is_resumed)
        job_poll(r);
    else
        wait_for_poll(r, r->p->desc.poll.every_ms);
}

void job_run_continue(struct job_run *r)
{
    if (r->state == ST_ACCEPTED)
        job_go_on(r);
}

bool job_run_has_event(const struct job_run *r)
{
    return r->has_event;
}

bool job_run_event(struct job_run *r, struct job_event *out)
{
    if (!r->has_event)
        return false;
    *out = r->event;
    r->event = (struct job_event){ 0 };
    r->has_event = false;
    return true;
}

bool job_run_is_over(const struct job_run *r)
{
    return r->state == ST_DONE || r->state == ST_FAILED;
}
