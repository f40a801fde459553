/* lessons.h - what tests that read lessons share */
#pragma once
#include "gen/lesson/read.h"

#define S "{\"narration\": \"Hello.\", \"image_prompt\": \"a gate\"}"
/* Frames: "%" stands for a row's text. */
#define IN_LESSON "{\"title\": \"T\", \"sections\": [" S "], %}"
#define IN_SECTION "{\"title\": \"T\", \"sections\": [{\"narration\": \"x\", \"image_prompt\": \"y\", %}]}"
#define SECTION_ONLY "{\"title\": \"T\", \"sections\": [{%}]}"
#define WHOLE "%"

char *around(const char *frame, const char *text); /* caller frees */
struct lesson *read_with(const char *text, const struct read_opts *opts, struct problems *p); /* from no file */
struct lesson *lesson_of(const char *text, struct problems *p); /* the same with the test's words */
struct str lines(struct buf *b, const struct problems *p); /* as people see them, without a path */
void expect_clean(const char *row, const struct problems *p);
void expect_codes(const char *row, const char *want, const struct problems *p); /* "E_TYPE W_ALIAS" */
