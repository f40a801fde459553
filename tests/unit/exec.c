/* exec.c - tests of providers that are programs of the user's, and of keys that a program prints */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/job.h"
#include "gen/base/fd.h"
#include "gen/base/file.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

/* Reads the path out of the job; the beginning of a PNG is enough for the transport, which only looks at its type. */
#define JOB "job=$(cat); path=${job##*\\\"path\\\":\\\"}; path=${path%%\\\"*}; "
#define PNG "printf '\\211PNG\\r\\n\\032\\n0000000000000000' "

static void reopen(struct rig *r)
{
    struct err e = { 0 };
    http_transport_destroy(r->transport);
    r->transport = http_transport_create(r->config, r->providers, &clock_monotonic, r->logger, &e);
    CHECK_ROW(e.msg, r->transport != NULL);
}

/* A provider "mine" that runs this for sh, in single quotes of YAML: '' stands for '. */
static void mine(struct rig *r, const char *script, const char *more)
{
    struct buf y = { 0 }, quoted = { 0 };
    for (const char *p = script; *p; p++)
        buf_addz(&quoted, *p == '"' || *p == '\\' ? (*p == '"' ? "\\\"" : "\\\\") : (char[]){ *p, '\0' });
    buf_printf(&y, "id: mine\nkind: image\nexec: [sh, -c, \"%s\"]\n%s", buf_str(&quoted).p, more);
    rig_provider(r, "mine.yaml", buf_str(&y).p);
    buf_deinit(&y);
    buf_deinit(&quoted);
    reopen(r);
}

static bool has(const char *in, const char *text)
{
    return in && strstr(in, text) != NULL;
}

TEST(a_program_makes_the_media_and_says_where_they_are)
{
    static const struct { const char *name, *script, *meta; } rows[] = {
        { "at the job's path", JOB PNG ">\"$path\"", "\"type\":\"png\"" },
        { "talk besides", JOB "echo loading the model; " PNG ">\"$path\"; echo 100 %", "\"type\":\"png\"" },
        { "a path of its own", "cat >/dev/null; " PNG ">own; echo own", "\"type\":\"png\"" },
        { "the last line is the path", "cat >/dev/null; " PNG ">own; echo loading; pwd | sed 's,$,/own,'", "\"type\":\"png\"" },
        { "a path in JSON", "cat >/dev/null; " PNG ">own; echo '{\"path\":\"own\"}'", "\"type\":\"png\"" },
        { "JSON without a path", JOB PNG ">\"$path\"; echo '{\"cost\": 0.25}'", "\"type\":\"png\"" },
        { "words", JOB PNG ">\"$path\"; echo '{\"words\":[[0,0.5,\"one\"]]}'", "\"words\":[[0,0.5,\"one\"]]" },
        { "a service of its own stays behind", JOB "sleep 1000 & " PNG ">\"$path\"", "\"type\":\"png\"" },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        mine(&r, rows[i].script, "");
        struct job_event ev = rig_run(&r, "mine", "a cell");
        CHECK_STR(rows[i].name, "", str_from(ev.err.msg));
        CHECK_ROW(rows[i].name, has(ev.meta, rows[i].meta));
        CHECK_INT(rows[i].name, strcmp(rows[i].name, "JSON without a path") == 0, ev.cost_known);
        if (ev.cost_known)
            CHECK_NEAR("cost", 0.25, ev.cost, 0);
        rig_event_deinit(&ev);
    }
    rig_close(&r);
}

TEST(every_way_a_program_fails_has_its_class_and_its_last_words)
{
    static const struct { const char *name, *script; enum err_code code; bool is_unsent, has_answer; int64_t told_ms; const char *says; } rows[] = {
        { "an exit code", "echo one >&2; echo two >&2; exit 3", ERR_INPUT, false, true, -1, "ended with code 3: one | two" },
        { "try again", "echo busy >&2; exit 75", ERR_SERVER, true, true, -1, "code 75: busy" },
        { "no network", "exit 69", ERR_NET, false, true, -1, "code 69" },
        { "no permission", "exit 77", ERR_AUTH, false, true, -1, "code 77" },
        { "an error by name", "echo '{\"error\":{\"class\":\"policy\",\"message\":\"not this\"}}'; exit 1", ERR_POLICY, false, true, -1, "not this" },
        { "an error and a wait", "echo '{\"error\":{\"class\":\"rate\",\"message\":\"slow\",\"retry_after\":7.5}}'; exit 1", ERR_RATE, false, true, 7500, "slow" },
        { "an error with code 0", "echo '{\"error\":\"no luck\"}'", ERR_INPUT, false, true, -1, "says: no luck" },
        { "nothing written", "cat >/dev/null", ERR_SERVER, false, false, -1, "written no media" },
        { "an empty file", JOB ": >\"$path\"", ERR_SERVER, false, false, -1, "is empty" },
        { "a folder", "mkdir own; echo own", ERR_SERVER, false, false, -1, "is not a file" },
        { "a pipe", "mkfifo own; echo own", ERR_SERVER, false, false, -1, "is not a file" },
        { "a path that is none", "echo /nonexistent/media", ERR_SERVER, false, false, -1, "cannot be read from '/nonexistent/media'" },
        { "HTML", JOB "echo '<html><title>No</title></html>' >\"$path\"", ERR_SERVER, false, false, -1, "html instead of image" },
        { "sound", JOB "printf 'RIFF0000WAVEfmt 00000000' >\"$path\"", ERR_MEDIA, false, false, -1, "image was expected" },
        { "escape codes", "printf '\\033[31mred\\033[0m\\n' >&2; exit 1", ERR_INPUT, false, true, -1, "\\x1B[31mred\\x1B[0m" },
        { "a signal", "kill -KILL $$", ERR_SERVER, false, false, -1, "signal 9" },
        { "endless talk", "while :; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; done", ERR_SERVER, false, false, -1, "printed more than" },
        { "too slow", "echo slowly >&2; sleep 1000", ERR_SERVER, false, false, -1, "so it was ended: slowly" },
        { "too slow and deaf", "trap '' TERM; echo deaf >&2; while :; do sleep 1000; done", ERR_SERVER, false, false, -1, "so it was ended" },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        bool is_slow = strncmp(rows[i].name, "too slow", 8) == 0;
        mine(&r, rows[i].script, is_slow ? "limits: {timeout: 200ms}\n" : "limits: {timeout: 20s}\n");
        struct job_event ev = rig_run(&r, "mine", "a cell");
        CHECK_INT(rows[i].name, JOB_FAILED, ev.type);
        CHECK_INT(rows[i].name, rows[i].code, ev.err.code);
        CHECK_INT(rows[i].name, rows[i].is_unsent, ev.is_unsent);
        CHECK_INT(rows[i].name, rows[i].has_answer, ev.status != 0);
        CHECK_INT(rows[i].name, rows[i].told_ms, ev.retry_after_ms);
        if (!has(ev.err.msg, rows[i].says))
            CHECK_STR(rows[i].name, rows[i].says, str_from(ev.err.msg));
        CHECK_ROW(ev.err.msg, has(ev.err.msg, "mine: "));
        rig_event_deinit(&ev);
    }
    rig_close(&r);
}

TEST(media_over_the_limit_are_refused)
{
    struct rig r;
    rig_open(&r, NULL, "limits: {media_bytes: 64 KiB}\n");
    mine(&r, JOB PNG ">\"$path\"; head -c 100000 /dev/zero >>\"$path\"", "");
    struct job_event ev = rig_run(&r, "mine", "a cell");
    CHECK_INT("class", ERR_MEDIA, ev.err.code);
    CHECK_ROW(ev.err.msg, has(ev.err.msg, "limit 65536"));
    rig_event_deinit(&ev);
    rig_close(&r);
}

/* What the program was told and saw, brought out as its last words. */
TEST(a_program_is_told_the_job_and_sees_no_key_but_those_named)
{
    struct rig r;
    setenv("MINE_TOKEN", "mine-token-123456", 1);
    setenv("OTHER_TOKEN", "other-token-123456", 1);
    rig_open(&r, NULL, NULL);
    mine(&r, "cat >&2; exit 1", "params: {model: xl, steps: 4}\n");
    struct job_event ev = rig_run(&r, "mine", "a \"cell\"");
    CHECK_ROW(ev.err.msg, has(ev.err.msg, "\"version\":1,\"kind\":\"image\",\"provider\":\"mine\",\"prompt\":\"a \\\"cell\\\"\",\"model\":\"xl\""));
    rig_event_deinit(&ev);
    mine(&r, "cat | tail -c 120 >&2; exit 1", "params: {model: xl, steps: 4}\n");
    ev = rig_run(&r, "mine", "a cell");
    CHECK_ROW(ev.err.msg, has(ev.err.msg, "\"params\":{\"model\":\"xl\",\"steps\":4},\"id\":\"asset-id\",\"path\":\"/"));
    rig_event_deinit(&ev);
    setenv("NVIDIA_API_KEY", "other-token-123456", 1);
    setenv("XDG_TOKEN", "other-token-123456", 1);
    setenv("CUDA_VISIBLE_DEVICES", "0", 1);
    mine(&r, "env | grep -c -e OPENAI -e _TOKEN -e _KEY >&2; env | grep ^CUDA_VIS >&2; exit 1", "");
    ev = rig_run(&r, "mine", "a cell");
    CHECK_ROW(ev.err.msg, has(ev.err.msg, "ended with code 1: 0 | CUDA_VISIBLE_DEVICES=0"));
    rig_event_deinit(&ev);
    unsetenv("NVIDIA_API_KEY");
    unsetenv("XDG_TOKEN");
    unsetenv("CUDA_VISIBLE_DEVICES");
    mine(&r, "test \"$MINE_TOKEN\" = mine-token-123456 && test -z \"$OTHER_TOKEN\" && echo \"it is $MINE_TOKEN\" >&2; exit 1", "auth: {env: MINE_TOKEN}\n");
    ev = rig_run(&r, "mine", "a cell");
    CHECK_ROW(ev.err.msg, has(ev.err.msg, "code 1: it is *****************"));
    rig_event_deinit(&ev);
    unsetenv("MINE_TOKEN");
    reopen(&r);
    struct err e = { 0 };
    CHECK(!rig_start(&r, "mine", "a cell", NULL, &e));
    CHECK_INT("class", ERR_AUTH, e.code);
    CHECK_ROW(e.msg, has(e.msg, "MINE_TOKEN"));
    unsetenv("OTHER_TOKEN");
    rig_close(&r);
}

TEST(a_program_that_is_not_there_is_named)
{
    struct rig r;
    struct err e = { 0 };
    rig_open(&r, NULL, NULL);
    rig_provider(&r, "mine.yaml", "id: mine\nkind: image\nexec: [./paint.sh]\n");
    reopen(&r);
    CHECK(!rig_start(&r, "mine", "a cell", NULL, &e));
    CHECK_INT("class", ERR_CONFIG, e.code);
    CHECK_ROW(e.msg, has(e.msg, "/providers/paint.sh' cannot be started: No such file"));
    rig_close(&r);
}

TEST(a_program_that_is_cancelled_goes_with_all_it_started)
{
    struct rig r;
    struct err e = { 0 };
    struct buf pid = { 0 };
    char path[400], script[2000];
    rig_open(&r, NULL, NULL);
    snprintf(path, sizeof path, "%s/pid", r.dir);
    snprintf(script, sizeof script, "mkfifo here; sh -c 'echo $$ >%s.new; mv %s.new %s; sleep 1000' & cat here", path, path, path);
    mine(&r, script, "");
    CHECK_ROW(e.msg, rig_start(&r, "mine", "a cell", NULL, &e));
    struct job_event ev;
    for (int i = 0; i < 500 && access(path, F_OK) != 0; i++)
        r.transport->wait(r.transport->ctx, 20, &ev, 1);
    CHECK(file_read(path, 100, &pid, &e));
    pid_t child = (pid_t)strtol(buf_str(&pid).p, NULL, 10);
    CHECK(child > 1 && kill(child, 0) == 0);
    r.transport->cancel(r.transport->ctx, r.id);
    bool is_gone = false;
    for (int i = 0; i < 500 && !is_gone; i++) { /* dead at once; somebody else reaps it */
        char stat[64];
        struct buf line = { 0 };
        snprintf(stat, sizeof stat, "/proc/%d/stat", (int)child);
        is_gone = !file_read(stat, 4096, &line, &e) || strstr(buf_str(&line).p, ") Z") != NULL;
        r.transport->wait(r.transport->ctx, 10, &ev, 1);
        buf_deinit(&line);
    }
    CHECK(is_gone);
    buf_deinit(&pid);
    rig_close(&r);
}

TEST(a_description_of_a_program_is_read_strictly)
{
    static const struct { const char *name, *yaml, *says; } rows[] = {
        { "a base, too", "exec: [a]\nbase: https://a.example\n", "a program has id, kind, exec" },
        { "a request, too", "exec: [a]\nrequest: {post: /x}\n", "a program has id, kind, exec" },
        { "no program", "exec: []\n", "the list is empty" },
        { "no name", "exec: [\"\"]\n", "the program has no name" },
        { "a map", "exec: {a: 1}\n", "exec" },
        { "a header", "exec: [a]\nauth: {header: \"X: ${key}\", env: K}\n", "names in env" },
        { "neither", "params: {}\n", "'base' is missing (or exec, for a program)" },
        { "env without a way", "base: https://a.example\nrequest: {post: /x}\nresult: {as: body}\nauth: {env: K}\n", "needs one of header, basic, query or sigv4" },
        { "ttl without command", "base: https://a.example\nrequest: {post: /x}\nresult: {as: body}\nauth: {header: \"X: ${key}\", env: K, ttl: 1m}\n", "ttl: needs command" },
        { "command and sigv4", "base: https://a.example\nrequest: {post: /x}\nresult: {as: body}\nauth: {sigv4: \"aws:amz:a:b\", command: [a]}\n", "sigv4 takes its keys from env" },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf y = { 0 };
        struct err e = { 0 };
        buf_printf(&y, "id: mine\nkind: image\n%s", rows[i].yaml);
        rig_provider(&r, "mine.yaml", buf_str(&y).p);
        struct transport *t = http_transport_create(r.config, r.providers, &clock_monotonic, r.logger, &e);
        CHECK_ROW(rows[i].name, t == NULL);
        CHECK_INT(rows[i].name, ERR_CONFIG, e.code);
        if (!has(e.msg, rows[i].says))
            CHECK_STR(rows[i].name, rows[i].says, str_from(e.msg));
        http_transport_destroy(t);
        buf_deinit(&y);
    }
    rig_close(&r);
}

/* ---------- keys ---------- */

/* openai-image with a key that a program prints; it counts its runs in `count`. */
static void key_from(struct rig *r, const char *script, const char *ttl)
{
    struct buf y = { 0 };
    buf_printf(&y, "id: openai-image\nextends: openai-image\nauth: {command: [sh, -c, \"echo x >>%s/count; %s\"], ttl: %s}\n", r->dir,
               script, ttl);
    rig_provider(r, "openai-image.yaml", buf_str(&y).p);
    buf_deinit(&y);
    unsetenv("OPENAI_API_KEY");
    reopen(r);
}

static size_t n_asked(const struct rig *r)
{
    char path[400];
    struct buf b = { 0 };
    struct err e;
    snprintf(path, sizeof path, "%s/count", r->dir);
    size_t n = file_read(path, 1 << 20, &b, &e) ? b.n / 2 : 0;
    buf_deinit(&b);
    return n;
}

TEST(a_key_is_asked_for_once_and_told_to_nobody)
{
    struct rig r;
    rig_open(&r, "{\"key\":\"sk-from-program\"}", NULL);
    key_from(&r, "echo sk-from-program-1", "1h");
    CHECK_INT("nobody needs it yet", 0, n_asked(&r));
    for (int i = 0; i < 3; i++) {
        struct job_event ev = rig_run(&r, "openai-image", "a cell");
        CHECK_STR("done", "", str_from(ev.err.msg));
        CHECK(!has(ev.meta, "sk-from-program"));
        rig_event_deinit(&ev);
    }
    CHECK_INT("asked for", 1, n_asked(&r));
    CHECK_INT("calls without a key", 0, fake_server_stat(r.server, "unauthorized"));
    CHECK(!has(buf_str(&r.log).p, "sk-from-program"));
    rig_close(&r);
}

TEST(a_key_whose_time_is_over_is_asked_for_again)
{
    struct rig r;
    rig_open(&r, NULL, NULL);
    key_from(&r, "echo sk-from-program-1", "1ms");
    for (int i = 0; i < 3; i++) {
        struct job_event ev = rig_run(&r, "openai-image", "a cell");
        CHECK_STR("done", "", str_from(ev.err.msg));
        rig_event_deinit(&ev);
    }
    CHECK_INT("asked for", 3, n_asked(&r));
    rig_close(&r);
}

TEST(a_key_that_worked_and_is_refused_is_asked_for_again)
{
    struct rig r;
    rig_open(&r, "{\"rules\":[{\"skip\":1,\"times\":1,\"status\":401}]}", NULL);
    key_from(&r, "echo sk-from-program-1", "1h");
    struct job_event ev = rig_run(&r, "openai-image", "a cell");
    CHECK_STR("done", "", str_from(ev.err.msg));
    rig_event_deinit(&ev);
    ev = rig_run(&r, "openai-image", "a cell");
    CHECK_INT("not final", ERR_SERVER, ev.err.code);
    CHECK("nothing was paid" && ev.is_unsent);
    rig_event_deinit(&ev);
    ev = rig_run(&r, "openai-image", "a cell");
    CHECK_STR("done", "", str_from(ev.err.msg));
    rig_event_deinit(&ev);
    CHECK_INT("asked for", 2, n_asked(&r));
    rig_close(&r);
}

TEST(a_new_key_that_is_refused_is_final)
{
    struct rig r;
    rig_open(&r, "{\"rules\":[{\"status\":401}]}", NULL);
    key_from(&r, "echo sk-from-program-1", "1h");
    struct job_event ev = rig_run(&r, "openai-image", "a cell");
    CHECK_INT("class", ERR_AUTH, ev.err.code);
    CHECK_ROW(ev.err.msg, !has(ev.err.msg, "sk-from-program"));
    rig_event_deinit(&ev);
    rig_close(&r);
}

TEST(a_program_that_prints_no_key_is_told_with_its_reason)
{
    static const struct { const char *name, *script, *says; } rows[] = {
        { "fails", "echo log in first >&2; exit 1", "ended with code 1: log in first" },
        { "silent", ":", "printed nothing" },
        { "two lines", "echo a; echo b", "is no key" },
    };
    struct rig r;
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        rig_open(&r, NULL, NULL);
        key_from(&r, rows[i].script, "1h");
        for (int k = 0; k < 2; k++) {
            struct err e = { 0 };
            struct job_event ev = { 0 };
            if (rig_start(&r, "openai-image", "a cell", NULL, &e)) {
                ev = rig_next(&r, true);
                e = ev.err;
                CHECK(ev.is_unsent);
            }
            CHECK_INT(rows[i].name, ERR_AUTH, e.code);
            if (!has(e.msg, rows[i].says))
                CHECK_STR(rows[i].name, rows[i].says, str_from(e.msg));
            rig_event_deinit(&ev);
        }
        CHECK_INT("asked for once in a run", 1, n_asked(&r));
        CHECK_INT("calls", 0, fake_server_stat(r.server, "requests"));
        rig_close(&r);
    }
}
