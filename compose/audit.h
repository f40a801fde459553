/* audit.h - a finished film is looked at and listened to before it gets its name
 *
 * Asked of the very file: every narration is heard at its place; nothing is black or frozen that is not meant to be;
 * sound and pictures end together; it is as loud as it should be and its peaks stay under the ceiling. */
#pragma once
#include <stdatomic.h>
#include "compose/loudness.h"
#include "gen/ports.h"

struct picture_source;

enum audit_fault {
    AUDIT_NONE,
    AUDIT_SOUND,                                /* another mix may be better */
    AUDIT_LOUDNESS,                             /* the same for another target */
    AUDIT_PEAK,                                 /* the same with a lower ceiling */
    AUDIT_PICTURE,                              /* a piece is not what it should be */
};

/* How its sound was made. */
struct audit_made {
    struct loudness loudness;                   /* before it was coded */
    double lift_lu;                             /* so much was its target above the lesson's */
};

struct audit_found {
    struct film_audit audit;
    struct loudness loudness;                   /* of the file; -HUGE_VAL: silence */
    enum audit_fault fault;                     /* AUDIT_NONE with false: it could not be looked at */
    double over_db;                             /* AUDIT_PEAK: above the ceiling */
    double over_lu;                             /* AUDIT_LOUDNESS: above what it should be */
};

/* fd        the film, whole
 * pictures  what suspicious pictures are drawn again from
 * False with ERR_RENDER: names section and time where there is one, and a remedy. A film that cannot reach its
 * loudness under its ceiling (loudness.h) has to be as loud as it was made. */
bool film_audit(const struct join_spec *s, int fd, const struct audit_made *made, const struct picture_source *pictures,
                struct audit_found *out, const atomic_bool *stop, struct err *e);
