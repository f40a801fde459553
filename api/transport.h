/* transport.h - the transport port over HTTP: every provider that a description speaks for */
#pragma once
#include "gen/base/clock.h"
#include "gen/base/log.h"
#include "gen/config.h"
#include "gen/ports.h"

/* providers_dir: descriptions of the user's own (beside config.yaml); NULL: none. Keys are read from the environment
 * here. NULL with ERR_CONFIG (a description or setting is wrong, with its place) or ERR_AUTH (a key that cannot be
 * one). clock and log outlive it; the config does too. */
struct transport *http_transport_create(const struct config *config, const char *providers_dir,
                                        const struct clock *clock, struct log *log, struct err *e);
/* Ends what is under way; cancel requests already asked for get a moment to leave. */
void http_transport_settle(struct transport *t);
/* The same, then gives everything back. NULL is fine. */
void http_transport_destroy(struct transport *t);
