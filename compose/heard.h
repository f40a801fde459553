/* heard.h - all that is heard in a film as packets: mixed, brought to its loudness and encoded, or kept from when it was */
#pragma once
#include <stdatomic.h>
#include "gen/ports.h"
#include "compose/loudness.h"

struct AVCodecParameters;
struct AVPacket;
struct heard;

/* What coding will do to the sound, made up for before: its noise lifts peaks by some tenths of a decibel, and what it
 * takes of hiss is missing. */
struct heard_aim {
    double margin_db;                           /* peaks stay so far under the lesson's */
    double lift_lu;                             /* the target is so far above the lesson's */
};
#define HEARD_AIM ((struct heard_aim){ 0.5, 0 })

/* Takes s->sound where it can be read. Else mixes; what is made then goes to s->sound_fd as well, if there is one. */
struct heard *heard_create(const struct join_spec *s, struct heard_aim aim, const atomic_bool *stop, struct err *e);
void heard_destroy(struct heard *h);            /* NULL is fine */
bool heard_params(const struct heard *h, struct AVCodecParameters *out, struct err *e);
/* The next packet, times in samples (the first may be before 0: priming). *got false at the end. The caller unrefs p. */
bool heard_next(struct heard *h, struct AVPacket *p, bool *got, struct err *e);
struct loudness heard_loudness(const struct heard *h);
bool heard_is_kept(const struct heard *h);      /* after the end: s->sound_fd holds all of it */
