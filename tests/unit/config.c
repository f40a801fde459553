/* config.c - tests of config.yaml: the shipped file, problems with places, --set, lookup */
#include "gen/config.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/embedded.h"
#include "gen/base/file.h"
#include "tests/support/test.h"

struct outcome {
    struct config *c;
    struct buf problems;
    struct err e;
};

static struct outcome load(const char *text, const char *const *sets)
{
    struct outcome o = { 0 };
    struct buf path = { 0 };
    size_t n = 0;
    while (sets && sets[n])
        n++;
    buf_printf(&path, "%s/config.yaml", test_tmpdir());
    CHECK(file_replace(path.p, str_from(text), &o.e));
    o.c = config_load_all(path.p, sets, n, &o.problems, &o.e);
    buf_deinit(&path);
    return o;
}

static void done(struct outcome *o)
{
    config_destroy(o->c);
    buf_deinit(&o->problems);
}

/* The problems without the directory of the test. */
static void check_problem(const char *row, const char *want, const struct outcome *o)
{
    if (!strstr(buf_str(&o->problems).p, want))
        check_str(row, want, buf_str(&o->problems), __FILE__, __LINE__);
}

TEST(the_commented_file_says_exactly_the_built_in_defaults)
{
    const char *text = NULL;
    for (const struct embedded_file *f = embedded_files; f->name; f++)
        if (strcmp(f->name, "config.yaml") == 0)
            text = f->text;
    CHECK(text);
    struct outcome o = load(text, NULL);
    CHECK_STR("problems", "", buf_str(&o.problems));
    struct config *builtin = config_create();
    struct buf a = { 0 }, b = { 0 };
    config_print(&a, builtin);
    config_print(&b, o.c);
    CHECK_STR("settings", a.p, buf_str(&b));
    for (const struct config_block *k = config_blocks; k->params; k++)
        for (const struct param *p = k->params; p->name; p++) {
            struct buf line = { 0 }, off = { 0 };
            buf_printf(&line, "\n%s%s:", k->name[0] ? "  " : "", p->name);
            buf_printf(&off, "\n%s# %s:", k->name[0] ? "  " : "", p->name);
            CHECK_ROW(p->name, strstr(text, line.p) || strstr(text, off.p));
            buf_deinit(&line);
            buf_deinit(&off);
        }
    buf_deinit(&a);
    buf_deinit(&b);
    config_destroy(builtin);
    done(&o);
}

TEST(what_is_printed_reads_back_as_the_same_settings)
{
    struct outcome o = load("voice: {speed: 0.9, pronounce: {VLSI: V L S I}}\n"
                            "providers: {image: replicate, replicate: {env: MY_KEY, rpm: 30, params: {model: \"a/b\", input: {go: true}}}}\n"
                            "video: {aspect: \"9:16\", fps: 29.97}\nbudget: {max_cost: 2.5}\n", NULL);
    CHECK_STR("problems", "", buf_str(&o.problems));
    struct buf a = { 0 }, b = { 0 };
    config_print(&a, o.c);
    struct outcome again = load(a.p, NULL);
    CHECK_STR("problems", "", buf_str(&again.problems));
    config_print(&b, again.c);
    CHECK_STR("settings", a.p, buf_str(&b));
    CHECK_INT("width", 1080, again.c->video.width);
    CHECK_INT("rate", 30000, again.c->video.fps_num);
    CHECK_STR("spoken", "V L S I", again.c->voice.pronounce[0].say);
    buf_deinit(&a);
    buf_deinit(&b);
    done(&o);
    done(&again);
}

TEST(values_reach_their_fields)
{
    struct outcome o = load("workers: {requests: 8, render: 3}\ncache: {dir: /var/x, max_bytes: 5 GB}\nlimits:\n  media_bytes: 1 MiB\n"
                            "encode: {preset: draft, crf: 23}\ncaptions:\n  style: karaoke\n  color: red\n"
                            "providers:\n  speech: elevenlabs\n  elevenlabs: {base: \"http://127.0.0.1:8080\", concurrency: 3, price_1k_chars: 0.1}\n", NULL);
    CHECK_STR("problems", "", buf_str(&o.problems));
    CHECK_INT("requests", 8, o.c->workers.requests);
    CHECK_INT("cache", 5000000000, o.c->cache.max_bytes);
    CHECK_INT("media", 1 << 20, o.c->limits.media_bytes);
    CHECK_INT("style", CAPTION_KARAOKE, o.c->captions.style);
    CHECK_INT("colour", 0xff0000ff, o.c->captions.color);
    CHECK_STR("speech", "elevenlabs", o.c->use.speech);
    const struct provider_opts *p = config_provider(o.c, STR("elevenlabs"));
    CHECK(p && !config_provider(o.c, STR("other")));
    CHECK_STR("base", "http://127.0.0.1:8080", p->base);
    CHECK_INT("concurrency", 3, p->concurrency);
    CHECK_NEAR("price", 0.1, p->price_1k_chars, 0);
    CHECK_NEAR("no price", -1, p->price_image, 0);
    done(&o);
}

TEST(every_problem_has_its_place_and_the_nearest_right_thing)
{
    static const struct { const char *name, *text, *want; } rows[] = {
        { "unknown block", "\n\nworker:\n  videos: 1\n", "config.yaml:3:1: error: unknown key \"worker\" - did you mean \"workers\"?\n" },
        { "unknown key", "workers:\n  reqests: 1\n", "config.yaml:2:3: error: unknown key \"reqests\" in workers - did you mean \"requests\"?\n" },
        { "nothing like it", "banana: 1\n", "config.yaml:1:1: error: unknown key \"banana\"\n" },
        { "wrong type", "workers: {requests: many}\n", "config.yaml:1:21: error: workers.requests: \"many\": not a whole number\n" },
        { "out of range", "workers: {requests: 0}\n", "config.yaml:1:21: error: workers.requests: 0: out of range, 1 to 10000\n" },
        { "yes is no boolean", "captions:\n  enabled: yes\n", "config.yaml:2:12: error: captions.enabled: \"yes\": not true or false\n" },
        { "not a block", "cache: /tmp\n", "config.yaml:1:8: error: cache: expected a block of keys, not a string\n" },
        { "not a mapping", "- a\n", "config.yaml:1:1: error: expected keys like \"workers:\", not an array\n" },
        { "choice", "image: {fit: covr}\n", "config.yaml:1:14: error: image.fit: \"covr\": not known; one of cover, contain" },
        { "resolution", "video:\n  resolution: huge\n", "config.yaml:2:15: error: video.resolution: \"huge\": not a size" },
        { "container", "encode:\n  container: webm\n", "config.yaml:2:3: error: encode.container: webm holds av1 or vp9 with opus, not h264 with aac; set encode.codec: av1 and encode.audio_codec: opus, or make an .mp4 or .mkv\n" },
        { "preset", "encode:\n  preset: slow\n", "config.yaml:2:11: error: encode.preset: \"slow\": not known; one of draft, balanced, quality, archive\n" },
        { "misspelt role", "providers:\n  imgae: slide\n", "config.yaml:2:3: error: unknown key \"imgae\" in providers - did you mean \"image\"?\n" },
        { "provider's key", "providers:\n  a: {concurency: 3}\n", "config.yaml:2:7: error: unknown key \"concurency\" in providers.a - did you mean \"concurrency\"?\n" },
        { "base", "providers:\n  a: {base: ftp://x}\n", "config.yaml:2:13: error: providers.a.base: must begin with https://" },
        { "user in base", "providers:\n  a: {base: \"https://u:p@x\"}\n", "providers.a.base: must not contain a user" },
        { "env", "providers:\n  a: {env: not-a-name}\n", "config.yaml:2:12: error: providers.a.env: not the name of an environment variable" },
        { "syntax", "workers:\n\tvideos: 1\n", "config.yaml:2:1: error: " },
        { "a word that is none of a list's", "image:\n  on_refused: [soften, card, cry]\n", "image.on_refused: \"cry\": not known; one of fail, soften, card\n" },
        { "size", "cache: {max_bytes: lots}\n", "config.yaml:1:20: error: cache.max_bytes: \"lots\": not a whole number\n" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct outcome o = load(rows[i].text, NULL);
        CHECK_ROW(rows[i].name, !o.c && o.e.code == ERR_CONFIG);
        check_problem(rows[i].name, rows[i].want, &o);
        done(&o);
    }
}

TEST(a_literal_key_is_refused_and_never_repeated)
{
    static const struct { const char *name, *text; } rows[] = {
        { "by name", "providers:\n  openai-image:\n    api_key: hunter2-hunter2-hunter2\n" },
        { "by name in params", "providers:\n  openai-image:\n    params: {token: hunter2-hunter2-hunter2}\n" },
        { "by look in env", "providers:\n  openai-image:\n    env: sk-hunter2-hunter2-hunter2\n" },
        { "by look anywhere", "providers:\n  a:\n    params: {x: [1, {y: \"Bearer hunter2-hunter2\"}]}\n" },
        { "at the top", "api_key: hunter2-hunter2-hunter2\n" },
        { "as a wrong value", "workers:\n  requests: sk-hunter2-hunter2-hunter2\n" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct outcome o = load(rows[i].text, NULL);
        CHECK_ROW(rows[i].name, !o.c);
        check_problem(rows[i].name, "put the key into an environment variable", &o);
        CHECK_ROW(rows[i].name, !strstr(o.problems.p, "hunter2") && !strstr(o.e.msg, "hunter2"));
        done(&o);
    }
}

TEST(all_problems_of_a_file_come_in_one_pass_in_the_order_of_their_places)
{
    struct buf text = { 0 };
    for (int i = 0; i < 40; i++)
        buf_printf(&text, "nothing_known_%d: 1\n", i);
    struct outcome o = load(text.p, NULL);
    size_t lines = 0, at = 0;
    for (size_t i = 0; i < o.problems.n; i++)
        lines += o.problems.p[i] == '\n';
    CHECK_INT("problems", 40, lines);
    for (int i = 0; i < 40; i++) {
        char place[40];
        snprintf(place, sizeof place, "config.yaml:%d:1: error", i + 1);
        const char *found = strstr(o.problems.p + at, place);
        CHECK_ROW(place, found);
        at = (size_t)(found - o.problems.p);
    }
    CHECK(str_ends(str_from(o.e.msg), " more problems"));
    buf_deinit(&text);
    done(&o);
}

TEST(settings_of_the_command_line_lie_over_the_file)
{
    struct outcome o = load("workers: {requests: 8, videos: 2}\nbudget: {max_cost: 3}\nproviders: {a: {rpm: 5, params: {model: x, size: 1}}}\n",
                            (const char *const[]){ "workers.requests=4", "theme=paper", "budget.max_cost=null", "providers.a.params.model=y",
                                                   "providers.image=\"a\"", "voice.pronounce={VLSI: V L S I}", "cache.dir=", NULL });
    CHECK_STR("problems", "", buf_str(&o.problems));
    CHECK_INT("requests", 4, o.c->workers.requests);
    CHECK_INT("videos", 2, o.c->workers.videos);
    CHECK_STR("theme", "paper", o.c->theme);
    CHECK_NEAR("no limit", -1, o.c->budget.max_cost, 0);
    CHECK_STR("image", "a", o.c->use.image);
    const struct provider_opts *p = config_provider(o.c, STR("a"));
    CHECK_INT("kept", 5, p->rpm);
    CHECK_STR("model", "y", json_str_or(p->params, "model", STR("")));
    CHECK_NEAR("kept param", 1, json_num_or(p->params, "size", 0), 0);
    CHECK_INT("one provider", 1, o.c->n_providers);
    CHECK_INT("pronounce", 1, o.c->voice.n_pronounce);
    done(&o);
}

TEST(a_wrong_setting_names_itself)
{
    static const struct { const char *set, *want; } rows[] = {
        { "workers.reqests=1", "--set workers.reqests: error: unknown key \"reqests\" in workers - did you mean \"requests\"?\n" },
        { "workers.requests=x", "--set workers.requests: error: workers.requests: \"x\": not a whole number\n" },
        { "workers", "--set: error: \"workers\": expected KEY=VALUE, as workers.requests=8\n" },
        { "=3", "expected KEY=VALUE" },
        { "workers.=3", "expected KEY=VALUE" },
        { "a..b=3", "unknown key" },
        { "workers=3", "--set workers: error: workers: expected a block of keys, not a number\n" },
        { "theme=[", "--set theme: error: " },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct outcome o = load("", (const char *const[]){ rows[i].set, NULL });
        CHECK_ROW(rows[i].set, !o.c);
        check_problem(rows[i].set, rows[i].want, &o);
        done(&o);
    }
}

TEST(the_file_is_looked_for_here_then_in_the_users_directory)
{
    struct buf user = { 0 };
    struct err e;
    const char *dir = test_tmpdir();
    char *old = getcwd(NULL, 0);
    CHECK(old && chdir(dir) == 0);
    setenv("XDG_CONFIG_HOME", dir, 1);
    struct config *c = config_load(NULL, NULL, 0, &e);
    CHECK(c && c->path.n == 0);
    config_destroy(c);
    buf_printf(&user, "%s/vidgen", dir);
    CHECK(mkdir(user.p, 0700) == 0);
    buf_addz(&user, "/config.yaml");
    CHECK(file_replace(user.p, STR("theme: paper\n"), &e));
    c = config_load(NULL, NULL, 0, &e);
    CHECK(c && str_is(c->theme, "paper"));
    CHECK_STR("path", user.p, c->path);
    config_destroy(c);
    CHECK(file_replace("config.yaml", STR("theme: slate\n"), &e));
    c = config_load(NULL, NULL, 0, &e);
    CHECK(c && str_is(c->theme, "slate"));
    config_destroy(c);
    CHECK(!config_load("none.yaml", NULL, 0, &e) && e.code == ERR_CONFIG && strstr(e.msg, "none.yaml"));
    CHECK(chdir(old) == 0);
    free(old);
    buf_deinit(&user);
}
