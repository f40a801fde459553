/* param.c - rows of options: finding them, their defaults */
#include "gen/param.h"
#include <assert.h>
#include <math.h>
#include "gen/base/json.h"
#include "gen/color.h"
#include "gen/names.h"
#include "gen/param_text.h"

const struct row *row_find(const struct row *const *rows, struct str name)
{
    for (; rows && *rows; rows++)
        if (name_matches((*rows)->name, (*rows)->aliases, name, NULL))
            return *rows;
    return NULL;
}

const struct param *param_find(const struct param *params, struct str key, bool *is_alias)
{
    for (; params && params->name; params++)
        if (name_matches(params->name, params->aliases, key, is_alias))
            return params;
    return NULL;
}

static void default_numbers(const struct param *p, void *field)
{
    size_t n = p->type == PARAM_RECT ? 4 : 2; /* a FOCUS's default is a point */
    double *v = field; /* param_point and param_rect are doubles one after the other */
    v[0] = (double)NAN;
    if (p->def_text && !param_numbers(str_from(p->def_text), v, n))
        assert(!"def_text of a point or rectangle");
}

void param_default(const struct param *p, void *opts)
{
    void *field = (char *)opts + p->offset;
    switch (p->type) {
    case PARAM_DOUBLE:
    case PARAM_SECONDS:
    case PARAM_VOLUME: *(double *)field = p->def; break;
    case PARAM_INT: *(int64_t *)field = (int64_t)p->def; break;
    case PARAM_BOOL: *(bool *)field = p->def != 0; break;
    case PARAM_CHOICE: *(int *)field = (int)p->def; break;
    case PARAM_MOMENT: *(struct param_moment *)field = (struct param_moment){ p->def, STR("") }; break;
    case PARAM_ITEMS: *(struct param_items *)field = (struct param_items){ NULL, 0 }; break;
    case PARAM_STR: *(struct str *)field = p->def_text ? str_from(p->def_text) : STR(""); break;
    case PARAM_COLOR:
        *(uint32_t *)field = 0;
        if (p->def_text && !color_parse(str_from(p->def_text), field))
            assert(!"def_text of a colour");
        break;
    case PARAM_FOCUS:
        *(struct param_rect *)field = (struct param_rect){ 0 };
        default_numbers(p, field);
        break;
    case PARAM_POINT:
    case PARAM_RECT: default_numbers(p, field); break;
    case PARAM_N_TYPES: break;
    }
}

void params_default(const struct param *params, void *opts)
{
    for (; params && params->name; params++)
        param_default(params, opts);
}

struct json *param_default_json(const struct param *p, struct arena *a)
{
    switch (p->type) {
    case PARAM_DOUBLE:
    case PARAM_INT:
    case PARAM_SECONDS:
    case PARAM_MOMENT:
    case PARAM_VOLUME: return isnan(p->def) ? NULL : json_number(a, p->def);
    case PARAM_BOOL: return json_bool(a, p->def != 0);
    case PARAM_CHOICE: return json_string(a, str_from(p->choices[(int)p->def]));
    case PARAM_STR:
    case PARAM_COLOR: return p->def_text ? json_string(a, str_from(p->def_text)) : NULL;
    case PARAM_POINT:
    case PARAM_FOCUS:
    case PARAM_RECT: break;
    case PARAM_ITEMS:
    case PARAM_N_TYPES: return NULL;
    }
    double v[4];
    size_t n = p->type == PARAM_RECT ? 4 : 2;
    if (!p->def_text || !param_numbers(str_from(p->def_text), v, n))
        return NULL;
    struct json *list = json_array(a);
    for (size_t i = 0; i < n; i++)
        json_push(list, json_number(a, v[i]));
    return list;
}
