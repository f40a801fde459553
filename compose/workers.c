/* workers.c - the table of what child processes do */
#include "compose/workers.h"

const struct worker workers_of_compose[] = {
    { "decode-picture", picture_work, sizeof(struct picture_answer), 0 },
    { "decode-sound", sound_work, sizeof(struct sound_answer), 0 },
    { "speak", speak_work, sizeof(struct speak_answer), 0 },
    { "draw-slide", draw_work, sizeof(struct draw_answer), 0 },
    { "check-clip", clip_check_work, sizeof(struct clip_answer), 590 },
    { "audit-film", audit_work, sizeof(struct audit_answer), 3600 },
    { "play-clip", clip_play_work, sizeof(struct clip_shown), 3600 },
    { "glimpse", glimpse_work, sizeof(struct glimpse_answer), 55 },
    { 0 }
};
