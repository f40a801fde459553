/* lift_private.h - the inside of a lift, shared by lift.c (what comes) and lift_text.c (what is read of it) */
#pragma once
#include "api/lift.h"

enum lift_state {
    LIFT_BEGIN,                                 /* before the first character that counts */
    LIFT_OUTSIDE,                               /* between strings */
    LIFT_HOLD,                                  /* in a string that is short so far */
    LIFT_STRING,                                /* in one that is text */
    LIFT_MEDIA,                                 /* in one that is decoded */
    LIFT_PLAIN,                                 /* in what is no JSON */
    LIFT_N_STATES
};

enum { LIFT_ESCAPED = 8 };                      /* '/' is written "\/" throughout; beside the kinds of base64_groups.h */

struct lift_media {
    struct lifted media;
    int64_t text_at;                            /* how much text comes before it, a "data:...," too */
    unsigned kinds;                             /* which ways to write base64 were met */
    int n_pads;
    struct str head;                            /* the string in the tree that shows it; p NULL: not parsed */
};

struct lift_spill {                             /* text in the file */
    int64_t offset, n;
};

struct lift {
    struct blocks file;
    bool has_media;
    enum lift_state state;
    bool is_escaped;                            /* the last character was a backslash */
    struct buf text;                            /* the last of it */
    size_t hold_from;                           /* HOLD: where in it the string begins */
    char quad[4];                               /* MEDIA: characters that make no group yet */
    int n_quad;
    struct lift_spill *spills;                  /* the text before, in order */
    size_t n_spills, cap_spills;
    int64_t n_spilled;                          /* bytes of them */
    struct lift_media *media;                   /* in order; MEDIA: the last one is under way */
    size_t n_media, cap_media;
};

/* Appends the characters of decoded bytes as they were written, padding aside. */
void lift_encode(struct buf *out, const unsigned char *p, size_t n, unsigned kinds);
