/* effects.c - effects that come from elsewhere than a lesson */
#include "gen/lesson/effects.h"
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/lesson/reader.h"

static bool first_error(const struct problems *problems, struct err *e)
{
    for (size_t i = 0; i < problems->n; i++) {
        const struct problem *p = &problems->v[i];
        if (p->is_error)
            return err_set(e, ERR_LESSON, STR_FMT "%s" STR_FMT, STR_ARG(p->path), p->path.n ? ": " : "",
                           STR_ARG(p->message));
    }
    return true;
}

bool effects_read(struct arena *a, const struct json *list, const struct row *const *rows, const struct choice **out,
                  size_t *n, struct err *e)
{
    const struct vocabulary words = { .effects = rows };
    const struct read_opts opts = { .words = &words, .strict = true };
    struct problems problems = { 0 };
    if (!list || list->type != JSON_ARRAY)
        return err_set(e, ERR_LESSON, "expected a list of effects, not %s",
                       list ? json_type_name(list->type) : "nothing");
    struct lesson_in *in = mem_alloc(sizeof *in);
    struct reader *r = mem_alloc(sizeof *r);
    *r = (struct reader){ .a = a, .opts = &opts, .words = &words, .out = &problems, .in = in };
    path_key(r, STR("effects"));
    read_effects(r, NULL, list, NULL);
    *out = in->effects.v;
    *n = in->effects.n;
    buf_deinit(&r->path);
    free(r);
    free(in);
    return first_error(&problems, e);
}
