/* plan_roll.c - one asset had anew: a request that is made once more has a roll */
#include "gen/plan_roll.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/lesson/selection.h"
#include "gen/request.h"

/* ---------- names ---------- */

static struct film_asset *refreshed(const struct plan *p, const char *first)
{
    for (size_t i = 0; i < p->n_refreshed; i++)
        if (memcmp(p->refreshed[i].first, first, DIGEST_HEX) == 0)
            return &p->refreshed[i];
    return NULL;
}

static bool name_of(struct planner *p, const struct want *w, const char *first, int64_t roll, char id[DIGEST_HEX])
{
    struct want again = *w;
    again.seed += w->seed >= 0 ? roll : 0;
    if (roll > 0)
        return request_again(p->o->transport, &again, first, roll, id, p->e);
    memcpy(id, first, DIGEST_HEX);
    return true;
}

/* What an interrupted run has begun is finished; else one more. */
static bool next_roll(struct planner *p, const struct want *w, const char *first, int64_t *roll)
{
    char id[DIGEST_HEX];
    struct store_entry found = { .state = STORE_MISSING };
    if (!name_of(p, w, first, *roll, id) ||
        (p->o->store && !store_find(p->o->store, id, true, &p->plan->arena, &found, p->e)))
        return false;
    *roll += found.state == STORE_DONE;
    return true;
}

static bool choose_roll(struct planner *p, const struct want *w, const char *first, int64_t *roll)
{
    struct film_asset *anew = p->is_there ? NULL : refreshed(p->plan, first);
    *roll = 0;
    if (anew && anew->roll >= 0) {
        *roll = anew->roll;
        return true;
    }
    if (p->o->store && !store_roll(p->o->store, first, roll, p->e))
        return false;
    if (!anew)
        return true;
    if (!next_roll(p, w, first, roll))
        return false;
    anew->roll = *roll;
    return true;
}

static void add(struct film_asset **list, size_t *n, const char *first, int64_t roll)
{
    for (size_t i = 0; i < *n; i++)
        if (memcmp((*list)[i].first, first, DIGEST_HEX) == 0)
            return;
    *list = mem_resize(*list, *n + 1, sizeof **list);
    struct film_asset *a = &(*list)[(*n)++];
    a->roll = roll;
    memcpy(a->first, first, DIGEST_HEX);
}

static bool is_meant(const struct planner *p, const struct want *w)
{
    const struct plan_refresh *r = &p->o->refresh;
    bool is_picture = w->kind != ASSET_SPEECH;
    return p->refreshed && !p->is_there && w->kind == r->kind && p->section < p->film->n_sections &&
           p->film->sections[p->section].section == p->refreshed &&
           (!is_picture || r->part == 0 || r->part == p->picture + 1);
}

bool plan_name(struct planner *p, struct want *w, char id[DIGEST_HEX], struct film_asset *out)
{
    *out = (struct film_asset){ 0 };
    if (!request_fetch(p->o->transport, w, out->first, p->e) || !choose_roll(p, w, out->first, &out->roll) ||
        !name_of(p, w, out->first, out->roll, id))
        return false;
    w->seed += w->seed >= 0 ? out->roll : 0;
    if (is_meant(p, w))
        add(&p->plan->refreshed, &p->plan->n_refreshed, out->first, -1);
    if (!p->is_there && p->film)
        add(&p->film->assets, &p->film->n_assets, out->first, out->roll);
    return true;
}

/* ---------- which one is meant ---------- */

static bool find_section(const struct lesson *const *lessons, size_t n, struct str said, size_t *lesson,
                         const struct section **out, struct err *e)
{
    struct err none = { 0 };
    size_t n_lessons = 0, n_found = 0;
    for (size_t i = 0; i < n; i++) {
        struct arena a = { 0 };
        bool *chosen = arena_array(&a, lessons[i]->n_sections, sizeof *chosen);
        n_lessons += lessons[i]->shape.n == 0;
        bool is_found = lessons[i]->shape.n == 0 && selection_of(said, lessons[i], chosen, &none);
        for (size_t k = 0; is_found && k < lessons[i]->n_sections; k++)
            if (chosen[k] && n_found++ == 0) {
                *lesson = i;
                *out = &lessons[i]->sections[k];
            }
        arena_deinit(&a);
    }
    if (n_found == 0 && n_lessons == 1) {
        *e = none;
        return false;
    }
    if (n_found == 0)
        return err_set(e, ERR_USAGE, "--section " STR_FMT ": no lesson has such a section", STR_ARG(said));
    return n_found == 1 || err_set(e, ERR_USAGE, "--section " STR_FMT " means %zu sections%s, and one asset is had anew at a time",
                                   STR_ARG(said), n_found, n_lessons > 1 ? "; name one lesson" : "");
}

static const char *thing(enum asset_kind kind)
{
    return kind == ASSET_SPEECH ? "narration" : kind == ASSET_VIDEO ? "clip" : "picture";
}

/* Of what the section buys of that kind. */
static bool keep_one(struct plan *p, const struct plan_refresh *r, const struct section *s, struct err *e)
{
    const char *id = s->id.p;
    if (p->n_refreshed == 0)
        return err_set(e, ERR_USAGE, "section \"%s\" buys no %s%s: it has none, or one that is made here or is a file of yours", id,
                       r->part ? "such " : "", thing(r->kind));
    if (r->kind != ASSET_SPEECH)
        return p->n_refreshed == 1 ||
               err_set(e, ERR_USAGE, "section \"%s\" buys %zu %ss; say which one: --refresh %s:2", id, p->n_refreshed,
                       thing(r->kind), r->kind == ASSET_VIDEO ? "video" : "image");
    if (r->part == 0)
        return true;
    if (r->part > p->n_refreshed)
        return err_set(e, ERR_USAGE, "the narration of section \"%s\" is spoken in %zu part%s, so there is no part %zu", id,
                       p->n_refreshed, p->n_refreshed == 1 ? "" : "s", r->part);
    p->refreshed[0] = p->refreshed[r->part - 1];
    p->n_refreshed = 1;
    return true;
}

bool plan_refresh(struct plan *p, const struct lesson *const *lessons, size_t n, const struct plan_opts *o, struct err *e)
{
    struct plan_opts quiet = *o;
    size_t at = 0;
    const struct section *section = NULL;
    if (!find_section(lessons, n, o->refresh.section, &at, &section, e))
        return false;
    quiet.log = NULL;                           /* what there is to say is said when it is planned */
    quiet.basis = STR("");
    struct plan look = { .n_films = 1 };
    look.films = arena_alloc(&look.arena, sizeof *look.films);
    look.films[0] = (struct film){ .lesson = lessons[at], .out_path = STR("") };
    struct planner planner = { .plan = &look, .o = &quiet, .film = look.films, .e = &look.films[0].err,
                               .refreshed = section };
    bool ok = !plan_film(&planner) || keep_one(&look, &o->refresh, section, e);
    p->refreshed = look.refreshed;
    p->n_refreshed = look.n_refreshed;
    look.refreshed = NULL;
    look.n_refreshed = 0;
    plan_deinit(&look);
    return ok;
}

/* ---------- in receipts ---------- */

bool plan_has_same_assets(const struct plan *p, struct store *s, const struct json *assets)
{
    bool is = assets && assets->type == JSON_OBJECT;
    for (const struct json *m = is ? assets->child : NULL; m && is; m = m->next) {
        int64_t roll = 0;
        char first[DIGEST_HEX] = "";
        is = digest_is_hex(m->key);
        if (is)
            memcpy(first, m->key.p, m->key.n);
        is = is && !refreshed(p, first) && store_roll(s, first, &roll, NULL) && (double)roll == m->number;
    }
    return is;
}

struct json *plan_assets_json(const struct film *f, struct arena *a)
{
    struct json *o = json_object(a);
    for (size_t i = 0; i < f->n_assets; i++)
        json_set(a, o, arena_str(a, str_from(f->assets[i].first)).p, json_number(a, (double)f->assets[i].roll));
    return o;
}
