/* main.c - where vidgen starts: finds the command, reads its options, runs it, says how it went */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include "cmd/app.h"
#include "cmd/help.h"
#include "cmd/signals.h"
#include "cmd/words.h"
#include "compose/child.h"
#include "gen/config.h"

enum { MAPPED_FROM = 1 << 20 };                 /* bytes */

/* A closed descriptor 0, 1 or 2 would be given to the first file we open. The substitutes refuse what the real ones
 * were for, so that a closed standard output is still met as an error. */
static void guard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            _exit(1);
}

/* A core file would hold the keys. */
static void no_core_files(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

/* Frames and plates are megabytes that come and go with each piece. Each is mapped on its own, so it goes back as soon as
 * it is freed; huge pages would round every frame of x264 up and touch what it never uses (12 % of its memory, and no
 * time is gained). */
static void give_memory_back(void)
{
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

static int print_help(struct app *app, FILE *to, const struct command *c)
{
    struct buf b = { 0 };
    if (c)
        help_command(&b, c);
    else
        help_overview(&b);
    fputs(buf_str(&b).p, to);
    buf_deinit(&b);
    return to == app->out ? 0 : err_exit_code(ERR_USAGE);
}

static int run_command(struct app *app, int argc, char **argv)
{
    struct option_list operands = { 0 };
    struct err e = { 0 };
    int code;
    app->opt = (struct option_values){ .jobs = -1, .max_cost = -1 };
    if (!options_parse(app->command->options, argc, argv, &app->opt, &operands, &e)) {
        code = app_usage(app, "%s", e.msg);
        goto out;
    }
    if (app->opt.help) {
        code = print_help(app, app->out, app->command);
        goto out;
    }
    if (operands.n && (app->command->flags & COMMAND_NO_OPERANDS)) {
        code = app_usage(app, "\"vidgen %s\" takes no operand", app->command->name);
        goto out;
    }
    app->log = log_create(app->opt.quiet          ? LOG_ERROR
                          : app->opt.verbose >= 2 ? LOG_DEBUG
                          : app->opt.verbose      ? LOG_INFO
                                                  : LOG_WARN,
                          app_log, app);
    code = app->command->flags & COMMAND_CONFIG ? app_load_config(app) : 0;
    if (code == 0)
        code = app->command->run(app, (int)operands.n, (char **)operands.v);
out:
    config_destroy(app->config);
    log_destroy(app->log);
    children_end();
    options_deinit(app->command->options, &app->opt, &operands);
    return code;
}

/* What was printed counts only when it arrived. A reader that went away ("| head") wants no message. */
static int close_output(struct app *app, int code)
{
    bool is_bad = ferror(app->out) || fflush(app->out) != 0;
    if (!is_bad)
        return code;
    if (errno != EPIPE)
        fprintf(app->err, "vidgen: standard output: %s\n", strerror(errno));
    return code ? code : err_exit_code(ERR_IO);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--worker") == 0)
        return worker_main(argc, argv, NULL);
    guard_descriptors();
    no_core_files();
    give_memory_back();
    signals_install();
    struct app app = { .out = stdout, .err = stderr, .words = words_of_lessons(),
                       .out_is_terminal = isatty(STDOUT_FILENO), .err_is_terminal = isatty(STDERR_FILENO) };
    const char *first = argc > 1 ? argv[1] : "";
    int code;
    if (argc < 2)
        code = print_help(&app, app.err, NULL);
    else if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
        code = print_help(&app, app.out, NULL);
    else if ((app.command = command_find(strcmp(first, "--version") == 0 ? "version" : first)))
        code = run_command(&app, argc - 2, argv + 2);
    else
        code = command_unknown(&app, first);
    return close_output(&app, code);
}
