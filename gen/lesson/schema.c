/* schema.c - the lesson format as a JSON Schema */
#include "gen/lesson/schema.h"
#include <assert.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/lesson/blocks.h"

struct maker {
    struct arena *a;
    const struct vocabulary *words;
};

static void set_text(struct maker *m, struct json *o, const char *key, const char *text)
{
    json_set(m->a, o, key, json_string(m->a, str_from(text)));
}

static struct json *typed(struct maker *m, const char *type)
{
    struct json *o = json_object(m->a);
    set_text(m, o, "type", type);
    return o;
}

static struct json *ref(struct maker *m, const char *name)
{
    struct json *o = json_object(m->a);
    json_set(m->a, o, "$ref", json_string(m->a, arena_printf(m->a, "#/$defs/%s", name)));
    return o;
}

/* One of our own constants. */
static struct json *literal(struct maker *m, const char *text)
{
    struct json *v = NULL;
    bool ok = json_parse(m->a, str_from(text), 0, &v, NULL, NULL, NULL, NULL);
    assert(ok);
    return ok ? v : json_null(m->a);
}

static struct json *any_of(struct maker *m, struct json *x, struct json *y)
{
    struct json *o = json_object(m->a), *list = json_array(m->a);
    json_push(list, x);
    json_push(list, y);
    json_set(m->a, o, "anyOf", list);
    return o;
}

static void add_range(struct maker *m, struct json *o, const struct param *p)
{
    double min = p->min, max = p->max;
    if (min == max && p->type == PARAM_SECONDS)
        max = 3600;
    else if (min == max && p->type == PARAM_VOLUME)
        max = 16;
    if (min == max && min == 0)
        return;
    json_set(m->a, o, "minimum", json_number(m->a, min));
    json_set(m->a, o, "maximum", json_number(m->a, max));
}

static struct json *numbers(struct maker *m, size_t n)
{
    struct json *o = typed(m, "array"), *item = typed(m, "number");
    json_set(m->a, item, "minimum", json_number(m->a, 0));
    json_set(m->a, item, "maximum", json_number(m->a, 1));
    json_set(m->a, o, "items", item);
    json_set(m->a, o, "minItems", json_number(m->a, (double)n));
    json_set(m->a, o, "maxItems", json_number(m->a, (double)n));
    return o;
}

static void add_choices(struct maker *m, struct json *o, const struct param *p)
{
    struct json *names = json_array(m->a);
    for (size_t i = 0; p->choices && p->choices[i]; i++)
        json_push(names, json_string(m->a, str_from(p->choices[i])));
    if (names->n)
        json_set(m->a, o, "enum", names);
}

/* One, or several in order. */
static struct json *of_names(struct maker *m, const struct param *p, struct json *one)
{
    struct json *list = typed(m, "array");
    add_choices(m, one, p);
    json_set(m->a, list, "items", json_copy(m->a, one));
    return any_of(m, one, list);
}

#define MOMENT_SCHEMA(least)                                                                               \
    "{\"anyOf\": [{\"type\": \"number\", \"minimum\": " least ", \"maximum\": 3600}, {\"type\": \"string\", " \
    "\"pattern\": \"^mark:.+$\"}]}"
static const char moment_schema[] = MOMENT_SCHEMA("0"), signed_schema[] = MOMENT_SCHEMA("-3600");
static const char items_schema[] =
    "{\"type\": \"array\", \"maxItems\": 50, \"items\": {\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"object\", "
    "\"properties\": {\"text\": {\"type\": \"string\"}, \"at\": " MOMENT_SCHEMA("0") "}, \"required\": [\"text\"], "
    "\"additionalProperties\": false}]}}";

static struct json *of_type(struct maker *m, const struct param *p)
{
    static const char *const types[] = {
        [PARAM_DOUBLE] = "number", [PARAM_INT] = "integer", [PARAM_BOOL] = "boolean", [PARAM_STR] = "string",
        [PARAM_CHOICE] = "string", [PARAM_COLOR] = "string", [PARAM_SECONDS] = "number", [PARAM_VOLUME] = "number",
    };
    if (p->type == PARAM_FOCUS)
        return any_of(m, numbers(m, 2), numbers(m, 4));
    if (p->type == PARAM_POINT || p->type == PARAM_RECT)
        return numbers(m, p->type == PARAM_RECT ? 4 : 2);
    if (p->type == PARAM_MOMENT)
        return literal(m, p->min < 0 ? signed_schema : moment_schema);
    if (p->type == PARAM_ITEMS)
        return literal(m, items_schema);
    struct json *o = typed(m, types[p->type]);
    if (p->flags & PARAM_NAMES)
        return of_names(m, p, o);
    if (p->type == PARAM_DOUBLE || p->type == PARAM_INT || p->type == PARAM_SECONDS || p->type == PARAM_VOLUME)
        add_range(m, o, p);
    if (p->type == PARAM_CHOICE)
        add_choices(m, o, p);
    if (p->type == PARAM_VOLUME)
        return any_of(m, o, literal(m, "{\"type\": \"string\", \"pattern\": \"^[+-]?[0-9.]+ ?dB$\"}"));
    return o;
}

/* Allows null as well. */
static struct json *nullable(struct maker *m, struct json *o)
{
    const struct json *type = json_get(o, "type"), *names = json_get(o, "enum"), *list = json_get(o, "anyOf");
    if (type && type->type == JSON_STRING) {
        struct json *types = json_array(m->a), *all = json_array(m->a);
        json_push(types, json_string(m->a, type->string));
        json_push(types, json_string(m->a, STR("null")));
        json_set(m->a, o, "type", types);
        for (const struct json *c = names ? names->child : NULL; c; c = c->next)
            json_push(all, json_copy(m->a, c));
        if (names) {
            json_push(all, json_null(m->a));
            json_set(m->a, o, "enum", all);
        }
        return o;
    }
    if (list) {
        struct json *more = json_copy(m->a, list);
        more->key = (struct str){ 0 };
        json_push(more, typed(m, "null"));
        json_set(m->a, o, "anyOf", more);
        return o;
    }
    return any_of(m, o, typed(m, "null"));
}

static void describe(struct maker *m, struct json *o, const char *help, struct json *def, const char *example)
{
    if (help && *help)
        set_text(m, o, "description", help);
    if (def)
        json_set(m->a, o, "default", def);
    if (example) {
        struct json *list = json_array(m->a);
        json_push(list, literal(m, example));
        json_set(m->a, o, "examples", list);
    }
}

static struct json *of_param(struct maker *m, const struct param *p)
{
    struct json *o = nullable(m, of_type(m, p));
    describe(m, o, p->help, param_default_json(p, m->a), NULL);
    return o;
}

static struct json *of_key(struct maker *m, const struct key *k)
{
    const char *help = k->p.help;
    struct json *o;
    if (k->block) {
        help = k->block->help;
        o = ref(m, k->block->name);
        if (param_find(k->block->params, STR("enabled"), NULL))
            o = any_of(m, o, typed(m, "boolean"));
    } else
        o = k->schema ? literal(m, k->schema) : of_type(m, &k->p);
    if (!(k->flags & KEY_REQUIRED))
        o = nullable(m, o);
    describe(m, o, help, k->p.def_text ? param_default_json(&k->p, m->a) : NULL, k->example);
    return o;
}

struct object { struct json *o, *properties, *required; };

static struct object begin_object(struct maker *m, const char *help)
{
    struct object x = { typed(m, "object"), json_object(m->a), json_array(m->a) };
    if (help && *help)
        set_text(m, x.o, "description", help);
    return x;
}

static void require(struct maker *m, struct object *x, const char *name)
{
    json_push(x->required, json_string(m->a, str_from(name)));
}

static struct json *end_object(struct maker *m, struct object *x)
{
    json_set(m->a, x->o, "properties", x->properties);
    if (x->required->n)
        json_set(m->a, x->o, "required", x->required);
    json_set(m->a, x->o, "patternProperties", literal(m, "{\"^(\\\\$schema|comment|notes|x-.*|_.*)$\": {}}"));
    json_set(m->a, x->o, "additionalProperties", json_bool(m->a, false));
    return x->o;
}

static void add_params(struct maker *m, struct object *x, const struct param *params)
{
    for (; params && params->name; params++)
        if (!(params->flags & PARAM_NOT_YET)) {
            json_set(m->a, x->properties, params->name, of_param(m, params));
            if (params->flags & PARAM_REQUIRED)
                require(m, x, params->name);
        }
}

static void add_keys(struct maker *m, struct object *x, const struct key *keys)
{
    for (; keys && keys->p.name; keys++) {
        if (keys->flags & (KEY_NOT_YET | KEY_SHORT))
            continue;
        json_set(m->a, x->properties, keys->p.name, of_key(m, keys));
        if (keys->flags & KEY_REQUIRED)
            require(m, x, keys->p.name);
    }
}

static struct json *of_block(struct maker *m, const struct block *b)
{
    struct object x = begin_object(m, b->help);
    add_params(m, &x, b->params);
    add_keys(m, &x, b->keys);
    if (b == &section_block)
        json_set(
            m->a, x.o, "allOf",
            literal(
                m,
                "[{\"anyOf\": [{\"required\": [\"narration\"]}, {\"required\": [\"audio\"]}, {\"required\": [\"duration\"]}]},"
                " {\"anyOf\": [{\"required\": [\"image_prompt\"]}, {\"required\": [\"image\"]}, {\"required\": [\"slide\"]},"
                " {\"required\": [\"video_prompt\"]}, {\"required\": [\"video\"]}, {\"required\": [\"images\"]},"
                " {\"required\": [\"image_prompts\"]},"
                " {\"required\": [\"background\"]}]}]"));
    if (b == &shot_block)
        json_set(m->a, x.o, "allOf",
                 literal(m, "[{\"anyOf\": [{\"required\": [\"image_prompt\"]}, {\"required\": [\"image\"]},"
                            " {\"required\": [\"video_prompt\"]}, {\"required\": [\"video\"]}]}]"));
    return end_object(m, &x);
}

/* A picture or clip of a section: the lesson's block for it with a file. */
static struct json *of_file(struct maker *m, const char *help, const struct param *params)
{
    struct object x = begin_object(m, help);
    json_set(m->a, x.properties, "file", literal(m, "{\"type\": \"string\", \"minLength\": 1}"));
    require(m, &x, "file");
    add_params(m, &x, params);
    return end_object(m, &x);
}

static bool has_options(const struct maker *m, const struct row *row)
{
    return row->params || (m->words && row->shared);
}

static struct json *names_of(struct maker *m, const struct row *const *rows, bool only_plain)
{
    struct json *o = typed(m, "string"), *names = json_array(m->a);
    for (; rows && *rows; rows++)
        if (!(*rows)->is_not_yet && !(only_plain && has_options(m, *rows)))
            json_push(names, json_string(m->a, str_from((*rows)->name)));
    if (names->n)
        json_set(m->a, o, "enum", names);
    return o;
}

/* Says what each name means, in one text. */
static void describe_names(struct maker *m, struct json *o, const struct row *const *rows)
{
    struct buf b = { 0 };
    for (; rows && *rows; rows++)
        if (!(*rows)->is_not_yet)
            buf_printf(&b, "%s%s: %s", b.n ? "; " : "", (*rows)->name, (*rows)->help ? (*rows)->help : "");
    json_set(m->a, o, "description", json_string(m->a, buf_str(&b)));
    buf_deinit(&b);
}

static void add_duration(struct maker *m, struct object *x)
{
    json_set(
        m->a, x->properties, "duration",
        literal(
            m,
            "{\"type\": [\"number\", \"null\"], \"minimum\": 0, \"maximum\": 10, \"description\": \"seconds\", \"default\": 0.5}"));
}

static struct json *of_row(struct maker *m, const struct row *row, bool has_type, bool is_transition,
                           const struct param *common)
{
    struct object x = begin_object(m, row->help);
    struct json *type = typed(m, "string"), *one = json_array(m->a);
    json_push(one, json_string(m->a, str_from(row->name)));
    json_set(m->a, type, "enum", one);
    json_set(m->a, x.properties, "type", type);
    if (has_type)
        require(m, &x, "type");
    if (is_transition)
        add_duration(m, &x);
    add_params(m, &x, row->params);
    if (m->words) /* not where only the moves themselves are asked for */
        add_params(m, &x, row->shared);
    add_params(m, &x, common);
    return end_object(m, &x);
}

/* An object with a type: one form for all rows without options, one for each row with some. */
static void add_objects(struct maker *m, struct json *list, const struct row *const *rows, bool is_transition)
{
    struct object plain = begin_object(m, NULL);
    struct json *names = names_of(m, rows, true);
    json_set(m->a, plain.properties, "type", names);
    require(m, &plain, "type");
    if (is_transition)
        add_duration(m, &plain);
    add_params(m, &plain, is_transition ? transition_params : NULL);
    if (json_get(names, "enum"))
        json_push(list, end_object(m, &plain));
    for (; rows && *rows; rows++) {
        if ((*rows)->is_not_yet || !has_options(m, *rows))
            continue;
        json_push(list, of_row(m, *rows, true, is_transition, is_transition ? transition_params : NULL));
    }
}

/* Every overlay has options, and some are required: there is no short form. */
static struct json *of_overlays(struct maker *m)
{
    struct json *o = json_object(m->a), *list = json_array(m->a);
    for (const struct row *const *row = m->words->overlays; row && *row; row++)
        json_push(list, of_row(m, *row, true, false, overlay_params));
    if (list->n)
        json_set(m->a, o, "anyOf", list);
    describe_names(m, o, m->words->overlays);
    return o;
}

static struct json *of_watermark(struct maker *m)
{
    const struct row *row = row_find(m->words->overlays, STR("watermark"));
    return row ? of_row(m, row, false, false, overlay_params) : typed(m, "object");
}

static struct json *of_choice(struct maker *m, const struct row *const *rows, bool is_transition)
{
    struct json *o = json_object(m->a), *list = json_array(m->a);
    json_push(list, names_of(m, rows, false));
    add_objects(m, list, rows, is_transition);
    json_set(m->a, o, "anyOf", list);
    describe_names(m, o, rows);
    return o;
}

static struct json *of_effects(struct maker *m)
{
    struct json *list = typed(m, "array");
    json_set(m->a, list, "items", ref(m, "effect"));
    json_set(m->a, list, "maxItems", json_number(m->a, 16));
    return any_of(m, names_of(m, m->words->effects, false), list);
}

static struct json *defs(struct maker *m)
{
    static const struct block *const blocks[] = {
        &section_block, &shot_block, &style_block, &voice_block, &image_block, &clip_block, &video_block, &caption_block, &music_block,
        &loudness_block, &timing_block, &output_block, &slide_block, &effect_sound_block,
    };
    struct json *o = json_object(m->a);
    for (size_t i = 0; i < COUNTOF(blocks); i++)
        json_set(m->a, o, blocks[i]->name, of_block(m, blocks[i]));
    json_set(m->a, o, "picture", of_file(m, "a picture of your own", image_params));
    json_set(m->a, o, "footage", of_file(m, "a clip of your own", clip_params));
    json_set(m->a, o, "effects", of_effects(m));
    json_set(m->a, o, "effect", of_choice(m, m->words->effects, false));
    json_set(m->a, o, "transition", of_choice(m, m->words->transitions, true));
    json_set(m->a, o, "overlay", of_overlays(m));
    json_set(m->a, o, "watermark", of_watermark(m));
    struct json *theme = names_of(m, m->words->themes, false);
    describe_names(m, theme, m->words->themes);
    json_set(m->a, o, "theme", theme);
    return o;
}

static bool is_map(const struct json *schema)
{
    const struct json *more = json_get(schema, "additionalProperties");
    return more && more->type == JSON_OBJECT;
}

/* What structured-output modes refuse is dropped; every property becomes required. Depth is that of our own schema. */
static struct json *for_chats(struct maker *m, const struct json *v, bool is_properties)
{
    static const char *const dropped[] = { "$schema",           "$id",       "default",  "examples",
                                           "patternProperties", "minLength", "required", "allOf" };
    if (v->type != JSON_OBJECT && v->type != JSON_ARRAY) {
        struct json *scalar = json_copy(m->a, v);
        scalar->key = (struct str){ 0 };
        return scalar;
    }
    struct json *out = v->type == JSON_OBJECT ? json_object(m->a) : json_array(m->a);
    for (const struct json *c = v->child; c; c = c->next) {
        bool is_dropped = false;
        for (size_t i = 0; !is_properties && v->type == JSON_OBJECT && i < COUNTOF(dropped); i++)
            is_dropped = is_dropped || str_is(c->key, dropped[i]);
        if (is_dropped || (is_properties && is_map(c)))
            continue;
        bool holds_names =
            v->type == JSON_OBJECT && !is_properties && (str_is(c->key, "properties") || str_is(c->key, "$defs"));
        struct json *copy = for_chats(m, c, holds_names);
        if (v->type == JSON_ARRAY)
            json_push(out, copy);
        else
            json_set(m->a, out, c->key.p, copy);
    }
    const struct json *properties = is_properties ? NULL : json_get(out, "properties");
    if (properties) {
        struct json *all = json_array(m->a);
        for (const struct json *c = properties->child; c; c = c->next)
            json_push(all, json_string(m->a, c->key));
        json_set(m->a, out, "required", all);
    }
    return out;
}

void effects_schema(struct buf *out, const struct row *const *effects, size_t most)
{
    struct arena a = { 0 };
    struct maker m = { &a, NULL };
    struct object x = begin_object(&m, NULL);
    struct json *why = typed(&m, "string"), *list = typed(&m, "array"), *item = json_object(&a), *any = json_array(&a);
    set_text(&m, why, "description", "one short sentence: why these");
    add_objects(&m, any, effects, false);
    json_set(&a, item, "anyOf", any);
    json_set(&a, list, "items", item);
    json_set(&a, list, "maxItems", json_number(&a, (double)most));
    json_set(&a, x.properties, "why", why);
    json_set(&a, x.properties, "effects", list);
    json_print(out, for_chats(&m, end_object(&m, &x), false), 0);
    arena_deinit(&a);
}

void lesson_schema(struct buf *out, const struct vocabulary *words, bool for_chat)
{
    struct arena a = { 0 };
    struct maker m = { &a, words };
    struct json *root = json_object(&a);
    set_text(&m, root, "$schema", "https://json-schema.org/draft/2020-12/schema");
    set_text(&m, root, "title", "vidgen lesson, version 1");
    const struct json *lesson = of_block(&m, &lesson_block);
    for (const struct json *c = lesson->child; c; c = c->next) {
        struct json *copy = json_copy(&a, c);
        json_set(&a, root, c->key.p, copy);
    }
    json_set(&a, root, "$defs", defs(&m));
    json_print(out, for_chat ? for_chats(&m, root, false) : root, JSON_PRETTY | JSON_FIT);
    buf_addc(out, '\n');
    arena_deinit(&a);
}
