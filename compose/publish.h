/* publish.h - files that belong together get their names together: a film and what lies beside it */
#pragma once
#include "compose/aside.h"

enum { PUBLISH_MOST = 12 };

struct publish {
    struct aside files[PUBLISH_MOST];           /* the last one to be opened gets its name first */
    size_t n;
};

/* A new file beside `path`, which has no name yet; the descriptor stays the publication's. -1 with ERR_IO. */
int publish_open(struct publish *p, struct str path, struct err *e);
bool publish_bytes(struct publish *p, struct str path, struct str bytes, struct err *e);
/* All are whole on the disk before the first one gets its name, and whatever can be known to stand in the way of a name
 * is met before that, too. The first file that was opened is named last: who finds it finds all of them. */
bool publish_commit(struct publish *p, struct err *e);
void publish_deinit(struct publish *p);         /* what was not committed is gone; safe to repeat */
