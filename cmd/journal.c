/* journal.c - what a run did, one JSON object a line, kept in the cache */
#include "cmd/journal.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/app.h"
#include "cmd/journal_film.h"
#include "cmd/kept_films.h"
#include "cmd/progress_json.h"
#include "cmd/runs.h"
#include "gen/base/clock.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/base/workers.h"

enum { BLOCK = 64 << 10, HELD_MS = 1000 };

struct journal {
    struct journal_opts o;
    struct arena arena;
    struct str path;
    struct status port;
    const struct status *next;
    pthread_mutex_t lock;                       /* guards the two below: log lines come from any thread */
    struct buf held;
    struct err why;                             /* it cannot be written */
    int fd;                                     /* -1: there is none */
    bool is_told;
    int64_t written_ms;
};

/* Told from the loop's thread alone: a log line that is being handed to us holds the log's lock. */
static void tell(struct journal *j)
{
    if (j->why.code == ERR_NONE || j->is_told)
        return;
    j->is_told = true;
    log_warn(j->o.log, "this run leaves no journal, so \"vidgen report\" will not show it: %s", j->why.msg);
}

/* The lock is held. */
static void write_held(struct journal *j)
{
    if (j->fd >= 0 && j->held.n && !fd_write(j->fd, j->held.p, j->held.n, &j->why)) {
        close(j->fd);                           /* what is there is read as far as it goes */
        j->fd = -1;
    }
    buf_clear(&j->held);
    j->written_ms = clock_now_ms(&clock_monotonic);
}

static void write_if_due(struct journal *j)
{
    if (j->held.n >= BLOCK || (j->held.n && clock_now_ms(&clock_monotonic) - j->written_ms >= HELD_MS))
        write_held(j);
}

/* ---------- lines ---------- */

static void add_number(struct journal *j, struct json *o, const char *key, double v)
{
    json_set(&j->arena, o, key, json_number(&j->arena, v));
}

static void add_text(struct journal *j, struct json *o, const char *key, struct str v)
{
    json_set(&j->arena, o, key, json_string(&j->arena, v));
}

/* The directory's own name, for whoever reads this from elsewhere. */
static struct str absolute(struct journal *j, struct str path)
{
    char *real = path.n ? realpath(arena_str(&j->arena, path).p, NULL) : NULL;
    struct str out = arena_str(&j->arena, real ? str_from(real) : path);
    free(real);
    return out;
}

static void add_head(struct journal *j, int64_t wall_ms)
{
    const struct config *c = j->o.config;
    struct json *o = json_object(&j->arena);
    add_text(j, o, "event", STR("run"));
    add_number(j, o, "version", 1);
    add_text(j, o, "program", STR(VIDGEN_VERSION));
    add_text(j, o, "command", str_from(j->o.command));
    add_number(j, o, "began_unix_ms", (double)wall_ms);
    add_number(j, o, "pid", (double)getpid());
    add_text(j, o, "directory", absolute(j, STR(".")));
    add_text(j, o, "outputs", absolute(j, j->o.out_dir));
    add_text(j, o, "ending", j->o.ending);
    add_number(j, o, "requests_cap", (double)j->o.requests_cap);
    add_number(j, o, "render_cap", j->o.n_threads);
    add_number(j, o, "videos_cap", (double)c->workers.videos);
    add_number(j, o, "sections_cap", (double)c->workers.sections);
    add_number(j, o, "cores", workers_cores());
    add_text(j, o, "currency", c->budget.currency);
    if (c->budget.max_cost >= 0)
        add_number(j, o, "max_cost", c->budget.max_cost);
    json_print(&j->held, o, 0);
    buf_addc(&j->held, '\n');
}

/* Which lessons this run is about: one that is killed has told of a few only. */
static void add_wanted(struct journal *j)
{
    for (size_t i = 0; i < j->o.plan->n_films; i++) {
        const struct lesson *l = j->o.plan->films[i].lesson;
        struct json *o = json_object(&j->arena);
        struct buf path = { 0 };
        text_clean(&path, l->path, 0);
        add_text(j, o, "event", STR("wanted"));
        add_text(j, o, "id", l->id);
        add_text(j, o, "path", buf_str(&path));
        json_print(&j->held, o, 0);
        buf_addc(&j->held, '\n');
        buf_deinit(&path);
    }
}

/* Of a film that is up to date nothing was looked at: what the run said that made it. */
static void add_film(struct journal *j, const struct status_event *ev, const struct film *f)
{
    struct buf line = { 0 };
    if (f->is_up_to_date && kept_film_get(j->o.cache, f->out_path, f->index, &j->held))
        return;
    journal_film(&line, f, j->o.config);
    if (ev->film && !f->is_up_to_date)
        kept_film_put(j->o.cache, f->out_path, buf_str(&line));
    buf_adds(&j->held, buf_str(&line));
    buf_deinit(&line);
}

static void on_event(void *ctx, const struct status_event *ev, const struct status_totals *t)
{
    struct journal *j = ctx;
    pthread_mutex_lock(&j->lock);
    if (j->fd >= 0) {
        if (ev->type == STATUS_LESSON && ev->lesson < j->o.plan->n_films)
            add_film(j, ev, &j->o.plan->films[ev->lesson]);
        progress_json_event(&j->held, ev, t, j->o.config->budget.currency);
        write_if_due(j);
    }
    pthread_mutex_unlock(&j->lock);
    tell(j);
    if (j->next && j->next->event)
        j->next->event(j->next->ctx, ev, t);
}

static void on_tick(void *ctx, const struct status_totals *t)
{
    struct journal *j = ctx;
    pthread_mutex_lock(&j->lock);
    write_if_due(j);
    pthread_mutex_unlock(&j->lock);
    tell(j);
    if (j->next && j->next->tick)
        j->next->tick(j->next->ctx, t);
}

void journal_log(struct journal *j, enum log_level level, const char *line)
{
    if (level > LOG_WARN)
        return;
    pthread_mutex_lock(&j->lock);
    if (j->fd >= 0)
        progress_json_log(&j->held, level, line);
    pthread_mutex_unlock(&j->lock);
}

/* ---------- its life ---------- */

struct journal *journal_create(const struct journal_opts *o)
{
    struct journal *j = mem_alloc(sizeof *j);
    int64_t wall_ms = clock_wall_ms();
    j->o = *o;
    j->fd = -1;
    j->port = (struct status){ j, on_event, on_tick };
    pthread_mutex_init(&j->lock, NULL);
    struct str name = runs_name(&j->arena, wall_ms, (long)getpid());
    j->path = arena_printf(&j->arena, "%s/runs/" STR_FMT ".jsonl", o->cache, STR_ARG(name));
    if (runs_make(o->cache, &j->why)) {
        runs_trim(o->cache, RUNS_KEPT - 1);
        /* appended to: watching makes several runs of one process, two of them perhaps in one second */
        j->fd = open(j->path.p, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (j->fd < 0)
            err_errno(&j->why, "'%s'", j->path.p);
    }
    add_head(j, wall_ms);
    add_wanted(j);
    write_held(j);
    tell(j);
    return j;
}

void journal_flush(struct journal *j)
{
    pthread_mutex_lock(&j->lock);
    write_held(j);
    pthread_mutex_unlock(&j->lock);
    tell(j);
}

void journal_destroy(struct journal *j)
{
    if (!j)
        return;
    journal_flush(j);
    if (j->fd >= 0)
        close(j->fd);
    pthread_mutex_destroy(&j->lock);
    buf_deinit(&j->held);
    arena_deinit(&j->arena);
    free(j);
}

const struct status *journal_status(struct journal *j, const struct status *next)
{
    j->next = next;
    return &j->port;
}

const char *journal_path(const struct journal *j)
{
    return j->fd >= 0 ? j->path.p : NULL;
}
