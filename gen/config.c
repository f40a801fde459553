/* config.c - where settings come from: defaults, the file, the command line */
#include "gen/config.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/base/yaml.h"
#include "gen/config_read.h"

enum { FILE_MOST = 1 << 20 };

static void read_text(struct config_reader *r, struct str text)
{
    struct json *doc = NULL;
    size_t n;
    struct json_pos at = { 1, 1 };
    struct err e;
    if (!yaml_parse(r->arena, text, &doc, 1, &n, &at, &e))
        config_problem(r, at, "%s", e.msg);
    else if (n)
        config_read_tree(r, doc);
}

/* "workers.requests=8" becomes {workers: {requests: 8}} and is read like a file. */
static void read_set(struct config_reader *r, const char *set)
{
    const char *equals = strchr(set, '=');
    struct json *doc = NULL;
    size_t n;
    struct json_pos at;
    struct err e;
    struct str path = { set, equals ? (size_t)(equals - set) : 0 };
    r->is_set = true;
    r->where = "--set";
    if (!path.n || path.p[0] == '.' || path.p[path.n - 1] == '.') {
        config_problem(r, (struct json_pos){ 0 }, "\"%s\": expected KEY=VALUE, as workers.requests=8",
                       config_looks_like_key(str_from(set)) ? "..." : set);
        return;
    }
    r->where = arena_printf(r->arena, "--set " STR_FMT, STR_ARG(path)).p;
    if (!yaml_parse(r->arena, str_from(equals + 1), &doc, 1, &n, &at, &e)) {
        config_problem(r, at, "%s", e.msg);
        return;
    }
    struct json *value = n ? doc : json_string(r->arena, STR(""));
    while (path.n) {
        size_t start = path.n;
        while (start && path.p[start - 1] != '.')
            start--;
        struct json *outer = json_object(r->arena);
        struct str key = arena_str(r->arena, (struct str){ path.p + start, path.n - start });
        json_set(r->arena, outer, key.p, value);
        value = outer;
        path.n = start ? start - 1 : 0;
    }
    config_read_tree(r, value);
}

static char *user_path(void)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    struct buf b = { 0 };
    if (xdg && xdg[0] == '/')
        buf_printf(&b, "%s/vidgen/config.yaml", xdg);
    else if (home && home[0] == '/')
        buf_printf(&b, "%s/.config/vidgen/config.yaml", home);
    return buf_take(&b);
}

/* Reads the named file, or the first of the usual ones that is there. */
static bool read_file(struct config *c, const char *path, struct buf *text, struct err *e)
{
    char *user = user_path();
    const char *const usual[] = { "config.yaml", user };
    for (size_t i = 0; !path && i < COUNTOF(usual); i++)
        if (usual[i][0] && (access(usual[i], F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR)))
            path = usual[i];
    bool ok = !path || file_read(path, FILE_MOST, text, e);
    if (ok && path)
        c->path = arena_str(&c->arena, str_from(path));
    if (!ok && e)
        e->code = ERR_CONFIG;
    free(user);
    return ok;
}

/* As many whole lines as the message holds, then how many more there are. */
static void summarize(const struct buf *problems, size_t n, struct err *e)
{
    struct str all = str_trim(buf_str(problems));
    size_t room = sizeof e->msg - 40, lines = 0, used = 0;
    for (size_t i = 0; i <= all.n && i < room; i++) {
        if (i == all.n || all.p[i] == '\n') {
            lines++;
            used = i;
        }
    }
    if (lines == n)
        err_set(e, ERR_CONFIG, STR_FMT, STR_ARG(all));
    else
        err_set(e, ERR_CONFIG, "%.*s\n%zu more problems", (int)used, all.p, n - lines);
}

struct config *config_create(void)
{
    struct config_parts *parts = mem_alloc(sizeof *parts);
    for (const struct config_block *b = config_blocks; b->params; b++)
        if (b->params != video_params)
            params_default(b->params, (char *)parts + b->offset);
    parts->config.video =
        (struct video_opts){ .width = 1920, .height = 1080, .fps_num = 30, .fps_den = 1, .background = 0x000000ff };
    parts->video = video_words_of(&parts->config.video);
    return &parts->config;
}

struct config *config_load_all(const char *path, const char *const *sets, size_t n_sets, struct buf *problems,
                               struct err *e)
{
    struct config *c = config_create();
    struct buf text = BUF_INIT(FILE_MOST), own = { 0 };
    struct config_reader r = { .parts = (struct config_parts *)c,
                               .arena = &c->arena,
                               .problems = problems ? problems : &own };
    size_t before = r.problems->n;
    bool ok = read_file(c, path, &text, e);
    if (ok) {
        r.where = c->path.n ? c->path.p : "config.yaml";
        read_text(&r, buf_str(&text));
        for (size_t i = 0; i < n_sets; i++)
            read_set(&r, sets[i]);
        ok = r.n_problems == 0;
        if (!ok && e) {
            struct buf mine = { 0 };
            buf_add(&mine, r.problems->p + before, r.problems->n - before);
            summarize(&mine, r.n_problems, e);
            buf_deinit(&mine);
        }
    }
    buf_deinit(&text);
    buf_deinit(&own);
    if (ok)
        return c;
    config_destroy(c);
    return NULL;
}

struct config *config_load(const char *path, const char *const *sets, size_t n_sets, struct err *e)
{
    return config_load_all(path, sets, n_sets, NULL, e);
}

void config_destroy(struct config *c)
{
    if (!c)
        return;
    arena_deinit(&c->arena);
    free(c);
}

const struct provider_opts *config_provider(const struct config *c, struct str name)
{
    for (size_t i = 0; i < c->n_providers; i++)
        if (str_eq(c->providers[i].name, name))
            return &c->providers[i];
    return NULL;
}
