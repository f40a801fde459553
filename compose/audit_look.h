/* audit_look.h - what a finished film shows and how it sounds, as the child that decodes it tells
 *
 * All of the sound is decoded, once. Of the pictures, those at the frames asked for, each from the keyframe before it on
 * and without the frames in between that nothing leans on. */
#pragma once
#include <stdatomic.h>
#include "compose/audit_grid.h"
#include "compose/workers.h"
#include "gen/ports.h"

enum { AUDIT_REACH_S = 3 };                     /* a frame so long after its keyframe is not looked at */

struct audit_look {
    int64_t frame;                              /* the one that was seen: that or the next one; -1: none */
    struct audit_grid grid;
};

struct audit_seen {
    struct audit_answer answer;
    const struct audit_look *looks;             /* n_looks, in the order asked for */
    const int16_t *low;                         /* answer.n_low, from the film's first sample on */
    const void *data;
    size_t n_data;
};

/* fd       the film
 * frames   n_looks of them, ascending
 * False with ERR_RENDER when it does not decode. audit_seen_deinit releases it. */
bool audit_see(const struct join_spec *s, int fd, const int64_t *frames, size_t n_looks, struct audit_seen *out,
               struct err *e);
void audit_seen_deinit(struct audit_seen *s);   /* safe to repeat */
