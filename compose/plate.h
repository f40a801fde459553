/* plate.h - a picture made ready for the camera: fitted to the frame's shape, in the film's colours, no finer than
 * needed
 *
 * Made once for each visual. Downscaling happens here, in linear light, so that the camera has at most the zoom's own
 * reduction left to do. Luma and chroma have each the resolution that the frame can show. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "compose/frame.h"
#include "compose/kernel.h"
#include "gen/param.h"

/* A rectangle in units of the fitted frame: (0, 0, 1, 1) is what is seen without any camera move. */
struct window {
    double x, y, w, h;
};

/* A window turned about its middle. */
struct view {
    struct window look;
    double turn;                                /* radians, clockwise; the picture appears turned the other way */
};

/* Pixels to be fitted. bgra: straight alpha, full range, sRGB. */
struct plate_source {
    const uint8_t *bgra;
    int w, h;
    size_t stride;                              /* bytes */
};

struct plate_spec {
    int frame_w, frame_h;
    int fit;                                    /* enum fit of gen/lesson.h */
    uint32_t background;                        /* 0xRRGGBBAA; its alpha is not used */
    double zoom;                                /* the largest enlargement the camera will ask for; >= 1 */
    const struct param_rect *aim;              /* what of the source the frame shows in its middle if it can; NULL: its own middle */
};

struct plate {
    struct plane plane[3];
    struct window frame[3];                     /* the frame's rectangle in px of each plane */
    struct window bounds;                       /* what there is, in frames: contains (0, 0, 1, 1) */
};

/* What the camera may look at when this source is fitted so: cover keeps the parts that the frame's shape cuts off. */
struct window plate_bounds(int src_w, int src_h, int frame_w, int frame_h, int fit, const struct param_rect *aim);
/* Where the source lies then, in frames. */
struct window plate_picture(int src_w, int src_h, int frame_w, int frame_h, int fit, const struct param_rect *aim);
struct plate *plate_create(const struct plate_source *src, const struct plate_spec *spec, struct kernel *k);
/* A plate for frames of this size that come one after another: plate_load fills it. */
struct plate *plate_of_frames(int w, int h);
void plate_load(struct plate *p, const struct frame *f);
void plate_destroy(struct plate *p);

/* The frame that the view shows, all of it; dst of any even or odd size. The view is moved and shrunk into the
 * bounds. */
void plate_sample(const struct plate *p, struct kernel *k, struct view view, struct frame *dst);
