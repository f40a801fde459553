/* keys.c - keys that a program prints */
#include "api/keys.h"
#include <stdlib.h>
#include <string.h>
#include "api/headers.h"
#include "api/program.h"
#include "gen/base/mem.h"

enum { PROGRAM_MS = 60000, KEY_BYTES = 8000 };

struct entry {
    struct keys *of;
    struct provider *p;      /* its key is put there */
    struct program *program; /* NULL: none runs */
    char *key, *old;
    int64_t until_ms;
    unsigned number; /* of the key at hand */
    bool has_worked, has_failed;
    struct err why;
    uint64_t *waiting;
    size_t n_waiting;
};

struct keys {
    struct programs *programs;
    const struct clock *clock;
    struct log *log;
    void (*ready)(void *ctx, uint64_t job);
    void *ctx;
    struct entry *v;
    size_t n;
};

struct keys *keys_create(const struct providers *all, struct programs *programs, const struct clock *clock,
                         struct log *log, void (*ready)(void *ctx, uint64_t job), void *ctx)
{
    struct keys *k = mem_alloc(sizeof *k);
    *k = (struct keys){ .programs = programs, .clock = clock, .log = log, .ready = ready, .ctx = ctx };
    k->v = mem_array(all->n + 1, sizeof *k->v);
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i]->desc.auth.command.n)
            k->v[k->n++] = (struct entry){ .of = k, .p = all->v[i] };
    return k;
}

static void wipe(char **key)
{
    if (*key)
        explicit_bzero(*key, strlen(*key));
    free(*key);
    *key = NULL;
}

void keys_destroy(struct keys *k)
{
    for (size_t i = 0; k && i < k->n; i++) {
        struct entry *x = &k->v[i];
        program_destroy(x->program);
        x->p->key = x->p->old_key = (struct str){ 0 };
        wipe(&x->key);
        wipe(&x->old);
        free(x->waiting);
    }
    if (k)
        free(k->v);
    free(k);
}

static struct entry *find(const struct keys *k, const struct provider *p)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->v[i].p == p)
            return &k->v[i];
    return NULL;
}

/* ---------- the program ---------- */

static bool take_key(struct entry *x, const struct program_end *end, struct err *e)
{
    struct str said = str_trim(end->out);
    const char *words = end->last_words.n ? ": " : "";
    if (end->is_late)
        return err_set(e, ERR_AUTH, "the key's program has not answered in %d s", PROGRAM_MS / 1000);
    if (end->signal)
        return err_set(e, ERR_AUTH, "the key's program was ended by signal %d (%s)", end->signal,
                       strsignal(end->signal));
    if (end->exit_code)
        return err_set(e, ERR_AUTH, "the key's program ended with code %d%s" STR_FMT, end->exit_code, words,
                       STR_ARG(end->last_words));
    if (said.n == 0)
        return err_set(e, ERR_AUTH, "the key's program printed nothing%s" STR_FMT, words, STR_ARG(end->last_words));
    if (end->is_too_much || !header_value_ok(said))
        return err_set(e, ERR_AUTH, "what the key's program printed is no key: it is too long or has several lines");
    wipe(&x->old);
    x->old = x->key;
    x->key = mem_alloc(said.n + 1);
    memcpy(x->key, said.p, said.n);
    x->p->old_key = x->old ? str_from(x->old) : (struct str){ 0 };
    x->p->key = str_from(x->key);
    return true;
}

static void finish(struct entry *x)
{
    const struct program_end *end = program_end(x->program);
    size_t n = x->n_waiting;
    if (take_key(x, end, &x->why)) {
        x->number++;
        x->has_worked = false;
        x->until_ms = clock_now_ms(x->of->clock) + x->p->desc.auth.ttl_ms;
    } else {
        struct buf shown = { 0 };
        program_show(&shown, &x->p->desc.auth.command);
        x->has_failed = true;
        err_wrap(&x->why, "%s", shown.p);
        buf_deinit(&shown);
    }
    program_destroy(x->program);
    x->program = NULL;
    x->n_waiting = 0;
    for (size_t i = 0; i < n; i++)
        x->of->ready(x->of->ctx, x->waiting[i]);
}

static bool ask(struct entry *x)
{
    const struct program_spec s = { .argv = &x->p->desc.auth.command,
                                    .beside = x->p->desc.file,
                                    .pass = &x->p->desc.auth.pass,
                                    .limit_ms = PROGRAM_MS,
                                    .out_max = KEY_BYTES };
    x->program = program_start(x->of->programs, &s, &x->why);
    if (x->program)
        log_debug(x->of->log, STR_FMT ": its key is asked for", STR_ARG(x->p->desc.id));
    else
        x->has_failed = true;
    return x->program != NULL;
}

/* ---------- asking ---------- */

enum key_state keys_get(struct keys *k, const struct provider *p, uint64_t job, unsigned *number, struct err *e)
{
    struct entry *x = find(k, p);
    if (!x)
        return KEY_THERE;
    *number = x->number;
    if (!x->program && x->key && p->key.n && clock_now_ms(k->clock) < x->until_ms)
        return KEY_THERE;
    if (x->has_failed || (!x->program && !ask(x))) {
        *e = x->why;
        return KEY_FAILED;
    }
    x->waiting = mem_resize(x->waiting, x->n_waiting + 1, sizeof *x->waiting);
    x->waiting[x->n_waiting++] = job;
    return KEY_PENDING;
}

void keys_worked(struct keys *k, const struct provider *p, unsigned number)
{
    struct entry *x = find(k, p);
    if (x && x->number == number)
        x->has_worked = true;
}

bool keys_refused(struct keys *k, const struct provider *p, unsigned number)
{
    struct entry *x = find(k, p);
    if (!x || x->has_failed)
        return false;
    if (x->number != number)
        return true;
    x->until_ms = 0;
    return x->has_worked;
}

int64_t keys_due_ms(const struct keys *k)
{
    int64_t due = INT64_MAX;
    for (size_t i = 0; i < k->n; i++) {
        const struct program *p = k->v[i].program;
        int64_t at = !p ? INT64_MAX : program_end(p) ? 0 : program_due_ms(p);
        due = at < due ? at : due;
    }
    return due;
}

void keys_tick(struct keys *k)
{
    for (size_t i = 0; i < k->n; i++) {
        struct entry *x = &k->v[i];
        if (x->program)
            program_tick(x->program);
        if (x->program && program_end(x->program))
            finish(x);
    }
}
