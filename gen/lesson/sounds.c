/* sounds.c - sound effects: at a moment of a section, and with a transition */
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/lesson/reader.h"

enum { SOUNDS_MOST = 32 };

static const double usual_volume = 0.50118723362727224; /* -6 dB */

static const struct param sound_params[] = {
    PARAM_MOMENT(struct sound_opts, at, .aliases = "start,from",
                 .help = "when it begins: seconds from the section's beginning, or \"mark:name\" of its narration"),
    PARAM_VOLUME(struct sound_opts, volume, .def = usual_volume, .min = 0, .max = 16,
                 .help = "linear, or as \"-6dB\"; 1 is as loud as speech, whatever the file's own level"),
    { 0 },
};
static const struct key sound_keys[] = {
    { .p = { .name = "file", .aliases = "src,path,source,url", .help = "a sound file, relative to the lesson" },
      .read = read_sound_file, .flags = KEY_REQUIRED, .schema = "{\"type\": \"string\", \"minLength\": 1}",
      .example = "\"sounds/click.wav\"" },
    { .p = { .name = NULL } },
};
const struct block effect_sound_block = { "sound", "a sound effect", sound_params, sound_keys, "file", NULL };

const struct param transition_params[] = {
    { .name = "sound", .type = PARAM_STR, .offset = offsetof(struct sound_opts, file), .aliases = "sound_effect,sfx",
      .help = "a sound file, relative to the lesson, that begins with the transition; empty for none" },
    { .name = "sound_volume", .type = PARAM_VOLUME, .offset = offsetof(struct sound_opts, volume), .def = usual_volume,
      .min = 0, .max = 16, .help = "of the sound; 1 is as loud as speech" },
    { 0 },
};

void read_sound_file(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    struct sound_opts *sound = opts;
    if (!read_sound_path(r, v, &sound->file))
        sound->file = STR("");                  /* told already */
}

void check_transition_sound(struct reader *r, const struct json *object, struct sound_opts *sound)
{
    for (const struct json *c = object->child; c; c = c->next) {
        if (param_find(transition_params, c->key, NULL) != transition_params || c->type != JSON_STRING ||
            c->string.n == 0)
            continue;
        size_t mark = path_key(r, c->key);
        if (!read_sound_path(r, c, &sound->file))
            sound->file = STR("");
        path_pop(r, mark);
    }
}

void read_sounds(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    if (v->type != JSON_NULL && !(v->type == JSON_BOOL && !v->boolean))
        r->section_in->sounds = v;
}

static void check_moment(struct reader *r, const struct section *s, const struct sound_opts *sound,
                         const struct json *v)
{
    const struct json *at = v;
    for (const struct json *c = v->type == JSON_OBJECT ? v->child : NULL; c; c = c->next)
        if (param_find(sound_params, c->key, NULL) == sound_params)
            at = c;
    size_t mark = at != v ? path_key(r, at->key) : r->path.n;
    check_mark(r, s, &sound->at, at->pos);
    path_pop(r, mark);
}

void sounds_settle(struct reader *r, struct section *s, const struct section_in *in)
{
    const struct json *v = in->sounds;
    if (!v)
        return;
    bool is_list = v->type == JSON_ARRAY;
    size_t outer = path_key(r, v->key), i = 0;
    struct sound_opts *list = arena_array(r->a, SOUNDS_MOST, sizeof *list);
    if (is_list && v->n > SOUNDS_MOST)
        report(r, "E_LIMIT", v->pos, STR(""), "%zu sounds, at most %d", v->n, SOUNDS_MOST);
    for (const struct json *c = is_list ? v->child : v; c && i < SOUNDS_MOST; c = is_list ? c->next : NULL, i++) {
        size_t mark = is_list ? path_index(r, i) : r->path.n;
        struct sound_opts *sound = &list[s->n_sounds];
        *sound = (struct sound_opts){ .file = STR("") };
        params_default(sound_params, sound);
        read_block(r, &effect_sound_block, c, sound);
        check_moment(r, s, sound, c);
        s->n_sounds += sound->file.n > 0;
        path_pop(r, mark);
    }
    path_pop(r, outer);
    s->sounds = list;
}
