/* journal.h - what a run did, one JSON object a line, kept in the cache for whoever asks later
 *
 * The first line is an object of event "run": when and where it began, and its caps. Then come the events that --json
 * prints, a line of event "film" for each lesson as it ends (what it shows when), and "log" for warnings and errors.
 * Lines are written in blocks, at least every second, and never synced: a run that is killed leaves a journal that ends
 * early, perhaps inside a line. When it cannot be written, that is told once and the run goes on. */
#pragma once
#include "gen/base/log.h"
#include "gen/plan.h"

struct journal_opts {
    const char *cache, *command;                /* command: "build" */
    struct str out_dir;                         /* where videos go; empty: nowhere */
    struct str ending;                          /* of what is not whole videos: ".draft" */
    const struct config *config;
    const struct plan *plan;
    int n_threads;
    int64_t requests_cap;
    struct log *log;
};

struct journal;
struct journal *journal_create(const struct journal_opts *o); /* what it names lives longer */
void journal_destroy(struct journal *j);
/* Writes down what it hears and hands it on; the port lives as long as the journal. next may be NULL. */
const struct status *journal_status(struct journal *j, const struct status *next);
void journal_log(struct journal *j, enum log_level level, const char *line); /* from any thread; warnings and errors */
/* Everything so far is in the file. */
void journal_flush(struct journal *j);
const char *journal_path(const struct journal *j); /* NULL: there is none */
