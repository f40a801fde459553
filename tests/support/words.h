/* words.h - a small vocabulary for tests of lessons */
#pragma once
#include "gen/param.h"

struct test_ken_burns { struct param_rect from, to; struct param_point focus; int ease; };
struct test_vignette { double strength; };
extern const struct vocabulary test_words;
