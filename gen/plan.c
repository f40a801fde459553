/* plan.c - lessons become a graph of steps */
#include "gen/plan.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/fetch.h"
#include "gen/film.h"
#include "gen/lesson/files.h"
#include "gen/names.h"
#include "gen/phrases.h"
#include "gen/pronounce.h"
#include "gen/request.h"

enum { IMPORT_MAX = 256 << 20, SVG_MAX = 4 << 20, N_PHRASES = 4 };

/* A slide is drawn larger than the frame, so that a slow zoom into it stays sharp. */
static const double slide_oversize = 1.25;

struct planner {                                /* what the functions below pass round */
    struct plan *plan;
    const struct plan_opts *o;
    struct film *film;
    size_t section;
    struct err *e;
};

/* ---------- nodes ---------- */

static struct node *node_new(struct planner *p, enum node_kind kind, enum asset_kind asset)
{
    struct plan *plan = p->plan;
    struct node *n = arena_alloc(&plan->arena, sizeof *n);
    n->kind = kind;
    n->asset = asset;
    n->lesson = p->film->index;
    n->section = p->section;
    n->of = p->section < p->film->n_sections ? p->film->sections[p->section].section : NULL;
    if (plan->n_nodes == plan->cap_nodes) {
        plan->cap_nodes = plan->cap_nodes ? plan->cap_nodes * 2 : 64;
        plan->nodes = mem_resize(plan->nodes, plan->cap_nodes, sizeof(struct node *));
    }
    plan->nodes[plan->n_nodes++] = n;
    return n;
}

static struct node **bucket(struct plan *plan, const char *id)
{
    return &plan->by_id[strtoul((char[]){ id[0], id[1], id[2], '\0' }, NULL, 16) % PLAN_BUCKETS];
}

/* The node that makes this asset: an equal one that is there already, or a new one. */
static struct node *asset_node(struct planner *p, enum node_kind kind, enum asset_kind asset, const char *id,
                               bool *is_new)
{
    struct node **head = bucket(p->plan, id);
    *is_new = false;
    for (struct node *n = *head; n; n = n->same_bucket)
        if (memcmp(n->id, id, sizeof n->id) == 0)
            return n;
    *is_new = true;
    struct node *n = node_new(p, kind, asset);
    memcpy(n->id, id, sizeof n->id);
    n->same_bucket = *head;
    return *head = n;
}

/* What the store knows of the asset decides where its node begins. */
static bool look_up(struct planner *p, struct node *n)
{
    struct store_entry found;
    if (!store_find(p->o->store, n->id, false, &p->plan->arena, &found, p->e))
        return false;
    if (found.state == STORE_DONE) {
        n->blob = found.blob;
        n->is_cached = true;
        node_enter(n, NODE_DONE);
        return true;
    }
    if (!n->fetch)
        return true;
    if (found.state == STORE_SENT)
        log_warn(p->o->log,
                 "%s/%s %s: an earlier run asked for this and was stopped before the answer; it may be paid twice",
                 p->film->lesson->id.p, n->of ? n->of->id.p : "", node_step(n));
    n->fetch->is_answered = found.state == STORE_ANSWERED;
    if (found.state == STORE_ANSWERED)
        n->fetch->meta = found.meta;
    if (found.state == STORE_REMOTE)
        n->fetch->remote = found.remote;
    return true;
}

/* ---------- which provider ---------- */

/* kind ASSET_N_KINDS: of any kind */
static const struct provider_info *provider_named(const struct transport *t, enum asset_kind kind, struct str name)
{
    for (const struct provider_info *const *v = t->providers(t->ctx); *v; v++)
        if ((kind == ASSET_N_KINDS || (*v)->kind == kind) && str_eq((*v)->id, name))
            return *v;
    return NULL;
}

static bool is_unset(struct str s)
{
    return s.n == 0 || str_is(s, "default") || str_is(s, "auto");
}

static bool no_such_provider(const struct transport *t, enum asset_kind kind, struct str name, const char *builtin,
                             struct err *e)
{
    struct nearest near = nearest_begin(name);
    char hint[100];
    nearest_offer(&near, str_from(builtin));
    for (const struct provider_info *const *v = t->providers(t->ctx); *v; v++)
        if ((*v)->kind == kind)
            nearest_offer(&near, (*v)->id);
    nearest_hint(&near, hint, sizeof hint);
    return err_set(e, ERR_CONFIG, "no %s provider is called \"" STR_FMT "\"%s", asset_kind_name(kind), STR_ARG(name),
                   hint[0] ? hint : "; `vidgen list providers` shows them");
}

/* NULL with *ok: made here by `builtin`. Nearest value wins: command line, section and lesson, config.yaml; "auto" is
 * the first one whose key is set: what needs none is only taken by name. */
static const struct provider_info *choose_provider(struct planner *p, enum asset_kind kind, struct str cli,
                                                   struct str lesson, struct str config, const char *builtin, bool *ok)
{
    const struct transport *t = p->o->transport;
    struct str name = !is_unset(cli) ? cli : !is_unset(lesson) ? lesson : config;
    *ok = true;
    if (str_is(name, builtin))
        return NULL;
    if (is_unset(name)) {
        for (const struct provider_info *const *v = t->providers(t->ctx); *v; v++)
            if ((*v)->kind == kind && (*v)->has_key && (*v)->key_env.n && !(*v)->is_keyless)
                return *v;
        return NULL;
    }
    const struct provider_info *found = provider_named(t, kind, name);
    const struct provider_info *other = found ? NULL : provider_named(t, ASSET_N_KINDS, name);
    if (other)
        *ok = err_set(p->e, ERR_CONFIG,
                      "provider " STR_FMT " is for %s and cannot be used for %s; `vidgen list providers` shows "
                      "which can",
                      STR_ARG(name), other->makes, asset_kind_name(kind));
    else if (!found)
        *ok = no_such_provider(t, kind, name, builtin, p->e);
    else if (!found->has_key)
        *ok = err_set(p->e, ERR_AUTH, "provider " STR_FMT " cannot be used yet: set " STR_FMT, STR_ARG(name),
                      STR_ARG(found->needs));
    return *ok ? found : NULL;
}

/* ---------- remote assets ---------- */

static double price(const struct provider_info *info, const struct want *w)
{
    if (w->kind == ASSET_IMAGE)
        return info->price_image;
    return info->price_1k_chars < 0 ? -1 : info->price_1k_chars * (double)text_length(w->text) / 1000;
}

static bool plan_fetch(struct planner *p, enum node_kind kind, const struct want *w, const struct provider_info *info,
                       struct node **out)
{
    char id[DIGEST_HEX];
    bool is_new;
    size_t chars = text_length(w->text);
    if (info->max_chars > 0 && chars > (size_t)info->max_chars)
        return err_set(p->e, ERR_NOT_YET,
                       "%zu characters, and " STR_FMT " takes %lld at once; splitting is not done yet, shorten it",
                       chars, STR_ARG(info->id), (long long)info->max_chars);
    if (!request_fetch(p->o->transport, w, id, p->e))
        return false;
    struct node *n = *out = asset_node(p, kind, w->kind, id, &is_new);
    if (!is_new)
        return true;
    n->fetch = arena_alloc(&p->plan->arena, sizeof *n->fetch);
    *n->fetch = (struct fetch){ .want = *w, .provider = info, .temp.fd = -1, .estimate = price(info, w) };
    return look_up(p, n);
}

static struct str prompt_of(struct planner *p, const struct section *s)
{
    struct str style = p->film->lesson->style.prompt;
    if (style.n == 0)
        return s->image_prompt;
    return arena_printf(&p->plan->arena, STR_FMT ". " STR_FMT, STR_ARG(s->image_prompt), STR_ARG(style));
}

static struct str none_if_default(struct str s)
{
    return is_unset(s) ? (struct str){ "", 0 } : s;
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

static bool plan_import(struct planner *p, enum asset_kind kind, struct str file, struct node **out)
{
    struct buf bytes = BUF_INIT(IMPORT_MAX);
    char content[DIGEST_HEX], id[DIGEST_HEX];
    bool is_new, ok = read_file(p, file, IMPORT_MAX, &bytes);
    if (ok) {
        digest_of(bytes.p, bytes.n, content);
        struct str said = kind == ASSET_SPEECH ? p->film->sections[p->section].section->narration : STR("");
        request_import(kind, content, said, p->o->renderer->version(p->o->renderer->ctx), id);
        struct node *n = *out = asset_node(p, NODE_IMPORT, kind, id, &is_new);
        n->file = file;
        n->file_of = p->film->lesson;           /* equal bytes in another directory have another name */
        ok = !is_new || look_up(p, n);
    }
    buf_deinit(&bytes);
    return ok;
}

/* What the program draws when a section says nothing about a slide: its title and the phrases that tell most. */
static const struct slide_opts *derived_slide(struct planner *p, const struct section *s)
{
    struct slide_opts *d = arena_alloc(&p->plan->arena, sizeof *d);
    const struct lesson *l = p->film->lesson;
    d->heading = s->title.n ? s->title : l->title;
    d->theme = p->o->config->theme;
    d->n_bullets = phrases_pick(&p->plan->arena, s->narration, l->language, N_PHRASES, &d->bullets);
    return d;
}

static bool plan_slide(struct planner *p, const struct section *s, struct node **out)
{
    struct arena *a = &p->plan->arena;
    const struct lesson *l = p->film->lesson;
    struct slide_spec *spec = arena_alloc(a, sizeof *spec);
    struct slide_opts *slide = arena_alloc(a, sizeof *slide);
    *slide = s->has_slide ? s->slide : *derived_slide(p, s);
    if (slide->theme.n == 0)
        slide->theme = p->o->config->theme;
    *spec = (struct slide_spec){
        .slide = slide, .title = s->title.n ? s->title : l->title, .language = l->language,
        .width = (int)(l->video.width * slide_oversize), .height = (int)(l->video.height * slide_oversize),
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
    struct node *n = *out = asset_node(p, NODE_DRAW, ASSET_IMAGE, id, &is_new);
    n->slide = spec;
    return !is_new || look_up(p, n);
}

static bool plan_image(struct planner *p, const struct section *s, struct node **out)
{
    bool ok = true;
    if (s->image.n)
        return plan_import(p, ASSET_IMAGE, s->image, out);
    if (s->image_prompt.n) {
        const struct provider_info *info = choose_provider(p, ASSET_IMAGE, p->o->image_provider, s->image_opts.provider,
                                                           p->o->config->use.image, "slide", &ok);
        if (!ok)
            return false;
        const struct lesson *l = p->film->lesson;
        const struct want w = {
            .kind = ASSET_IMAGE, .provider = info ? info->id : (struct str){ 0 }, .text = prompt_of(p, s),
            .negative = l->style.negative, .model = none_if_default(s->image_opts.model),
            .size = none_if_default(s->image_opts.size), .speed = 1, .seed = l->style.seed,
            .width = l->video.width, .height = l->video.height,
        };
        if (info)
            return plan_fetch(p, NODE_FETCH_IMAGE, &w, info, out);
    }
    if (s->has_background && !s->has_slide && s->image_prompt.n == 0)
        return true;
    return plan_slide(p, s, out);
}

/* ---------- speech ---------- */

static struct str neighbour_text(const struct planner *p, size_t i)
{
    return i < p->film->n_sections ? p->film->sections[i].section->narration : (struct str){ "", 0 };
}

static bool plan_speech(struct planner *p, const struct section *s, struct node **out)
{
    struct arena *a = &p->plan->arena;
    bool ok, is_new;
    if (s->audio.n)
        return plan_import(p, ASSET_SPEECH, s->audio, out);
    if (s->narration.n == 0)
        return true;
    const struct provider_info *info = choose_provider(p, ASSET_SPEECH, p->o->speech_provider, s->voice.provider,
                                                       p->o->config->use.speech, "espeak", &ok);
    if (!ok)
        return false;
    if (info) {
        const struct want w = {
            .kind = ASSET_SPEECH,
            .provider = info->id,
            .text = pronounce_apply(s->narration, &s->voice, a),
            .voice = none_if_default(s->voice.voice),
            .model = none_if_default(s->voice.model),
            .speed = s->voice.speed,
            .seed = -1,
            .prev = p->section ? neighbour_text(p, p->section - 1) : (struct str){ "", 0 },
            .next = neighbour_text(p, p->section + 1),
        };
        return plan_fetch(p, NODE_FETCH_SPEECH, &w, info, out);
    }
    struct speak_spec *spec = arena_alloc(a, sizeof *spec);
    *spec = (struct speak_spec){ .text = s->narration, .voice = &s->voice, .language = p->film->lesson->language };
    char id[DIGEST_HEX];
    request_speak(spec, p->o->renderer->version(p->o->renderer->ctx), id);
    struct node *n = *out = asset_node(p, NODE_SPEAK, ASSET_SPEECH, id, &is_new);
    n->speak = spec;
    return !is_new || look_up(p, n);
}

/* ---------- films ---------- */

static void piece_node(struct planner *p, struct plan_section *a, struct plan_section *b, struct node **out)
{
    struct film *f = p->film;
    struct node *n = *out = f->pieces[f->n_pieces++] = node_new(p, NODE_RENDER, ASSET_PIECE);
    n->piece = arena_alloc(&p->plan->arena, sizeof *n->piece);
    n->piece->film = f;
    n->piece->a = a;
    n->piece->b = b;
    struct node *const inputs[] = { a->image, a->speech, b ? b->image : NULL, b ? b->speech : NULL };
    for (size_t i = 0; i < COUNTOF(inputs); i++)
        if (inputs[i] && inputs[i]->state != NODE_DONE)
            node_add_user(inputs[i], n);
}

static void plan_pieces(struct planner *p)
{
    struct film *f = p->film;
    struct node *transition;
    f->pieces = arena_array(&p->plan->arena, 2 * f->n_sections, sizeof(struct node *));
    f->opening = film_opening(f, &p->plan->arena);
    for (size_t i = 0; i < f->n_sections; i++) {
        p->section = i;
        if (film_has_transition(f, i))
            piece_node(p, i ? &f->sections[i - 1] : f->opening, &f->sections[i], &transition);
        piece_node(p, &f->sections[i], NULL, &f->sections[i].body);
    }
    p->section = f->n_sections;
    f->join = node_new(p, NODE_JOIN, ASSET_VIDEO);
    f->join->film = f;
    for (size_t i = 0; i < f->n_pieces; i++)
        node_add_user(f->pieces[i], f->join);
}

static bool plan_film(struct planner *p)
{
    struct film *f = p->film;
    f->n_sections = f->lesson->n_sections;
    f->sections = arena_array(&p->plan->arena, f->n_sections, sizeof *f->sections);
    for (size_t i = 0; i < f->n_sections; i++)
        f->sections[i].section = &f->lesson->sections[i];
    for (size_t i = 0; i < f->n_sections; i++) {
        const struct section *s = f->sections[i].section;
        p->section = i;
        if (!plan_image(p, s, &f->sections[i].image))
            return err_wrap(p->e, "section \"%s\", picture", s->id.p);
        if (!plan_speech(p, s, &f->sections[i].speech))
            return err_wrap(p->e, "section \"%s\", narration", s->id.p);
    }
    plan_pieces(p);
    return f->is_planned = true;
}

/* An asset of a lesson that cannot be made may be wanted by one that can: then it is that one's. */
static void adopt(struct plan *plan, size_t lesson, size_t section, struct node *n)
{
    if (!n || plan->films[n->lesson].is_planned)
        return;
    n->lesson = lesson;
    n->section = section;
    n->of = plan->films[lesson].sections[section].section;
}

/* What the run will ask for and what that costs, over the lessons that can be made. */
static void add_up(struct plan *plan)
{
    for (size_t i = 0; i < plan->n_nodes; i++) {
        const struct node *n = plan->nodes[i];
        if (!plan->films[n->lesson].is_planned)
            continue;
        plan->n_hits += n->state == NODE_DONE;
        if (n->state == NODE_DONE || !n->fetch || n->fetch->is_answered || n->fetch->remote.n)
            continue;
        plan->n_calls++;
        plan->n_unpriced += n->fetch->estimate < 0;
        plan->estimate += n->fetch->estimate > 0 ? n->fetch->estimate : 0;
    }
}

bool plan_build(struct plan *plan, const struct lesson *const *lessons, const struct str *out_paths, size_t n,
                const struct plan_opts *o, struct err *e)
{
    plan->films = arena_array(&plan->arena, n, sizeof *plan->films);
    plan->n_films = n;
    for (size_t i = 0; i < n; i++) {
        struct film *f = &plan->films[i];
        f->lesson = lessons[i];
        f->index = i;
        f->out_path = out_paths[i];
        struct planner p = { .plan = plan, .o = o, .film = f, .e = &f->err };
        if (plan_film(&p))
            continue;
        if (f->err.code == ERR_STORE) {
            *e = f->err;
            return false;
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; plan->films[i].is_planned && k < plan->films[i].n_sections; k++) {
            adopt(plan, i, k, plan->films[i].sections[k].image);
            adopt(plan, i, k, plan->films[i].sections[k].speech);
        }
    add_up(plan);
    return true;
}

void plan_deinit(struct plan *p)
{
    for (size_t i = 0; i < p->n_nodes; i++)
        free(p->nodes[i]->users);
    free(p->nodes);
    arena_deinit(&p->run);
    arena_deinit(&p->arena);
    *p = (struct plan){ 0 };
}
