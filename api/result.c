/* result.c - the media of an answer, brought into the job's file and looked at */
#include "api/result.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "api/base64.h"
#include "api/classify.h"
#include "api/pcm.h"
#include "api/pointer.h"
#include "api/template.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/sniff.h"
#include "gen/wav.h"

enum { TEXT_HEAD = 64 * 1024 };

bool result_find(const struct description *d, const struct json *answer, struct str *value, struct str *pointer)
{
    for (size_t i = 0; answer && i < d->result.at.n; i++) {
        const struct json *v = pointer_value(answer, d->result.at.v[i]);
        bool fits = v && (d->result.as == RESULT_JSON || (v->type == JSON_STRING && v->string.n));
        if (fits) {
            *value = v->string;
            *pointer = d->result.at.v[i];
            return true;
        }
    }
    return false;
}

struct str result_template(const struct description *d)
{
    struct str at = d->result.at.n ? d->result.at.v[0] : (struct str){ 0 };
    return at.n && template_has_vars(at) ? at : (struct str){ 0 };
}

bool result_is_url(const struct description *d, struct str value)
{
    bool looks = str_starts(value, "https://") || str_starts(value, "http://");
    return d->result.as == RESULT_URL ? !str_starts(value, "data:") : d->result.as == RESULT_BASE64 && looks;
}

static bool expects_samples(const struct description *d)
{
    return d->result.pcm_rate || d->result.pcm_mime;
}

int64_t result_offset(const struct description *d)
{
    return expects_samples(d) ? WAV_HEADER : 0;
}

struct str result_head(const struct result_in *in, int64_t offset, struct buf *room)
{
    char *chunk = mem_alloc(TEXT_HEAD);
    buf_clear(room);
    buf_add(room, chunk, fd_read_at(in->fd, chunk, TEXT_HEAD, offset));
    free(chunk);
    return buf_str(room);
}

/* Raw samples have no magic bytes and may begin like anything, so here only unmistakable containers count. */
static const char *container_type(struct str head)
{
    const char *type = sniff_type(head);
    return str_starts(head, "RIFF") || str_starts(head, "ID3") || str_starts(head, "OggS") || str_starts(head, "fLaC")
               ? type
               : "";
}

static bool refuse_text(const struct result_in *in, const char *type, int64_t offset, struct err *e)
{
    struct buf room = BUF_INIT(TEXT_HEAD), message = { 0 };
    classify_message(in->desc, NULL, result_head(in, offset, &room), &message);
    err_set(e, ERR_SERVER, "answered with %s instead of %s: " STR_FMT, type, asset_kind_name(in->kind),
            STR_ARG(buf_str(&message)));
    buf_deinit(&room);
    buf_deinit(&message);
    return false;
}

static bool check_type(const struct result_in *in, int64_t n, const char **type, struct err *e)
{
    char head[SNIFF_BYTES];
    struct str seen = { head, fd_read_at(in->fd, head, sizeof head, 0) };
    if (n == 0 || seen.n == 0)
        return err_set(e, ERR_SERVER, "answered with nothing");
    *type = in->kind == ASSET_TEXT ? "text" : sniff_type(seen);
    if (in->kind == ASSET_TEXT)
        return ftruncate(in->fd, (off_t)n) == 0 || err_errno(e, "cut to %lld bytes", (long long)n);
    if (str_is(STR("json"), *type) || str_is(STR("html"), *type))
        return refuse_text(in, *type, 0, e);
    if (!sniff_fits(*type, in->kind))
        return err_set(e, ERR_MEDIA, "%s was expected, and what came is %s (%lld bytes)", asset_kind_name(in->kind),
                       (*type)[0] ? *type : "nothing known", (long long)n);
    return ftruncate(in->fd, (off_t)n) == 0 || err_errno(e, "cut to %lld bytes", (long long)n);
}

/* Samples lie in the file from WAV_HEADER on. */
static bool wrap_samples(const struct result_in *in, int64_t n, uint32_t rate, const char **type, int64_t *n_bytes,
                         struct err *e)
{
    unsigned char header[WAV_HEADER];
    n -= n % 2;
    if (n == 0)
        return err_set(e, ERR_SERVER, "answered with nothing");
    if (n > UINT32_MAX - WAV_HEADER)
        return err_set(e, ERR_MEDIA, "raw samples of %lld bytes", (long long)n);
    wav_header(header, (uint32_t)n, rate, 1);
    *type = "wav";
    *n_bytes = n + WAV_HEADER;
    return fd_write_at(in->fd, header, sizeof header, 0, e) &&
           (ftruncate(in->fd, (off_t)*n_bytes) == 0 || err_errno(e, "cut to %lld bytes", (long long)*n_bytes));
}

static bool is_text_answer(const struct headers *h)
{
    struct str type = headers_get(h, "Content-Type");
    return type.n && (memmem(type.p, type.n, "json", 4) || memmem(type.p, type.n, "html", 4));
}

/* What lies from WAV_HEADER on is raw samples, or media after all. mime: what the answer calls it. */
static bool put_samples(const struct result_in *in, struct str mime, bool is_text, int64_t n, const char **type,
                        int64_t *n_bytes, struct err *e)
{
    char head[SNIFF_BYTES];
    struct str seen = { head, fd_read_at(in->fd, head, sizeof head, WAV_HEADER) };
    uint32_t rate = in->desc->result.pcm_rate ? in->desc->result.pcm_rate : pcm_rate_of_mime(mime);
    if (is_text)
        return refuse_text(in, "text", WAV_HEADER, e);
    if (rate && !container_type(seen)[0])
        return wrap_samples(in, n, rate, type, n_bytes, e);
    *n_bytes = n;
    return fd_shift_down(in->fd, WAV_HEADER, 0, n, e) && check_type(in, n, type, e);
}

bool result_put_streamed(const struct result_in *in, int64_t n_body, const char **type, int64_t *n_bytes, struct err *e)
{
    *n_bytes = n_body;
    if (result_offset(in->desc) == 0)
        return check_type(in, n_body, type, e);
    return put_samples(in, headers_get(in->headers, "Content-Type"), is_text_answer(in->headers), n_body, type, n_bytes,
                       e);
}

static bool put_text(const struct result_in *in, struct str text, const char *name, const char **type, int64_t *n_bytes,
                     struct err *e)
{
    *type = name;
    *n_bytes = (int64_t)text.n;
    return fd_write_at(in->fd, text.p, text.n, 0, e) &&
           (ftruncate(in->fd, (off_t)text.n) == 0 || err_errno(e, "cut to %zu bytes", text.n));
}

/* The media type that stands beside the data: {"mimeType": ..., "data": ...}. */
static struct str mime_beside(const struct json *answer, struct str pointer)
{
    static const char *const names[] = { "mimeType", "mime_type" };
    struct str found = { 0 };
    for (size_t i = 0; i < COUNTOF(names) && !found.n; i++) {
        struct buf sibling = { 0 };
        pointer_sibling(&sibling, pointer, names[i]);
        const struct json *v = pointer_value(answer, buf_str(&sibling));
        if (v && v->type == JSON_STRING)
            found = v->string;
        buf_deinit(&sibling);
    }
    return found;
}

/* Media that were decoded while they came are where they belong, unless others came before them. */
static bool put_lifted(const struct result_in *in, const struct lifted *m, int64_t offset, int64_t *n_bytes, struct err *e)
{
    if (m->n_bytes > in->max_bytes)
        return err_set(e, ERR_MEDIA, "base64 of more than %lld bytes", (long long)in->max_bytes);
    *n_bytes = m->n_bytes;
    return m->offset == offset || fd_shift_down(in->fd, m->offset, offset, m->n_bytes, e);
}

bool result_put_json(const struct result_in *in, const struct json *answer, struct str value, struct str pointer,
                     const struct lifted *media, const char **type, int64_t *n_bytes, struct err *e)
{
    int64_t offset = result_offset(in->desc);
    if (in->desc->result.as == RESULT_TEXT)
        return put_text(in, value, "text", type, n_bytes, e);
    if (in->desc->result.as == RESULT_JSON) {
        struct buf b = BUF_INIT((size_t)in->max_bytes);
        json_print(&b, pointer_value(answer, pointer), 0);
        bool ok = put_text(in, buf_str(&b), "json", type, n_bytes, e);
        buf_deinit(&b);
        return ok;
    }
    if (media ? !put_lifted(in, media, offset, n_bytes, e) :
                !base64_to_fd(value, in->fd, offset, in->max_bytes, n_bytes, e))
        return false;
    return offset ? put_samples(in, mime_beside(answer, pointer), false, *n_bytes, type, n_bytes, e) :
                     check_type(in, *n_bytes, type, e);
}
