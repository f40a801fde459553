/* reference.c - the keys and words of lessons as Markdown, from the tables that read lessons */
#include "gen/lesson/reference.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/effect_time.h"
#include "gen/lesson/blocks.h"
#include "gen/planner.h"

static const struct block *const blocks[] = {
    &lesson_block, &section_block, &shot_block, &slide_block, &style_block, &voice_block, &image_block, &clip_block, &video_block, &caption_block,
    &music_block, &effect_sound_block, &loudness_block, &timing_block, &output_block,
};

/* '|' would end the cell, '<' begin a tag. */
static void cell(struct buf *b, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '|' || *text == '<')
            buf_addc(b, '\\');
        buf_addc(b, *text);
    }
}

static void add_names(struct buf *b, const char *before, const struct json *names)
{
    buf_addz(b, before);
    for (const struct json *c = names->child; c; c = c->next)
        buf_printf(b, "%s`" STR_FMT "`", c == names->child ? "" : ", ", STR_ARG(c->string));
}

/* What a schema allows, in words. Our own schemas only: they nest two deep. */
static void add_schema(struct buf *b, const struct json *s)
{
    static const struct { const char *type, *words; } words[] = {
        { "string", "string" }, { "integer", "whole number" }, { "number", "number" }, { "boolean", "true or false" },
        { "object", "object" },
    };
    const struct json *any = json_get(s, "anyOf"), *names = json_get(s, "enum"), *items = json_get(s, "items");
    struct str ref = json_str_or(s, "$ref", STR("")), type = json_str_or(s, "type", STR(""));
    if (any) {
        for (const struct json *c = any->child; c; c = c->next) {
            buf_addz(b, c == any->child ? "" : " or ");
            add_schema(b, c);
        }
    } else if (ref.n) {
        struct str name = { ref.p + strlen("#/$defs/"), ref.n - strlen("#/$defs/") };
        const char *plural = str_is(name, "effect") || str_is(name, "transition") || str_is(name, "theme") ||
                                     str_is(name, "overlay")
                                 ? "s" : "";
        if (str_is(name, "picture"))
            buf_addz(b, "object of [image](#image) with a `file`");
        else if (str_is(name, "watermark"))
            buf_addz(b, "object of [watermark](#overlays)");
        else if (str_is(name, "footage"))
            buf_addz(b, "object of [clip](#clip) with a `file`");
        else
            buf_printf(b, "[" STR_FMT "](#" STR_FMT "%s)", STR_ARG(name), STR_ARG(name), plural);
    } else if (names && str_is(type, "string")) {
        add_names(b, "", names);
    } else if (items) {
        buf_addz(b, "list of: ");
        add_schema(b, items);
    } else {
        for (size_t i = 0; i < COUNTOF(words); i++)
            if (str_is(type, words[i].type))
                buf_addz(b, words[i].words);
    }
}

static void add_type(struct buf *b, const struct param *p)
{
    static const char *const words[] = {
        [PARAM_DOUBLE] = "number", [PARAM_INT] = "whole number", [PARAM_BOOL] = "true or false", [PARAM_STR] = "string",
        [PARAM_CHOICE] = "", [PARAM_COLOR] = "colour", [PARAM_SECONDS] = "seconds", [PARAM_VOLUME] = "volume",
        [PARAM_POINT] = "point", [PARAM_RECT] = "rectangle", [PARAM_FOCUS] = "point or rectangle",
        [PARAM_MOMENT] = "moment", [PARAM_ITEMS] = "list of texts",
    };
    bool is_names = p->flags & PARAM_NAMES;
    buf_addz(b, is_names && p->choices ? "" : is_names ? "name" : words[p->type]);
    for (size_t i = 0; p->choices && p->choices[i]; i++)
        buf_printf(b, "%s`%s`", i ? ", " : "", p->choices[i]);
    if (is_names)
        buf_addz(b, " or a list");
    if (p->min != p->max && p->type != PARAM_CHOICE && p->type != PARAM_BOOL)
        buf_printf(b, ", %.10g to %.10g", p->min, p->max);
}

static void add_default(struct buf *b, const struct param *p)
{
    struct arena a = { 0 };
    const struct json *def = param_default_json(p, &a);
    if (def && !(def->type == JSON_STRING && def->string.n == 0)) {
        buf_addc(b, '`');
        if (p->type == PARAM_VOLUME && def->number > 0 && def->number < 1)
            buf_printf(b, "\"%.3gdB\"", 20 * log10(def->number));
        else if (def->type == JSON_NUMBER)
            buf_printf(b, "%.4g", def->number);
        else
            json_print(b, def, 0);
        buf_addc(b, '`');
    }
    arena_deinit(&a);
}

static void add_param(struct buf *b, const struct param *p)
{
    buf_printf(b, "| `%s` | ", p->name);
    add_type(b, p);
    buf_addz(b, " | ");
    add_default(b, p);
    buf_addz(b, " | ");
    cell(b, p->help);
    buf_addz(b, " |\n");
}

static void add_key(struct buf *b, const struct key *k)
{
    struct arena a = { 0 };
    struct json *schema = NULL;
    bool is_json = !k->schema || json_parse(&a, str_from(k->schema), 0, &schema, NULL, NULL, NULL, NULL);
    assert(is_json);
    (void)is_json;
    buf_printf(b, "| `%s`%s | ", k->p.name, k->flags & KEY_REQUIRED ? " (required)" : "");
    if (k->block)
        buf_printf(b, "[%s](#%s)", k->block->name, k->block->name);
    else if (schema)
        add_schema(b, schema);
    else
        add_type(b, &k->p);
    buf_addz(b, " | ");
    const struct json *def = schema ? json_get(schema, "default") : NULL;
    if (def) {
        buf_addc(b, '`');
        json_print(b, def, 0);
        buf_addc(b, '`');
    } else if (k->p.def_text)
        add_default(b, &k->p);
    buf_addz(b, " | ");
    cell(b, k->block ? k->block->help : k->p.help);
    buf_addz(b, " |\n");
    arena_deinit(&a);
}

static void add_block(struct buf *b, const struct block *block)
{
    buf_printf(b, "### %s\n\n%c%s.", block->name, block->help[0] - 'a' + 'A', block->help + 1);
    if (block->shorthand)
        buf_printf(b, " A string stands for `{\"%s\": ...}`.", block->shorthand);
    if (param_find(block->params, STR("enabled"), NULL))
        buf_addz(b, " `true` and `false` stand for `{\"enabled\": ...}`.");
    buf_addz(b, "\n\n| key | value | default | |\n| --- | --- | --- | --- |\n");
    for (const struct key *k = block->keys; k && k->p.name; k++)
        if (!(k->flags & KEY_SHORT))
            add_key(b, k);
    for (const struct param *p = block->params; p && p->name; p++)
        add_param(b, p);
    buf_addc(b, '\n');
}

/* names: separated by commas, or NULL; first goes before them, NULL: none */
static void add_spellings(struct buf *b, const char *block, const char *canonical, const char *first, const char *names,
                          const char *unit)
{
    buf_printf(b, "| %s | `%s` | ", block, canonical);
    if (first)
        buf_printf(b, "`%s`%s", first, names ? ", " : "");
    while (names && *names) {
        size_t n = strcspn(names, ",");
        buf_printf(b, "`%.*s`%s", (int)n, names, names[n] ? ", " : "");
        names += n + (names[n] == ',');
    }
    buf_printf(b, "%s |\n", unit);
}

static void add_aliases(struct buf *b, const struct block *block)
{
    for (const struct key *k = block->keys; k && k->p.name; k++) {
        if (k->member) {
            char moved[128];
            snprintf(moved, sizeof moved, "%s.%s", k->block->name, k->member);
            add_spellings(b, block->name, moved, k->p.name, k->p.aliases, k->flags & KEY_MS ? " (milliseconds)" : "");
        } else if (k->p.aliases) {
            add_spellings(b, block->name, k->p.name, NULL, k->p.aliases, "");
        }
    }
    for (const struct param *p = block->params; p && p->name; p++)
        if (p->aliases)
            add_spellings(b, block->name, p->name, NULL, p->aliases, "");
}

void lesson_reference(struct buf *out)
{
    for (size_t i = 0; i < COUNTOF(blocks); i++)
        add_block(out, blocks[i]);
    buf_addz(out, "### Other spellings\n\n| in | key | also understood |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < COUNTOF(blocks); i++)
        add_aliases(out, blocks[i]);
}

static void add_options(struct buf *b, const struct param *params)
{
    for (const struct param *p = params; p && p->name; p++) {
        buf_printf(b, "%s`%s` (", p == params ? "" : "; ", p->name);
        add_type(b, p);
        struct buf def = { 0 };
        add_default(&def, p);
        buf_printf(b, "%s%s): ", def.n ? "; " : p->flags & PARAM_REQUIRED ? "; required" : "", def.n ? def.p : "");
        cell(b, p->help);
        buf_deinit(&def);
    }
}

/* common: what every row has besides; NULL: nothing */
static void add_rows(struct buf *b, const char *title, const struct row *const *rows, const struct param *common)
{
    buf_printf(b, "### %s\n\n| name | what it does | options |\n| --- | --- | --- |\n", title);
    if (common) {
        buf_addz(b, "| those that say so | | ");
        add_options(b, common);
        buf_addz(b, " |\n");
    }
    for (; rows && *rows; rows++) {
        if ((*rows)->is_not_yet)
            continue;
        buf_printf(b, "| `%s` | ", (*rows)->name);
        cell(b, (*rows)->help);
        buf_addz(b, " | ");
        add_options(b, (*rows)->params);
        for (const struct param *p = (*rows)->shared; p && p->name; p++)
            buf_printf(b, "%s`%s`", p == (*rows)->shared ? ((*rows)->params ? "; " : "") : ", ", p->name);
        buf_addz(b, " |\n");
    }
    buf_addc(b, '\n');
}

static void add_moves(struct buf *out, const char *const *moves)
{
    for (size_t i = 0; moves[i]; i++)
        buf_printf(out, "%s`%s`", i ? ", " : "", moves[i]);
    buf_addz(out, moves[0] ? "" : "`none`");
}

static void add_rules(struct buf *out)
{
    buf_addz(out, "### Rules of the planner\n\n| rule | when | over pictures | over slides |\n| --- | --- | --- | --- |\n");
    for (const struct planner_rule *r = planner_rules; r->name; r++) {
        buf_printf(out, "| %s | %s | ", r->name, r->when);
        add_moves(out, r->moves[0]);
        if (r->also)
            buf_printf(out, "; and `%s`", r->also);
        buf_addz(out, " | ");
        add_moves(out, r->moves[1]);
        buf_addz(out, " |\n");
    }
    buf_addc(out, '\n');
}

void lesson_catalogue(struct buf *out, const struct vocabulary *words)
{
    add_rows(out, "Effects", words->effects, effect_frame_params);
    add_rules(out);
    add_rows(out, "Transitions", words->transitions, transition_params);
    if (words->overlays)
        add_rows(out, "Overlays", words->overlays, overlay_params);
    add_rows(out, "Themes", words->themes, NULL);
}
