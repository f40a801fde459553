/* none.c - the next picture is simply there; the engine makes no transition piece, so there is nothing to mix */
#include "compose/transitions/matte.h"
#include "compose/transitions/rows.h"

static void none_mix(const struct transition *self, const void *opts, struct frame *dst, const struct frame *a,
                     const struct frame *b, double p)
{
    (void)self, (void)opts;
    frame_copy(dst, p < 0.5 ? a : b);
}

const struct transition transition_none = {
    .row = { .name = "none", .help = "a cut", .aliases = "cut" },
    .mix = none_mix,
};
