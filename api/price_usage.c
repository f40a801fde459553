/* price_usage.c - what an answer tells of its cost, and how a description says where */
#include "api/desc_values.h"
#include "api/headers.h"
#include "api/pointer.h"
#include "api/price.h"
#include "gen/base/mem.h"
#include "gen/base/number.h"

static const double most = 1e12; /* of anything; a server that says more says nothing */

const char *const quantity_names[] = {
#define X(id, name) name,
    QUANTITIES(X)
#undef X
        NULL
};

static double number_of(struct str text)
{
    double v = -1;
    return number_parse(str_trim(text), &v) && v >= 0 && v <= most ? v : -1;
}

static double tell(struct str from, const struct headers *headers, const struct json *body)
{
    if (from.p[0] != '/')
        return number_of(headers_get(headers, from.p));
    const struct json *v = body ? pointer_value(body, from) : NULL;
    if (v && v->type == JSON_NUMBER)
        return v->number >= 0 && v->number <= most ? v->number : -1;
    return v && v->type == JSON_STRING ? number_of(v->string) : -1;
}

void usage_note(const struct usage_source *s, const struct headers *headers, const struct json *body,
                struct measure *told)
{
    for (size_t i = 0; i < N_QUANTITIES; i++) {
        double v = s->of[i].n ? tell(s->of[i], headers, body) : -1;
        if (v >= 0)
            told->of[i] = v;
    }
}

struct json *usage_json(struct arena *a, const struct measure *told)
{
    struct json *o = json_object(a);
    for (size_t i = 0; i < N_QUANTITIES; i++)
        if (told->of[i] >= 0)
            json_set(a, o, quantity_names[i], json_number(a, told->of[i]));
    return o->n ? o : NULL;
}

/* ---------- in a description ---------- */

/* A JSON pointer, or the name of a header. */
static bool read_usage_from(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_STRING || (!header_name_ok(v->string) && !(v->string.n && pointer_valid(v->string))))
        return desc_wrong(r, v, "expected a JSON pointer like /usage/total, or the name of a header");
    *(struct str *)into = v->string;
    return true;
}

bool desc_read_usage(struct desc_reader *r, const struct json *v, void *into)
{
#define X(id, name) { name, read_usage_from, QUANTITY_##id * sizeof(struct str) },
    static const struct desc_member members[] = { QUANTITIES(X) };
#undef X
    return desc_map(r, v, members, COUNTOF(members), into);
}
