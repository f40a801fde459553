/* output.c - what a lesson says of the files that are written */
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { SHAPES_MOST = 8, SUBTITLES_MOST = 100 };

/* One component: what may lie outside the output directory is not for a lesson to say. */
void read_output_file(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k;
    struct output_opts *output = opts;
    struct str s = { 0 };
    if (v->type == JSON_NULL || !read_text(r, v, false, &s))
        return;
    bool ok = s.n > 0 && s.n <= 200 && s.p[0] != '.' && s.p[0] != '-';
    for (size_t i = 0; i < s.n; i++)
        ok = ok && s.p[i] != '/' && s.p[i] != '\\';
    if (!ok)
        report(r, "E_PATH", v->pos, STR(""),
               STR_FMT ": not a plain file name of at most 200 bytes; the directory is chosen with -o",
               STR_ARG(quoted(r, s)));
    else
        output->file = s;
}

static void take_thumbnail_word(struct reader *r, const struct json *v, struct str s)
{
    struct output_opts *output = &r->in->output;
    bool is_word = name_equal(s, STR("auto")) || name_equal(s, STR("none"));
    output->thumbnail = !is_word ? s : name_equal(s, STR("auto")) ? STR("auto") : STR("none");
    r->in->thumbnail = is_word ? NULL : v; /* a section's id, looked for when the sections are read */
}

static void take_thumbnail_time(struct reader *r, const struct json *v)
{
    static const struct param seconds = { .name = "at", .type = PARAM_SECONDS, .min = 0, .max = 86400 };
    struct { double seconds; } one = { 0 };
    read_param(r, &seconds, v, &one);
    r->in->output.is_thumbnail_timed = true;
    r->in->output.thumbnail_at = one.seconds;
}

/* {"at": 12.5}, {"section": "intro"} or {"file": "cover.png"} */
static void take_thumbnail_object(struct reader *r, const struct json *v)
{
    static const char *const members[] = { "at", "section", "file" };
    struct str s = { 0 };
    size_t n = 0;
    for (const struct json *c = v->child; c; c = c->next) {
        size_t mark = path_key(r, c->key);
        if (key_is_ignored(c->key))
            ;
        else if (++n > 1)
            report(r, "E_CONFLICT", c->pos, STR(""), "a thumbnail is of a time, a section or a file, one of them");
        else if (name_matches(members[0], "time,seconds", c->key, NULL))
            take_thumbnail_time(r, c);
        else if (name_matches(members[1], "id", c->key, NULL)) {
            if (read_text(r, c, false, &s))
                take_thumbnail_word(r, c, s);
        } else if (name_matches(members[2], "src,path", c->key, NULL))
            read_picture_path(r, c, &r->in->output.thumbnail_file);
        else {
            struct nearest near = nearest_begin(c->key);
            for (size_t i = 0; i < COUNTOF(members); i++)
                nearest_offer(&near, str_from(members[i]));
            report_unknown(r, c, &near);
        }
        path_pop(r, mark);
    }
    if (n == 0)
        report(r, "E_REQUIRED", v->pos, STR("at"), "an object without \"at\", \"section\" or \"file\"");
}

void read_thumbnail(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    (void)k, (void)opts;
    struct str s = { 0 };
    if (v->type == JSON_BOOL)
        r->in->output.thumbnail = v->boolean ? STR("auto") : STR("none");
    else if (v->type == JSON_NUMBER)
        take_thumbnail_time(r, v);
    else if (v->type == JSON_OBJECT)
        take_thumbnail_object(r, v);
    else if (v->type != JSON_NULL && read_text(r, v, false, &s))
        take_thumbnail_word(r, v, s);
}

static void take_subtitle(struct reader *r, const struct json *v, struct str s)
{
    struct output_opts *output = &r->in->output;
    if (name_matches("srt", "subrip", s, NULL))
        output->srt = true;
    else if (name_matches("vtt", "webvtt", s, NULL))
        output->vtt = true;
    else if (name_matches("track", "soft,embedded,mov_text,tx3g", s, NULL))
        output->track = true;
    else
        report(r, "E_ENUM", v->pos, STR("\"srt\""), STR_FMT ": not known; one of srt, vtt, track", STR_ARG(quoted(r, s)));
}

static void take_shape(struct reader *r, const struct json *v, struct str s)
{
    struct output_opts *output = &r->in->output;
    for (size_t i = 0; i < output->n_also; i++)
        if (str_eq(output->also[i], s)) {
            report(r, "E_DUPLICATE", v->pos, STR(""), STR_FMT ": named twice", STR_ARG(quoted(r, s)));
            return;
        }
    if (video_aspect_valid(s))
        output->also[output->n_also++] = s;
    else
        report(r, "E_FORMAT", v->pos, STR("\"9:16\""), STR_FMT ": not a shape; as \"9:16\", \"1:1\", portrait, square",
               STR_ARG(quoted(r, s)));
}

void read_also(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct output_opts *output = opts;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    output->also = arena_array(&r->l->arena, SHAPES_MOST, sizeof *output->also);
    output->n_also = 0;
    if (v->type == JSON_STRING)
        take_shape(r, v, v->string);
    else
        each_text(r, v, SHAPES_MOST, take_shape);
}

void read_subtitles(struct reader *r, const struct key *k, const struct json *v, void *opts)
{
    struct output_opts *output = opts;
    (void)k;
    if (v->type == JSON_NULL)
        return;
    output->srt = output->vtt = v->type == JSON_BOOL && v->boolean;
    output->track = false;
    if (v->type == JSON_STRING)
        take_subtitle(r, v, v->string);
    else if (v->type != JSON_BOOL)
        each_text(r, v, SUBTITLES_MOST, take_subtitle);
}
