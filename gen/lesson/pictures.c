/* pictures.c - several pictures of one section: `images` and `image_prompts` */
#include <math.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { PROMPT_CHARS_MOST = 10000 };

#define TEXT_SCHEMA "{\"type\": \"string\", \"minLength\": 1}"

static const struct param shot_params[] = {
    { .name = "mask", .type = PARAM_STR, .flags = PARAM_FILE, .offset = offsetof(struct shot_in, said.image_opts.mask),
      .help = "its subject as a picture of the same shape: white on black, or with all else transparent" },
    { .name = "focus", .type = PARAM_FOCUS, .offset = offsetof(struct shot_in, said.image_opts.focus),
      .aliases = "subject_at,focal_point", .help = "where its subject is; else the section's focus" },
    { 0 },
};

static const struct key shot_keys[] = {
    { .p = { .name = "image",
             .aliases = "file,image_file,image_url,src,path,source,url,uri,media",
             .help = "a picture of your own: a file, relative to the lesson, or an address" },
      .read = read_shot_image,
      .schema = TEXT_SCHEMA },
    { .p = { .name = "image_prompt",
             .aliases = "prompt,visual,visual_prompt,visual_description,picture,description,image_description",
             .help = "what the picture shows, for a provider that draws it" },
      .read = read_shot_prompt,
      .schema = TEXT_SCHEMA },
    { .p = { .name = "video",
             .aliases = "video_file,video_url",
             .help = "a clip of your own: a file, relative to the lesson, or an address" },
      .read = read_shot_video,
      .schema = TEXT_SCHEMA },
    { .p = { .name = "video_prompt",
             .aliases = "clip_prompt,motion_prompt,animation_prompt",
             .help = "what a moving picture shows, for a provider that films it" },
      .read = read_shot_video_prompt,
      .schema = TEXT_SCHEMA },
    { .p = { .name = "at",
             .aliases = "start",
             .help = "when it comes: seconds from the section's beginning, or `mark:name` in its narration" },
      .read = read_shot_at,
      .schema = "{\"anyOf\": [{\"type\": \"number\", \"minimum\": 0, \"maximum\": 3600}, {\"type\": \"string\", "
                "\"pattern\": \"^mark:\"}]}",
      .example = "\"mark:vth\"" },
    { .p = { .name = "for", .aliases = "duration,seconds", .help = "seconds until the next picture comes" },
      .read = read_shot_for,
      .schema = "{\"type\": \"number\", \"minimum\": 0.1, \"maximum\": 3600}",
      .example = "4" },
    { .p = { .name = "effects",
             .aliases = "effect,animation,animations,motion,zoom,pan",
             .help = "on this picture; without them the section's" },
      .read = read_effects,
      .schema = "{\"$ref\": \"#/$defs/effects\"}" },
    { .p = { .name = "fit", .help = "how it fills the frame; without it as image.fit or clip.fit says" },
      .read = read_shot_fit,
      .schema = "{\"type\": \"string\", \"enum\": [\"cover\", \"contain\", \"contain-blur\", \"stretch\"]}" },
    { .p = { .name = "clip", .offset = offsetof(struct shot_in, clip) }, .block = &clip_block },
    { .p = { .name = "transition", .help = "into this picture from the one before; without it image_transition" },
      .read = read_transition,
      .schema = "{\"$ref\": \"#/$defs/transition\"}" },
    { .p = { .name = NULL } },
};
const struct block shot_block = { "shot", "one of several pictures of a section", shot_params, shot_keys, NULL, NULL };

/* ---------- the members ---------- */

static void take_prompt(struct reader *r, const struct json *v, struct str *out)
{
    struct str text = { 0 };
    if (v->type == JSON_NULL || !read_text(r, v, true, &text))
        return;
    *out = str_trim(text);
    if (text_length(*out) > PROMPT_CHARS_MOST)
        report(r, "E_LIMIT", v->pos, STR(""), "%zu characters, at most %d", text_length(*out), PROMPT_CHARS_MOST);
    if (out->n == 0)
        report(r, "E_REQUIRED", v->pos, STR(""), "an empty prompt");
}

static void take_file(struct reader *r, const struct json *v, struct str *out)
{
    if (v->type != JSON_NULL && !read_source(r, v, r->most_media_bytes, out))
        r->shot->is_told = true;
}

void read_shot_image(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    take_file(r, v, &((struct shot_in *)opts)->said.image);
}

void read_shot_video(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    take_file(r, v, &((struct shot_in *)opts)->said.video);
}

void read_shot_prompt(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    r->shot->is_told = true; /* that it is empty, if it is */
    take_prompt(r, v, &((struct shot_in *)opts)->said.image_prompt);
}

void read_shot_video_prompt(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    r->shot->is_told = true;
    take_prompt(r, v, &((struct shot_in *)opts)->said.video_prompt);
}

void read_shot_for(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    static const struct param seconds = {
        .name = "for", .type = PARAM_SECONDS, .offset = offsetof(struct shot_in, seconds), .min = 0.1, .max = 3600
    };
    (void)k;
    read_param(r, &seconds, v, opts);
}

void read_shot_fit(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct param fit = *param_find(image_params, STR("fit"), NULL);
    (void)k;
    fit.offset = offsetof(struct shot_in, fit);
    read_param(r, &fit, v, opts);
}

static void take_mark(struct reader *r, const struct json *v, struct str name, struct section_picture *said)
{
    const struct section *s = r->section;
    struct nearest near = nearest_begin(name);
    struct buf hint = { 0 };
    for (size_t i = 0; i < s->n_marks; i++) {
        if (str_eq(s->marks[i].name, name)) {
            said->mark = i;
            return;
        }
        nearest_offer(&near, s->marks[i].name);
    }
    struct str best = nearest_print(&near, &hint);
    report(r, "E_MARK", v->pos, best.n ? arena_printf(r->a, "mark:" STR_FMT, STR_ARG(best)) : best,
           STR_FMT ": the section's narration has no such mark%s" STR_FMT, STR_ARG(quoted(r, name)), hint.n ? "; " : "",
           STR_ARG(buf_str(&hint)));
    buf_deinit(&hint);
}

void read_shot_at(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    static const struct param seconds = { .name = "at", .type = PARAM_SECONDS, .min = 0, .max = 3600 };
    struct section_picture *said = &((struct shot_in *)opts)->said;
    struct {
        double seconds;
    } one = { -1 };
    (void)k;
    if (v->type == JSON_STRING && str_starts(str_trim(v->string), "mark:")) {
        struct str name = str_trim(v->string);
        take_mark(r, v, str_trim((struct str){ name.p + 5, name.n - 5 }), said);
        return;
    }
    read_param(r, &seconds, v, &one);
    said->at = one.seconds;
}

/* ---------- one picture ---------- */

/* A prompt for a clip goes with a picture that stands there when nobody makes clips. */
static void check_shot(struct reader *r, const struct shot_in *in, const struct json *v)
{
    const struct section_picture *s = &in->said;
    const struct {
        const char *name;
        struct str v;
    } parts[] = { { "video", s->video }, { "image", s->image }, { "image_prompt", s->image_prompt } };
    const char *first = NULL;
    for (size_t i = 0; i < COUNTOF(parts); i++) {
        if (parts[i].v.n && first)
            report(r, "W_UNUSED", v->pos, STR(""), "\"%s\" is not used: the picture has \"%s\"", parts[i].name, first);
        first = parts[i].v.n && !first ? parts[i].name : first;
    }
    if (s->video.n && s->video_prompt.n)
        report(r, "W_UNUSED", v->pos, STR(""), "\"video_prompt\" is not used: the picture has \"video\"");
    if (!first && !s->video_prompt.n && !in->is_told)
        report(r, "E_REQUIRED", v->pos, STR("image_prompt"),
               "needs one of \"image_prompt\", \"image\", \"video_prompt\", \"video\"");
}

static void read_shot(struct reader *r, bool is_prompts, const struct json *v, struct section_picture *out)
{
    const struct section *s = r->section;
    const struct section_in *in = r->section_in;
    struct shot_in shot = {
        .said = { .image_opts = s->image_opts, .at = -1, .mark = SIZE_MAX, .pos = v->pos },
        .clip = s->clip,
        .effects = in->effects.is_set ? in->effects : r->in->effects,
        .turn = in->turn,
        .fit = -1,
        .seconds = -1,
    };
    shot.said.image_opts.mask = (struct str){ "", 0 }; /* it belongs to one picture */
    r->shot = &shot;
    if (v->type == JSON_STRING && is_prompts) {
        take_prompt(r, v, &shot.said.image_prompt);
    } else if (v->type == JSON_STRING) {
        take_file(r, v, &shot.said.image);
    } else if (v->type == JSON_OBJECT) {
        read_block(r, &shot_block, v, &shot);
        check_shot(r, &shot, v);
    } else {
        report(r, "E_TYPE", v->pos, STR(""), "expected a string or an object, not %s", json_type_name(v->type));
    }
    r->shot = NULL;
    *out = shot.said;
    out->clip = shot.clip;
    if (shot.fit >= 0)
        out->image_opts.fit = out->clip.fit = shot.fit;
    out->effects = shot.effects.v;
    out->n_effects = shot.effects.n;
    out->seconds = shot.seconds;
    out->transition = shot.turn.choice;
    bool is_cut = !shot.turn.choice.row || name_equal(str_from(shot.turn.choice.row->name), STR("none"));
    out->transition_s = is_cut ? 0 : shot.turn.seconds;
    out->transition_sound = shot.turn.sound;
}

/* ---------- all of them ---------- */

static void check_order(struct reader *r, const struct section_picture *list, size_t n)
{
    const struct section *s = r->section;
    double at = 0;
    size_t text = 0;
    for (size_t i = 0; i < n; i++) {
        const struct section_picture *p = &list[i];
        bool has_mark = p->mark < s->n_marks;
        size_t mark = path_index(r, i);
        if (i == 0 && (has_mark || p->at > 0))
            report(r, "E_RANGE", p->pos, STR(""), "the first picture is there from the section's beginning");
        else if ((p->at >= 0 && p->at < at) || (has_mark && s->marks[p->mark].at < text))
            report(r, "E_RANGE", p->pos, STR(""), "comes before the picture that is listed before it");
        at = p->at >= 0 ? p->at : at;
        text = has_mark ? s->marks[p->mark].at : text;
        path_pop(r, mark);
    }
}

void read_pictures(struct reader *r, const struct json *v)
{
    struct section *s = r->section;
    size_t mark = path_key(r, v->key), i = 0;
    bool is_prompts = r->section_in->are_prompts;
    if (v->type != JSON_ARRAY)
        report(r, "E_TYPE", v->pos, STR(""), "expected an array of pictures, not %s", json_type_name(v->type));
    else if (v->n > SHOTS_MOST)
        report(r, "E_LIMIT", v->pos, STR(""), "%zu pictures, at most %d; split the section", v->n, SHOTS_MOST);
    else {
        struct section_picture *list = arena_array(r->a, v->n, sizeof *list);
        for (const struct json *c = v->child; c; c = c->next, i++) {
            size_t inner = path_index(r, i);
            read_shot(r, is_prompts, c, &list[i]);
            path_pop(r, inner);
        }
        check_order(r, list, v->n);
        s->pictures = list;
        s->n_pictures = v->n;
    }
    path_pop(r, mark);
}

/* Both keys say the same list; they are read when all else of the section is known. */
static void note_list(struct reader *r, const struct json *v, bool are_prompts)
{
    struct section_in *in = r->section_in;
    if (v->type == JSON_NULL || (v->type == JSON_ARRAY && v->n == 0)) /* models fill in what they do not use */
        return;
    if (in->picture_list) {
        report(r, "E_DUPLICATE_KEY", v->key_pos, STR(""),
               "\"images\" and \"image_prompts\" are one list; an entry that is an object says which of both it is");
        return;
    }
    in->pictures = in->picture_list = v;
    in->are_prompts = are_prompts;
}

void read_images(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    note_list(r, v, false);
}

void read_image_prompts(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    note_list(r, v, true);
}
