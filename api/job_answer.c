/* job_answer.c - a look at an answer of a job: its JSON, what it tells of pace and cost, whether it is fine */
#include <string.h>
#include <sys/mman.h>
#include "api/job_private.h"
#include "api/keys.h"
#include "api/thin.h"
#include "gen/base/mem.h"

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

void job_forget_text(struct job_run *r)
{
    thin_forget(r->answer, r->mapped);
    if (r->mapped.p)
        munmap((void *)(uintptr_t)r->mapped.p, r->mapped.n);
    r->mapped = (struct str){ 0 };
}

static struct json *parse_answer(struct job_run *r, struct str text)
{
    struct json *tree = NULL;
    struct str seen = str_trim(text);
    bool has_media = r->mapped.p && (r->p->desc.result.as == RESULT_BASE64 || r->p->desc.result.as == RESULT_URL);
    if (seen.n == 0 || (seen.p[0] != '{' && seen.p[0] != '['))
        return NULL;
    bool is_json = has_media ? thin_parse(&r->answers, seen, &tree) :
                               json_parse(&r->answers, seen, JSON_BOM, &tree, NULL, NULL, NULL, NULL);
    return is_json ? tree : NULL;
}

static bool is_media(const struct job_run *r)
{
    return r->state == ST_DOWNLOAD || (r->state == ST_SUBMIT && job_takes_body(r));
}

/* A long answer lies in the job's file. Its media are taken out of it into the same file: they become shorter, so what
 * was not read yet is never overwritten. */
static struct json *parse_file(struct job_run *r, int64_t n)
{
    void *p = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, r->fd, 0);
    if (p == MAP_FAILED)
        return NULL;
    r->mapped = (struct str){ p, (size_t)n };
    return parse_answer(r, r->mapped);
}

struct str job_answer_head(const struct job_run *r, const struct http_answer *a, struct buf *room)
{
    struct result_in in = job_result_in(r, a);
    return a->n_file ? result_head(&in, is_media(r) ? result_offset(&r->p->desc) : 0, room) : buf_str(&a->body);
}

/* Reads the answer's JSON, if that is what it is. Media that went into the file are looked at only as far as an error
 * is long. */
static struct str read_answer(struct job_run *r, const struct http_answer *a, struct buf *room)
{
    struct str head = job_answer_head(r, a, room);
    job_forget_text(r);
    arena_deinit(&r->answers);
    r->answer = a->n_file && !is_media(r) ? parse_file(r, a->n_file) : parse_answer(r, head);
    return head;
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
static void say_refusal(struct job_run *r, const struct http_answer *a, enum err_code code, struct str raw,
                        struct err *e)
{
    struct buf message = { 0 };
    struct str to = headers_get(&a->headers, "Location");
    if (a->status >= 300 && a->status <= 399 && to.n) {
        http_url_show(&message, to);
        err_set(e, code, "HTTP %d to %s, which is not followed; if that is right, name it as base in config.yaml",
                a->status, buf_str(&message).p);
    } else {
        classify_message(&r->p->desc, r->answer, raw, &message);
        struct buf remedy = { 0 };
        add_remedy(r, code, &remedy);
        err_set(e, code, "HTTP %d%s%s%s", a->status, message.n ? ": " : "", buf_str(&message).p, buf_str(&remedy).p);
        buf_deinit(&remedy);
    }
    buf_deinit(&message);
}

bool job_is_fine(struct job_run *r, struct http_answer *a, enum classify_step step, struct err *e, bool *is_rule)
{
    struct buf room = BUF_INIT(256 * KIB);
    *is_rule = false;
    if (!a->ok) {
        job_note_answer(r, a);
        *e = a->err;
        return false;
    }
    struct str raw = read_answer(r, a, &room);
    struct verdict v = classify(&r->p->desc, step, a->status, &a->headers, r->answer);
    job_note_answer(r, a);
    if (v.code == ERR_NONE && step != STEP_DOWNLOAD)
        usage_note(&r->p->desc.usage, &a->headers, r->answer, &r->told);
    *is_rule = v.is_rule;
    if (v.code != ERR_NONE)
        say_refusal(r, a, v.code, raw, e);
    buf_deinit(&room);
    return v.code == ERR_NONE;
}
