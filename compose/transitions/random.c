/* random.c - one of the quiet transitions, by the section's seed */
#include "compose/transitions/rows.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"

static const struct transition *random_choose(uint64_t seed)
{
    static const struct transition *const few[] = {
        &transition_fade, &transition_fade_black, &transition_wipe_left, &transition_wipe_right, &transition_slide_left,
        &transition_slide_up, &transition_push_left, &transition_circle_open, &transition_dissolve,
    };
    struct rng r = { seed ^ 0x7472616eu };
    return few[rng_below(&r, COUNTOF(few))];
}

const struct transition transition_random = {
    .row = { .name = "random", .help = "another one for each section, the same at each run" },
    .choose = random_choose,
};
