/* plan_effects.h - effects: "plan": sections whose effects a chat model plans, or rules where there is none */
#pragma once
#include "gen/base/log.h"
#include "gen/plan.h"

/* Before a section's pieces are drawn: its effects become what the model answered, or stay what the rules planned when
 * there is no answer of use, with a notice. Says what was planned, once. New memory comes from `a`. */
void plan_effects_settle(const struct film *f, struct plan_section *ps, struct arena *a, struct log *log);
