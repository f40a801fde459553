/* subject.c - what the effects share that need to know where the picture's subject is */
#include "compose/effects/subject.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

const char *const region_shapes[] = { "ellipse", "box", NULL };

bool cover_init(struct cover *c, const struct subject *s, const struct effect_env *env, double low, double high,
                double (*value)(const void *opts, const struct effect_env *env, double distance), const void *opts)
{
    static const struct param_rect nowhere = { (double)NAN, 0, 0, 0 };
    bool is_own = !isnan(s->focus.x);
    struct region_spec spec = { .at = is_own       ? s->focus
                                      : env->focus ? *env->focus
                                                   : nowhere,
                                .mask = is_own ? NULL : env->mask,
                                .shape = s->shape,
                                .radius = s->radius,
                                .picture = env->picture,
                                .width = env->width,
                                .height = env->height };
    *c = (struct cover){ .region = region_create(&spec) };
    if (!c->region)
        return false;
    int n = (int)ceil((high - low) * CURVE_PER_PX) + 1;
    c->table = mem_array((size_t)n, 1);
    for (int i = 0; i < n; i++)
        c->table[i] = (uint8_t)lrint(255 * fmax(0, fmin(1, value(opts, env, low + i / (double)CURVE_PER_PX))));
    c->curve = (struct curve){ .low = (float)low,
                               .high = (float)(low + (n - 1) / (double)CURVE_PER_PX),
                               .before = c->table[0],
                               .after = c->table[n - 1],
                               .table = c->table };
    c->plane = mem_array((size_t)env->width * (size_t)env->height, 1);
    return true;
}

void cover_deinit(struct cover *c)
{
    region_destroy(c->region);
    free(c->table);
    free(c->plane);
    *c = (struct cover){ 0 };
}

static bool is_same(const struct view *a, const struct view *b)
{
    return a->look.x == b->look.x && a->look.y == b->look.y && a->look.w == b->look.w &&
           a->look.h == b->look.h && a->turn == b->turn;
}

const uint8_t *cover_for(struct cover *c, const struct view *v)
{
    if (!c->is_made || !is_same(v, &c->view)) {
        region_cover(c->region, v, &c->curve, c->plane);
        c->view = *v;
        c->is_made = true;
    }
    return c->plane;
}
