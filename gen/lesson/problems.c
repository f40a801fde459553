/* problems.c - collecting what is wrong, and printing it */
#include "gen/lesson/problems.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/reader.h"

struct str quoted(struct reader *r, struct str s)
{
    return text_quoted(r->a, s);
}

void vreport(struct reader *r, const char *code, struct json_pos pos, struct str fix, const char *fmt, va_list ap)
{
    struct problems *out = r->out;
    bool is_error = code[0] == 'E';
    out->n_errors += is_error;
    out->n_warnings += !is_error;
    if (out->n == PROBLEMS_MOST)
        return;
    if (out->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 16;
        struct problem *v = arena_array(r->a, cap, sizeof *v);
        for (size_t i = 0; i < out->n; i++)
            v[i] = out->v[i];
        out->v = v;
        r->cap = cap;
    }
    struct buf b = { 0 };
    buf_vprintf(&b, fmt, ap);
    out->v[out->n++] = (struct problem){
        .is_error = is_error, .pos = pos, .code = code, .path = arena_str(r->a, buf_str(&r->path)),
        .message = arena_str(r->a, buf_str(&b)), .fix = arena_str(r->a, fix),
    };
    buf_deinit(&b);
}

void report(struct reader *r, const char *code, struct json_pos pos, struct str fix, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vreport(r, code, pos, fix, fmt, ap);
    va_end(ap);
}

void report_once(struct reader *r, const char *code, struct str tag, struct json_pos pos, struct str fix,
                 const char *fmt, ...)
{
    for (size_t i = 0; i < r->n_once; i++)
        if (r->once[i].code == code && str_eq(r->once[i].tag, tag)) {
            r->once[i].more++;
            return;
        }
    if (r->n_once < ONCE_MOST && r->out->n < PROBLEMS_MOST)
        r->once[r->n_once++] = (struct once){ code, arena_str(r->a, tag), r->out->n, 0 };
    va_list ap;
    va_start(ap, fmt);
    vreport(r, code, pos, fix, fmt, ap);
    va_end(ap);
}

struct sorted { struct problem p; size_t order; };

static int by_place(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    if (x->p.pos.line != y->p.pos.line)
        return x->p.pos.line < y->p.pos.line ? -1 : 1;
    if (x->p.pos.col != y->p.pos.col)
        return x->p.pos.col < y->p.pos.col ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void report_finish(struct reader *r)
{
    struct problems *out = r->out;
    for (size_t i = 0; i < r->n_once; i++)
        if (r->once[i].more) {
            struct problem *p = &out->v[r->once[i].problem];
            p->message = arena_printf(r->a, STR_FMT " (and %zu more)", STR_ARG(p->message), r->once[i].more);
        }
    struct sorted *v = mem_array(out->n + 1, sizeof *v);
    for (size_t i = 0; i < out->n; i++)
        v[i] = (struct sorted){ out->v[i], i };
    qsort(v, out->n, sizeof *v, by_place);
    for (size_t i = 0; i < out->n; i++)
        out->v[i] = v[i].p;
    free(v);
}

size_t path_key(struct reader *r, struct str key)
{
    size_t mark = r->path.n;
    if (mark)
        buf_addc(&r->path, '.');
    text_clean(&r->path, key, 60);
    return mark;
}

size_t path_index(struct reader *r, size_t i)
{
    size_t mark = r->path.n;
    buf_printf(&r->path, "[%zu]", i);
    return mark;
}

void path_pop(struct reader *r, size_t mark)
{
    r->path.n = mark;
    if (r->path.p)
        r->path.p[mark] = '\0';
}

static const char *severity(const struct problem *p)
{
    return p->is_error ? "error" : "warning";
}

/* An unknown key is named before its path; everything else follows it, a value without a colon. */
static void print_line(struct buf *out, struct str path, const struct problem *p)
{
    text_clean(out, path, 0);
    if (p->pos.line)
        buf_printf(out, ":%u:%u", p->pos.line, p->pos.col);
    buf_printf(out, ": %s: ", severity(p));
    if (str_ends(str_from(p->code), "UNKNOWN_KEY")) {
        text_clean(out, p->message, 0);
        if (memchr(p->path.p, '.', p->path.n)) { /* at the top the key is the path */
            buf_addz(out, " at ");
            text_clean(out, p->path, 0);
        }
        if (p->fix.n) {
            buf_addz(out, " - did you mean \"");
            text_clean(out, p->fix, 0);
            buf_addz(out, "\"?");
        }
    } else {
        char first = p->message.n ? p->message.p[0] : ' ';
        bool is_value = first == '"' || first == '-' || (first >= '0' && first <= '9');
        text_clean(out, p->path, 0);
        buf_addz(out, p->path.n == 0 ? "" : is_value ? " " : ": ");
        text_clean(out, p->message, 0);
    }
    buf_printf(out, " [%s]\n", p->code);
}

static void print_member(struct buf *out, const char *name, struct str value)
{
    struct buf clean = { 0 };
    text_clean(&clean, value, 0);
    buf_printf(out, ",\"%s\":", name);
    json_print_string(out, buf_str(&clean));
    buf_deinit(&clean);
}

static void print_json(struct buf *out, struct str path, const struct problem *p)
{
    buf_printf(out, "{\"event\":\"problem\"");
    print_member(out, "file", path);
    buf_printf(out, ",\"line\":%u,\"column\":%u,\"severity\":\"%s\",\"code\":\"%s\"", p->pos.line, p->pos.col,
               severity(p), p->code);
    print_member(out, "path", p->path);
    print_member(out, "message", p->message);
    print_member(out, "fix", p->fix);
    buf_addz(out, "}\n");
}

static void print_summary(struct buf *out, struct str path, const struct problems *p)
{
    text_clean(out, path, 0);
    if (p->n == 0) {
        buf_addz(out, ": no problems\n");
        return;
    }
    buf_addz(out, ": ");
    if (p->n_errors)
        buf_printf(out, "%zu error%s", p->n_errors, p->n_errors == 1 ? "" : "s");
    if (p->n_warnings)
        buf_printf(out, "%s%zu warning%s", p->n_errors ? ", " : "", p->n_warnings, p->n_warnings == 1 ? "" : "s");
    if (p->n_errors + p->n_warnings > p->n)
        buf_printf(out, ", the first %zu are shown", p->n);
    buf_addz(out, p->n_errors ? "; nothing was fetched or spent\n" : "\n");
}

void problems_print(struct buf *out, struct str path, const struct problems *p, bool as_json)
{
    for (size_t i = 0; i < p->n; i++)
        (as_json ? print_json : print_line)(out, path, &p->v[i]);
    if (!as_json) {
        print_summary(out, path, p);
        return;
    }
    buf_addz(out, "{\"event\":\"checked\"");
    print_member(out, "file", path);
    buf_printf(out, ",\"errors\":%zu,\"warnings\":%zu}\n", p->n_errors, p->n_warnings);
}
