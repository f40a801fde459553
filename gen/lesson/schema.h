/* schema.h - the lesson format as a JSON Schema (draft 2020-12), from the tables that read lessons */
#pragma once
#include "gen/param.h"

/* Canonical spellings only; what this version cannot do is left out, null is allowed wherever a key may be absent.
 * for_chat  the subset that the structured-output mode of chat APIs takes: every key required (null where it may be
 * absent), no defaults, examples, patterns of keys or free maps */
void lesson_schema(struct buf *out, const struct vocabulary *words, bool for_chat);
/* Of an object that names effects, each with its options, in the same subset: {"why": a sentence, "effects": [at most
 * `most` of `effects`]}. */
void effects_schema(struct buf *out, const struct row *const *effects, size_t most);
