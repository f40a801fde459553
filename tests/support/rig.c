/* rig.c - a transport against a fake service */
#include "tests/support/rig.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/file.h"
#include "tests/support/test.h"

const char rig_key[] = "sk-test-0123456789abcdef";

static void must(bool ok, const struct err *e)
{
    check_true("rig", e->msg, ok, __FILE__, __LINE__);
}

static void keep_line(void *ctx, enum log_level level, const char *line)
{
    (void)level;
    buf_addz(ctx, line);
    buf_addc(ctx, '\n');
}

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[500];
    struct err e;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    must(file_replace(path, str_from(text), &e), &e);
}

static void make_config(struct rig *r, const char *more)
{
    struct buf y = { 0 };
    char path[500];
    struct err e;
    int port = fake_server_port(r->server);
    buf_printf(&y, "providers:\n"
                   "  openai-image: {base: \"http://127.0.0.1:%d/v1\"}\n"
                   "  openai-speech: {base: \"http://127.0.0.1:%d/v1\"}\n"
                   "  elevenlabs: {base: \"http://127.0.0.1:%d\"}\n"
                   "  replicate: {base: \"http://127.0.0.1:%d/v1\"}\n%s", port, port, port, port, more ? more : "");
    write_file(r->dir, "config.yaml", buf_str(&y).p);
    buf_deinit(&y);
    snprintf(path, sizeof path, "%s/config.yaml", r->dir);
    r->config = config_load(path, NULL, 0, &e);
    must(r->config != NULL, &e);
}

void rig_open(struct rig *r, const char *script, const char *more_config)
{
    static const char *const vars[] = { "OPENAI_API_KEY", "ELEVENLABS_API_KEY", "REPLICATE_API_TOKEN" };
    struct err e = { 0 };
    *r = (struct rig){ .dir = test_tmpdir(), .fd = -1 };
    for (size_t i = 0; i < COUNTOF(vars); i++)
        setenv(vars[i], rig_key, 1);
    r->server = fake_server_start(0, script, &e);
    must(r->server != NULL, &e);
    make_config(r, more_config);
    snprintf(r->providers, sizeof r->providers, "%s/providers", r->dir);
    must(mkdir(r->providers, 0700) == 0, &e);
    /* no test waits for a second */
    write_file(r->providers, "replicate.yaml", "extends: replicate\npoll: {every: 1ms, timeout: 10s}\n");
    r->logger = log_create(LOG_DEBUG, keep_line, &r->log);
    r->transport = http_transport_create(r->config, r->providers, &clock_monotonic, r->logger, &e);
    must(r->transport != NULL, &e);
}

void rig_provider(struct rig *r, const char *name, const char *yaml)
{
    write_file(r->providers, name, yaml);
}

void rig_close(struct rig *r)
{
    http_transport_destroy(r->transport);
    fake_server_stop(r->server);
    config_destroy(r->config);
    log_destroy(r->logger);
    buf_deinit(&r->log);
    if (r->fd >= 0)
        close(r->fd);
    *r = (struct rig){ .fd = -1 };
}

bool rig_start(struct rig *r, const char *provider, const char *text, const char *remote, struct err *e)
{
    struct str name = str_from(provider);
    bool is_speech = str_ends(name, "-speech") || str_is(name, "elevenlabs");
    struct want w = { .kind = is_speech ? ASSET_SPEECH : ASSET_IMAGE,
                      .provider = name,
                      .text = str_from(text),
                      .speed = 1,
                      .seed = -1,
                      .width = 1280,
                      .height = 720 };
    char path[500];
    if (r->fd >= 0)
        close(r->fd);
    snprintf(path, sizeof path, "%s/media-XXXXXX", r->dir);
    r->fd = mkstemp(path);
    struct job job = { .id = ++r->id, .want = &w, .fd = r->fd, .remote = str_from(remote), .key = STR("asset-id") };
    return r->transport->start(r->transport->ctx, &job, e);
}

struct job_event rig_next(struct rig *r, bool go_on)
{
    struct job_event ev = { 0 };
    for (int i = 0; i < 200; i++)
        if (r->transport->wait(r->transport->ctx, 100, &ev, 1) == 1 && ev.type != JOB_ARRIVED) {
            if (go_on && ev.type == JOB_ACCEPTED)
                r->transport->job_continue(r->transport->ctx, ev.id);
            return ev;
        }
    check_true("rig", "an event came", false, __FILE__, __LINE__);
    return ev;
}

struct job_event rig_run(struct rig *r, const char *provider, const char *text)
{
    struct err e = { 0 };
    struct job_event ev;
    must(rig_start(r, provider, text, NULL, &e), &e);
    while ((ev = rig_next(r, true)).type == JOB_ACCEPTED)
        rig_event_deinit(&ev);
    return ev;
}

void rig_event_deinit(struct job_event *ev)
{
    free(ev->remote);
    free(ev->meta);
    ev->remote = ev->meta = NULL;
}
