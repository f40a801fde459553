/* plan.c - a word for effects that are planned for the section; what is drawn is what the plan names */
#include "compose/effects/rows.h"

const struct effect effect_plan = {
    .row = { .name = "plan",
             .help =
                 "moves planned from the section's words, by the chat model that providers.chat names, else by rules",
             .is_plan = true },
};
