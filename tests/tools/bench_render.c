/* bench_render.c - how fast pieces are rendered: whole pieces on threads, and where one thread's time goes
 *
 * usage: bench_render [SECTIONS [THREADS [PRESET]]]   (10 2 balanced)
 * Pictures of 1536x1024 made by arithmetic, 8 s each at 1080p30, 0.5 s fades, as pieces on THREADS threads. */
#include <fcntl.h>
#include <libavutil/frame.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "compose/effects.h"
#include "compose/encode.h"
#include "compose/piece.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { BODY = 240, FADE = 15, KINDS_OF_MOVE = 4, SPLIT_FRAMES = 120, MOST = 26 };

struct bench {
    struct video_format video;
    struct plate_source pictures[MOST];
    struct blob blobs[MOST];
    struct shot shots[MOST];
    struct visual visuals[MOST];
    struct choice effects[MOST];
    struct piece_spec specs[2 * MOST];
    size_t n_specs;
    atomic_size_t next;
    atomic_llong bytes;
};

static double now_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void bench_fill(struct bench *b, size_t n)
{
    static const char *const moves[KINDS_OF_MOVE] = { "zoom-in", "pan-right", "zoom-out", "ken-burns" };
    for (size_t i = 0; i < n; i++) {
        const struct row *row = row_find(effect_rows, str_from(moves[i % KINDS_OF_MOVE]));
        void *opts = mem_alloc(row->opts_size);
        params_default(row->params, opts);
        b->pictures[i] = picture_make(i % 2 ? PICTURE_DIAGRAM : PICTURE_PHOTO, 1536, 1024, i + 1);
        b->blobs[i] = picture_blob(i);
        b->effects[i] = (struct choice){ .row = row, .opts = opts };
        b->shots[i] = (struct shot){ .picture = &b->blobs[i], .effects = &b->effects[i], .n_effects = 1, .seed = i,
                                     .n_frames = BODY + 2 * FADE };
        b->visuals[i] = (struct visual){ .shots = &b->shots[i], .n_shots = 1, .n_frames = BODY + 2 * FADE };
    }
    for (size_t i = 0; i < n; i++)               /* in the engine's order: bodies, then transitions */
        b->specs[b->n_specs++] = (struct piece_spec){ .video = b->video, .a = &b->visuals[i], .first_a = FADE,
                                                      .n_frames = BODY };
    for (size_t i = 0; i + 1 < n; i++)
        b->specs[b->n_specs++] = (struct piece_spec){
            .video = b->video, .a = &b->visuals[i], .b = &b->visuals[i + 1], .first_a = BODY + FADE,
            .n_frames = FADE, .transition = { .row = row_find(transition_rows, STR("fade")) } };
}

static void *work(void *arg)
{
    struct bench *b = arg;
    struct picture_source pictures = picture_source_array(b->pictures);
    for (size_t i; (i = atomic_fetch_add(&b->next, 1)) < b->n_specs;) {
        struct err e = { 0 };
        struct media_info info;
        FILE *f = tmpfile();
        if (!f || !piece_render(&b->specs[i], &pictures, fileno(f), &info, NULL, NULL, &e)) {
            fprintf(stderr, "piece %zu: %s\n", i, e.msg);
            exit(1);
        }
        atomic_fetch_add(&b->bytes, lseek(fileno(f), 0, SEEK_END));
        fclose(f);
    }
    return NULL;
}

static bool drop(void *ctx, struct AVPacket *p, struct err *e)
{
    (void)ctx, (void)p, (void)e;
    return true;
}

/* One thread, one body: the same frames drawn, then encoded. */
static void split(struct bench *b)
{
    struct err e = { 0 };
    struct picture_source pictures = picture_source_array(b->pictures);
    double draw = 0, encode = 0, prepare = 0;
    int n = 0;
    for (size_t i = 0; i < 2 && b->visuals[i].n_frames; i++) {
        double t = now_s(CLOCK_THREAD_CPUTIME_ID);
        struct scene *s = scene_create(&b->visuals[i], &b->video, &pictures, true, &e);
        struct encoder *enc = encoder_create(&b->video, &e);
        prepare += now_s(CLOCK_THREAD_CPUTIME_ID) - t;
        for (int k = 0; k < SPLIT_FRAMES; k++, n++) {
            struct AVFrame *f;
            encoder_frame(enc, &f, &e);
            t = now_s(CLOCK_THREAD_CPUTIME_ID);
            scene_draw(s, k, f, NULL);
            double u = now_s(CLOCK_THREAD_CPUTIME_ID);
            draw += u - t;
            encoder_send(enc, f, drop, NULL, &e);
            encode += now_s(CLOCK_THREAD_CPUTIME_ID) - u;
        }
        t = now_s(CLOCK_THREAD_CPUTIME_ID);
        encoder_finish(enc, drop, NULL, &e);
        encode += now_s(CLOCK_THREAD_CPUTIME_ID) - t;
        encoder_destroy(enc);
        scene_destroy(s);
    }
    printf(
        "  draw      %6.2f ms a frame\n  x264      %6.2f ms a frame\n  draw/x264 %6.2f\n  prepare   %6.1f ms a picture\n",
        1e3 * draw / n, 1e3 * encode / n, draw / encode, 1e3 * prepare / 2);
}

int main(int argc, char **argv)
{
    size_t sections = argc > 1 ? strtoul(argv[1], NULL, 10) : 10;
    int threads = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 2;
    struct bench *b = mem_alloc(sizeof *b);
    pthread_t tid[64];
    struct rusage use;
    if (sections < 1 || sections > MOST || threads < 1 || threads > (int)COUNTOF(tid))
        return 2;
    b->video = (struct video_format){ 1920, 1080, 30, 1, str_from(argc > 3 ? argv[3] : "balanced"), 0, 0, { 0 } };
    bench_fill(b, sections);
    double made = now_s(CLOCK_PROCESS_CPUTIME_ID); /* the pictures; not part of the render */
    double t = now_s(CLOCK_MONOTONIC), film = ((double)sections * BODY + (double)(sections - 1) * FADE) / 30;
    for (int i = 0; i < threads; i++)
        pthread_create(&tid[i], NULL, work, b);
    for (int i = 0; i < threads; i++)
        pthread_join(tid[i], NULL);
    t = now_s(CLOCK_MONOTONIC) - t;
    getrusage(RUSAGE_SELF, &use);
    printf("render: %zu sections, %.1f s of film, 1920x1080 at 30, " STR_FMT ", %d threads\n", sections, film,
           STR_ARG(b->video.preset), threads);
    double cpu = (double)use.ru_utime.tv_sec + (double)use.ru_utime.tv_usec / 1e6 + (double)use.ru_stime.tv_sec +
                 (double)use.ru_stime.tv_usec / 1e6 - made;
    printf(
        "  wall      %6.2f s = %.2f x real time\n  cpu       %6.2f s = %.2f x real time on %d idle cores\n  size      %6.1f MB\n  memory    %6ld MB at most\n",
        t, film / t, cpu, film * threads / cpu, threads, (double)atomic_load(&b->bytes) / 1e6, use.ru_maxrss / 1024);
    split(b);
    return 0;
}
