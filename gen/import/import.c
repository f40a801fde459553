/* import.c - lessons out of the files of other programs: the frame around all of them */
#include "gen/import/import.h"
#include <stdlib.h>
#include "gen/base/mem.h"
#include "gen/import/json5.h"
#include "gen/import/taken.h"

enum { DEPTH_MOST = 64 };

const struct importer *const importers[] = {
    &import_editly,
    &import_shotstack,
    &import_json2video,
    &import_creatomate,
    &import_moneyprinterturbo,
    &import_short_video_maker,
    NULL,
};

/* ---------- what was left ---------- */

static int by_address(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return (*x > *y) - (*x < *y);
}

static bool was_taken(const struct import *im, const struct json *v)
{
    return im->n_taken && bsearch(&v, im->taken, im->n_taken, sizeof *im->taken, by_address);
}

struct walk {
    const struct json *v[DEPTH_MOST + 1];
    size_t at[DEPTH_MOST + 1], depth;
};

static void add_path(struct buf *b, const struct walk *w)
{
    for (size_t i = 0; i <= w->depth; i++) {
        const struct json *v = w->v[i];
        if (v->key.n)
            buf_printf(b, "%s" STR_FMT, i ? "." : "", STR_ARG(v->key));
        else
            buf_printf(b, "[%zu]", w->at[i]);
    }
    buf_addc(b, '\n');
}

/* Into what was taken, past what was not. The file's depth is bounded by its reader. */
static void tell_dropped(const struct import *im, const struct json *root, struct buf *dropped)
{
    struct walk w = { .v = { root->child } };
    if (!root->child)
        return;
    for (;;) {
        const struct json *v = w.v[w.depth];
        bool is_taken = was_taken(im, v);
        if (!is_taken && v->type != JSON_NULL)
            add_path(dropped, &w);
        if (is_taken && v->child && w.depth < DEPTH_MOST) {
            w.v[++w.depth] = v->child;
            w.at[w.depth] = 0;
            continue;
        }
        while (!w.v[w.depth]->next) {
            if (w.depth == 0)
                return;
            w.depth--;
        }
        w.v[w.depth] = w.v[w.depth]->next;
        w.at[w.depth]++;
    }
}

bool import_lesson(const struct importer *from, struct str text, struct arena *a, struct json **out,
                   struct buf *dropped, struct json_pos *at, struct err *e)
{
    struct import im = { .a = a, .lesson = json_object(a), .sections = json_array(a) };
    struct buf clean = { 0 };
    struct json *in = NULL;
    size_t n_notes = 0;
    struct json_note notes[4];
    json5_to_json(text, &clean);
    bool ok = json_parse(a, buf_str(&clean), JSON_LENIENT, &in, notes, &n_notes, at, e);
    buf_deinit(&clean);
    if (ok && in->type != JSON_OBJECT)
        ok = err_set(e, ERR_LESSON, "expected an object, not %s", json_type_name(in->type));
    ok = ok && (from->read(&im, in, e) || err_wrap(e, "this is no file of %s", from->name));
    if (ok && !im.sections->child)
        ok = err_set(e, ERR_LESSON, "there is nothing in it that could become a section");
    if (ok) {
        qsort(im.taken, im.n_taken, sizeof *im.taken, by_address);
        tell_dropped(&im, in, dropped);
        json_set(a, im.lesson, "sections", im.sections);
        *out = im.lesson;
    }
    free(im.taken);
    return ok;
}
