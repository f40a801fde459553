/* events.c - the lines of --json as a schema and as a page, from one table of fields and one of events */
#include "cmd/events.h"
#include <string.h>
#include "gen/base/json.h"
#include "gen/base/mem.h"

/* What a field holds: a JSON type, and the words that it can be where these are few. */
enum value { TEXT, WHOLE, NUMBER, DECIBEL, FLAG, STEP, STATE, LEVEL, SEVERITY, LANES, SWITCHES, N_VALUES };

static const char *const steps[] = { "plan",  "image",  "clip",       "speech", "text", "file", "slide", "splice",
                                     "video", "render", "transition", "join",   "lesson", "run", NULL };
static const char *const states[] = { "running", "backoff", "answered", "checking", "done", "cached", "failed", "skipped", "switched", NULL };
static const char *const levels[] = { "error", "warning", "info", "debug", NULL };
static const char *const severities[] = { "error", "warning", NULL };

static const struct {
    const char *type, *shown;
    const char *const *words;
    const char *items;                          /* of a list: the shape in event_shapes */
} values[N_VALUES] = {
    [TEXT] = { "string", "text", NULL, NULL },
    [WHOLE] = { "integer", "whole number", NULL, NULL },
    [NUMBER] = { "number", "number", NULL, NULL },
    [DECIBEL] = { "number", "number", NULL, NULL },
    [FLAG] = { "boolean", "true or false", NULL, NULL },
    [STEP] = { "string", NULL, steps, NULL },
    [STATE] = { "string", NULL, states, NULL },
    [LEVEL] = { "string", NULL, levels, NULL },
    [SEVERITY] = { "string", NULL, severities, NULL },
    [LANES] = { "array", "list", NULL, "lanes" },
    [SWITCHES] = { "array", "list", NULL, "switches" },
};

static const struct {
    const char *name, *help;
    enum value value;
} fields[] = {
#define X(id, name, type, help) { name, help, type },
    EVENT_FIELDS(X)
#undef X
};

#define F(id) FIELD_##id
#define LIST(...) (const unsigned char[]){ __VA_ARGS__, FIELD_N }
#define NOTHING (const unsigned char[]){ FIELD_N }
#define TOTALS                                                                                                         \
    F(ELAPSED), F(LESSONS), F(LESSONS_DONE), F(LESSONS_FAILED), F(ASSETS), F(ASSETS_DONE), F(FRAMES), F(FRAMES_DONE),  \
        F(IN_FLIGHT), F(CAP), F(MADE), F(RETRIES), F(THREADS), F(CORES), F(WORKING), F(SPENT), F(ESTIMATE),            \
        F(CURRENCY), F(LANES)
#define TOTALS_MAYBE F(FETCH), F(LIMIT), F(COMMITTED), F(OVER_LIMIT), F(OVER_LIMIT_COST)

static const struct event_shape {
    const char *name, *help;
    const unsigned char *always, *maybe;        /* fields, ended by FIELD_N; `event` stands in all that are no items */
    bool is_item;                               /* of a list; else a line */
} shapes[] = {
    { "begin", "The plan stands.", LIST(TOTALS, F(STEP), F(STATE)), LIST(TOTALS_MAYBE), false },
    { "node", "A step began, or is over.", LIST(F(ELAPSED), F(LESSON), F(LESSON_INDEX), F(STEP), F(STATE)),
      LIST(F(SECTION), F(PROVIDER), F(ID), F(LANE), F(ATTEMPT), F(TOOK), F(CHECK), F(TOKENS), F(FRAMES_OF), F(COST), F(CODE), F(MESSAGE)), false },
    { "retry", "A request will be tried again.",
      LIST(F(ELAPSED), F(LESSON), F(LESSON_INDEX), F(STEP), F(STATE), F(PROVIDER), F(ATTEMPT), F(WAIT), F(CODE), F(MESSAGE)),
      LIST(F(SECTION), F(ID), F(LANE), F(TOOK), F(TOKENS)), false },
    { "switch", "Another provider is asked instead.",
      LIST(F(ELAPSED), F(LESSON), F(LESSON_INDEX), F(STEP), F(STATE), F(PROVIDER), F(INSTEAD_OF), F(CODE), F(MESSAGE)), LIST(F(SECTION)), false },
    { "lesson", "A video is finished, or has failed.", LIST(F(ELAPSED), F(LESSON), F(LESSON_INDEX), F(STEP), F(STATE)),
      LIST(F(COST), F(OUTPUT), F(DURATION), F(BYTES), F(LOUDNESS), F(PEAK), F(HEARD), F(ASKED), F(SPEECH_LATE),
           F(SOUND_OVER), F(LOOKED), F(COMPARED), F(CODE), F(MESSAGE)), false },
    { "totals", "How things stand, every second.", LIST(TOTALS), LIST(TOTALS_MAYBE, F(LEFT)), false },
    { "end", "The run is over.", LIST(TOTALS, F(STEP), F(STATE)), LIST(TOTALS_MAYBE, F(SWITCHES), F(CODE), F(MESSAGE)), false },
    { "sheet", "A contact sheet is drawn.", LIST(F(LESSON), F(OUTPUT)), NOTHING, false },
    { "log", "Something is to be said besides.", LIST(F(LEVEL)), LIST(F(MESSAGE)), false },
    { "problem", "A mistake in a lesson.",
      LIST(F(FILE), F(LINE), F(COLUMN), F(SEVERITY), F(CODE), F(PATH), F(MESSAGE), F(FIX)), NOTHING, false },
    { "checked", "A lesson was read.", LIST(F(FILE), F(ERRORS), F(WARNINGS)), NOTHING, false },
    { "error", "Why the command cannot go on.", LIST(F(CODE), F(EXIT), F(MESSAGE)), NOTHING, false },
    { "lanes", "One account's queue.", LIST(F(LANE), F(LANE_FLIGHT), F(WAITING), F(FOUND), F(LEARNED), F(REFUSED)),
      LIST(F(LANE_CAP), F(WINDOW), F(PER_MINUTE), F(TOKENS_PM), F(PAUSE), F(STOPPED)), true },
    { "switches", "So many assets went from one provider to another.", LIST(F(COUNT), F(STEP), F(PROVIDER), F(INSTEAD_OF)),
      LIST(F(CODE), F(MESSAGE)), true },
};

const char *event_field_name(enum event_field f)
{
    return fields[f].name;
}

/* ---------- schema ---------- */

static void set_text(struct arena *a, struct json *o, const char *key, const char *text)
{
    json_set(a, o, key, json_string(a, str_from(text)));
}

static struct json *reference(struct arena *a, const char *shape)
{
    struct json *o = json_object(a);
    json_set(a, o, "$ref", json_string(a, arena_printf(a, "#/$defs/%s", shape)));
    return o;
}

static struct json *field_schema(struct arena *a, size_t field)
{
    struct json *o = json_object(a);
    enum value v = fields[field].value;
    set_text(a, o, "type", values[v].type);
    set_text(a, o, "description", fields[field].help);
    if (v == WHOLE || v == NUMBER)
        json_set(a, o, "minimum", json_number(a, 0));
    if (values[v].items)
        json_set(a, o, "items", reference(a, values[v].items));
    if (values[v].words) {
        struct json *words = json_array(a);
        for (size_t i = 0; values[v].words[i]; i++)
            json_push(words, json_string(a, str_from(values[v].words[i])));
        json_set(a, o, "enum", words);
    }
    return o;
}

static struct json *shape_schema(struct arena *a, const struct event_shape *s)
{
    struct json *o = json_object(a), *properties = json_object(a), *required = json_array(a);
    set_text(a, o, "type", "object");
    set_text(a, o, "description", s->help);
    if (!s->is_item) {
        struct json *event = json_object(a);
        set_text(a, event, "const", s->name);
        json_set(a, properties, "event", event);
        json_push(required, json_string(a, STR("event")));
    }
    for (const unsigned char *f = s->always; *f != FIELD_N; f++) {
        json_set(a, properties, fields[*f].name, field_schema(a, *f));
        json_push(required, json_string(a, str_from(fields[*f].name)));
    }
    for (const unsigned char *f = s->maybe; *f != FIELD_N; f++)
        json_set(a, properties, fields[*f].name, field_schema(a, *f));
    json_set(a, o, "properties", properties);
    json_set(a, o, "required", required);
    json_set(a, o, "additionalProperties", json_bool(a, false));
    return o;
}

void events_schema(struct buf *out)
{
    struct arena a = { 0 };
    struct json *o = json_object(&a), *one_of = json_array(&a), *defs = json_object(&a);
    set_text(&a, o, "$schema", "https://json-schema.org/draft/2020-12/schema");
    set_text(&a, o, "title", "vidgen events");
    set_text(&a, o, "description", "One line of what build, fetch, sheet and preview print with --json.");
    for (size_t i = 0; i < COUNTOF(shapes); i++) {
        json_set(&a, defs, shapes[i].name, shape_schema(&a, &shapes[i]));
        if (!shapes[i].is_item)
            json_push(one_of, reference(&a, shapes[i].name));
    }
    json_set(&a, o, "oneOf", one_of);
    json_set(&a, o, "$defs", defs);
    json_print(out, o, JSON_PRETTY | JSON_FIT);
    buf_addc(out, '\n');
    arena_deinit(&a);
}

/* ---------- the page ---------- */

static void add_names(struct buf *b, const unsigned char *list)
{
    for (const unsigned char *f = list; *f != FIELD_N; f++)
        buf_printf(b, "%s`%s`", f == list ? "" : ", ", fields[*f].name);
}

static void add_value(struct buf *b, enum value v)
{
    if (!values[v].words) {
        buf_addz(b, values[v].shown);
        return;
    }
    for (size_t i = 0; values[v].words[i]; i++)
        buf_printf(b, "%s`%s`", i ? ", " : "", values[v].words[i]);
}

void events_table(struct buf *b)
{
    buf_addz(b, "| event | when | always | where it applies |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < COUNTOF(shapes); i++) {
        buf_printf(b, shapes[i].is_item ? "| of `%s` | %s | " : "| `%s` | %s | ", shapes[i].name, shapes[i].help);
        add_names(b, shapes[i].always);
        buf_addz(b, " | ");
        add_names(b, shapes[i].maybe);
        buf_addz(b, " |\n");
    }
    buf_addz(b, "\n| field | holds | what it says |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < FIELD_N; i++) {
        buf_printf(b, "| `%s` | ", fields[i].name);
        add_value(b, fields[i].value);
        buf_printf(b, " | %s |\n", fields[i].help);
    }
}
