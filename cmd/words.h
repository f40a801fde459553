/* words.h - the words that lessons are checked against, collected from compose */
#pragma once
#include "gen/param.h"

struct vocabulary words_of_lessons(void);
