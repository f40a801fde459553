/* remote.h - a job at a service: where it can be asked for, how it says it stands, and what must be kept to find it
 * again */
#pragma once
#include "api/provider.h"

/* Addresses; empty: none. Texts live in the arena they were read into. */
struct remote {
    struct str poll, cancel, collect, result;
};

enum remote_state { REMOTE_OK, REMOTE_WAIT, REMOTE_FAIL, REMOTE_UNKNOWN }; /* UNKNOWN: the answer says nothing */

/* The service's own word at status.at. One that the description does not know counts as WAIT: most likely it is a new
 * way to say so, and the poll's timeout bounds it. */
enum remote_state remote_state(const struct description *d, const struct json *answer);

/* An address of the description (a pointer into the answer, or a template) made whole; *out is empty when the answer
 * has none. False with ERR_CONFIG: not an address, or plain http to a foreign host. */
bool remote_address(struct arena *a, const struct provider *p, const struct json *vars, const struct json *answer,
                    struct str from, struct str *out, struct err *e);

/* JSON for job_event.remote, and back. Reading checks like an answer: ERR_LOST when it is not ours, ERR_CONFIG for an
 * address. */
char *remote_print(const struct remote *m, const struct provider *p); /* caller frees */
bool remote_read(struct arena *a, const struct provider *p, struct str text, struct remote *m, struct err *e);
