/* film.h - from finished assets to piece specs and the final join */
#pragma once
#include "gen/plan.h"

/* Does a transition lead into this section? Section 0 has one when it asks for one itself: out of plain background. */
bool film_has_transition(const struct film *f, size_t section);
/* The plain background before section 0, ready to be seen; NULL when section 0 begins with a cut. */
struct plan_section *film_opening(const struct film *f, struct arena *a);
/* The pieces that need this asset of the section wait for it: those that show the section, and for a voice that goes
 * with others' those that show any of them, for none may be drawn before it is sure that the voice stays. */
void film_await(struct film *f, const struct plan_section *s, struct node *asset);
/* Called when both assets of a section are done: fills its visual and slot. What they point to lives in `a`. */
void film_section_ready(struct film *f, struct plan_section *s, struct arena *a);
/* Fills a piece's spec and its id (SHA-256 of everything the piece is made of). Sections must be ready. */
void film_piece_ready(struct node *render, const struct config *c, const struct renderer *r);
/* What another provider made than the first that was named: [{"section", "asset", "provider", "instead_of"}]. */
struct json *film_switches(const struct film *f, struct arena *a);
/* The join's spec; arrays live in `a`. All pieces must be done. */
void film_join_spec(const struct film *f, const struct config *c, struct arena *a, struct join_spec *out);
/* How many frames the section's slot has; guessed from its text until its speech is there. */
int64_t film_section_frames(const struct film *f, const struct plan_section *ps);
/* About how long the section's words take to say, or its duration; from the lesson alone, the same at each run. */
double film_guess_seconds(const struct section *s);
struct video_format film_format(const struct lesson *l, const struct config *c);
