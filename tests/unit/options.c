/* options.c - tests of the command line's parser */
#include "cmd/options.h"
#include "tests/support/test.h"

struct values {
    bool force, strict;
    int verbose;
    const char *output;
    struct option_list set;
    int64_t jobs;
    double cost;
};

static const struct option_row first[] = {
    OPTION(struct values, FLAG, force, "force", .letter = 'f', .help = "again"),
    OPTION(struct values, COUNT, verbose, "verbose", .letter = 'v', .help = "more"),
    OPTION(struct values, TEXT, output, "output", .letter = 'o', .arg = "DIR", .help = "where"),
    { 0 }
};
static const struct option_row second[] = {
    OPTION(struct values, FLAG, strict, "strict", .help = "errors"),
    OPTION(struct values, LIST, set, "set", .arg = "KEY=VALUE", .help = "one setting"),
    OPTION(struct values, INT, jobs, "jobs", .letter = 'j', .arg = "N", .min = 0, .max = 64, .help = "threads"),
    OPTION(struct values, NUMBER, cost, "max-cost", .arg = "MONEY", .min = 0, .max = 1e6, .help = "limit"),
    { 0 }
};
static const struct option_row *const groups[] = { first, second, NULL };

struct outcome {
    struct values v;
    struct option_list operands;
    struct err e;
    bool ok;
};

static struct outcome parse(const char *const *words)
{
    struct outcome o = { 0 };
    int n = 0;
    while (words[n])
        n++;
    o.ok = options_parse(groups, n, (char **)(uintptr_t)words, &o.v, &o.operands, &o.e);
    return o;
}

#define PARSE(...) parse((const char *const[]){ __VA_ARGS__, NULL })

static void done(struct outcome *o)
{
    options_deinit(groups, &o->v, &o->operands);
}

TEST(values_may_stand_in_the_same_word_or_the_next)
{
    struct outcome o = PARSE("--output=a=b", "--jobs", "8", "-o", "c", "-j4", "--max-cost=2.5");
    CHECK(o.ok);
    CHECK_STR("the last one counts", "c", str_from(o.v.output));
    CHECK_INT("jobs", 4, o.v.jobs);
    CHECK_NEAR("cost", 2.5, o.v.cost, 0);
    done(&o);
}

TEST(operands_mix_with_options_until_two_dashes)
{
    struct outcome o = PARSE("a.json", "-f", "-", "--", "--force", "-x");
    CHECK(o.ok && o.v.force);
    CHECK_INT("operands", 4, o.operands.n);
    CHECK_STR("dash", "-", str_from(o.operands.v[1]));
    CHECK_STR("after the dashes", "--force", str_from(o.operands.v[2]));
    done(&o);
}

TEST(short_flags_stand_together_and_the_last_may_take_a_value)
{
    struct outcome o = PARSE("-fvvo", "dir");
    CHECK(o.ok && o.v.force);
    CHECK_INT("verbose", 2, o.v.verbose);
    CHECK_STR("output", "dir", str_from(o.v.output));
    done(&o);
}

TEST(a_flag_can_be_undone_and_a_list_grows)
{
    struct outcome o = PARSE("--strict", "--set", "a=1", "--no-strict", "--set=b=2");
    CHECK(o.ok && !o.v.strict);
    CHECK_INT("settings", 2, o.v.set.n);
    CHECK_STR("second", "b=2", str_from(o.v.set.v[1]));
    done(&o);
}

TEST(a_wrong_option_says_what_would_be_right)
{
    static const struct { const char *name, *words[3], *says; } rows[] = {
        { "misspelt", { "--ouput=x" }, "unknown option --ouput - did you mean --output?" },
        { "cut short", { "--verb" }, "unknown option --verb - did you mean --verbose?" },
        { "far off", { "--banana" }, "unknown option --banana" },
        { "unknown letter", { "-z" }, "unknown option -z" },
        { "escape sequence", { "--\x1b[2J" }, "unknown option --\\x1B[2J" },
        { "missing value", { "--output" }, "--output needs a value: DIR" },
        { "missing value of a letter", { "-o" }, "--output needs a value: DIR" },
        { "value for a flag", { "--force=yes" }, "--force takes no value" },
        { "undoing a value", { "--no-output" }, "unknown option --no-output" },
        { "not a number", { "--jobs=four" }, "--jobs four: expected a whole number from 0 to 64" },
        { "hexadecimal", { "--jobs=0x4" }, "--jobs 0x4: expected a whole number from 0 to 64" },
        { "fraction", { "--jobs=1.5" }, "--jobs 1.5: expected a whole number from 0 to 64" },
        { "too many", { "--jobs=65" }, "--jobs 65: expected a whole number from 0 to 64" },
        { "infinity", { "--max-cost=inf" }, "--max-cost inf: expected a number from 0 to 1000000" },
        { "empty number", { "--jobs=" }, "--jobs : expected a whole number from 0 to 64" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct outcome o = parse(rows[i].words);
        CHECK_ROW(rows[i].name, !o.ok && o.e.code == ERR_USAGE);
        CHECK_STR(rows[i].name, rows[i].says, str_from(o.e.msg));
        done(&o);
    }
}
