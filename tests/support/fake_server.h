/* fake_server.h - a service on loopback that speaks four APIs, sells real media and misbehaves as told
 *
 * Paths by their ends, so any base will do: .../images/generations, .../audio/speech and .../chat/completions (OpenAI),
 * .../text-to-speech/ID/with-timestamps (ElevenLabs), .../models/OWNER/NAME/predictions, .../predictions/ID,
 * .../predictions/ID/cancel (Replicate), /media/ID,
 * /__stats (JSON), /__script (POST a new script). */
#pragma once
#include <stdint.h>
#include "gen/base/err.h"

struct fake_server;

/* port 0: a free one. script: JSON of fake_script.h, or NULL. */
struct fake_server *fake_server_start(int port, const char *script, struct err *e);
void fake_server_stop(struct fake_server *s);   /* requests that hang are let go */
int fake_server_port(const struct fake_server *s);
bool fake_server_script(struct fake_server *s, const char *script,
                        struct err *e); /* another script; the counters go on */

/* {"requests", "routes": {..}, "paid", "paid_twice", "max_in_flight", "violations", "faults", "unauthorized",
 * "key_leaks", "cancelled", "connections", "open": of them now, "spoilt": sold but for a fault that cut the
 * media (not in "paid"), "replayed": asked again with its Idempotency-Key, "delivered", "undelivered": sold, and
 * all of the answer was sent, or the connection was gone before, "assets": {"image|a cell": 1, ..}}; caller frees. */
char *fake_server_stats(struct fake_server *s);
/* One number of it: "paid", "routes/image". */
int64_t fake_server_stat(struct fake_server *s, const char *name);
