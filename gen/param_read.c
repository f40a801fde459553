/* param_read.c - one value from JSON into a field: types, ranges, tolerated spellings, and what to say about them */
#include <math.h>
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/base/number.h"
#include "gen/base/text.h"
#include "gen/color.h"
#include "gen/names.h"
#include "gen/param.h"
#include "gen/param_moment.h"
#include "gen/param_text.h"

struct reading {
    const struct param *p;
    const struct json *v;
    void *field;
    struct arena *a;
    struct param_said *said;
};

static const char *const type_name[] = {
#define X(id, ctype, what) [PARAM_##id] = what,
    PARAM_TYPES(X)
#undef X
};

/* Foreign text as it may stand in a message: cleaned, quoted, short. */
static struct str number_text(struct reading *r, double v)
{
    char text[NUMBER_TEXT];
    return arena_str(r->a, number_print(text, v));
}

static bool wrong_type(struct reading *r, const char *example)
{
    r->said->error = "E_TYPE";
    const char *what = type_name[r->p->type];
    if (r->v->type == JSON_STRING)
        r->said->message = arena_printf(r->a, STR_FMT ": not %s%s%s", STR_ARG(text_quoted(r->a, r->v->string)), what,
                                        example ? ", as " : "", example ? example : "");
    else
        r->said->message = arena_printf(r->a, "expected %s%s%s, not %s", what, example ? ", as " : "",
                                        example ? example : "", json_type_name(r->v->type));
    return false;
}

static void range_of(const struct param *p, double *min, double *max)
{
    *min = p->min;
    *max = p->max;
    if (p->min != p->max)
        return;
    bool is_time = p->type == PARAM_SECONDS || p->type == PARAM_MOMENT || p->type == PARAM_ITEMS;
    *min = is_time || p->type == PARAM_VOLUME ? 0 : -9007199254740992.0;
    *max = is_time ? 3600 : p->type == PARAM_VOLUME ? 16 : 9007199254740992.0;
}

/* Whole numbers of 20 s and more in steps of 10 were most likely meant as milliseconds. */
static bool looks_like_ms(double v)
{
    return v >= 20 && fmod(v, 10) == 0;
}

static bool in_range(struct reading *r, double v)
{
    double min, max;
    range_of(r->p, &min, &max);
    if (v >= min && v <= max)
        return true;
    r->said->error = "E_RANGE";
    r->said->fix = number_text(r, v < min ? min : max);
    struct str given = r->v->type == JSON_STRING ? text_quoted(r->a, r->v->string) : number_text(r, v);
    struct str hint = { 0 };
    if (r->p->type == PARAM_SECONDS && v > max && looks_like_ms(v) && v / 1000 >= min && v / 1000 <= max) {
        r->said->fix = number_text(r, v / 1000);
        hint =
            arena_printf(r->a, "; this looks like milliseconds, times are in seconds: " STR_FMT, STR_ARG(r->said->fix));
    }
    r->said->message = arena_printf(r->a, STR_FMT ": out of range, " STR_FMT " to " STR_FMT "%s" STR_FMT,
                                    STR_ARG(given), STR_ARG(number_text(r, min)), STR_ARG(number_text(r, max)),
                                    r->p->type == PARAM_SECONDS ? " seconds" : "", STR_ARG(hint));
    return false;
}

static void warn_string(struct reading *r, double v)
{
    r->said->warning = "W_NUMBER_STRING";
    r->said->fix = number_text(r, v);
    r->said->message = arena_printf(r->a, STR_FMT ": a number written as a string; better " STR_FMT,
                                    STR_ARG(text_quoted(r->a, r->v->string)), STR_ARG(r->said->fix));
}

static bool read_number(struct reading *r, double *out)
{
    struct str unit;
    if (r->v->type == JSON_NUMBER) {
        *out = r->v->number;
        return true;
    }
    if (r->v->type != JSON_STRING || !param_quantity(r->v->string, out, &unit))
        return wrong_type(r, NULL);
    if (str_is(unit, "%"))
        *out /= 100;
    else if (unit.n && !str_is(unit, "s"))
        return wrong_type(r, NULL);
    warn_string(r, *out);
    return true;
}

static bool read_double(struct reading *r)
{
    double v = 0;
    if (!read_number(r, &v) || !in_range(r, v))
        return false;
    *(double *)r->field = v;
    return true;
}

static bool read_int(struct reading *r)
{
    double v = 0;
    if (!read_number(r, &v))
        return false;
    if (v != trunc(v)) {
        r->said->error = "E_TYPE";
        r->said->fix = number_text(r, round(v));
        r->said->message = arena_printf(r->a, STR_FMT ": not a whole number", STR_ARG(number_text(r, v)));
        return false;
    }
    if (!in_range(r, v))
        return false;
    *(int64_t *)r->field = (int64_t)v;
    return true;
}

static bool read_seconds(struct reading *r)
{
    double v;
    bool has_unit = false;
    if (r->v->type == JSON_NUMBER)
        v = r->v->number;
    else if (r->v->type != JSON_STRING || !param_seconds(r->v->string, &v, &has_unit))
        return wrong_type(r, "1.5");
    if (!in_range(r, v))
        return false;
    if (r->v->type == JSON_STRING)
        warn_string(r, v);
    else if (v >= 100 && fmod(v, 50) == 0) {
        r->said->warning = "W_MILLISECONDS";
        r->said->fix = number_text(r, v / 1000);
        r->said->message = arena_printf(r->a, STR_FMT ": looks like milliseconds; it is read as seconds",
                                        STR_ARG(number_text(r, v)));
    }
    *(double *)r->field = v;
    return true;
}

static bool read_volume(struct reading *r)
{
    double v;
    bool is_db = false;
    if (r->v->type == JSON_NUMBER)
        v = r->v->number;
    else if (r->v->type != JSON_STRING || !param_volume(r->v->string, &v, &is_db))
        return wrong_type(r, "0.5 or \"-6dB\"");
    if (!in_range(r, v))
        return false;
    if (r->v->type == JSON_STRING && !is_db)
        warn_string(r, v);
    *(double *)r->field = v;
    return true;
}

static bool read_bool(struct reading *r)
{
    if (r->v->type != JSON_BOOL) {
        if (r->v->type == JSON_STRING && (str_is(r->v->string, "true") || str_is(r->v->string, "false")))
            r->said->fix = r->v->string;
        return wrong_type(r, NULL);
    }
    *(bool *)r->field = r->v->boolean;
    return true;
}

/* C0 besides line break and tab where lines are allowed, DEL, C1. */
static bool has_control(struct str s, bool lines)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t c = 0;
        size_t n = text_decode((struct str){ s.p + i, s.n - i }, &c);
        if (n == 0 || c == 0x7f || (c >= 0x80 && c < 0xa0))
            return true;
        if (c < 0x20 && !(lines && (c == '\n' || c == '\t' || c == '\r')))
            return true;
        i += n;
    }
    return false;
}

/* One of the row's choices; *index is which. */
static bool find_choice(struct reading *r, struct str given, int *index)
{
    struct nearest near = nearest_begin(given);
    struct buf b = { 0 };
    size_t n = 0;
    for (; r->p->choices[n]; n++) {
        if (name_equal(str_from(r->p->choices[n]), given)) {
            *index = (int)n;
            buf_deinit(&b);
            return true;
        }
        nearest_offer(&near, str_from(r->p->choices[n]));
        buf_printf(&b, "%s%s", n ? ", " : "one of ", r->p->choices[n]);
    }
    if (n > 8)
        buf_clear(&b);
    struct str all = arena_str(r->a, buf_str(&b));
    buf_clear(&b);
    r->said->fix = nearest_print(&near, &b);
    if (r->said->fix.n)
        r->said->fix = text_quoted(r->a, r->said->fix);
    r->said->error = "E_ENUM";
    struct str hint = all.n ? all : buf_str(&b);
    r->said->message = arena_printf(r->a, STR_FMT ": not known%s" STR_FMT, STR_ARG(text_quoted(r->a, given)),
                                    hint.n ? "; " : "", STR_ARG(hint));
    buf_deinit(&b);
    return false;
}

/* Adds the names of one string to the list. */
static bool add_names(struct reading *r, struct str given, struct buf *out)
{
    struct str one;
    int ignored;
    if (has_control(given, false)) {
        r->said->error = "E_CONTROL";
        r->said->message = arena_printf(r->a, STR_FMT ": control characters are not allowed here",
                                        STR_ARG(text_quoted(r->a, given)));
        return false;
    }
    while (names_next(&given, &one)) {
        if (r->p->choices && !find_choice(r, one, &ignored))
            return false;
        buf_printf(out, "%s" STR_FMT, out->n ? "," : "", STR_ARG(one));
    }
    return true;
}

static bool read_names(struct reading *r)
{
    struct buf b = { 0 };
    bool ok = r->v->type == JSON_STRING || (r->v->type == JSON_ARRAY && r->v->n);
    for (const struct json *c = r->v->type == JSON_ARRAY ? r->v->child : NULL; c; c = c->next)
        ok = ok && c->type == JSON_STRING && str_trim(c->string).n;
    if (!ok) {
        r->said->error = "E_TYPE";
        r->said->message = STR("expected a name, or a list of names in order");
    }
    if (ok && r->v->type == JSON_STRING)
        ok = add_names(r, r->v->string, &b);
    for (const struct json *c = r->v->type == JSON_ARRAY ? r->v->child : NULL; ok && c; c = c->next)
        ok = add_names(r, c->string, &b);
    if (ok)
        *(struct str *)r->field = arena_str(r->a, buf_str(&b));
    buf_deinit(&b);
    return ok;
}

static bool read_str(struct reading *r)
{
    if (r->p->flags & PARAM_NAMES)
        return read_names(r);
    bool is_text = r->v->type == JSON_STRING || (r->v->type == JSON_NUMBER && r->p->flags & PARAM_NUMBER_TEXT);
    if (!is_text) {
        if (r->v->type == JSON_NUMBER)
            r->said->fix = text_quoted(r->a, r->v->string);
        return wrong_type(r, NULL);
    }
    if (has_control(r->v->string, r->p->flags & PARAM_LINES)) {
        r->said->error = "E_CONTROL";
        r->said->message = arena_printf(r->a, STR_FMT ": control characters are not allowed here%s",
                                        STR_ARG(text_quoted(r->a, r->v->string)),
                                        r->p->flags & PARAM_LINES ? "" : ", line breaks neither");
        return false;
    }
    *(struct str *)r->field = r->v->string;
    return true;
}

static bool read_choice(struct reading *r)
{
    return r->v->type == JSON_STRING ? find_choice(r, r->v->string, r->field) : wrong_type(r, NULL);
}

static bool read_color(struct reading *r)
{
    uint32_t v;
    if (r->v->type != JSON_STRING)
        return wrong_type(r, "\"#1A2B3C\"");
    if (!color_parse(str_trim(r->v->string), &v)) {
        struct str name = color_nearest(r->v->string);
        if (name.n)
            r->said->fix = text_quoted(r->a, name);
        r->said->error = "E_TYPE";
        r->said->message =
            arena_printf(r->a, STR_FMT ": not a colour; #RGB, #RRGGBB, #RRGGBBAA or a CSS name%s" STR_FMT,
                         STR_ARG(text_quoted(r->a, r->v->string)), name.n ? ", nearest: " : "", STR_ARG(name));
        return false;
    }
    *(uint32_t *)r->field = v;
    return true;
}

static bool point_word(struct str s, double v[2])
{
    static const struct { const char *name; double x, y; } words[] = {
        { "center", .5, .5 },   { "centre", .5, .5 },      { "middle", .5, .5 },     { "top", .5, 0 },
        { "bottom", .5, 1 },    { "left", 0, .5 },         { "right", 1, .5 },       { "top-left", 0, 0 },
        { "top-right", 1, 0 },  { "bottom-left", 0, 1 },   { "bottom-right", 1, 1 },
    };
    for (size_t i = 0; i < COUNTOF(words); i++)
        if (name_equal(s, str_from(words[i].name))) {
            v[0] = words[i].x;
            v[1] = words[i].y;
            return true;
        }
    return false;
}

/* Numbers from [x, y, …] or {x, y, …}; false when the shape is another one. */
static bool take_numbers(const struct json *v, double *out, size_t n)
{
    static const char *const names[][2] = { { "x", "left" }, { "y", "top" }, { "width", "w" }, { "height", "h" } };
    if (v->type == JSON_STRING)
        return n == 2 && point_word(v->string, out);
    if ((v->type != JSON_ARRAY && v->type != JSON_OBJECT) || v->n != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct json *item = json_at(v, i);
        if (v->type == JSON_OBJECT && !(item = json_get(v, names[i][0])))
            item = json_get(v, names[i][1]);
        if (!item || item->type != JSON_NUMBER)
            return false;
        out[i] = item->number;
    }
    return true;
}

#define AREA_LEAST 0.001 /* of the frame: a pixel or two; what is drawn around less has no shape */

static bool read_area(struct reading *r)
{
    double v[4] = { 0, 0, 1, 1 };
    size_t n = r->p->type == PARAM_RECT || (r->p->type == PARAM_FOCUS && r->v->n == 4) ? 4 : 2;
    if (!take_numbers(r->v, v, n))
        return wrong_type(r, NULL);
    bool ok = v[2] >= AREA_LEAST && v[3] >= AREA_LEAST;
    for (size_t i = 0; i < n; i++)
        ok = ok && v[i] >= 0 && v[i] <= 1;
    if (n == 4)
        ok = ok && v[0] + v[2] <= 1 + 1e-9 && v[1] + v[3] <= 1 + 1e-9;
    if (!ok) {
        r->said->error = "E_RANGE";
        r->said->message =
            n == 4 ? STR("leaves the frame; x + width and y + height are at most 1, width and height at least 0.001")
                   : STR("leaves the frame; x and y are 0 to 1");
        return false;
    }
    if (r->p->type == PARAM_FOCUS && n == 2)
        v[2] = v[3] = 0;
    memcpy(r->field, v, (r->p->type == PARAM_POINT ? 2 : 4) * sizeof *v);
    return true;
}

static bool read_moment(struct reading *r)
{
    double min, max;
    range_of(r->p, &min, &max);
    return param_read_moment(r->v, min, max, r->field, r->a, r->said);
}

static bool read_items(struct reading *r)
{
    double min, max;
    range_of(r->p, &min, &max);
    return param_read_items(r->v, max, r->field, r->a, r->said);
}

bool param_read(const struct param *p, const struct json *v, void *opts, struct arena *a, struct param_said *said)
{
    static bool (*const read[])(struct reading *) = {
        [PARAM_DOUBLE] = read_double,   [PARAM_INT] = read_int,       [PARAM_BOOL] = read_bool,
        [PARAM_STR] = read_str,         [PARAM_CHOICE] = read_choice, [PARAM_COLOR] = read_color,
        [PARAM_SECONDS] = read_seconds, [PARAM_VOLUME] = read_volume, [PARAM_POINT] = read_area,
        [PARAM_RECT] = read_area,       [PARAM_FOCUS] = read_area,    [PARAM_MOMENT] = read_moment,
        [PARAM_ITEMS] = read_items,
    };
    *said = (struct param_said){ 0 };
    if (v->type == JSON_NULL)
        return true;
    struct reading r = { p, v, (char *)opts + p->offset, a, said };
    if (!read[p->type](&r))
        return false;
    if (p->flags & PARAM_NOT_YET) {
        param_default(p, opts);
        *said = (struct param_said){ .error = "E_NOT_YET", .message = STR("this version cannot do it yet") };
        return false;
    }
    return true;
}
