/* scene_clip.c - a clip as the picture of a section */
#include "compose/scene_clip.h"
#include <math.h>
#include <stdlib.h>
#include "compose/clip_time.h"
#include "gen/base/mem.h"
#include "gen/media.h"

struct scene_clip {
    struct clip *clip;
    struct clip_time time;
    int64_t from_tick; /* where the part that is used begins */
    struct frame *mixed; /* two moments that dissolve; NULL until there are some */
    struct plate *plate; /* NULL: the camera stands still */
};

/* The clip's frames have the film's shape, so the smaller of both ratios is the detail that is there. */
static struct clip_spec spec_of(const struct visual *v, const struct shot *s, const struct video_format *f,
                                double zoom)
{
    const struct media_info *info = &s->picture->info;
    double most = fmin((double)info->width / f->width, (double)info->height / f->height);
    double scale = fmax(1, fmin(zoom, most));
    int w = (int)(f->width * scale) & ~1, h = (int)(f->height * scale) & ~1;
    return (struct clip_spec){ .width = w < FRAME_SIDE_MAX ? w : FRAME_SIDE_MAX,
                               .height = h < FRAME_SIDE_MAX ? h : FRAME_SIDE_MAX,
                               .fit = s->fit,
                               .background = v->background,
                               .has_aim = s->focus != NULL,
                               .aim_x = s->focus ? s->focus->x + s->focus->w / 2 : 0,
                               .aim_y = s->focus ? s->focus->y + s->focus->h / 2 : 0 };
}

struct scene_clip *scene_clip_create(const struct visual *v, const struct shot *shot, const struct video_format *f,
                                     double zoom, const struct picture_source *pictures, struct err *e)
{
    struct clip_spec spec = spec_of(v, shot, f, zoom);
    struct clip *clip = pictures->open_clip(pictures->ctx, shot->picture, &spec, e);
    if (!clip)
        return NULL;
    struct scene_clip *s = mem_alloc(sizeof *s);
    s->clip = clip;
    int64_t n_ticks = clip_part(shot->clip, shot->picture->info.n_samples, &s->from_tick);
    s->time = (struct clip_time){ .length = shot->clip->length,
                                  .n_ticks = n_ticks,
                                  .seam_ticks = (int64_t)(shot->clip->seam * SAMPLE_RATE),
                                  .n_frames = shot->n_frames,
                                  .fps_num = f->fps_num,
                                  .fps_den = f->fps_den };
    if (zoom > 1)
        s->plate = plate_of_frames(spec.width, spec.height);
    return s;
}

void scene_clip_destroy(struct scene_clip *s)
{
    if (!s)
        return;
    clip_close(s->clip);
    frame_destroy(s->mixed);
    plate_destroy(s->plate);
    free(s);
}

/* The moment's frame, or the mixture of two. */
static bool frame_at(struct scene_clip *s, int64_t index, struct frame *out, struct err *e)
{
    struct clip_look at = clip_look_at(&s->time, index);
    struct frame other;
    if (!clip_frame(s->clip, at.lane, s->from_tick + at.tick, at.is_smooth, out, e))
        return false;
    if (at.other < 0)
        return true;
    if (!clip_frame(s->clip, at.other_lane, s->from_tick + at.other, at.is_smooth, &other, e))
        return false;
    if (!s->mixed)
        s->mixed = frame_create(out->w, out->h);
    frame_mix(s->mixed, out, &other, at.other_weight);
    *out = *s->mixed;
    return true;
}

bool scene_clip_draw(struct scene_clip *s, struct kernel *k, int64_t index, struct view view, struct frame *out,
                     struct err *e)
{
    struct frame v;
    if (!frame_at(s, index, &v, e))
        return err_wrap(e, "clip");
    if (!s->plate) {
        frame_copy(out, &v);
        return true;
    }
    plate_load(s->plate, &v);
    plate_sample(s->plate, k, view, out);
    return true;
}
