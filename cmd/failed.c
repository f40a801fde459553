/* failed.c - which lessons were left without their film by the last run */
#include "cmd/failed.h"
#include <stdlib.h>
#include <string.h>
#include "cmd/runs.h"
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"

enum { JOURNAL_MOST = 256 << 20 };

enum fate { FATE_UNKNOWN, FATE_DONE, FATE_FAILED };

struct look {
    const struct lessons *lessons;
    struct str *paths;                          /* of the good ones, from the root */
    enum fate *fates;
    size_t n_unknown;
    struct arena arena;
};

/* One journal: in which directory it ran, and how many of its lessons ended. */
struct account {
    bool is_wanted;                             /* of the same command */
    struct str directory, path, lesson;         /* path, lesson: of the film told of last */
    double n_lessons, n_ended;
    bool *is_named;                             /* of the good ones: it was among that run's */
};

static struct str from_root(struct arena *a, struct str directory, struct str path)
{
    bool is_whole = path.n && path.p[0] == '/';
    return is_whole || directory.n == 0 ? path : arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(directory), STR_ARG(path));
}

/* The lesson's own id, or that of another shape of it. */
static bool is_of(struct str id, struct str lesson)
{
    return str_eq(id, lesson) || (lesson.n > id.n && memcmp(lesson.p, id.p, id.n) == 0 && lesson.p[id.n] == '.');
}

/* Of a lesson in several shapes each has to be done. */
static void note_end(struct look *k, const struct account *j, enum fate *seen, bool is_done)
{
    for (size_t i = 0; i < k->lessons->n_good; i++)
        if (k->fates[i] == FATE_UNKNOWN && str_eq(k->paths[i], j->path) && is_of(k->lessons->good[i]->id, j->lesson) &&
            seen[i] != FATE_FAILED)
            seen[i] = is_done ? FATE_DONE : FATE_FAILED;
}

static void note_named(struct look *k, const struct account *j, struct str path, struct str lesson)
{
    for (size_t i = 0; i < k->lessons->n_good; i++)
        if (str_eq(k->paths[i], path) && is_of(k->lessons->good[i]->id, lesson))
            j->is_named[i] = true;
}

static void read_line(struct look *k, struct account *j, enum fate *seen, const char *command, struct str line)
{
    static const char *const wanted[] = { "{\"event\":\"run\"", "{\"event\":\"begin\"", "{\"event\":\"film\"", "{\"event\":\"lesson\"",
                                          "{\"event\":\"wanted\"" };
    struct json *o = NULL;
    size_t which = 0;
    while (which < COUNTOF(wanted) && !str_starts(line, wanted[which]))
        which++;
    if (which == COUNTOF(wanted) || !json_parse(&k->arena, line, 0, &o, NULL, NULL, NULL, NULL))
        return;
    if (which == 0) {
        j->is_wanted = str_is(json_str_or(o, "command", STR("")), command);
        j->directory = json_str_or(o, "directory", STR(""));
    } else if (which == 1) {
        j->n_lessons = json_num_or(o, "lessons", 0);
    } else if (which == 2) {
        j->path = from_root(&k->arena, j->directory, json_str_or(o, "path", STR("")));
        j->lesson = json_str_or(o, "lesson", STR(""));
    } else if (which == 4) {
        note_named(k, j, from_root(&k->arena, j->directory, json_str_or(o, "path", STR(""))), json_str_or(o, "id", STR("")));
    } else {
        struct str state = json_str_or(o, "state", STR(""));
        j->n_ended++;
        if (j->is_wanted)
            note_end(k, j, seen, str_is(state, "done") || str_is(state, "cached"));
    }
}

static void read_journal(struct look *k, const char *path, const char *command)
{
    struct buf text = BUF_INIT(JOURNAL_MOST);
    struct account j = { 0 };
    size_t n = k->lessons->n_good;
    j.is_named = mem_array(n + 1, sizeof *j.is_named);
    enum fate *seen = mem_array(n + 1, sizeof *seen);
    struct str rest = { 0 };
    if (file_read(path, JOURNAL_MOST, &text, NULL))
        rest = buf_str(&text);
    while (rest.n) {
        const char *end = memchr(rest.p, '\n', rest.n);
        size_t length = end ? (size_t)(end - rest.p) : rest.n;
        read_line(k, &j, seen, command, (struct str){ rest.p, length });
        length += end != NULL;
        rest = (struct str){ rest.p + length, rest.n - length };
    }
    bool is_cut = j.is_wanted && j.n_ended < j.n_lessons;
    for (size_t i = 0; i < n; i++) {
        enum fate fate = seen[i] == FATE_UNKNOWN && is_cut && j.is_named[i] ? FATE_FAILED : seen[i];
        if (k->fates[i] != FATE_UNKNOWN || fate == FATE_UNKNOWN)
            continue;
        k->fates[i] = fate;
        k->n_unknown--;
    }
    free(seen);
    free(j.is_named);
    buf_deinit(&text);
}

size_t failed_keep(const struct app *app, const char *cache, struct lessons *l)
{
    struct look k = { .lessons = l, .n_unknown = l->n_good };
    struct str *names;
    char *here = realpath(".", NULL);
    size_t n = runs_list(cache, &k.arena, &names), kept = 0, n_good = l->n_good;
    k.paths = arena_array(&k.arena, n_good + 1, sizeof *k.paths);
    k.fates = arena_array(&k.arena, n_good + 1, sizeof *k.fates);
    for (size_t i = 0; i < n_good; i++)
        k.paths[i] = from_root(&k.arena, str_from(here), l->good[i]->path);
    for (size_t i = n; i-- > 0 && k.n_unknown;)
        read_journal(&k, arena_printf(&k.arena, "%s/runs/" STR_FMT ".jsonl", cache, STR_ARG(names[i])).p,
                     app->command->name);
    for (size_t i = 0; i < n_good; i++)
        if (k.fates[i] == FATE_FAILED)
            l->good[kept++] = l->good[i];
    l->n_good = kept;
    free(here);
    arena_deinit(&k.arena);
    return n_good - kept;
}
