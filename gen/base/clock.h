/* clock.h - time as a port: real for the program, moved by hand in tests */
#pragma once
#include <stdint.h>

struct clock {
    void *ctx;
    int64_t (*now_ms)(void *ctx);               /* monotonic */
};

extern const struct clock clock_monotonic;

static inline int64_t clock_now_ms(const struct clock *c)
{
    return c->now_ms(c->ctx);
}

int64_t clock_wall_ms(void);                    /* Unix time; for records and HTTP dates only, never for waits */
