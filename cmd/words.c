/* words.c - the words that lessons are checked against, collected from compose */
#include "cmd/words.h"
#include "compose/effects.h"
#include "compose/transitions.h"

static const struct row *const no_rows[] = { NULL };

struct vocabulary words_of_lessons(void)
{
    return (struct vocabulary){ .effects = effect_rows, .transitions = transition_rows, .themes = no_rows };
}
