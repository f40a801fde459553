/* stamp.h - a name for all that a film comes from, so that one that is up to date is known without planning it
 *
 * A receipt under this name (gen/receipt.h) says: from this lesson's text, these files beside it and these settings that
 * film was made. The lesson's text counts by its bytes; its files by size, times and place on the disk, as they were before
 * they were read, and never when they changed in the last two seconds (another change of the same size would not show in
 * their times then). What it leaves out decides nothing of a film: workers, money, the cache, limits. A name that nothing
 * is known of costs a plan, which finds out whether the film is up to date by what its pieces are. */
#pragma once
#include "gen/plan.h"

/* id "" when it cannot be told: a file of the lesson is too new, or o->basis is empty. */
void stamp_of(const struct lesson *l, struct str out_path, const struct plan_opts *o, char id[DIGEST_HEX]);
/* Nothing in it was left out or went to another provider because one did not serve just then: the same again would
 * make the same film. */
bool stamp_may_hold(const struct film *f);
