/* limits.c - tests of what is refused for its size: at each limit it is taken, one beyond it is not (docs/limits.md) */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmd/inputs.h"
#include "compose/clip.h"
#include "compose/decode.h"
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/base/yaml.h"
#include "gen/budget.h"
#include "gen/config.h"
#include "gen/lesson/read.h"
#include "gen/retry.h"
#include "tests/support/clips.h"
#include "tests/support/fake_media.h"
#include "tests/support/media.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"
#include "tests/support/words.h"

/* ---------- lessons ---------- */

static bool is_over(struct str text)
{
    struct problems p;
    const struct read_opts opts = { .words = &test_words };
    struct lesson *l = lesson_read(STR("l.json"), text, &opts, &p);
    bool found = false;
    for (size_t i = 0; i < p.n; i++)
        found = found || strcmp(p.v[i].code, "E_LIMIT") == 0;
    lesson_destroy(l);
    return found;
}

/* What stands before, between and after n pieces; %zu in a piece is its number. */
static const struct {
    const char *name, *before, *piece, *after;
    size_t most;
} lists[] = {
#define LESSON "{\"title\":\"T\",\"sections\":["
#define SECTION "{\"narration\":\"x\",\"image_prompt\":\"y\"}"
#define IN_ONE LESSON "{\"narration\":\"x\",\"image_prompt\":\"y\","
    { "sections", LESSON, SECTION, "]}", 500 },
    { "effects", IN_ONE "\"effects\":[", "\"auto\"", "]}]}", 16 },
    { "overlays", IN_ONE "\"overlays\":[", "{\"type\":\"title\",\"text\":\"x\"}", "]}]}", 16 },
    { "pictures", LESSON "{\"narration\":\"x\",\"image_prompts\":[", "\"y\"", "]}]}", 50 },
    { "sounds", IN_ONE "\"sounds\":[", "{\"file\":\"a.wav\"}", "]}]}", 32 },
    { "bullets", LESSON "{\"narration\":\"x\",\"slide\":{\"heading\":\"h\",\"bullets\":[", "\"b\"", "]}}]}", 50 },
    { "other shapes", "{\"title\":\"T\",\"output\":{\"also\":[", "\"9:16\"", "]},\"sections\":[" SECTION "]}", 8 },
    { "words that are said otherwise", "{\"title\":\"T\",\"voice\":{\"pronounce\":{", "\"w%zu\":\"v\"", "}},\"sections\":[" SECTION "]}", 1000 },
    { "variables", "{\"title\":\"T\",\"variables\":{", "\"v%zu\":\"x\"", "},\"sections\":[" SECTION "]}", 1000 },
};

static void add_list(struct buf *b, size_t row, size_t n)
{
    buf_addz(b, lists[row].before);
    for (size_t i = 0; i < n; i++) {
        const char *number = strstr(lists[row].piece, "%zu");
        buf_addz(b, i ? "," : "");
        if (number) {
            buf_add(b, lists[row].piece, (size_t)(number - lists[row].piece));
            buf_printf(b, "%zu%s", i, number + 3);
        } else {
            buf_addz(b, lists[row].piece);
        }
    }
    buf_addz(b, lists[row].after);
}

TEST(a_lesson_may_have_so_many_of_each_thing_and_not_one_more)
{
    for (size_t i = 0; i < COUNTOF(lists); i++)
        for (size_t more = 0; more < 2; more++) {
            struct buf b = { 0 };
            add_list(&b, i, lists[i].most + more);
            CHECK_INT(lists[i].name, more, is_over(buf_str(&b)));
            buf_deinit(&b);
        }
}

TEST(texts_of_a_lesson_may_have_so_many_characters_and_not_one_more)
{
    static const struct { const char *name, *before, *after; size_t most; } rows[] = {
        { "narration", LESSON "{\"image_prompt\":\"y\",\"narration\":\"", "\"}]}", 20000 },
        { "prompt", LESSON "{\"narration\":\"x\",\"image_prompt\":\"", "\"}]}", 10000 },
        { "prompt of several", LESSON "{\"narration\":\"x\",\"image_prompts\":[\"", "\"]}]}", 10000 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (size_t more = 0; more < 2; more++) {
            struct buf b = { 0 };
            buf_addz(&b, rows[i].before);
            for (size_t k = 0; k < rows[i].most + more; k++)
                buf_addz(&b, "\xc3\xa9");
            buf_addz(&b, rows[i].after);
            CHECK_INT(rows[i].name, more, is_over(buf_str(&b)));
            buf_deinit(&b);
        }
}

TEST(a_lesson_file_may_have_so_many_bytes_and_not_one_more)
{
    for (size_t more = 0; more < 2; more++) {
        struct buf b = { 0 };
        buf_addz(&b, LESSON SECTION "]}");
        while (b.n < (4 << 20) + more)
            buf_addc(&b, ' ');
        CHECK_INT("bytes", more, is_over(buf_str(&b)));
        buf_deinit(&b);
    }
}

/* ---------- JSON, YAML ---------- */

static bool json_takes(struct str text)
{
    struct arena a = { 0 };
    struct json *v;
    struct err e;
    bool ok = json_parse(&a, text, 0, &v, NULL, NULL, NULL, &e);
    arena_deinit(&a);
    return ok;
}

TEST(json_may_have_so_many_values_and_digits_and_not_one_more)
{
    for (size_t more = 0; more < 2; more++) {
        struct buf b = { 0 };
        buf_addc(&b, '[');
        for (size_t i = 0; i < 499999 + more; i++) /* the array is one, too */
            buf_addz(&b, i ? ",1" : "1");
        buf_addc(&b, ']');
        CHECK_INT("values", !more, json_takes(buf_str(&b)));
        buf_deinit(&b);
    }
}

static bool yaml_takes(struct str text)
{
    struct arena a = { 0 };
    struct json *v;
    struct json_pos at;
    struct err e;
    size_t n;
    bool ok = yaml_parse(&a, text, &v, 1, &n, &at, &e);
    arena_deinit(&a);
    return ok;
}

TEST(yaml_may_be_so_deep_wide_and_long_and_not_more)
{
    for (size_t more = 0; more < 2; more++) {
        struct buf b = { 0 };
        for (size_t i = 0; i < 32 + more; i++)
            buf_addc(&b, '[');
        for (size_t i = 0; i < 32 + more; i++)
            buf_addc(&b, ']');
        CHECK_INT("depth", !more, yaml_takes(buf_str(&b)));
        buf_clear(&b);
        for (size_t i = 0; i < 2000 + more; i++)
            buf_printf(&b, "k%zu: 1\n", i);
        CHECK_INT("children", !more, yaml_takes(buf_str(&b)));
        buf_clear(&b);
        buf_addz(&b, "a: 1\n");
        while (b.n < ((size_t)1 << 20) + more)
            buf_addz(&b, "\n");
        CHECK_INT("bytes", !more, yaml_takes(buf_str(&b)));
        buf_deinit(&b);
    }
}

/* ---------- media ---------- */

TEST(pictures_may_be_so_wide_and_large_and_not_more)
{
    static const struct { const char *name; int w, h; bool is_ok; } rows[] = {
        { "as wide as may be", PICTURE_SIDE_MAX, 20, true },
        { "wider", PICTURE_SIDE_MAX + 1, 20, false },
        { "as high as may be", 20, PICTURE_SIDE_MAX, true },
        { "higher", 20, PICTURE_SIDE_MAX + 1, false },
        { "as large as may be", 10000, PICTURE_AREA_MAX / 10000, true },
        { "larger", 10000, PICTURE_AREA_MAX / 10000 + 1, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct picture p;
        struct err e = { 0 };
        fake_png(&b, rows[i].w, rows[i].h, 1);
        int fd = media_fd(b.p, b.n);
        bool ok = picture_decode(fd, &p, &e);
        CHECK_ROW(e.msg, ok == rows[i].is_ok);
        CHECK_ROW(rows[i].name, ok || strstr(e.msg, "too large"));
        if (ok)
            picture_deinit(&p);
        close(fd);
        buf_deinit(&b);
    }
}

static double tone(int64_t i, int channel)
{
    return (i / 20 + channel) % 2 ? 0.2 : -0.2;
}

TEST(sound_may_have_so_many_samples_a_second_and_channels_and_not_more)
{
    static const struct { const char *name; int rate, channels; bool is_ok; } rows[] = {
        { "the slowest", 8000, 1, true },   { "slower", 7999, 1, false },  { "the fastest", 192000, 1, true },
        { "faster", 192001, 1, false },     { "most channels", 48000, 8, true }, { "more", 48000, 9, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct sound s;
        struct err e = { 0 };
        media_wav(&b, rows[i].rate, rows[i].channels, rows[i].rate / 2, tone, -1);
        int fd = media_fd(b.p, b.n);
        bool ok = sound_decode(fd, &s, &e);
        CHECK_INT(rows[i].name, rows[i].is_ok, ok);
        if (ok)
            sound_deinit(&s);
        close(fd);
        buf_deinit(&b);
    }
}

TEST(clips_may_be_so_wide_large_and_long_and_not_more)
{
    static const struct { const char *name; struct clip_recipe r; bool is_ok; } rows[] = {
        { "as wide as may be", { .w = 4096, .h = 32, .n = 2 }, true },
        { "wider", { .w = 4112, .h = 32, .n = 2 }, false },
        { "as large as may be, with rows that are padded", { .w = 3088, .h = 3056, .n = 2 }, true },
        { "larger", { .w = 3088, .h = 3072, .n = 2 }, false },
        { "as long as may be", { .w = 16, .h = 16, .n = 600, .fps_num = 1, .fps_den = 1 }, true },
        { "longer", { .w = 16, .h = 16, .n = 602, .fps_num = 1, .fps_den = 1 }, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct clip_info info;
        struct err e = { 0 };
        if (!clip_make(&rows[i].r, &b))
            test_skip("this FFmpeg makes no clips");
        int fd = media_fd(b.p, b.n);
        bool ok = clip_check(fd, &info, &e);
        CHECK_ROW(ok ? rows[i].name : e.msg, ok == rows[i].is_ok);
        close(fd);
        buf_deinit(&b);
    }
}

/* ---------- money, files ---------- */

TEST(a_run_may_spend_its_limit_and_not_a_cent_more)
{
    struct budget b = { .limit = 1 };
    CHECK(budget_reserve(&b, 0.75) && budget_reserve(&b, 0.25));
    CHECK("all of it is within" && budget_holds(&b));
    CHECK("a cent more is not" && !budget_reserve(&b, 0.01));
    budget_back(&b, 0.25);
    CHECK("what came back may be spent" && budget_reserve(&b, 0.25));
}

TEST(directories_are_read_so_deep_and_not_deeper)
{
    struct arena a = { 0 };
    struct buf b = { 0 };
    struct inputs in = { 0 };
    struct err e = { 0 };
    char *root = test_tmpdir();
    buf_addz(&b, "d");
    CHECK(chdir(root) == 0);
    for (int depth = 1; depth <= 34; depth++) {
        CHECK(mkdir(b.p, 0700) == 0);
        size_t n = b.n;
        buf_addz(&b, "/l.json");
        FILE *f = fopen(b.p, "w");
        CHECK(f && fputs("{}", f) >= 0 && fclose(f) == 0);
        b.p[b.n = n] = '\0';
        buf_addz(&b, "/d");
    }
    char *argv[] = { (char *)(uintptr_t)"d" };
    CHECK_ROW(e.msg, inputs_collect(&a, 1, argv, true, &in, &e));
    CHECK_INT("lessons: with 32 slashes before them and not more", 33, in.n);
    CHECK(chdir("/") == 0);
    arena_deinit(&a);
    buf_deinit(&b);
}

TEST(a_config_file_may_have_so_many_bytes_and_not_one_more)
{
    char *dir = test_tmpdir();
    for (size_t more = 0; more < 2; more++) {
        struct buf b = { 0 }, path = { 0 }, problems = { 0 };
        struct err e = { 0 };
        buf_printf(&path, "%s/config.yaml", dir);
        buf_addz(&b, "theme: midnight\n");
        while (b.n < ((size_t)1 << 20) + more)
            buf_addz(&b, "\n");
        CHECK_ROW(e.msg, file_replace(path.p, buf_str(&b), &e));
        struct config *c = config_load_all(path.p, NULL, 0, &problems, &e);
        CHECK_INT("bytes", !more, c != NULL);
        config_destroy(c);
        buf_deinit(&b);
        buf_deinit(&path);
        buf_deinit(&problems);
    }
}

/* ---------- answers, tries, redirects ---------- */

/* The answer is a text of so many bytes, which is no speech: who took it whole says that, not that it is too long. */
TEST(an_answer_may_have_so_many_bytes_and_not_one_more)
{
    static const struct { const char *name, *provider; } rows[] = { { "media", "openai-speech" }, { "JSON", "openai-image" } };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (size_t more = 0; more < 2; more++) {
            struct rig r;
            struct buf b = { 0 };
            buf_addz(&b, "{\"rules\":[{\"body\":\"");
            for (size_t k = 0; k < 65536 + more; k++)
                buf_addc(&b, 'x');
            buf_addz(&b, "\"}]}");
            rig_open(&r, b.p, "limits: {media_bytes: 64 KiB, answer_bytes: 64 KiB}\n");
            struct job_event ev = rig_run(&r, rows[i].provider, "hello");
            CHECK_INT(rows[i].name, more, strstr(ev.err.msg, "more than 65536 bytes") != NULL);
            rig_event_deinit(&ev);
            rig_close(&r);
            buf_deinit(&b);
        }
}

TEST(a_request_is_tried_so_often_and_refused_so_long_and_not_more)
{
    struct rng r = { 1 };
    for (int64_t attempts = 1; attempts <= 6; attempts++) {
        struct failure f = { .code = ERR_SERVER, .told_ms = -1, .has_answer = true, .attempts = (int)attempts - 1 };
        CHECK_INT("the last try", attempts < 6 ? RETRY_AGAIN : RETRY_FAIL, retry_decide(&f, 6, 300000, false, &r).action);
    }
    struct failure told = { .code = ERR_SERVER, .told_ms = RETRY_TOLD_MAX_MS, .has_answer = true };
    CHECK_INT("the longest wait", RETRY_AGAIN, retry_decide(&told, 6, 300000, false, &r).action);
    told.told_ms++;
    CHECK_INT("a longer one", RETRY_FAIL, retry_decide(&told, 6, 300000, false, &r).action);
}

/* A socket that listens and whose queue is full: the next one gets no answer to its first packet. */
TEST(a_server_that_takes_no_connection_is_given_up_in_time)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof at;
    struct rig r;
    char config[200];
    int fds[4], server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(server, (struct sockaddr *)&at, sizeof at) == 0 && listen(server, 0) == 0);
    CHECK(getsockname(server, (struct sockaddr *)&at, &n) == 0);
    for (size_t i = 0; i < COUNTOF(fds); i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        CHECK(connect(fds[i], (struct sockaddr *)&at, sizeof at) == 0 || errno == EINPROGRESS);
    }
    snprintf(config, sizeof config, "  openai-chat: {base: \"http://127.0.0.1:%d/v1\"}\nlimits: {connect_ms: 200}\n",
             ntohs(at.sin_port));
    rig_open(&r, NULL, config);
    struct job_event ev = rig_run(&r, "openai-chat", "hello");
    CHECK_INT(ev.err.msg, ERR_NET, ev.err.code);
    CHECK("nothing can have been paid" && ev.is_unsent);
    rig_event_deinit(&ev);
    rig_close(&r);
    for (size_t i = 0; i < COUNTOF(fds); i++)
        close(fds[i]);
    close(server);
}
