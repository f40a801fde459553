/* sim.c - the engine's policy played through in virtual time */
#include "gen/sim.h"
#include "gen/base/arena.h"
#include "gen/base/heap.h"
#include "gen/base/mem.h"
#include "gen/lane.h"

enum { TAIL_CAPS = 2, GUESS_CLIP_MS = 120000, GUESS_IMAGE_MS = 8000, GUESS_OTHER_MS = 3000, LENGTH_BITS = 20 };

static const struct {
    const char *name;
    int rank;
} kinds[] = {
#define X(id, name, rank) { name, rank },
    SIM_KINDS(X)
#undef X
};

const char *sim_kind_name(enum sim_kind k)
{
    return kinds[k].name;
}

struct step {
    const struct sim_step *of;
    struct step *next; /* of its section */
    struct lane_ticket ticket;
    bool is_asked, is_checking; /* where its request or work is; neither: it waits */
};

struct part { /* a section */
    struct step *steps;
    size_t lesson, assets_left, speech_left, bodies_left;
    bool is_open;
};

struct chapter { /* a lesson */
    struct part *parts;
    size_t n_parts, next_part, n_open, left; /* left: steps, the join not counted */
    struct step *join;
    bool is_open, is_closed;
};

struct line { /* of a lane */
    struct lane lane;
    int64_t n[SIM_N_KINDS], ms[SIM_N_KINDS]; /* answers */
};

struct sim {
    const struct sim_load *load;
    const struct sim_settings *s;
    struct sim_result *out;
    struct arena arena;
    struct chapter *chapters;
    struct line *lines;
    struct heap local, ends; /* steps: a worker can do them; under way, by when they end */
    int64_t now, in_flight, n_working;
    size_t n_unsent, next_chapter, n_open, n_closed;
    bool is_tail;
};

/* ---------- order ---------- */

static int64_t order_of(const struct sim_step *t)
{
    return (int64_t)t->lesson << 36 | (int64_t)kinds[t->kind].rank << 32 | (int64_t)t->section;
}

static int64_t request_key(const struct sim *m, const struct sim_step *t)
{
    const struct line *l = &m->lines[t->lane];
    int64_t guess = t->kind == SIM_CLIP ? GUESS_CLIP_MS : t->kind == SIM_IMAGE ? GUESS_IMAGE_MS : GUESS_OTHER_MS;
    int64_t expected = l->n[t->kind] ? l->ms[t->kind] / l->n[t->kind] : guess;
    if (m->is_tail)
        return -(expected << LENGTH_BITS);
    return order_of(t) & ~(int64_t)UINT32_MAX;
}

static void queue(struct sim *m, struct step *t)
{
    if (t->of->lane >= 0)
        heap_push(&m->lines[t->of->lane].lane.ready, request_key(m, t->of), t);
    else
        heap_push(&m->local, order_of(t->of), t);
}

static void note_tail(struct sim *m)
{
    if (m->is_tail || (int64_t)m->n_unsent >= TAIL_CAPS * m->s->requests)
        return;
    m->is_tail = true;
    for (size_t i = 0; i < m->load->n_lanes; i++) {
        struct heap old = m->lines[i].lane.ready;
        struct step *t;
        m->lines[i].lane.ready = (struct heap){ 0 };
        while ((t = heap_pop(&old)))
            queue(m, t);
        heap_deinit(&old);
    }
}

/* ---------- gates ---------- */

static bool is_asset(enum sim_kind k)
{
    return k < SIM_RENDER;
}

static void queue_kind(struct sim *m, struct part *p, enum sim_kind kind)
{
    for (struct step *t = p->steps; t; t = t->next)
        if (t->of->kind == kind)
            queue(m, t);
}

/* Its assets are there: its bodies, and transitions whose other side is ready as well. */
static void part_ready(struct sim *m, struct part *p)
{
    struct chapter *c = &m->chapters[p->lesson];
    size_t i = (size_t)(p - c->parts);
    queue_kind(m, p, SIM_RENDER);
    if (i == 0 || c->parts[i - 1].assets_left == 0)
        queue_kind(m, p, SIM_TRANSITION);
    if (i + 1 < c->n_parts && c->parts[i + 1].assets_left == 0)
        queue_kind(m, p + 1, SIM_TRANSITION);
}

static void close_chapter(struct sim *m, struct chapter *c)
{
    if (c->is_closed)
        return;
    c->is_closed = true;
    m->n_open -= c->is_open;
    if (m->n_closed++ == 0)
        m->out->first_ms = m->now;
}

static void done(struct sim *m, struct step *t)
{
    struct chapter *c = &m->chapters[t->of->lesson];
    if (t->of->kind == SIM_JOIN) {
        close_chapter(m, c);
        return;
    }
    struct part *p = &c->parts[t->of->section];
    c->left--;
    p->bodies_left -= t->of->kind == SIM_RENDER;
    if (t->of->kind == SIM_SPEECH && --p->speech_left == 0)
        queue_kind(m, p, SIM_SPLICE);
    if (is_asset(t->of->kind) && --p->assets_left == 0)
        part_ready(m, p);
    if (c->left == 0 && c->join)
        queue(m, c->join);
    else if (c->left == 0)
        close_chapter(m, c);
}

/* ---------- whose turn it is ---------- */

static void open_part(struct sim *m, struct chapter *c, struct part *p)
{
    p->is_open = true;
    c->n_open++;
    for (struct step *t = p->steps; t; t = t->next)
        if (is_asset(t->of->kind) && (t->of->kind != SIM_SPLICE || p->speech_left == 0))
            queue(m, t);
}

static void open_parts(struct sim *m, struct chapter *c)
{
    size_t most = m->s->sections > 0 ? (size_t)m->s->sections : SIZE_MAX, before;
    do {
        before = c->next_part;
        for (size_t i = 0; i < c->next_part; i++)
            if (c->parts[i].is_open && c->parts[i].assets_left == 0 && c->parts[i].bodies_left == 0) {
                c->parts[i].is_open = false;
                c->n_open--;
            }
        while (c->next_part < c->n_parts && c->n_open < most)
            open_part(m, c, &c->parts[c->next_part++]);
    } while (c->next_part != before);
}

static void open_chapters(struct sim *m)
{
    size_t most = m->s->videos > 0 ? (size_t)m->s->videos : SIZE_MAX;
    while (m->next_chapter < m->load->n_lessons && m->n_open < most) {
        struct chapter *c = &m->chapters[m->next_chapter++];
        c->is_open = true;
        m->n_open++;
        open_parts(m, c);
        for (size_t i = 0; i < c->n_parts; i++) /* what lies in the store already waits for nobody */
            if (c->parts[i].assets_left == 0)
                queue_kind(m, &c->parts[i], SIM_RENDER);
        for (size_t i = 0; i < c->n_parts; i++)
            if (c->parts[i].assets_left == 0 && (i == 0 || c->parts[i - 1].assets_left == 0))
                queue_kind(m, &c->parts[i], SIM_TRANSITION);
        if (c->left == 0 && c->join)
            queue(m, c->join);
        else if (c->left == 0)
            close_chapter(m, c);
    }
    for (size_t i = 0; m->s->sections > 0 && i < m->next_chapter; i++)
        if (!m->chapters[i].is_closed)
            open_parts(m, &m->chapters[i]);
}

/* ---------- starting ---------- */

/* The lane whose first request comes first of those that may start; *at is when one could that may not. */
static struct line *best_line(struct sim *m, int64_t *at)
{
    struct line *best = NULL;
    *at = INT64_MAX;
    for (size_t i = 0; i < m->load->n_lanes; i++) {
        struct line *l = &m->lines[i];
        const struct heap_item *top = heap_top(&l->lane.ready);
        int64_t ready;
        if (!top)
            continue;
        if (!lane_may_start(&l->lane, ((const struct step *)top->value)->of->tokens, m->now, &ready))
            *at = ready < *at ? ready : *at;
        else if (!best || top->key < heap_top(&best->lane.ready)->key)
            best = l;
    }
    return best;
}

static int64_t start_requests(struct sim *m)
{
    struct line *l;
    int64_t at = INT64_MAX;
    note_tail(m);
    while (m->in_flight < m->s->requests && (l = best_line(m, &at))) {
        struct step *t = heap_pop(&l->lane.ready);
        lane_started(&l->lane, t->of->tokens, &t->ticket, m->now);
        t->is_asked = true;
        m->n_unsent--;
        if (++m->in_flight > m->out->most_in_flight)
            m->out->most_in_flight = m->in_flight;
        heap_push(&m->ends, m->now + t->of->ms, t);
    }
    return m->in_flight < m->s->requests ? at : INT64_MAX;
}

static int64_t stretched(const struct sim *m, int64_t ms)
{
    return m->s->render > m->s->cores && m->s->cores > 0 ? ms * m->s->render / m->s->cores : ms;
}

static void start_work(struct sim *m)
{
    struct step *t;
    while (m->n_working < m->s->render && (t = heap_pop(&m->local))) {
        m->n_working++;
        heap_push(&m->ends, m->now + stretched(m, t->is_checking ? t->of->check_ms : t->of->ms), t);
    }
}

static void ended(struct sim *m, struct step *t)
{
    if (!t->is_asked) {
        m->n_working--;
        done(m, t);
        return;
    }
    struct line *l = &m->lines[t->of->lane];
    t->is_asked = false;
    m->in_flight--;
    m->out->fetch_ms = m->now;
    lane_finished(&l->lane, &t->ticket, LANE_OTHER, -1, false, m->now); /* CLEAN would have the lane try for more */
    l->n[t->of->kind]++;
    l->ms[t->of->kind] += t->of->ms;
    t->is_checking = true;
    heap_push(&m->local, INT64_MIN + order_of(t->of), t);
}

/* ---------- the run ---------- */

static void init_lines(struct sim *m)
{
    m->lines = arena_array(&m->arena, m->load->n_lanes + 1, sizeof *m->lines);
    for (size_t i = 0; i < m->load->n_lanes; i++) {
        const struct sim_lane *of = &m->load->lanes[i];
        const struct provider_info info = { .concurrency = of->cap, .is_steady = true };
        lane_init(&m->lines[i].lane, &info, &(struct lane_memory){ 0 }, (struct rng){ 1 }, 0);
        pace_init(&m->lines[i].lane.pace, 0, (int64_t)of->tokens_per_minute, of->per_minute, 0);
    }
}

static void init_chapters(struct sim *m)
{
    const struct sim_load *load = m->load;
    m->chapters = arena_array(&m->arena, load->n_lessons + 1, sizeof *m->chapters);
    struct step *steps = arena_array(&m->arena, load->n_steps + 1, sizeof *steps);
    for (size_t i = 0; i < load->n_steps; i++) {
        struct chapter *c = &m->chapters[load->steps[i].lesson];
        if (load->steps[i].kind != SIM_JOIN && load->steps[i].section >= c->n_parts)
            c->n_parts = load->steps[i].section + 1;
    }
    for (size_t i = 0; i < load->n_lessons; i++) {
        m->chapters[i].parts = arena_array(&m->arena, m->chapters[i].n_parts + 1, sizeof(struct part));
        for (size_t k = 0; k < m->chapters[i].n_parts; k++)
            m->chapters[i].parts[k].lesson = i;
    }
    for (size_t i = load->n_steps; i-- > 0;) { /* from the end: each list begins with its first */
        const struct sim_step *of = &load->steps[i];
        struct chapter *c = &m->chapters[of->lesson];
        struct step *t = &steps[i];
        t->of = of;
        m->n_unsent += of->lane >= 0;
        if (of->kind == SIM_JOIN) {
            c->join = t;
            continue;
        }
        struct part *p = &c->parts[of->section];
        t->next = p->steps;
        p->steps = t;
        c->left++;
        p->assets_left += is_asset(of->kind);
        p->speech_left += of->kind == SIM_SPEECH;
        p->bodies_left += of->kind == SIM_RENDER;
    }
}

void sim_run(const struct sim_load *load, const struct sim_settings *s, struct sim_result *out)
{
    struct sim m = { .load = load, .s = s, .out = out };
    *out = (struct sim_result){ 0 };
    init_lines(&m);
    init_chapters(&m);
    for (;;) {
        open_chapters(&m);
        int64_t at = start_requests(&m);
        start_work(&m);
        const struct heap_item *top = heap_top(&m.ends);
        if (top && top->key < at)
            at = top->key;
        if (at == INT64_MAX)
            break;
        m.now = at > m.now ? at : m.now;
        while ((top = heap_top(&m.ends)) && top->key <= m.now)
            ended(&m, heap_pop(&m.ends));
    }
    out->total_ms = m.now;
    for (size_t i = 0; i < load->n_lanes; i++)
        lane_deinit(&m.lines[i].lane);
    heap_deinit(&m.local);
    heap_deinit(&m.ends);
    arena_deinit(&m.arena);
}
