/* help.c - what the program says about itself, from the tables of commands and options */
#include "cmd/help.h"
#include <string.h>
#include "gen/base/mem.h"

enum { WIDTH = 80 };

void help_wrap(struct buf *b, struct str text, size_t indent, size_t width)
{
    size_t column = indent;
    for (size_t i = 0; i < text.n;) {
        if (text.p[i] == '\n') {
            buf_printf(b, "\n%*s", (int)indent, "");
            column = indent;
            i++;
            continue;
        }
        if (text.p[i] == ' ') {
            i++;
            continue;
        }
        size_t n = 0;
        while (i + n < text.n && text.p[i + n] != ' ' && text.p[i + n] != '\n')
            n++;
        if (column > indent && column + 1 + n > width) {
            buf_printf(b, "\n%*s", (int)indent, "");
            column = indent;
        }
        if (column > indent) {
            buf_addc(b, ' ');
            column++;
        }
        buf_add(b, text.p + i, n);
        column += n;
        i += n;
    }
    buf_addc(b, '\n');
}

void help_option(struct buf *b, const struct option_row *o)
{
    if (o->letter)
        buf_printf(b, "-%c, ", o->letter);
    else
        buf_addz(b, "    ");
    buf_printf(b, "--%s", o->name);
    if (o->arg)
        buf_printf(b, "=%s", o->arg);
}

/* name, gap, help in a second column; a long name gets a line of its own */
static void two_columns(struct buf *b, struct str name, const char *help, size_t second)
{
    buf_printf(b, "  " STR_FMT, STR_ARG(name));
    size_t column = 2 + name.n;
    if (column + 2 > second) {
        buf_addc(b, '\n');
        column = 0;
    }
    buf_printf(b, "%*s", (int)(second - column), "");
    help_wrap(b, str_from(help), second, WIDTH);
}

void help_overview(struct buf *b)
{
    buf_addz(b, "vidgen turns JSON lessons into narrated videos.\n\nUsage: vidgen COMMAND [OPTION]... [OPERAND]...\n"
                "\nCommands:\n");
    for (const struct command *c = commands; c->name; c++)
        if (!(c->flags & COMMAND_HIDDEN))
            two_columns(b, str_from(c->name), c->help, 13);
    buf_addz(b, "\nvidgen build lesson.json   makes out/lesson.mp4, offline and free\n"
                "                           with the built-in providers when no key is set\n"
                "vidgen help COMMAND        says everything about a command; \"man vidgen\" says the rest\n");
}

void help_command(struct buf *b, const struct command *c)
{
    struct buf name = { 0 };
    buf_printf(b, "Usage: vidgen %s%s%s\n\n", c->name, c->usage[0] ? " " : "", c->usage);
    buf_printf(b, "%c%s.\n", c->help[0] - 'a' + 'A', c->help + 1);
    if (c->details) {
        buf_addc(b, '\n');
        help_wrap(b, str_from(c->details), 0, WIDTH);
    }
    buf_addz(b, "\nOptions:\n");
    for (size_t g = 0; c->options[g]; g++) {
        for (const struct option_row *o = c->options[g]; o->name; o++) {
            buf_clear(&name);
            help_option(&name, o);
            two_columns(b, buf_str(&name), o->help, 28);
        }
    }
    buf_deinit(&name);
}

/* What the classes that share an exit code have in common. */
static const struct { int code; const char *meaning; } meanings[] = {
    { 0, "done" },
    { 1, "a defect of vidgen, or something not foreseen; fmt --check: a file would change" },
    { 2, "wrong command line" },
    { 3, "a lesson, config.yaml or a provider's file is wrong, or asks for what this version cannot do" },
    { 4, "a picture or sound does not decode, is empty or silent" },
    { 5, "a provider cannot be reached, failed or refused a request" },
    { 6, "a key is missing or refused, the account is empty, or the budget is spent" },
    { 7, "drawing or encoding failed" },
    { 8, "files, disk, permissions, or the cache" },
};

void help_exit_codes(void (*row)(void *ctx, int code, const char *meaning), void *ctx)
{
    for (int code = 0; code < 130; code++) {
        struct buf text = { 0 };
        bool is_used = false;
        for (size_t i = 0; i < COUNTOF(meanings); i++)
            if (meanings[i].code == code)
                buf_addz(&text, meanings[i].meaning);
        for (int c = 0; c < ERR_N_CODES; c++) {
            if (err_exit_code((enum err_code)c) != code)
                continue;
            if (code)
                buf_printf(&text, "%s%s", is_used ? ", " : " (", err_code_name((enum err_code)c));
            is_used = true;
        }
        if (is_used && code)
            buf_addc(&text, ')');
        if (is_used)
            row(ctx, code, buf_str(&text).p);
        buf_deinit(&text);
    }
    row(ctx, 128, "plus a signal's number: stopped by it, as 130 by Ctrl-C; what was paid for is kept");
}
