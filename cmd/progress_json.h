/* progress_json.h - events as JSON, one object a line */
#pragma once
#include "gen/base/log.h"
#include "gen/ports.h"

void progress_json_event(struct buf *b, const struct status_event *ev, const struct status_totals *t,
                         struct str currency);
void progress_json_totals(struct buf *b, const struct status_totals *t, int64_t left_ms, struct str currency);
void progress_json_sheet(struct buf *b, struct str lesson, struct str path);
void progress_json_log(struct buf *b, enum log_level level, const char *line);
