/* auto_moves.h - which camera move each picture of a lesson makes where its effects are left to chance
 *
 * The same lesson gets the same moves; a change of one section changes those beside it at most, and no picture moves
 * like the one before. */
#pragma once
#include <stddef.h>
#include "gen/lesson.h"

#define AUTO_MOVES(X)                                                                                                  \
    X(IN, "zoom-in") X(OUT, "zoom-out") X(LEFT, "pan-left") X(RIGHT, "pan-right") X(UP, "pan-up") X(DOWN, "pan-down")
#define X(id, name) AUTO_##id,
enum auto_move { AUTO_ANY, AUTO_MOVES(X) AUTO_N_MOVES }; /* ANY: by the seed alone, whatever stands beside it */
#undef X

/* A picture in the film's order. */
struct auto_picture {
    bool is_auto;
    const char *move;               /* !is_auto: the camera move that it makes; NULL: none, or not known yet */
    const struct param_rect *focus; /* NULL: nobody said */
    uint64_t seed;
};

/* moves[i] is AUTO_ANY where it is not auto. */
void auto_moves(const struct auto_picture *v, size_t n, enum auto_move *moves);

/* Of all pictures of the lesson: the list of a section, one move a picture, in the arena. */
const enum auto_move *const *auto_moves_of(const struct lesson *l, struct arena *a);

const char *auto_move_name(enum auto_move m); /* NULL: AUTO_ANY */

uint64_t auto_seed(const struct lesson *l, const struct section *s, size_t picture); /* of what is random in it */
