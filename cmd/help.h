/* help.h - what the program says about itself, from the tables of commands and options */
#pragma once
#include "cmd/app.h"

void help_overview(struct buf *b);
void help_command(struct buf *b, const struct command *c);
void help_option(struct buf *b, const struct option_row *o); /* "-o, --output=DIR" */
/* Fills lines of at most `width` bytes, every line after the first indented; ends with a newline. */
void help_wrap(struct buf *b, struct str text, size_t indent, size_t width);
/* The exit codes with the classes of errors that they stand for, from err.h: calls row for each code in rising order.
 */
void help_exit_codes(void (*row)(void *ctx, int code, const char *meaning), void *ctx);
