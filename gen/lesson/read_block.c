/* read_block.c - objects by their tables: finding keys, unknown ones, aliases, values */
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { ROWS_MOST = 64 };

/* Which rows of an object were met, and with what spelling. */
struct seen {
    const void *row[ROWS_MOST];
    const struct json *member[ROWS_MOST];
    size_t n;
};

bool key_is_ignored(struct str key)
{
    return str_is(key, "$schema") || str_starts(key, "x-") || str_starts(key, "X-") || str_starts(key, "_") ||
           name_equal(key, STR("comment")) || name_equal(key, STR("notes"));
}

void note_alias(struct reader *r, const struct json *member, const char *canonical)
{
    char folded[NAME_FOLDED];
    report_once(r, "W_ALIAS", name_fold(folded, member->key), member->key_pos, str_from(canonical),
                "\"" STR_FMT "\" is read as \"%s\"", STR_ARG(text_cut(member->key, 60)), canonical);
}

void note_number_string(struct reader *r, const char *name, const struct json *v, const struct param_said *said)
{
    if (!from_variable(v))
        report_once(r, said->warning, str_from(name), v->pos, said->fix, STR_FMT, STR_ARG(said->message));
}

void read_param(struct reader *r, const struct param *p, const struct json *v, void *opts)
{
    struct param_said said;
    if (p->flags & PARAM_FILE)
        read_path(r, v, r->most_media_bytes, (struct str *)(void *)((char *)opts + p->offset));
    else if (!param_read(p, v, opts, r->a, &said))
        report(r, said.error, v->pos, said.fix, STR_FMT, STR_ARG(said.message));
    else if (said.warning)
        note_number_string(r, p->name, v, &said);
}

bool read_text(struct reader *r, const struct json *v, bool lines, struct str *out)
{
    struct { struct str text; } one = { { 0 } };
    const struct param p = { .name = "text", .type = PARAM_STR, .flags = lines ? PARAM_LINES : 0 };
    struct param_said said;
    bool ok = param_read(&p, v, &one, r->a, &said);
    if (!ok)
        report(r, said.error, v->pos, said.fix, STR_FMT, STR_ARG(said.message));
    else
        *out = one.text;
    return ok;
}

static const struct key *key_find(const struct key *keys, struct str name, bool *is_alias)
{
    for (; keys && keys->p.name; keys++)
        if (name_matches(keys->p.name, keys->p.aliases, name, is_alias))
            return keys;
    return NULL;
}

/* Offers a name and its aliases; *canonical remembers what the best one stands for. */
static void offer(struct nearest *near, const char *name, const char *aliases)
{
    nearest_offer(near, str_from(name));
    for (const char *p = aliases; p && *p;) {
        size_t n = 0;
        while (p[n] && p[n] != ',')
            n++;
        nearest_offer(near, (struct str){ p, n });
        p += n + (p[n] == ',');
    }
}

static const struct block *const homes[] = {
    &style_block, &voice_block, &image_block, &video_block, &caption_block, &music_block,
    &loudness_block, &timing_block, &output_block, &slide_block, &section_block, &lesson_block,
};

/* "video.fps" for a key that stands in the wrong block; empty when no block has it. */
static struct str home_of(struct reader *r, struct str key)
{
    for (size_t i = 0; i < COUNTOF(homes); i++) {
        const struct param *p = param_find(homes[i]->params, key, NULL);
        const struct key *k = p ? NULL : key_find(homes[i]->keys, key, NULL);
        const char *prefix = homes[i] == &section_block  ? "sections[…]"
                             : homes[i] == &lesson_block ? ""
                                                         : homes[i]->name;
        if (p || (k && !k->member))
            return arena_printf(r->a, "%s%s%s", prefix, *prefix ? "." : "", p ? p->name : k->p.name);
    }
    return (struct str){ 0 };
}

struct str report_unknown(struct reader *r, const struct json *member, const struct nearest *near)
{
    struct str typo = nearest_typo(near), key = text_cut(member->key, 60);
    size_t mark = path_key(r, member->key);
    if (typo.n)
        report(r, "E_UNKNOWN_KEY", member->key_pos, typo, "unknown key \"" STR_FMT "\"", STR_ARG(key));
    else
        report(r, r->opts->strict ? "E_UNKNOWN_KEY" : "W_UNKNOWN_KEY", member->key_pos,
               r->out->n < PROBLEMS_MOST ? home_of(r, member->key) : STR(""), "unknown key \"" STR_FMT "\"%s",
               STR_ARG(key), r->opts->strict ? "" : ", ignored,");
    path_pop(r, mark);
    return typo;
}

/* What a mistyped key was meant to be is not missing as well. */
static void unknown(struct reader *r, const struct block *b, struct seen *seen, const struct json *member)
{
    struct nearest near = nearest_begin(member->key);
    if (r->out->n < PROBLEMS_MOST) {
        for (const struct param *p = b->params; p && p->name; p++)
            offer(&near, p->name, p->aliases);
        for (const struct key *k = b->keys; k && k->p.name; k++)
            offer(&near, k->p.name, k->p.aliases);
    }
    struct str meant = report_unknown(r, member, &near);
    const struct key *k = meant.n ? key_find(b->keys, meant, NULL) : NULL;
    if (!k)
        return;
    if (b == &section_block && r->section)
        section_has(r, k->p.name, member);
    if (seen->n < ROWS_MOST) {
        seen->row[seen->n] = k;
        seen->member[seen->n++] = member;
    }
}

/* False when the row was met before in this object. */
static bool first_time(struct reader *r, struct seen *seen, const char *name, const char *aliases, const void *row,
                       const struct json *member)
{
    for (size_t i = 0; i < seen->n; i++) {
        if (seen->row[i] != row || !name_matches(name, aliases, seen->member[i]->key, NULL))
            continue;
        if (!str_eq(seen->member[i]->key, member->key)) /* the same spelling was told by check_duplicates */
            report(r, "E_DUPLICATE_KEY", member->key_pos, STR(""),
                   "\"" STR_FMT "\" and \"" STR_FMT "\" are the same key", STR_ARG(text_cut(seen->member[i]->key, 60)),
                   STR_ARG(text_cut(member->key, 60)));
        return false;
    }
    if (seen->n < ROWS_MOST) {
        seen->row[seen->n] = row;
        seen->member[seen->n++] = member;
    }
    return true;
}

static void not_yet(struct reader *r, const struct json *v)
{
    bool says_nothing = v->type == JSON_NULL || (v->type == JSON_BOOL && !v->boolean) ||
                        ((v->type == JSON_ARRAY || v->type == JSON_OBJECT) && v->n == 0);
    if (!says_nothing)
        report(r, "E_NOT_YET", v->pos, STR(""), "this version cannot do it yet");
}

/* The value in seconds for a key that counts milliseconds. */
static const struct json *from_ms(struct reader *r, const struct json *v)
{
    return v->type == JSON_NUMBER ? json_number(r->a, v->number / 1000) : v;
}

static void read_key(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    void *target = (char *)opts + k->p.offset;
    if (k->flags & KEY_NOT_YET)
        not_yet(r, v);
    else if (k->member) {
        struct json moved = k->flags & KEY_MS ? *from_ms(r, v) : *v;
        moved.pos = v->pos;
        const struct param *p = param_find(k->block->params, str_from(k->member), NULL);
        const struct key *inner = p ? NULL : key_find(k->block->keys, str_from(k->member), NULL);
        if (p)
            read_param(r, p, &moved, target);
        else
            read_key(r, inner, &moved, target);
    } else if (k->read)
        k->read(r, k, v, opts);
    else if (k->block)
        read_block(r, k->block, v, target);
    else
        read_param(r, &k->p, v, opts);
}

/* An old spelling beside the key it stands for, or beside another one for the same. */
static bool is_said_elsewhere(struct reader *r, const struct block *b, const struct key *k, const struct json *object,
                              const struct json *member)
{
    const struct param *p = param_find(k->block->params, str_from(k->member), NULL);
    const struct key *inner = p ? NULL : key_find(k->block->keys, str_from(k->member), NULL);
    for (const struct json *c = object->child; c && c != member; c = c->next) {
        const struct key *other = key_find(b->keys, c->key, NULL);
        bool same =
            other && other != k && other->member && other->block == k->block && strcmp(other->member, k->member) == 0;
        for (const struct json *m =
                 other && other->block == k->block && !other->member && c->type == JSON_OBJECT ? c->child : NULL;
             m; m = m->next)
            same = same || (p ? param_find(k->block->params, m->key, NULL) == p
                              : key_find(k->block->keys, m->key, NULL) == inner);
        if (same) {
            report(r, "E_DUPLICATE_KEY", member->key_pos, STR(""), "%s.%s is said in line %u already", k->block->name,
                   k->member, c->key_pos.line);
            return true;
        }
    }
    return false;
}

static void read_member(struct reader *r, const struct block *b, struct seen *seen, const struct json *object,
                        const struct json *member, void *opts)
{
    bool is_alias = false;
    const struct param *p = param_find(b->params, member->key, &is_alias);
    const struct key *k = p ? NULL : key_find(b->keys, member->key, &is_alias);
    if (!p && !k) {
        if (!key_is_ignored(member->key))
            unknown(r, b, seen, member);
        return;
    }
    size_t mark = path_key(r, member->key);
    const struct param *row = p ? p : &k->p;
    if (first_time(r, seen, row->name, row->aliases, p ? (const void *)p : k, member)) {
        if (k && k->member && object && is_said_elsewhere(r, b, k, object, member)) {
            path_pop(r, mark);
            return;
        }
        if (k && k->member)
            note_alias(r, member, arena_printf(r->a, "%s.%s", k->block->name, k->member).p);
        else if (is_alias)
            note_alias(r, member, row->name);
        if (p)
            read_param(r, p, member, opts);
        else
            read_key(r, k, member, opts);
    }
    path_pop(r, mark);
}

static void require(struct reader *r, const struct block *b, const struct seen *seen, const struct json *v)
{
    for (const struct key *k = b->keys; k && k->p.name; k++) {
        bool is_there = !(k->flags & KEY_REQUIRED);
        for (size_t i = 0; i < seen->n; i++)
            is_there = is_there || (seen->row[i] == k && seen->member[i]->type != JSON_NULL);
        if (!is_there)
            report(r, "E_REQUIRED", v->pos, str_from(k->p.name), "missing \"%s\": %s", k->p.name, k->p.help);
    }
}

/* A string or true/false that stands for an object. */
static bool read_shorthand(struct reader *r, const struct block *b, const struct json *v, void *opts)
{
    const struct param *enabled = param_find(b->params, STR("enabled"), NULL);
    struct seen seen = { { 0 }, { 0 }, 0 };
    struct json member = *v;
    if (v->type == JSON_BOOL && enabled) {
        read_param(r, enabled, v, opts);
        return true;
    }
    if (v->type != JSON_STRING || !b->shorthand)
        return false;
    member.key = str_from(b->shorthand);
    member.key_pos = v->pos;
    read_member(r, b, &seen, NULL, &member, opts);
    return true;
}

void read_block(struct reader *r, const struct block *b, const struct json *v, void *opts)
{
    struct seen seen = { { 0 }, { 0 }, 0 };
    if (v->type == JSON_NULL)
        return;
    if (v->type == JSON_OBJECT) {
        for (const struct json *member = v->child; member; member = member->next)
            read_member(r, b, &seen, v, member, opts);
        require(r, b, &seen, v);
    } else if (!read_shorthand(r, b, v, opts)) {
        report(r, "E_TYPE", v->pos, STR(""), "expected an object%s%s%s, not %s", b->shorthand ? " or a string (" : "",
               b->shorthand ? b->shorthand : "", b->shorthand ? ")" : "", json_type_name(v->type));
        return;
    }
    if (b->check)
        b->check(r, v, opts);
}
