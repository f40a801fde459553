/* audit_picture.h - does the finished film show what it is meant to show?
 *
 * Looked at: each piece's first picture, and in bodies one each half second of the first two, and the same after each
 * keyframe. What looks black, or stands still although a camera moves or a clip plays, is drawn again from what the
 * piece is made of; only what differs from that is a fault, so black that is meant is no fault whatever it comes from. */
#pragma once
#include <stdatomic.h>
#include "compose/audit_look.h"
#include "gen/ports.h"

struct picture_source;

/* Where to look: malloc'd frames of the film, ascending. */
struct audit_places { int64_t *frame; size_t *piece; size_t n; };
struct audit_places audit_places_of(const struct join_spec *s);
void audit_places_deinit(struct audit_places *p);

/* seen   what audit_see found at those places
 * audit  n_compared is counted up
 * False with ERR_RENDER: names section, time and remedy. Nothing is asked where s->specs is NULL, and a picture that
 * cannot be drawn again (its files are gone) is not judged. */
bool audit_pictures(const struct join_spec *s, const struct picture_source *pictures, const struct audit_places *p,
                    const struct audit_seen *seen, struct film_audit *audit, const atomic_bool *stop, struct err *e);
