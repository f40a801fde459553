/* thin.h - JSON with media inside it, read without copying the media
 *
 * An answer of megabytes is nearly all one string of base64. The parser checks and copies every byte several times; so
 * it gets the text with such strings left out, and they stay where they lie. */
#pragma once
#include "gen/base/json.h"

/* As json_parse with JSON_BOM. A long string value without escapes is not copied: its node's string points into `text`
 * (and has no NUL behind it), which has to stay while the tree is used. False: not JSON. */
bool thin_parse(struct arena *a, struct str text, struct json **out);

/* Makes every string that points into `text` an empty one: the text will be gone or changed. */
void thin_forget(struct json *tree, struct str text);
