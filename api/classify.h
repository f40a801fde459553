/* classify.h - what an answer means: fine, or which class of error, and what to tell the person */
#pragma once
#include <stdint.h>
#include "api/description.h"
#include "api/headers.h"

enum classify_step { STEP_SUBMIT, STEP_POLL, STEP_DOWNLOAD };

struct verdict {
    enum err_code code;                         /* ERR_NONE: fine */
    bool is_rule;                               /* a rule of the description said so */
};

/* body: the answer's JSON, or NULL when it has none. The description's rules come first, for 2xx and polls too; then
 * x-should-retry; then the built-in table by status: 408 409 425 5xx SERVER, 429 RATE, 401 403 AUTH, 402 QUOTA, any
 * other 4xx INPUT, 404 and 410 of a poll, also 401 and 403 of a download, LOST; 3xx CONFIG. */
struct verdict classify(const struct description *d, enum classify_step step, int status, const struct headers *headers,
                        const struct json *body);

/* The human text of an answer: the description's pointers, then the usual places, then the body's beginning, made fit
 * for a message. Appends at most about 300 bytes; "" when there is nothing. */
void classify_message(const struct description *d, const struct json *body, struct str raw, struct buf *out);

/* How long the server wants to be left alone, or -1: retry-after-ms, Retry-After, the body's delay, the reset header
 * (when the answer is an error, or nothing remains). now_ms is Unix time. */
int64_t classify_wait_ms(const struct description *d, int status, const struct headers *headers,
                         const struct json *body, int64_t now_ms);
/* The server says that nothing remains of what may be asked for. */
bool classify_is_used_up(const struct description *d, const struct headers *headers);
/* The account's limit on requests in flight, or -1; *in_flight: how many of all its users are, or -1. */
int64_t classify_limit(const struct description *d, const struct headers *headers, int64_t *in_flight);
