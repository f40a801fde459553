/* clip_time.c - which moment of a clip is seen at a frame of its section */
#include "compose/clip_time.h"
#include <math.h>
#include "gen/lesson.h"
#include "gen/media.h"

static int64_t ticks_at(const struct clip_time *t, int64_t frame)
{
    int64_t num = (int64_t)SAMPLE_RATE * t->fps_den;
    return (frame * num + t->fps_num / 2) / t->fps_num;
}

int64_t clip_part(const struct clip_opts *o, int64_t whole, int64_t *from)
{
    int64_t to = o->to > 0 ? llround(o->to * SAMPLE_RATE) : whole;
    to = to > whole ? whole : to;
    *from = llround(o->from * SAMPLE_RATE);
    *from = *from >= to ? to - 1 : *from;
    *from = *from < 0 ? 0 : *from;
    return to - *from;
}

static struct clip_look loop_at(const struct clip_time *t, int64_t tick)
{
    int64_t most = t->n_ticks / 3, seam = t->seam_ticks < most ? t->seam_ticks : most, period = t->n_ticks - seam;
    int64_t turn = tick / period, at = tick % period;
    struct clip_look look = { .tick = at, .other = -1, .lane = (int)(turn & 1), .other_lane = (int)(~turn & 1) };
    if (turn > 0 && at < seam) {
        look.other = period + at;
        look.other_weight = (int)(256 * (seam - at) / seam);
    }
    return look;
}

int64_t clip_slowed(int64_t n_ticks, int64_t span)
{
    return n_ticks * CLIP_SLOWEST < span ? n_ticks * CLIP_SLOWEST : span;
}

struct clip_look clip_look_at(const struct clip_time *t, int64_t frame)
{
    int64_t tick = ticks_at(t, frame), span = ticks_at(t, t->n_frames);
    struct clip_look look = { .tick = tick, .other = -1 };
    if (t->n_ticks >= span || t->n_ticks < 1)
        return look;
    if (t->length == CLIP_LOOP)
        return loop_at(t, tick);
    if (t->length == CLIP_SLOW) {
        look.tick = tick * t->n_ticks / clip_slowed(t->n_ticks, span);
        look.is_smooth = true;
    }
    if (look.tick >= t->n_ticks)
        look.tick = t->n_ticks - 1;
    return look;
}
