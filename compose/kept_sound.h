/* kept_sound.h - a film's encoded sound in a file of its own, so that a film whose pictures alone changed is joined
 * without mixing and encoding again
 *
 * The file is for this machine and this build: numbers as they lie in memory. What wrote it is part of its name in the
 * store, and the store vouches for its bytes. */
#pragma once
#include <stdbool.h>
#include "gen/base/err.h"
#include "compose/loudness.h"

struct AVCodecParameters;
struct AVPacket;

struct kept_writer;
/* From offset 0 of fd, which stays the caller's. */
struct kept_writer *kept_create(int fd, const struct AVCodecParameters *par, const struct loudness *l, struct err *e);
bool kept_add(struct kept_writer *w, const struct AVPacket *p, struct err *e); /* times as they are */
bool kept_finish(struct kept_writer *w, struct err *e);
void kept_destroy(struct kept_writer *w);       /* NULL is fine */

struct kept_reader;
/* NULL with an error when it is no such file, or not whole. */
struct kept_reader *kept_open(int fd, struct err *e);
bool kept_params(const struct kept_reader *r, struct AVCodecParameters *out, struct err *e);
struct loudness kept_loudness(const struct kept_reader *r);
bool kept_next(struct kept_reader *r, struct AVPacket *p, bool *got, struct err *e); /* the caller unrefs p */
void kept_close(struct kept_reader *r);         /* NULL is fine */
