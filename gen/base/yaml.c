/* yaml.c - the subset of YAML that vidgen reads: libyaml's events become a tree with places */
#include "gen/base/yaml.h"
#include <stdlib.h>
#include <string.h>
#include <yaml.h>
#include "gen/base/mem.h"
#include "gen/base/number.h"
#include "gen/base/text.h"

enum { MOST_BYTES = 1 << 20, MOST_DEPTH = 32, MOST_CHILDREN = 2000 };

struct reader {
    struct arena *arena;
    struct json **docs;
    size_t max_docs, n_docs;
    struct json *open[MOST_DEPTH];              /* containers, outermost first */
    size_t depth;
    bool has_key;                               /* the open object's next member has its name already */
    struct str key;
    struct json_pos key_pos;
    struct json_pos *at;
    struct err *e;
};

static struct json_pos pos_of(yaml_mark_t m)
{
    return (struct json_pos){ (unsigned)m.line + 1, (unsigned)m.column + 1 };
}

static bool fail(struct reader *r, struct json_pos at, const char *what)
{
    if (r->at)
        *r->at = at;
    return err_set(r->e, ERR_CONFIG, "%s", what);
}

/* What libyaml says, and how to say it to someone who writes a config file. */
static const struct { const char *theirs, *ours;
} sayings[] = {
    { "found character that cannot start any token",
      "a character that cannot stand here; text that begins with it needs quotes, and indents are spaces, not tabs" },
    { "found a tab character where an indentation space is expected", "a tab in the indent; use spaces" },
    { "found a tab character that violates indentation", "a tab in the indent; use spaces" },
    { "mapping values are not allowed in this context",
      "a ':' that does not belong here; text with ': ' in it needs quotes, and keys of one block start in one column" },
    { "did not find expected key", "expected a key; keys of one block start in one column" },
    { "could not find expected ':'", "expected ':' after the key" },
    { "did not find expected <document start>", "text after the end of the document" },
    { "did not find expected ',' or ']'", "expected ',' or ']'" },
    { "did not find expected ',' or '}'", "expected ',' or '}'" },
    { "did not find expected '-' indicator", "expected '- ' before the next item of the list" },
    { "found unexpected end of stream", "the quotes are not closed" },
    { "control characters are not allowed", "a control character" },
};

static bool fail_syntax(struct reader *r, const yaml_parser_t *p)
{
    if (p->error == YAML_MEMORY_ERROR)
        abort();
    const char *problem = p->problem ? p->problem : "not YAML";
    struct json_pos at = pos_of(p->error == YAML_READER_ERROR ? p->mark : p->problem_mark);
    for (size_t i = 0; i < COUNTOF(sayings); i++)
        if (strcmp(problem, sayings[i].theirs) == 0)
            return fail(r, at, sayings[i].ours);
    return fail(r, at, problem);
}

/* JSON's grammar of numbers: no octal, hex, sexagesimal, leading plus, ".5", ".inf" or "1_000". */
static bool is_number(struct str s)
{
    size_t i = 0, from;
    if (i < s.n && s.p[i] == '-')
        i++;
    from = i;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
        i++;
    if (i == from || (s.p[from] == '0' && i > from + 1))
        return false;
    if (i < s.n && s.p[i] == '.') {
        for (from = ++i; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';)
            i++;
        if (i == from)
            return false;
    }
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        i++;
        if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
            i++;
        for (from = i; i < s.n && s.p[i] >= '0' && s.p[i] <= '9';)
            i++;
        if (i == from)
            return false;
    }
    return i == s.n;
}

/* Escapes in double quotes can make what the file itself cannot contain. */
static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

static bool plain_value(struct reader *r, struct json *v)
{
    static const struct { const char *text; enum json_type type; bool boolean; } words[] = {
        { "", JSON_NULL, false }, { "~", JSON_NULL, false }, { "null", JSON_NULL, false },
        { "true", JSON_BOOL, true }, { "false", JSON_BOOL, false },
    };
    for (size_t i = 0; i < COUNTOF(words); i++) {
        if (str_is(v->string, words[i].text)) {
            v->type = words[i].type;
            v->boolean = words[i].boolean;
            return true;
        }
    }
    if (!is_number(v->string))
        return true;
    v->type = JSON_NUMBER;
    return number_parse(v->string, &v->number) || fail(r, v->pos, "a number that is too large");
}

static bool begin_member(struct reader *r, const struct json *parent, struct str key, struct json_pos at)
{
    if (key.n == 0)
        return fail(r, at, "an empty key");
    if (str_is(key, "<<"))
        return fail(r, at, "merge keys (<<) are not accepted; write the values out");
    for (const struct json *c = parent->child; c; c = c->next) {
        if (str_eq(c->key, key)) {
            struct buf b = { 0 };
            buf_addz(&b, "key \"");
            text_clean(&b, key, 60);
            buf_printf(&b, "\" is here twice; first on line %u", c->key_pos.line);
            fail(r, at, buf_str(&b).p);
            buf_deinit(&b);
            return false;
        }
    }
    r->has_key = true;
    r->key = key;
    r->key_pos = at;
    return true;
}

/* Hangs v into the open container, or makes it the document. */
static bool place(struct reader *r, struct json *v)
{
    if (r->depth == 0) {
        r->docs[r->n_docs++] = v;
        return true;
    }
    struct json *parent = r->open[r->depth - 1];
    if (parent->n == MOST_CHILDREN)
        return fail(r, v->pos, "too many values in one block (limit 2000)");
    if (parent->type == JSON_OBJECT) {
        if (!r->has_key)
            return fail(r, v->pos, "a key must be plain text");
        v->key = r->key;
        v->key_pos = r->key_pos;
        r->has_key = false;
    }
    if (parent->last)
        parent->last->next = v;
    else
        parent->child = v;
    parent->last = v;
    parent->n++;
    return true;
}

static bool on_scalar(struct reader *r, const yaml_event_t *ev)
{
    struct json_pos at = pos_of(ev->start_mark);
    struct str text = arena_str(r->arena, (struct str){ (const char *)ev->data.scalar.value, ev->data.scalar.length });
    bool is_plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (ev->data.scalar.anchor)
        return fail(r, at, "anchors (&) are not accepted; quote the text if the '&' belongs to it");
    if (ev->data.scalar.tag || (!is_plain && ev->data.scalar.plain_implicit))
        return fail(r, at, "tags (!) are not accepted; quote the text if the '!' belongs to it");
    if (has_control(text))
        return fail(r, at, "a control character inside quotes");
    if (r->depth && r->open[r->depth - 1]->type == JSON_OBJECT && !r->has_key)
        return begin_member(r, r->open[r->depth - 1], text, at);
    struct json *v = arena_alloc(r->arena, sizeof *v);
    v->type = JSON_STRING;
    v->pos = at;
    v->string = text;
    return (!is_plain || plain_value(r, v)) && place(r, v);
}

static bool on_start(struct reader *r, enum json_type type, bool has_anchor, bool has_tag, struct json_pos at)
{
    if (has_anchor)
        return fail(r, at, "anchors (&) are not accepted");
    if (has_tag)
        return fail(r, at, "tags (!) are not accepted");
    if (r->depth == MOST_DEPTH)
        return fail(r, at, "nested too deeply (limit 32)");
    struct json *v = arena_alloc(r->arena, sizeof *v);
    v->type = type;
    v->pos = at;
    if (!place(r, v))
        return false;
    r->open[r->depth++] = v;
    return true;
}

static bool on_document(struct reader *r, const yaml_event_t *ev)
{
    struct json_pos at = pos_of(ev->start_mark);
    if (ev->data.document_start.version_directive ||
        ev->data.document_start.tag_directives.start != ev->data.document_start.tag_directives.end)
        return fail(r, at, "directives (%) are not accepted");
    if (r->n_docs == r->max_docs)
        return fail(r, at, r->max_docs == 1 ? "a second document; only one may stand in this file"
                                            : "too many documents in this file");
    return true;
}

static bool on_event(struct reader *r, const yaml_event_t *ev)
{
    struct json_pos at = pos_of(ev->start_mark);
    switch (ev->type) {
    case YAML_DOCUMENT_START_EVENT:
        return on_document(r, ev);
    case YAML_ALIAS_EVENT:
        return fail(r, at, "aliases (*) are not accepted; quote the text if the '*' belongs to it");
    case YAML_SCALAR_EVENT:
        return on_scalar(r, ev);
    case YAML_SEQUENCE_START_EVENT:
        return on_start(r, JSON_ARRAY, ev->data.sequence_start.anchor, ev->data.sequence_start.tag, at);
    case YAML_MAPPING_START_EVENT:
        return on_start(r, JSON_OBJECT, ev->data.mapping_start.anchor, ev->data.mapping_start.tag, at);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return true;
    default:                                    /* stream and document ends carry nothing */
        return true;
    }
}

/* libyaml would also take UTF-16 and stop at the first bad byte without a line. */
static bool check_bytes(struct reader *r, struct str text)
{
    size_t bad = 0;
    if (text.n > MOST_BYTES)
        return fail(r, (struct json_pos){ 1, 1 }, "larger than 1 MiB");
    if (text_valid(text, &bad))
        return true;
    struct json_pos at = { 1, 1 };
    size_t line = 0;
    for (size_t i = 0; i < bad; i++)
        if (text.p[i] == '\n')
            at.line++, line = i + 1;
    at.col = (unsigned)text_length((struct str){ text.p + line, bad - line }) + 1;
    return fail(r, at, "bytes that are not UTF-8");
}

bool yaml_parse(struct arena *a, struct str text, struct json **docs, size_t max_docs, size_t *n_docs,
                struct json_pos *at, struct err *e)
{
    struct reader r = { .arena = a, .docs = docs, .max_docs = max_docs, .at = at, .e = e };
    yaml_parser_t parser;
    bool ok = true, is_end = false;
    *n_docs = 0;
    if (!check_bytes(&r, text))
        return false;
    if (!yaml_parser_initialize(&parser))
        abort();
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
    while (ok && !is_end) {
        yaml_event_t ev;
        if (!yaml_parser_parse(&parser, &ev)) {
            ok = fail_syntax(&r, &parser);
            break;
        }
        is_end = ev.type == YAML_STREAM_END_EVENT;
        ok = on_event(&r, &ev);
        yaml_event_delete(&ev);
    }
    yaml_parser_delete(&parser);
    if (ok)
        *n_docs = r.n_docs;
    return ok;
}
