/* plan_assets.c - what a section needs: its picture and its speech, bought, drawn, spoken or the user's own */
#include <string.h>
#include <unistd.h>
#include "gen/base/fd.h"
#include "gen/base/file.h"
#include "gen/base/text.h"
#include "gen/fetch.h"
#include "gen/lesson/files.h"
#include "gen/overlay_times.h"
#include "gen/phrases.h"
#include "gen/plan_private.h"
#include "gen/plan_roll.h"
#include "gen/request.h"

enum { IMPORT_MAX = 512 << 20, SVG_MAX = 4 << 20, N_PHRASES = 4 };

/* A slide is drawn larger than the frame, so that a slow zoom into it stays sharp. */
static const double slide_oversize = 1.25;

/* ---------- remote assets ---------- */

bool plan_fetch(struct planner *p, enum node_kind kind, const struct want *w, const struct provider_info *info,
                struct node **out)
{
    char id[DIGEST_HEX];
    bool is_new;
    size_t length = info->is_max_bytes ? w->text.n : text_length(w->text);
    if (info->max_chars > 0 && length > (size_t)info->max_chars)
        return err_set(p->e, ERR_LESSON, "%zu %s, and " STR_FMT " takes %lld at once; shorten it", length,
                       info->is_max_bytes ? "bytes" : "characters", STR_ARG(info->id), (long long)info->max_chars);
    struct want own = *w;
    struct film_asset name;
    if (!plan_name(p, &own, id, &name))
        return false;
    if (p->is_there)
        return plan_probe(p, id);
    struct node *n = *out = plan_asset_node(p, kind, w->kind, id, &is_new);
    if (!is_new)
        return true;
    n->fetch = arena_alloc(&p->plan->arena, sizeof *n->fetch);
    *n->fetch = (struct fetch){ .want = own, .provider = info, .temp.fd = -1, .roll = name.roll };
    if (name.roll)
        memcpy(n->fetch->of, name.first, sizeof name.first);
    p->o->transport->quote(p->o->transport->ctx, w, &p->plan->arena, &n->fetch->quote);
    return plan_look_up(p, n);
}

struct str plan_prompt(struct planner *p, struct str prompt)
{
    struct str style = p->film->lesson->style.prompt;
    if (style.n == 0)
        return prompt;
    return arena_printf(&p->plan->arena, STR_FMT ". " STR_FMT, STR_ARG(prompt), STR_ARG(style));
}

/* What one of the chain made in an earlier run, because those before it could not, is used and not bought again. */
static bool find_there(struct planner *p, const struct plan_section *ps, struct chain *c, plan_by *by)
{
    for (size_t i = 0; i < c->n && c->v[i]; i++) {
        struct err e = { 0 };
        struct node *none = NULL;
        bool is_there = true;
        struct planner probe = *p;
        probe.e = &e;
        probe.is_there = &is_there;
        if (!by(&probe, ps, c->v[i], &none)) {
            if (e.code != ERR_STORE && e.code != ERR_IO)
                continue; /* not for this provider: plan_first_able tells */
            *p->e = e;
            return false;
        }
        if (is_there) {
            c->at = i;
            return true;
        }
    }
    return true;
}

bool plan_first_able(struct planner *p, const struct plan_section *ps, struct chain *c, plan_by *by, struct node **out)
{
    if (c->n > 1 && c->at == 0 && !find_there(p, ps, c, by))
        return false;
    for (; !by(p, ps, c->v[c->at], out); c->at++) {
        if (p->e->code == ERR_STORE || c->at + 1 >= c->n)
            return false;
        choose_pass_over(p, c->v[c->at], p->e->msg);
        *p->e = (struct err){ 0 };
    }
    return true;
}

/* ---------- pictures ---------- */

static bool read_file(struct planner *p, struct str name, size_t max, struct buf *out)
{
    int fd = -1;
    bool ok = lesson_open_file(p->film->lesson, name, max, &fd, p->e) && file_read_fd(fd, name.p, max, out, p->e);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* A file can be large, so no more of it than a piece is in memory. */
static bool digest_file(struct planner *p, struct str name, char content[DIGEST_HEX])
{
    char chunk[65536];
    int fd = -1;
    if (!lesson_open_file(p->film->lesson, name, IMPORT_MAX, &fd, p->e))
        return false;
    struct digest *d = digest_create();
    size_t n;
    for (int64_t at = 0; (n = fd_read_at(fd, chunk, sizeof chunk, at)) > 0; at += (int64_t)n)
        digest_add(d, chunk, n);
    digest_finish(d, content);
    close(fd);
    return true;
}

/* A file of somebody's, got once and kept: what lies there later is not seen. */
static bool plan_address(struct planner *p, enum asset_kind kind, struct str address, struct node **out)
{
    static const struct { enum node_kind node; const char *provider; } of[ASSET_N_KINDS] = {
        [ASSET_IMAGE] = { NODE_FETCH_IMAGE, "web-image" },
        [ASSET_SPEECH] = { NODE_FETCH_SPEECH, "web-speech" },
        [ASSET_VIDEO] = { NODE_FETCH_VIDEO, "web-video" },
    };
    struct str name = str_from(of[kind].provider);
    const struct provider_info *info = choose_named(p->o->transport, kind, name);
    const struct section *s = p->film->sections[p->section].section;
    const struct want w = { .kind = kind, .provider = name, .text = address, .speed = 1, .seed = -1,
                            .said = kind == ASSET_SPEECH ? s->narration : STR(""), .width = p->film->lesson->asked.width,
                            .height = p->film->lesson->asked.height };
    return info ? plan_fetch(p, of[kind].node, &w, info, out)
                : err_set(p->e, ERR_CONFIG, "nobody can get " STR_FMT ": there is no provider " STR_FMT, STR_ARG(address),
                          STR_ARG(name));
}

static bool plan_import(struct planner *p, enum asset_kind kind, struct str file, struct node **out)
{
    if (path_is_address(file))
        return plan_address(p, kind, file, out);
    char content[DIGEST_HEX], id[DIGEST_HEX];
    bool is_new, ok = digest_file(p, file, content);
    if (ok) {
        struct str said = kind == ASSET_SPEECH ? p->film->sections[p->section].section->narration : STR("");
        request_import(kind, content, said, p->o->renderer->version(p->o->renderer->ctx), id);
        struct node *n = *out = plan_asset_node(p, NODE_IMPORT, kind, id, &is_new);
        n->file = file;
        n->file_of = p->film->lesson; /* equal bytes in another directory have another name */
        ok = !is_new || plan_look_up(p, n);
    }
    return ok;
}

/* What the program draws when a section says nothing about a slide: its title and the phrases that tell most. */
static const struct slide_opts *derived_slide(struct planner *p, const struct section *s, struct str words)
{
    struct slide_opts *d = arena_alloc(&p->plan->arena, sizeof *d);
    const struct lesson *l = p->film->lesson;
    d->heading = s->title.n ? s->title : l->title;
    d->theme = p->o->config->theme;
    d->n_bullets = phrases_pick(&p->plan->arena, words, l->language, N_PHRASES, &d->bullets);
    return d;
}

static bool plan_slide(struct planner *p, const struct plan_section *ps, struct node **out)
{
    const struct section *s = ps->section;
    struct arena *a = &p->plan->arena;
    const struct lesson *l = p->film->lesson;
    struct slide_spec *spec = arena_alloc(a, sizeof *spec);
    struct slide_opts *slide = arena_alloc(a, sizeof *slide);
    *slide = s->has_slide ? s->slide : *derived_slide(p, s, ps->pictures[p->picture].words);
    if (slide->theme.n == 0)
        slide->theme = p->o->config->theme;
    *spec = (struct slide_spec){
        .slide = slide,
        .title = s->title.n ? s->title : l->title,
        .language = l->language,
        .width = (int)(l->video.width * slide_oversize),
        .height = (int)(l->video.height * slide_oversize),
        .captions = s->captions.enabled && s->narration.n ? &s->captions : NULL,
    };
    if (slide->svg.n) {
        struct buf svg = BUF_INIT(SVG_MAX);
        bool ok = read_file(p, slide->svg, SVG_MAX, &svg);
        if (ok)
            spec->svg = arena_str(a, buf_str(&svg));
        buf_deinit(&svg);
        if (!ok)
            return false;
    }
    char id[DIGEST_HEX];
    bool is_new;
    request_draw(spec, p->o->renderer->version(p->o->renderer->ctx), id);
    struct node *n = *out = plan_asset_node(p, NODE_DRAW, ASSET_IMAGE, id, &is_new);
    n->slide = spec;
    return !is_new || plan_look_up(p, n);
}

/* What a picture shows. One that stands in for a clip shows the same, unless the section says another. */
static struct str still_prompt(const struct section *s, const struct section_picture *said)
{
    bool has_other = said->image_prompt.n || s->has_slide || s->has_background;
    return has_other ? said->image_prompt : said->video_prompt;
}

struct str plan_picture_prompt(struct planner *p, const struct plan_section *ps)
{
    const struct plan_picture *pp = &ps->pictures[p->picture];
    return pp->reworded.n ? pp->reworded : plan_prompt(p, still_prompt(ps->section, pp->said));
}

bool plan_image_by(struct planner *p, const struct plan_section *ps, const struct provider_info *info,
                   struct node **out)
{
    const struct plan_picture *pp = &ps->pictures[p->picture];
    const struct lesson *l = p->film->lesson;
    if (!info)
        return plan_slide(p, ps, out);
    /* how a picture is to look means nothing to who looks for one by words */
    struct str looked_for = pp->reworded.n ? pp->reworded : still_prompt(ps->section, pp->said);
    const struct want w = {
        .kind = ASSET_IMAGE,
        .provider = info->id,
        .text = info->is_found ? looked_for : plan_picture_prompt(p, ps),
        .negative = l->style.negative,
        .model = choose_said_for(&pp->image_by, info, pp->said->image_opts.model),
        .size = choose_or_none(pp->said->image_opts.size),
        .speed = 1,
        .seed = l->style.seed,
        .width = l->asked.width,
        .height = l->asked.height,
    };
    return plan_fetch(p, NODE_FETCH_IMAGE, &w, info, out);
}

bool plan_choose_image(struct planner *p, struct plan_section *ps)
{
    struct plan_picture *pp = &ps->pictures[p->picture];
    const struct choosing c = { .kind = ASSET_IMAGE,
                                .said = { p->o->image_provider, pp->said->image_opts.provider, p->o->config->use.image },
                                .builtin = "slide" };
    return pp->said->image.n || still_prompt(ps->section, pp->said).n == 0 || choose_chain(p, &c, &pp->image_by);
}

bool plan_still(struct planner *p, const struct plan_section *ps, struct node **out)
{
    const struct plan_picture *pp = &ps->pictures[p->picture];
    struct chain c = pp->image_by;
    if (pp->said->image.n)
        return plan_import(p, ASSET_IMAGE, pp->said->image, out);
    return c.n ? plan_first_able(p, ps, &c, plan_image_by, out) : plan_slide(p, ps, out);
}

static bool plan_image(struct planner *p, struct plan_section *ps)
{
    const struct section *s = ps->section;
    struct plan_picture *pp = &ps->pictures[p->picture];
    if (pp->said->video.n)
        return plan_import(p, ASSET_VIDEO, pp->said->video, &pp->image);
    if (pp->said->video_prompt.n && (!plan_clip(p, ps) || pp->image))
        return pp->image != NULL;
    if (pp->said->image.n)
        return plan_import(p, ASSET_IMAGE, pp->said->image, &pp->image);
    if (!plan_choose_image(p, ps))
        return false;
    if (pp->image_by.n)
        return plan_first_able(p, ps, &pp->image_by, plan_image_by, &pp->image);
    if (s->has_background && !s->has_slide)
        return true;
    return plan_slide(p, ps, &pp->image);
}

bool plan_images(struct planner *p, struct plan_section *ps)
{
    for (p->picture = 0; p->picture < ps->n_pictures; p->picture++)
        if (!plan_image(p, ps))
            return ps->n_pictures == 1 ? err_wrap(p->e, "picture")
                                       : err_wrap(p->e, "picture %zu of %zu", p->picture + 1, ps->n_pictures);
    p->picture = 0;
    return true;
}

/* ---------- speech ---------- */

static bool plan_espeak(struct planner *p, const struct section *s, struct node **out)
{
    struct arena *a = &p->plan->arena;
    struct speak_spec *spec = arena_alloc(a, sizeof *spec);
    *spec = (struct speak_spec){ .text = s->narration, .voice = &s->voice, .language = p->film->lesson->language };
    char id[DIGEST_HEX];
    bool is_new;
    request_speak(spec, p->o->renderer->version(p->o->renderer->ctx), id);
    struct node *n = *out = plan_asset_node(p, NODE_SPEAK, ASSET_SPEECH, id, &is_new);
    n->speak = spec;
    return !is_new || plan_look_up(p, n);
}

bool plan_speech_by(struct planner *p, const struct plan_section *ps, const struct provider_info *info,
                    struct node **out)
{
    return info ? plan_narration(p, ps, info, out) : plan_espeak(p, ps->section, out);
}

bool plan_speech(struct planner *p, struct plan_section *ps)
{
    const struct section *s = ps->section;
    if (s->audio.n)
        return plan_import(p, ASSET_SPEECH, s->audio, &ps->speech);
    if (s->narration.n == 0)
        return true;
    const struct choosing c = { .kind = ASSET_SPEECH,
                                .said = { p->o->speech_provider, s->voice.provider, p->o->config->use.speech },
                                .builtin = "espeak" };
    return (ps->speech_by.n || choose_chain(p, &c, &ps->speech_by)) &&
           plan_first_able(p, ps, &ps->speech_by, plan_speech_by, &ps->speech);
}

/* ---------- watermarks ---------- */

bool plan_mark(struct planner *p, struct plan_section *ps)
{
    struct str file = { 0 };
    for (size_t i = 0; i < ps->section->n_overlays && file.n == 0; i++)
        file = overlay_file(&ps->section->overlays[i].choice);
    return file.n == 0 || plan_import(p, ASSET_IMAGE, file, &ps->mark);
}

/* ---------- masks of subjects ---------- */

bool plan_masks(struct planner *p, struct plan_section *ps)
{
    bool ok = true;
    for (size_t i = 0; ok && i < ps->n_pictures; i++) {
        struct plan_picture *pp = &ps->pictures[i];
        if (pp->said->image_opts.mask.n)        /* the frame is cut around it, and effects find it */
            ok = plan_import(p, ASSET_IMAGE, pp->said->image_opts.mask, &pp->mask);
    }
    return ok;
}
