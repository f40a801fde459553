/* price_usage.c - what an answer tells of its cost */
#include "api/description.h"
#include "api/headers.h"
#include "api/pointer.h"
#include "api/price.h"
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
