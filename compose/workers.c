/* workers.c - the table of what child processes do */
#include "compose/workers.h"

const struct worker workers_of_compose[] = {
    { "decode-picture", picture_work, sizeof(struct picture_answer) },
    { "decode-sound", sound_work, sizeof(struct sound_answer) },
    { "speak", speak_work, sizeof(struct speak_answer) },
    { "draw-slide", draw_work, sizeof(struct draw_answer) },
    { 0 }
};
