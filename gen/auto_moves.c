/* auto_moves.c - which camera move each picture of a lesson makes where its effects are left to chance */
#include "gen/auto_moves.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "gen/planner.h"

static const char *const names[AUTO_N_MOVES] = {
#define X(id, name) [AUTO_##id] = name,
    AUTO_MOVES(X)
#undef X
};

/* How often each comes: a zoom suits more pictures than a pan does. */
static const unsigned often[AUTO_N_MOVES] = {
    [AUTO_IN] = 2, [AUTO_OUT] = 2, [AUTO_LEFT] = 1, [AUTO_RIGHT] = 1, [AUTO_UP] = 1, [AUTO_DOWN] = 1
};

typedef bool move_set[AUTO_N_MOVES];

static void leave_out(move_set set, const char *name)
{
    for (int m = 1; name && m < AUTO_N_MOVES; m++)
        if (strcmp(names[m], name) == 0)
            set[m] = false;
}

/* No pan goes away from a subject that stands near an edge: at least two moves along each axis and both zooms, less
 * those, are left. */
static void possible(const struct auto_picture *v, size_t n, size_t i, move_set set)
{
    static const double near_edge = 0.25;
    const struct param_rect *f = v[i].focus;
    double x = f ? f->x + f->w / 2 : 0.5, y = f ? f->y + f->h / 2 : 0.5;
    for (int m = 1; m < AUTO_N_MOVES; m++)
        set[m] = true;
    set[AUTO_RIGHT] = x > near_edge;
    set[AUTO_LEFT] = x < 1 - near_edge;
    set[AUTO_DOWN] = y > near_edge;
    set[AUTO_UP] = y < 1 - near_edge;
    if (i > 0 && !v[i - 1].is_auto)
        leave_out(set, v[i - 1].move);
    if (i + 1 < n && !v[i + 1].is_auto)
        leave_out(set, v[i + 1].move);
}

static enum auto_move pick(const move_set set, struct rng *r)
{
    unsigned sum = 0, at;
    int m = 1;
    for (int k = 1; k < AUTO_N_MOVES; k++)
        sum += set[k] ? often[k] : 0;
    for (at = (unsigned)rng_below(r, sum); !set[m] || at >= often[m]; m++)
        at -= set[m] ? often[m] : 0;
    return (enum auto_move)m;
}

/* Each first chooses for itself. Of several that then stand side by side with the same move, every second one takes
 * another, which is not the next one's either. */
void auto_moves(const struct auto_picture *v, size_t n, enum auto_move *moves)
{
    enum auto_move *own = mem_array(n + 1, sizeof *own);
    move_set set = { 0 };
    for (size_t i = 0; i < n; i++) {
        struct rng r = { v[i].seed };
        possible(v, n, i, set);
        own[i] = v[i].is_auto ? pick(set, &r) : AUTO_ANY;
    }
    for (size_t i = 0, begin = 0; i < n; i++) {
        if (i == 0 || own[i] != own[i - 1])
            begin = i;
        moves[i] = own[i];
        if (!v[i].is_auto || (i - begin) % 2 == 0)
            continue;
        struct rng r = { v[i].seed + 1 };
        possible(v, n, i, set);
        set[own[i]] = false;
        if (i + 1 < n && v[i + 1].is_auto)
            set[own[i + 1]] = false;
        moves[i] = pick(set, &r);
    }
    free(own);
}

const char *auto_move_name(enum auto_move m)
{
    return names[m];
}

uint64_t auto_seed(const struct lesson *l, const struct section *s, size_t picture)
{
    return rng_from_text(s->id, (uint64_t)(l->style.seed + 1) + ((uint64_t)picture << 32)).state;
}

static struct auto_picture picture_of(const struct choice *effects, size_t n, const struct param_rect *focus,
                                      uint64_t seed)
{
    struct auto_picture p = { .focus = isnan(focus->x) ? NULL : focus, .seed = seed };
    for (size_t i = 0; i < n; i++) {
        const char *name = effects[i].row ? effects[i].row->name : "";
        p.is_auto = p.is_auto || strcmp(name, "auto") == 0;
        p.move = p.move ? p.move : planner_move_of(name);
    }
    return p;
}

const enum auto_move *const *auto_moves_of(const struct lesson *l, struct arena *a)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_sections; i++)
        n += l->sections[i].n_pictures ? l->sections[i].n_pictures : 1;
    struct auto_picture *v = arena_array(a, n + 1, sizeof *v);
    enum auto_move *moves = arena_array(a, n + 1, sizeof *moves);
    const enum auto_move **by_section = arena_array(a, l->n_sections + 1, sizeof *by_section);
    n = 0;
    for (size_t i = 0; i < l->n_sections; i++) {
        const struct section *s = &l->sections[i];
        by_section[i] = moves + n;
        if (s->n_pictures == 0)
            v[n++] = picture_of(s->effects, s->n_effects, &s->image_opts.focus, auto_seed(l, s, 0));
        for (size_t k = 0; k < s->n_pictures; k++) {
            const struct section_picture *p = &s->pictures[k];
            v[n++] = picture_of(p->effects, p->n_effects, &p->image_opts.focus, auto_seed(l, s, k));
        }
    }
    auto_moves(v, n, moves);
    return by_section;
}
