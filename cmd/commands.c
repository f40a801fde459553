/* commands.c - the table of commands and their options: parsing, help, manual page and completions read it */
#include <string.h>
#include "cmd/app.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

#define OPT(kind, field, name, ...) OPTION(struct option_values, kind, field, name, __VA_ARGS__)

static const struct option_row common[] = {
    OPT(FLAG, help, "help", .letter = 'h', .help = "show the command's help and stop"),
    OPT(FLAG, quiet, "quiet", .letter = 'q', .help = "say nothing but errors"),
    OPT(COUNT, verbose, "verbose", .letter = 'v', .help = "say more; twice: everything"),
    { 0 }
};
static const struct option_row config_rows[] = {
    OPT(TEXT, config, "config", .letter = 'c', .arg = "FILE", .help = "read this file instead of config.yaml"),
    OPT(LIST, set, "set", .arg = "KEY=VALUE",
        .help = "one setting over the file's, as workers.requests=8; may be repeated"),
    { 0 }
};
static const struct option_row lesson_rows[] = {
    OPT(FLAG, recursive, "recursive", .letter = 'r', .help = "look into the directories of a directory, too"),
    OPT(LIST, var, "var", .arg = "NAME=VALUE", .help = "value of {{NAME}} in lessons; may be repeated"),
    OPT(LIST, vars, "vars", .arg = "FILE", .help = "values of {{names}} from a JSON object; may be repeated"),
    OPT(FLAG, strict, "strict", .help = "an unknown key in a lesson is an error"),
    OPT(FLAG, allow_outside, "allow-outside", .help = "lessons may use files outside their directory"),
    { 0 }
};
static const struct option_row json_rows[] = {
    OPT(FLAG, json, "json", .help = "print for machines: JSON on standard output"),
    { 0 }
};
static const struct option_row unchecked_rows[] = {
    OPT(FLAG, unchecked, "unchecked", .help = "keep answers as they come; the build that uses them decodes and checks them"),
    { 0 }
};

static const struct option_row plan_rows[] = {
    OPT(TEXT, image, "image", .arg = "PROVIDER[,PROVIDER]...",
        .help = "who makes pictures, the next one where one cannot (providers.image)"),
    OPT(TEXT, video, "video", .arg = "PROVIDER", .help = "who makes clips (providers.video); still: nobody"),
    OPT(TEXT, speech, "speech", .arg = "PROVIDER[,PROVIDER]...",
        .help = "who speaks, the next one where one cannot (providers.speech)"),
    OPT(NUMBER, max_cost, "max-cost", .arg = "MONEY", .min = 0, .max = 1e9,
        .help = "spend no more than this in this run (budget.max_cost)"),
    OPT(FLAG, allow_unpriced, "allow-unpriced",
        .help = "with a limit: make calls without a price all the same (budget.allow_unpriced)"),
    { 0 }
};
static const struct option_row fetch_rows[] = {
    OPT(INT, jobs, "jobs", .letter = 'j', .arg = "N", .min = 0, .max = 256,
        .help = "threads that work here (workers.render); 0: as many as cores"),
    OPT(FLAG, dry_run, "dry-run", .letter = 'n',
        .help = "say what would be fetched and paid, do nothing; as \"vidgen plan\""),
    OPT(FLAG, retry_lost, "retry-lost", .help = "ask again where an answer was lost on the way; may pay twice"),
    { 0 }
};
static const struct option_row refresh_rows[] = {
    OPT(TEXT, refresh, "refresh", .arg = "WHAT",
        .help = "with --section: ask once more for its image, audio or video and use that from now on; image:2: its second picture"),
    OPT(TEXT, refresh_section, "section", .letter = 's', .arg = "SECTION", .help = "which section --refresh means, by number or id"),
    { 0 }
};
static const struct option_row out_rows[] = {
    OPT(FLAG, watch, "watch", .letter = 'w', .help = "and again each time a lesson or one of its files is saved"),
    OPT(TEXT, output, "output", .letter = 'o', .arg = "DIR", .help = "where the videos go; by default out"),
    { 0 }
};
static const struct option_row preview_rows[] = {
    OPT(TEXT, only, "section", .letter = 's', .arg = "SECTIONS",
        .help = "these sections alone, by number or id: 3,5-7,intro"),
    { 0 }
};
static const struct option_row build_rows[] = {
    OPT(FLAG, draft, "draft", .help = "small and quick, as NAME.draft.mp4; the whole video stays"),
    OPT(TEXT, only, "only", .arg = "SECTIONS",
        .help = "these sections alone, by number or id: 3,5-7,intro; as NAME.part.mp4"),
    OPT(FLAG, retry_failed, "retry-failed", .help = "only those lessons that the last run left without a film"),
    OPT(FLAG, force, "force", .letter = 'f',
        .help = "render again even when the video is up to date; what was paid for is kept"),
    { 0 }
};
static const struct option_row page_rows[] = {
    OPT(TEXT, report, "report", .arg = "WHEN",
        .help = "a page about the run, report.html beside the videos: auto (after two lessons or more), always or never (report)"),
    { 0 }
};
static const struct option_row report_rows[] = {
    OPT(TEXT, output, "output", .letter = 'o', .arg = "FILE", .help = "the page; by default report.html beside that run's videos"),
    OPT(FLAG, list, "list", .letter = 'l', .help = "name the runs that are kept, the newest first"),
    { 0 }
};
static const struct option_row draft_rows[] = {
    OPT(INT, sections, "sections", .letter = 'n', .arg = "N", .min = 1, .max = 100, .help = "exactly so many sections"),
    OPT(TEXT, language, "language", .letter = 'l', .arg = "TAG", .help = "of title and narration, as de or pt-BR"),
    OPT(NUMBER, minutes, "minutes", .letter = 'm', .arg = "M", .min = 0.1, .max = 600, .help = "about so much speech"),
    OPT(TEXT, output, "output", .letter = 'o', .arg = "FILE",
        .help = "the lesson's file; by default named by the topic; \"-\": standard output"),
    OPT(TEXT, provider, "provider", .letter = 'p', .arg = "PROVIDER", .help = "the chat model's (providers.chat)"),
    OPT(FLAG, again, "again", .help = "ask for another version; without it the same question has the same answer"),
    OPT(FLAG, force, "force", .letter = 'f', .help = "replace a file that is there"),
    OPT(NUMBER, max_cost, "max-cost", .arg = "MONEY", .min = 0, .max = 1e9,
        .help = "spend no more than this in this run (budget.max_cost)"),
    OPT(FLAG, allow_unpriced, "allow-unpriced",
        .help = "with a limit: make calls without a price all the same (budget.allow_unpriced)"),
    OPT(FLAG, retry_lost, "retry-lost", .help = "ask again where an answer was lost on the way; may pay twice"),
    { 0 }
};
static const struct option_row import_rows[] = {
    OPT(TEXT, output, "output", .letter = 'o', .arg = "FILE", .help = "the lesson's file; by default standard output"),
    OPT(FLAG, force, "force", .letter = 'f', .help = "replace a file that is there"),
    { 0 }
};
static const struct option_row fmt_rows[] = {
    OPT(FLAG, recursive, "recursive", .letter = 'r', .help = "look into the directories of a directory, too"),
    OPT(FLAG, check, "check", .help = "change nothing; name the files that would change and exit 1"),
    { 0 }
};
static const struct option_row schema_rows[] = {
    OPT(FLAG, chat, "chat", .help = "in the subset that the structured-output mode of chat APIs takes"),
    OPT(FLAG, events, "events", .help = "of the lines that build, fetch, sheet and preview print with --json"),
    { 0 }
};
static const struct option_row cache_rows[] = {
    OPT(TEXT, max_size, "max-size", .arg = "SIZE",
        .help = "gc: leave at most this much, as 5GB; by default cache.max_bytes"),
    OPT(FLAG, paid, "paid", .help = "gc: remove also what was paid for, the longest unused first"),
    { 0 }
};
static const struct option_row provider_rows[] = {
    OPT(TEXT, text, "text", .letter = 't', .arg = "TEXT", .help = "the prompt, or the words to speak"),
    OPT(TEXT, output, "output", .letter = 'o', .arg = "FILE",
        .help = "try: where the answer goes; by default NAME and what it is, as piper.wav"),
    OPT(FLAG, yes, "yes", .letter = 'y', .help = "try: send the request, which may cost money"),
    { 0 }
};
static const struct option_row tune_rows[] = {
    OPT(FLAG, write, "write", .help = "put the settings into the config file; comments and all else stay as they are"),
    OPT(TEXT, run, "run", .arg = "RUN",
        .help = "what this run took: the beginning of its name in the cache's runs, or a file of what --json printed; by default the newest"),
    OPT(TEXT, svg, "svg", .arg = "FILE", .help = "draw time against requests at once as a picture, too"),
    { 0 }
};
static const struct option_row doctor_rows[] = {
    OPT(FLAG, online, "online", .help = "ask the servers of the providers in use whether they answer; no key is sent"),
    { 0 }
};
static const struct option_row show_rows[] = {
    OPT(FLAG, defaults, "default", .help = "print the commented file that says every key and its default"),
    { 0 }
};

#define GROUPS(...) (const struct option_row *const[]){ __VA_ARGS__, common, NULL }
#define NO_OPTIONS (const struct option_row *const[]){ common, NULL }

const struct command commands[] = {
    { "build", "make videos from lessons", "[OPTION]... LESSON|DIRECTORY...",
      "A file holds a lesson, an array of lessons or, as *.jsonl, one a line; \"-\" is standard input.\n"
      "Checks every lesson first; one with an error is told and left out. Then fetches pictures and speech, "
      "renders the sections and writes one video a lesson with its subtitles and thumbnail. What was fetched or rendered before is "
      "taken from the cache.\n"
      "The first Ctrl-C stops buying, keeps what arrives and stops; the second ends at once. Running the same command again "
      "continues.",
      GROUPS(out_rows, build_rows, refresh_rows, page_rows, plan_rows, fetch_rows, lesson_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_build },
    { "fetch", "get the pictures and speech of lessons, render nothing", "[OPTION]... LESSON|DIRECTORY...",
      "Everything a build would buy or make by itself goes into the cache; a later build needs no network and no key.",
      GROUPS(unchecked_rows, refresh_rows, plan_rows, fetch_rows, lesson_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_fetch },
    { "sheet", "draw a contact sheet of lessons before rendering them", "[OPTION]... LESSON|DIRECTORY...",
      "Fetches what is missing, as fetch does, and draws one frame of every section with its caption, its times, its effects and its "
      "words, as NAME.sheet.png where the video will go. A look at a whole lesson in seconds; a build after it fetches nothing again.",
      GROUPS(out_rows, plan_rows, fetch_rows, lesson_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_sheet },
    { "preview", "make small and quick videos to look at", "[OPTION]... LESSON|DIRECTORY...",
      "As build, but 360 lines high and encoded in a hurry, as NAME.preview.mp4 without subtitles and thumbnail beside. What was bought for it "
      "serves the build as well.",
      GROUPS(out_rows, preview_rows, page_rows, plan_rows, fetch_rows, lesson_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_preview },
    { "plan", "say what a build would buy, and what it costs", "[OPTION]... LESSON|DIRECTORY...",
      "Counts what every lesson needs from remote providers, what is in the cache already, and what several lessons share, and prices "
      "it by prices.yaml and config.yaml. Needs no key and no network, and changes nothing. With --max-cost it says whether the limit is "
      "enough and exits with 6 when it is not.",
      GROUPS(refresh_rows, plan_rows, lesson_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_plan },
    { "draft", "have a chat model write a lesson", "[OPTION]... TOPIC",
      "Asks the model that providers.chat names for a lesson on the topic, with the format's own schema, checks what it answers and "
      "has mistakes mended, twice at most. What it writes is data: files, addresses and providers are left out. When it is still not "
      "right, the errors are told and the answer is kept beside, as TOPIC.answer.txt.\n"
      "Answers are kept like everything bought: the same question costs nothing again, --again asks for another version. Nothing is "
      "overwritten without --force.",
      GROUPS(draft_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_draft },
    { "check", "find every mistake in lessons without doing anything", "[OPTION]... LESSON|DIRECTORY...",
      "Prints every problem with file, line and column, what is wrong, and the nearest right thing.",
      GROUPS(lesson_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_check },
    { "fmt", "rewrite lessons in their canonical spelling", "[OPTION]... LESSON|DIRECTORY...|-",
      "Names keys by their canonical names and lays the file out evenly; what the lesson means stays the same. Files are rewritten in "
      "place; \"-\" reads standard input and writes standard output.",
      GROUPS(fmt_rows), 0, cmd_fmt },
    { "import", "make a lesson out of another program's file", "[OPTION]... PROGRAM FILE",
      "PROGRAM is editly, shotstack, json2video, creatomate, moneyprinterturbo or short-video-maker. What has no counterpart is left out "
      "and named, with its path in the file.",
      GROUPS(import_rows), 0, cmd_import },
    { "schema", "print the JSON Schema of lessons, or of events", "[OPTION]...",
      "For editors, and for language models that write lessons.", GROUPS(schema_rows), COMMAND_NO_OPERANDS,
      cmd_schema },
    { "list", "show what lessons can name: effects, overlays, providers, voices and more",
      "[OPTION]... WHAT", "WHAT is effects, transitions, overlays, themes, providers or voices.", GROUPS(config_rows, json_rows), COMMAND_CONFIG,
      cmd_list },
    { "provider", "look at the description of one service, or try it with one real call",
      "[OPTION]... check FILE|NAME | try NAME",
      "check reads a description, with the settings over it, and prints the request that it makes as a command for curl in which the key "
      "is named by its variable; nothing is sent. try says what it is going to buy and, with --yes, sends one request and keeps the answer "
      "as a file.\n"
      "A description of your own goes into the directory providers beside config.yaml, as ID.yaml.",
      GROUPS(provider_rows, config_rows), COMMAND_CONFIG, cmd_provider },
    { "report", "make a page about a run, or print what happened in it", "[OPTION]... [RUN]",
      "After a build of two lessons or more report.html lies beside the videos: a storyboard, the videos, every request and every "
      "render on a time line, costs, refusals and warnings, in one file that needs no network. This makes it again, of the newest run or "
      "of the one that is named, from the journal that each run leaves in the cache; the last fifty are kept. RUN is a name that --list "
      "shows, the beginning of one, or a journal's file. With --json it prints the same data.",
      GROUPS(report_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_report },
    { "cache", "look into the cache, check it, shrink it", "[OPTION]... stats|verify|gc",
      "stats says what is there and what was paid. verify reads everything and sets aside what is damaged. gc removes what can be made "
      "again, the oldest first, and with --paid also what was paid for.",
      GROUPS(cache_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_cache },
    { "tune", "say which settings of workers make videos soonest", "[OPTION]... [LESSON|DIRECTORY]...",
      "Plays the newest run again in its head, with other numbers of requests, videos, sections and threads: how long its requests and "
      "steps took is in its journal, and so is what the services let in. Says which settings would have been done soonest, and what "
      "then keeps them from being done sooner: a service's pace or cap, the cap on all requests, the cores.\n"
      "With lessons named, these are planned and played through instead, as slow as what was recorded.",
      GROUPS(tune_rows, lesson_rows, config_rows, json_rows), COMMAND_CONFIG, cmd_tune },
    { "doctor", "look whether all is there that making videos needs", "[OPTION]...",
      "Tries drawing, speaking and encoding, and looks at fonts, memory, limits, disk and keys. What is missing is told with what helps; "
      "exits with 3 when videos cannot be made like this. Nothing is bought.",
      GROUPS(doctor_rows, config_rows, json_rows), COMMAND_CONFIG | COMMAND_NO_OPERANDS, cmd_doctor },
    { "config", "print the settings in effect", "[OPTION]...",
      "Settings come from the built-in defaults, then config.yaml, then --set.",
      GROUPS(show_rows, config_rows, json_rows), COMMAND_NO_OPERANDS, cmd_config },
    { "help", "explain a command", "[COMMAND]", NULL, NO_OPTIONS, 0, cmd_help },
    { "version", "print the version", "", NULL, NO_OPTIONS, COMMAND_NO_OPERANDS, cmd_version },
    { "completion", "print the completions of a shell", "bash|zsh|fish", NULL, NO_OPTIONS, COMMAND_HIDDEN,
      cmd_completion },
    { "manual", "print a manual page, the names of those there are, or the tables of docs/", "[COMMAND|commands|lesson|words|events]", NULL, NO_OPTIONS, COMMAND_HIDDEN,
      cmd_manual },
    { 0 }
};

const struct command *command_find(const char *name)
{
    for (const struct command *c = commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

int command_unknown(struct app *app, const char *word)
{
    const char *names[32];
    size_t n = 0;
    struct buf shown = { 0 };
    for (const struct command *c = commands; c->name && n + 1 < COUNTOF(names); c++)
        if (!(c->flags & COMMAND_HIDDEN))
            names[n++] = c->name;
    names[n] = NULL;
    text_clean(&shown, str_from(word), 80);
    const char *near = nearest_name(word, names);
    struct err e;
    if (near)
        err_set(&e, ERR_USAGE, "unknown command \"%s\" - did you mean \"%s\"?", buf_str(&shown).p, near);
    else if (str_ends(str_from(word), ".json"))
        err_set(&e, ERR_USAGE, "\"%s\" is not a command - did you mean \"vidgen build %s\"?", shown.p, shown.p);
    else
        err_set(&e, ERR_USAGE, "unknown command \"%s\"; \"vidgen help\" lists them", buf_str(&shown).p);
    buf_deinit(&shown);
    return app_fail(app, &e);
}
