/* stint.c - how an effect's time becomes frames of its shot */
#include "compose/stint.h"
#include <math.h>
#include "compose/camera.h"
#include "gen/media.h"

static int64_t frame_of(int64_t samples, const struct shot *s, const struct video_format *f)
{
    return llround((double)samples * f->fps_num / ((double)f->fps_den * SAMPLE_RATE)) - s->first_frame;
}

struct stint stint_of(const struct effect_span *span, const struct shot *s, const struct video_format *f)
{
    struct stint t = { .last = s->n_frames - 1 };
    if (!span)
        return t;
    t.fade = span->fade * f->fps_num / f->fps_den;
    if (span->start_samples != INT64_MIN) {
        t.first = frame_of(span->start_samples, s, f);
        t.fades_in = true;
    }
    if (span->end_samples != INT64_MAX) {
        t.last = frame_of(span->end_samples, s, f);
        t.fades_out = true;
    }
    if (t.last <= t.first)
        t.last = t.first + 1;
    return t;
}

double stint_way(const struct stint *t, double frame)
{
    double n = (double)(t->last - t->first);
    return n > 0 ? fmax(0, fmin(1, (frame - (double)t->first) / n)) : 0;
}

/* There at once where nothing fades: from the first frame on, and not in the last any more. */
static double edge(double frames, double fade)
{
    if (fade < 1)
        return frames >= 0 ? 1 : 0;
    return ease_at(EASE_IN_OUT, frames / fade);
}

int stint_weight(const struct stint *t, int64_t frame)
{
    double w = 1;
    if (t->fades_in)
        w = edge((double)(frame - t->first), t->fade);
    if (t->fades_out)
        w = fmin(w, edge((double)(t->last - frame), t->fade));
    return (int)lrint(256 * w);
}
