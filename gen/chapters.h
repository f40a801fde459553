/* chapters.h - the chapters of a film: their titles and times, and the list that video platforms read */
#pragma once
#include "gen/ports.h"

/* The section's title, else its id, else its number, on one line. b is cleared first. */
void chapter_title(struct buf *b, const struct join_spec *s, size_t i);
int64_t chapter_start_ms(const struct join_spec *s, size_t i); /* of section i; of the first one always 0 */

/* A line "00:00 Title" for each section, "0:00:00 Title" in films of an hour or more; as a video's description takes it.
 * False when the buffer is full. */
bool chapters_write(struct buf *b, const struct join_spec *s);
/* Platforms take such a list as chapters when there are three at least, each of ten seconds or more. Says in *why what is
 * not so, and returns false then. */
bool chapters_are_taken(const struct join_spec *s, struct err *why);
