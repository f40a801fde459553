/* request_show.c - a request as a command for curl, or a job as one for its program, with the key named by its source */
#include "api/request_show.h"
#include <string.h>
#include "api/template.h"

static const char next_line[] = " \\\n  ";

/* In single quotes, where only the quote itself is special. */
static void put_quoted(struct buf *out, struct str s)
{
    buf_addc(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'')
            buf_addz(out, "'\\''");
        else
            buf_addc(out, s.p[i]);
    }
    buf_addc(out, '\'');
}

static void put_argv(struct buf *out, const struct strs *argv)
{
    for (size_t i = 0; i < argv->n; i++) {
        buf_addz(out, i ? " " : "");
        put_quoted(out, argv->v[i]);
    }
}

/* Where the key comes from, inside double quotes: its variable, or what its program prints. */
static void put_source(struct buf *out, const struct provider *p)
{
    if (!p->desc.auth.command.n) {
        buf_printf(out, "$" STR_FMT, STR_ARG(p->info.key_env));
        return;
    }
    buf_addz(out, "$(");
    put_argv(out, &p->desc.auth.command);
    buf_addc(out, ')');
}

/* Inside double quotes: "Bearer ${key}" with the key's source for the key. */
static void put_with_key(struct buf *out, struct str template, const struct provider *p)
{
    for (size_t i = 0; i < template.n; i++) {
        struct str rest = { template.p + i, template.n - i };
        if (str_starts(rest, "${key}")) {
            put_source(out, p);
            i += strlen("${key}") - 1;
        } else if (strchr("$`\"\\", template.p[i])) {
            buf_printf(out, "\\%c", template.p[i]);
        } else {
            buf_addc(out, template.p[i]);
        }
    }
}

static void put_signature(struct buf *out, const struct provider *p)
{
    const struct desc_auth *auth = &p->desc.auth;
    struct template_in in = { .vars = p->params };
    buf_printf(out, "%s--aws-sigv4 '", next_line);
    template_text(out, auth->value, TEMPLATE_TEXT, &in, NULL);
    buf_printf(out, "' --user \"$" STR_FMT ":$" STR_FMT "\"", STR_ARG(auth->env_id), STR_ARG(p->info.key_env));
    if (p->token.n)
        buf_printf(out, "%s-H \"X-Amz-Security-Token: $" STR_FMT "\"", next_line, STR_ARG(auth->env_token));
}

static void put_key(struct buf *out, const struct provider *p)
{
    const struct desc_auth *auth = &p->desc.auth;
    if (auth->how == AUTH_SIGV4) {
        put_signature(out, p);
    } else if (auth->how == AUTH_HEADER) {
        buf_printf(out, "%s-H \"" STR_FMT ": ", next_line, STR_ARG(auth->name));
        put_with_key(out, auth->value, p);
        buf_addc(out, '"');
    } else if (auth->how == AUTH_BASIC) {
        buf_printf(out, "%s--user \"", next_line);
        put_with_key(out, auth->value, p);
        buf_addc(out, '"');
    }
}

static void put_url(struct buf *out, const struct provider *p, struct str url, bool has_key)
{
    put_quoted(out, url);
    if (has_key && p->desc.auth.how == AUTH_QUERY) {
        buf_printf(out, "\"%c" STR_FMT "=", memchr(url.p, '?', url.n) ? '&' : '?', STR_ARG(p->desc.auth.name));
        put_source(out, p);
        buf_addc(out, '"');
    }
}

static void put_pair(struct buf *out, const char *option, struct http_field f, const char *between)
{
    struct buf pair = { 0 };
    buf_adds(&pair, f.name);
    buf_addz(&pair, between);
    buf_adds(&pair, f.value);
    buf_printf(out, "%s%s ", next_line, option);
    put_quoted(out, buf_str(&pair));
    buf_deinit(&pair);
}

void request_show(struct buf *out, const struct provider *p, const struct api_request *q)
{
    bool has_key = p->desc.auth.how != AUTH_NONE && !p->info.is_keyless;
    if (p->desc.exec.n) {
        buf_addz(out, "printf '%s\\n' ");
        put_quoted(out, q->body);
        buf_printf(out, "%s| ", next_line);
        put_argv(out, &p->desc.exec);
        buf_addc(out, '\n');
        return;
    }
    buf_printf(out, "curl -X %s ", q->method);
    put_url(out, p, q->url, has_key);
    if (has_key)
        put_key(out, p);
    for (size_t i = 0; i < q->n_headers; i++)
        put_pair(out, "-H", q->headers[i], ": ");
    if (q->type.n)
        put_pair(out, "-H", (struct http_field){ STR("Content-Type"), q->type }, ": ");
    for (size_t i = 0; i < q->n_parts; i++)
        put_pair(out, "--form-string", q->parts[i], "=");
    if (q->body.n) {
        buf_printf(out, "%s--data-binary ", next_line);
        put_quoted(out, q->body);
    }
    buf_addc(out, '\n');
}
