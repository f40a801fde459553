/* fakeserver.c - the fake service as a program: fakeserver [--port N] [--script FILE] [--image-ms N] [--audio-ms N]
 *
 * Prints its port on a line and serves until a signal comes, then prints its statistics (also at /__stats while it
 * runs). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "gen/base/file.h"
#include "tests/support/fake_server.h"

static int usage(void)
{
    fputs("usage: fakeserver [--port N] [--script FILE] [--image-ms N] [--audio-ms N]\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct err e = { 0 };
    struct buf script = { 0 };
    long port = 0, image_ms = 0, audio_ms = 0;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc)
            return usage();
        if (strcmp(argv[i], "--port") == 0)
            port = strtol(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--image-ms") == 0)
            image_ms = strtol(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--audio-ms") == 0)
            audio_ms = strtol(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--script") != 0)
            return usage();
        else if (!file_read(argv[i + 1], (size_t)1 << 20, &script, &e)) {
            fprintf(stderr, "%s\n", e.msg);
            return 1;
        }
    }
    if (!script.n)
        buf_printf(&script, "{\"latency_ms\":{\"image\":%ld,\"speech\":%ld,\"elevenlabs\":%ld}}", image_ms, audio_ms,
                   audio_ms);
    sigset_t set;
    int got;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct fake_server *s = fake_server_start((int)port, buf_str(&script).p, &e);
    buf_deinit(&script);
    if (!s) {
        fprintf(stderr, "%s\n", e.msg);
        return 1;
    }
    printf("%d\n", fake_server_port(s));
    fflush(stdout);
    sigwait(&set, &got);
    char *stats = fake_server_stats(s);
    fputs(stats, stdout);
    free(stats);
    fake_server_stop(s);
    return 0;
}
