/* run_tables.h - what reading a journal keeps in mind: which span an asset has, names by number */
#pragma once
#include "cmd/run_read.h"

struct run_tables;
struct run_tables *tables_create(void);
void tables_destroy(struct run_tables *t);

uint64_t tables_key(struct str id);             /* the first 16 of its hex digits; 0: none */
/* A lesson of the run by its number, as it comes in the journal; UINT32_MAX: no such. */
uint32_t tables_lesson(struct run *r, double index, struct str name);
uint32_t tables_step(struct run *r, struct str name);
uint32_t tables_provider(struct run *r, struct str name, bool is_called); /* "": UINT32_MAX */
/* The one that is equal to `like` already, for the caller to count; NULL: it was added, or there are too many. */
struct run_trouble *tables_trouble(struct run *r, const struct run_trouble *like);

/* Pointers to spans hold until the next tables_span. */
struct run_span *tables_span(struct run_tables *t, struct run *r); /* a new one */
void tables_open(struct run_tables *t, struct run *r, struct run_span *s); /* the last of its asset now */
struct run_span *tables_last(const struct run_tables *t, struct run *r, uint64_t key); /* NULL: there is none */
struct run_span *tables_call(const struct run_tables *t, struct run *r, uint64_t key); /* the last request */

void tables_sum(struct run *r); /* slots; counts, costs and times of providers, and of the run */
