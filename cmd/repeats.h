/* repeats.h - failures that were told already: counted, and told once more at the end with how many there were
 *
 * Twenty pictures that do not reach one server are one thing to know and not twenty lines. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "gen/base/buf.h"

struct repeat;
struct repeats {
    struct repeat *v;
    size_t n;
};

/* False: a step of this kind has failed with this reason before, and this one was counted with it. who: "01-mosfet/4" */
bool repeats_is_new(struct repeats *r, struct str who, const char *step, struct str reason);
/* A line for each reason that came again, with names of some of them. */
void repeats_tell(const struct repeats *r, struct buf *out);
void repeats_deinit(struct repeats *r);
