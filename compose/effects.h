/* effects.h - what a section's picture does over time: camera moves, and changes of the finished frame
 *
 * One file and one row each; the table order is the order of lists and manuals. An effect either moves the camera
 * (look) or changes frames (create, apply, destroy), and they stack in the order written. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "compose/camera.h"
#include "compose/frame.h"
#include "compose/safe.h"
#include "gen/param.h"

/* What an effect may know of its section. */
struct effect_env {
    int width, height;                          /* px of the frame */
    double seconds;                             /* the section is visible for so long */
    int64_t n_frames;                           /* in that time */
    uint64_t seed;
    int auto_move;                              /* enum auto_move of gen/auto_moves.h */
    bool is_drawn;                              /* words and diagrams: move gently, inside `safe` */
    bool is_moving;                             /* a clip: it needs no move of the camera to be alive */
    struct safe safe;
    /* Where the picture's subject is, as part of the picture; a point has no width and height. NULL: nobody said. */
    const struct param_rect *focus;
    const struct plate_source *mask;            /* over the picture, the same; wins; NULL: none. Gone after create. */
    struct window picture;                      /* where the picture lies, in frames */
    struct window bounds;                       /* what the camera may look at; contains (0, 0, 1, 1) */
};

/* What a frame operation may know of the frame that it changes. */
struct effect_moment {
    int64_t index;                              /* of the frame within the section: seeds what changes from frame to frame */
    struct view view;                           /* what the camera shows in it */
};

struct effect {
    struct row row;
    /* The window at t in [0, 1], inside env->bounds; t is not eased yet. */
    struct window (*look)(const void *opts, const struct effect_env *env, double t);
    /* How far that window is turned, radians; its corners are inside env->bounds then, too. NULL: never. */
    double (*turn)(const void *opts, const struct effect_env *env, double t);
    /* Frame operations. create may return NULL, and does so when the row needs a subject and nobody said where it is:
     * then the effect is left out. State lives as long as the section is drawn and is used by one thread. */
    void *(*create)(const void *opts, const struct effect_env *env);
    void (*apply)(void *state, const void *opts, struct frame *f, const struct effect_moment *m);
    void (*destroy)(void *state);
};

/* The end of a move: in drawn pictures as near as the words in it allow, in others anywhere. */
static inline struct window effect_keep(const struct effect_env *env, struct window look)
{
    return env->is_drawn ? safe_keep(&env->safe, look) : look;
}

/* Where the camera goes that is sent to a focus of its own, to the section's when that is not said (x NaN), or to the
 * middle; in frames. */
struct param_point effect_focus(const struct effect_env *env, struct param_rect own);

extern const struct row *const effect_rows[];   /* NULL-ended; each is the .row of a struct effect */

static inline const struct effect *effect_of(const struct row *row)
{
    return (const struct effect *)(const void *)((const char *)row - offsetof(struct effect, row));
}
