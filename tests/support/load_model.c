/* load_model.c - how a modelled service treats its callers */
#include "tests/support/load_model.h"
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/rand.h"
#include "gen/base/mem.h"

void load_opts_init(struct load_opts *o)
{
    static const struct {
        double mean_ms;
        int64_t bytes;
    } usual[] = {
#define X(id, name, mean_ms, bytes) { mean_ms, bytes },
        LOAD_ROUTES(X)
#undef X
    };
    *o = (struct load_opts){ .seed = 1, .scale = 0.05 };
    for (size_t i = 0; i < LOAD_N_ROUTES; i++)
        o->routes[i] = (struct load_route_opts){ .mean_ms = usual[i].mean_ms,
                                                 .sigma = 0.5,
                                                 .bytes = usual[i].bytes,
                                                 .burst = 1,
                                                 .window_s = 60,
                                                 .tells_when = true,
                                                 .drip_ms = 20000 };
}

/* ---------- options ---------- */

enum field_type { REAL, WHOLE, FLAG };
#define F(type, name)                                                                                                  \
    {                                                                                                                  \
#name, type, offsetof(struct load_route_opts, name)                                                            \
    }
static const struct field {
    const char *name;
    enum field_type type;
    size_t at;
} fields[] = {
    F(REAL, mean_ms), F(REAL, sigma),           F(REAL, window_s),   F(REAL, p_500),      F(REAL, p_reset),
    F(REAL, p_drip),  F(REAL, drip_ms),         F(WHOLE, bytes),     F(WHOLE, rate),      F(WHOLE, burst),
    F(FLAG, is_json), F(FLAG, is_fixed_window), F(FLAG, tells_when), F(FLAG, tells_left),
};
#undef F

/* "20", or "0:20+10:8": 20 from the start, 8 after ten seconds */
static void set_limit(struct load_route_opts *o, const char *text)
{
    o->n_steps = 0;
    for (char *p = (char *)(uintptr_t)text; *p && o->n_steps < LOAD_STEPS; p += *p == '+') {
        double first = strtod(p, &p);
        bool has_time = *p == ':';
        o->steps[o->n_steps].from_s = has_time ? first : 0;
        o->steps[o->n_steps++].n = has_time ? strtol(p + 1, &p, 10) : (long)first;
        if (*p && *p != '+')
            break;
    }
}

static bool set_field(struct load_route_opts *o, const char *name, const char *value)
{
    if (strcmp(name, "limit") == 0) {
        set_limit(o, value);
        return true;
    }
    for (size_t i = 0; i < COUNTOF(fields); i++) {
        void *at = (char *)o + fields[i].at;
        if (strcmp(name, fields[i].name) != 0)
            continue;
        if (fields[i].type == REAL)
            *(double *)at = strtod(value, NULL);
        else if (fields[i].type == WHOLE)
            *(int64_t *)at = strtoll(value, NULL, 10);
        else
            *(bool *)at = strtol(value, NULL, 10) != 0;
        return true;
    }
    return false;
}

bool load_opts_set(struct load_opts *o, const char *text, struct err *e)
{
    static const char *const names[] = {
#define X(id, name, mean_ms, bytes) name,
        LOAD_ROUTES(X)
#undef X
    };
    char key[64];
    const char *eq = strchr(text, '=');
    if (!eq || (size_t)(eq - text) >= sizeof key)
        return err_set(e, ERR_USAGE, "'%s' is not name=value", text);
    memcpy(key, text, (size_t)(eq - text));
    key[eq - text] = '\0';
    if (strcmp(key, "seed") == 0)
        o->seed = strtoull(eq + 1, NULL, 10);
    else if (strcmp(key, "scale") == 0)
        o->scale = strtod(eq + 1, NULL);
    else {
        char *dot = strchr(key, '.');
        size_t r = 0;
        while (dot && r < LOAD_N_ROUTES && strncmp(key, names[r], (size_t)(dot - key)) != 0)
            r++;
        if (!dot || r == LOAD_N_ROUTES || !set_field(&o->routes[r], dot + 1, eq + 1))
            return err_set(e, ERR_USAGE,
                           "'%s': known are seed, scale and image.* or speech.* with the fields of "
                           "load_model.h",
                           key);
    }
    return true;
}

/* ---------- draws ---------- */

/* In (0, 1); a different one for each `what` of the same request. */
static double draw(const struct load_opts *o, uint64_t request, uint64_t what)
{
    struct rng r = { request ^ (o->seed * 0x9e3779b97f4a7c15u) ^ (what * 0xd1b54a32d192ed03u) };
    rng_next(&r);
    return ((double)(rng_next(&r) >> 11) + 0.5) / 9007199254740992.0;
}

/* Lognormal with the mean asked for: exp(mu + sigma z) with mu = ln(mean) - sigma^2 / 2; z by Box and Muller (1958). */
double load_latency_s(const struct load_opts *o, enum load_route r, uint64_t request)
{
    const struct load_route_opts *l = &o->routes[r];
    double z = sqrt(-2 * log(draw(o, request, 1))) * cos(2 * M_PI * draw(o, request, 2));
    return l->mean_ms * o->scale / 1000 * exp(l->sigma * z - l->sigma * l->sigma / 2);
}

enum load_fault load_fault(const struct load_opts *o, enum load_route r, uint64_t request, int attempt)
{
    const struct load_route_opts *l = &o->routes[r];
    double d = draw(o, request, 100 + (uint64_t)attempt);
    if (d < l->p_500)
        return LOAD_500;
    if (d < l->p_500 + l->p_reset)
        return LOAD_RESET;
    return d < l->p_500 + l->p_reset + l->p_drip ? LOAD_DRIP : LOAD_FINE;
}

/* ---------- limits ---------- */

int64_t load_limit(const struct load_route_opts *o, double at_s)
{
    int64_t n = 0;
    for (size_t i = 0; i < o->n_steps && o->steps[i].from_s <= at_s; i++)
        n = o->steps[i].n;
    return n;
}

static bool admit_rate(const struct load_route_opts *l, struct load_state *s, double at_s, double *again_s)
{
    double per_s = (double)l->rate / l->window_s;
    if (l->is_fixed_window) {
        if (at_s - s->window_from_s >= l->window_s) {
            s->window_from_s += l->window_s * floor((at_s - s->window_from_s) / l->window_s);
            s->n_in_window = 0;
        }
        *again_s = s->window_from_s + l->window_s - at_s;
        return s->n_in_window < l->rate;
    }
    s->tokens = fmin(s->tokens + (at_s - s->tokens_at_s) * per_s, (double)l->burst);
    s->tokens_at_s = at_s;
    *again_s = (1 - s->tokens) / per_s;
    return s->tokens >= 1;
}

bool load_admit(const struct load_opts *o, struct load_state *s, enum load_route r, double at_s, double *again_s,
                int64_t *left)
{
    const struct load_route_opts *l = &o->routes[r];
    int64_t most = load_limit(l, at_s);
    if (!s->has_begun)
        *s = (struct load_state){
            .has_begun = true, .tokens = (double)l->burst, .tokens_at_s = at_s, .window_from_s = at_s
        };
    *left = -1;
    if (l->rate > 0 && !admit_rate(l, s, at_s, again_s)) {
        *left = 0;
        return false;
    }
    if (most > 0 && s->in_flight >= most) {
        *again_s = l->mean_ms * o->scale / 1000 / (double)most;
        return false;
    }
    if (l->rate > 0) {
        s->n_in_window++;
        s->tokens -= 1;
        *left = l->is_fixed_window ? l->rate - s->n_in_window : (int64_t)floor(s->tokens);
        *again_s = l->is_fixed_window ? s->window_from_s + l->window_s - at_s
                                      : ((double)l->burst - s->tokens) * l->window_s / (double)l->rate;
    }
    s->in_flight++;
    return true;
}
