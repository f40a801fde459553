/* safe.h - where a drawn picture has its words, and where the camera may show them: one rule for slides, captions and
 * effects */
#pragma once
#include <stdbool.h>
#include "compose/plate.h"

struct caption_opts;

/* Shares of the frame. `words` lies so far inside `seen` that a zoom to the middle by SAFE_ZOOM never pushes it out. */
struct safe {
    struct window words;                        /* of the picture: nothing that matters is drawn outside */
    /* of the frame: words shown here are neither cut off nor under captions */
    struct window seen;
};

#define SAFE_ZOOM 1.05

/* captions  NULL: none will be shown; in the middle they have no zone that could stay free
 * Captions that take more than 45 % of the frame are not made room for beyond that. */
struct safe safe_of(const struct caption_opts *captions, int width, int height);

/* the largest enlargement that keeps the words in sight; SAFE_ZOOM to 1.06 */
double safe_zoom_most(const struct safe *s);

bool safe_holds(const struct safe *s, struct window look); /* all words are in sight */

/* The nearest window that keeps the words in sight: no smaller than safe_zoom_most allows, then moved. Between two such
 * windows camera_between keeps them in sight, too. */
struct window safe_keep(const struct safe *s, struct window look);
