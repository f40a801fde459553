/* fake_script.c - what a fake service is told to do wrong */
#include "tests/support/fake_script.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/rand.h"

static const char *const route_names[] = {
#define X(id, name) name,
    FAKE_ROUTES(X)
#undef X
};
static const char *const fault_names[] = {
#define X(id, name) name,
    FAKE_FAULTS(X)
#undef X
};

const char *fake_route_name(enum fake_route r)
{
    return (unsigned)r < N_ROUTES ? route_names[r] : "?";
}

static bool add_route(struct fake_rule *rule, const struct json *v, struct err *e)
{
    bool found = false;
    for (int i = 0; i < N_ROUTES; i++)
        if (str_is(v->string, "*") ? i != ROUTE_OTHER : str_is(v->string, route_names[i]))
            found = rule->routes[i] = true;
    return found || err_set(e, ERR_CONFIG, "script: no route '" STR_FMT "'", STR_ARG(v->string));
}

/* A text, or JSON printed as one; p NULL when v is not there. */
static struct str text_of(struct fake_script *s, const struct json *v)
{
    struct buf b = { 0 };
    if (!v || v->type == JSON_STRING)
        return v ? v->string : (struct str){ 0 };
    json_print(&b, v, 0);
    struct str text = arena_str(&s->arena, buf_str(&b));
    buf_deinit(&b);
    return text;
}

static bool read_rule(struct fake_script *s, struct fake_rule *rule, const struct json *v, struct err *e)
{
    static const char known[] = " route match share skip times status headers body fault latency_ms say ";
    const struct json *route = json_get(v, "route");
    struct str fault = json_str_or(v, "fault", STR(""));
    int i = 0;
    for (const struct json *m = v->child; m; m = m->next)
        if (!strstr(known, m->key.p))
            return err_set(e, ERR_CONFIG, "script: unknown key '" STR_FMT "'", STR_ARG(m->key));
    *rule = (struct fake_rule){ .match = json_str_or(v, "match", STR("")),
                                .share = json_num_or(v, "share", 1),
                                .skip = (int64_t)json_num_or(v, "skip", 0),
                                .times = (int64_t)json_num_or(v, "times", -1),
                                .status = (int)json_num_or(v, "status", 0),
                                .latency_ms = (int64_t)json_num_or(v, "latency_ms", -1),
                                .headers = json_get(v, "headers") };
    while (i < N_FAULTS && !str_is(fault, fault_names[i]))
        i++;
    if (i == N_FAULTS)
        return err_set(e, ERR_CONFIG, "script: no fault '" STR_FMT "'", STR_ARG(fault));
    rule->fault = (enum fake_fault)i;
    rule->body = text_of(s, json_get(v, "body"));
    rule->say = text_of(s, json_get(v, "say"));
    struct json any = { .type = JSON_STRING, .string = STR("*") };
    if (!route || route->type != JSON_ARRAY)
        return add_route(rule, route ? route : &any, e);
    for (const struct json *r = route->child; r; r = r->next)
        if (!add_route(rule, r, e))
            return false;
    return true;
}

bool fake_script_read(struct fake_script *s, struct str json, struct err *e)
{
    struct json *v = NULL;
    struct json_pos at = { 0 };
    *s = (struct fake_script){ 0 };
    if (!json_parse(&s->arena, json, JSON_LENIENT, &v, NULL, NULL, &at, e))
        return err_wrap(e, "script:%u:%u", at.line, at.col);
    const struct json *rules = json_get(v, "rules"), *latency = json_get(v, "latency_ms");
    s->cap = (int64_t)json_num_or(v, "cap", 0);
    s->key = json_str_or(v, "key", STR(""));
    s->full_size = json_bool_or(v, "full_size", false);
    s->is_idempotent = json_bool_or(v, "idempotent", false);
    s->version = (uint64_t)json_num_or(v, "version", 0);
    s->widest = (int64_t)json_num_or(v, "widest", 700);
    s->seed = (uint64_t)json_num_or(v, "seed", 1);
    s->polls = (int64_t)json_num_or(v, "polls", 2);
    for (int i = 0; latency && i < N_ROUTES; i++)
        s->latency_ms[i] = (int64_t)json_num_or(latency, route_names[i], 0);
    s->rules = arena_array(&s->arena, (rules ? rules->n : 0) + 1, sizeof *s->rules);
    for (const struct json *r = rules ? rules->child : NULL; r; r = r->next)
        if (!read_rule(s, &s->rules[s->n_rules++], r, e))
            return false;
    return true;
}

void fake_script_deinit(struct fake_script *s)
{
    arena_deinit(&s->arena);
    free(s->asks.slots);
    *s = (struct fake_script){ 0 };
}

static bool has_text(struct str in, struct str text)
{
    return text.n == 0 || (in.n && memmem(in.p, in.n, text.p, text.n));
}

/* Where the hash is, or where it would go. */
static size_t slot_of(const struct fake_asks *a, uint64_t hash)
{
    size_t at = (size_t)hash & (a->n_slots - 1);
    while (a->slots[at].hash && a->slots[at].hash != hash)
        at = (at + 1) & (a->n_slots - 1);
    return at;
}

static void asks_grow(struct fake_asks *a)
{
    struct fake_asks old = *a;
    a->n_slots = old.n_slots ? 2 * old.n_slots : 256;
    a->slots = mem_array(a->n_slots, sizeof *a->slots);
    for (size_t i = 0; i < old.n_slots; i++)
        if (old.slots[i].hash)
            a->slots[slot_of(a, old.slots[i].hash)] = old.slots[i];
    free(old.slots);
}

/* 0 .. 1, by the seed, the request and how often it came before. */
static double chance(struct fake_script *s, enum fake_route route, struct str path, struct str body)
{
    struct fake_asks *a = &s->asks;
    struct rng r = rng_from_text(path, s->seed + (uint64_t)route);
    r = rng_from_text(body, rng_next(&r));
    uint64_t hash = rng_next(&r) | 1;
    if (2 * (a->n + 1) > a->n_slots)
        asks_grow(a);
    size_t at = slot_of(a, hash);
    a->n += a->slots[at].hash == 0;
    a->slots[at].hash = hash;
    r = (struct rng){ hash + ++a->slots[at].n };
    return rng_unit(&r);
}

struct fake_rule *fake_script_rule(struct fake_script *s, enum fake_route route, struct str path, struct str body)
{
    double drawn = chance(s, route, path, body);
    for (size_t i = 0; i < s->n_rules; i++) {
        struct fake_rule *r = &s->rules[i];
        if (!r->routes[route] || !(has_text(body, r->match) || has_text(path, r->match)))
            continue;
        if (r->share < 1 && (drawn -= r->share) >= 0)
            continue;
        if (r->share < 1)
            drawn = 1;                          /* met: no other one by chance */
        r->n_seen++;
        if (r->n_seen > r->skip && (r->times < 0 || r->n_seen <= r->skip + r->times))
            return r;
    }
    return NULL;
}
