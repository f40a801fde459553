/* x264_clock.c - loaded before a program: how much CPU time x264 takes in it
 *
 * libx264 with one thread per encoder does all its work inside x264_encoder_encode. Its calls are timed by the calling
 * thread's CPU clock; at the end the sum, in seconds, is written to the file $X264_CLOCK. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef int encode_call(void *encoder, void *nal, int *n_nal, void *in, void *out);
int x264_encoder_encode(void *encoder, void *nal, int *n_nal, void *in, void *out);

static atomic_llong spent_ns;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int x264_encoder_encode(void *encoder, void *nal, int *n_nal, void *in, void *out)
{
    encode_call *real = (encode_call *)dlsym(RTLD_NEXT, "x264_encoder_encode");
    int64_t began = now_ns();
    int r = real ? real(encoder, nal, n_nal, in, out) : -1;
    atomic_fetch_add(&spent_ns, now_ns() - began);
    return r;
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("X264_CLOCK");
    FILE *f = path && atomic_load(&spent_ns) ? fopen(path, "w") : NULL;
    if (!f)
        return;
    fprintf(f, "%.3f\n", (double)atomic_load(&spent_ns) / 1e9);
    fclose(f);
}
