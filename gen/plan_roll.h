/* plan_roll.h - one asset had anew: a request that is made once more has a roll, which is part of its asset's name
 *
 * The first asset is named by its request alone. The r-th repetition is named by the request, the first one's name and r; it
 * asks with a seed that is r higher, where one is set. The ledger and the sidecar keep (first, r), so the newest roll that
 * was bought, or whose job was taken, is what every later run uses; those before it stay in the cache until gc needs room. */
#pragma once
#include "gen/plan_private.h"

/* The name of what is bought now for a want; w's seed is made to fit. Notes it with the film. */
bool plan_name(struct planner *p, struct want *w, char id[DIGEST_HEX], struct film_asset *out);
/* Finds the one asset that o->refresh means (all parts of a long narration) and notes it in p->refreshed, before anything
 * is planned. ERR_USAGE when it means none, or several. */
bool plan_refresh(struct plan *p, const struct lesson *const *lessons, size_t n, const struct plan_opts *o, struct err *e);
/* Nothing that the film was made of has been had anew, or is going to be. */
bool plan_has_same_assets(const struct plan *p, struct store *s, const struct json *assets);
struct json *plan_assets_json(const struct film *f, struct arena *a); /* {"ID of the first": roll} */
