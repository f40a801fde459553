/* provider.c - the services that can be used: descriptions together with the user's settings and keys */
#include "api/provider.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/address.h"
#include "api/headers.h"
#include "api/program.h"
#include "api/secret.h"
#include "api/template.h"
#include "gen/base/embedded.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/names.h"

enum { MOST_PROVIDERS = 200, DESCRIPTION_BYTES = 1 << 20 };

static const char embedded_dir[] = "api/providers/";

/* A description's text before it is read. */
struct source {
    struct str id, file, text;
    bool is_user;
};

struct sources {
    struct arena *a;
    struct source v[2 * MOST_PROVIDERS];
    size_t n;
};

/* "api/providers/replicate.yaml" gives "replicate" */
static bool id_of_name(struct str name, struct str *id)
{
    if (!str_ends(name, ".yaml") || name.n == 5)
        return false;
    *id = (struct str){ name.p, name.n - 5 };
    return true;
}

static void collect_embedded(struct sources *s)
{
    for (const struct embedded_file *f = embedded_files; f->name && s->n < MOST_PROVIDERS; f++) {
        struct str id;
        if (str_starts(str_from(f->name), embedded_dir) && id_of_name(str_from(f->name + sizeof embedded_dir - 1), &id))
            s->v[s->n++] = (struct source){ id, str_from(f->name), { f->text, f->n }, false };
    }
}

static bool collect_file(struct sources *s, const char *dir, const char *name, struct err *e)
{
    struct str id, path = arena_printf(s->a, "%s/%s", dir, name);
    struct buf text = { 0 };
    if (name[0] == '.' || !id_of_name(str_from(name), &id))
        return true;
    if (s->n == COUNTOF(s->v))
        return err_set(e, ERR_CONFIG, "%s: more than %d descriptions", dir, MOST_PROVIDERS);
    bool ok = file_read(path.p, DESCRIPTION_BYTES, &text, e);
    if (ok)
        s->v[s->n++] = (struct source){ arena_str(s->a, id), path, arena_str(s->a, buf_str(&text)), true };
    buf_deinit(&text);
    return ok;
}

static bool collect_dir(struct sources *s, const char *dir, struct err *e)
{
    DIR *d = dir ? opendir(dir) : NULL;
    const struct dirent *entry;
    bool ok = true;
    if (!d)
        return !dir || errno == ENOENT || err_errno(e, "providers in '%s'", dir);
    while (ok && (entry = readdir(d)))
        ok = collect_file(s, dir, entry->d_name, e);
    closedir(d);
    return ok;
}

static const struct source *find_source(const struct sources *s, struct str id, struct str not_file)
{
    const struct source *found = NULL;
    for (size_t i = 0; i < s->n; i++)           /* the user's come last and win */
        if (str_eq(s->v[i].id, id) && !str_eq(s->v[i].file, not_file))
            found = &s->v[i];
    return found;
}

static bool find_for_extends(void *ctx, struct str id, struct str not_file, struct str *text, struct str *file)
{
    const struct source *s = find_source(ctx, id, not_file);
    if (!s)
        return false;
    *text = s->text;
    *file = s->file;
    return true;
}

/* ---------- one provider ---------- */

static bool params_of(struct arena *a, struct provider *p, const struct provider_opts *o, struct err *e)
{
    struct json *all = json_copy(a, p->desc.params);
    for (const struct json *m = o && o->params ? o->params->child : NULL; m; m = m->next) {
        struct nearest near = nearest_begin(m->key);
        bool is_known = json_get(p->desc.params, m->key.p) != NULL;
        char hint[100];
        for (const struct json *k = p->desc.params->child; k; k = k->next)
            nearest_offer(&near, k->key);
        for (size_t i = 0; desc_variables[i]; i++) {
            is_known = is_known || str_is(m->key, desc_variables[i]);
            nearest_offer(&near, str_from(desc_variables[i]));
        }
        if (!is_known)
            return err_set(e, ERR_CONFIG, "providers." STR_FMT ".params: line %u: unknown key '" STR_FMT "'%s",
                           STR_ARG(p->desc.id), m->key_pos.line, STR_ARG(m->key),
                           nearest_hint(&near, hint, sizeof hint));
        json_set(a, all, arena_str(a, m->key).p, json_copy(a, m));
    }
    p->params = all;
    return true;
}

static bool base_of(struct arena *a, struct provider *p, const struct provider_opts *o, struct err *e)
{
    if (p->desc.exec.n) {                       /* for people: what stands where others have an address */
        struct buf shown = { 0 };
        program_show(&shown, &p->desc.exec);
        p->base = arena_str(a, buf_str(&shown));
        buf_deinit(&shown);
        return !(o && o->base.n) ||
               err_set(e, ERR_CONFIG, "providers." STR_FMT ".base: it is a program and has no address",
                       STR_ARG(p->desc.id));
    }
    if (!p->desc.base.n && !(o && o->base.n)) { /* the want is the address */
        p->base = STR("any address");
        return true;
    }
    struct buf b = { 0 };
    struct template_in in = { .vars = p->params };
    bool ok = true;
    if (o && o->base.n)
        buf_adds(&b, o->base);
    else if (!template_text(&b, p->desc.base, TEMPLATE_TEXT, &in,
                            e)) { /* "https://${resource}.example": only the user knows it */
        struct str open = { memmem(p->desc.base.p, p->desc.base.n, "${", 2), 0 };
        open.n = p->desc.base.n - (size_t)(open.p - p->desc.base.p);
        const char *close = memchr(open.p, '}', open.n);
        p->info.needs = arena_printf(a, "providers." STR_FMT ".params.%.*s in config.yaml", STR_ARG(p->desc.id),
                                     (int)(close - open.p - 2), open.p + 2);
        buf_deinit(&b);
        p->base = p->desc.base;
        return true;
    }
    while (b.n && b.p[b.n - 1] == '/')
        b.p[--b.n] = '\0';
    ok = ok && http_url_parse(buf_str(&b), &p->origin, e);
    p->base = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return ok || err_wrap(e, "providers." STR_FMT ".base", STR_ARG(p->desc.id));
}

static bool read_secret(struct arena *a, struct str env, struct str *out, struct err *e)
{
    const char *value = env.n ? getenv(env.p) : NULL;
    struct str key = value ? str_trim(str_from(value)) : (struct str){ 0 };
    if (!header_value_ok(key) || key.n > 8000)
        return err_set(e, ERR_AUTH, "the key in $" STR_FMT " has control characters or is far too long", STR_ARG(env));
    if (key.n)
        *out = arena_str(a, key);
    return true;
}

static bool key_of(struct arena *a, struct provider *p, const struct provider_opts *o, struct err *e)
{
    if (p->desc.auth.command.n || p->desc.auth.how == AUTH_PASS) {
        p->info.key_env = STR("");              /* keys.c asks the program; a program asks its environment */
        return !(o && o->env.n) ||
               err_set(e, ERR_CONFIG, "providers." STR_FMT ".env: its description says what a program sees",
                       STR_ARG(p->desc.id));
    }
    struct str env = o && o->env.n ? o->env : p->desc.auth.env;
    p->info.key_env = env.n ? arena_str(a, env) : (struct str){ "", 0 };
    if (p->desc.auth.how == AUTH_NONE || env.n == 0)
        return true;
    if (!read_secret(a, p->info.key_env, &p->key, e) || !read_secret(a, p->desc.auth.env_id, &p->key_id, e) ||
        !read_secret(a, p->desc.auth.env_token, &p->token, e))
        return false;
    if (p->desc.auth.how == AUTH_SIGV4 && !p->key_id.n)
        p->key = (struct str){ 0 };             /* half of the pair is none */
    return true;
}

static enum asset_kind asset_of(enum desc_kind kind)
{
    static const struct { enum desc_kind kind; enum asset_kind asset; } rows[] = {
        { DESC_IMAGE, ASSET_IMAGE }, { DESC_SPEECH, ASSET_SPEECH }, { DESC_VIDEO, ASSET_VIDEO },
        { DESC_CHAT, ASSET_TEXT },   { DESC_STOCK, ASSET_IMAGE },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        if (rows[i].kind == kind)
            return rows[i].asset;
    return ASSET_N_KINDS;
}

static void add_need(struct arena *a, struct provider_info *i, struct str what)
{
    i->needs = i->needs.n ? arena_printf(a, STR_FMT " and " STR_FMT, STR_ARG(i->needs), STR_ARG(what)) : what;
}

static bool says_seconds(const struct desc_request *q)
{
    struct buf b = { 0 };
    if (q->body)
        json_print(&b, q->body, 0);
    bool says = b.n && memmem(b.p, b.n, "${seconds", strlen("${seconds")) != NULL;
    buf_deinit(&b);
    return says;
}

static void info_of(struct arena *a, struct provider *p, const struct provider_opts *o)
{
    const struct desc_limits *l = &p->desc.limits;
    struct provider_info *i = &p->info;
    /* a server of the user's own may need no key */
    bool is_own = p->origin.port && (p->origin.is_loopback || !p->origin.is_https);
    i->id = p->desc.id;
    i->lane = l->lane.n ? l->lane : p->desc.id;
    i->concurrency = o && o->concurrency ? o->concurrency : l->concurrency;
    if (i->concurrency == 0 && p->desc.exec.n)
        i->concurrency = 1;                     /* a model on this machine fills it by itself */
    i->rpm = o && o->rpm ? o->rpm : l->rpm;
    i->tpm = o && o->tpm ? o->tpm : l->tpm;
    i->is_cap_set = o && o->concurrency;
    i->is_steady = o && !o->adaptive;
    /* one machine of the user's own, and one number of the user's, are for all models together */
    i->is_per_model = l->per_model && !is_own && !(o && (o->concurrency || o->rpm || o->tpm));
    i->account = arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(i->lane), STR_ARG(p->base));
    i->max_chars = l->max_chars;
    i->takes_seconds = p->desc.exec.n || says_seconds(&p->desc.request);
    i->is_max_bytes = l->in_bytes;
    const struct desc_auth *auth = &p->desc.auth;
    bool lacks_key = !p->key.n && auth->how != AUTH_NONE && auth->how != AUTH_PASS && !auth->command.n;
    for (size_t k = 0; auth->how == AUTH_PASS && k < auth->pass.n; k++)
        if (!getenv(auth->pass.v[k].p))
            add_need(a, i, arena_printf(a, "the environment variable " STR_FMT, STR_ARG(auth->pass.v[k])));
    i->is_keyless = lacks_key && is_own;
    if (lacks_key && !is_own)
        add_need(a, i,
                 p->desc.auth.env_id.n ? arena_printf(a, "the environment variables " STR_FMT " and " STR_FMT,
                                                      STR_ARG(p->desc.auth.env_id), STR_ARG(i->key_env))
                                       : arena_printf(a, "the environment variable " STR_FMT, STR_ARG(i->key_env)));
    i->has_key = i->needs.n == 0;
    i->kind = asset_of(p->desc.kind);
    i->is_found = p->desc.kind == DESC_STOCK;
    i->makes = desc_kind_name(p->desc.kind);
}

static bool provider_read(struct provider *p, struct arena *a, const struct source *s, struct sources *all,
                          const struct config *c, struct err *e)
{
    struct desc_source extends = { all, find_for_extends };
    if (!description_read(a, s->text, s->file, &extends, &p->desc, e))
        return false;
    if (!str_eq(p->desc.id, s->id))
        return err_set(e, ERR_CONFIG, STR_FMT ": its id is '" STR_FMT "', which belongs into a file of that name",
                       STR_ARG(s->file), STR_ARG(p->desc.id));
    const struct provider_opts *o = c ? config_provider(c, p->desc.id) : NULL;
    p->is_user = s->is_user;
    if (!params_of(a, p, o, e) || !base_of(a, p, o, e) || !key_of(a, p, o, e))
        return false;
    info_of(a, p, o);
    return true;
}

/* ---------- all of them ---------- */

static int by_id(const void *a, const void *b)
{
    const struct provider *const *x = a, *const *y = b;
    return str_cmp((*x)->desc.id, (*y)->desc.id);
}

/* Settings of something that is neither here nor built in are a mistake of spelling. */
static bool check_settings(const struct providers *p, const struct config *c, struct err *e)
{
    static const char *const built_in[] = { "espeak", "slide", "file" };
    for (size_t i = 0; c && i < c->n_providers; i++) {
        struct str name = c->providers[i].name;
        struct nearest near = nearest_begin(name);
        bool is_known = providers_find(p, name) != NULL;
        char hint[100];
        for (size_t k = 0; k < COUNTOF(built_in); k++) {
            is_known = is_known || str_is(name, built_in[k]);
            nearest_offer(&near, str_from(built_in[k]));
        }
        for (size_t k = 0; k < p->n; k++)
            nearest_offer(&near, p->v[k]->desc.id);
        if (!is_known)
            return err_set(e, ERR_CONFIG, STR_FMT ":%u: providers: there is no provider '" STR_FMT "'%s",
                           STR_ARG(c->path), c->providers[i].pos.line, STR_ARG(name),
                           nearest_hint(&near, hint, sizeof hint));
    }
    return true;
}

static void make_lists(struct providers *p, struct provider **v)
{
    const struct provider_info **infos = arena_array(&p->arena, p->n + 1, sizeof *infos);
    qsort(v, p->n, sizeof *v, by_id);
    p->v = v;
    for (size_t i = 0; i < p->n; i++)
        infos[i] = &v[i]->info;
    p->infos = infos;
}

/* prices.yaml lies beside config.yaml, as the directory of descriptions does. */
static struct str prices_file(struct arena *a, const char *dir)
{
    const char *slash = dir ? strrchr(dir, '/') : NULL;
    return dir ? arena_printf(a, "%.*sprices.yaml", slash ? (int)(slash - dir + 1) : 0, dir) : STR("");
}

/* A file named on the command line takes the place of every other file of the user's with that id. */
static bool collect_named(struct sources *s, const char *path, struct str *id, struct err *e)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = 0;
    if (!id_of_name(str_from(name), id))
        return err_set(e, ERR_USAGE, "'%s': a description's file is called ID.yaml", path);
    for (size_t i = 0; i < s->n; i++)
        if (!s->v[i].is_user || !str_eq(s->v[i].id, *id))
            s->v[n++] = s->v[i];
    s->n = n;
    return collect_file(s, arena_printf(s->a, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".").p, name, e);
}

static bool load(struct providers *p, const struct config *c, const char *dir, const char *file, struct str *id,
                 struct err *e)
{
    *p = (struct providers){ 0 };
    struct sources *s = arena_alloc(&p->arena, sizeof *s);
    s->a = &p->arena;
    collect_embedded(s);
    bool ok = collect_dir(s, dir, e) && (!file || collect_named(s, file, id, e));
    struct provider **v = arena_array(&p->arena, s->n + 1, sizeof *v);
    for (size_t i = 0; ok && i < s->n; i++) {
        if (find_source(s, s->v[i].id, (struct str){ 0 }) != &s->v[i])
            continue;                           /* the user's own of that id comes later */
        v[p->n] = arena_alloc(&p->arena, sizeof **v);
        ok = provider_read(v[p->n++], &p->arena, &s->v[i], s, c, e);
    }
    if (ok) {
        make_lists(p, v);
        ok = check_settings(p, c, e) &&
             prices_load(p, c, prices_file(&p->arena, dir), price_today(&p->arena), e);
    }
    p->v = v;
    if (!ok)
        providers_deinit(p);
    return ok;
}

bool providers_load(struct providers *p, const struct config *c, const char *dir, struct err *e)
{
    return load(p, c, dir, NULL, NULL, e);
}

bool providers_load_with(struct providers *p, const struct config *c, const char *dir, const char *file,
                         const struct provider **named, struct err *e)
{
    struct str id = { 0 };
    if (!load(p, c, dir, file, &id, e))
        return false;
    *named = providers_find(p, id);
    return true;
}

static void wipe(struct str secret)
{
    if (secret.n)
        explicit_bzero((char *)(uintptr_t)secret.p, secret.n);
}

void providers_deinit(struct providers *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i]) {
            wipe(p->v[i]->key);
            wipe(p->v[i]->token);
        }
    arena_deinit(&p->arena);
    *p = (struct providers){ 0 };
}

const struct provider *providers_find(const struct providers *p, struct str id)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i]->desc.id, id))
            return p->v[i];
    return NULL;
}

void provider_mask(const struct provider *p, char *text)
{
    secret_mask(text, p->key);
    secret_mask(text, p->old_key);
    secret_mask(text, p->token);
    for (size_t i = 0; p->desc.auth.how == AUTH_PASS && i < p->desc.auth.pass.n; i++) {
        const char *value = getenv(p->desc.auth.pass.v[i].p);
        if (value && strlen(value) >= 6)        /* "1" is no secret, and masking it would hide the message */
            secret_mask(text, str_from(value));
    }
}

/* "co.uk" and its like belong to nobody. The list of public suffixes is long; these are the second levels that
 * countries share. */
static bool is_shared_suffix(const char *site)
{
    static const char *const second[] = { "co", "com", "org", "net", "ac",  "gov", "edu",
                                          "or", "ne",  "go",  "gen", "nom", "web", "mil" };
    const char *dot = strchr(site, '.');
    if (!dot || strlen(dot + 1) != 2)
        return false;
    for (size_t i = 0; i < COUNTOF(second); i++)
        if (str_is((struct str){ site, (size_t)(dot - site) }, second[i]))
            return true;
    return false;
}

/* "api.us1.example.com" beside "api.example.com": the same after the first label, which must be a name that someone can
 * own. */
static bool is_sibling(const char *host, const char *base)
{
    const char *site = strchr(base, '.');
    if (!site || !strchr(site + 1, '.') || is_shared_suffix(site + 1))
        return false;
    size_t n = strlen(site), m = strlen(host);
    return m > n && strcmp(host + m - n, site) == 0;
}

bool provider_key_may_go(const struct provider *p, const struct http_url *to, bool siblings)
{
    bool is_literal, is_public = false;
    if (p->key.n == 0 || (!to->is_https && !to->is_loopback))
        return false;
    if (http_same_origin(&p->origin, to))
        return true;
    is_literal = address_host_is_literal(p->origin.host, &is_public);
    return siblings && !is_literal && to->is_https && to->port == p->origin.port &&
           is_sibling(to->host, p->origin.host);
}
