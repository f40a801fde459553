/* exec.c - a job that a program of the user's does: JSON on its standard input, the media in a file
 *
 * What it is told and what it may answer is in docs/providers.md. It runs in a directory of its own, which goes away
 * with it. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/job_private.h"
#include "api/program.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { OUT_MAX = 16 << 20, TEMP_FAIL = 75, FAILED_STATUS = 500, WORDS_MOST = 300 };

struct exec {
    struct program *program;
    char *dir;       /* NULL: not made yet */
    struct str path; /* where the media are expected */
};

/* What a program's exit code means. Source of the numbers: sysexits.h of 4.3BSD. */
static const struct {
    int exit_code;
    enum err_code code;
} exit_codes[] = {
    { 69, ERR_NET },
    { TEMP_FAIL, ERR_SERVER },
    { 77, ERR_AUTH },
    { 78, ERR_AUTH },
};

static const struct {
    const char *name;
    enum err_code code;
} classes[] = {
    { "rate", ERR_RATE },   { "server", ERR_SERVER }, { "auth", ERR_AUTH },
    { "quota", ERR_QUOTA }, { "policy", ERR_POLICY }, { "input", ERR_INPUT },
};

/* ---------- the start ---------- */

static int64_t limit_ms(const struct job_run *r)
{
    static const int64_t by_kind[DESC_N_KINDS] = { [DESC_IMAGE] = 600000,
                                                   [DESC_SPEECH] = 600000,
                                                   [DESC_CHAT] = 600000,
                                                   [DESC_VIDEO] = 3600000,
                                                   [DESC_STOCK] = 60000 };
    if (r->p->desc.limits.total_ms >= 0)
        return r->p->desc.limits.total_ms;
    return r->env->request_ms > 0 ? r->env->request_ms : by_kind[r->p->desc.kind];
}

static bool make_dir(struct job_run *r, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    struct str dir = arena_printf(&r->arena, "%s/vidgen-exec-XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");
    char *made = mem_strdup(dir.p);
    if (!mkdtemp(made)) {
        free(made);
        return err_errno(e, "a directory for the program beside '" STR_FMT "'", STR_ARG(dir));
    }
    r->exec->dir = made;
    r->exec->path = arena_printf(&r->arena, "%s/media", made);
    return true;
}

static void on_ended(void *ctx)
{
    struct job_run *r = ctx;
    r->env->changed(r->env->changed_ctx, r);
}

bool exec_begin(struct job_run *r, const struct want *w, struct str id, struct err *e)
{
    struct buf input = BUF_INIT(64 * MIB);
    struct api_request q;
    if (!request_build(&r->arena, r->p, w, &q, e))
        return false;
    struct json *job = json_copy(&r->arena, q.job);
    r->model = json_str_or(job, "model", (struct str){ 0 });
    r->exec = mem_alloc(sizeof *r->exec);
    if (!make_dir(r, e))
        return false;
    if (id.n)
        json_set(&r->arena, job, "id", json_string(&r->arena, id));
    json_set(&r->arena, job, "path", json_string(&r->arena, r->exec->path));
    json_print(&input, job, 0);
    buf_addc(&input, '\n');
    const struct program_spec s = { .argv = &r->p->desc.exec,
                                    .beside = r->p->desc.file,
                                    .dir = r->exec->dir,
                                    .input = buf_str(&input),
                                    .pass = &r->p->desc.auth.pass,
                                    .limit_ms = limit_ms(r),
                                    .out_max = OUT_MAX,
                                    .ended = on_ended,
                                    .ctx = r };
    r->exec->program = program_start(r->env->programs, &s, e);
    buf_deinit(&input);
    if (!r->exec->program)
        return false;
    job_enter(r, ST_RUN);
    return true;
}

/* ---------- what it answered ---------- */

static enum err_code class_of_exit(int exit_code)
{
    for (size_t i = 0; i < COUNTOF(exit_codes); i++)
        if (exit_codes[i].exit_code == exit_code)
            return exit_codes[i].code;
    return ERR_INPUT;
}

/* Standard output as JSON, or NULL. */
static const struct json *read_answer(struct job_run *r, struct str said)
{
    struct json *tree = NULL;
    said = str_trim(said);
    if (said.n == 0 || said.p[0] != '{' || !json_parse(&r->answers, said, 0, &tree, NULL, NULL, NULL, NULL))
        return NULL;
    return tree->type == JSON_OBJECT ? tree : NULL;
}

/* {"error": {"class": "quota", "message": "...", "retry_after": 30}}; is_set false: there is none. */
struct told_error {
    bool is_set;
    enum err_code code;
    struct str message;
};

static struct told_error told_error(struct job_run *r, const struct json *answer, int exit_code)
{
    const struct json *error = answer ? json_get(answer, "error") : NULL;
    struct told_error t = { .is_set = error && error->type != JSON_NULL, .code = class_of_exit(exit_code) };
    if (!t.is_set)
        return t;
    if (error->type == JSON_STRING)
        t.message = error->string;
    if (error->type != JSON_OBJECT)
        return t;
    struct str class = json_str_or(error, "class", STR(""));
    for (size_t i = 0; i < COUNTOF(classes); i++)
        if (str_is(class, classes[i].name))
            t.code = classes[i].code;
    t.message = json_str_or(error, "message", STR(""));
    double wait_s = json_num_or(error, "retry_after", -1);
    if (isfinite(wait_s) && wait_s >= 0 && wait_s < 1e6)
        r->wait_ms = (int64_t)(wait_s * 1000);
    return t;
}

static void fail_told(struct job_run *r, const struct told_error *t, const struct program_end *end)
{
    struct buf text = { 0 };
    struct err e;
    if (end->exit_code)
        buf_printf(&text, "ended with code %d", end->exit_code);
    else
        buf_addz(&text, "says");
    struct str said = t->message.n ? t->message : end->last_words;
    if (said.n) {
        buf_addz(&text, ": ");
        text_clean(&text, said, WORDS_MOST);
    }
    err_set(&e, t->code, "%s", text.p);
    buf_deinit(&text);
    r->status = FAILED_STATUS;
    job_fail(r, &e, end->exit_code == TEMP_FAIL, true);
}

/* The file with the media: named by the answer, or the one that the job names. */
static struct str media_path(const struct job_run *r, const struct json *answer, struct str said)
{
    struct stat st;
    struct str named = answer ? json_str_or(answer, "path", STR("")) : STR("");
    if (answer)
        return named.n ? named : r->exec->path;
    if (stat(r->exec->path.p, &st) == 0 && st.st_size > 0)
        return r->exec->path; /* whatever it printed besides is talk */
    struct str line = str_trim(said);
    const char *last = line.n ? memrchr(line.p, '\n', line.n) : NULL;
    if (last)
        line = str_trim((struct str){ last + 1, line.n - (size_t)(last + 1 - line.p) });
    return line.n && line.n < 4096 ? line : r->exec->path;
}

static bool open_media(struct job_run *r, struct str path, int *fd, int64_t *size, struct err *e)
{
    struct stat st;
    struct buf shown = { 0 };
    int dir = open(r->exec->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    text_clean(&shown, path, 200);
    *fd = openat(dir, arena_str(&r->answers, path).p, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool ok = true;
    if (*fd < 0 && errno == ENOENT && str_eq(path, r->exec->path))
        ok = err_set(e, ERR_SERVER, "it has written no media to the path of the job, and named no other");
    else if (*fd < 0 || fstat(*fd, &st) != 0) {
        ok = err_set(e, ERR_SERVER, "the media cannot be read from '%s': %s", shown.p, strerror(errno));
    } else if (!S_ISREG(st.st_mode) || st.st_size == 0) {
        ok = err_set(e, ERR_SERVER, "'%s' is %s", shown.p, S_ISREG(st.st_mode) ? "empty" : "not a file");
    } else if (st.st_size > r->env->media_bytes) {
        ok = err_set(e, ERR_MEDIA, "the media have %lld bytes, limit %lld (limits.media_bytes)", (long long)st.st_size,
                     (long long)r->env->media_bytes);
    } else {
        *size = st.st_size;
    }
    if (dir >= 0)
        close(dir);
    buf_deinit(&shown);
    return ok;
}

static bool copy_media(struct job_run *r, int from, int64_t size, struct err *e)
{
    char *chunk = mem_alloc(1 << 20);
    int64_t at = 0;
    bool ok = true;
    while (ok && at < size) {
        ssize_t n = pread(from, chunk, 1 << 20, at);
        ok = n > 0 ? fd_write_at(r->fd, chunk, (size_t)n, at, e)
                   : err_set(e, ERR_SERVER, "the media became shorter while they were read");
        at += n;
    }
    free(chunk);
    return ok;
}

static void take_media(struct job_run *r, const struct json *answer, struct str said)
{
    struct http_answer none = { 0 };
    struct result_in in = job_result_in(r, &none);
    const struct json *words = answer ? json_get(answer, "words") : NULL;
    double cost = answer ? json_num_or(answer, "cost", -1) : -1;
    const char *type = "";
    int64_t size = 0, n = 0;
    struct err e;
    int fd = -1;
    bool ok = open_media(r, media_path(r, answer, said), &fd, &size, &e) && copy_media(r, fd, size, &e) &&
              result_put_streamed(&in, size, &type, &n, &e);
    if (fd >= 0)
        close(fd);
    if (ok)
        job_done(r, type, n, words && words->type == JSON_ARRAY ? words : NULL,
                 isfinite(cost) && cost >= 0 ? cost : -1);
    else
        job_fail_unsure(r, &e);
}

static void ended(struct job_run *r, const struct program_end *end)
{
    struct err e;
    const char *colon = end->last_words.n ? ": " : "";
    if (end->is_late || end->is_too_much || end->signal) {
        if (end->is_late)
            err_set(&e, ERR_SERVER, "not done after %lld s, so it was ended%s" STR_FMT, (long long)(limit_ms(r) / 1000),
                    colon, STR_ARG(end->last_words));
        else if (end->is_too_much)
            err_set(&e, ERR_SERVER, "it printed more than %d MiB, so it was ended", OUT_MAX >> 20);
        else
            err_set(&e, ERR_SERVER, "ended by signal %d (%s)%s" STR_FMT, end->signal, strsignal(end->signal), colon,
                    STR_ARG(end->last_words));
        job_fail_unsure(r, &e);
        return;
    }
    const struct json *answer = read_answer(r, end->out);
    const struct told_error t = told_error(r, answer, end->exit_code);
    if (t.is_set || end->exit_code)
        fail_told(r, &t, end);
    else
        take_media(r, answer, end->out);
}

/* ---------- outside ---------- */

int64_t exec_due_ms(const struct exec *x)
{
    return program_end(x->program) ? 0 : program_due_ms(x->program);
}

void exec_tick(struct job_run *r)
{
    program_tick(r->exec->program);
    const struct program_end *end = program_end(r->exec->program);
    if (end)
        ended(r, end);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
    (void)st, (void)flag, (void)at;
    remove(path);
    return 0;
}

void exec_destroy(struct exec *x)
{
    if (!x)
        return;
    program_destroy(x->program);
    if (x->dir)
        nftw(x->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(x->dir);
    free(x);
}
