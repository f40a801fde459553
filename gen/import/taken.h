/* taken.h - an import at work: members are taken out of the other program's file, and what was taken is known */
#pragma once
#include "gen/import/import.h"

extern const struct importer import_editly, import_shotstack, import_json2video, import_creatomate,
    import_moneyprinterturbo, import_short_video_maker;

struct import {
    struct arena *a;
    struct json *lesson, *sections;             /* being made */
    const struct json **taken;
    size_t n_taken, room;
};

/* The member, which counts as understood; NULL when it is absent or null. */
const struct json *import_take(struct import *im, const struct json *object, const char *key);
/* The same of its text, of its number (also one in a text), of true; else what is given. */
struct str import_text(struct import *im, const struct json *object, const char *key);
double import_number(struct import *im, const struct json *object, const char *key, double otherwise);
bool import_flag(struct import *im, const struct json *object, const char *key, bool otherwise);
void import_taken(struct import *im, const struct json *v); /* an element of an array that was gone through */

struct json *import_section(struct import *im); /* a new one, at the end */
struct json *import_block(struct import *im, struct json *object, const char *key); /* made when it is not there */
/* Nothing is set for an empty text. */
void import_put(struct import *im, struct json *object, const char *key, struct str text);
void import_put_number(struct import *im, struct json *object, const char *key, double v);
void import_push(struct import *im, struct json *object, const char *key, struct json *item); /* to a list, made here */

/* A word of theirs as a word of ours; an empty text when the table has none. Names compare folded. */
struct import_word { const char *theirs, *ours; };
struct str import_word(const struct import_word *table, struct str word); /* ended by a NULL */

/* Ours for the member's word, which counts as understood then; empty when the table has none, and the member stays. */
struct str import_chosen(struct import *im, const struct json *object, const char *key, const struct import_word *table);

/* The file of a picture or clip by what its name ends with. */
bool import_is_clip(struct str file);
/* `text` shown over the picture; for 0 until the section's end. */
void import_overlay(struct import *im, struct json *section, const char *type, struct str text, double at, double seconds);
/* A section lasts `seconds` unless speech says how long. */
void import_last(struct import *im, struct json *section, double seconds);
