/* report_audit.h - what was found in finished films, as far as a lesson's last line in the journal says it */
#pragma once
#include "cmd/report_value.h"

/* "heard 12 of 12"; empty: it was not looked at. Lives in `a`. */
struct str report_audit_word(struct run *r, size_t lesson, struct arena *a);
void report_audit_facts(struct figures *to, const struct json *outcome); /* that line; NULL: none */
