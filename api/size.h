/* size.h - which of the sizes a service offers is bought for a film's frame */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "gen/base/buf.h"

struct size_pair { int w, h; };

/* At most one of lists and multiple is set; nothing set offers the frame's own size. */
struct size_rule {
    enum { SIZE_FRAME, SIZE_SIZES, SIZE_ASPECTS, SIZE_RATIOS, SIZE_MULTIPLE } how;
    const struct size_pair *list;               /* SIZES "1536x1024", RATIOS "1280:720": px; ASPECTS "16:9": parts */
    size_t n_list;
    int multiple;                               /* both sides, px */
    int64_t max_pixels;                         /* 0: unlimited */
};

struct size_choice {
    int width, height;                          /* px; with ASPECTS the frame's, the service chooses its own */
    char size[32], aspect[32], ratio[32];       /* "1536x1024" "3:2" "1536:1024" */
};

/* Choose for a frame of w x h px. The picture is cropped to the frame afterwards, so the entry that loses the least
 * area to the crop wins; among equals the smallest that covers the frame, else the largest. SIZE_MULTIPLE rounds up,
 * and scales down when max_pixels would be passed. */
void size_choose(const struct size_rule *rule, int w, int h, struct size_choice *out);

/* "1536x1024" with the given sign; sides 1..65535. */
bool size_parse(struct str text, char sign, struct size_pair *out);
/* As if the service offered just this one: the caller asked for it by name. */
void size_fixed(struct size_pair p, struct size_choice *out);
