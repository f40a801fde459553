/* read.c - lessons from bytes: what comes before, between and after the tables */
#include "gen/lesson/read.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/digest.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/config.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"

enum { SECTIONS_MOST = 500, CHARS_MOST = 20000, LESSON_BYTES_MOST = 4 << 20, MEDIA_BYTES_MOST = 512 << 20 };

static const struct vocabulary no_words = { NULL, NULL, NULL, NULL };

static int64_t limit_or(int64_t configured, int64_t fallback)
{
    return configured > 0 ? configured : fallback;
}

/* The directory part of a path: "." for a bare name, empty for what is no file ("", "-", "<stdin>"). */
static struct str dir_of(struct reader *r, struct str path)
{
    const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
    if (path.n == 0 || str_is(path, "-") || path.p[0] == '<')
        return STR("");
    if (!slash)
        return STR(".");
    size_t n = (size_t)(slash - path.p);
    return arena_str(r->a, (struct str){ path.p, n ? n : 1 });
}

/* The file's name without its ending, fit for an id. */
static struct str id_of(struct reader *r, struct str path)
{
    const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
    struct str name = slash ? (struct str){ slash + 1, path.n - (size_t)(slash + 1 - path.p) } : path;
    const char *dot = name.n ? memrchr(name.p, '.', name.n) : NULL;
    if (dot && dot > name.p)
        name.n = (size_t)(dot - name.p);
    struct buf b = { 0 };
    for (size_t i = 0; i < name.n && b.n < 64; i++) {
        char c = name.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_letter || (b.n && (c == '.' || c == '_')))
            buf_addc(&b, c);
        else if (b.n && b.p[b.n - 1] != '-')
            buf_addc(&b, '-');
    }
    while (b.n && b.p[b.n - 1] == '-')
        b.n--;
    if (b.n == 0)
        buf_addz(&b, "lesson");
    if (r->opts->number)
        buf_printf(&b, "-%03zu", r->opts->number);
    struct str out = arena_str(r->a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

/* What counts before the lesson says anything. */
static void set_defaults(struct reader *r, struct lesson_in *in)
{
    const struct config *c = r->opts->config;
    *in = (struct lesson_in){ .title = STR(""), .language = STR("en"), .description = STR("") };
    params_default(style_params, &in->style);
    params_default(music_params, &in->music);
    in->music.file = STR("");
    if (c) {
        in->voice = c->voice;
        in->image = c->image;
        in->clip = c->clip;
        in->captions = c->captions;
        in->loudness = c->loudness;
        in->timing = c->timing;
        in->output = c->output;
        in->slide.theme = c->theme;
        r->l->video = c->video;
    } else {
        params_default(voice_params, &in->voice);
        params_default(image_params, &in->image);
        params_default(clip_params, &in->clip);
        params_default(caption_params, &in->captions);
        params_default(loudness_params, &in->loudness);
        params_default(timing_params, &in->timing);
        in->output = (struct output_opts){ .thumbnail = STR("auto"), .chapters = true, .srt = true, .vtt = true };
        r->l->video = (struct video_opts){ 1920, 1080, 30, 1, 0x000000ff };
    }
    in->video = video_words_of(&r->l->video);
    in->transition = (struct transition_in){ .choice = choice_default(r, r->words->transitions, "fade"), .seconds = 0.5 };
    in->turn = (struct transition_in){ .choice = choice_default(r, r->words->transitions, "fade"), .seconds = 0.3 };
    params_default(transition_params, &in->transition.sound);
    params_default(transition_params, &in->turn.sound);
    struct choice *effect = arena_alloc(r->a, sizeof *effect);
    *effect = choice_default(r, r->words->effects, "auto");
    in->effects = (struct effects_in){ false, effect, effect->row != NULL };
}

static void note_syntax(struct reader *r, const struct json_note *notes, size_t n)
{
    static const struct { unsigned what; const char *code, *message; } words[] = {
        { JSON_BOM, "W_BOM", "begins with a byte order mark" },
        { JSON_FENCE, "W_FENCE", "stands in a Markdown code fence" },
        { JSON_COMMENTS, "W_COMMENT", "has comments, which JSON does not know" },
        { JSON_TRAILING_COMMA, "W_TRAILING_COMMA", "has a comma before a closing bracket" },
    };
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNTOF(words); k++)
            if (words[k].what == notes[i].what)
                report(r, words[k].code, notes[i].pos, STR(""), "the file %s", words[k].message);
}

bool lesson_language_valid(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (i > 0 && ((c >= '0' && c <= '9') || c == '-' || c == '_'))))
            return false;
    }
    return s.n >= 2 && s.n <= 35;
}

static void check_lesson(struct reader *r, const struct json *root)
{
    struct lesson_in *in = r->in;
    check_video(r, root, &in->video); /* width, height and the like outside their block */
    for (const struct json *c = root->child; c; c = c->next) {
        size_t mark = path_key(r, c->key);
        if (name_equal(c->key, STR("language")) && c->type == JSON_STRING && !lesson_language_valid(in->language))
            report(r, "E_FORMAT", c->pos, STR("en"), STR_FMT ": not a language tag, as \"en\", \"pt-BR\"",
                   STR_ARG(quoted(r, in->language)));
        if (name_matches("title", "name,topic,subject,video_subject", c->key, NULL) && c->type == JSON_STRING &&
            str_trim(c->string).n == 0)
            report(r, "E_REQUIRED", c->pos, STR(""), "an empty title");
        path_pop(r, mark);
    }
}

/* A thumbnail that names a section names one that is there. */
static void check_thumbnail(struct reader *r)
{
    const struct json *v = r->in->thumbnail;
    struct nearest near = nearest_begin(r->in->output.thumbnail);
    struct buf hint = { 0 };
    if (!v || r->l->n_sections == 0)
        return;
    for (size_t i = 0; i < r->l->n_sections; i++) {
        if (str_eq(r->l->sections[i].id, r->in->output.thumbnail))
            return;
        nearest_offer(&near, r->l->sections[i].id);
    }
    size_t mark = path_key(r, STR("output"));
    if (!name_equal(v->key, STR("thumbnail")))  /* {"section": ...} */
        path_key(r, STR("thumbnail"));
    path_key(r, v->key);
    struct str best = nearest_print(&near, &hint);
    report(r, "E_ENUM", v->pos, best, STR_FMT ": not auto, none or the id of a section%s" STR_FMT,
           STR_ARG(quoted(r, r->in->output.thumbnail)), hint.n ? "; " : "", STR_ARG(buf_str(&hint)));
    path_pop(r, mark);
    buf_deinit(&hint);
}

static void settle(struct reader *r)
{
    struct lesson *l = r->l;
    const struct lesson_in *in = r->in;
    const char *key;
    l->id = in->id.n ? in->id : id_of(r, l->path);
    l->title = str_trim(in->title);
    l->language = in->language;
    l->description = in->description;
    l->style = in->style;
    video_resolve(&in->video, &l->video, &key, NULL);
    l->asked = l->video;
    l->music = in->music;
    l->music.enabled = in->music.enabled && in->music.file.n > 0;
    l->loudness = in->loudness;
    l->output = in->output;
}

static void read_root(struct reader *r, struct json *root)
{
    struct lesson_in *in = r->in;
    if (root->type != JSON_OBJECT) {
        report(r, "E_TYPE", root->pos, STR(""), "expected an object with \"title\" and \"sections\", not %s",
               json_type_name(root->type));
        return;
    }
    check_duplicates(r, root);
    expand_variables(r, root);
    read_block(r, &lesson_block, root, in);
    check_lesson(r, root);
    if (in->sections && in->sections->type != JSON_NULL)
        read_sections(r, in->sections);
    check_thumbnail(r);
    settle(r);
}

static struct json_pos moved(struct json_pos at, struct json_pos from)
{
    if (from.line == 0 || at.line == 0)
        return at;
    return (struct json_pos){ at.line + from.line - 1, at.line == 1 ? at.col + from.col - 1 : at.col };
}

/* Places of the text become places of the file it was cut from. */
static void move_tree(struct json *root, struct json_pos from)
{
    struct json **stack = NULL;
    size_t n = 0, cap = 0;
    for (struct json *j = from.line ? root : NULL; j; j = n ? stack[--n] : NULL) {
        j->pos = moved(j->pos, from);
        j->key_pos = moved(j->key_pos, from);
        for (struct json *c = j->child; c; c = c->next) {
            if (n == cap) {
                cap = cap ? 2 * cap : 64;
                stack = mem_resize(stack, cap, sizeof *stack);
            }
            stack[n++] = c;
        }
    }
    free(stack);
}

static void read_text_of(struct reader *r, struct str text, int64_t most_bytes)
{
    struct json *root = NULL;
    struct json_note notes[4];
    size_t n_notes = 0;
    struct json_pos at = { 0, 0 };
    struct err e = { 0 };
    if (text.n > (size_t)most_bytes) {
        report(r, "E_LIMIT", at, STR(""), "%zu bytes, at most %lld (limits.lesson_bytes in config.yaml)", text.n,
               (long long)most_bytes);
        return;
    }
    if (!json_parse(r->a, text, JSON_LENIENT | JSON_DUPLICATES, &root, notes, &n_notes, &at, &e)) {
        report(r, "E_SYNTAX", moved(at, r->opts->at), STR(""), "%s", e.msg);
        return;
    }
    move_tree(root, r->opts->at);
    for (size_t i = 0; i < n_notes; i++)
        notes[i].pos = moved(notes[i].pos, r->opts->at);
    note_syntax(r, notes, n_notes);
    read_root(r, root);
}

struct lesson *lesson_read(struct str path, struct str text, const struct read_opts *opts, struct problems *problems)
{
    struct lesson *l = mem_alloc(sizeof *l);
    struct reader *r = mem_alloc(sizeof *r);
    struct lesson_in *in = mem_alloc(sizeof *in);
    const struct limits_opts *limits = opts->config ? &opts->config->limits : NULL;
    *problems = (struct problems){ 0 };
    *r = (struct reader){
        .l = l, .a = &l->arena, .opts = opts, .words = opts->words ? opts->words : &no_words, .out = problems, .in = in,
        .most_sections = limit_or(limits ? limits->sections : 0, SECTIONS_MOST),
        .most_chars = limit_or(limits ? limits->narration_chars : 0, CHARS_MOST),
        .most_media_bytes = limit_or(limits ? limits->media_bytes : 0, MEDIA_BYTES_MOST),
    };
    l->path = arena_str(r->a, path);
    digest_of(text.p, text.n, l->text_sha256);
    l->dir = dir_of(r, path);
    l->allow_outside = opts->allow_outside;
    l->number = opts->number;
    set_defaults(r, in);
    read_text_of(r, text, limit_or(limits ? limits->lesson_bytes : 0, LESSON_BYTES_MOST));
    report_finish(r);
    buf_deinit(&r->path);
    free(in);
    free(r);
    return l;
}

void lesson_destroy(struct lesson *l)
{
    if (!l)
        return;
    arena_deinit(&l->arena);
    free(l);
}
