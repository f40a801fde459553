/* scene_clip.h - a clip as the picture of a section: frames by number, under the camera */
#pragma once
#include "compose/scene.h"

struct scene_clip;

/* zoom  the largest enlargement that the camera will ask for: a clip with more pixels than the frame keeps them */
struct scene_clip *scene_clip_create(const struct visual *v, const struct shot *shot, const struct video_format *f,
                                     double zoom, const struct picture_source *pictures, struct err *e);
void scene_clip_destroy(struct scene_clip *s); /* NULL is fine */

/* What the view shows of frame `index`; out has the film's size. */
bool scene_clip_draw(struct scene_clip *s, struct kernel *k, int64_t index, struct view view, struct frame *out,
                     struct err *e);
