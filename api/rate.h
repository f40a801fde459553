/* rate.h - how long a server wants to be left alone */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/buf.h"

/* All return milliseconds, or -1 when the text is not of that form; never more than 30 days. now_ms is Unix time. */
int64_t rate_duration_ms(struct str text);      /* Go's: "1s" "12ms" "6m0s" "1h2m3.5s" */
/* RFC 9110, 10.2.3: seconds (a fraction is tolerated) or a date */
int64_t rate_retry_after_ms(struct str text, int64_t now_ms);
int64_t rate_millis_ms(struct str text);        /* retry-after-ms: a number of milliseconds */

/* A reset header: a duration with letters, seconds left, Unix seconds (from 10^9) or Unix milliseconds (from 10^12). */
int64_t rate_reset_ms(struct str text, int64_t now_ms);

/* Unix seconds of an HTTP date (IMF-fixdate, RFC 850 or asctime form; RFC 9110, 5.6.7), or -1. */
int64_t rate_http_date(struct str text);
