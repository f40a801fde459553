/* aside.h - a file written beside its final name and moved there when it is whole */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

struct aside {
    int fd;                                     /* read and write; -1 when closed */
    struct buf temp, target;
};

/* In the target's directory, mode 0600; without a name where the file system can do that, else ".vidgen-XXXXXX". */
bool aside_open(struct aside *a, struct str target, struct err *e);
bool aside_seal(struct aside *a, struct err *e);    /* all of the below but the last name; closes; safe to repeat */
bool aside_commit(struct aside *a, struct err *e);  /* fsync, mode, rename, fsync of the directory; closes */
/* removes what was not committed; safe to repeat and on zeroed memory with fd -1 */
void aside_deinit(struct aside *a);

/* A file without a name in the directory of `near`, for samples on their way; -1 with ERR_IO. The caller closes it. */
int aside_scratch(struct str near, struct err *e);
