/* thumbnail_choose.c - which section's middle stands for a film */
#include <libavutil/frame.h>
#include <math.h>
#include <stdlib.h>
#include "compose/thumbnail.h"
#include "gen/base/mem.h"

enum { CELLS_WIDE = 480, LOOKED_AT_MOST = 12 };

static int cell_mean(const AVFrame *f, int plane, int x, int y, int side)
{
    int sum = 0;
    for (int r = 0; r < side; r++)
        for (int c = 0; c < side; c++)
            sum += f->data[plane][(y * side + r) * (ptrdiff_t)f->linesize[plane] + x * side + c];
    return sum / (side * side);
}

static double sharpness(const AVFrame *f)
{
    int side = f->width > CELLS_WIDE ? f->width / CELLS_WIDE : 1, w = f->width / side, h = f->height / side;
    int64_t sum = 0;
    int *above = mem_array((size_t)w, sizeof *above);
    for (int y = 0; y < h; y++)
        for (int x = 0, left = 0; x < w; x++) {
            int v = cell_mean(f, 0, x, y, side);
            sum += (x ? abs(v - left) : 0) + (y ? abs(v - above[x]) : 0);
            left = above[x] = v;
        }
    free(above);
    return (double)sum / ((double)w * h);
}

static double colourfulness(const AVFrame *f)
{
    int w = f->width / 2, h = f->height / 2;
    int64_t sum[2] = { 0 }, squares[2] = { 0 };
    for (int p = 0; p < 2; p++)
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                int v = f->data[p + 1][y * (ptrdiff_t)f->linesize[p + 1] + x] - 128;
                sum[p] += v;
                squares[p] += v * v;
            }
    double n = (double)w * h, b = (double)sum[0] / n, r = (double)sum[1] / n;
    double spread = (double)(squares[0] + squares[1]) / n - b * b - r * r;
    return sqrt(fmax(spread, 0)) + 0.3 * sqrt(b * b + r * r);
}

bool thumbnail_choose(const struct join_spec *s, int64_t *frame, struct err *e)
{
    size_t n = s->n_sections < LOOKED_AT_MOST ? s->n_sections : LOOKED_AT_MOST;
    double best = -1;
    bool ok = true;
    *frame = 0;
    for (size_t i = 0; ok && i < n; i++) {
        const struct join_section *sec = &s->sections[i * s->n_sections / n];
        int64_t middle = sec->first_frame + sec->n_frames / 2;
        AVFrame *f = av_frame_alloc();
        if (!f)
            return err_set(e, ERR_RENDER, "no memory for a picture");
        ok = film_frame(s, middle, f, e);
        double score = ok ? sharpness(f) * (1 + colourfulness(f)) : 0; /* 1: among grey ones the sharpest */
        if (score > best) {
            best = score;
            *frame = middle;
        }
        av_frame_free(&f);
    }
    return ok;
}
