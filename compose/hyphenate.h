/* hyphenate.h - where words of a language may be divided, from the system's hyphenation dictionaries */
#pragma once
#include "gen/base/buf.h"

struct hyphens;
/* NULL when the language has no dictionary in /usr/share/hyphen; everything takes NULL. Only tags like "en" or "pt-BR"
 * name one. */
struct hyphens *hyphens_open(struct str language);
void hyphens_close(struct hyphens *h);

/* Append text with soft hyphens (U+00AD) in its words of 6 letters and more. Without a dictionary the text as it is. */
void hyphens_insert(struct hyphens *h, struct buf *b, struct str text);
