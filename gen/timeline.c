/* timeline.c - when each section is seen and heard */
#include "gen/timeline.h"
#include <math.h>
#include "gen/media.h"

/* frames x rate x den stays under 2^63 up to 2^40 frames, which no film has */
int64_t timeline_sample(const struct video_opts *v, int64_t frame)
{
    return (frame * SAMPLE_RATE * v->fps_den * 2 + v->fps_num) / (2 * (int64_t)v->fps_num);
}

/* The fewest frames that last at least n samples wherever in the film they begin: between two rounded boundaries there
 * can be one sample less than the frames are long, unless a frame is a whole number of samples. */
static int64_t frames_for(const struct video_opts *v, int64_t samples)
{
    const int64_t per_frame = (int64_t)SAMPLE_RATE * v->fps_den; /* in 1 / fps_num samples */
    if (samples <= 0)
        return 0;
    if (per_frame % v->fps_num)
        samples++;
    return (samples * v->fps_num + per_frame - 1) / per_frame;
}

/* The most samples that n frames can hold, wherever they begin. */
static int64_t samples_of(const struct video_opts *v, int64_t frames)
{
    const int64_t per_frame = (int64_t)SAMPLE_RATE * v->fps_den;
    return (frames * per_frame + v->fps_num - 1) / v->fps_num + (frames && per_frame % v->fps_num ? 1 : 0);
}

static int64_t samples_from(double seconds)
{
    return seconds > 0 ? llround(seconds * SAMPLE_RATE) : 0;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t timeline_half_frames(const struct video_opts *v, const struct choice *transition, double seconds)
{
    if (!(seconds > 0) || (transition && (!transition->row || str_is(str_from(transition->row->name), "none"))))
        return 0;
    return llround(seconds * v->fps_num / v->fps_den / 2);
}

struct slot timeline_slot(const struct video_opts *v, const struct section *s, int64_t speech_samples,
                          bool is_first, bool is_last, double out_s)
{
    const struct timing_opts *t = &s->timing;
    struct slot out = { 0 };
    if (!is_first)
        out.in_frames = timeline_half_frames(v, &s->transition, s->transition_s);
    if (!is_last)
        out.out_frames = timeline_half_frames(v, NULL, out_s);

    int64_t pre = larger(samples_from(t->lead + (is_first ? 0 : t->gap / 2)), samples_of(v, out.in_frames));
    int64_t post = samples_from(t->tail + (is_last ? 0 : t->gap / 2));
    out.speech_start_samples = pre;
    out.n_frames =
        larger(frames_for(v, pre + speech_samples) + out.out_frames, frames_for(v, pre + speech_samples + post));
    /* a body is never empty, so that each section has a frame of its own, and each picture of one */
    out.n_frames = larger(out.n_frames, out.in_frames + out.out_frames + larger(1, (int64_t)s->n_pictures));
    if (s->duration > 0) /* 0.1 s are 3 frames at 30 fps, although the product in binary is a hair more */
        out.n_frames = larger(out.n_frames, (int64_t)ceil(s->duration * v->fps_num / v->fps_den - 1e-6));
    return out;
}
