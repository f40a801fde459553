/* section.c - the sections of a lesson: their shapes, defaults, ids, what each must have */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

static void need_one(struct reader *r, const struct section_in *in, struct json_pos pos)
{
    if (!in->narration && !in->audio && !in->duration)
        report(r, "E_REQUIRED", pos, STR("narration"), "needs one of \"narration\", \"audio\", \"duration\"");
    if (!in->image_prompt && !in->video_prompt && !in->image && !in->video && !in->slide && !in->background &&
        !in->pictures)
        report(r, "E_REQUIRED", pos, STR("image_prompt"),
               "needs one of \"image_prompt\", \"video_prompt\", \"image\", \"video\", \"slide\", \"background\"");
}

void section_has(struct reader *r, const char *name, const struct json *v)
{
    struct section_in *in = r->section_in;
    const struct { const char *name; const struct json **v;
    } parts[] = {
        { "narration", &in->narration },       { "audio", &in->audio }, { "duration", &in->duration },
        { "image_prompt", &in->image_prompt }, { "image", &in->image }, { "slide", &in->slide },
        { "background", &in->background },     { "video_prompt", &in->video_prompt }, { "video", &in->video },
        { "images", &in->pictures },           { "image_prompts", &in->pictures },
    };
    for (size_t i = 0; i < COUNTOF(parts); i++)
        if (strcmp(parts[i].name, name) == 0 && !*parts[i].v)
            *parts[i].v = v;
}

/* A prompt with a slide is for remote and built-in providers, and a prompt for a clip goes with any picture that stands
 * there when nobody makes clips; any other pair leaves one unused. */
static void warn_unused(struct reader *r, const struct section_in *in)
{
    const struct { const char *name; const struct json *v;
    } pictures[] = {
        { in->are_prompts ? "image_prompts" : "images", in->picture_list },
        { "video", in->video },
        { "image", in->image },
        { "slide", in->slide },
        { "image_prompt", in->image_prompt },
        { "background", in->background },
    };
    size_t first = 0;
    while (first < COUNTOF(pictures) && !pictures[first].v)
        first++;
    for (size_t i = first + 1; i < COUNTOF(pictures); i++) {
        bool is_pair = (first == 3 && i == 4) || (first == 0 && i == 3 && in->are_prompts);
        if (pictures[i].v && !is_pair)
            report(r, "W_UNUSED", pictures[i].v->key_pos, STR(""), "\"%s\" is not used: the section has \"%s\"",
                   pictures[i].name, pictures[first].name);
    }
    if (first < 2 && in->video_prompt)
        report(r, "W_UNUSED", in->video_prompt->key_pos, STR(""), "\"video_prompt\" is not used: the section has \"%s\"",
               pictures[first].name);
}

static void begin(struct reader *r, struct section *s, struct section_in *in, const struct json *v)
{
    const struct lesson_in *l = r->in;
    *s = (struct section){
        .title = STR(""),
        .narration = STR(""),
        .slide = l->slide,
        .duration = -1,
        .voice = l->voice,
        .image_opts = l->image,
        .clip = l->clip,
        .captions = l->captions,
        .timing = l->timing,
        .pos = v->pos,
    };
    *in = (struct section_in){ .in = { false, l->transition.choice, l->transition.seconds, l->transition.sound },
                               .turn = { false, l->turn.choice, l->turn.seconds, l->turn.sound } };
}

static void finish(struct reader *r, struct section *s, const struct section_in *in, const struct section_in *before)
{
    const struct effects_in *effects = in->effects.is_set ? &in->effects : &r->in->effects;
    struct transition_in t = in->in;
    s->effects = effects->v;
    s->n_effects = effects->n;
    if (!t.is_set && before && before->out.is_set)
        t = before->out;
    if (!t.is_set && !before) /* nothing leads into the film unless its first section says so */
        t = (struct transition_in){ .choice = choice_default(r, r->words->transitions, "none") };
    s->transition = t.choice;
    s->transition_sound = t.sound;
    s->transition_s = t.choice.row && name_equal(str_from(t.choice.row->name), STR("none")) ? 0 : t.seconds;
}

static void settle_effects(struct reader *r, const struct section *s)
{
    if (s->n_pictures == 0)
        effects_settle(r, s, s->effects, s->n_effects, &s->image_opts, s->pos);
    for (size_t i = 0; i < s->n_pictures; i++)
        effects_settle(r, s, s->pictures[i].effects, s->pictures[i].n_effects, &s->pictures[i].image_opts,
                       s->pictures[i].pos);
}

static void read_section(struct reader *r, const struct json *v, struct section *s, struct section_in *in)
{
    begin(r, s, in, v);
    r->section = s;
    r->section_in = in;
    if (v->type == JSON_STRING)
        report(r, "E_TYPE", v->pos, STR(""),
               "expected an object with \"narration\" and \"image_prompt\", not a string");
    else if (v->type != JSON_OBJECT)
        report(r, "E_TYPE", v->pos, STR(""), "expected an object, not %s", json_type_name(v->type));
    else {
        read_block(r, &section_block, v, s);
        need_one(r, in, v->pos);
        if (in->picture_list)
            read_pictures(r, in->picture_list);
        warn_unused(r, in);
        overlays_settle(r, s, in);
        sounds_settle(r, s, in);
    }
    r->section = NULL;
    r->section_in = NULL;
}

struct named { struct str id; size_t at; };

static int by_id(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int c = str_cmp(x->id, y->id);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static const struct json *id_of(const struct json *section)
{
    for (const struct json *c = section->type == JSON_OBJECT ? section->child : NULL; c; c = c->next)
        if (name_equal(c->key, STR("id")))
            return c;
    return section;
}

/* Ids that stand twice; those not given become section-01 …, with more letters where that name is taken. */
static void settle_ids(struct reader *r, const struct json *v)
{
    struct lesson *l = r->l;
    struct named *names = mem_array(l->n_sections + 1, sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < l->n_sections; i++)
        if (l->sections[i].id.n)
            names[n++] = (struct named){ l->sections[i].id, i };
    qsort(names, n, sizeof *names, by_id);
    for (size_t i = 1; i < n; i++)
        if (str_eq(names[i - 1].id, names[i].id)) {
            size_t mark = path_index(r, names[i].at);
            const struct json *section = v->child;
            for (size_t k = 0; section && k < names[i].at; k++)
                section = section->next;
            assert(section);                    /* each section was read from one */
            path_key(r, STR("id"));
            report(r, "E_DUPLICATE_ID", id_of(section)->pos, STR(""), STR_FMT ": section %zu has this id as well",
                   STR_ARG(quoted(r, names[i].id)), names[i - 1].at + 1);
            path_pop(r, mark);
        }
    for (size_t i = 0; i < l->n_sections; i++) {
        struct str *id = &l->sections[i].id;
        if (id->n)
            continue;
        *id = arena_printf(r->a, "section-%02zu", i + 1);
        while (bsearch(&(struct named){ *id, 0 }, names, n, sizeof *names, by_id) != NULL)
            *id = arena_printf(r->a, STR_FMT "x", STR_ARG(*id));
    }
    free(names);
}

void read_sections(struct reader *r, const struct json *v)
{
    struct lesson *l = r->l;
    size_t mark = path_key(r, v->key), i = 0;
    if (v->type != JSON_ARRAY && v->type != JSON_OBJECT)
        report(r, "E_TYPE", v->pos, STR(""), "expected an array of sections, not %s", json_type_name(v->type));
    else if (v->n == 0)
        report(r, "E_REQUIRED", v->pos, STR(""), "needs one or more sections");
    else if (v->n > (size_t)r->most_sections)
        report(r, "E_LIMIT", v->pos, STR(""), "%zu sections, at most %lld (limits.sections in config.yaml)", v->n,
               (long long)r->most_sections);
    else {
        if (v->type == JSON_OBJECT)
            report(r, "W_SECTIONS_OBJECT", v->pos, STR(""),
                   "an object, read as an array in this order; its keys become ids");
        l->sections = arena_array(r->a, v->n, sizeof *l->sections);
        struct section_in *in = mem_array(v->n, sizeof *in);
        for (const struct json *c = v->child; c; c = c->next, i++) {
            size_t inner = v->type == JSON_OBJECT ? path_key(r, c->key) : path_index(r, i);
            read_section(r, c, &l->sections[i], &in[i]);
            if (v->type == JSON_OBJECT && l->sections[i].id.n == 0) {
                struct json id = { .type = JSON_STRING, .string = c->key, .pos = c->key_pos };
                read_id(r, &section_block.keys[0], &id, &l->sections[i]);
            }
            finish(r, &l->sections[i], &in[i], i ? &in[i - 1] : NULL);
            settle_effects(r, &l->sections[i]);
            path_pop(r, inner);
        }
        free(in);
        l->n_sections = v->n;
        settle_ids(r, v);
    }
    path_pop(r, mark);
}
