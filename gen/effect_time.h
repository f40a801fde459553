/* effect_time.h - from when to when an effect of a section works: options that all effects share */
#pragma once
#include "gen/overlay_times.h"
#include "gen/param.h"

struct effect_time {
    struct param_moment start, end; /* of the section; below 0: from its end; NaN: as long as the picture is seen */
    double fade;                    /* seconds */
};

extern const struct param effect_move_params[];  /* of moves of the camera: start, end */
extern const struct param effect_frame_params[]; /* of all others: these, and fade */

/* When each effect works, in samples from the first frame in which the section is seen; in the arena. NULL: all of them
 * always. end_samples  where the section ends */
struct effect_span *effect_spans(const struct section *s, const struct choice *effects, size_t n,
                                 const struct spoken *sp, int64_t end_samples, struct arena *a);
