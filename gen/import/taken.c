/* taken.c - members taken out of the other program's file */
#include "gen/import/taken.h"
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/number.h"
#include "gen/names.h"

void import_taken(struct import *im, const struct json *v)
{
    if (im->n_taken == im->room) {
        im->room = im->room ? 2 * im->room : 256;
        im->taken = mem_resize(im->taken, im->room, sizeof *im->taken);
    }
    im->taken[im->n_taken++] = v;
}

const struct json *import_take(struct import *im, const struct json *object, const char *key)
{
    const struct json *v = json_get(object, key);
    if (!v)
        return NULL;
    import_taken(im, v);
    return v->type == JSON_NULL ? NULL : v;
}

struct str import_text(struct import *im, const struct json *object, const char *key)
{
    const struct json *v = json_get(object, key);
    if (!v || (v->type != JSON_STRING && v->type != JSON_NUMBER))
        return (struct str){ "", 0 };
    import_taken(im, v);
    return v->string;
}

double import_number(struct import *im, const struct json *object, const char *key, double otherwise)
{
    double d = otherwise;
    struct str s = import_text(im, object, key);
    return s.n && number_parse(str_trim(s), &d) ? d : otherwise;
}

bool import_flag(struct import *im, const struct json *object, const char *key, bool otherwise)
{
    const struct json *v = json_get(object, key);
    if (!v || v->type != JSON_BOOL)
        return otherwise;
    import_taken(im, v);
    return v->boolean;
}

struct json *import_section(struct import *im)
{
    struct json *s = json_object(im->a);
    json_push(im->sections, s);
    return s;
}

struct json *import_block(struct import *im, struct json *object, const char *key)
{
    const struct json *there = json_get(object, key);
    for (struct json *m = object->child; there && m; m = m->next)
        if (m == there)
            return m;
    struct json *block = json_object(im->a);
    json_set(im->a, object, key, block);
    return block;
}

void import_put(struct import *im, struct json *object, const char *key, struct str text)
{
    if (text.n)
        json_set(im->a, object, key, json_string(im->a, text));
}

void import_put_number(struct import *im, struct json *object, const char *key, double v)
{
    json_set(im->a, object, key, json_number(im->a, v));
}

void import_push(struct import *im, struct json *object, const char *key, struct json *item)
{
    for (struct json *m = object->child; m; m = m->next)
        if (str_is(m->key, key)) {
            json_push(m, item);
            return;
        }
    struct json *list = json_array(im->a);
    json_push(list, item);
    json_set(im->a, object, key, list);
}

struct str import_word(const struct import_word *table, struct str word)
{
    for (; table->theirs; table++)
        if (name_equal(word, str_from(table->theirs)))
            return str_from(table->ours);
    return (struct str){ "", 0 };
}

struct str import_chosen(struct import *im, const struct json *object, const char *key, const struct import_word *table)
{
    struct str ours = import_word(table, json_str_or(object, key, STR("")));
    if (ours.n)
        import_taken(im, json_get(object, key));
    return ours;
}

bool import_is_clip(struct str file)
{
    static const char *const endings[] = { ".mp4", ".mov", ".webm", ".mkv", ".m4v", ".avi" };
    const char *query = file.n ? memchr(file.p, '?', file.n) : NULL;
    struct str name = { file.p, query ? (size_t)(query - file.p) : file.n };
    for (size_t i = 0; i < COUNTOF(endings); i++)
        if (str_ends(name, endings[i]))
            return true;
    return false;
}

void import_overlay(struct import *im, struct json *section, const char *type, struct str text, double at,
                    double seconds)
{
    struct json *o = json_object(im->a);
    if (text.n == 0)
        return;
    json_set(im->a, o, "type", json_string(im->a, str_from(type)));
    json_set(im->a, o, "text", json_string(im->a, text));
    if (at > 0)
        json_set(im->a, o, "at", json_number(im->a, at));
    if (seconds > 0)
        json_set(im->a, o, "for", json_number(im->a, seconds));
    import_push(im, section, "overlays", o);
}

void import_last(struct import *im, struct json *section, double seconds)
{
    if (!json_get(section, "narration") && !json_get(section, "audio"))
        import_put_number(im, section, "duration", seconds);
}
