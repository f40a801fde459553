/* words.c - the words that lessons are checked against, collected from compose */
#include "cmd/words.h"
#include "compose/effects.h"
#include "compose/overlays.h"
#include "compose/slide/themes.h"
#include "compose/transitions.h"

struct vocabulary words_of_lessons(void)
{
    return (struct vocabulary){ .effects = effect_rows, .transitions = transition_rows, .themes = theme_rows,
                                .overlays = overlay_rows };
}
