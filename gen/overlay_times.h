/* overlay_times.h - when the overlays of a section are seen: marks and spoken points become samples */
#pragma once
#include "gen/base/arena.h"
#include "gen/lesson.h"
#include "gen/ports.h"

/* What is known of a section's speech. Samples count from the first frame in which the section is seen. */
struct spoken {
    const struct word *words; /* NULL: not known */
    size_t n_words;
    int64_t start_samples, n_samples; /* of the speech; n 0: there is none */
    int64_t begin_samples;            /* of the section itself, in the middle of the transition into it */
};

/* When byte `at` of the narration is spoken: at the beginning of the word there, or of the next one; after the last
 * word at its end. Without word times by its share of the text. */
int64_t spoken_at(const struct spoken *sp, struct str narration, size_t at);

/* The moment, counted as the speech is; a mark that the narration does not have is the section's beginning. */
int64_t spoken_moment(const struct spoken *sp, const struct section *s, const struct param_moment *m);

struct str overlay_file(const struct choice *c); /* the picture that it shows; empty: none */

/* The section's overlays in its order, in the arena. picture: of those that show one; NULL where it is not there yet.
 */
struct overlay_span *overlay_spans(const struct section *s, const struct spoken *sp, const struct blob *picture,
                                   struct arena *a);
