/* config_read.c - a tree of settings is laid over a struct config, every problem in one pass */
#include "gen/config_read.h"
#include <stdarg.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config_tables.h"
#include "gen/encoding.h"
#include "gen/names.h"
#include "gen/param_text.h"

/* ---------- problems ---------- */

void config_problem(struct config_reader *r, struct json_pos at, const char *fmt, ...)
{
    struct buf raw = { 0 };
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(&raw, fmt, ap);
    va_end(ap);
    text_clean(r->problems, str_from(r->where), 300);
    if (!r->is_set)
        buf_printf(r->problems, ":%u:%u", at.line, at.col);
    buf_addz(r->problems, ": error: ");
    text_clean(r->problems, buf_str(&raw), 500);
    buf_addc(r->problems, '\n');
    r->n_problems++;
    buf_deinit(&raw);
}

/* What a published key looks like. Its text must not reach a message. */
bool config_looks_like_key(struct str s)
{
    static const char *const starts[] = { "sk-",  "sk_",  "r8_",     "hf_",    "AIza", "ghp_",
                                          "xai-", "gsk_", "Bearer ", "Basic ", "Key " };
    for (size_t i = 0; i < COUNTOF(starts); i++)
        if (str_starts(s, starts[i]) && s.n >= 16)
            return true;
    return false;
}

static bool is_secret_name(struct str key)
{
    static const char *const names[] = { "key", "api_key", "token", "api_token", "secret", "secret_key", "password",
                                         "authorization", "auth", "bearer", "access_token", "credentials" };
    for (size_t i = 0; i < COUNTOF(names); i++)
        if (name_equal(key, str_from(names[i])))
            return true;
    return false;
}

#define KEY_ADVICE                                                                                                     \
    "keys do not belong into this file: put the key into an environment variable and name that with \"env: NAME\""

/* Refuses literal keys anywhere below v, before any message could quote one. No recursion: the tree has at most 32
 * levels. */
static bool has_literal_key(struct config_reader *r, const struct json *v)
{
    const struct json *stack[40];
    size_t depth = 0, before = r->n_problems;
    for (const struct json *at = v; at;) {
        if (at->type == JSON_STRING && config_looks_like_key(at->string))
            config_problem(r, at->pos, KEY_ADVICE);
        if (at->child && depth < COUNTOF(stack)) {
            stack[depth++] = at;
            at = at->child;
            continue;
        }
        while (depth && !at->next)
            at = stack[--depth];
        at = depth ? at->next : NULL;
    }
    return r->n_problems != before;
}

/* Offers the names of a table as "did you mean". */
static void unknown_key(struct config_reader *r, const struct json *member, struct nearest *near, const char *block)
{
    struct str typo = nearest_typo(near);
    struct buf shown = { 0 };
    text_clean(&shown, member->key, 60);
    if (is_secret_name(member->key))
        config_problem(r, member->key_pos, KEY_ADVICE);
    else if (typo.n)
        config_problem(r, member->key_pos, "unknown key \"%s\"%s%s - did you mean \"" STR_FMT "\"?", shown.p,
                       block[0] ? " in " : "", block, STR_ARG(typo));
    else
        config_problem(r, member->key_pos, "unknown key \"%s\"%s%s", shown.p, block[0] ? " in " : "", block);
    buf_deinit(&shown);
}

/* ---------- values ---------- */

/* "64 MiB", "20 GB" for keys that end in _bytes */
static const struct json *size_in_bytes(struct config_reader *r, const struct json *v)
{
    double number;
    if (v->type != JSON_STRING || !config_size(v->string, &number))
        return v;
    struct json *n = json_copy(r->arena, v);
    n->type = JSON_NUMBER;
    n->number = number;
    n->string = arena_printf(r->arena, "%.0f", number);
    return n;
}

bool config_size(struct str s, double *bytes)
{
    static const struct { const char *unit; double bytes; } units[] = {
        { "B", 1 },
        { "KB", 1e3 }, { "MB", 1e6 }, { "GB", 1e9 }, { "TB", 1e12 },
        { "KiB", 1024 }, { "MiB", 1048576 }, { "GiB", 1073741824 }, { "TiB", 1099511627776 },
        { "K", 1024 }, { "M", 1048576 }, { "G", 1073741824 }, { "T", 1099511627776 },
    };
    double number;
    struct str unit;
    if (!param_quantity(s, &number, &unit) || number < 0)
        return false;
    for (size_t i = 0; i < COUNTOF(units); i++) {
        if (name_equal(unit, str_from(units[i].unit))) {
            *bytes = (double)(int64_t)(number * units[i].bytes < 9e18 ? number * units[i].bytes : 9e18);
            return true;
        }
    }
    return unit.n == 0 && (*bytes = number, true);
}

static void read_param(struct config_reader *r, const struct param *p, const struct json *member, void *opts,
                       const char *block)
{
    struct param_said said;
    if (member->type == JSON_NULL) {
        if (opts != &r->parts->video)           /* there, nothing said is nothing laid over */
            param_default(p, opts);
        return;
    }
    const struct json *v =
        p->type == PARAM_INT && str_ends(str_from(p->name), "_bytes") ? size_in_bytes(r, member) : member;
    if (!param_read(p, v, opts, r->arena, &said))
        config_problem(r, member->pos, "%s%s%s: " STR_FMT, block, block[0] ? "." : "", p->name, STR_ARG(said.message));
}

static bool is_object(struct config_reader *r, const struct json *v, const char *what)
{
    if (v->type == JSON_OBJECT)
        return true;
    if (v->type != JSON_NULL)                   /* "cache:" with every key commented out */
        config_problem(r, v->pos, "%s: expected a block of keys, not %s", what, json_type_name(v->type));
    return false;
}

static bool read_pronounce(struct config_reader *r, const struct json *v)
{
    struct voice_opts *voice = &r->parts->config.voice;
    if (!is_object(r, v, "voice.pronounce"))
        return true;
    struct pronounce *list = arena_array(r->arena, v->n, sizeof *list);
    size_t n = 0;
    for (const struct json *m = v->child; m; m = m->next) {
        if (m->type == JSON_STRING && m->string.n)
            list[n++] = (struct pronounce){ m->key, m->string };
        else
            config_problem(r, m->pos, "voice.pronounce: expected how the word is spoken, as \"V L S I\"");
    }
    voice->pronounce = list;
    voice->n_pronounce = n;
    return true;
}

/* Keys that are not a param. */
static const struct {
    const char *block, *key;
    bool (*read)(struct config_reader *r, const struct json *v);
} specials[] = {
    { "voice", "pronounce", read_pronounce },
};

static bool read_special(struct config_reader *r, const char *block, const struct json *m)
{
    for (size_t i = 0; i < COUNTOF(specials); i++)
        if (strcmp(specials[i].block, block) == 0 && name_equal(m->key, str_from(specials[i].key)))
            return specials[i].read(r, m);
    return false;
}

static void read_params(struct config_reader *r, const struct json *v, const struct param *params, void *opts,
                        const char *block)
{
    for (const struct json *m = v->child; m; m = m->next) {
        const struct param *p = param_find(params, m->key, NULL);
        if (p) {
            read_param(r, p, m, opts, block);
        } else if (!read_special(r, block, m)) {
            struct nearest near = nearest_begin(m->key);
            for (p = params; p->name; p++)
                nearest_offer(&near, str_from(p->name));
            unknown_key(r, m, &near, block);
        }
    }
}

/* ---------- providers ---------- */

static void default_provider(struct provider_opts *p, struct str name, struct json_pos pos)
{
    params_default(provider_params, p);
    p->name = name;
    p->pos = pos;
}

static struct provider_opts *provider_of(struct config_reader *r, const struct json *m)
{
    struct config *c = &r->parts->config;
    for (size_t i = 0; i < c->n_providers; i++)
        if (str_eq(c->providers[i].name, m->key))
            return &c->providers[i];
    if (c->n_providers == r->provider_cap) {
        r->provider_cap = r->provider_cap ? 2 * r->provider_cap : 16;
        struct provider_opts *bigger = arena_array(r->arena, r->provider_cap, sizeof *bigger);
        if (c->n_providers)
            memcpy(bigger, c->providers, c->n_providers * sizeof *bigger);
        c->providers = bigger;
    }
    struct provider_opts *p = &c->providers[c->n_providers++];
    default_provider(p, m->key, m->key_pos);
    return p;
}

static bool is_variable_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
        if (!is_letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return s.n > 0 && s.n <= 128;
}

/* The transport parses the URL for good; here, what a person can get wrong. */
static const char *wrong_base(struct str s)
{
    if (!str_starts(s, "https://") && !str_starts(s, "http://"))
        return "must begin with https:// (http:// only for a host of your own)";
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7f)
            return "must not contain spaces";
        if (s.p[i] == '@')
            return "must not contain a user or password";
        if (s.p[i] == '?' || s.p[i] == '#')
            return "must end before any '?' or '#'";
    }
    return NULL;
}

static void check_provider(struct config_reader *r, const struct json *v, const struct provider_opts *p)
{
    const struct json *base = json_get(v, "base"), *env = json_get(v, "env");
    const char *wrong = base && base->type == JSON_STRING && base->string.n ? wrong_base(base->string) : NULL;
    if (wrong)
        config_problem(r, base->pos, "providers." STR_FMT ".base: %s", STR_ARG(p->name), wrong);
    if (env && env->type == JSON_STRING && env->string.n && !is_variable_name(env->string))
        config_problem(r, env->pos,
                       "providers." STR_FMT
                       ".env: not the name of an environment variable, as OPENAI_API_KEY (and not the key itself)",
                       STR_ARG(p->name));
}

/* Values for the description's variables; api checks their names against the description. */
static void read_provider_params(struct config_reader *r, const struct json *v, struct provider_opts *p,
                                 const char *block)
{
    if (!is_object(r, v, block))
        return;
    for (const struct json *m = v->child; m; m = m->next)
        if (is_secret_name(m->key))
            config_problem(r, m->key_pos, KEY_ADVICE);
    struct json *merged = json_object(r->arena);
    const struct json *const from[] = { p->params, v };
    for (size_t i = 0; i < COUNTOF(from); i++)
        for (const struct json *m = from[i] ? from[i]->child : NULL; m; m = m->next)
            json_set(r->arena, merged, m->key.p, json_copy(r->arena, m));
    merged->pos = v->pos;
    p->params = merged;
}

static void read_provider(struct config_reader *r, const struct json *m)
{
    struct provider_opts *p = provider_of(r, m);
    struct str block = arena_printf(r->arena, "providers." STR_FMT, STR_ARG(m->key));
    if (!is_object(r, m, block.p))
        return;
    for (const struct json *k = m->child; k; k = k->next) {
        const struct param *row = param_find(provider_params, k->key, NULL);
        if (row) {
            read_param(r, row, k, p, block.p);
        } else if (name_equal(k->key, STR("params"))) {
            read_provider_params(r, k, p, arena_printf(r->arena, STR_FMT ".params", STR_ARG(block)).p);
        } else {
            struct nearest near = nearest_begin(k->key);
            for (row = provider_params; row->name; row++)
                nearest_offer(&near, str_from(row->name));
            nearest_offer(&near, STR("params"));
            unknown_key(r, k, &near, block.p);
        }
    }
    check_provider(r, m, p);
}

/* A role's name has a provider's name as its value; any other key is a provider's name with its block. */
static void read_providers(struct config_reader *r, const struct json *v, const struct param *roles)
{
    for (const struct json *m = v->child; m; m = m->next) {
        const struct param *role = param_find(roles, m->key, NULL);
        if (role) {
            read_param(r, role, m, &r->parts->config.use, "providers");
        } else if (m->type == JSON_OBJECT || m->type == JSON_NULL) {
            read_provider(r, m);
        } else {
            struct nearest near = nearest_begin(m->key);
            for (role = roles; role->name; role++)
                nearest_offer(&near, str_from(role->name));
            unknown_key(r, m, &near, "providers");
        }
    }
}

/* ---------- the file ---------- */

static void read_top(struct config_reader *r, const struct json *m)
{
    const struct param *top = NULL;
    struct nearest near = nearest_begin(m->key);
    for (const struct config_block *b = config_blocks; b->params; b++) {
        if (!b->name[0]) {
            top = param_find(b->params, m->key, NULL);
            if (top) {
                read_param(r, top, m, (char *)r->parts + b->offset, "");
                return;
            }
            for (const struct param *p = b->params; p->name; p++)
                nearest_offer(&near, str_from(p->name));
            continue;
        }
        nearest_offer(&near, str_from(b->name));
        if (!name_equal(m->key, str_from(b->name)))
            continue;
        if (!is_object(r, m, b->name))
            return;
        if (strcmp(b->name, "providers") == 0)
            read_providers(r, m, b->params);
        else
            read_params(r, m, b->params, (char *)r->parts + b->offset, b->name);
        return;
    }
    unknown_key(r, m, &near, "");
}

static const struct json *find_in(const struct json *root, const char *block, const char *key)
{
    const struct json *b = root ? json_get(root, block) : NULL;
    const struct json *v = b ? json_get(b, key) : NULL;
    return v;
}

/* With --set the other half may still follow; what is said then is looked at where the videos get their names. */
static void finish_encoding(struct config_reader *r, const struct json *root)
{
    const struct encode_opts *o = &r->parts->config.encode;
    struct err e = { 0 };
    if (r->is_set ||
        (encoding_fits((enum container)o->container, (enum codec)o->codec, (enum sound_codec)o->audio_codec, &e) &&
         encoding_crf_ok((enum codec)o->codec, o->crf, &e)))
        return;
    const struct json *v = json_get(root, "encode");
    config_problem(r, v ? v->pos : (struct json_pos){ 1, 1 }, "%s", e.msg);
}

/* What follows from several values together. */
static void finish(struct config_reader *r, const struct json *root)
{
    struct config *c = &r->parts->config;
    const char *key = "";
    struct err e;
    if (!video_resolve(&r->parts->video, &c->video, &key, &e)) {
        const struct json *v = find_in(root, "video", key);
        config_problem(r, v ? v->pos : (struct json_pos){ 1, 1 }, "video.%s: %s", key, e.msg);
    }
    r->parts->video = video_words_of(&c->video);
    bool is_preset = false;
    struct nearest near = nearest_begin(c->encode.preset);
    struct buf names = { 0 };
    for (size_t i = 0; preset_names[i]; i++) {
        is_preset = is_preset || str_is(c->encode.preset, preset_names[i]);
        nearest_offer(&near, str_from(preset_names[i]));
        buf_printf(&names, "%s%s", i ? ", " : "", preset_names[i]);
    }
    if (!is_preset) {
        const struct json *v = find_in(root, "encode", "preset");
        config_problem(r, v ? v->pos : (struct json_pos){ 1, 1 },
                       "encode.preset: \"" STR_FMT "\": not known; one of %s", STR_ARG(c->encode.preset), names.p);
        c->encode.preset = STR("balanced");
    }
    buf_deinit(&names);
    finish_encoding(r, root);
}

void config_read_tree(struct config_reader *r, const struct json *root)
{
    if (root->type == JSON_NULL)
        return;
    if (root->type != JSON_OBJECT) {
        config_problem(r, root->pos, "expected keys like \"workers:\", not %s", json_type_name(root->type));
        return;
    }
    if (has_literal_key(r, root))
        return;
    for (const struct json *m = root->child; m; m = m->next)
        read_top(r, m);
    finish(r, root);
}
