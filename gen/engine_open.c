/* engine_open.c - lessons and sections whose turn it is, under the caps on either */
#include "gen/engine_private.h"
#include "gen/film.h"

/* Where films are only fetched, an answer that has come is as good as one that is kept and checked: that needs no
 * service, and so no place of its own. */
static bool is_over(const struct engine *g, const struct node *n)
{
    return !n || node_is_settled(n) || (g->o->fetch_only && n->fetch && n->fetch->has_come);
}

/* The body of a section whose voice goes with others' waits for sections that are not open yet. */
static bool is_section_over(const struct engine *g, const struct film *f, const struct plan_section *s)
{
    bool is = is_over(g, s->speech) && is_over(g, s->plan) && is_over(g, s->mark);
    for (size_t i = 0; is && i < s->n_pictures; i++)
        is = is_over(g, s->pictures[i].image) && is_over(g, s->pictures[i].mask) &&
             (g->o->fetch_only || s->bound || node_is_settled(f->pieces[s->body_at + i]));
    return is;
}

void engine_has_come(struct engine *g, struct node *n)
{
    g->n_settled += !n->fetch->has_come;
    n->fetch->has_come = true;
}

/* An asset waits for the turn of the section that owns it. */
static void open_asset(struct engine *g, size_t lesson, size_t section, struct node *n)
{
    if (n && n->lesson == lesson && n->section == section && n->n_waiting == 0)
        engine_ready(g, n);
}

static void open_section(struct engine *g, size_t lesson, size_t section)
{
    struct film *f = &g->plan->films[lesson];
    struct open_lesson *l = &g->lessons[lesson];
    struct plan_section *s = &f->sections[section];
    const struct splice *splice = s->speech ? s->speech->splice : NULL;
    l->is_section_open[section] = true;
    l->n_open_sections++;
    for (size_t i = 0; i < s->n_pictures; i++) {
        open_asset(g, lesson, section, s->pictures[i].image);
        open_asset(g, lesson, section, s->pictures[i].mask);
    }
    for (size_t i = 0; splice && i < splice->spec.n_parts; i++)
        open_asset(g, lesson, section, splice->parts[i]);
    open_asset(g, lesson, section, s->speech);
    open_asset(g, lesson, section, s->plan);
    open_asset(g, lesson, section, s->mark);
}

static void close_sections(struct engine *g, size_t lesson)
{
    struct film *f = &g->plan->films[lesson];
    struct open_lesson *l = &g->lessons[lesson];
    for (size_t i = 0; i < l->next_section; i++)
        if (l->is_section_open[i] && is_section_over(g, f, &f->sections[i])) {
            l->is_section_open[i] = false;
            l->n_open_sections--;
        }
}

/* A section whose assets are all there when it opens closes at once and makes room for the next one. */
static void open_sections(struct engine *g, size_t lesson)
{
    struct film *f = &g->plan->films[lesson];
    struct open_lesson *l = &g->lessons[lesson];
    size_t before;
    do {
        before = l->next_section;
        if (g->cap_sections < f->n_sections)
            close_sections(g, lesson);
        while (!g->is_stopping && l->next_section < f->n_sections && l->n_open_sections < g->cap_sections)
            open_section(g, lesson, l->next_section++);
    } while (l->next_section != before);
}

static void open_lesson(struct engine *g, size_t i)
{
    struct film *f = &g->plan->films[i];
    struct open_lesson *l = &g->lessons[i];
    g->n_open_lessons++;
    g->status_lessons[i].state = LESSON_OPEN;
    l->is_section_open = arena_array(&g->arena, f->n_sections, sizeof(bool));
    open_sections(g, i);
    for (size_t k = 0; k < f->n_pieces && !g->o->fetch_only; k++)
        if (f->pieces[k]->n_waiting == 0)
            engine_ready(g, f->pieces[k]);
}

void engine_lesson_leaves(struct engine *g, size_t i)
{
    struct open_lesson *l = &g->lessons[i];
    g->n_open_lessons -= g->status_lessons[i].state == LESSON_OPEN && !l->has_left;
    l->has_left = true;
}

static bool is_lesson_over(const struct engine *g, size_t i)
{
    const struct film *f = &g->plan->films[i];
    bool is = g->lessons[i].next_section == f->n_sections;
    for (size_t k = 0; is && k < f->n_sections; k++)
        is = is_section_over(g, f, &f->sections[k]);
    return is;
}

static void let_lessons_leave(struct engine *g)
{
    if (!g->o->fetch_only || g->next_lesson == g->plan->n_films || g->n_settled == g->n_films_seen)
        return;
    g->n_films_seen = g->n_settled;
    for (size_t i = 0; i < g->next_lesson; i++)
        if (g->status_lessons[i].state == LESSON_OPEN && !g->lessons[i].has_left && is_lesson_over(g, i))
            engine_lesson_leaves(g, i);
}

void engine_open_lessons(struct engine *g)
{
    let_lessons_leave(g);
    while (!g->is_stopping && g->next_lesson < g->plan->n_films && g->n_open_lessons < g->cap_lessons) {
        size_t i = g->next_lesson++;
        if (g->plan->films[i].is_planned && !g->lessons[i].is_closed)
            open_lesson(g, i);
    }
}

void engine_open_sections(struct engine *g)
{
    if (g->cap_sections == SIZE_MAX || g->n_settled == g->n_settled_seen)
        return; /* all of an open lesson's are open, or nothing was settled */
    g->n_settled_seen = g->n_settled;
    for (size_t i = 0; i < g->next_lesson; i++)
        if (g->status_lessons[i].state == LESSON_OPEN && g->lessons[i].next_section < g->plan->films[i].n_sections)
            open_sections(g, i);
}
