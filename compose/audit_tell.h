/* audit_tell.h - how what was found in a finished film is told: which section, when, and what to do */
#pragma once
#include "gen/ports.h"

/* What can be done about a film that is not what was asked for although all it is made of is there. */
extern const char *const audit_remedy;

/* "from 0:12.3 to 0:17.8", into what->msg. */
void audit_tell_span(struct err *what, double from_s, double to_s);
/* Puts `section 3 ("gates"): ` before the message. Always false. */
bool audit_name_section(const struct join_spec *s, size_t section, struct err *e);
/* The section that is seen at a frame; between two the one that comes. */
size_t audit_section_at(const struct join_spec *s, int64_t frame);
