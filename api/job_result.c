/* job_result.c - the end of a job: the media of its last answer, where they are to be had, and what is told of them */
#include "api/classify.h"
#include "api/job_private.h"
#include "api/result.h"
#include "api/timing.h"
#include "gen/base/mem.h"

void job_done(struct job_run *r, const char *type, int64_t n_bytes, const struct json *words, double cost)
{
    struct arena a = { 0 };
    struct json *meta = json_object(&a);
    struct buf b = BUF_INIT(64 * MIB);
    json_set(&a, meta, "type", json_string(&a, str_from(type)));
    json_set(&a, meta, "bytes", json_number(&a, (double)n_bytes));
    json_set(&a, meta, "provider", json_string(&a, r->p->desc.id));
    if (r->model.n)
        json_set(&a, meta, "model", json_string(&a, r->model));
    if (r->request_id.n)
        json_set(&a, meta, "request_id", json_string(&a, r->request_id));
    if (words)
        json_set(&a, meta, "words", json_copy(&a, words));
    struct json *usage = usage_json(&a, &r->told);
    if (usage)
        json_set(&a, meta, "usage", usage);
    json_print(&b, meta, 0);
    r->event = (struct job_event){ .meta = buf_take(&b), .cost_known = cost >= 0, .cost = cost };
    provider_mask(r->p, r->event.meta);
    arena_deinit(&a);
    job_enter(r, ST_DONE);
    job_tell(r, JOB_DONE);
}

static void done(struct job_run *r, const char *type, int64_t n_bytes)
{
    struct arena a = { 0 };
    const struct json *words = r->answer ? timing_words(&a, &r->p->desc.timing, r->answer) : NULL;
    double cost = price_told(r->price, &r->told);
    job_done(r, type, n_bytes, words, cost);
    arena_deinit(&a);
}

bool job_take_body(struct job_run *r, const struct http_answer *a, struct err *e)
{
    struct result_in in = job_result_in(r, a);
    const char *type = "";
    int64_t n = 0;
    if (!result_put_streamed(&in, a->bytes_in, &type, &n, e))
        return false;
    done(r, type, n);
    return true;
}

void job_no_result(struct job_run *r)
{
    struct err e;
    struct buf message = { 0 };
    classify_message(&r->p->desc, r->answer, STR(""), &message);
    err_set(&e, r->is_resumed ? ERR_LOST : ERR_SERVER, "the answer has no result at " STR_FMT "%s%s",
            STR_ARG(r->p->desc.result.at.v[0]), message.n ? ": " : "", buf_str(&message).p);
    buf_deinit(&message);
    job_fail_unsure(r, &e);
}

static void fetch_media(struct job_run *r, struct str url)
{
    if (r->state != ST_SUBMIT) {
        job_download(r, url);
        return;
    }
    r->remote.result = arena_str(&r->arena, url); /* paid for: the address is made durable before it is used */
    job_accept(r);
}

void job_take_result(struct job_run *r, const struct http_answer *a)
{
    struct result_in in = job_result_in(r, a);
    struct str value, pointer;
    const char *type = "";
    int64_t n = 0;
    struct err e;
    if (result_template(&r->p->desc).n) {
        if (remote_address(&r->arena, r->p, r->vars, r->answer, result_template(&r->p->desc), &value, &e))
            fetch_media(r, value);
        else
            job_fail_unsure(r, &e);
    } else if (!result_find(&r->p->desc, r->answer, &value, &pointer)) {
        job_no_result(r);
    } else if (!result_is_url(&r->p->desc, value)) {
        const struct lifted *media = r->lift ? lift_find(r->lift, value) : NULL;
        if (result_put_json(&in, r->answer, value, pointer, media, &type, &n, &e))
            done(r, type, n);
        else
            job_fail_unsure(r, &e);
    } else {
        fetch_media(r, value);
    }
}
