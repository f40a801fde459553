/* app.h - what every command works with: what was asked for, the settings, where things are said */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "cmd/options.h"
#include "gen/base/buf.h"
#include "gen/base/err.h"
#include "gen/base/log.h"
#include "gen/base/version.h"
#include "gen/param.h"

struct config;
struct journal;
struct progress;

/* Values of all options of all commands; a command sees those that its tables name. */
struct option_values {
    bool help, version, quiet, json;
    int verbose;
    const char *config;
    struct option_list set;
    const char *output, *image, *video, *speech;
    struct option_list var, vars;
    bool strict, allow_outside, recursive, force, dry_run, retry_lost, allow_unpriced, check, chat, defaults, paid, yes;
    bool draft, unchecked, watch, online, events, write, retry_failed;
    const char *only, *refresh, *refresh_section;
    int64_t jobs;                               /* -1: not given */
    double max_cost;                            /* < 0: not given */
    const char *max_size, *text, *run, *svg;
    const char *language, *provider, *report;
    bool list;
    int64_t sections;                           /* 0: not given */
    double minutes;                             /* 0: not given */
    bool again;
};

struct app {
    const struct command *command;
    struct option_values opt;
    struct config *config; /* filled before run() for commands that use it, with all overrides laid over */
    struct log *log;
    struct progress *progress;                  /* when set, log lines step aside for it */
    struct journal *journal;                    /* of the run; when set, warnings and errors go there, too */
    struct vocabulary words;                    /* effects, transitions, overlays, themes */
    FILE *out, *err;                            /* results; everything said to a person */
    bool out_is_terminal, err_is_terminal;
};

/* A command: what help, the manual page and the completions say of it stands in its row. */
struct command {
    const char *name, *help;                    /* help: one line, lower case, no full stop */
    const char *usage;                          /* "[OPTION]... LESSON|DIRECTORY..." */
    const char *details;                        /* paragraphs for help and manual, or NULL */
    const struct option_row *const *options;    /* NULL-ended array of tables */
    unsigned flags;
    int (*run)(struct app *app, int argc, char **argv); /* argv: the operands alone; returns the exit code */
};
enum { COMMAND_CONFIG = 1, COMMAND_HIDDEN = 2, COMMAND_NO_OPERANDS = 4 };

extern const struct command commands[];         /* ended by a NULL name */
const struct command *command_find(const char *name);
int command_unknown(struct app *app, const char *word); /* says so, with the nearest one; returns the exit code */

int cmd_build(struct app *app, int argc, char **argv);
int cmd_fetch(struct app *app, int argc, char **argv);
int cmd_plan(struct app *app, int argc, char **argv);
int cmd_preview(struct app *app, int argc, char **argv);
int cmd_sheet(struct app *app, int argc, char **argv);
int cmd_report(struct app *app, int argc, char **argv);
int cmd_draft(struct app *app, int argc, char **argv);
int cmd_check(struct app *app, int argc, char **argv);
int cmd_schema(struct app *app, int argc, char **argv);
int cmd_fmt(struct app *app, int argc, char **argv);
int cmd_cache(struct app *app, int argc, char **argv);
int cmd_provider(struct app *app, int argc, char **argv);
int cmd_tune(struct app *app, int argc, char **argv);
int cmd_list(struct app *app, int argc, char **argv);
int cmd_import(struct app *app, int argc, char **argv);
int cmd_doctor(struct app *app, int argc, char **argv);
int cmd_config(struct app *app, int argc, char **argv);
int cmd_help(struct app *app, int argc, char **argv);
int cmd_version(struct app *app, int argc, char **argv);
int cmd_completion(struct app *app, int argc, char **argv);
int cmd_manual(struct app *app, int argc, char **argv);

/* Fills app->config from the file and the options; main does it for commands with COMMAND_CONFIG. Prints the problems;
 * 0 or the exit code. */
int app_load_config(struct app *app);
/* Where the cache is: configured, $XDG_CACHE_HOME/vidgen, ~/.cache/vidgen, or ./vidgen-cache without a home. Caller
 * frees. */
char *app_cache_dir(const struct app *app);
/* Where descriptions of the user's own are looked for: "providers" beside the config file, or in the user's
 * configuration directory when no file was read. NULL: nowhere. Caller frees. */
char *app_providers_dir(const struct app *app);
/* Prints the error to the person (--json: an object of event "error" on stdout) and returns its exit code. Lines that
 * carry their own "file:line:col: error:" stand as they are; a wrong command line gets a pointer to help. */
int app_fail(struct app *app, const struct err *e);
/* app_fail for a wrong command line. */
int app_usage(struct app *app, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Creates app->progress in the form that the options and the terminal ask for. It goes away with progress_destroy. */
struct progress *app_progress(struct app *app);
/* The log's sink: stderr, or the progress display while there is one. */
void app_log(void *ctx, enum log_level level, const char *line);
