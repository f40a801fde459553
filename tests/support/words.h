/* words.h - a small vocabulary for tests of lessons */
#pragma once
#include "gen/param.h"

struct test_ken_burns { struct param_rect from, to; struct param_point focus; int ease; };
struct test_vignette { double strength; };
struct test_lower_third { struct str text; };
struct test_bullets { struct param_items items; int reveal; };
struct test_watermark { struct str text, file; };
extern const struct vocabulary test_words;
