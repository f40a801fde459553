/* clock.c - the system's clocks */
#include "gen/base/clock.h"
#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t monotonic(void *ctx)
{
    (void)ctx;
    return read_ms(CLOCK_MONOTONIC);
}

const struct clock clock_monotonic = { .now_ms = monotonic };

int64_t clock_wall_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}
