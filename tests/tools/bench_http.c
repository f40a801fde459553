/* bench_http.c - what a request costs without engine and store: bench_http BASE IN_FLIGHT TOTAL [image|speech]
 *
 * BASE: "http://127.0.0.1:PORT/v1" of a service that speaks OpenAI's. Jobs go through the transport, each into a file in
 * memory, so no disk is measured. Prints one line:
 *     TOTAL requests, IN_FLIGHT in flight, FAILED failed: N us of CPU each, base N.N MB, N.N kB for one in flight (peak N.N MB) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "api/transport.h"
#include "gen/base/mem.h"

enum { EVENTS = 64 };

struct slot {
    int fd;
    size_t next_free;
};

struct bench {
    struct transport *t;
    struct want want;
    struct slot *slots;
    size_t free_slot, n_slots;
    long n_started, n_over, n_failed, total;
};

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* "VmRSS" or "VmHWM" of this process, kB. */
static double memory_kb(const char *name)
{
    char line[200];
    double kb = 0;
    FILE *f = fopen("/proc/self/status", "re");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            kb = strtod(line + strlen(name) + 1, NULL);
    if (f)
        fclose(f);
    return kb;
}

static int fail(const struct err *e)
{
    fprintf(stderr, "bench_http: %s\n", e->msg);
    return 1;
}

static struct config *make_config(const char *base, long in_flight, struct err *e)
{
    struct buf text = { 0 };
    char path[] = "/tmp/bench_http-XXXXXX";
    int fd = mkstemp(path);
    struct config *c = NULL;
    buf_printf(&text, "workers: {requests: %ld}\nproviders:\n  openai-image: {base: \"%s\"}\n  openai-speech: {base: \"%s\"}\n",
               in_flight, base, base);
    if (fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n)
        c = config_load(path, NULL, 0, e);
    else
        err_errno(e, "write %s", path);
    close(fd);
    unlink(path);
    buf_deinit(&text);
    return c;
}

static bool start(struct bench *b, struct err *e)
{
    char text[60];
    size_t i = b->free_slot;
    struct slot *s = &b->slots[i];
    snprintf(text, sizeof text, "request number %ld", b->n_started);
    b->want.text = str_from(text);
    s->fd = memfd_create("answer", MFD_CLOEXEC);
    if (s->fd < 0)
        return err_errno(e, "a file in memory");
    const struct job job = { .id = i + 1, .want = &b->want, .fd = s->fd, .key = STR("bench") };
    if (!b->t->start(b->t->ctx, &job, e))
        return false;
    b->free_slot = s->next_free;
    b->n_started++;
    return true;
}

static void take(struct bench *b, struct job_event *ev)
{
    struct slot *s = &b->slots[ev->id - 1];
    if (ev->type == JOB_ARRIVED)
        return;                                 /* its file is still in use */
    if (ev->type == JOB_ACCEPTED) {
        b->t->job_continue(b->t->ctx, ev->id);
    } else {
        if (ev->type == JOB_FAILED && b->n_failed++ == 0)
            fail(&ev->err);
        b->n_over++;
        close(s->fd);
        s->next_free = b->free_slot;
        b->free_slot = (size_t)ev->id - 1;
    }
    free(ev->remote);
    free(ev->meta);
}

static bool run(struct bench *b, struct err *e)
{
    struct job_event events[EVENTS];
    while (b->n_over < b->total) {
        while (b->n_started < b->total && b->free_slot < b->n_slots)
            if (!start(b, e))
                return false;
        size_t n = b->t->wait(b->t->ctx, -1, events, EVENTS);
        for (size_t i = 0; i < n; i++)
            take(b, &events[i]);
    }
    return true;
}

int main(int argc, char **argv)
{
    struct err e = { 0 };
    struct rlimit files;
    bool is_speech = argc == 5 && strcmp(argv[4], "speech") == 0;
    if (argc < 4 || argc > 5) {
        fputs("usage: bench_http BASE IN_FLIGHT TOTAL [image|speech]\n", stderr);
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    setenv("OPENAI_API_KEY", "bench", 1);
    struct bench b = { .n_slots = (size_t)strtoul(argv[2], NULL, 10), .total = strtol(argv[3], NULL, 10) };
    struct config *config = make_config(argv[1], (long)b.n_slots, &e);
    b.want = (struct want){ .kind = is_speech ? ASSET_SPEECH : ASSET_IMAGE, .speed = 1, .seed = -1, .width = 1280,
                            .height = 720, .provider = is_speech ? STR("openai-speech") : STR("openai-image") };
    b.t = config ? http_transport_create(config, NULL, &clock_monotonic, NULL, &e) : NULL;
    if (!b.t)
        return fail(&e);
    b.slots = mem_array(b.n_slots, sizeof *b.slots);
    for (size_t i = 0; i < b.n_slots; i++)
        b.slots[i].next_free = i + 1;
    double base_kb = memory_kb("VmRSS:"), began = cpu_us();
    if (!run(&b, &e))
        return fail(&e);
    double each = (cpu_us() - began) / (double)b.total, peak_kb = memory_kb("VmHWM:");
    printf("%ld requests, %zu in flight, %ld failed: %.0f us of CPU each, base %.1f MB, %.1f kB for one in flight (peak %.1f MB)\n",
           b.total, b.n_slots, b.n_failed, each, base_kb / 1e3, (peak_kb - base_kb) / (double)b.n_slots, peak_kb / 1e3);
    http_transport_destroy(b.t);
    config_destroy(config);
    free(b.slots);
    return b.n_failed > 0;
}
