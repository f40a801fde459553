/* log.h - lines for someone watching: who, what, numbers with units, never a key. Safe from any thread. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* The sink decides where a line goes: the progress display has to step aside for it. `line` has no newline
 * and was passed through text_clean (no control characters). Called with the log's lock held. */
struct log;
struct log *log_create(enum log_level most, void (*sink)(void *ctx, enum log_level, const char *line), void *ctx);
void log_destroy(struct log *l);
bool log_wants(const struct log *l, enum log_level level);
void log_at(struct log *l, enum log_level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* A NULL log swallows everything. */
#define log_error(l, ...) log_at(l, LOG_ERROR, __VA_ARGS__)
#define log_warn(l, ...) log_at(l, LOG_WARN, __VA_ARGS__)
#define log_info(l, ...) log_at(l, LOG_INFO, __VA_ARGS__)
#define log_debug(l, ...) log_at(l, LOG_DEBUG, __VA_ARGS__)
