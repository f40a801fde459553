/* special_section.c - values of a section that are more than a row of a table */
#include <stdlib.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/markup.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { BULLETS_MOST = 50, SVG_BYTES_MOST = 16 << 20, PROMPT_CHARS_MOST = 10000 };

/* The pieces of a narration that came as an array, joined by spaces. */
static bool join(struct reader *r, const struct json *v, struct str *out)
{
    struct buf b = { 0 };
    bool ok = true;
    size_t i = 0;
    report_once(r, "W_NARRATION_ARRAY", STR("narration"), v->pos, STR(""), "an array of strings, read as one text");
    for (const struct json *c = v->child; c; c = c->next, i++) {
        size_t mark = path_index(r, i);
        struct str s = { 0 };
        ok = read_text(r, c, true, &s) && ok;
        s = str_trim(s);
        if (s.n && b.n)
            buf_addc(&b, ' ');
        buf_adds(&b, s);
        path_pop(r, mark);
    }
    *out = arena_str(r->a, buf_str(&b));
    buf_deinit(&b);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct mark *)a)->name, ((const struct mark *)b)->name);
}

static void check_marks(struct reader *r, const struct json *v, const struct markup *m)
{
    if (m->suspect.n)
        report(r, "W_MARK", v->pos, STR("<mark name='x'/>"),
               STR_FMT ": looks like a mark but is none; it is read as plain text", STR_ARG(quoted(r, m->suspect)));
    if (m->n_marks < 2)
        return;
    struct mark *sorted = mem_array(m->n_marks, sizeof *sorted);
    memcpy(sorted, m->marks, m->n_marks * sizeof *sorted);
    qsort(sorted, m->n_marks, sizeof *sorted, by_name);
    for (size_t i = 1; i < m->n_marks; i++)
        if ((i < 2 || !str_eq(sorted[i - 2].name, sorted[i].name)) && str_eq(sorted[i - 1].name, sorted[i].name))
            report(r, "E_DUPLICATE_ID", v->pos, STR(""), "the mark " STR_FMT " stands twice",
                   STR_ARG(quoted(r, sorted[i].name)));
    free(sorted);
}

void read_narration(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct section *s = opts;
    struct str source = { 0 };
    struct markup m;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    r->section_in->narration = v;
    if (v->type == JSON_ARRAY ? !join(r, v, &source) : !read_text(r, v, true, &source))
        return;
    markup_parse(r->a, source, &m);
    size_t chars = text_length(m.text);
    if (chars > (size_t)r->most_chars)
        report(r, "E_LIMIT", v->pos, STR(""), "%zu characters, at most %lld; split the section", chars,
               (long long)r->most_chars);
    check_marks(r, v, &m);
    s->narration = m.text;
    s->marks = m.marks;
    s->n_marks = m.n_marks;
    if (m.text.n == 0)
        r->section_in->narration = NULL;
}

/* place  where the section notes that it has one */
static void take_prompt(struct reader *r, const struct json *v, const struct json **place, struct str *out)
{
    struct str text = { 0 };
    if (v->type == JSON_NULL)
        return;
    *place = v;
    if (!read_text(r, v, true, &text))
        return;
    *out = str_trim(text);
    if (out->n == 0)
        *place = NULL;
    if (text_length(*out) > PROMPT_CHARS_MOST)
        report(r, "E_LIMIT", v->pos, STR(""), "%zu characters, at most %d", text_length(*out), PROMPT_CHARS_MOST);
}

void read_prompt(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    take_prompt(r, v, &r->section_in->image_prompt, &((struct section *)opts)->image_prompt);
}

void read_video_prompt(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    take_prompt(r, v, &r->section_in->video_prompt, &((struct section *)opts)->video_prompt);
}

static const struct key picture_keys[] = {
    { .p = { .name = "file", .aliases = "src,path,source,url,uri" }, .read = read_picture_file, .flags = KEY_REQUIRED },
    { .p = { .name = NULL } },
};
const struct block picture_block = { "image", "", image_params, picture_keys, "file", check_image };

static const struct key footage_keys[] = {
    { .p = { .name = "file", .aliases = "src,path,source,url,uri" }, .read = read_video_file, .flags = KEY_REQUIRED },
    { .p = { .name = NULL } },
};
const struct block footage_block = { "video", "", clip_params, footage_keys, "file", check_clip };

static const struct key sound_keys[] = {
    { .p = { .name = "file", .aliases = "src,path,source,url,uri" }, .read = read_audio_file, .flags = KEY_REQUIRED },
    { .p = { .name = NULL } },
};
const struct block sound_block = { "audio", "", NULL, sound_keys, "file", NULL };

void read_picture_file(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    read_source(r, v, r->most_media_bytes, &r->section->image);
}

void read_video_file(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    read_source(r, v, r->most_media_bytes, &r->section->video);
}

void read_audio_file(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    read_source(r, v, r->most_media_bytes, &r->section->audio);
}

void read_image(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct section *s = opts;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    r->section_in->image = v;
    if (v->type == JSON_STRING)
        read_source(r, v, r->most_media_bytes, &s->image);
    else
        read_block(r, &picture_block, v, &s->image_opts);
}

void read_video(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct section *s = opts;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    r->section_in->video = v;
    if (v->type == JSON_STRING)
        read_source(r, v, r->most_media_bytes, &s->video);
    else
        read_block(r, &footage_block, v, &s->clip);
}

void read_audio(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct section *s = opts;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    r->section_in->audio = v;
    if (v->type == JSON_STRING)
        read_source(r, v, r->most_media_bytes, &s->audio);
    else
        read_block(r, &sound_block, v, s);
}

void read_slide(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct section *s = opts;
    (void)k;
    if (v->type == JSON_NULL || (v->type == JSON_BOOL && !v->boolean))
        return;
    r->section_in->slide = v;
    s->has_slide = true;
    if (v->type != JSON_BOOL)
        read_block(r, &slide_block, v, &s->slide);
}

void read_bullets(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct slide_opts *slide = opts;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    if (v->type != JSON_ARRAY) {
        report(r, "E_TYPE", v->pos, STR(""), "expected an array of strings, not %s", json_type_name(v->type));
        return;
    }
    if (v->n > BULLETS_MOST) {
        report(r, "E_LIMIT", v->pos, STR(""), "%zu bullets, at most %d", v->n, BULLETS_MOST);
        return;
    }
    struct str *list = arena_array(r->a, v->n + 1, sizeof *list);
    size_t n = 0, i = 0;
    for (const struct json *c = v->child; c; c = c->next, i++) {
        size_t mark = path_index(r, i);
        if (c->type == JSON_NULL)
            report(r, "E_TYPE", c->pos, STR(""), "expected a string, not null");
        else if (read_text(r, c, false, &list[n]) && str_trim(list[n]).n)
            n++;
        path_pop(r, mark);
    }
    slide->bullets = list;
    slide->n_bullets = n;
}

void read_svg(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    read_path(r, v, SVG_BYTES_MOST, &((struct slide_opts *)opts)->svg);
}

void read_theme(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct slide_opts *slide = opts;
    struct str s = { 0 };
    (void)k;
    if (v->type == JSON_NULL || !read_text(r, v, false, &s))
        return;
    const struct row *row = row_find(r->words->themes, s);
    if (!row && r->words->themes) {
        struct nearest near = nearest_begin(s);
        struct buf hint = { 0 };
        for (const struct row *const *t = r->words->themes; *t; t++)
            buf_printf(&hint, "%s%s", hint.n ? ", " : "; one of ", (*t)->name);
        for (const struct row *const *t = r->words->themes; *t; t++)
            nearest_offer(&near, str_from((*t)->name));
        report(r, "E_ENUM", v->pos, near.n ? near.v[0].name : STR(""), STR_FMT ": not a theme" STR_FMT,
               STR_ARG(quoted(r, s)), STR_ARG(buf_str(&hint)));
        buf_deinit(&hint);
        return;
    }
    slide->theme = row ? str_from(row->name) : s;
}

void read_background(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    static const struct param color = { .name = "background", .type = PARAM_COLOR };
    struct section *s = opts;
    struct { uint32_t rgba; } one = { 0 };
    struct param_said said;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    r->section_in->background = v;
    if (!param_read(&color, v, &one, r->a, &said)) {
        report(r, said.error, v->pos, said.fix, STR_FMT, STR_ARG(said.message));
        return;
    }
    s->has_background = true;
    s->background = one.rgba;
}

/* "auto", -1 and null mean: as long as the narration. */
void read_duration(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    static const struct param seconds = { .name = "duration", .type = PARAM_SECONDS, .min = 0.1, .max = 3600 };
    struct section *s = opts;
    struct { double seconds; } one = { -1 };
    (void)k;
    if (v->type == JSON_NULL || (v->type == JSON_NUMBER && v->number == -1) ||
        (v->type == JSON_STRING && name_equal(str_trim(v->string), STR("auto"))))
        return;
    r->section_in->duration = v;
    read_param(r, &seconds, v, &one);
    s->duration = one.seconds;
}
