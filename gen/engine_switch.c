/* engine_switch.c - an asset whose provider cannot serve goes to the next one of its section's list
 *
 * Sections move, not nodes: sections that shared an asset may go on to different ones (a slide is drawn from a section's
 * own words), and what they go on to may be there already. A node that nobody needs any more is settled in silence. */
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/engine_private.h"
#include "gen/film.h"
#include "gen/names.h"
#include "gen/plan_private.h"

/* Failures after which another provider may do better, and nothing can have been paid for. */
static const bool may_go_on[ERR_N_CODES] = {
    [ERR_NET] = true, [ERR_SERVER] = true, [ERR_RATE] = true,   [ERR_INPUT] = true,  [ERR_POLICY] = true,
    [ERR_AUTH] = true, [ERR_QUOTA] = true, [ERR_CONFIG] = true, [ERR_NOT_YET] = true,
};

struct move {                                   /* what the functions below pass round */
    struct engine *g;
    struct film *film;
    struct plan_section *lead;                  /* who moves, with all whose voice goes with its */
    size_t picture;                             /* of the lead, which one; of speech: not looked at */
    enum asset_kind kind;
    const struct node *failing;
    const struct err *why;
    double cost;                                /* of what would have to be bought */
    bool has_no_price;                          /* some of that */
    bool is_for_now;                            /* another run may find the first one serving, or money for the next */
    bool is_rewording;                          /* to other words, not to another provider */
};

/* Those that the same words meet again; all others may be gone in the next run. */
static bool is_passing(const struct err *why)
{
    return why->code != ERR_POLICY && why->code != ERR_INPUT;
}

static struct node **node_of(const struct move *m, struct plan_section *ps)
{
    return m->kind == ASSET_SPEECH ? &ps->speech : &ps->pictures[m->picture].image;
}

static struct chain *chain_of(const struct move *m, struct plan_section *ps)
{
    if (m->kind == ASSET_SPEECH)
        return &ps->speech_by;
    return m->kind == ASSET_IMAGE ? &ps->pictures[m->picture].image_by : &ps->pictures[m->picture].video_by;
}

/* The picture that is on the move. */
static struct plan_picture *picture_of(const struct move *m)
{
    return &m->lead->pictures[m->picture];
}

static bool goes_along(const struct move *m, const struct plan_section *ps)
{
    return ps == m->lead || (m->kind == ASSET_SPEECH && m->lead->bound && ps->bound == m->lead->bound);
}

/* ---------- where to ---------- */

static double price_of(const struct node *n)
{
    return n->fetch && n->fetch->quote.money > 0 ? n->fetch->quote.money : 0;
}

static void add_cost(struct move *m, const struct node *n)
{
    if (!n->fetch || n->is_in_run || n->state == NODE_DONE || n->fetch->is_answered)
        return;
    m->has_no_price = m->has_no_price || n->fetch->quote.money < 0;
    m->cost += price_of(n);
}

/* Nothing of it has failed yet. */
static bool is_hopeful(struct move *m, const struct node *n)
{
    bool ok = n->state != NODE_FAILED;
    add_cost(m, n);
    for (size_t i = 0; i < node_parts(n); i++) {
        ok = ok && n->splice->parts[i]->state != NODE_FAILED;
        add_cost(m, n->splice->parts[i]);
    }
    return ok;
}

static struct planner planner_of(const struct move *m, const struct plan_opts *o, const struct plan_section *ps,
                                 struct err *e)
{
    return (struct planner){ .plan = m->g->plan, .o = o, .film = m->film, .e = e,
                             .section = (size_t)(ps - m->film->sections), .picture = m->picture };
}

static struct plan_opts opts_of(const struct move *m)
{
    const struct engine_opts *o = m->g->o;
    return (struct plan_opts){ .config = o->config, .transport = o->transport, .renderer = o->renderer,
                               .store = o->store, .log = o->log };
}

static bool not_there(struct move *m, const struct err *e)
{
    if (e->code == ERR_STORE || e->code == ERR_IO)
        engine_break(m->g, e);
    log_info(m->g->o->log, "%s", e->msg);
    return false;
}

/* What the section would have from this one; it is ps->next then. */
static bool try_section(struct move *m, struct plan_section *ps, const struct provider_info *info)
{
    struct err e = { 0 };
    const struct plan_opts o = opts_of(m);
    struct planner p = planner_of(m, &o, ps, &e);
    static plan_by *const by[ASSET_N_KINDS] = {
        [ASSET_IMAGE] = plan_image_by, [ASSET_VIDEO] = plan_clip_by, [ASSET_SPEECH] = plan_speech_by
    };
    if (!by[m->kind](&p, ps, info, &ps->next))
        return not_there(m, &e);
    return is_hopeful(m, ps->next);
}

/* With what is planned besides; what is given up for it comes back. */
static bool is_affordable(const struct move *m)
{
    const struct engine *g = m->g;
    if (g->money.limit < 0 || (m->cost <= 0 && !m->has_no_price))
        return true;
    return (!m->has_no_price || g->o->allow_unpriced) &&
           budget_fits(&g->money, g->plan->estimate - g->money.spent - price_of(m->failing) + m->cost);
}

static bool try_provider(struct move *m, const struct provider_info *info)
{
    m->cost = 0;
    m->has_no_price = false;
    if (info && engine_is_stopped(m->g, info)) {
        m->is_for_now = true;
        return false;
    }
    for (size_t i = 0; i < m->film->n_sections; i++)
        if (goes_along(m, &m->film->sections[i]) && !try_section(m, &m->film->sections[i], info))
            return false;
    if (is_affordable(m))
        return true;
    m->is_for_now = true;
    return false;
}

/* One that failed for good before: its answer may be paid for and lost, and what may be is not bought elsewhere. */
static bool has_failed_before(const struct move *m)
{
    for (size_t i = 0; i < m->film->n_sections; i++)
        if (goes_along(m, &m->film->sections[i]) && (*node_of(m, &m->film->sections[i]))->state == NODE_FAILED)
            return true;
    return false;
}

/* Those of the chain that buy, from this one on. */
static bool find_remote(struct move *m, size_t from, size_t *at)
{
    const struct chain *c = chain_of(m, m->lead);
    for (*at = from; *at < c->n && c->v[*at]; ++*at)
        if (try_provider(m, c->v[*at]))
            return true;
    return false;
}

static bool says(const struct move *m, const char *word)
{
    return m->kind == ASSET_IMAGE && m->why->code == ERR_POLICY &&
           names_has(picture_of(m)->said->image_opts.on_refused, word);
}

/* The one that refused last is asked again in other words. */
static bool ask_reworded(struct move *m, const struct node *n, size_t *at)
{
    struct err e;
    if (!plan_reworded(n, &m->g->plan->arena, &picture_of(m)->reworded, &e))
        return not_there(m, &e);
    m->is_rewording = false;
    return find_remote(m, chain_of(m, m->lead)->at, at);
}

/* Other words are asked for, once: the section has that answer in the place of its picture until it is there. */
static bool reword(struct move *m, size_t *at)
{
    struct err e = { 0 };
    const struct plan_opts o = opts_of(m);
    struct plan_section *ps = m->lead;
    struct plan_picture *pp = picture_of(m);
    struct planner p = planner_of(m, &o, ps, &e);
    if (!says(m, "soften") || pp->is_reworded)
        return false;
    pp->is_reworded = true;
    struct err *refused = arena_alloc(&m->g->plan->arena, sizeof *refused);
    *refused = *m->why;
    pp->refused = refused;
    m->cost = 0;
    m->has_no_price = false;
    if (!plan_rewording(&p, ps, &ps->next)) {
        log_warn(m->g->o->log, "%s/%s image: %s", m->film->lesson->id.p, ps->section->id.p, e.msg);
        return false;
    }
    if (ps->next->state == NODE_DONE)
        return ask_reworded(m, ps->next, at);
    *at = chain_of(m, ps)->at;
    return m->is_rewording = is_hopeful(m, ps->next) && is_affordable(m);
}

/* What is made here: the end of the chain; *at is n for a card that takes the place of a picture that was refused. */
static bool find_own(struct move *m, size_t *at)
{
    const struct chain *c = chain_of(m, m->lead);
    *at = c->n - !c->v[c->n - 1];
    return (*at < c->n || says(m, "card")) && try_provider(m, NULL);
}

static bool find_provider(struct move *m, size_t *at)
{
    return !has_failed_before(m) &&
           (find_remote(m, chain_of(m, m->lead)->at + 1, at) || reword(m, at) || find_own(m, at));
}

/* ---------- owning ---------- */

static void give_to(struct engine *g, struct node *n, const struct film *f, const struct plan_section *ps)
{
    if (n->is_in_run)
        engine_count(g, n, -1);
    else if (n->state != NODE_DONE && n->fetch && !n->fetch->is_answered)
        g->plan->estimate += price_of(n);
    n->lesson = f->index;
    n->section = (size_t)(ps - f->sections);
    n->of = ps->section;
    n->is_in_run = true;
    engine_count(g, n, +1);
}

static bool is_earlier(const struct film *f, const struct plan_section *ps, size_t lesson, size_t section)
{
    return f->index < lesson || (f->index == lesson && (size_t)(ps - f->sections) < section);
}

/* A node belongs to its first user's section, which opens it. A lesson that comes earlier takes it over. */
static void own(struct engine *g, struct node *n, const struct move *m, const struct plan_section *ps)
{
    if (!n->is_in_run || (!node_is_settled(n) && is_earlier(m->film, ps, n->lesson, n->section)))
        give_to(g, n, m->film, ps);
}

/* With its parts. */
static void own_all(struct engine *g, struct node *n, const struct move *m, const struct plan_section *ps)
{
    for (size_t i = 0; i < node_parts(n); i++)
        own(g, n->splice->parts[i], m, ps);
    own(g, n, m, ps);
}

/* ---------- moving ---------- */

static void start(struct engine *g, struct node *n)
{
    const struct open_lesson *l = &g->lessons[n->lesson];
    if (n->fetch && !n->fetch->lane)
        engine_choose_lane(g, n->fetch);
    for (size_t i = 0; i < node_parts(n); i++)
        start(g, n->splice->parts[i]);          /* parts have no parts */
    if (n->state == NODE_WAITING && n->n_waiting == 0 &&
        (l->is_closed || (n->lesson < g->next_lesson && n->section < l->next_section)))
        engine_ready(g, n);
}

static void note(const struct move *m, const struct node *old, size_t at)
{
    struct engine *g = m->g;
    const struct chain *c = chain_of(m, m->lead);
    const char *own = m->kind == ASSET_IMAGE ? "slide" : m->kind == ASSET_VIDEO ? "still" : "espeak";
    const char *from = c->v[c->at]->id.p, *to = at < c->n && c->v[at] ? c->v[at]->id.p : own;
    if (m->is_rewording)
        return;
    if (m->kind != ASSET_SPEECH && picture_of(m)->reworded.n && to != own)
        to = arena_printf(&g->plan->arena, "%s (reworded)", to).p;
    engine_note_switch(g, old, m->kind, from, to, m->why);
}

static void unqueue(struct engine *g, struct node *n, const struct err *why)
{
    if (!n->fetch) {
        heap_remove(&g->local, n);
        return;
    }
    engine_unqueue(g, n);
    engine_leave_queue(g, n);
    if (n->fetch->is_unsent)
        engine_money_back(g, n);
    engine_let_go(g, n, n->fetch->is_unsent ? why : NULL);
}

/* Out of its queue: what nobody needs is not bought. What is under way is paid for and is kept. */
static void retire(struct move *m, struct node *n)
{
    bool is_under_way = n->state == NODE_STORING || n->state == NODE_IN_FLIGHT || n->state == NODE_WORKING ||
                        (n->fetch && (n->fetch->is_answered || n->fetch->remote.n));
    if (n == m->failing || !n->is_in_run || !node_is_idle(n))
        return;
    if (n->fetch && n->state == NODE_STORING)
        n->fetch->is_unwanted = true;           /* if it is not sent yet, it is not */
    if (!node_is_settled(n) && is_under_way) {
        engine_ready(m->g, n);                  /* what an earlier run has paid for: no section will open it now */
        return;
    }
    if (!node_is_settled(n)) {
        unqueue(m->g, n, m->why);
        engine_settle(m->g, n, m->why);
    }
    for (size_t i = 0; i < node_parts(n); i++)
        retire(m, n->splice->parts[i]);
}

/* Its section has moved, others still need it: it is the first one's of those. */
static void hand_over(struct move *m, struct node *n)
{
    struct leads l = { 0 };
    if (node_is_settled(n) || node_is_idle(n))
        return;
    leads_add(&l, n, n);
    const struct lead *first = l.n ? &l.v[0] : NULL;
    for (size_t i = 1; i < l.n; i++)
        if (is_earlier(l.v[i].film, l.v[i].section, first->film->index,
                       (size_t)(first->section - first->film->sections)))
            first = &l.v[i];
    if (first)
        give_to(m->g, n, first->film, first->section);
    free(l.v);
    if (n != m->failing)
        start(m->g, n);
}

static void leave(struct move *m, struct node *old)
{
    for (size_t i = 0; i < node_parts(old); i++)
        hand_over(m, old->splice->parts[i]);
    hand_over(m, old);
    retire(m, old);
}

/* All of the group that have `old` now get their next node; other sections of the film that have it keep it. */
static void rewire(struct move *m, struct node *old)
{
    struct film *f = m->film;
    node_drop_users(old, f);
    for (size_t i = 0; i < f->n_sections; i++) {
        struct plan_section *ps = &f->sections[i];
        if (goes_along(m, ps) && *node_of(m, ps) == old) {
            *node_of(m, ps) = ps->next;
            own_all(m->g, ps->next, m, ps);
            film_await(f, ps, ps->next);
        }
        for (size_t k = 0; k < ps->n_pictures; k++)
            if (ps->pictures[k].image == old)
                film_await(f, ps, old);
        if (ps->speech == old)
            film_await(f, ps, old);
    }
}

/* What the pieces wait for now is begun, or is there already. */
static void go_on(struct move *m, size_t at)
{
    struct engine *g = m->g;
    struct film *f = m->film;
    for (size_t i = 0; i < f->n_sections; i++) {
        struct plan_section *ps = &f->sections[i];
        if (!goes_along(m, ps))
            continue;
        chain_of(m, ps)->at = at;
        engine_expect(g, f, ps);
        start(g, ps->next);
    }
    for (size_t i = 0; i < f->n_pieces; i++)
        if (f->pieces[i]->n_waiting == 0 && !g->o->fetch_only && f->index < g->next_lesson)
            engine_ready(g, f->pieces[i]);
}

static void move(struct move *m, size_t at)
{
    struct film *f = m->film;
    f->is_for_now = f->is_for_now || m->is_for_now;
    for (size_t i = 0; i < f->n_sections; i++) {
        struct plan_section *ps = &f->sections[i];
        struct node *old = *node_of(m, ps);
        if (!goes_along(m, ps) || old == ps->next)
            continue;
        note(m, old, at);
        rewire(m, old);
        leave(m, old);
    }
    go_on(m, at);
}

/* Had anew, and there is one already: the next run uses that, so what another sold in its place would be lost. */
static bool stays(const struct engine *g, const struct node *n)
{
    for (size_t i = 0; n->fetch && n->fetch->roll > 0 && i < g->plan->n_refreshed; i++)
        if (memcmp(g->plan->refreshed[i].first, n->fetch->of, DIGEST_HEX) == 0)
            return true;
    return false;
}

void engine_switch(struct engine *g, struct node *n, const struct err *why)
{
    struct leads leads = { 0 };
    if (stays(g, n)) {
        log_warn(g->o->log, "%s of section %s could not be had anew; the old one stays in use", node_step(n),
                 n->of ? n->of->id.p : "");
        return;
    }
    enum asset_kind kind = n->refused ? ASSET_IMAGE : n->asset;
    if (g->is_stopping || !may_go_on[why->code] || !n->fetch || n->fetch->remote.n || n->fetch->may_be_made ||
        (kind != ASSET_IMAGE && kind != ASSET_VIDEO && kind != ASSET_SPEECH))
        return;
    leads_add(&leads, n, n);
    for (size_t i = 0, at; i < leads.n; i++) {
        struct move m = { .g = g, .film = leads.v[i].film, .lead = leads.v[i].section, .picture = leads.v[i].picture,
                          .kind = kind, .failing = n, .why = why, .is_for_now = is_passing(why) };
        bool may = kind != ASSET_SPEECH || m.lead->section->voice.fallback != FALLBACK_NEVER;
        if (n->refused)
            m.why = picture_of(&m)->refused;
        if (may && lead_holds(&leads.v[i], n) && chain_of(&m, m.lead)->n && find_provider(&m, &at))
            move(&m, at);
    }
    free(leads.v);
}

bool engine_reworded(struct engine *g, struct node *n, struct err *refused)
{
    struct leads leads = { 0 };
    bool all = true;
    leads_add(&leads, n, n);
    for (size_t i = 0, at; i < leads.n; i++) {
        struct move m = { .g = g, .film = leads.v[i].film, .lead = leads.v[i].section, .picture = leads.v[i].picture,
                          .kind = ASSET_IMAGE, .failing = n };
        m.why = picture_of(&m)->refused;
        if (!lead_holds(&leads.v[i], n))
            continue;
        if (!g->is_stopping && (ask_reworded(&m, n, &at) || find_own(&m, &at))) {
            move(&m, at);
        } else {
            *refused = *m.why;
            all = false;
        }
    }
    free(leads.v);
    return all;
}
