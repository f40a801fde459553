/* effects.c - what a section's effects need of it; effects that come from elsewhere than a lesson */
#include "gen/lesson/effects.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/effect_time.h"
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

/* Told once: an effect for the subject, and nothing that says where that is. */
static void note_no_subject(struct reader *r, const struct choice *c, struct json_pos pos)
{
    const struct param *p = param_find(c->row->params, STR("focus"), NULL);
    const struct param_rect *own = p ? (const void *)((const char *)c->opts + p->offset) : NULL;
    if (!own || isnan(own->x))
        report_once(r, "W_NO_SUBJECT", str_from(c->row->name), pos, STR(""),
                    "the effect %s is left out: nothing says where the picture's subject is; give the section a \"focus\" or a \"mask\"",
                    c->row->name);
}

void effects_settle(struct reader *r, const struct section *s, const struct choice *effects, size_t n,
                    const struct image_opts *picture, struct json_pos pos)
{
    size_t mark = path_key(r, STR("effects"));
    for (size_t i = 0; i < n; i++) {
        const struct effect_time *t = effects[i].time;
        if (effects[i].row && effects[i].row->needs_subject && isnan(picture->focus.x) && picture->mask.n == 0)
            note_no_subject(r, &effects[i], pos);
        if (t) {
            check_mark(r, s, &t->start, pos);
            check_mark(r, s, &t->end, pos);
        }
    }
    path_pop(r, mark);
}
