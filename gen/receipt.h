/* receipt.h - a note in the store that a film was joined from these pieces into these files, so that it need not be
 * joined again
 *
 * The note's id (request_film) covers everything the film is made of and where it went; its payload lists the files
 * with size and modification time. A film whose files are all as the receipt says is up to date. */
#pragma once
#include "gen/ports.h"
#include "gen/store.h"

/* assets: as it was given to receipt_write, in `a`; NULL: not asked for. */
bool receipt_is_valid(struct store *s, const char *id, struct arena *a, struct join_result *out, const struct json **assets);
/* Call after a join. A receipt that cannot be written is no failure: the next run joins again.
 * switches: film_switches; assets: plan_assets_json, or NULL; spent: by the run on what the film is made of. */
void receipt_write(struct store *s, const char *id, const struct join_spec *spec, struct json *switches, struct json *assets,
                   const struct join_result *r, double spent, struct arena *a);
