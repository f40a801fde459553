/* config.c - the command config: the settings in effect, or the commented file of defaults */
#include <string.h>
#include "cmd/app.h"
#include "gen/base/embedded.h"
#include "gen/base/json.h"
#include "gen/config.h"

static int print_default(struct app *app)
{
    for (const struct embedded_file *f = embedded_files; f->name; f++)
        if (strcmp(f->name, "config.yaml") == 0)
            fwrite(f->text, 1, f->n, app->out);
    return 0;
}

int cmd_config(struct app *app, int argc, char **argv)
{
    (void)argc, (void)argv;
    if (app->opt.defaults)
        return print_default(app);
    int code = app_load_config(app);
    if (code)
        return code;
    struct buf b = { 0 };
    struct arena a = { 0 };
    if (app->opt.json) {
        json_print(&b, config_tree(app->config, &a), JSON_PRETTY);
        buf_addc(&b, '\n');
    } else {
        if (app->config->path.n)
            buf_printf(&b, "# from " STR_FMT "\n", STR_ARG(app->config->path));
        config_print(&b, app->config);
    }
    fputs(buf_str(&b).p, app->out);
    arena_deinit(&a);
    buf_deinit(&b);
    return 0;
}
