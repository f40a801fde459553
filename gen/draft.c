/* draft.c - lessons written by a chat model */
#include "gen/draft.h"
#include <assert.h>
#include <string.h>
#include "gen/answer.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/film.h"
#include "gen/lesson/blocks.h"
#include "gen/lesson/format.h"
#include "gen/lesson/problems.h"
#include "gen/lesson/schema.h"

enum { WORDS_PER_MINUTE = 150, REPEATED_MOST = 100 << 10, LEFT_OUT_MOST = 400 };

/* ---------- what a model may say ---------- */

/* ASKED: stands in the schema. NEEDED: never null there. The others are taken when they come. */
enum { ASKED = 1, NEEDED = 2 };

static const struct allowed {
    const char *block, *key;
    unsigned flags;
} allowed[] = {
    { "lesson", "title", ASKED | NEEDED },
    { "lesson", "language", ASKED | NEEDED },
    { "lesson", "description", ASKED },
    { "lesson", "tags", 0 },
    { "lesson", "style", ASKED },
    { "lesson", "effects", 0 },
    { "lesson", "transition", 0 },
    { "lesson", "sections", ASKED | NEEDED },
    { "style", "prompt", ASKED | NEEDED },
    { "style", "negative", ASKED },
    { "section", "id", 0 },
    { "section", "title", ASKED | NEEDED },
    { "section", "narration", ASKED | NEEDED },
    { "section", "image_prompt", ASKED | NEEDED },
    { "section", "slide", ASKED },
    { "section", "effects", 0 },
    { "section", "transition", 0 },
    { "slide", "heading", ASKED },
    { "slide", "bullets", ASKED },
    { "slide", "code", ASKED },
    { "slide", "caption", ASKED },
    { "slide", "theme", 0 },
};

static const struct allowed *find(const char *block, struct str key)
{
    for (size_t i = 0; i < COUNTOF(allowed); i++)
        if (strcmp(allowed[i].block, block) == 0 && str_is(key, allowed[i].key))
            return &allowed[i];
    return NULL;
}

/* ---------- the schema ---------- */

static void append(struct arena *a, struct json *object, const struct json *member)
{
    json_set(a, object, arena_str(a, member->key).p, json_copy(a, member));
}

/* {"type": ["string", "null"]} without its null. */
static struct json *never_null(struct arena *a, const struct json *property)
{
    struct json *out = json_copy(a, property);
    const struct json *type = json_get(out, "type");
    if (type && type->type == JSON_ARRAY && type->n)
        json_set(a, out, "type", json_string(a, json_at(type, 0)->string));
    return out;
}

static struct json *trim_property(struct arena *a, const struct allowed *k, const struct json *v, int64_t sections)
{
    struct json *out = k->flags & NEEDED ? never_null(a, v) : json_copy(a, v);
    if (sections > 0 && strcmp(k->key, "sections") == 0) {
        json_set(a, out, "minItems", json_number(a, (double)sections));
        json_set(a, out, "maxItems", json_number(a, (double)sections));
    }
    return out;
}

static struct json *trim_block(struct arena *a, const char *block, const struct json *schema, int64_t sections)
{
    struct json *out = json_object(a), *properties = json_object(a), *required = json_array(a);
    for (const struct json *m = schema->child; m; m = m->next)
        if (!str_is(m->key, "properties") && !str_is(m->key, "required") && !str_is(m->key, "$defs"))
            append(a, out, m);
    const struct json *all = json_get(schema, "properties");
    for (const struct json *m = all ? all->child : NULL; m; m = m->next) {
        const struct allowed *k = find(block, m->key);
        if (!k || !(k->flags & ASKED))
            continue;
        json_set(a, properties, k->key, trim_property(a, k, m, sections));
        json_push(required, json_string(a, m->key));
    }
    json_set(a, out, "properties", properties);
    json_set(a, out, "required", required);
    return out;
}

void draft_schema(struct buf *out, const struct vocabulary *words, int64_t sections)
{
    static const char *const blocks[] = { "section", "style", "slide" };
    struct arena a = { 0 };
    struct buf whole = { 0 };
    struct json *all = NULL, *defs = json_object(&a);
    lesson_schema(&whole, words, true);
    bool ok = json_parse(&a, buf_str(&whole), 0, &all, NULL, NULL, NULL, NULL);
    assert(ok);
    if (ok) {
        struct json *root = trim_block(&a, "lesson", all, sections);
        for (size_t i = 0; i < COUNTOF(blocks); i++)
            json_set(&a, defs, blocks[i], trim_block(&a, blocks[i], json_get(json_get(all, "$defs"), blocks[i]), 0));
        json_set(&a, root, "$defs", defs);
        json_print(out, root, 0);
    }
    buf_deinit(&whole);
    arena_deinit(&a);
}

/* ---------- the question ---------- */

static const char instruction[] =
    "You write lessons for a program that turns JSON into narrated videos. Answer with one JSON object and nothing else, "
    "of this shape:\n"
    "{\"title\": \"...\", \"language\": \"en\", \"description\": \"one sentence\", \"style\": {\"prompt\": \"what all "
    "pictures have in common\", \"negative\": null}, \"sections\": [{\"title\": \"...\", \"narration\": \"...\", "
    "\"image_prompt\": \"...\", \"slide\": null}]}\n"
    "- narration is spoken aloud: whole sentences in plain words, 40 to 100 of them, one thought a section; no lists, no "
    "markup, no formulas, and numbers and units as they are said.\n"
    "- image_prompt describes one picture that shows what the narration says, for a model that draws: things, place, view; "
    "no words in the picture. It is in English.\n"
    "- slide is null; or, where a list or program text explains more than a picture, {\"heading\", \"bullets\" (at most 5 "
    "short ones), \"code\", \"caption\"} with null for what it does not have.\n"
    "- the first section says why it matters, the last one what to remember; each one follows from the one before.\n"
    "- what you are not sure of, leave out. Name no files, addresses or voices.\n"
    "- title, narration and slides are in the lesson's language; language is its tag, as en or pt-BR.\n";

static struct str question(const struct draft_opts *o, struct arena *a)
{
    struct buf b = { 0 };
    buf_printf(&b, "Topic: " STR_FMT "\n", STR_ARG(o->topic));
    if (o->sections > 0)
        buf_printf(&b, "Sections: exactly %lld\n", (long long)o->sections);
    else
        buf_addz(&b, "Sections: as many as it needs, 4 to 8 as a rule\n");
    if (o->language.n)
        buf_printf(&b, "Language: " STR_FMT "\n", STR_ARG(o->language));
    if (o->minutes > 0)
        buf_printf(&b, "Length: about %.3g minutes of speech, that is about %.0f words of narration in all\n",
                   o->minutes, o->minutes * WORDS_PER_MINUTE);
    if (o->version > 0)
        buf_printf(&b, "Version: %lld, told in another way than those before\n", (long long)o->version + 1);
    struct str text = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return text;
}

void draft_want(const struct draft_opts *o, const struct vocabulary *words, struct arena *a, struct want *out)
{
    struct buf schema = { 0 };
    draft_schema(&schema, words, o->sections);
    *out = (struct want){ .kind = ASSET_TEXT,
                          .text = question(o, a),
                          .system = STR(instruction),
                          .schema = arena_str(a, buf_str(&schema)),
                          .is_raw = true,
                          .speed = 1,
                          .seed = o->version > 0 ? o->version : -1 };
    buf_deinit(&schema);
}

void draft_repair(const struct want *first, const struct draft *wrong, size_t nth, struct arena *a, struct want *out)
{
    *out = *first;
    out->text =
        arena_printf(a,
                     STR_FMT "\nThis was answer %zu:\n" STR_FMT "\n\nIt is not right yet:\n" STR_FMT
                             "\nAnswer with the whole corrected JSON object.\n",
                     STR_ARG(first->text), nth, STR_ARG(text_cut(wrong->text, REPEATED_MOST)), STR_ARG(wrong->errors));
}

/* ---------- the answer ---------- */

/* What is read, and what of it was left out. */
struct reading {
    struct arena *a;
    struct buf path, left_out;
};

static void leave_out(struct reading *r, struct str key)
{
    if (r->left_out.n > LEFT_OUT_MOST)
        return;
    buf_addz(&r->left_out, r->left_out.n ? ", " : "");
    buf_adds(&r->left_out, buf_str(&r->path));
    text_clean(&r->left_out, key, 60);
}

/* null, "", [] and {} say nothing. */
static bool is_empty(const struct json *v)
{
    return v->type == JSON_NULL || (v->type == JSON_STRING && str_trim(v->string).n == 0) ||
           ((v->type == JSON_ARRAY || v->type == JSON_OBJECT) && v->n == 0);
}

static struct json *keep_block(struct reading *r, const char *block, const struct json *v);

static struct json *keep_sections(struct reading *r, const struct json *v)
{
    struct json *list = json_array(r->a);
    size_t mark = r->path.n, i = 0;
    for (const struct json *c = v->child; c; c = c->next, i++) {
        buf_printf(&r->path, "sections[%zu].", i);
        json_push(list, keep_block(r, "section", c));
        r->path.n = mark;
        r->path.p[mark] = '\0';
    }
    return list;
}

/* A model names no files, and a transition may come with a sound. */
static struct json *keep_transition(struct reading *r, const struct json *v)
{
    struct json *out = json_object(r->a);
    for (const struct json *m = v->child; m; m = m->next)
        if (param_find(transition_params, m->key, NULL))
            leave_out(r, m->key);
        else
            json_set(r->a, out, arena_str(r->a, m->key).p, json_copy(r->a, m));
    return out;
}

static struct json *keep_member(struct reading *r, const char *key, const struct json *v)
{
    size_t mark = r->path.n;
    if (strcmp(key, "sections") == 0 && v->type == JSON_ARRAY)
        return keep_sections(r, v);
    if (strcmp(key, "transition") == 0 && v->type == JSON_OBJECT)
        return keep_transition(r, v);
    if ((strcmp(key, "style") != 0 && strcmp(key, "slide") != 0) || v->type != JSON_OBJECT)
        return json_copy(r->a, v);
    buf_printf(&r->path, "%s.", key);
    struct json *kept = keep_block(r, key, v);
    r->path.n = mark;
    r->path.p[mark] = '\0';
    return kept;
}

/* The members that a model may say. Deep as the table is: lesson, section, slide. */
static struct json *keep_block(struct reading *r, const char *block, const struct json *v)
{
    struct json *out = json_object(r->a);
    if (v->type != JSON_OBJECT) {
        struct json *same = json_copy(r->a, v);
        same->key = (struct str){ 0 };
        return same; /* for the reader of lessons to refuse */
    }
    for (const struct json *m = v->child; m; m = m->next) {
        const struct allowed *k = find(block, m->key);
        if (is_empty(m))
            continue;
        if (!k) {
            leave_out(r, m->key);
            continue;
        }
        struct json *kept = keep_member(r, k->key, m);
        if (!is_empty(kept))
            json_set(r->a, out, k->key, kept);
    }
    return out;
}

static struct str taken(struct arena *a, struct buf *b)
{
    struct str s = arena_str(a, buf_str(b));
    buf_deinit(b);
    return s;
}

/* The answer in the lesson's canonical spelling, with what a model may say and nothing else. */
static bool make_text(const struct draft_opts *o, struct str answer, const struct vocabulary *words, struct arena *a,
                      struct draft *out, struct err *e)
{
    struct buf canonical = BUF_INIT(2 * ANSWER_MAX), text = BUF_INIT(2 * ANSWER_MAX);
    struct json *tree = NULL;
    struct json_pos at = { 0, 0 };
    struct reading r = { .a = a };
    bool ok = answer_json(a, answer, &tree, e);
    if (ok && tree->type != JSON_OBJECT)
        ok = err_set(e, ERR_LESSON, "expected an object with \"title\" and \"sections\", not an array");
    ok = ok && (lesson_format(str_trim(answer), words, &canonical, &at, e) || err_wrap(e, "line %u", at.line)) &&
         json_parse(a, buf_str(&canonical), 0, &tree, NULL, NULL, NULL, e);
    if (ok) {
        struct json *kept = keep_block(&r, "lesson", tree);
        if (o->language.n)
            json_set(a, kept, "language", json_string(a, o->language));
        json_print(&text, kept, JSON_PRETTY | JSON_FIT);
        buf_addc(&text, '\n');
        out->text = arena_str(a, buf_str(&text));
        out->left_out = taken(a, &r.left_out);
    }
    buf_deinit(&r.path);
    buf_deinit(&canonical);
    buf_deinit(&text);
    return ok;
}

static void measure(const struct lesson *l, struct draft *out)
{
    out->n_sections = l->n_sections;
    for (size_t i = 0; i < l->n_sections; i++)
        out->seconds += film_guess_seconds(&l->sections[i]);
}

static void judge(const struct draft_opts *o, const struct read_opts *opts, struct arena *a, struct draft *out)
{
    struct problems problems;
    struct buf b = { 0 };
    struct read_opts strict = *opts;
    strict.strict = true;
    struct lesson *l = lesson_read(STR("lesson.json"), out->text, &strict, &problems);
    measure(l, out);
    out->n_errors = problems.n_errors;
    if (problems.n_errors)
        problems_print(&b, STR("lesson.json"), &problems, false);
    if (o->sections > 0 && l->n_sections != (size_t)o->sections) {
        buf_printf(&b, "lesson.json: error: %lld sections were asked for, there are %zu\n", (long long)o->sections,
                   l->n_sections);
        out->n_errors++;
    }
    out->errors = taken(a, &b);
    lesson_destroy(l);
}

bool draft_read(const struct draft_opts *o, struct str answer, const struct read_opts *opts, struct arena *a,
                struct draft *out)
{
    struct err e = { 0 };
    *out = (struct draft){ .text = answer };
    if (make_text(o, answer, opts->words, a, out, &e))
        judge(o, opts, a, out);
    else {
        struct buf b = { 0 };
        buf_addz(&b, "error: ");
        text_clean(&b, str_from(e.msg), 0); /* it may name a key of the answer */
        buf_addc(&b, '\n');
        out->errors = taken(a, &b);
        out->n_errors = 1;
    }
    return out->n_errors == 0;
}
