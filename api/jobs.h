/* jobs.h - the jobs under way: by number, by when they want to be called, and by what they have to tell */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/heap.h"

struct job_run;
struct job_entry;

struct jobs {                                   /* zero-initialised is empty */
    struct job_entry **v;                       /* hashed by number; size is a power of two */
    size_t n, size;
    struct heap due;                            /* numbers by time; those of jobs that changed their mind stay in it */
    struct job_entry *telling, *last_telling;   /* have an event, in the order they got it */
};

void jobs_add(struct jobs *j, struct job_run *r); /* takes it */
struct job_run *jobs_find(const struct jobs *j, uint64_t id);
void jobs_drop(struct jobs *j, uint64_t id);    /* and destroys it; quiet when there is none */
void jobs_deinit(struct jobs *j);

/* To be called after anything was done with a job: it may have an event now, or another time to be called. */
void jobs_note(struct jobs *j, struct job_run *r);

struct job_run *jobs_pop_telling(struct jobs *j); /* has an event; NULL: nobody has */
struct job_run *jobs_pop_due(struct jobs *j, int64_t now_ms); /* NULL: nobody is */
int64_t jobs_next_due_ms(struct jobs *j);       /* INT64_MAX: nobody waits */
