/* planner.c - which camera move suits a section, by rules */
#include "gen/planner.h"
#include <math.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "gen/base/text.h"

/* What the rules look at. */
struct planner_features {
    size_t index, n_sections;
    bool is_plain, ends_asking, has_emphasis;
    size_t n_listed; /* most things between commas in one sentence */
    size_t n_numbers;
    double seconds;
};

static const double long_s = 15, short_s = 4;

/* ---------- what the words are like ---------- */

static bool is_one_of(uint32_t c, const uint32_t *set)
{
    for (; *set; set++)
        if (*set == c)
            return true;
    return false;
}

/* Marks of all scripts that have their own: full-width, Arabic, Devanagari. */
static const uint32_t questions[] = { '?', 0xff1f, 0x61f, 0 }, calls[] = { '!', 0xff01, 0 },
                      stops[] = { '.', 0x3002, 0x964, 0 }, commas[] = { ',', ';', 0xff0c, 0x3001, 0xff1b, 0x60c, 0 },
                      colons[] = { ':', 0xff1a, 0 }, closers[] = { '"', '\'', ')', 0x201d, 0x2019, 0xbb, 0x300d, 0 };

/* A mark inside a number ("1,500", "3.5", "10:30") is part of it. */
static bool is_inside_number(struct str before, struct str after)
{
    return before.n && after.n && before.p[before.n - 1] >= '0' && before.p[before.n - 1] <= '9' && after.p[0] >= '0' &&
           after.p[0] <= '9';
}

static void read_words(struct str s, struct planner_features *f)
{
    size_t listed = 1, n = 0;
    bool has_colon = false, in_number = false;
    for (size_t i = 0; i < s.n; i += n) {
        uint32_t c = 0;
        n = text_decode((struct str){ s.p + i, s.n - i }, &c);
        n = n ? n : 1;
        bool is_digit = c >= '0' && c <= '9';
        if (is_inside_number((struct str){ s.p, i }, (struct str){ s.p + i + n, s.n - i - n }))
            continue;
        f->n_numbers += is_digit && !in_number;
        in_number = is_digit;
        bool asks = is_one_of(c, questions), ends = asks || is_one_of(c, calls) || is_one_of(c, stops);
        if (is_one_of(c, commas))
            listed++;
        has_colon = has_colon || is_one_of(c, colons);
        f->has_emphasis = f->has_emphasis || is_one_of(c, calls);
        if (ends || (c > ' ' && !is_one_of(c, commas) && !is_one_of(c, closers)))
            f->ends_asking = asks;
        if (ends || i + n >= s.n) { /* "two things: this, that" lists with fewer commas */
            f->n_listed = listed + has_colon > f->n_listed ? listed + has_colon : f->n_listed;
            listed = 1;
            has_colon = false;
        }
    }
}

/* ---------- the rules ---------- */

static bool is_plain(const struct planner_features *f)
{
    return f->is_plain;
}
static bool is_first(const struct planner_features *f)
{
    return f->index == 0 && f->n_sections > 1;
}
static bool is_last(const struct planner_features *f)
{
    return f->index > 0 && f->index + 1 == f->n_sections;
}
static bool is_question(const struct planner_features *f)
{
    return f->ends_asking;
}
static bool is_enumeration(const struct planner_features *f)
{
    return f->n_listed >= 4;
}
static bool is_emphatic(const struct planner_features *f)
{
    return f->has_emphasis;
}
static bool has_numbers(const struct planner_features *f)
{
    return f->n_numbers >= 2;
}
static bool is_long(const struct planner_features *f)
{
    return f->seconds >= long_s;
}
static bool is_short(const struct planner_features *f)
{
    return f->seconds < short_s;
}
static bool is_any(const struct planner_features *f)
{
    (void)f;
    return true;
}

/* At least three moves a list: two neighbours can each take one away. Over drawn pictures the camera stays near: words
 * are there to be read. */
#define GENTLE                                                                                                         \
    {                                                                                                                  \
        "zoom-in", "zoom-out", "none"                                                                                  \
    }
const struct planner_rule planner_rules[] = {
    { "plain", "the picture is a plain colour", is_plain, { { NULL }, { NULL } }, NULL, 1 },
    { "opening",
      "the first of several sections",
      is_first,
      { { "zoom-in", "ken-burns", "pan-right" }, GENTLE },
      NULL,
      1 },
    { "closing",
      "the last section",
      is_last,
      { { "zoom-out", "pan-left", "ken-burns" }, { "zoom-out", "none", "zoom-in" } },
      "vignette",
      1 },
    { "question",
      "the narration ends with a question",
      is_question,
      { { "zoom-in", "ken-burns", "pan-up" }, GENTLE },
      "vignette",
      1.2 },
    { "enumeration",
      "a sentence lists four things or more",
      is_enumeration,
      { { "pan-right", "pan-down", "pan-left", "zoom-out" }, { "none", "zoom-out", "zoom-in" } },
      NULL,
      1 },
    { "emphasis", "an exclamation mark", is_emphatic, { { "ken-burns", "zoom-in", "zoom-out" }, GENTLE }, NULL, 1.3 },
    { "numbers",
      "two numbers or more",
      has_numbers,
      { { "none", "zoom-in", "zoom-out" }, { "none", "zoom-in", "zoom-out" } },
      NULL,
      0.6 },
    { "long",
      "15 seconds or more",
      is_long,
      { { "pan-right", "pan-left", "ken-burns", "zoom-out" }, { "zoom-in", "zoom-out", "none" } },
      NULL,
      1 },
    { "short",
      "less than 4 seconds",
      is_short,
      { { "zoom-in", "zoom-out", "none" }, { "none", "zoom-in", "zoom-out" } },
      NULL,
      0.7 },
    { "other",
      "everything else",
      is_any,
      { { "zoom-in", "pan-left", "zoom-out", "pan-right", "ken-burns", "pan-up" }, GENTLE },
      NULL,
      1 },
    { 0 }
};
#undef GENTLE

/* ---------- the moves ---------- */

/* How far a move goes: so much a second, within limits; per kind of picture. ken-burns has no limits over drawn
 * pictures in the compositor, so no rule asks for it there. */
static const struct reach {
    const char *move;
    double per_second, least, most, base;
} reaches[] = {
    { "zoom-in", 0.014, 0.05, 0.22, 1 },  { "zoom-out", 0.014, 0.05, 0.22, 1 },  { "ken-burns", 0.02, 0.10, 0.40, 1 },
    { "pan-left", 0.012, 0.04, 0.16, 0 }, { "pan-right", 0.012, 0.04, 0.16, 0 }, { "pan-up", 0.008, 0.03, 0.10, 0 },
    { "pan-down", 0.008, 0.03, 0.10, 0 },
};
static const double drawn_zoom = 1.04;

const char *planner_move_of(const char *effect)
{
    for (size_t i = 0; i < COUNTOF(reaches); i++)
        if (strcmp(reaches[i].move, effect) == 0)
            return reaches[i].move;
    return strcmp(effect, "none") == 0 ? "none" : NULL;
}

static double rounded(double v)
{
    return round(v * 100) / 100;
}

static struct json *effect_named(struct arena *a, const char *name)
{
    struct json *o = json_object(a);
    json_set(a, o, "type", json_string(a, str_from(name)));
    return o;
}

static struct json *move_json(struct arena *a, const char *move, const struct planner_section *s, double strength,
                              struct rng *r)
{
    struct json *o = effect_named(a, move);
    double x = rounded(0.35 + 0.3 * rng_unit(r)), y = rounded(0.38 + 0.24 * rng_unit(r));
    for (size_t i = 0; i < COUNTOF(reaches); i++) {
        const struct reach *m = &reaches[i];
        if (strcmp(m->move, move) != 0)
            continue;
        double way = fmin(m->most, fmax(m->least, m->per_second * s->seconds * strength));
        json_set(a, o, "amount", json_number(a, s->picture == PLANNER_DRAWN ? drawn_zoom : rounded(m->base + way)));
    }
    if (s->picture == PLANNER_PHOTO && (strcmp(move, "zoom-in") == 0 || strcmp(move, "ken-burns") == 0)) {
        struct json *focus = json_array(a);
        json_push(focus, json_number(a, x));
        json_push(focus, json_number(a, y));
        json_set(a, o, "focus", focus);
    }
    return o;
}

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* The most fitting move half of the time, else any of the rule's; never one that a neighbour makes. */
static const char *choose_move(const char *const *moves, const char *before, const char *after, struct rng *r)
{
    const char *left[PLANNER_MOVES];
    size_t n = 0;
    for (; *moves; moves++)
        if (!is_same(*moves, before) && !is_same(*moves, after))
            left[n++] = *moves;
    if (n == 0)
        return NULL;
    return rng_below(r, 2) == 0 ? left[0] : left[rng_below(r, n)];
}

static struct planner_features features_of(const struct planner_section *s, size_t i, size_t n)
{
    struct planner_features f = {
        .index = i, .n_sections = n, .is_plain = s->picture == PLANNER_PLAIN, .seconds = s->seconds
    };
    read_words(str_trim(s->narration), &f);
    return f;
}

void planner_plan(const struct planner_section *sections, size_t n, uint64_t salt, struct arena *a,
                  struct planner_plan *out)
{
    const char *before = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct planner_section *s = &sections[i];
        const char *after = i + 1 < n && !sections[i + 1].is_planned ? sections[i + 1].move : NULL;
        out[i] = (struct planner_plan){ .move = s->move };
        if (s->is_planned) {
            const struct planner_features f = features_of(s, i, n);
            struct rng r = rng_from_text(s->id, salt);
            const struct planner_rule *rule = planner_rules;
            while (!rule->fits(&f))
                rule++;
            struct json *effects = json_array(a);
            const char *move = choose_move(rule->moves[s->picture == PLANNER_DRAWN], before, after, &r);
            json_push(effects, move ? move_json(a, move, s, rule->strength, &r) : effect_named(a, "none"));
            if (move && rule->also && s->picture == PLANNER_PHOTO)
                json_push(effects, effect_named(a, rule->also));
            out[i] = (struct planner_plan){ rule->name, move, effects };
        }
        before = out[i].move;
    }
}
