/* build.c - `vidgen build`: lessons become videos; and what goes a part of that way: `plan`, `fetch`, `sheet` */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmd/app.h"
#include "cmd/basis.h"
#include "cmd/failed.h"
#include "cmd/inputs.h"
#include "cmd/journal.h"
#include "cmd/lessons.h"
#include "cmd/outputs.h"
#include "cmd/plan.h"
#include "cmd/progress.h"
#include "cmd/report.h"
#include "cmd/sheet.h"
#include "cmd/signals.h"
#include "cmd/space.h"
#include "cmd/watch.h"
#include "cmd/wiring.h"
#include "compose/abilities.h"
#include "compose/encoders.h"
#include "gen/base/log.h"
#include "gen/base/mem.h"
#include "gen/config.h"
#include "gen/encoding.h"
#include "gen/engine.h"
#include "gen/lesson/files.h"

static const char default_output[] = "out";

/* PLAN: what it would cost; FETCH: into the cache, for a build later; SHEET: then a look at all sections */
enum goal { GOAL_PLAN, GOAL_FETCH, GOAL_SHEET, GOAL_PREVIEW, GOAL_BUILD };

enum { PREVIEW_SIDE = 360, DRAFT_SIDE = 540 }; /* px of the frame's shorter side */

/* Everything a build holds; released in one place, in reverse. */
struct build {
    struct app *app;
    struct arena arena;
    struct lessons lessons;
    struct str *outputs;
    struct wiring wiring;
    struct plan plan;
    const char *dir, *ending;
    char *cache;
    enum goal goal;
};

/* ---------- the run ---------- */

/* Made, and fit to write into: known before anything is bought. */
static bool make_dirs(const char *path, struct err *e)
{
    char part[4096];
    size_t n = strlen(path);
    if (n >= sizeof part)
        return err_set(e, ERR_USAGE, "the output directory's name is too long");
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return err_errno(e, "make directory '%s'", part);
    }
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return err_set(e, ERR_IO, "'%s' is not a directory; -o names the one that videos go to", path);
    return access(path, W_OK | X_OK) == 0 || err_errno(e, "the output directory '%s' cannot be written", path);
}

/* "image", "audio:2" */
static bool refresh_of(const struct option_values *v, struct plan_refresh *out, struct err *e)
{
    static const struct { const char *name; enum asset_kind kind; } names[] = {
        { "image", ASSET_IMAGE }, { "audio", ASSET_SPEECH }, { "speech", ASSET_SPEECH }, { "video", ASSET_VIDEO }
    };
    *out = (struct plan_refresh){ .is_wanted = v->refresh != NULL, .section = str_from(v->refresh_section) };
    if (!v->refresh && !v->refresh_section)
        return true;
    if (!v->refresh || !v->refresh_section)
        return err_set(e, ERR_USAGE, "--refresh and --section go together: --refresh image --section 3");
    size_t n = strcspn(v->refresh, ":"), i = 0;
    while (i < COUNTOF(names) && !(strlen(names[i].name) == n && memcmp(names[i].name, v->refresh, n) == 0))
        i++;
    const char *digits = v->refresh[n] ? v->refresh + n + 1 : "";
    for (const char *p = digits; *p >= '0' && *p <= '9' && p - digits < 6; p++)
        out->part = 10 * out->part + (size_t)(*p - '0');
    bool is_number = !v->refresh[n] || (out->part > 0 && strspn(digits, "0123456789") == strlen(digits));
    if (i == COUNTOF(names) || !is_number)
        return err_set(e, ERR_USAGE, "--refresh %.40s: expected image, audio or video, or one of several as image:2",
                       v->refresh);
    out->kind = names[i].kind;
    return true;
}

static bool plan(struct build *b, struct err *e)
{
    struct app *app = b->app;
    struct plan_refresh refresh;
    if (!refresh_of(&app->opt, &refresh, e))
        return false;
    const struct plan_opts o = {
        .refresh = refresh,
        .config = app->config,
        .transport = b->wiring.transport,
        .renderer = b->wiring.renderer,
        .store = b->wiring.store,
        .log = app->log,
        .words = &app->words,
        .without_keys = b->goal == GOAL_PLAN,
        .image_provider = str_from(app->opt.image),
        .speech_provider = str_from(app->opt.speech),
        .video_provider = str_from(app->opt.video),
        .only = str_from(app->opt.only ? app->opt.only : ""),
        .basis = b->goal == GOAL_BUILD || b->goal == GOAL_PREVIEW ? basis_of(app, b->wiring.transport, &b->lessons.vars,
                                                                             b->wiring.descriptions, &b->arena)
                                                                  : STR(""),
        .is_forced = app->opt.force,
    };
    return plan_build(&b->plan, b->lessons.good, b->outputs, b->lessons.n_good, &o, e);
}

static bool has_room(const struct build *b, struct err *e)
{
    char *cache = app_cache_dir(b->app);
    bool has_films = b->goal != GOAL_FETCH && b->goal != GOAL_SHEET;
    bool ok = space_check(&b->plan, b->app->config, cache, has_films ? b->dir : NULL, e);
    free(cache);
    return ok;
}

static struct journal *journal(struct build *b)
{
    struct app *app = b->app;
    b->cache = app_cache_dir(app);
    const struct journal_opts o = {
        .cache = b->cache,
        .command = app->command->name,
        .out_dir = str_from(b->goal == GOAL_FETCH ? NULL : b->dir),
        .ending = str_from(b->ending),
        .config = app->config,
        .plan = &b->plan,
        .n_threads = b->wiring.pool.n_threads,
        .requests_cap = wiring_requests(app->config),
        .log = app->log,
    };
    return app->journal = journal_create(&o);
}

static bool run(struct build *b, struct engine_result *result, struct err *e)
{
    struct app *app = b->app;
    struct engine_opts o = wiring_engine(&b->wiring);
    o.status = journal_status(journal(b), progress_status(app_progress(app)));
    o.is_forced = app->opt.force;
    o.fetch_only = b->goal == GOAL_FETCH || b->goal == GOAL_SHEET;
    o.is_unchecked = app->opt.unchecked;
    bool ok = engine_run(&b->plan, &o, result, e);
    progress_destroy(app->progress);
    app->progress = NULL;
    journal_flush(app->journal);
    return ok;
}

/* Of videos that are all up to date there is nothing new to say. */
static bool is_idle(const struct build *b, const struct engine_result *r)
{
    bool idle = r->n_failed == 0;
    for (size_t i = 0; idle && i < b->plan.n_films; i++)
        idle = b->plan.films[i].is_up_to_date || (b->plan.films[i].join && b->plan.films[i].join->is_cached);
    return idle;
}

static void report(struct build *b, const struct engine_result *r)
{
    if (b->goal == GOAL_BUILD || b->goal == GOAL_PREVIEW)
        report_after_run(b->app, journal_path(b->app->journal), b->wiring.store, b->dir, b->ending, b->plan.n_films, is_idle(b, r));
}

static int exit_code(const struct build *b, const struct engine_result *r)
{
    int caught = signals_caught();
    if (caught)
        return 128 + caught;
    int code = err_exit_code(r->worst), wrong = b->lessons.n_bad ? err_exit_code(ERR_LESSON) : 0;
    return code > wrong ? code : wrong;
}

static void release(struct build *b)
{
    struct journal *j = b->app->journal;
    b->app->journal = NULL;
    journal_destroy(j);
    free(b->cache);
    wiring_close(&b->wiring);
    plan_deinit(&b->plan);
    lessons_deinit(&b->lessons);
    arena_deinit(&b->arena);
}

/* What is not the lesson's own video gets a name of its own and nothing beside it. */
static const char *ending(const struct build *b)
{
    const struct option_values *o = &b->app->opt;
    const char *ending = b->goal == GOAL_PREVIEW ? ".preview" : o->draft ? ".draft" : o->only ? ".part" : "";
    for (size_t i = 0; ending[0] && i < b->lessons.n; i++) {
        struct output_opts *out = &b->lessons.all[i]->output;
        *out = (struct output_opts){ .file = out->file, .thumbnail = STR("none"), .chapters = out->chapters,
                                     .track = out->track, .also = out->also, .n_also = out->n_also };
    }
    return ending;
}

static void be_quick(struct encode_opts *e, int64_t side)
{
    e->preset = STR("draft");
    e->codec = CODEC_H264;
    e->audio_codec = SOUND_CODEC_AAC;
    e->container = CONTAINER_MP4;
    e->hardware = HARDWARE_NONE;
    e->is_quick = true;
    e->side = e->side > 0 && e->side < side ? e->side : side;
}

static void watch_file(struct watch *w, const struct lesson *l, struct str file, struct arena *a)
{
    const char *slash = file.n && !path_is_address(file) ? memrchr(file.p, '/', file.n) : NULL;
    if (slash)
        watch_directory(w, arena_printf(a, STR_FMT "/%.*s", STR_ARG(l->dir), (int)(slash - file.p), file.p).p, false);
}

/* Where the lessons, the files they name lie. */
static void watch_all(const struct build *b, struct watch *w)
{
    struct arena a = { 0 };
    for (size_t i = 0; i < b->lessons.n; i++) {
        const struct lesson *l = b->lessons.all[i];
        struct stat out, own;
        bool is_shared = stat(b->dir, &out) == 0 && stat(l->dir.n ? l->dir.p : ".", &own) == 0 &&
                         out.st_ino == own.st_ino && out.st_dev == own.st_dev;
        watch_directory(w, l->dir.n ? l->dir.p : ".", is_shared);
        watch_file(w, l, l->output.thumbnail_file, &a);
        for (size_t k = 0; k < l->n_sections; k++) {
            const struct section *s = &l->sections[k];
            const struct str files[] = { s->image, s->video, s->audio, s->slide.svg };
            for (size_t f = 0; f < COUNTOF(files); f++)
                watch_file(w, l, files[f], &a);
            for (size_t m = 0; m < s->n_pictures; m++) {
                watch_file(w, l, s->pictures[m].image, &a);
                watch_file(w, l, s->pictures[m].video, &a);
            }
        }
    }
    arena_deinit(&a);
}

/* False when nothing has failed. */
static bool keep_failed(struct build *b)
{
    char *cache = app_cache_dir(b->app);
    size_t n_left_out = failed_keep(b->app, cache, &b->lessons);
    free(cache);
    if (!b->app->opt.quiet && !b->app->opt.json && b->lessons.n_good)
        fprintf(b->app->err, "vidgen: %zu lesson%s of the last run to try again, %zu left out\n", b->lessons.n_good,
                b->lessons.n_good == 1 ? "" : "s", n_left_out);
    else if (!b->app->opt.quiet && b->lessons.n_good == 0)
        fputs("vidgen: none of these lessons has failed in the last run\n", b->app->err);
    return b->lessons.n_good > 0;
}

/* w: NULL, or told what to look at */
static int build(struct build *b, int argc, char **argv, struct watch *w, struct err *e)
{
    struct app *app = b->app;
    struct engine_result result = { 0 };
    if (!lessons_load(app, argc, argv, &b->arena, &b->lessons, e))
        return app_fail(app, e);
    b->dir = app->opt.output ? app->opt.output : default_output;
    if (w)
        watch_all(b, w);
    if (b->lessons.n_good == 0)
        return err_exit_code(ERR_LESSON);
    if (app->opt.retry_failed && !keep_failed(b))
        return b->lessons.n_bad ? err_exit_code(ERR_LESSON) : 0;
    const char *end = b->ending = ending(b);
    if (!end[0] && b->goal != GOAL_SHEET)
        lessons_add_shapes(&b->lessons);
    b->outputs = arena_array(&b->arena, b->lessons.n_good, sizeof *b->outputs);
    if (!outputs_settle(b->lessons.good, b->lessons.n_good, b->dir, end, &app->config->encode,
                        &b->arena, b->outputs, e) ||
        !wiring_open(&b->wiring, app, b->goal == GOAL_PLAN, e) || !plan(b, e))
        return app_fail(app, e);
    if (b->goal == GOAL_PLAN) {
        int code = plan_print(app, &b->plan), wrong = b->lessons.n_bad ? err_exit_code(ERR_LESSON) : 0;
        return code > wrong ? code : wrong;
    }
    app->opt.refresh = app->opt.refresh_section = NULL; /* once: what is saved while watching asks for no other */
    if ((b->goal != GOAL_FETCH && !make_dirs(b->dir, e)) || !has_room(b, e) || !run(b, &result, e) ||
        (b->goal == GOAL_SHEET && !signals_caught() && !sheets_write(app, &b->plan, b->wiring.pool.n_threads, e)))
        return app_fail(app, e);
    report(b, &result);
    if (signals_caught() && !app->opt.quiet)
        fputs("vidgen: stopped; the same command goes on from here\n", app->err);
    return exit_code(b, &result);
}

/* One build after the other, each time something was saved. */
static int build_watching(struct app *app, int argc, char **argv, enum goal goal)
{
    struct err e = { 0 };
    int code = 0;
    for (bool again = true; again;) {
        struct build b = { .app = app, .goal = goal };
        struct watch *w = watch_create(&e);
        if (!w)
            return app_fail(app, &e);
        code = build(&b, argc, argv, w, &e);
        release(&b);
        if (watch_count(w) == 0) { /* nothing could be read: there is nothing to wait for */
            watch_destroy(w);
            return code;
        }
        if (!signals_caught() && !app->opt.quiet)
            fputs("vidgen: waiting for a change; Ctrl-C ends\n", app->err);
        again = watch_wait(w);
        watch_destroy(w);
    }
    return signals_caught() ? 128 + signals_caught() : code;
}

/* The hardware's encoder where one is wanted and starts. */
static bool settle_encoder(struct app *app, struct err *e)
{
    struct encode_opts *o = &app->config->encode;
    struct buf why = { 0 };
    if (!encoding_crf_ok((enum codec)o->codec, o->crf, e))
        return false;
    if (!abilities_can_write((enum sound_codec)o->audio_codec, e))
        return false;
    const char *name = encoder_choose((enum codec)o->codec, (enum hardware)o->hardware, &why, e);
    if (name && why.n)
        log_warn(app->log, "encode.hardware: %s encodes instead (%s)", name, why.p);
    else if (name && o->hardware != HARDWARE_NONE)
        o->encoder = str_from(name);
    buf_deinit(&why);
    return name != NULL;
}

static int start(struct app *app, int argc, char **argv, enum goal goal)
{
    struct build b = { .app = app, .goal = app->opt.dry_run ? GOAL_PLAN : goal };
    struct err e = { 0 };
    if (goal == GOAL_PREVIEW || app->opt.draft)
        be_quick(&app->config->encode, goal == GOAL_PREVIEW ? PREVIEW_SIDE : DRAFT_SIDE);
    if ((b.goal == GOAL_BUILD || b.goal == GOAL_PREVIEW || b.goal == GOAL_PLAN) && !settle_encoder(app, &e))
        return app_fail(app, &e);
    if (app->opt.watch && b.goal != GOAL_PLAN)
        return build_watching(app, argc, argv, goal);
    int code = build(&b, argc, argv, NULL, &e);
    release(&b);
    return code;
}

int cmd_build(struct app *app, int argc, char **argv)
{
    return start(app, argc, argv, GOAL_BUILD);
}

int cmd_fetch(struct app *app, int argc, char **argv)
{
    return start(app, argc, argv, GOAL_FETCH);
}

int cmd_plan(struct app *app, int argc, char **argv)
{
    return start(app, argc, argv, GOAL_PLAN);
}

int cmd_sheet(struct app *app, int argc, char **argv)
{
    return start(app, argc, argv, GOAL_SHEET);
}

int cmd_preview(struct app *app, int argc, char **argv)
{
    return start(app, argc, argv, GOAL_PREVIEW);
}
