/* report_value.h - what the trees of a report are put together from; everything lives in `a` */
#pragma once
#include "cmd/run_read.h"

void value_text(struct arena *a, struct json *o, const char *key, struct str v);
void value_number(struct arena *a, struct json *o, const char *key, double v);
void value_flag(struct arena *a, struct json *o, const char *key, bool v);
/* "took": "1.3 s", and "took_ms": 1300 */
void value_time(struct arena *a, struct json *o, const char *key, int64_t ms);

struct str value_ms(struct arena *a, int64_t ms);           /* "250 ms", "12.3 s", "4:05" */
struct str value_clock(struct arena *a, double seconds);    /* "0:07" */
struct str value_money(const struct run *r, struct arena *a, double v); /* "0.040 USD" */
struct str value_currency(const struct run *r);

/* Figures with a name each: objects of label, value and note. */
struct figures {
    struct arena *a;
    struct json *to;                            /* an array */
};
void figure_add(struct figures *m, const char *label, struct str value, struct str note);
