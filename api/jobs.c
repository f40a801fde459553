/* jobs.c - the jobs under way: by number, by when they want to be called, and by what they have to tell */
#include "api/jobs.h"
#include <stdlib.h>
#include "api/job.h"
#include "gen/base/mem.h"

struct job_entry {
    uint64_t id;
    struct job_run *run;                        /* NULL: dropped while it stood in the line of those with an event */
    bool is_telling;
    struct job_entry *next_telling;
};

static size_t home_of(const struct jobs *j, uint64_t id)
{
    return (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (j->size - 1);
}

/* Where it is, or the free place where it would be. */
static size_t place_of(const struct jobs *j, uint64_t id)
{
    size_t i = home_of(j, id);
    while (j->v[i] && j->v[i]->id != id)
        i = (i + 1) & (j->size - 1);
    return i;
}

static void grow(struct jobs *j)
{
    struct jobs old = *j;
    j->size = old.size ? old.size * 2 : 64;
    j->v = mem_array(j->size, sizeof(struct job_entry *));
    for (size_t i = 0; i < old.size; i++)
        if (old.v[i])
            j->v[place_of(j, old.v[i]->id)] = old.v[i];
    free(old.v);
}

void jobs_add(struct jobs *j, struct job_run *r)
{
    struct job_entry *o = mem_alloc(sizeof *o);
    *o = (struct job_entry){ .id = job_run_id(r), .run = r };
    if (j->n * 2 >= j->size)
        grow(j);
    j->v[place_of(j, o->id)] = o;
    j->n++;
    jobs_note(j, r);
}

struct job_run *jobs_find(const struct jobs *j, uint64_t id)
{
    const struct job_entry *o = j->size ? j->v[place_of(j, id)] : NULL;
    return o ? o->run : NULL;
}

/* Those behind it move up, so that none is cut off from its home. */
static void close_gap(struct jobs *j, size_t gap)
{
    size_t mask = j->size - 1;
    j->v[gap] = NULL;
    for (size_t i = (gap + 1) & mask; j->v[i]; i = (i + 1) & mask) {
        size_t home = home_of(j, j->v[i]->id);
        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        j->v[gap] = j->v[i];
        j->v[i] = NULL;
        gap = i;
    }
}

void jobs_drop(struct jobs *j, uint64_t id)
{
    size_t at = j->size ? place_of(j, id) : 0;
    struct job_entry *o = j->size ? j->v[at] : NULL;
    if (!o)
        return;
    close_gap(j, at);
    j->n--;
    job_run_destroy(o->run);
    o->run = NULL;
    if (!o->is_telling)
        free(o);
}

void jobs_note(struct jobs *j, struct job_run *r)
{
    struct job_entry *o = j->v[place_of(j, job_run_id(r))];
    int64_t due = job_run_due_ms(r);
    if (due != INT64_MAX)
        heap_push(&j->due, due, (void *)(uintptr_t)o->id);
    if (!job_run_has_event(r) || o->is_telling)
        return;
    o->is_telling = true;
    if (j->telling)
        j->last_telling->next_telling = o;
    else
        j->telling = o;
    j->last_telling = o;
}

struct job_run *jobs_pop_telling(struct jobs *j)
{
    struct job_entry *o;
    while ((o = j->telling)) {
        j->telling = o->next_telling;
        o->next_telling = NULL;
        o->is_telling = false;
        if (o->run)
            return o->run;
        free(o);
    }
    return NULL;
}

/* The job at the top of the heap, if it still wants to be called then. */
static struct job_run *top(struct jobs *j)
{
    const struct heap_item *first;
    while ((first = heap_top(&j->due))) {
        struct job_run *r = jobs_find(j, (uint64_t)(uintptr_t)first->value);
        if (r && job_run_due_ms(r) == first->key)
            return r;
        heap_pop(&j->due);
    }
    return NULL;
}

struct job_run *jobs_pop_due(struct jobs *j, int64_t now_ms)
{
    struct job_run *r = top(j);
    if (!r || job_run_due_ms(r) > now_ms)
        return NULL;
    heap_pop(&j->due);
    return r;
}

int64_t jobs_next_due_ms(struct jobs *j)
{
    const struct job_run *r = top(j);
    return r ? job_run_due_ms(r) : INT64_MAX;
}

void jobs_deinit(struct jobs *j)
{
    for (size_t i = 0; i < j->size; i++)
        if (j->v[i]) {
            job_run_destroy(j->v[i]->run);
            j->v[i]->run = NULL;
            if (!j->v[i]->is_telling)
                free(j->v[i]);
        }
    jobs_pop_telling(j);                        /* frees those that were in its line */
    heap_deinit(&j->due);
    free(j->v);
    *j = (struct jobs){ 0 };
}
