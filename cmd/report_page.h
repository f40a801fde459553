/* report_page.h - report.html: a run to look at, one file that needs nothing else */
#pragma once
#include "cmd/report_data.h"
#include "gen/base/log.h"

struct page_opts {
    struct report_opts report;
    const char *path;                           /* of the page */
    struct log *log;
    bool (*is_stopped)(void);                   /* NULL: never; then pictures that are not there are left out */
};

/* Written aside and renamed, in the place of an older page. ERR_IO; also when another file has that name. */
bool report_page(struct run *r, const struct page_opts *o, struct err *e);
