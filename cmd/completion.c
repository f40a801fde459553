/* completion.c - completions for shells, from the tables of commands and options */
#include <string.h>
#include "cmd/app.h"
#include "cmd/completion_words.h"
#include "gen/base/mem.h"

static const char *const list_words = "effects transitions overlays themes providers voices";
static const char *const cache_words = "stats verify gc";
static const char *const shell_words = "bash zsh fish";

/* What the operands of a command are: words, or files when NULL. */
static const char *operand_words(const struct command *c)
{
    return strcmp(c->name, "list") == 0 ? list_words : strcmp(c->name, "cache") == 0 ? cache_words :
           strcmp(c->name, "completion") == 0 ? shell_words : NULL;
}

static bool takes_files(const struct command *c)
{
    return strcmp(c->name, "build") == 0 || strcmp(c->name, "fetch") == 0 || strcmp(c->name, "tune") == 0 || strcmp(c->name, "check") == 0 ||
           strcmp(c->name, "fmt") == 0;
}

static void add_commands(struct buf *b, const char *separator)
{
    const char *between = "";
    for (const struct command *c = commands; c->name; c++) {
        if (c->flags & COMMAND_HIDDEN)
            continue;
        buf_printf(b, "%s%s", between, c->name);
        between = separator;
    }
}

/* A pattern of all options whose values come from the list, for `case`: --only|--section|-s. */
static void add_options_of(struct buf *b, const char *list)
{
    const char *between = "";
    struct buf seen = { 0 };
    buf_addc(&seen, '|');
    for (const struct command *c = commands; c->name; c++)
        for (size_t g = 0; c->options[g]; g++)
            for (const struct option_row *o = c->options[g]; o->name; o++) {
                struct buf one = { 0 };
                const char *own = completion_list_of(o);
                buf_printf(&one, "|--%s|", o->name);
                if (own && strcmp(own, list) == 0 && !strstr(seen.p, one.p)) {
                    buf_printf(b, "%s--%s", between, o->name);
                    buf_addz(&seen, one.p + 1);
                    between = "|";
                }
                buf_deinit(&one);
            }
    buf_deinit(&seen);
}

static const char *const word_lists[] = { "sections", "image", "speech", "video", "chat" };

static void bash(struct buf *b)
{
    buf_addz(b, "# bash completion of vidgen\n_vidgen() {\n    local cur=${COMP_WORDS[COMP_CWORD]} "
                "prev=${COMP_WORDS[COMP_CWORD-1]} head\n"
                "    [ \"$cur\" != = ] || cur=\n"
                "    [ \"$prev\" != = ] || prev=${COMP_WORDS[COMP_CWORD-2]}\n"
                "    head=${cur%\"${cur##*,}\"}\n"
                "    if [ \"$COMP_CWORD\" = 1 ]; then COMPREPLY=($(compgen -W '");
    add_commands(b, " ");
    buf_addz(b, "' -- \"$cur\")); return; fi\n"
                "    case $prev in\n    -o|--output) COMPREPLY=($(compgen -d -- \"$cur\")); return;;\n"
                "    -c|--config|--vars) COMPREPLY=($(compgen -f -- \"$cur\")); return;;\n");
    for (size_t i = 0; i < COUNTOF(word_lists); i++) {
        buf_addz(b, "    ");
        add_options_of(b, word_lists[i]);
        buf_printf(b, ") COMPREPLY=($(compgen -P \"$head\" -W \"$(\"${COMP_WORDS[0]}\" completion -- %s \"${COMP_WORDS[@]:2}\" "
                      "2>/dev/null)\" -- \"${cur##*,}\")); return;;\n", word_lists[i]);
    }
    buf_addz(b, "    esac\n    case ${COMP_WORDS[1]} in\n");
    for (const struct command *c = commands; c->name; c++) {
        buf_printf(b, "    %s) [[ $cur == -* ]] && COMPREPLY=($(compgen -W '", c->name);
        for (size_t g = 0; c->options[g]; g++)
            for (const struct option_row *o = c->options[g]; o->name; o++)
                buf_printf(b, "--%s%s ", o->name, o->arg ? "=" : "");
        buf_addz(b, "' -- \"$cur\"))");
        if (operand_words(c))
            buf_printf(b, " || COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", operand_words(c));
        else if (strcmp(c->name, "help") == 0) {
            buf_addz(b, " || COMPREPLY=($(compgen -W '");
            add_commands(b, " ");
            buf_addz(b, "' -- \"$cur\"))");
        } else if (takes_files(c))
            buf_addz(b, " || COMPREPLY=($(compgen -f -X '!*.json' -- \"$cur\") $(compgen -d -- \"$cur\"))");
        buf_addz(b, ";;\n");
    }
    buf_addz(b, "    esac\n    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n}\ncomplete -o filenames -F "
                "_vidgen vidgen\n");
}

/* Text inside single quotes of zsh's _arguments and of fish. */
static void add_quoted(struct buf *b, const char *text, const char *escaped)
{
    for (; *text; text++) {
        if (*text == '\'')
            buf_addz(b, "'\\''");
        else if (strchr(escaped, *text))
            buf_printf(b, "\\%c", *text);
        else
            buf_addc(b, *text);
    }
}

static void zsh(struct buf *b)
{
    buf_addz(b, "#compdef vidgen\n_vidgen_words() {\n    local -a found\n"
                "    found=(${(f)\"$(${(Q)_vidgen_program} completion -- $1 ${(Q)_vidgen_given} 2>/dev/null)\"})\n"
                "    compset -P '*,'\n    compadd -a found\n}\n"
                "_vidgen() {\n    local -a names _vidgen_given\n    local _vidgen_program=$words[1]\n    _vidgen_given=(${words[3,-1]})\n"
                "    names=(\n");
    for (const struct command *c = commands; c->name; c++) {
        if (c->flags & COMMAND_HIDDEN)
            continue;
        buf_printf(b, "        '%s:", c->name);
        add_quoted(b, c->help, ":\\");
        buf_addz(b, "'\n");
    }
    buf_addz(b, "    )\n    if (( CURRENT == 2 )); then _describe command names; return; fi\n    local "
                "name=$words[2]\n    shift words; (( CURRENT-- ))\n    case $name in\n");
    for (const struct command *c = commands; c->name; c++) {
        buf_printf(b, "    %s) _arguments -s", c->name);
        for (size_t g = 0; c->options[g]; g++) {
            for (const struct option_row *o = c->options[g]; o->name; o++) {
                buf_printf(b, " \\\n        '--%s%s[", o->name, o->arg ? "=" : "");
                add_quoted(b, o->help, "[]:\\");
                buf_addc(b, ']');
                const char *own = completion_list_of(o);
                if (own)
                    buf_printf(b, ":%s:{_vidgen_words %s}", own, own);
                else if (o->arg)
                    buf_printf(b, ":%s:%s", o->arg,
                               strcmp(o->arg, "DIR") == 0 ? "_files -/" : strcmp(o->arg, "FILE") == 0 ? "_files" : "");
                buf_addc(b, '\'');
            }
        }
        if (operand_words(c))
            buf_printf(b, " \\\n        '1:what:(%s)'", operand_words(c));
        else if (strcmp(c->name, "help") == 0)
            buf_addz(b, " \\\n        '1:command:{_describe command names}'");
        else if (takes_files(c))
            buf_addz(b, " \\\n        '*:lesson:_files -g \"*.json(-.)\"'");
        buf_addz(b, ";;\n");
    }
    buf_addz(b, "    esac\n}\n_vidgen \"$@\"\n");
}

static void fish(struct buf *b)
{
    buf_addz(b, "# fish completion of vidgen\n");
    for (const struct command *c = commands; c->name; c++) {
        if (!(c->flags & COMMAND_HIDDEN)) {
            buf_printf(b, "complete -c vidgen -n __fish_use_subcommand -f -a %s -d '", c->name);
            add_quoted(b, c->help, "\\");
            buf_addz(b, "'\n");
        }
        const char *words = strcmp(c->name, "help") == 0 ? "" : operand_words(c);
        if (words) {
            buf_printf(b, "complete -c vidgen -n '__fish_seen_subcommand_from %s' -f -a '%s", c->name, words);
            if (!words[0])
                add_commands(b, " ");
            buf_addz(b, "'\n");
        }
        for (size_t g = 0; c->options[g]; g++) {
            for (const struct option_row *o = c->options[g]; o->name; o++) {
                buf_printf(b, "complete -c vidgen -n '__fish_seen_subcommand_from %s' -l %s", c->name, o->name);
                if (o->letter)
                    buf_printf(b, " -s %c", o->letter);
                if (completion_list_of(o))
                    buf_printf(b, " -f -a '(vidgen completion -- %s (commandline -opc)[3..-1] 2>/dev/null)'",
                               completion_list_of(o));
                buf_printf(b, "%s -d '", o->arg ? " -r" : "");
                add_quoted(b, o->help, "\\");
                buf_addz(b, "'\n");
            }
        }
    }
}

static const struct {
    const char *name;
    void (*write)(struct buf *b);
} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

int cmd_completion(struct app *app, int argc, char **argv)
{
    for (size_t i = 0; argc == 1 && i < COUNTOF(shells); i++) {
        if (strcmp(shells[i].name, argv[0]) == 0) {
            struct buf b = { 0 };
            shells[i].write(&b);
            fputs(b.p, app->out);
            buf_deinit(&b);
            return 0;
        }
    }
    if (argc > 0 && completion_words(app, argc, argv))
        return 0;
    return app_usage(app, "say which shell: bash, zsh or fish");
}
