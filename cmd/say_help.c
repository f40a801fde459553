/* say_help.c - the commands help and version */
#include <string.h>
#include "cmd/help.h"

int cmd_help(struct app *app, int argc, char **argv)
{
    struct buf b = { 0 };
    const struct command *c = argc ? command_find(argv[0]) : NULL;
    if (argc > 1 || (argc && !c))
        return argc > 1 ? app_usage(app, "one command at a time") : command_unknown(app, argv[0]);
    if (c)
        help_command(&b, c);
    else
        help_overview(&b);
    fputs(buf_str(&b).p, app->out);
    buf_deinit(&b);
    return 0;
}

int cmd_version(struct app *app, int argc, char **argv)
{
    (void)argc, (void)argv;
    fputs("vidgen " VIDGEN_VERSION "\n", app->out);
    return 0;
}
