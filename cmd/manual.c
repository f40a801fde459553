/* manual.c - the manual page and the tables of docs/, from the tables of commands, options, settings and errors */
#include <string.h>
#include "cmd/events.h"
#include "cmd/help.h"
#include "gen/base/json.h"
#include "gen/config.h"
#include "gen/lesson/reference.h"

/* roff takes '\', a leading '.' or '\'', and '-' for its own. */
static void add(struct buf *b, const char *text)
{
    for (size_t i = 0; text[i]; i++) {
        bool is_start = i == 0 ? b->n == 0 || b->p[b->n - 1] == '\n' : text[i - 1] == '\n';
        if (is_start && (text[i] == '.' || text[i] == '\''))
            buf_addz(b, "\\&");
        if (text[i] == '\\')
            buf_addz(b, "\\e");
        else if (text[i] == '-')
            buf_addz(b, "\\-");
        else if (text[i] == '\n')
            buf_addz(b, "\n.PP\n");
        else
            buf_addc(b, text[i]);
    }
}

static void sentence(struct buf *b, const char *help)
{
    if (help[0] >= 'a' && help[0] <= 'z') {
        buf_addc(b, (char)(help[0] - 'a' + 'A'));
        help++;
    }
    add(b, help);
    buf_addz(b, ".\n");
}

static void option(struct buf *b, const struct option_row *o)
{
    buf_addz(b, ".TP\n");
    if (o->letter)
        buf_printf(b, "\\fB\\-%c\\fR, ", o->letter);
    buf_addz(b, "\\fB\\-\\-");
    add(b, o->name);
    buf_addz(b, "\\fR");
    if (o->arg)
        buf_printf(b, "=\\fI%s\\fR", o->arg);
    buf_addc(b, '\n');
    sentence(b, o->help);
}

static void command(struct buf *b, const struct command *c)
{
    buf_printf(b, ".SS vidgen %s ", c->name);
    add(b, c->usage);
    buf_addc(b, '\n');
    sentence(b, c->help);
    if (c->details) {
        buf_addz(b, ".PP\n");
        add(b, c->details);
        buf_addc(b, '\n');
    }
    for (size_t g = 0; c->options[g] && c->options[g + 1]; g++) /* the last group is common to all */
        for (const struct option_row *o = c->options[g]; o->name; o++)
            option(b, o);
}

static void commands_section(struct buf *b)
{
    buf_addz(b, ".SH COMMANDS\n");
    for (const struct command *c = commands; c->name; c++)
        if (!(c->flags & COMMAND_HIDDEN))
            command(b, c);
    buf_addz(b, ".SS All commands\n");
    size_t last = 0;
    while (commands[0].options[last + 1])
        last++;
    for (const struct option_row *o = commands[0].options[last]; o->name; o++)
        option(b, o);
}

/* A page of its own: "man vidgen-build". */
static void write_command(struct buf *b, const struct command *c)
{
    buf_addz(b, ".TH \"VIDGEN\\-");
    for (const char *p = c->name; *p; p++)
        buf_addc(b, (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
    buf_addz(b, "\" 1 \"\" \"vidgen " VIDGEN_VERSION "\" \"User Commands\"\n.SH NAME\nvidgen\\-");
    add(b, c->name);
    buf_addz(b, " \\- ");
    add(b, c->help);
    buf_addz(b, "\n.SH SYNOPSIS\n\\fBvidgen ");
    add(b, c->name);
    buf_addz(b, "\\fR ");
    add(b, c->usage);
    buf_addz(b, "\n.SH DESCRIPTION\n");
    if (c->details) {
        add(b, c->details);
        buf_addc(b, '\n');
    } else {
        sentence(b, c->help);
    }
    buf_addz(b, ".SH OPTIONS\n");
    for (size_t g = 0; c->options[g]; g++)
        for (const struct option_row *o = c->options[g]; o->name; o++)
            option(b, o);
    buf_addz(b, ".SH \"SEE ALSO\"\n\\fBvidgen\\fR(1), which has the settings and the exit codes\n");
}

static void setting(struct buf *b, const char *block, const struct param *p)
{
    struct arena a = { 0 };
    struct buf value = { 0 };
    const struct json *def = p->min != p->max && p->def < p->min ? NULL : param_default_json(p, &a);
    if (def && !(def->type == JSON_STRING && def->string.n == 0))
        json_print(&value, def, 0);
    buf_addz(b, ".TP\n\\fB");
    add(b, block);
    add(b, block[0] ? "." : "");
    add(b, p->name);
    buf_addz(b, "\\fR");
    if (value.n) {
        buf_addz(b, " = ");
        add(b, value.p);
    }
    buf_addc(b, '\n');
    sentence(b, p->help ? p->help : "");
    if (p->choices) {
        buf_addz(b, "One of ");
        for (size_t i = 0; p->choices[i]; i++) {
            add(b, i ? ", " : "");
            add(b, p->choices[i]);
        }
        buf_addz(b, ".\n");
    }
    buf_deinit(&value);
    arena_deinit(&a);
}

static void settings_section(struct buf *b)
{
    buf_addz(b, ".SH SETTINGS\nWhat may stand in \\fIconfig.yaml\\fR, with its default. \\fBvidgen config "
                "\\-\\-default\\fR prints a commented file of all of them; "
                "\\fB\\-\\-set\\fR=\\fIKEY=VALUE\\fR sets one by the name used here.\n");
    for (const struct config_block *k = config_blocks; k->params; k++) {
        if (k->name[0]) {
            buf_printf(b, ".SS %s\n", k->name);
            sentence(b, k->help);
        } else {
            buf_addz(b, ".SS At the top\n");
        }
        for (const struct param *p = k->params; p->name; p++)
            setting(b, k->name, p);
        if (strcmp(k->name, "providers") == 0) {
            buf_addz(b, ".PP\nFor a provider of that name, over its description:\n");
            for (const struct param *p = provider_params; p->name; p++)
                setting(b, "providers.NAME", p);
            buf_addz(b, ".TP\n\\fBproviders.NAME.params\\fR\nValues of the description's variables, as model or "
                        "quality.\n");
        }
    }
}

static void exit_row(void *ctx, int code, const char *meaning)
{
    struct buf *b = ctx;
    buf_printf(b, ".TP\n\\fB%d\\fR\n", code);
    sentence(b, meaning);
}

static void write_manual(struct buf *b)
{
    buf_addz(b, ".TH VIDGEN 1 \"\" \"vidgen " VIDGEN_VERSION "\" \"User Commands\"\n"
                ".SH NAME\nvidgen \\- turn JSON lessons into narrated videos\n"
                ".SH SYNOPSIS\n\\fBvidgen\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIOPERAND\\fR]...\n.br\n"
                "\\fBvidgen build\\fR [\\fB\\-o\\fR \\fIDIR\\fR] \\fILESSON\\fR|\\fIDIRECTORY\\fR...\n"
                ".SH DESCRIPTION\nA lesson is a JSON file with a title and sections; for every section vidgen gets "
                "a picture and a narration, from remote "
                "services or from providers built in that work offline and cost nothing, renders the section with "
                "its effects, and joins the "
                "sections to one video with captions, subtitles and chapters.\n.PP\n"
                "What was fetched or rendered once is kept in the cache and never bought again, also after a crash.\n");
    commands_section(b);
    settings_section(b);
    buf_addz(b, ".SH EXIT STATUS\nThat of the worst thing that happened; one lesson's failure does not stop the "
                "others.\n");
    help_exit_codes(exit_row, b);
    buf_addz(b, ".SH FILES\n.TP\n\\fI./config.yaml\\fR, \\fI$XDG_CONFIG_HOME/vidgen/config.yaml\\fR\nSettings; the "
                "first one found is read.\n"
                ".TP\n\\fI$XDG_CACHE_HOME/vidgen\\fR\nThe cache and its ledger of what was paid.\n"
                ".SH ENVIRONMENT\nKeys of providers are read from the variables that \\fBvidgen list providers\\fR "
                "names.\n"
                ".SH EXAMPLES\n.EX\nvidgen build lesson.json\nvidgen check lessons/\nvidgen build \\-\\-image "
                "openai\\-image \\-\\-max\\-cost 2 \\-o out lessons/\n.EE\n");
}

static void write_names(struct buf *b)
{
    for (const struct command *c = commands; c->name; c++)
        if (!(c->flags & COMMAND_HIDDEN))
            buf_printf(b, "%s\n", c->name);
}

int cmd_manual(struct app *app, int argc, char **argv)
{
    struct buf b = { 0 };
    if (argc == 0)
        write_manual(&b);
    else if (argc == 1 && strcmp(argv[0], "lesson") == 0)
        lesson_reference(&b);
    else if (argc == 1 && strcmp(argv[0], "words") == 0)
        lesson_catalogue(&b, &app->words);
    else if (argc == 1 && strcmp(argv[0], "events") == 0)
        events_table(&b);
    else if (argc == 1 && strcmp(argv[0], "commands") == 0)
        write_names(&b);
    else if (argc == 1 && command_find(argv[0]))
        write_command(&b, command_find(argv[0]));
    else
        return app_usage(app, "a command, lesson, words or events, or nothing for the manual page");
    fputs(b.p, app->out);
    buf_deinit(&b);
    return 0;
}
