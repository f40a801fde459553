/* config_print.c - the settings in effect, as config.yaml would say them */
#include <math.h>
#include <string.h>
#include "gen/color.h"
#include "gen/config_tables.h"

static struct json *color_json(struct arena *a, uint32_t rgba)
{
    char text[COLOR_TEXT];
    return json_string(a, color_print(text, rgba));
}

/* A value below a param's range is "not set". */
static struct json *number_json(struct arena *a, const struct param *p, double v)
{
    return p->min != p->max && v < p->min ? json_null(a) : json_number(a, v);
}

/* x is NaN when nothing was said. */
static struct json *numbers_json(struct arena *a, const double *v, size_t n)
{
    struct json *list = json_array(a);
    if (isnan(v[0]))
        return json_null(a);
    for (size_t i = 0; i < n; i++)
        json_push(list, json_number(a, v[i]));
    return list;
}

static struct json *value_json(struct arena *a, const struct param *p, const void *opts)
{
    const void *field = (const char *)opts + p->offset;
    switch (p->type) {
    case PARAM_DOUBLE:
    case PARAM_SECONDS:
    case PARAM_VOLUME: return number_json(a, p, *(const double *)field);
    case PARAM_INT: return number_json(a, p, (double)*(const int64_t *)field);
    case PARAM_BOOL: return json_bool(a, *(const bool *)field);
    case PARAM_CHOICE: return json_string(a, str_from(p->choices[*(const int *)field]));
    case PARAM_STR: return json_string(a, *(const struct str *)field);
    case PARAM_COLOR: return color_json(a, *(const uint32_t *)field);
    case PARAM_POINT: return numbers_json(a, field, 2);
    case PARAM_FOCUS:
    case PARAM_RECT: return numbers_json(a, field, 4);
    default: return json_null(a);               /* moments and lists stand in no config block */
    }
}

static void add_params(struct arena *a, struct json *o, const struct param *params, const void *opts)
{
    for (const struct param *p = params; p->name; p++)
        json_set(a, o, p->name, value_json(a, p, opts));
}

/* The frame as it turned out, not the words for it. */
static void add_video(struct arena *a, struct json *o, const struct video_opts *v)
{
    double fps = (double)v->fps_num / v->fps_den;
    json_set(a, o, "resolution", json_string(a, arena_printf(a, "%dx%d", v->width, v->height)));
    json_set(a, o, "fps", json_number(a, round(fps * 1000) / 1000));
    json_set(a, o, "background", color_json(a, v->background));
}

static void add_providers(struct arena *a, struct json *o, const struct config *c)
{
    for (size_t i = 0; i < c->n_providers; i++) {
        const struct provider_opts *p = &c->providers[i];
        struct json *block = json_object(a);
        add_params(a, block, provider_params, p);
        if (p->params)
            json_set(a, block, "params", json_copy(a, p->params));
        json_set(a, o, arena_str(a, p->name).p, block);
    }
}

static void add_pronounce(struct arena *a, struct json *o, const struct voice_opts *v)
{
    struct json *block = json_object(a);
    for (size_t i = 0; i < v->n_pronounce; i++)
        json_set(a, block, arena_str(a, v->pronounce[i].word).p, json_string(a, v->pronounce[i].say));
    if (v->n_pronounce)
        json_set(a, o, "pronounce", block);
}

struct json *config_tree(const struct config *c, struct arena *a)
{
    const struct config_parts *parts = (const struct config_parts *)c;
    struct json *root = json_object(a);
    for (const struct config_block *b = config_blocks; b->params; b++) {
        const void *opts = (const char *)parts + b->offset;
        struct json *o = b->name[0] ? json_object(a) : root;
        if (b->params == video_params)
            add_video(a, o, &c->video);
        else
            add_params(a, o, b->params, opts);
        if (strcmp(b->name, "providers") == 0)
            add_providers(a, o, c);
        if (strcmp(b->name, "voice") == 0)
            add_pronounce(a, o, &c->voice);
        if (o != root)
            json_set(a, root, b->name, o);
    }
    return root;
}

static bool is_plain_key(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '_' || s.p[i] == '-' ||
              (i && s.p[i] >= '0' && s.p[i] <= '9')))
            return false;
    return s.n && s.p[0] != '-' && !str_is(s, "true") && !str_is(s, "false") && !str_is(s, "null");
}

/* Two levels as blocks, what is deeper as JSON in place, which YAML reads too. */
static void print_members(struct buf *b, const struct json *o, int indent, int levels)
{
    for (const struct json *m = o->child; m; m = m->next) {
        buf_printf(b, "%*s", indent, "");
        if (is_plain_key(m->key))
            buf_adds(b, m->key);
        else
            json_print_string(b, m->key);
        buf_addc(b, ':');
        if (m->type == JSON_OBJECT && m->n && levels > 0) {
            buf_addc(b, '\n');
            print_members(b, m, indent + 2, levels - 1);
            continue;
        }
        buf_addc(b, ' ');
        if (m->type == JSON_STRING && is_plain_key(m->string))
            buf_adds(b, m->string);
        else
            json_print(b, m, 0);
        buf_addc(b, '\n');
    }
}

void config_print(struct buf *b, const struct config *c)
{
    struct arena a = { 0 };
    print_members(b, config_tree(c, &a), 0, 3);
    arena_deinit(&a);
}
