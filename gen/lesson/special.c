/* special.c - values of a lesson that are more than a row of a table */
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { ID_MOST = 64, LIST_MOST = 1000 };

static bool is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_letter && (i == 0 || (c != '-' && c != '_' && c != '.')))
            return false;
    }
    return s.n > 0 && s.n <= ID_MOST;
}

/* The row's field is the id of a lesson or a section. */
void read_id(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct str s = { 0 };
    struct json number = *v;
    if (v->type == JSON_NUMBER) /* "id": 3 is as good as "3" */
        number.type = JSON_STRING;
    if (v->type == JSON_NULL || !read_text(r, &number, false, &s))
        return;
    if (!is_id(s)) {
        report(r, "E_FORMAT", v->pos, STR(""),
               STR_FMT ": an id is 1 to %d letters, digits, '-', '_', '.', and begins with a letter or digit",
               STR_ARG(quoted(r, s)), ID_MOST);
        return;
    }
    *(struct str *)(void *)((char *)opts + k->p.offset) = s;
}

void read_version(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    bool is_1 = (v->type == JSON_NUMBER && v->number == 1) ||
                (v->type == JSON_STRING && (str_is(v->string, "1") || str_is(v->string, "1.0")));
    if (v->type == JSON_NULL || is_1)
        return;
    if (v->type == JSON_NUMBER || v->type == JSON_STRING)
        report(r, "E_RANGE", v->pos, STR("1"), STR_FMT ": this vidgen reads version 1 of the format",
               STR_ARG(quoted(r, v->string)));
    else
        report(r, "E_TYPE", v->pos, STR("1"), "expected 1, not %s", json_type_name(v->type));
}

/* Looked at elsewhere. */
void read_ignored(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)r, (void)k, (void)v, (void)opts;
}

bool each_text(struct reader *r, const struct json *v, size_t most,
               void (*take)(struct reader *, const struct json *, struct str))
{
    bool ok = true;
    size_t i = 0;
    if (v->type != JSON_ARRAY) {
        report(r, "E_TYPE", v->pos, STR(""), "expected an array of strings, not %s", json_type_name(v->type));
        return false;
    }
    if (v->n > most) {
        report(r, "E_LIMIT", v->pos, STR(""), "%zu elements, at most %zu", v->n, most);
        return false;
    }
    for (const struct json *c = v->child; c; c = c->next, i++) {
        size_t mark = path_index(r, i);
        struct str s = { 0 };
        if (!read_text(r, c, false, &s))
            ok = false;
        else if (take)
            take(r, c, s);
        path_pop(r, mark);
    }
    return ok;
}

void read_tags(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    if (v->type != JSON_NULL)
        each_text(r, v, LIST_MOST, NULL);
}

void read_sections_key(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)r, (void)k;
    ((struct lesson_in *)opts)->sections = v; /* they are read when everything else is known */
}

/* {"VLSI": "V L S I"}: laid over what the voice has already. */
void read_pronounce(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct voice_opts *voice = opts;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    if (v->type != JSON_OBJECT) {
        report(r, "E_TYPE", v->pos, STR(""), "expected an object of words and how they are said, not %s",
               json_type_name(v->type));
        return;
    }
    if (v->n > LIST_MOST) {
        report(r, "E_LIMIT", v->pos, STR(""), "%zu words, at most %d", v->n, LIST_MOST);
        return;
    }
    struct pronounce *list = arena_array(r->a, voice->n_pronounce + v->n + 1, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < voice->n_pronounce; i++) {
        bool is_replaced = false;
        for (const struct json *c = v->child; c && !is_replaced; c = c->next)
            is_replaced = str_eq(c->key, voice->pronounce[i].word);
        if (!is_replaced)
            list[n++] = voice->pronounce[i];
    }
    for (const struct json *c = v->child; c; c = c->next) {
        size_t mark = path_key(r, c->key);
        struct str say = { 0 };
        if (str_trim(c->key).n == 0)
            report(r, "E_FORMAT", c->key_pos, STR(""), "an empty word");
        else if (c->type == JSON_NULL)
            report(r, "E_TYPE", c->pos, STR(""), "expected a string, not null");
        else if (read_text(r, c, false, &say))
            list[n++] = (struct pronounce){ str_trim(c->key), say };
        path_pop(r, mark);
    }
    voice->pronounce = list;
    voice->n_pronounce = n;
}

void read_music_file(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    struct music_opts *music = opts;
    if (!read_sound_path(r, v, &music->file) && v->type != JSON_NULL)
        music->file = STR("?"); /* told already; not missing as well */
}

void check_music(struct reader *r, const struct json *v, void *opts)
{
    const struct music_opts *music = opts;
    if (music->enabled && music->file.n == 0 && v->type != JSON_NULL)
        report(r, "E_REQUIRED", v->pos, STR("file"), "missing \"file\": the sound to play");
}

void check_image(struct reader *r, const struct json *v, void *opts)
{
    const struct image_opts *image = opts;
    if (!image_size_valid(image->size)) {
        const struct json *size = json_get(v, "size");
        report(r, "E_FORMAT", size ? size->pos : v->pos, STR("auto"), STR_FMT ": not a size; auto, or as \"1536x1024\"",
               STR_ARG(quoted(r, image->size)));
    }
}

void check_clip(struct reader *r, const struct json *v, void *opts)
{
    const struct clip_opts *clip = opts;
    if (clip->to > 0 && clip->to <= clip->from)
        report(r, "E_RANGE", v->pos, STR(""), "ends at %g s, before it begins at %g s", clip->to, clip->from);
}

/* Where a member stands under any spelling. */
static const struct json *spelled(const struct json *object, const char *name)
{
    const struct param *p = param_find(video_params, str_from(name), NULL);
    for (const struct json *c = object->type == JSON_OBJECT ? object->child : NULL; c; c = c->next)
        if (p && param_find(video_params, c->key, NULL) == p)
            return c;
    return NULL;
}

/* Also called for the lesson as a whole, where old spellings of these keys may stand. */
void check_video(struct reader *r, const struct json *v, void *opts)
{
    struct video_words *words = opts;
    struct video_opts trial = { .width = 1920, .height = 1080, .fps_num = 30, .fps_den = 1 };
    const char *key = "";
    struct err e;
    if (video_resolve(words, &trial, &key, &e))
        return;
    const struct json *at = spelled(v, key);
    size_t mark = path_key(r, at ? at->key : str_from(key));
    report(r, "E_FORMAT", at ? at->pos : v->pos, STR(""), "%s", e.msg);
    path_pop(r, mark);
    *words = (struct video_words){ .background = words->background };
}
