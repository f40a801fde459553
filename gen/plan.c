/* plan.c - lessons become a graph of steps */
#include "gen/plan.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/fetch.h"
#include "gen/film.h"
#include "gen/lesson/selection.h"
#include "gen/plan_private.h"
#include "gen/plan_roll.h"
#include "gen/receipt.h"
#include "gen/shots.h"
#include "gen/stamp.h"

/* ---------- nodes ---------- */

struct node *plan_node_new(struct planner *p, enum node_kind kind, enum asset_kind asset)
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

static bool is_remote(const struct node *n)
{
    return n->fetch || n->kind == NODE_SPLICE;
}

struct node *plan_asset_node(struct planner *p, enum node_kind kind, enum asset_kind asset, const char *id,
                             bool *is_new)
{
    struct node **head = bucket(p->plan, id);
    *is_new = false;
    for (struct node *n = *head; n; n = n->same_bucket)
        if (memcmp(n->id, id, sizeof n->id) == 0) {
            p->film->n_shared += is_remote(n);
            return n;
        }
    *is_new = true;
    struct node *n = plan_node_new(p, kind, asset);
    memcpy(n->id, id, sizeof n->id);
    n->same_bucket = *head;
    return *head = n;
}

bool plan_look_up(struct planner *p, struct node *n)
{
    struct store_entry found;
    if (!p->o->store)
        return true;
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
                 "%s/%s %s: an earlier run asked for this and got no answer of use; it may be paid twice",
                 p->film->lesson->id.p, n->of ? n->of->id.p : "", node_step(n));
    n->fetch->is_answered = found.state == STORE_ANSWERED;
    if (found.state == STORE_ANSWERED)
        n->fetch->meta = found.meta;
    if (found.state == STORE_REMOTE)
        n->fetch->remote = found.remote;
    return true;
}

bool plan_probe(struct planner *p, const char *id)
{
    struct store_entry found = { .state = STORE_MISSING };
    bool ok = !p->o->store || store_find(p->o->store, id, true, &p->plan->arena, &found, p->e);
    if (found.state == STORE_MISSING || found.state == STORE_SENT)
        *p->is_there = false;
    return ok;
}

/* ---------- films ---------- */

static void piece_node(struct planner *p, struct plan_section *a, struct plan_section *b, size_t shot)
{
    struct film *f = p->film;
    struct node *n = f->pieces[f->n_pieces++] = plan_node_new(p, NODE_RENDER, ASSET_PIECE);
    n->piece = arena_alloc(&p->plan->arena, sizeof *n->piece);
    n->piece->film = f;
    n->piece->a = a;
    n->piece->b = b;
    n->piece->shot = shot;
}

static void plan_pieces(struct planner *p)
{
    struct film *f = p->film;
    size_t most = f->n_sections;
    for (size_t i = 0; i < f->n_sections; i++)
        most += f->sections[i].n_pictures;
    f->pieces = arena_array(&p->plan->arena, most, sizeof(struct node *));
    f->opening = film_opening(f, &p->plan->arena);
    for (size_t i = 0; i < f->n_sections; i++) {
        p->section = i;
        if (film_has_transition(f, i))
            piece_node(p, i ? &f->sections[i - 1] : f->opening, &f->sections[i], 0);
        f->sections[i].body_at = f->n_pieces;
        for (size_t k = 0; k < f->sections[i].n_pictures; k++)
            piece_node(p, &f->sections[i], NULL, k);
    }
    for (size_t i = 0; i < f->n_sections; i++) {
        for (size_t k = 0; k < f->sections[i].n_pictures; k++) {
            film_await(f, &f->sections[i], f->sections[i].pictures[k].image);
            film_await(f, &f->sections[i], f->sections[i].pictures[k].mask);
        }
        film_await(f, &f->sections[i], f->sections[i].speech);
        film_await(f, &f->sections[i], f->sections[i].plan);
        film_await(f, &f->sections[i], f->sections[i].mark);
    }
    p->section = f->n_sections;
    f->join = plan_node_new(p, NODE_JOIN, ASSET_VIDEO);
    f->join->film = f;
    for (size_t i = 0; i < f->n_pieces; i++)
        node_add_user(f->pieces[i], f->join);
}

/* A section's pictures; one that says no list has the one of its own fields. */
static void plan_pictures(struct plan_section *ps, struct arena *a)
{
    const struct section *s = ps->section;
    const struct section_picture *said = s->pictures;
    ps->n_pictures = s->n_pictures ? s->n_pictures : 1;
    if (!s->n_pictures) {
        struct section_picture *one = arena_alloc(a, sizeof *one);
        *one = (struct section_picture){
            .image_prompt = s->image_prompt, .video_prompt = s->video_prompt, .image = s->image, .video = s->video,
            .image_opts = s->image_opts, .clip = s->clip, .effects = s->effects, .n_effects = s->n_effects,
            .at = -1, .mark = SIZE_MAX, .seconds = -1, .pos = s->pos,
        };
        said = one;
    }
    ps->pictures = arena_array(a, ps->n_pictures, sizeof *ps->pictures);
    ps->shots = arena_array(a, ps->n_pictures, sizeof *ps->shots);
    for (size_t i = 0; i < ps->n_pictures; i++)
        ps->pictures[i] = (struct plan_picture){ .said = &said[i], .effects = said[i].effects,
                                                 .n_effects = said[i].n_effects,
                                                 .words = shots_words(s->narration, i, ps->n_pictures) };
}

static bool choose_sections(struct planner *p)
{
    struct film *f = p->film;
    const struct lesson *l = f->lesson;
    bool *chosen = arena_array(&p->plan->arena, l->n_sections, sizeof *chosen);
    f->sections = arena_array(&p->plan->arena, l->n_sections, sizeof *f->sections);
    if (!selection_of(p->o->only, l, chosen, p->e))
        return false;
    for (size_t i = 0; i < l->n_sections; i++)
        if (chosen[i])
            f->sections[f->n_sections++].section = &l->sections[i];
    for (size_t i = 0; i < f->n_sections; i++)
        plan_pictures(&f->sections[i], &p->plan->arena);
    return true;
}

static bool is_same_chain(const struct chain *a, const struct chain *b)
{
    return a->n == b->n && memcmp(a->v, b->v, a->n * sizeof *a->v) == 0;
}

/* The first section whose voice this one's must follow. */
static const struct plan_section *voice_of(const struct film *f, const struct plan_section *ps)
{
    if (ps->speech_by.n < 2 || ps->section->voice.fallback != FALLBACK_LESSON)
        return NULL;
    for (size_t i = 0; i < f->n_sections; i++)
        if (f->sections[i].section->voice.fallback == FALLBACK_LESSON &&
            is_same_chain(&f->sections[i].speech_by, &ps->speech_by))
            return &f->sections[i];
    return NULL;
}

/* What one section could not be asked of a provider is not asked of it for the others either: one voice. */
static bool bind_voices(struct planner *p)
{
    struct film *f = p->film;
    for (size_t i = 0; i < f->n_sections; i++)
        f->sections[i].bound = voice_of(f, &f->sections[i]);
    for (size_t i = 0; i < f->n_sections; i++)
        for (size_t k = 0; f->sections[i].bound && k < f->n_sections; k++) {
            struct plan_section *ps = &f->sections[k];
            if (ps->bound != f->sections[i].bound || ps->speech_by.at >= f->sections[i].speech_by.at)
                continue;
            ps->speech_by.at = f->sections[i].speech_by.at;
            p->section = k;
            if (!plan_speech(p, ps))
                return err_wrap(p->e, "section \"%s\", narration", ps->section->id.p);
        }
    return true;
}

/* What it is made of and what it became are as they were: nothing of it is looked at. */
static bool is_up_to_date(struct planner *p)
{
    struct film *f = p->film;
    const struct json *assets = NULL;
    struct arena scratch = { 0 };
    stamp_of(f->lesson, f->out_path, p->o, f->stamp);
    bool is = f->stamp[0] && !p->o->is_forced && p->o->store &&
              receipt_is_valid(p->o->store, f->stamp, &scratch, &f->result, &assets) &&
              plan_has_same_assets(p->plan, p->o->store, assets);
    arena_deinit(&scratch);
    if (!is)
        return false;
    f->join = plan_node_new(p, NODE_JOIN, ASSET_VIDEO);
    f->join->film = f;
    f->join->is_cached = true;
    node_enter(f->join, NODE_DONE);
    return f->is_planned = f->is_up_to_date = true;
}

bool plan_film(struct planner *p)
{
    struct film *f = p->film;
    if (is_up_to_date(p))
        return true;
    if (!choose_sections(p))
        return false;
    for (size_t i = 0; i < f->n_sections; i++) {
        const struct section *s = f->sections[i].section;
        p->section = i;
        if (!plan_images(p, &f->sections[i]))
            return err_wrap(p->e, "section \"%s\"", s->id.p);
        if (!plan_speech(p, &f->sections[i]))
            return err_wrap(p->e, "section \"%s\", narration", s->id.p);
        if (!plan_masks(p, &f->sections[i]))
            return err_wrap(p->e, "section \"%s\", mask", s->id.p);
        if (!plan_mark(p, &f->sections[i]))
            return err_wrap(p->e, "section \"%s\", watermark", s->id.p);
    }
    if (!bind_voices(p))
        return false;
    if (!plan_effects(p))
        return err_wrap(p->e, "effects");
    plan_pieces(p);
    return f->is_planned = true;
}

/* The section that asked first still wants it: its lesson can be planned, and has not gone on to another voice. */
static bool is_kept(const struct plan *plan, const struct node *n)
{
    const struct film *f = &plan->films[n->lesson];
    const struct plan_section *ps = f->is_planned && n->section < f->n_sections ? &f->sections[n->section] : NULL;
    bool is_part = false;
    for (size_t i = 0; ps && i < ps->n_pictures; i++)
        is_part = is_part || ps->pictures[i].image == n || ps->pictures[i].mask == n;
    for (size_t i = 0; ps && ps->speech && ps->speech->splice && i < ps->speech->splice->spec.n_parts; i++)
        is_part = is_part || ps->speech->splice->parts[i] == n;
    return ps && (is_part || ps->speech == n || ps->plan == n || ps->mark == n);
}

/* An asset of a lesson that cannot be made may be wanted by one that can: then it is that one's. */
static void adopt_one(struct plan *plan, size_t lesson, size_t section, struct node *n)
{
    if (!n || is_kept(plan, n))
        return;
    n->lesson = lesson;
    n->section = section;
    n->of = plan->films[lesson].sections[section].section;
}

static void adopt(struct plan *plan, size_t lesson, size_t section, struct node *n)
{
    if (n && !is_kept(plan, n) && is_remote(n))
        plan->films[lesson].n_shared--; /* it had found the other's, and now it is its own */
    adopt_one(plan, lesson, section, n);
    for (size_t i = 0; n && n->splice && i < n->splice->spec.n_parts; i++)
        adopt_one(plan, lesson, section, n->splice->parts[i]);
}

/* What the run will ask for and what that costs, over the lessons that can be made. */
static void add_up(struct plan *plan)
{
    for (size_t i = 0; i < plan->n_nodes; i++) {
        const struct node *n = plan->nodes[i];
        if (!plan->films[n->lesson].is_planned || node_is_idle(n))
            continue;
        plan->n_hits += n->state == NODE_DONE;
        if (n->state == NODE_DONE || !n->fetch || n->fetch->is_answered || n->fetch->remote.n)
            continue;
        plan->n_calls++;
        plan->n_unpriced += n->fetch->quote.money < 0;
        plan->estimate += n->fetch->quote.money > 0 ? n->fetch->quote.money : 0;
    }
}

bool plan_build(struct plan *plan, const struct lesson *const *lessons, const struct str *out_paths, size_t n,
                const struct plan_opts *o, struct err *e)
{
    plan->films = arena_array(&plan->arena, n, sizeof *plan->films);
    plan->n_films = n;
    if (o->refresh.is_wanted && !plan_refresh(plan, lessons, n, o, e))
        return false;
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
            const struct plan_section *ps = &plan->films[i].sections[k];
            for (size_t m = 0; m < ps->n_pictures; m++) {
                adopt(plan, i, k, ps->pictures[m].image);
                adopt(plan, i, k, ps->pictures[m].mask);
            }
            adopt(plan, i, k, ps->speech);
            adopt(plan, i, k, ps->plan);
            adopt(plan, i, k, ps->mark);
        }
    add_up(plan);
    return true;
}

void plan_deinit(struct plan *p)
{
    for (size_t i = 0; i < p->n_nodes; i++)
        free(p->nodes[i]->users);
    free(p->nodes);
    for (size_t i = 0; i < p->n_films; i++)
        free(p->films[i].assets);
    free(p->refreshed);
    arena_deinit(&p->run);
    arena_deinit(&p->arena);
    *p = (struct plan){ 0 };
}
