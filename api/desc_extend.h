/* desc_extend.h - a description on top of another one */
#pragma once
#include "api/description.h"

/* Reads the YAML text of one description and lays it over what it extends, if anything. */
bool desc_tree(struct arena *a, struct str text, struct str file, const struct desc_source *source, struct json **out,
               struct err *e);
