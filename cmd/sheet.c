/* sheet.c - `vidgen sheet`: contact sheets of lessons before they are rendered */
#include "cmd/sheet.h"
#include <math.h>
#include "cmd/progress_json.h"
#include "compose/aside.h"
#include "compose/sheet.h"
#include "gen/base/text.h"
#include "gen/encoding.h"
#include "gen/film.h"
#include "gen/plan_effects.h"

enum { SHORT_SIDE = 540 }; /* px of a frame as it is drawn: small is quick, and its text is sharp */

static bool is_ready(const struct film *f)
{
    for (size_t i = 0; f->is_planned && i < f->n_sections; i++) {
        const struct plan_section *s = &f->sections[i];
        if ((s->speech && s->speech->state != NODE_DONE) || (s->mark && s->mark->state != NODE_DONE))
            return false;
        for (size_t k = 0; k < s->n_pictures; k++)
            if (s->pictures[k].image && s->pictures[k].image->state != NODE_DONE)
                return false;
    }
    return f->is_planned;
}

static struct video_format small(struct video_format v)
{
    double scale = fmin(1, (double)SHORT_SIDE / (v.width < v.height ? v.width : v.height));
    v.width = 2 * (int)lrint(v.width * scale / 2);
    v.height = 2 * (int)lrint(v.height * scale / 2);
    return v;
}

static struct str clock_text(struct arena *a, double seconds)
{
    struct buf b = { 0 };
    text_duration(&b, (int64_t)(seconds * 1000));
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

/* "wipe-left into it, then zoom-in, vignette" */
static struct str moves(struct arena *a, const struct film *f, size_t i, size_t shot)
{
    const struct plan_section *ps = &f->sections[i];
    const struct plan_picture *pp = &ps->pictures[shot];
    const struct row *into = shot ? pp->said->transition.row : ps->section->transition.row;
    struct buf b = { 0 };
    bool is_turned = shot && ps->shots[shot].first_frame < ps->shots[shot - 1].first_frame + ps->shots[shot - 1].n_frames;
    if (shot ? is_turned : film_has_transition(f, i))
        buf_printf(&b, "%s, then ", into->name);
    for (size_t k = 0; k < pp->n_effects; k++)
        buf_printf(&b, "%s%s", k ? ", " : "", pp->effects[k].row->name);
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

/* In the middle of what is said: words and captions are there. Of several pictures each one's own middle. */
static int64_t telling_frame(const struct plan_section *ps, size_t shot, const struct video_format *v)
{
    if (ps->n_pictures > 1)
        return ps->shots[shot].first_frame + ps->shots[shot].n_frames / 2;
    int64_t samples = ps->speech ? ps->speech->blob.info.n_samples : 0;
    double middle = ((double)ps->visual.speech_start_samples + (double)samples / 2) / SAMPLE_RATE;
    return samples ? (int64_t)(middle * v->fps_num / v->fps_den) : ps->visual.n_frames / 2;
}

struct filling {
    struct film *film;
    const struct video_format *video;
    struct arena *a;
    struct sheet_cell *cells;
    size_t n;
};

/* A cell for each picture. The words stand at the first; frame: the section's first one in the film. */
static void fill_section(struct filling *x, size_t i, int64_t frame)
{
    const struct plan_section *ps = &x->film->sections[i];
    const struct section *s = ps->section;
    double per_frame = (double)x->video->fps_den / x->video->fps_num;
    struct str title = s->title.n ? s->title : s->id;
    for (size_t k = 0; k < ps->n_pictures; k++) {
        int64_t first = frame + (k ? ps->shots[k].first_frame - ps->slot.in_frames : 0), end = frame + ps->slot.n_frames;
        if (k + 1 < ps->n_pictures)
            end = frame + ps->shots[k + 1].first_frame - ps->slot.in_frames;
        struct str from = clock_text(x->a, (double)first * per_frame), to = clock_text(x->a, (double)end * per_frame);
        struct str number = k ? arena_printf(x->a, "%zu.%zu", i + 1, k + 1) : arena_printf(x->a, "%zu", i + 1);
        x->cells[x->n++] = (struct sheet_cell){
            .visual = &ps->visual,
            .frame = telling_frame(ps, k, x->video),
            .text = ps->pictures[k].words,
            .head = arena_printf(x->a, STR_FMT " · " STR_FMT "–" STR_FMT " · " STR_FMT, STR_ARG(number), STR_ARG(from),
                                 STR_ARG(to), STR_ARG(title)),
            .note = moves(x->a, x->film, i, k),
        };
    }
}

static void fill_cells(struct filling *x, struct log *log)
{
    struct film *f = x->film;
    int64_t frame = f->opening ? f->opening->slot.n_frames : 0;
    for (size_t i = 0; i < f->n_sections; i++) {
        plan_effects_settle(f, &f->sections[i], x->a, log);
        film_section_ready(f, &f->sections[i], x->a);
        fill_section(x, i, frame);
        frame += f->sections[i].slot.n_frames;
    }
}

static struct str sheet_path(struct arena *a, struct str video)
{
    return arena_printf(a, STR_FMT ".sheet.png", STR_ARG(container_stem(video)));
}

static bool write_one(struct app *app, struct film *f, int n_threads, struct err *e)
{
    struct arena a = { 0 };
    struct aside file = { .fd = -1 };
    size_t most = 0;
    for (size_t i = 0; i < f->n_sections; i++)
        most += f->sections[i].n_pictures;
    struct video_format whole = film_format(f->lesson, app->config);
    struct filling x = { f, &whole, &a, arena_array(&a, most, sizeof *x.cells), 0 };
    struct sheet_spec spec = {
        .video = small(whole), .language = f->lesson->language, .cells = x.cells, .n_cells = most
    };
    struct str path = sheet_path(&a, f->out_path);
    fill_cells(&x, app->log);
    int64_t n = 0;
    for (size_t i = 0; i < f->n_sections; i++)
        n += f->sections[i].slot.n_frames;
    spec.title = arena_printf(&a, STR_FMT " · %zu sections · " STR_FMT, STR_ARG(f->lesson->title), f->n_sections,
                              STR_ARG(clock_text(&a, (double)n * whole.fps_den / whole.fps_num)));
    bool ok = aside_open(&file, path, e) && sheet_write(&spec, n_threads, file.fd, e) && aside_commit(&file, e);
    aside_deinit(&file);
    if (ok && (app->opt.json || !app->opt.quiet)) {
        struct buf shown = { 0 };
        if (app->opt.json) {
            progress_json_sheet(&shown, f->lesson->id, path);
        } else {
            text_clean(&shown, path, 0);
            buf_addc(&shown, '\n');
        }
        fputs(buf_str(&shown).p, app->out);
        buf_deinit(&shown);
    }
    arena_deinit(&a);
    return ok;
}

bool sheets_write(struct app *app, struct plan *p, int n_threads, struct err *e)
{
    for (size_t i = 0; i < p->n_films; i++)
        if (is_ready(&p->films[i]) && !write_one(app, &p->films[i], n_threads, e))
            return err_wrap(e, STR_FMT, STR_ARG(p->films[i].lesson->path));
    return true;
}
