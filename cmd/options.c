/* options.c - the command line: rows of tables become values in a struct */
#include "cmd/options.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

struct parser {
    const struct option_row *const *groups;
    int argc, i;
    char **argv;
    void *values;
    struct option_list *operands;
    struct err *e;
};

static void list_add(struct option_list *l, const char *value)
{
    l->v = mem_resize(l->v, l->n + 2, sizeof *l->v);
    l->v[l->n++] = value;
    l->v[l->n] = NULL;
}

const char *nearest_name(const char *typed, const char *const *names)
{
    const char *best = NULL;
    size_t n = strlen(typed), least = n < 4 ? 2 : 3;
    if (n == 0)
        return NULL;
    for (size_t i = 0; names[i]; i++) {
        size_t d = text_distance(str_from(typed), str_from(names[i]), least);
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    for (size_t i = 0; !best && n >= 3 && names[i]; i++)
        if (strncmp(typed, names[i], n) == 0)
            best = names[i];
    return best;
}

static bool unknown(struct parser *p, const char *name, size_t n)
{
    struct option_list names = { 0 };
    struct buf typed = { 0 }, shown = { 0 };
    buf_add(&typed, name, n);
    text_clean(&shown, buf_str(&typed), 80);
    for (size_t g = 0; p->groups[g]; g++)
        for (const struct option_row *o = p->groups[g]; o->name; o++)
            list_add(&names, o->name);
    const char *near = names.n ? nearest_name(typed.p, names.v) : NULL;
    if (near)
        err_set(p->e, ERR_USAGE, "unknown option --%s - did you mean --%s?", shown.p, near);
    else
        err_set(p->e, ERR_USAGE, "unknown option --%s", shown.p);
    free(names.v);
    buf_deinit(&typed);
    buf_deinit(&shown);
    return false;
}

static const struct option_row *find_long(struct parser *p, const char *name, size_t n)
{
    for (size_t g = 0; p->groups[g]; g++)
        for (const struct option_row *o = p->groups[g]; o->name; o++)
            if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
                return o;
    return NULL;
}

static const struct option_row *find_short(struct parser *p, char letter)
{
    for (size_t g = 0; p->groups[g]; g++)
        for (const struct option_row *o = p->groups[g]; o->name; o++)
            if (o->letter == letter)
                return o;
    return NULL;
}

static bool takes_value(const struct option_row *o)
{
    return o->type != OPTION_FLAG && o->type != OPTION_COUNT;
}

static bool number_of(const struct option_row *o, const char *text, double *out, struct err *e)
{
    char *end = NULL;
    size_t n = strspn(text, "+-0123456789.eE");
    *out = n && !text[n] ? strtod(text, &end) : 0;
    bool is_whole = o->type == OPTION_INT;
    if (!end || *end || end == text || !isfinite(*out) || (is_whole && *out != floor(*out)) || *out < o->min ||
        *out > o->max) {
        struct buf shown = { 0 };
        text_clean(&shown, str_from(text), 80);
        err_set(e, ERR_USAGE, "--%s %s: expected a%s number from %.10g to %.10g", o->name, buf_str(&shown).p,
                is_whole ? " whole" : "", o->min, o->max);
        buf_deinit(&shown);
        return false;
    }
    return true;
}

static bool store(struct parser *p, const struct option_row *o, const char *value)
{
    void *field = (char *)p->values + o->offset;
    double number = 0;
    if ((o->type == OPTION_INT || o->type == OPTION_NUMBER) && !number_of(o, value, &number, p->e))
        return false;
    switch (o->type) {
    case OPTION_FLAG: *(bool *)field = true; break;
    case OPTION_COUNT: ++*(int *)field; break;
    case OPTION_TEXT: *(const char **)field = value; break;
    case OPTION_LIST: list_add(field, value); break;
    case OPTION_INT: *(int64_t *)field = (int64_t)number; break;
    case OPTION_NUMBER: *(double *)field = number; break;
    case OPTION_N_TYPES: break;
    }
    return true;
}

static bool next_value(struct parser *p, const struct option_row *o, const char **value)
{
    if (p->i + 1 >= p->argc)
        return err_set(p->e, ERR_USAGE, "--%s needs a value: %s", o->name, o->arg);
    *value = p->argv[++p->i];
    return true;
}

static bool parse_long(struct parser *p, const char *word)
{
    const char *equals = strchr(word, '='), *value = equals ? equals + 1 : NULL;
    size_t n = equals ? (size_t)(equals - word) : strlen(word);
    const struct option_row *o = find_long(p, word, n);
    if (!o && n > 3 && memcmp(word, "no-", 3) == 0) {
        o = find_long(p, word + 3, n - 3);
        if (o && o->type == OPTION_FLAG && !equals) {
            *(bool *)((char *)p->values + o->offset) = false;
            return true;
        }
        o = NULL;
    }
    if (!o)
        return unknown(p, word, n);
    if (!takes_value(o) && value)
        return err_set(p->e, ERR_USAGE, "--%s takes no value", o->name);
    if (takes_value(o) && !value && !next_value(p, o, &value))
        return false;
    return store(p, o, value ? value : "");
}

static bool parse_short(struct parser *p, const char *letters)
{
    for (; *letters; letters++) {
        const struct option_row *o = find_short(p, *letters);
        if (!o) {
            struct buf shown = { 0 };
            text_clean(&shown, (struct str){ letters, 1 }, 0);
            err_set(p->e, ERR_USAGE, "unknown option -%s", shown.p);
            buf_deinit(&shown);
            return false;
        }
        if (takes_value(o)) {
            const char *value = letters + 1;
            return (*value || next_value(p, o, &value)) && store(p, o, value);
        }
        if (!store(p, o, ""))
            return false;
    }
    return true;
}

bool options_parse(const struct option_row *const *groups, int argc, char **argv, void *values,
                   struct option_list *operands, struct err *e)
{
    struct parser p = { .groups = groups, .argc = argc, .argv = argv, .values = values, .operands = operands, .e = e };
    bool is_over = false;
    for (p.i = 0; p.i < argc; p.i++) {
        const char *word = argv[p.i];
        if (is_over || word[0] != '-' || !word[1])
            list_add(operands, word);
        else if (strcmp(word, "--") == 0)
            is_over = true;
        else if (!(word[1] == '-' ? parse_long(&p, word + 2) : parse_short(&p, word + 1)))
            return false;
    }
    return true;
}

void options_deinit(const struct option_row *const *groups, void *values, struct option_list *operands)
{
    for (size_t g = 0; groups[g]; g++) {
        for (const struct option_row *o = groups[g]; o->name; o++) {
            if (o->type != OPTION_LIST)
                continue;
            struct option_list *l = (struct option_list *)((char *)values + o->offset);
            free(l->v);
            *l = (struct option_list){ 0 };
        }
    }
    free(operands->v);
    *operands = (struct option_list){ 0 };
}
