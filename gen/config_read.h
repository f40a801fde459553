/* config_read.h - a tree of settings is laid over a struct config, every problem in one pass (inside gen/config*.c) */
#pragma once
#include "gen/base/json.h"
#include "gen/config_tables.h"

struct config_reader {
    struct config_parts *parts;
    struct arena *arena;                        /* the config's own */
    const char *where;                          /* "config.yaml", or "--set a.b" */
    bool is_set;                                /* then places mean nothing */
    struct buf *problems;                       /* a line each */
    size_t n_problems;
    size_t provider_cap;
};

void config_read_tree(struct config_reader *r, const struct json *root);
void config_problem(struct config_reader *r, struct json_pos at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool config_looks_like_key(struct str s);       /* a published form of secret; its text must not reach a message */
