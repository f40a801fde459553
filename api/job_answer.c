/* job_answer.c - a look at an answer of a job: its JSON, what it tells of pace and cost, whether it is fine */
#include "api/job_private.h"
#include "api/keys.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

enum { HEAD_BYTES = 64 * KIB };

struct result_in job_result_in(const struct job_run *r, const struct http_answer *a)
{
    return (struct result_in){ .desc = &r->p->desc, .kind = r->kind, .fd = r->fd, .max_bytes = r->env->media_bytes,
                               .headers = &a->headers };
}

void job_note_answer(struct job_run *r, struct http_answer *a)
{
    static const char *const ids[] = { "x-request-id", "request-id", "x-amzn-requestid", "x-goog-request-id" };
    r->bytes_in += a->bytes_in;
    if (a->ok && a->status >= 200 && a->status <= 299)
        keys_worked(r->env->keys, r->p, r->key_number);
    /* half of a good answer is no answer: nobody knows that it was not paid for */
    r->status = a->ok || a->status < 200 || a->status > 299 ? a->status : 0;
    r->wait_ms = classify_wait_ms(&r->p->desc, a->status, &a->headers, r->answer, clock_wall_ms());
    bool is_service = r->state != ST_DOWNLOAD;  /* media may lie with somebody else */
    r->is_used_up = is_service && r->wait_ms >= 0 && classify_is_used_up(&r->p->desc, &a->headers);
    int64_t in_flight, limit = classify_limit(&r->p->desc, &a->headers, &in_flight);
    if (limit > 0 && is_service) {
        r->lane_limit = limit;
        r->lane_in_flight = in_flight;
    }
    for (size_t i = 0; i < COUNTOF(ids) && r->request_id.n == 0; i++) {
        struct str id = headers_get(&a->headers, ids[i]);
        if (id.n && id.n < 200)
            r->request_id = arena_str(&r->arena, id);
    }
}

/* ---------- the body ---------- */

static bool take_json(void *ctx, const char *p, size_t n, struct err *e)
{
    struct job_run *r = ctx;
    const struct description *d = &r->p->desc;
    bool has_media = d->result.as == RESULT_BASE64 || d->result.as == RESULT_URL; /* of which some are "data:..." */
    if (!r->lift)                               /* not before it comes: a request in flight is to cost little */
        r->lift = lift_create(r->fd, result_offset(d), r->env->blocks, has_media);
    return lift_add(r->lift, p, n, e);
}

static bool take_media(void *ctx, const char *p, size_t n, struct err *e)
{
    struct job_run *r = ctx;
    return blocks_add(&r->body, p, n, e);
}

void job_expect_json(struct job_run *r, struct http_request *q)
{
    q->take = take_json;
    q->take_ctx = r;
    q->max_bytes = r->env->answer_bytes;
}

void job_expect_media(struct job_run *r, struct http_request *q)
{
    blocks_deinit(&r->body);
    blocks_init(&r->body, r->fd, result_offset(&r->p->desc), r->env->blocks);
    q->take = take_media;
    q->take_ctx = r;
    q->max_bytes = r->env->media_bytes;
    q->is_media = true;
}

void job_end_body(struct job_run *r, struct http_answer *a)
{
    if (a->ok && !(r->lift ? lift_end(r->lift, &a->err) : blocks_flush(&r->body, &a->err)))
        a->ok = false;
    blocks_deinit(&r->body);
}

/* ---------- what it says ---------- */

static bool is_media(const struct job_run *r, const struct http_answer *a)
{
    bool is_expected = r->state == ST_DOWNLOAD || (r->state == ST_SUBMIT && job_takes_body(r));
    return is_expected && a->status >= 200 && a->status <= 299;
}

struct str job_answer_head(const struct job_run *r, const struct http_answer *a, struct buf *room)
{
    struct result_in in = job_result_in(r, a);
    struct err e;
    if (is_media(r, a))
        return result_head(&in, result_offset(&r->p->desc), room);
    if (!r->lift)
        return buf_str(&a->body);
    lift_text(r->lift, HEAD_BYTES, room, &e);   /* what can be read of it */
    return buf_str(room);
}

static struct json *parse(struct job_run *r, struct str text)
{
    struct json *tree = NULL;
    text = str_trim(text);
    if (text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
        return NULL;
    return json_parse(&r->answers, text, JSON_BOM, &tree, NULL, NULL, NULL, NULL) ? tree : NULL;
}

/* Media that went into the file are looked at only when they begin like JSON, and only as far as an error is long. */
static bool looks_like_json(const struct job_run *r, const struct http_answer *a)
{
    char look[16];
    if (!is_media(r, a))
        return true;
    struct str head = str_trim((struct str){ look, fd_read_at(r->fd, look, sizeof look, result_offset(&r->p->desc)) });
    return head.n == 0 || head.p[0] == '{' || head.p[0] == '[';
}

static void read_json(struct job_run *r, const struct http_answer *a)
{
    struct buf room = BUF_INIT(HEAD_BYTES);
    arena_deinit(&r->answers);
    r->answer = NULL;
    if (r->lift)
        r->answer = lift_parse(r->lift, &r->answers);
    else if (looks_like_json(r, a))
        r->answer = parse(r, job_answer_head(r, a, &room));
    buf_deinit(&room);
}

/* What would help, to stand behind the server's words. */
static void add_remedy(const struct job_run *r, enum err_code code, struct buf *out)
{
    struct str env = r->p->info.key_env;
    if (code == ERR_AUTH && r->p->key.n == 0)
        buf_addz(out, " (no key was sent)");
    else if (code == ERR_AUTH && env.n)
        buf_printf(out, " (is the key in " STR_FMT " the right one?)", STR_ARG(env));
    else if (code == ERR_QUOTA)
        buf_addz(out, " (the account has no money or quota left)");
    else if (code == ERR_POLICY)
        buf_addz(out, " (refused for its content; other words may pass)");
}

/* Sets e to "HTTP 429: what the server says (what would help)". */
static void say_refusal(struct job_run *r, const struct http_answer *a, enum err_code code, struct err *e)
{
    struct buf message = { 0 }, room = BUF_INIT(HEAD_BYTES), remedy = { 0 };
    struct str to = headers_get(&a->headers, "Location");
    if (a->status >= 300 && a->status <= 399 && to.n) {
        http_url_show(&message, to);
        err_set(e, code, "HTTP %d to %s, which is not followed; if that is right, name it as base in config.yaml",
                a->status, buf_str(&message).p);
    } else {
        struct str raw = r->answer ? STR("") : job_answer_head(r, a, &room);
        classify_message(&r->p->desc, r->answer, raw, &message);
        add_remedy(r, code, &remedy);
        err_set(e, code, "HTTP %d%s%s%s", a->status, message.n ? ": " : "", buf_str(&message).p, buf_str(&remedy).p);
    }
    buf_deinit(&message);
    buf_deinit(&remedy);
    buf_deinit(&room);
}

bool job_is_fine(struct job_run *r, struct http_answer *a, enum classify_step step, struct err *e, bool *is_rule)
{
    *is_rule = false;
    if (!a->ok) {
        job_note_answer(r, a);
        *e = a->err;
        return false;
    }
    read_json(r, a);
    struct verdict v = classify(&r->p->desc, step, a->status, &a->headers, r->answer);
    job_note_answer(r, a);
    if (v.code == ERR_NONE && step != STEP_DOWNLOAD)
        usage_note(&r->p->desc.usage, &a->headers, r->answer, &r->told);
    *is_rule = v.is_rule;
    if (v.code != ERR_NONE)
        say_refusal(r, a, v.code, e);
    return v.code == ERR_NONE;
}
