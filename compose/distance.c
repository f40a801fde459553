/* distance.c - how far each place of a picture is from the outline of a mask */
#include "compose/distance.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "gen/base/mem.h"

enum { SIDE_MAX = 960, SMOOTH = 2 };

struct distance_map {
    int w, h;
    float per_px; /* cells */
    float *d;     /* cells, below 0 inside */
};

static bool has_clear(const struct plate_source *s)
{
    for (int y = 0; y < s->h; y++)
        for (int x = 0; x < s->w; x++)
            if (s->bgra[(size_t)y * s->stride + 4 * (size_t)x + 3] < 255)
                return true;
    return false;
}

static int value_of(const uint8_t *px, bool by_alpha)
{
    return by_alpha ? px[3] : (px[0] * 18 + px[1] * 183 + px[2] * 55) / 256; /* bt709 luma */
}

bool mask_box(const struct plate_source *s, struct param_rect *out)
{
    bool by_alpha = has_clear(s);
    int left = s->w, right = -1, top = s->h, bottom = -1;
    for (int y = 0; y < s->h; y++)
        for (int x = 0; x < s->w; x++)
            if (value_of(s->bgra + (size_t)y * s->stride + 4 * (size_t)x, by_alpha) > 127) {
                left = x < left ? x : left;
                right = x > right ? x : right;
                top = y < top ? y : top;
                bottom = y;
            }
    *out = (struct param_rect){ (double)left / s->w, (double)top / s->h, (double)(right + 1 - left) / s->w,
                                (double)(bottom + 1 - top) / s->h };
    return right >= 0;
}

/* The mean of what lies in each cell. */
static void reduce(const struct plate_source *s, int w, int h, float *out)
{
    bool by_alpha = has_clear(s);
    for (int y = 0; y < h; y++) {
        int y0 = (int)((int64_t)y * s->h / h), y1 = (int)((int64_t)(y + 1) * s->h / h);
        for (int x = 0; x < w; x++) {
            int x0 = (int)((int64_t)x * s->w / w), x1 = (int)((int64_t)(x + 1) * s->w / w), n = 0;
            int64_t sum = 0;
            for (int v = y0; v < y1 || v == y0; v++)
                for (int u = x0; u < x1 || u == x0; u++, n++)
                    sum += value_of(s->bgra + (size_t)v * s->stride + 4 * (size_t)u, by_alpha);
            out[y * w + x] = (float)sum / (float)n;
        }
    }
}

/* Running means of 2 x SMOOTH + 1 along lines that are `step` apart: stairs of a mask become slopes. */
static void smooth_line(float *line, int n, int step, float *copy)
{
    for (int i = 0; i < n; i++)
        copy[i] = line[(ptrdiff_t)i * step];
    for (int i = 0; i < n; i++) {
        float sum = 0;
        for (int k = i - SMOOTH; k <= i + SMOOTH; k++)
            sum += copy[k < 0 ? 0 : k >= n ? n - 1 : k];
        line[(ptrdiff_t)i * step] = sum / (2 * SMOOTH + 1);
    }
}

static void smooth(float *v, int w, int h, float *copy)
{
    for (int y = 0; y < h; y++)
        smooth_line(v + (ptrdiff_t)y * w, w, 1, copy);
    for (int x = 0; x < w; x++)
        smooth_line(v + x, h, w, copy);
}

/* The lower envelope of parabolas, one above each sample. */
struct envelope_room {
    float *f, *z;
    int *v;
};

static const float FAR_OFF = 1e12F;

static void transform_line(float *line, int n, int step, struct envelope_room *r)
{
    int k = 0;
    for (int i = 0; i < n; i++)
        r->f[i] = line[(ptrdiff_t)i * step];
    r->v[0] = 0;
    r->z[0] = -FAR_OFF;
    r->z[1] = FAR_OFF;
    for (int q = 1; q < n; q++) {
        float s;
        for (;; k--) {
            int p = r->v[k];
            s = (r->f[q] - r->f[p] + (float)q * (float)q - (float)p * (float)p) / (2 * (float)(q - p));
            if (k == 0 || s > r->z[k])
                break;
        }
        if (s <= r->z[k]) { /* k is 0: the new one lies below it everywhere */
            r->v[0] = q;
            r->z[1] = FAR_OFF;
            continue;
        }
        k++;
        r->v[k] = q;
        r->z[k] = s;
        r->z[k + 1] = FAR_OFF;
    }
    k = 0;
    for (int q = 0; q < n; q++) {
        while (r->z[k + 1] < (float)q)
            k++;
        float off = (float)(q - r->v[k]);
        line[(ptrdiff_t)q * step] = off * off + r->f[r->v[k]];
    }
}

/* out: squared distance in cells to the nearest cell where `is_in` is what the mask says. */
static void transform(const float *mask, bool is_in, int w, int h, float *out, struct envelope_room *r)
{
    for (int i = 0; i < w * h; i++)
        out[i] = (mask[i] >= 127.5F) == is_in ? 0 : FAR_OFF / 4;
    for (int x = 0; x < w; x++)
        transform_line(out + x, h, w, r);
    for (int y = 0; y < h; y++)
        transform_line(out + (ptrdiff_t)y * w, w, 1, r);
}

static bool covers_some(const float *mask, int n)
{
    for (int i = 0; i < n; i++)
        if (mask[i] >= 127.5F)
            return true;
    return false;
}

/* Outlines lie between cells: half a cell from the middle of each. */
static void combine(float *d, const float *to_in, const float *to_out, int n)
{
    for (int i = 0; i < n; i++)
        d[i] = to_in[i] > 0 ? sqrtf(to_in[i]) - 0.5F : 0.5F - sqrtf(to_out[i]);
}

struct distance_map *distance_map_create(const struct plate_source *mask, double w, double h)
{
    double scale = fmin(1, SIDE_MAX / fmax(w, h));
    int gw = (int)fmax(1, lrint(w * scale)), gh = (int)fmax(1, lrint(h * scale)), n = gw * gh;
    int longer = gw > gh ? gw : gh;
    struct envelope_room r = { mem_array((size_t)longer, sizeof(float)), mem_array((size_t)longer + 1, sizeof(float)),
                               mem_array((size_t)longer, sizeof(int)) };
    float *grid = mem_array((size_t)n, sizeof *grid), *to_in = mem_array((size_t)n, sizeof *to_in),
          *to_out = mem_array((size_t)n, sizeof *to_out);
    struct distance_map *m = NULL;
    reduce(mask, gw, gh, grid);
    smooth(grid, gw, gh, r.f);
    if (covers_some(grid, n)) {
        transform(grid, true, gw, gh, to_in, &r);
        transform(grid, false, gw, gh, to_out, &r);
        combine(grid, to_in, to_out, n);
        smooth(grid, gw, gh, r.f);
        m = mem_alloc(sizeof *m);
        *m = (struct distance_map){ .w = gw, .h = gh, .per_px = (float)scale, .d = grid };
        grid = NULL;
    }
    free(grid);
    free(to_in);
    free(to_out);
    free(r.f);
    free(r.z);
    free(r.v);
    return m;
}

void distance_map_destroy(struct distance_map *m)
{
    if (!m)
        return;
    free(m->d);
    free(m);
}

float distance_map_at(const struct distance_map *m, float x, float y)
{
    float u = x * m->per_px - 0.5F, v = y * m->per_px - 0.5F;
    float in_u = fmaxf(0, fminf(u, (float)(m->w - 1))), in_v = fmaxf(0, fminf(v, (float)(m->h - 1)));
    float beside = sqrtf((u - in_u) * (u - in_u) + (v - in_v) * (v - in_v));
    int i = (int)in_u, k = (int)in_v, right = i + 1 < m->w, down = k + 1 < m->h ? m->w : 0;
    float fu = in_u - (float)i, fv = in_v - (float)k;
    const float *d = m->d + (ptrdiff_t)k * m->w + i;
    float top = d[0] + fu * (d[right] - d[0]), bottom = d[down] + fu * (d[down + right] - d[down]);
    return (top + fv * (bottom - top) + (beside > 1 ? beside : 0)) / m->per_px;
}
