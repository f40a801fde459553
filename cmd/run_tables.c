/* run_tables.c - what reading a journal keeps in mind */
#include "cmd/run_tables.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

enum { LESSONS_MOST = 1000000, TROUBLES_MOST = 400, SLOTS_MOST = 20000 };
static const uint32_t none = UINT32_MAX;

struct asset {                                  /* key 0: an empty place */
    uint64_t key;
    uint32_t last, call;                        /* among the run's spans */
};

struct run_tables {
    struct asset *assets;                       /* open addressing, a power of two, at most half full */
    size_t n_assets, cap_assets;
    size_t cap_spans;
};

struct run_tables *tables_create(void)
{
    struct run_tables *t = mem_alloc(sizeof *t);
    t->cap_assets = 1024;
    t->assets = mem_array(t->cap_assets, sizeof *t->assets);
    return t;
}

void tables_destroy(struct run_tables *t)
{
    free(t->assets);
    free(t);
}

/* ---------- names by number ---------- */

uint64_t tables_key(struct str id)
{
    uint64_t key = 0;
    for (size_t i = 0; i < id.n && i < 16; i++) {
        char c = id.p[i];
        uint64_t digit = c >= '0' && c <= '9' ? (uint64_t)(c - '0') : c >= 'a' && c <= 'f' ? (uint64_t)(c - 'a') + 10 : 0;
        key = key << 4 | digit;
    }
    return key;
}

/* Room for one more that is zero; arrays double. */
static void *grown(void *v, size_t n, size_t *cap, size_t size)
{
    if (n == *cap) {
        *cap = *cap ? 2 * *cap : 64;
        v = mem_resize(v, *cap, size);
    }
    memset((char *)v + n * size, 0, size);
    return v;
}

uint32_t tables_lesson(struct run *r, double index, struct str name)
{
    if (index < 0 || index >= LESSONS_MOST)
        return none;
    uint32_t i = (uint32_t)index;
    if (i >= r->n_lessons) {
        r->lessons = mem_resize(r->lessons, (size_t)i + 1, sizeof *r->lessons);
        for (size_t k = r->n_lessons; k <= i; k++)
            r->lessons[k] = (struct run_lesson){ .film_at = -1, .outcome_at = -1, .first_ms = -1, .end_ms = -1 };
        r->n_lessons = (size_t)i + 1;
    }
    if (!r->lessons[i].name.n)
        r->lessons[i].name = arena_str(&r->arena, name);
    return i;
}

uint32_t tables_step(struct run *r, struct str name)
{
    for (size_t i = 0; i < r->n_steps; i++)
        if (str_eq(r->steps[i], name))
            return (uint32_t)i;
    r->steps = mem_resize(r->steps, r->n_steps + 1, sizeof *r->steps);
    r->steps[r->n_steps] = arena_str(&r->arena, name);
    return (uint32_t)r->n_steps++;
}

uint32_t tables_provider(struct run *r, struct str name, bool is_called)
{
    if (!name.n)
        return none;
    for (size_t i = 0; i < r->n_providers; i++)
        if (str_eq(r->providers[i].name, name) && r->providers[i].is_called == is_called)
            return (uint32_t)i;
    r->providers = mem_resize(r->providers, r->n_providers + 1, sizeof *r->providers);
    r->providers[r->n_providers] = (struct run_provider){ .name = arena_str(&r->arena, name), .is_called = is_called };
    return (uint32_t)r->n_providers++;
}

struct run_trouble *tables_trouble(struct run *r, const struct run_trouble *like)
{
    for (size_t i = 0; i < r->n_troubles; i++) {
        struct run_trouble *x = &r->troubles[i];
        if (x->kind == like->kind && str_eq(x->why, like->why) && str_eq(x->provider, like->provider) &&
            str_eq(x->step, like->step))
            return x;
    }
    if (r->n_troubles == TROUBLES_MOST)
        return NULL;
    r->troubles = mem_resize(r->troubles, r->n_troubles + 1, sizeof *r->troubles);
    struct run_trouble *x = &r->troubles[r->n_troubles++];
    *x = *like;
    x->code = arena_str(&r->arena, like->code);
    x->why = arena_str(&r->arena, like->why);
    x->provider = arena_str(&r->arena, like->provider);
    x->step = arena_str(&r->arena, like->step);
    x->instead_of = arena_str(&r->arena, like->instead_of);
    return NULL;
}

/* ---------- spans by asset ---------- */

/* Its place, or the empty one where it belongs. */
static struct asset *place(const struct run_tables *t, uint64_t key)
{
    size_t i = (size_t)(key * 0x9e3779b97f4a7c15U >> 20) & (t->cap_assets - 1);
    while (t->assets[i].key && t->assets[i].key != key)
        i = (i + 1) & (t->cap_assets - 1);
    return &t->assets[i];
}

static void make_room(struct run_tables *t)
{
    struct asset *old = t->assets;
    size_t n = t->cap_assets;
    if (2 * t->n_assets < n)
        return;
    t->cap_assets = 2 * n;
    t->assets = mem_array(t->cap_assets, sizeof *t->assets);
    for (size_t i = 0; i < n; i++)
        if (old[i].key)
            *place(t, old[i].key) = old[i];
    free(old);
}

struct run_span *tables_span(struct run_tables *t, struct run *r)
{
    r->spans = grown(r->spans, r->n_spans, &t->cap_spans, sizeof *r->spans);
    return &r->spans[r->n_spans++];
}

void tables_open(struct run_tables *t, struct run *r, struct run_span *s)
{
    if (!s->key)
        return;
    make_room(t);
    struct asset *a = place(t, s->key);
    uint32_t index = (uint32_t)(s - r->spans);
    if (!a->key) {
        t->n_assets++;
        *a = (struct asset){ s->key, none, none };
    }
    a->last = index;
    a->call = s->is_request ? index : a->call;
}

struct run_span *tables_last(const struct run_tables *t, struct run *r, uint64_t key)
{
    const struct asset *a = key ? place(t, key) : NULL;
    return a && a->key && a->last != none ? &r->spans[a->last] : NULL;
}

struct run_span *tables_call(const struct run_tables *t, struct run *r, uint64_t key)
{
    const struct asset *a = key ? place(t, key) : NULL;
    return a && a->key && a->call != none ? &r->spans[a->call] : NULL;
}

/* ---------- slots ---------- */

/* Spans stand in the order they began; each takes the lowest slot that is free by then. */
static void assign_slots(struct run *r, bool is_request)
{
    int64_t *free_at = NULL;
    int n = 0;
    for (size_t i = 0; i < r->n_spans; i++) {
        struct run_span *s = &r->spans[i];
        int k = 0;
        if (s->is_request != is_request)
            continue;
        while (k < n && free_at[k] > s->start_ms)
            k++;
        if (k == n && n < SLOTS_MOST)
            free_at = mem_resize(free_at, (size_t)++n, sizeof *free_at);
        s->slot = k < n ? k : n - 1;
        free_at[s->slot] = s->end_ms;
    }
    r->n_slots[is_request] = n;
    free(free_at);
}

/* ---------- sums ---------- */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void measure(const struct run *r, uint32_t which, struct run_provider *p, int64_t *took)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_spans; i++)
        if (r->spans[i].provider == which && r->spans[i].end == SPAN_DONE)
            took[n++] = r->spans[i].end_ms - r->spans[i].start_ms;
    if (n == 0)
        return;
    qsort(took, n, sizeof *took, compare);
    p->median_ms = took[n / 2];
    p->p90_ms = took[n * 9 / 10];
    p->longest_ms = took[n - 1];
}

void tables_sum(struct run *r)
{
    int64_t *took = mem_array(r->n_spans + 1, sizeof *took);
    assign_slots(r, false);
    assign_slots(r, true);
    for (size_t i = 0; i < r->n_spans; i++) {
        const struct run_span *s = &r->spans[i];
        if (s->cost > 0)
            r->cost += s->cost;
        if (s->provider == none)
            continue;
        struct run_provider *p = &r->providers[s->provider];
        p->n_requests++;
        p->n_done += s->end == SPAN_DONE;
        p->n_again += s->end == SPAN_AGAIN;
        p->n_failed += s->end == SPAN_FAILED;
        p->cost += s->cost > 0 ? s->cost : 0;
    }
    for (size_t i = 0; i < r->n_providers; i++)
        measure(r, (uint32_t)i, &r->providers[i], took);
    free(took);
}
