/* sheet.c - `vidgen sheet`: contact sheets of lessons before they are rendered */
#include "cmd/sheet.h"
#include <math.h>
#include "compose/aside.h"
#include "compose/sheet.h"
#include "gen/base/text.h"
#include "gen/film.h"
#include "gen/plan_effects.h"

enum { SHORT_SIDE = 540 }; /* px of a frame as it is drawn: small is quick, and its text is sharp */

static bool is_ready(const struct film *f)
{
    for (size_t i = 0; f->is_planned && i < f->n_sections; i++) {
        const struct plan_section *s = &f->sections[i];
        if ((s->image && s->image->state != NODE_DONE) || (s->speech && s->speech->state != NODE_DONE))
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
static struct str moves(struct arena *a, const struct film *f, size_t i)
{
    const struct plan_section *ps = &f->sections[i];
    struct buf b = { 0 };
    if (film_has_transition(f, i))
        buf_printf(&b, "%s, then ", ps->section->transition.row->name);
    for (size_t k = 0; k < ps->n_effects; k++)
        buf_printf(&b, "%s%s", k ? ", " : "", ps->effects[k].row->name);
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

/* In the middle of what is said: words and captions are there. */
static int64_t telling_frame(const struct plan_section *ps, const struct video_format *v)
{
    int64_t samples = ps->speech ? ps->speech->blob.info.n_samples : 0;
    double middle = ((double)ps->visual.speech_start_samples + (double)samples / 2) / SAMPLE_RATE;
    return samples ? (int64_t)(middle * v->fps_num / v->fps_den) : ps->visual.n_frames / 2;
}

static void fill_cells(struct film *f, const struct video_format *v, struct arena *a, struct log *log,
                       struct sheet_cell *cells)
{
    int64_t frame = f->opening ? f->opening->slot.n_frames : 0;
    double per_frame = (double)v->fps_den / v->fps_num;
    for (size_t i = 0; i < f->n_sections; i++) {
        struct plan_section *ps = &f->sections[i];
        const struct section *s = ps->section;
        plan_effects_settle(f, ps, a, log);
        film_section_ready(f, ps);
        struct str from = clock_text(a, (double)frame * per_frame);
        frame += ps->slot.n_frames;
        struct str to = clock_text(a, (double)frame * per_frame);
        cells[i] = (struct sheet_cell){
            .visual = &ps->visual,
            .frame = telling_frame(ps, v),
            .text = s->narration,
            .head = arena_printf(a, "%zu · " STR_FMT "–" STR_FMT " · " STR_FMT, i + 1, STR_ARG(from), STR_ARG(to),
                                 STR_ARG(s->title.n ? s->title : s->id)),
            .note = moves(a, f, i),
        };
    }
}

static struct str sheet_path(struct arena *a, struct str video)
{
    if (str_ends(video, ".mp4"))
        video.n -= 4;
    return arena_printf(a, STR_FMT ".sheet.png", STR_ARG(video));
}

static bool write_one(struct app *app, struct film *f, int n_threads, struct err *e)
{
    struct arena a = { 0 };
    struct aside file = { .fd = -1 };
    struct sheet_cell *cells = arena_array(&a, f->n_sections, sizeof *cells);
    struct video_format whole = film_format(f->lesson, app->config);
    struct sheet_spec spec = {
        .video = small(whole), .language = f->lesson->language, .cells = cells, .n_cells = f->n_sections
    };
    struct str path = sheet_path(&a, f->out_path);
    fill_cells(f, &whole, &a, app->log, cells);
    int64_t n = 0;
    for (size_t i = 0; i < f->n_sections; i++)
        n += f->sections[i].slot.n_frames;
    spec.title = arena_printf(&a, STR_FMT " · %zu sections · " STR_FMT, STR_ARG(f->lesson->title), f->n_sections,
                              STR_ARG(clock_text(&a, (double)n * whole.fps_den / whole.fps_num)));
    bool ok = aside_open(&file, path, e) && sheet_write(&spec, n_threads, file.fd, e) && aside_commit(&file, e);
    aside_deinit(&file);
    if (ok && !app->opt.quiet) {
        struct buf shown = { 0 };
        text_clean(&shown, path, 0);
        fprintf(app->out, "%s\n", buf_str(&shown).p);
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
