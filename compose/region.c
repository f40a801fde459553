/* region.c - where the subject of a picture is, as the distance from its outline */
#include "compose/region.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/distance.h"
#include "gen/base/mem.h"

struct region {
    float x, y, half_w, half_h; /* px of the frame: middle and half the sides */
    float round;                /* of a box's corners */
    bool is_ellipse;
    struct distance_map *map; /* of a mask; NULL: none */
    int width, height;
};

static const double round_share = 0.25; /* of a box's shorter half */
static const double wider = 1.2;        /* an ellipse than its rectangle, or what fills that loses its corners */

struct region *region_create(const struct region_spec *s)
{
    const struct window *p = &s->picture;
    struct distance_map *map = NULL;
    if (s->mask && !(map = distance_map_create(s->mask, p->w * s->width, p->h * s->height)))
        return NULL;
    if (!map && isnan(s->at.x))
        return NULL;
    struct region *r = mem_alloc(sizeof *r);
    bool is_point = s->at.w <= 0 || s->at.h <= 0;
    *r = (struct region){ .map = map, .width = s->width, .height = s->height };
    if (map) {
        r->x = (float)(p->x * s->width);
        r->y = (float)(p->y * s->height);
        return r;
    }
    r->x = (float)((p->x + (s->at.x + s->at.w / 2) * p->w) * s->width);
    r->y = (float)((p->y + (s->at.y + s->at.h / 2) * p->h) * s->height);
    r->half_w = (float)(is_point ? s->radius * s->height : s->at.w * p->w * s->width / 2);
    r->half_h = (float)(is_point ? s->radius * s->height : s->at.h * p->h * s->height / 2);
    r->is_ellipse = is_point || s->shape == REGION_ELLIPSE;
    if (r->is_ellipse && !is_point) {
        r->half_w *= (float)wider;
        r->half_h *= (float)wider;
    }
    r->round = (float)round_share * fminf(r->half_w, r->half_h);
    return r;
}

void region_destroy(struct region *r)
{
    if (!r)
        return;
    distance_map_destroy(r->map);
    free(r);
}

static float box_distance(const struct region *r, float x, float y)
{
    float qx = fabsf(x - r->x) - r->half_w + r->round, qy = fabsf(y - r->y) - r->half_h + r->round;
    float out_x = fmaxf(qx, 0), out_y = fmaxf(qy, 0);
    return sqrtf(out_x * out_x + out_y * out_y) + fminf(fmaxf(qx, qy), 0) - r->round;
}

/* To first order: the ellipse's equation by the length of its gradient. Exact for a circle. */
static float ellipse_distance(const struct region *r, float x, float y)
{
    float u = (x - r->x) / r->half_w, v = (y - r->y) / r->half_h;
    float du = u / r->half_w, dv = v / r->half_h, k = sqrtf(u * u + v * v), slope = sqrtf(du * du + dv * dv);
    return slope > 0 ? k * (k - 1) / slope : -fminf(r->half_w, r->half_h);
}

float region_distance(const struct region *r, float x, float y)
{
    if (r->map)
        return distance_map_at(r->map, x - r->x, y - r->y);
    return r->is_ellipse ? ellipse_distance(r, x, y) : box_distance(r, x, y);
}

/* A straight row of the frame under the camera: the place of px 0 and the way from one to the next. */
struct walk {
    float x, y, right_x, right_y;
    float zoom; /* px seen for one px of the frame */
};

static struct walk walk_of(const struct region *r, const struct view *v, int row)
{
    double c = cos(v->turn), s = sin(v->turn), y = row + 0.5 - r->height / 2.0, x = 0.5 - r->width / 2.0;
    return (struct walk){
        .x = (float)((v->look.x + v->look.w / 2) * r->width + v->look.w * (x * c - y * s)),
        .y = (float)((v->look.y + v->look.h / 2) * r->height + v->look.h * (x * s + y * c)),
        .right_x = (float)(v->look.w * c),
        .right_y = (float)(v->look.h * s),
        .zoom = (float)(1 / v->look.w),
    };
}

static float seen_distance(const struct region *r, const struct walk *w, float column)
{
    return w->zoom * region_distance(r, w->x + column * w->right_x, w->y + column * w->right_y);
}

static uint8_t curve_at(const struct curve *c, float d)
{
    if (!(d > c->low))                          /* also of what is no number */
        return c->before;
    return d >= c->high ? c->after : c->table[(int)((d - c->low) * CURVE_PER_PX + 0.5F)];
}

/* Eight px at a time: a distance changes by no more than the way (an ellipse's by twice that, say), so one look at the
 * middle often tells all of them. */
void region_cover(const struct region *r, const struct view *v, const struct curve *c, uint8_t *plane)
{
    enum { RUN = 8 };
    static const float reach = 2 * RUN, half = 0.5F * RUN;
    for (int y = 0; y < r->height; y++, plane += r->width) {
        struct walk w = walk_of(r, v, y);
        for (int x = 0; x < r->width; x += RUN) {
            int n = r->width - x < RUN ? r->width - x : RUN;
            float d = seen_distance(r, &w, (float)x + half);
            if (d < c->low - reach || d > c->high + reach) {
                memset(plane + x, d < c->low ? c->before : c->after, (size_t)n);
                continue;
            }
            for (int i = 0; i < n; i++)
                plane[x + i] = curve_at(c, seen_distance(r, &w, (float)(x + i)));
        }
    }
}

static uint8_t towards(int v, int to, int cover, int alpha)
{
    int a = cover * alpha; /* of 255 x 256 */
    return (uint8_t)(v + ((to - v) * a + (to > v ? 1 : -1) * 255 * 128) / (255 * 256));
}

static bool is_clear(const uint8_t *cover)
{
    uint64_t eight;
    memcpy(&eight, cover, sizeof eight);
    return eight == 0;
}

/* Chroma lies on the left px of a pair and between two rows: weights 1, 2, 1 across. */
static int cover_of_chroma(const uint8_t *a, const uint8_t *b, int x, int w)
{
    int l = x > 0 ? x - 1 : 0, r = x + 1 < w ? x + 1 : x;
    return (a[l] + b[l] + 2 * (a[x] + b[x]) + a[r] + b[r] + 4) / 8;
}

void cover_tint(struct frame *f, const uint8_t *cover, struct yuv colour, int alpha)
{
    for (int y = 0; y < f->h; y++) {
        uint8_t *row = f->plane[0] + y * f->stride[0];
        const uint8_t *c = cover + (ptrdiff_t)y * f->w;
        for (int x = 0; x < f->w; x++) {
            if (x % 8 == 0 && x + 8 <= f->w && is_clear(c + x))
                x += 7;
            else if (c[x])
                row[x] = towards(row[x], colour.c[0], c[x], alpha);
        }
    }
    for (int y = 0; y < frame_plane_h(f, 1); y++) {
        const uint8_t *a = cover + (ptrdiff_t)(2 * y) * f->w, *b = 2 * y + 1 < f->h ? a + f->w : a;
        uint8_t *cb = f->plane[1] + y * f->stride[1], *cr = f->plane[2] + y * f->stride[2];
        for (int x = 0; x < frame_plane_w(f, 1); x++) {
            int each = cover_of_chroma(a, b, 2 * x, f->w);
            if (each == 0)
                continue;
            cb[x] = towards(cb[x], colour.c[1], each, alpha);
            cr[x] = towards(cr[x], colour.c[2], each, alpha);
        }
    }
}
