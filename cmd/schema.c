/* schema.c - the command schema: the format of lessons for editors and chat models, and of the events of --json */
#include "cmd/app.h"
#include "cmd/events.h"
#include "gen/lesson/schema.h"

int cmd_schema(struct app *app, int argc, char **argv)
{
    struct buf b = { 0 };
    (void)argc, (void)argv;
    if (app->opt.events && app->opt.chat)
        return app_usage(app, "--chat is for lessons, not for events");
    if (app->opt.events)
        events_schema(&b);
    else
        lesson_schema(&b, &app->words, app->opt.chat);
    fwrite(buf_str(&b).p, 1, b.n, app->out);
    buf_deinit(&b);
    return 0;
}
