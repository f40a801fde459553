/* missing.c - stands in for commands that are not linked */
#include "cmd/app.h"

static int missing(struct app *app)
{
    struct err e;
    err_set(&e, ERR_NOT_YET, "\"%s\" is not in this build", app->command->name);
    return app_fail(app, &e);
}

#define MISSING(name)                                                                     \
    __attribute__((weak)) int name(struct app *app, int argc, char **argv)    \
    {                                                                                     \
        (void)argc, (void)argv;                                                           \
        return missing(app);                                                              \
    }
