/* format.c - lessons in their canonical spelling */
#include "gen/lesson/format.h"
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { ROWS_MOST = 80 };

struct formatter {
    struct arena *a;
    const struct vocabulary *words;
    struct json_pos *at;
    struct err *e;
};

static struct json *format_block(struct formatter *f, const struct block *b, const struct json *v);

static struct json *copy(struct formatter *f, const struct json *v)
{
    struct json *out = json_copy(f->a, v);
    out->key = (struct str){ 0 };
    return out;
}

/* Appends a member that the object does not have. */
static void add(struct formatter *f, struct json *object, const char *name, struct json *value)
{
    value->key = arena_str(f->a, str_from(name));
    json_push(object, value);
}

static bool twice(struct formatter *f, const struct json *a, const struct json *b)
{
    *f->at = b->key_pos;
    return err_set(f->e, ERR_LESSON, "\"" STR_FMT "\" and \"" STR_FMT "\" are the same key",
                   STR_ARG(text_cut(a->key, 60)), STR_ARG(text_cut(b->key, 60)));
}

/* A plain value: numbers out of strings, the canonical word of a choice; what cannot be read stays. */
static struct json *format_param(struct formatter *f, const struct param *p, const struct json *v)
{
    union { double d; int64_t i; bool b; struct str s; int c; uint32_t u; struct param_rect r; struct param_moment m; struct param_items l; } field;
    struct param row = *p;
    struct param_said said;
    struct json *fixed;
    row.offset = 0;
    row.flags &= ~(unsigned)PARAM_NOT_YET;
    if (v->type == JSON_NULL || !param_read(&row, v, &field, f->a, &said))
        return copy(f, v);
    if (said.warning && strcmp(said.warning, "W_NUMBER_STRING") == 0 &&
        json_parse(f->a, said.fix, 0, &fixed, NULL, NULL, NULL, NULL))
        return fixed;
    if (p->type == PARAM_CHOICE)
        return json_string(f->a, str_from(p->choices[field.c]));
    return copy(f, v);
}

static struct json *format_aspect(struct formatter *f, const struct json *v)
{
    static const struct { const char *word, *aspect; } words[] = {
        { "landscape", "16:9" }, { "horizontal", "16:9" }, { "wide", "16:9" }, { "widescreen", "16:9" },
        { "portrait", "9:16" },  { "vertical", "9:16" },   { "square", "1:1" },
    };
    for (size_t i = 0; v->type == JSON_STRING && i < COUNTOF(words); i++)
        if (name_equal(v->string, str_from(words[i].word)))
            return json_string(f->a, str_from(words[i].aspect));
    return copy(f, v);
}

/* ---- effects and transitions ---- */

static struct json *format_name(struct formatter *f, const struct row *const *rows, const char *prefix,
                                const struct json *v, const struct row **row)
{
    *row = NULL;
    if (v->type != JSON_STRING)
        return copy(f, v);
    *row = row_find(rows, str_trim(v->string));
    if (!*row && prefix)
        *row = row_find(rows, arena_printf(f->a, "%s-" STR_FMT, prefix, STR_ARG(text_cut(v->string, 60))));
    return *row ? json_string(f->a, str_from((*row)->name)) : copy(f, v);
}

static const struct json *member(const struct json *object, const char *name, const char *aliases)
{
    for (const struct json *c = object->child; c; c = c->next)
        if (name_matches(name, aliases, c->key, NULL))
            return c;
    return NULL;
}

/* common: what all rows have besides their own options, or NULL */
static struct json *format_choice(struct formatter *f, const struct row *const *rows, const char *prefix,
                                  const struct param *common, bool is_transition, const struct json *v)
{
    const struct row *row;
    if (v->type != JSON_OBJECT)
        return format_name(f, rows, prefix, v, &row);
    struct json *out = json_object(f->a);
    const struct json *type = member(v, "type", "name,style,effect,transition,in");
    const struct json *duration = is_transition ? member(v, "duration", "length,seconds") : NULL;
    static const struct param seconds = { .name = "duration", .type = PARAM_SECONDS, .min = 0, .max = 10 };
    row = NULL;
    if (type)
        add(f, out, "type", format_name(f, rows, prefix, type, &row));
    if (duration)
        add(f, out, "duration", format_param(f, &seconds, duration));
    if (row && row->shared)
        common = row->shared;
    for (int is_common = 0; row && is_common < 2; is_common++)
        for (const struct param *p = is_common ? common : row->params; p && p->name; p++)
            for (const struct json *c = v->child; c; c = c->next) {
                if (c == type || c == duration || !name_matches(p->name, p->aliases, c->key, NULL))
                    continue;
                if (json_get(out, p->name))
                    return copy(f, v); /* twice: for `check` to tell */
                add(f, out, p->name, format_param(f, p, c));
            }
    for (const struct json *c = v->child; c; c = c->next)
        if (c != type && c != duration &&
            !(row && (param_find(row->params, c->key, NULL) || param_find(common, c->key, NULL))))
            add(f, out, c->key.p, copy(f, c));
    return out;
}

static struct json *format_effects(struct formatter *f, const struct json *v)
{
    const char *prefix = name_equal(v->key, STR("zoom")) ? "zoom" : name_equal(v->key, STR("pan")) ? "pan" : NULL;
    if (v->type != JSON_STRING && v->type != JSON_ARRAY && v->type != JSON_OBJECT)
        return copy(f, v);
    struct json *list = json_array(f->a);
    for (const struct json *c = v->type == JSON_ARRAY ? v->child : v; c; c = v->type == JSON_ARRAY ? c->next : NULL)
        json_push(list, format_choice(f, f->words->effects, prefix, NULL, false, c));
    return list;
}

static struct json *format_overlays(struct formatter *f, const struct json *v)
{
    if (v->type != JSON_ARRAY && v->type != JSON_OBJECT)
        return copy(f, v);
    struct json *list = json_array(f->a);
    for (const struct json *c = v->type == JSON_ARRAY ? v->child : v; c; c = v->type == JSON_ARRAY ? c->next : NULL)
        json_push(list, format_choice(f, f->words->overlays, NULL, overlay_params, false, c));
    return list;
}

static struct json *format_sounds(struct formatter *f, const struct json *v)
{
    if (v->type != JSON_ARRAY && v->type != JSON_OBJECT && v->type != JSON_STRING)
        return copy(f, v);
    struct json *list = json_array(f->a);
    for (const struct json *c = v->type == JSON_ARRAY ? v->child : v; c; c = v->type == JSON_ARRAY ? c->next : NULL) {
        struct json *one = format_block(f, &effect_sound_block, c);
        if (!one)
            return NULL;
        json_push(list, one);
    }
    return list;
}

static struct json *format_transition(struct formatter *f, const struct json *v)
{
    return format_choice(f, f->words->transitions, NULL, transition_params, true, v);
}

/* ---- other special values ---- */

static struct json *format_narration(struct formatter *f, const struct json *v)
{
    struct buf b = { 0 };
    bool ok = v->type == JSON_ARRAY;
    for (const struct json *c = ok ? v->child : NULL; c; c = c->next) {
        struct str s = str_trim(c->string);
        ok = ok && c->type == JSON_STRING;
        if (s.n && b.n)
            buf_addc(&b, ' ');
        buf_adds(&b, s);
    }
    struct json *out = ok ? json_string(f->a, buf_str(&b)) : copy(f, v);
    buf_deinit(&b);
    return out;
}

static struct json *format_duration(struct formatter *f, const struct json *v)
{
    static const struct param seconds = { .name = "duration", .type = PARAM_SECONDS };
    bool is_auto = (v->type == JSON_NUMBER && v->number == -1) ||
                   (v->type == JSON_STRING && name_equal(str_trim(v->string), STR("auto")));
    return is_auto ? json_string(f->a, STR("auto")) : format_param(f, &seconds, v);
}

static struct json *format_image(struct formatter *f, const struct json *v)
{
    return v->type == JSON_OBJECT ? format_block(f, &picture_block, v) : copy(f, v);
}

static struct json *format_video(struct formatter *f, const struct json *v)
{
    return v->type == JSON_OBJECT ? format_block(f, &footage_block, v) : copy(f, v);
}

static struct json *format_audio(struct formatter *f, const struct json *v)
{
    return v->type == JSON_OBJECT ? format_block(f, &sound_block, v) : copy(f, v);
}

static struct json *format_slide(struct formatter *f, const struct json *v)
{
    return v->type == JSON_OBJECT ? format_block(f, &slide_block, v) : copy(f, v);
}

static struct json *format_pictures(struct formatter *f, const struct json *v)
{
    if (v->type != JSON_ARRAY)
        return copy(f, v);
    struct json *list = json_array(f->a);
    for (const struct json *c = v->child; c; c = c->next) {
        struct json *one = c->type == JSON_OBJECT ? format_block(f, &shot_block, c) : copy(f, c);
        if (!one)
            return NULL;
        one->key = (struct str){ 0 };
        json_push(list, one);
    }
    return list;
}

static struct json *format_sections(struct formatter *f, const struct json *v)
{
    if (v->type != JSON_ARRAY && v->type != JSON_OBJECT)
        return copy(f, v);
    struct json *list = json_array(f->a);
    for (const struct json *c = v->child; c; c = c->next) {
        struct json *section = format_block(f, &section_block, c);
        if (!section)
            return NULL;
        if (v->type == JSON_OBJECT && section->type == JSON_OBJECT && !json_get(section, "id")) {
            struct json *with_id = json_object(f->a);
            add(f, with_id, "id", json_string(f->a, c->key));
            for (struct json *m = section->child, *next; m; m = next) {
                next = m->next;
                m->next = NULL;
                json_push(with_id, m);
            }
            section = with_id;
        }
        json_push(list, section);
    }
    return list;
}

typedef void (*read_fn)(struct reader *, const struct key *, const struct json *, void *);
static const struct { read_fn read; struct json *(*format)(struct formatter *, const struct json *); } special[] = {
    { read_effects, format_effects },     { read_transition, format_transition }, { read_narration, format_narration },
    { read_duration, format_duration },   { read_image, format_image },           { read_audio, format_audio },
    { read_images, format_pictures },     { read_image_prompts, format_pictures }, { read_turn, format_transition },
    { read_slide, format_slide },         { read_video, format_video },           { read_sections_key, format_sections },
    { read_sounds, format_sounds },
    { read_overlays, format_overlays },
};

static struct json *format_key(struct formatter *f, const struct key *k, const struct json *v)
{
    if (k->block)
        return format_block(f, k->block, v);
    for (size_t i = 0; k->read && i < COUNTOF(special); i++)
        if (special[i].read == k->read)
            return special[i].format(f, v);
    return k->read || k->flags & KEY_NOT_YET ? copy(f, v) : format_param(f, &k->p, v);
}

/* ---- blocks ---- */

/* The members of an object by the rows they belong to. */
struct sorted {
    const struct json *params[ROWS_MOST], *keys[ROWS_MOST];
    size_t n_params, n_keys;
};

static bool sort_members(struct formatter *f, const struct block *b, const struct json *v, struct sorted *s)
{
    for (const struct param *p = b->params; p && p->name; p++)
        s->n_params++;
    for (const struct key *k = b->keys; k && k->p.name; k++)
        s->n_keys++;
    for (const struct json *c = v->child; c; c = c->next) {
        size_t i = 0;
        while (i < s->n_params && !name_matches(b->params[i].name, b->params[i].aliases, c->key, NULL))
            i++;
        const struct json **slot = i < s->n_params ? &s->params[i] : NULL;
        for (i = 0; !slot && i < s->n_keys; i++)
            if (name_matches(b->keys[i].p.name, b->keys[i].p.aliases, c->key, NULL))
                slot = &s->keys[i];
        if (slot && *slot)
            return twice(f, *slot, c);
        if (slot)
            *slot = c;
    }
    return true;
}

/* The value of a key that is a block, with the old spellings that belong to it moved in. NULL: neither is there. *ok.
 */
static const struct json *gather(struct formatter *f, const struct block *b, const struct sorted *s, size_t at,
                                 bool *ok)
{
    const struct block *block = b->keys[at].block;
    const struct json *own = s->keys[at];
    struct json *merged = NULL;
    for (size_t i = 0; i < s->n_keys; i++) {
        const struct key *k = &b->keys[i];
        if (!s->keys[i] || !k->member || k->block != block)
            continue;
        if (!merged) {
            merged = json_object(f->a);
            if (own && own->type == JSON_OBJECT)
                merged = copy(f, own);
            else if (own && own->type == JSON_STRING && block->shorthand)
                add(f, merged, block->shorthand, copy(f, own));
            else if (own && own->type != JSON_NULL) {
                *ok = twice(f, own, s->keys[i]);
                return NULL;
            }
        }
        struct json *moved = copy(f, s->keys[i]);
        if (k->flags & KEY_MS && moved->type == JSON_NUMBER)
            moved = json_number(f->a, moved->number / 1000);
        moved->key_pos = s->keys[i]->key_pos;
        add(f, merged, k->member, moved);
    }
    if (merged)
        merged->key = str_from(b->keys[at].p.name);
    return merged ? merged : own;
}

static bool add_known(struct formatter *f, const struct block *b, const struct sorted *s, struct json *out)
{
    for (size_t i = 0; i < s->n_params; i++)
        if (s->params[i])
            add(f, out, b->params[i].name,
                strcmp(b->params[i].name, "aspect") == 0 ? format_aspect(f, s->params[i])
                                                         : format_param(f, &b->params[i], s->params[i]));
    for (size_t i = 0; i < s->n_keys; i++) {
        const struct key *k = &b->keys[i];
        bool ok = true;
        const struct json *v = k->member ? NULL : k->block ? gather(f, b, s, i, &ok) : s->keys[i];
        struct json *value = v ? format_key(f, k, v) : NULL;
        if (!ok || (v && !value))
            return false;
        if (value)
            add(f, out, k->p.name, value);
    }
    return true;
}

static bool is_known(const struct block *b, struct str key)
{
    if (param_find(b->params, key, NULL))
        return true;
    for (const struct key *k = b->keys; k && k->p.name; k++)
        if (name_matches(k->p.name, k->p.aliases, key, NULL))
            return true;
    return false;
}

/* NULL when a key stands twice. Depth is at most that of the tables. */
static struct json *format_block(struct formatter *f, const struct block *b, const struct json *v)
{
    struct sorted s = { { 0 }, { 0 }, 0, 0 };
    if (v->type == JSON_STRING && b->shorthand) {
        struct json *object = json_object(f->a);
        add(f, object, b->shorthand, copy(f, v));
        return format_block(f, b, object);
    }
    if (v->type != JSON_OBJECT)
        return copy(f, v);
    if (!sort_members(f, b, v, &s))
        return NULL;
    struct json *out = json_object(f->a);
    const struct json *schema = json_get(v, "$schema");
    if (schema)
        add(f, out, "$schema", copy(f, schema));
    if (!add_known(f, b, &s, out))
        return NULL;
    for (const struct json *c = v->child; c; c = c->next)
        if (c != schema && !is_known(b, c->key))
            add(f, out, c->key.p, copy(f, c));
    return out;
}

bool lesson_format(struct str text, const struct vocabulary *words, struct buf *out, struct json_pos *at, struct err *e)
{
    struct arena a = { 0 };
    struct json_pos here;
    struct formatter f = { &a, words, at ? at : &here, e };
    struct json *root = NULL;
    bool ok = json_parse(&a, text, JSON_LENIENT, &root, NULL, NULL, f.at, e);
    if (ok && root->type != JSON_OBJECT) {
        *f.at = root->pos;
        ok = err_set(e, ERR_LESSON, "expected an object with \"title\" and \"sections\", not %s",
                     json_type_name(root->type));
    }
    const struct json *formatted = ok ? format_block(&f, &lesson_block, root) : NULL;
    if (formatted) {
        json_print(out, formatted, JSON_PRETTY | JSON_FIT);
        buf_addc(out, '\n');
    }
    arena_deinit(&a);
    return formatted != NULL;
}
