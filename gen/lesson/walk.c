/* walk.c - what concerns the whole tree of a lesson: keys that stand twice, variables */
#include <stdlib.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { EXPANDED_MOST = 1 << 20, EXPANDED_ALL_MOST = 16 << 20, VARIABLES_MOST = 1000 };

static int by_key(const void *a, const void *b)
{
    const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
    int c = str_cmp(x->key, y->key);
    if (c || x == y)
        return c;
    bool before =
        x->key_pos.line < y->key_pos.line || (x->key_pos.line == y->key_pos.line && x->key_pos.col < y->key_pos.col);
    return before ? -1 : 1;
}

static void check_object(struct reader *r, const struct json *object)
{
    const struct json **v = mem_array(object->n + 1, sizeof *v);
    size_t n = 0;
    for (const struct json *c = object->child; c; c = c->next)
        v[n++] = c;
    qsort(v, n, sizeof *v, by_key);
    for (size_t i = 1; i < n; i++)
        if (str_eq(v[i - 1]->key, v[i]->key)) {
            size_t mark = path_key(r, v[i]->key);
            report(r, "E_DUPLICATE_KEY", v[i]->key_pos, STR(""), "this key stands twice; the other one is in line %u",
                   v[i - 1]->key_pos.line);
            path_pop(r, mark);
        }
    free(v);
}

/* The tree is at most 64 deep. */
void check_duplicates(struct reader *r, const struct json *v)
{
    size_t i = 0;
    if (v->type == JSON_OBJECT)
        check_object(r, v);
    for (const struct json *c = v->child; c; c = c->next, i++) {
        if (!c->child)
            continue;
        size_t mark = v->type == JSON_OBJECT ? path_key(r, c->key) : path_index(r, i);
        check_duplicates(r, c);
        path_pop(r, mark);
    }
}

struct variables {
    const struct json *own;                     /* the lesson's block, or NULL */
    size_t n_bytes;                             /* made so far */
};

bool from_variable(const struct json *v)
{
    return v->type == JSON_STRING && v->boolean; /* strings have no other use for it */
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

/* "{{ name }}" at p; returns its length, 0 when it is something else. */
static size_t variable_at(const char *p, size_t n, struct str *name)
{
    size_t i = 2, from;
    if (n < 5 || p[0] != '{' || p[1] != '{')
        return 0;
    while (i < n && p[i] == ' ')
        i++;
    for (from = i; i < n && is_name(p[i]);)
        i++;
    *name = (struct str){ p + from, i - from };
    while (i < n && p[i] == ' ')
        i++;
    if (name->n == 0 || (name->p[0] >= '0' && name->p[0] <= '9') || i + 2 > n || p[i] != '}' || p[i + 1] != '}')
        return 0;
    return i + 2;
}

static bool value_of(struct reader *r, const struct variables *vars, struct str name, struct str *out)
{
    const struct lesson_vars *given = &r->opts->vars;
    for (size_t i = given->n; i-- > 0;) /* the last one given counts */
        if (str_eq(given->names[i], name)) {
            *out = given->values[i];
            if (given->is_used)
                given->is_used[i] = true;
            return true;
        }
    size_t n = 0;
    for (const struct json *c = vars->own ? vars->own->child : NULL; c && n < VARIABLES_MOST; c = c->next, n++)
        if (str_eq(c->key, name) && (c->type == JSON_STRING || c->type == JSON_NUMBER || c->type == JSON_BOOL)) {
            *out = c->type == JSON_BOOL ? (c->boolean ? STR("true") : STR("false")) : c->string;
            return true;
        }
    return false;
}

static void report_variable(struct reader *r, const struct variables *vars, const struct json *v, struct str name)
{
    struct nearest near = nearest_begin(name);
    struct buf hint = { 0 };
    if (r->out->n == PROBLEMS_MOST) {
        report(r, "E_VARIABLE", v->pos, STR(""), "no value");
        return;
    }
    for (size_t i = 0; i < r->opts->vars.n && i < VARIABLES_MOST; i++)
        nearest_offer(&near, r->opts->vars.names[i]);
    size_t n = 0;
    for (const struct json *c = vars->own ? vars->own->child : NULL; c && n < VARIABLES_MOST; c = c->next, n++)
        nearest_offer(&near, c->key);
    struct str best = nearest_print(&near, &hint);
    report(r, "E_VARIABLE", v->pos, best,
           "{{%.*s}} has no value; give it with --var %.*s=… or in \"variables\"%s" STR_FMT, (int)text_cut(name, 60).n,
           name.p, (int)text_cut(name, 60).n, name.p, hint.n ? "; " : "", STR_ARG(buf_str(&hint)));
    buf_deinit(&hint);
}

static void expand(struct reader *r, struct variables *vars, struct json *v)
{
    struct buf b = BUF_INIT(EXPANDED_MOST);
    bool fits = true, is_changed = false;
    size_t from = 0, i = 0;
    const char *open;
    while (fits && (open = memmem(v->string.p + i, v->string.n - i, "{{", 2))) {
        struct str name, value;
        size_t at = (size_t)(open - v->string.p), n = variable_at(open, v->string.n - at, &name);
        i = at + (n ? n : 1);
        if (n == 0)
            continue;
        if (!value_of(r, vars, name, &value)) {
            report_variable(r, vars, v, name);
            continue;
        }
        fits = buf_add(&b, v->string.p + from, at - from) && buf_adds(&b, value);
        from = i;
        is_changed = true;
    }
    if (is_changed) {
        fits = fits && buf_add(&b, v->string.p + from, v->string.n - from) && vars->n_bytes + b.n <= EXPANDED_ALL_MOST;
        if (!fits)
            report(r, "E_LIMIT", v->pos, STR(""), "variables make this text too long");
        else {
            vars->n_bytes += b.n;
            v->string = arena_str(r->a, buf_str(&b));
            v->boolean = true;
        }
    }
    buf_deinit(&b);
}

/* The tree is at most 64 deep. */
static void walk(struct reader *r, struct variables *vars, struct json *v)
{
    size_t i = 0;
    if (v->type == JSON_STRING)
        expand(r, vars, v);
    for (struct json *c = v->child; c; c = c->next, i++) {
        if (c == vars->own || (v->type == JSON_OBJECT && key_is_ignored(c->key)))
            continue;
        size_t mark = v->type == JSON_OBJECT ? path_key(r, c->key) : path_index(r, i);
        walk(r, vars, c);
        path_pop(r, mark);
    }
}

static void check_own(struct reader *r, const struct json *own)
{
    size_t mark = path_key(r, own->key);
    if (own->type != JSON_OBJECT)
        report(r, "E_TYPE", own->pos, STR(""), "expected an object of names and values, not %s",
               json_type_name(own->type));
    if (own->n > VARIABLES_MOST)
        report(r, "E_LIMIT", own->pos, STR(""), "more than %d variables", VARIABLES_MOST);
    for (const struct json *c = own->type == JSON_OBJECT ? own->child : NULL; c; c = c->next) {
        size_t inner = path_key(r, c->key);
        struct str name = { 0 };
        struct buf b = { 0 };
        buf_addz(&b, "{{");
        buf_adds(&b, c->key);
        buf_addz(&b, "}}");
        if (variable_at(b.p, b.n, &name) != b.n || !str_eq(name, c->key))
            report(r, "E_FORMAT", c->key_pos, STR(""),
                   "a variable's name is letters, digits, '_', '-', '.', and begins with a letter");
        if (c->type == JSON_OBJECT || c->type == JSON_ARRAY)
            report(r, "E_TYPE", c->pos, STR(""), "expected a string or a number, not %s", json_type_name(c->type));
        buf_deinit(&b);
        path_pop(r, inner);
    }
    path_pop(r, mark);
}

void expand_variables(struct reader *r, struct json *root)
{
    struct variables vars = { 0 };
    for (const struct json *c = root->child; c && root->type == JSON_OBJECT; c = c->next)
        if (name_matches("variables", "vars", c->key, NULL)) {
            check_own(r, c);
            vars.own = c;
        }
    walk(r, &vars, root);
}
