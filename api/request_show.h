/* request_show.h - a request as a command for curl, with the key named by its variable */
#pragma once
#include "api/request.h"

/* Lines for a POSIX shell. The key stands there as "$OPENAI_API_KEY"; nothing secret is in it. */
void request_show(struct buf *out, const struct provider *p, const struct api_request *q);
