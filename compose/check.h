/* check.h - is what was bought or given whole and worth showing? */
#pragma once
#include "gen/ports.h"

/* renderer.check: see gen/ports.h. */
bool media_check(enum asset_kind kind, int fd, struct str text, struct str words_json, struct media_info *info,
                 struct word **words, size_t *n_words, struct err *e);
