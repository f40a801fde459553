/* answer.h - what a chat model answered: text that is checked before it is kept, and JSON that is read out of it */
#pragma once
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/json.h"
#include "gen/media.h"

struct blob;

enum { ANSWER_MAX = 1 << 20 }; /* bytes of a text that a model may answer with */

/* Is what lies in fd, from its beginning, a text worth keeping? Valid UTF-8 of at most ANSWER_MAX bytes with something
 * in it and without control characters; with is_json also JSON (answer_json). Says type "text" or "json". ERR_MEDIA;
 * ERR_IO when it cannot be read. */
bool answer_check(int fd, bool is_json, struct media_info *info, struct err *e);
/* The text of an answer in the store, in the arena. ERR_IO. */
bool answer_text(const struct blob *b, struct arena *a, struct str *out, struct err *e);
/* The one object or array that the text is, bare or inside a Markdown code fence; nothing may stand around it.
 * ERR_MEDIA with line and column. */
bool answer_json(struct arena *a, struct str text, struct json **out, struct err *e);
