/* actor.h - a service on loopback that answers from a list and remembers what it was asked
 *
 * An answer is a map: {status: 200, headers: {..}, json: tree | text: ".." | media: png|wav|mp3|pcm|mp4}. In the texts
 * of a tree ${base} is the service's address, and ${png}, ${wav}, ${mp3}, ${pcm} are media in base64. The n-th request
 * gets the n-th answer; after the last one comes 500. */
#pragma once
#include "gen/base/buf.h"
#include "gen/base/json.h"

struct actor;

struct actor_request {
    struct buf method, target, body;            /* target: path and query as they came */
    struct json *headers;                       /* object, names as they came */
    struct arena arena;
};

struct actor *actor_start(struct err *e);
void actor_stop(struct actor *a);
int actor_port(const struct actor *a);
/* forgets what it was asked; borrows until the next one */
void actor_play(struct actor *a, const struct json *answers);

/* Only while nothing is under way. */
size_t actor_n_requests(const struct actor *a);
const struct actor_request *actor_request(const struct actor *a, size_t i);
struct str actor_header(const struct actor_request *q, const char *name); /* any case; empty: none */
