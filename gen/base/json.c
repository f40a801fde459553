/* json.c - trees of data: from checked text by way of cJSON, and by hand */
#include "gen/base/json.h"
#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "gen/base/json_check.h"
#include "gen/base/mem.h"
#include "gen/base/number.h"
#include "gen/base/text.h"

/* Walks the original text forward and tells lines and columns of rising offsets. */
struct placer {
    struct str text;
    size_t at;
    struct json_pos pos;
};

static struct placer placer_begin(struct str text)
{
    struct placer p = { .text = text, .pos = { 1, 1 } };
    if (str_starts(text, "\xef\xbb\xbf"))
        p.at = 3; /* an editor shows no column for it */
    return p;
}

static struct json_pos place(struct placer *p, size_t offset)
{
    for (; p->at < offset && p->at < p->text.n; p->at++) {
        char c = p->text.p[p->at]; /* NOLINT: no text without bytes gets here */
        if (c == '\n')
            p->pos = (struct json_pos){ p->pos.line + 1, 1 };
        else if (((unsigned char)c & 0xc0) != 0x80)
            p->pos.col++;
    }
    return p->pos;
}

struct builder {
    struct arena *a;
    struct placer placer;
    const struct json_mark *marks;              /* of the node that comes next */
    unsigned flags;
    size_t bad;
    struct err *e;
};

static bool is_before(struct json_pos a, struct json_pos b)
{
    return a.line < b.line || (a.line == b.line && a.col < b.col);
}

static int by_key(const void *a, const void *b)
{
    const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
    int c = str_cmp(x->key, y->key);
    return c ? c : (x > y) - (x < y);
}

/* The first key that stood before, or NULL. */
static const struct json *duplicate(const struct json *object)
{
    const struct json **v = mem_array(object->n + 1, sizeof *v), *found = NULL;
    size_t n = 0;
    for (const struct json *c = object->child; c; c = c->next)
        v[n++] = c;
    qsort(v, n, sizeof *v, by_key);
    for (size_t i = 1; i < n; i++)
        if (str_eq(v[i - 1]->key, v[i]->key)) {
            const struct json *late = is_before(v[i - 1]->key_pos, v[i]->key_pos) ? v[i] : v[i - 1];
            if (!found || is_before(late->key_pos, found->key_pos))
                found = late;
        }
    free(v);
    return found;
}

static void append(struct json *parent, struct json *item)
{
    if (parent->last)
        parent->last->next = item;
    else
        parent->child = item;
    parent->last = item;
    parent->n++;
}

/* Depth is at most 64: the checker saw to it. */
static bool build(struct builder *b, const cJSON *c, struct json *out)
{
    const struct json_mark *m = b->marks++;
    if (c->string) {
        out->key = arena_str(b->a, str_from(c->string));
        out->key_pos = place(&b->placer, m->key_at);
    }
    out->pos = place(&b->placer, m->at);
    if (cJSON_IsObject(c) || cJSON_IsArray(c)) {
        out->type = cJSON_IsObject(c) ? JSON_OBJECT : JSON_ARRAY;
        for (const cJSON *k = c->child; k; k = k->next) {
            struct json *item = arena_alloc(b->a, sizeof *item);
            if (!build(b, k, item))
                return false;
            append(out, item);
        }
        return true;
    }
    if (cJSON_IsString(c)) {
        out->type = JSON_STRING;
        out->string = arena_str(b->a, str_from(c->valuestring));
    } else if (cJSON_IsNumber(c)) {
        out->type = JSON_NUMBER;
        out->string = arena_str(b->a, (struct str){ b->placer.text.p + m->at, m->end - m->at });
        if (!number_parse(out->string, &out->number)) {
            b->bad = m->at;
            return err_set(b->e, ERR_LESSON, "this number is too large");
        }
    } else if (cJSON_IsBool(c)) {
        out->type = JSON_BOOL;
        out->boolean = cJSON_IsTrue(c);
    }
    return true;
}

/* Depth is at most 64. */
static bool check_keys(const struct json *v, const struct json **late)
{
    if (v->type == JSON_OBJECT && (*late = duplicate(v)))
        return false;
    for (const struct json *c = v->child; c; c = c->next)
        if (!check_keys(c, late))
            return false;
    return true;
}

/* The checker accepted the text, so cJSON does too: numbers are short, depth is small, the locale is "C". */
static bool decode(struct builder *b, char *text, size_t n, struct json **out, struct json_pos *at)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(c_locale);
    const char *end;
    cJSON *tree = cJSON_ParseWithLengthOpts(text, n + 1, &end, 1);
    uselocale(before);
    freelocale(c_locale);
    if (!tree)
        return err_set(b->e, ERR_INTERNAL, "the JSON decoder refused what the checker accepted");
    struct json *root = arena_alloc(b->a, sizeof *root);
    bool ok = build(b, tree, root);
    const struct json *late = NULL;
    cJSON_Delete(tree);
    if (!ok) {
        struct placer p = placer_begin(b->placer.text);
        *at = place(&p, b->bad);
        return false;
    }
    if (!(b->flags & JSON_DUPLICATES) && !check_keys(root, &late)) {
        *at = late->key_pos;
        return err_set(b->e, ERR_LESSON, "duplicate key \"" STR_FMT "\"", STR_ARG(text_cut(late->key, 200)));
    }
    *out = root;
    return true;
}

bool json_parse(struct arena *a, struct str text, unsigned flags, struct json **out,
                struct json_note *notes, size_t *n_notes, struct json_pos *at, struct err *e)
{
    struct json_checked checked = { 0 };
    struct json_pos here;
    if (!at)
        at = &here;
    *at = (struct json_pos){ 1, 1 };
    if (n_notes)
        *n_notes = 0;
    char *copy = mem_strndup(text.p ? text.p : "", text.n);
    size_t bad = 0;
    bool ok = json_check(copy, text.n, flags, &checked, &bad, e);
    if (!ok) {
        struct placer p = placer_begin(text);
        *at = place(&p, bad);
        goto out;
    }
    struct builder b = { .a = a, .placer = placer_begin(text), .marks = checked.marks, .flags = flags, .e = e };
    if (!(ok = decode(&b, copy, text.n, out, at)))
        goto out;
    for (size_t i = 0; notes && i < checked.n_notes; i++) {
        struct placer p = placer_begin(text);
        notes[i] = (struct json_note){ checked.notes[i].what, place(&p, checked.notes[i].at) };
    }
    if (n_notes)
        *n_notes = checked.n_notes;
out:
    free(copy);
    json_checked_deinit(&checked);
    return ok;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (!object || object->type != JSON_OBJECT)
        return NULL;
    for (const struct json *c = object->child; c; c = c->next)
        if (str_is(c->key, key))
            return c;
    return NULL;
}

const struct json *json_at(const struct json *array, size_t i)
{
    if (!array || array->type != JSON_ARRAY || i >= array->n)
        return NULL;
    const struct json *c = array->child;
    while (i-- > 0)
        c = c->next;
    return c;
}

const char *json_type_name(enum json_type t)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",       [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object",
    };
    return names[t];
}

struct str json_str_or(const struct json *object, const char *key, struct str fallback)
{
    const struct json *v = json_get(object, key);
    return v && v->type == JSON_STRING ? v->string : fallback;
}

double json_num_or(const struct json *object, const char *key, double fallback)
{
    const struct json *v = json_get(object, key);
    return v && v->type == JSON_NUMBER ? v->number : fallback;
}

bool json_bool_or(const struct json *object, const char *key, bool fallback)
{
    const struct json *v = json_get(object, key);
    return v && v->type == JSON_BOOL ? v->boolean : fallback;
}

static struct json *make(struct arena *a, enum json_type type)
{
    struct json *v = arena_alloc(a, sizeof *v);
    v->type = type;
    return v;
}

struct json *json_null(struct arena *a)
{
    return make(a, JSON_NULL);
}

struct json *json_bool(struct arena *a, bool b)
{
    struct json *v = make(a, JSON_BOOL);
    v->boolean = b;
    return v;
}

struct json *json_number(struct arena *a, double number)
{
    struct json *v = make(a, JSON_NUMBER);
    char text[NUMBER_TEXT];
    assert(isfinite(number));
    v->number = number;
    v->string = arena_str(a, number_print(text, number));
    return v;
}

struct json *json_string(struct arena *a, struct str s)
{
    struct json *v = make(a, JSON_STRING);
    v->string = arena_str(a, s);
    return v;
}

struct json *json_array(struct arena *a)
{
    return make(a, JSON_ARRAY);
}

struct json *json_object(struct arena *a)
{
    return make(a, JSON_OBJECT);
}

void json_push(struct json *array, struct json *item)
{
    assert((array->type == JSON_ARRAY || (array->type == JSON_OBJECT && item->key.p)) && !item->next);
    append(array, item);
}

void json_set(struct arena *a, struct json *object, const char *key, struct json *value)
{
    assert(object->type == JSON_OBJECT && !value->next);
    struct json *before = NULL, *old = object->child;
    while (old && !str_is(old->key, key)) {
        before = old;
        old = old->next;
    }
    value->key = arena_str(a, str_from(key));
    if (!old) {
        append(object, value);
        return;
    }
    value->next = old->next;
    *(before ? &before->next : &object->child) = value;
    if (object->last == old)
        object->last = value;
    old->next = NULL;
}

struct json *json_copy(struct arena *a, const struct json *v)
{
    struct json *out = arena_alloc(a, sizeof *out);
    *out = *v;
    out->string = v->string.p ? arena_str(a, v->string) : v->string;
    out->key = v->key.p ? arena_str(a, v->key) : v->key;
    out->child = out->next = out->last = NULL;
    out->n = 0;
    for (const struct json *c = v->child; c; c = c->next)
        append(out, json_copy(a, c));
    return out;
}
