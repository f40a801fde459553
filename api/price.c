/* price.c - which prices hold for a request, and what it comes to */
#include "api/price.h"
#include <math.h>
#include "api/description.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/ports.h"

static const struct {
    double per;
    enum quantity of;
    bool is_metered;
} units[] = {
#define X(id, name, quantity, n, metered) { n, QUANTITY_##quantity, metered },
    PRICE_UNITS(X)
#undef X
};

/* Of narration at a speed of 1: 4096 characters of English take 256 s (S. Anand, "OpenAI TTS cost", 2025-11). */
static const double chars_a_second = 16;
/* Of an answer that has no limit (max_tokens): a plan for a section takes some hundred, a draft of a lesson more. */
static const double answer_tokens = 2000;
/* Of text that is asked or answered, by the rule of thumb that the services give. */
static const double chars_a_token = 4;

struct measure measure_unknown(void)
{
    struct measure m;
    for (size_t i = 0; i < N_QUANTITIES; i++)
        m.of[i] = -1;
    return m;
}

/* ---------- which row ---------- */

static bool is_like(struct str pattern, struct str value)
{
    if (pattern.n && pattern.p[pattern.n - 1] == '*')
        return value.n >= pattern.n - 1 &&
               str_eq((struct str){ pattern.p, pattern.n - 1 }, (struct str){ value.p, pattern.n - 1 });
    return str_eq(pattern, value);
}

static bool holds(const struct price_condition *c, const struct json *vars)
{
    const struct json *v = json_get(vars, c->variable.p);
    struct buf printed = { 0 };
    bool found = false;
    if (!v || v->type == JSON_NULL)
        return false;
    if (v->type == JSON_STRING)
        buf_adds(&printed, v->string);
    else
        json_print(&printed, v, 0);
    for (size_t i = 0; i < c->n_values && !found; i++)
        found = is_like(c->values[i], buf_str(&printed));
    buf_deinit(&printed);
    return found;
}

const struct price *price_find(const struct price_list *l, const struct json *vars)
{
    for (size_t i = 0; i < l->n; i++) {
        size_t k = 0;
        while (k < l->v[i].n_when && holds(&l->v[i].when[k], vars))
            k++;
        if (k == l->v[i].n_when)
            return &l->v[i];
    }
    return NULL;
}

/* ---------- how much ---------- */

static double text_tokens(struct str s)
{
    return ceil((double)text_length(s) / chars_a_token);
}

static void expect_chat(const struct want *w, const struct json *vars, struct measure *m)
{
    m->of[QUANTITY_INPUT] =
        text_tokens(w->text) + text_tokens(json_str_or(vars, "system", STR(""))) + text_tokens(w->schema);
    m->of[QUANTITY_OUTPUT] = json_num_or(vars, "max_tokens", answer_tokens);
}

struct measure measure_expect(const struct description *d, const struct want *w, const struct json *vars)
{
    struct measure m = measure_unknown();
    double speed = json_num_or(vars, "speed", 1);
    m.of[QUANTITY_CALLS] = 1;
    m.of[QUANTITY_IMAGES] = m.of[QUANTITY_PIXELS] = m.of[QUANTITY_CHARS] = m.of[QUANTITY_SPEECH_S] = 0;
    m.of[QUANTITY_CLIP_S] = m.of[QUANTITY_INPUT] = m.of[QUANTITY_OUTPUT] = 0;
    if (d->kind == DESC_IMAGE || d->kind == DESC_STOCK)
        m.of[QUANTITY_IMAGES] = 1;
    if (d->kind == DESC_IMAGE)
        m.of[QUANTITY_PIXELS] = json_num_or(vars, "width", 0) * json_num_or(vars, "height", 0);
    if (d->kind == DESC_SPEECH) {
        m.of[QUANTITY_CHARS] = (double)text_length(w->text);
        m.of[QUANTITY_SPEECH_S] = m.of[QUANTITY_CHARS] / chars_a_second / (speed > 0 ? speed : 1);
    }
    if (d->kind == DESC_VIDEO)
        m.of[QUANTITY_CLIP_S] = json_num_or(vars, "seconds", -1);
    if (d->kind == DESC_CHAT)
        expect_chat(w, vars, &m);
    return m;
}

/* -1: one of the units is not known; or none has to do with this call. */
static double sum(const struct price *p, const struct measure *m, bool is_metered)
{
    double total = 0;
    bool any = false;
    for (size_t i = 0; i < N_PRICE_UNITS; i++) {
        double n = m->of[units[i].of];
        if (p->of[i] < 0 || units[i].is_metered != is_metered)
            continue;
        if (n < 0)
            return -1;
        total += p->of[i] * n / units[i].per;
        any = any || n > 0;
    }
    return any ? total : -1;
}

static bool has_flat(const struct price *p)
{
    for (size_t i = 0; i < N_PRICE_UNITS; i++)
        if (p->of[i] >= 0 && !units[i].is_metered)
            return true;
    return false;
}

double price_estimate(const struct price *p, const struct measure *expected)
{
    return p ? sum(p, expected, !has_flat(p)) : -1;
}

double price_told(const struct price *p, const struct measure *told)
{
    double total = 0;
    bool any = false;
    if (told->of[QUANTITY_MONEY] >= 0)
        return told->of[QUANTITY_MONEY];
    for (size_t i = 0; p && i < N_PRICE_UNITS; i++)
        if (p->of[i] >= 0 && told->of[units[i].of] >= 0) {
            total += p->of[i] * told->of[units[i].of] / units[i].per;
            any = true;
        }
    return any ? total : -1;
}
