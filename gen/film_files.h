/* film_files.h - what a film tells of itself in files beside it: a manifest for programs, a timeline for editors */
#pragma once
#include "gen/plan.h"

/* A JSON object: the lesson, its sections with their times and words, and every asset with its content's SHA-256, who
 * made it and what it cost. What only the finished film knows is added when it is written (compose/join_beside.c).
 * Equal films give equal text but for the costs. renderer: its version. Lives in `a`. */
struct str manifest_text(const struct film *f, const struct join_spec *s, const struct config *c, struct store *store,
                         struct str renderer, struct arena *a);

/* OpenTimelineIO: the film cut at its sections with a marker for each, and beneath it, switched off, the pictures with
 * their transitions, the narration and the music it was made of. Files in the store and the lesson's own are named by
 * address, the film by its name alone. Lives in `a`.
 * Source: the schemas Timeline.1, Stack.1, Track.1, Clip.2, Gap.1, Transition.1, Marker.2, ExternalReference.1,
 * TimeRange.1 and RationalTime.1 of OpenTimelineIO's file format. */
struct str timeline_text(const struct film *f, const struct join_spec *s, struct arena *a);

/* The name of a path without its directories. */
struct str film_base_name(struct str path);
