/* kernel_turned.c - samples a turned window of a plane: first along its rows, each a little further, then down its
 * columns, each a little lower
 *
 * Source: E. Catmull, A. R. Smith, 3-D Transformations of Images in Scanline Order, SIGGRAPH 1980. For the few degrees
 * of a camera the first pass changes the scale by less than 2 %, and nothing is lost between the two. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include "compose/kernel_private.h"
#include "gen/base/mem.h"

/* Weights of every phase for one scale. */
struct phases {
    int taps;
    double step;     /* 0: none are there yet */
    int16_t *weight; /* TURNED_PHASES x taps */
    size_t room;
};

struct kernel_turned {
    struct phases across, down;
    int32_t *x, *y, *start, *at; /* of each column: positions within its row, what `across` takes */
    size_t columns;
    const int16_t **rows;
    size_t n_rows;
};

void kernel_turned_destroy(struct kernel_turned *t)
{
    if (!t)
        return;
    free(t->across.weight);
    free(t->down.weight);
    free(t->x);
    free(t->y);
    free(t->start);
    free(t->at);
    free(t->rows);
    free(t);
}

static void phases_make(struct phases *p, const struct kernel *k, double step, int taps_multiple)
{
    double stretch = step > 1 ? step : 1;
    if (p->step >= stretch && p->step <= stretch)
        return;
    p->step = stretch;
    p->taps = kernel_taps(step, taps_multiple);
    assert(p->taps <= KERNEL_TAPS_MAX);
    if ((size_t)TURNED_PHASES * (size_t)p->taps > p->room) {
        p->room = (size_t)TURNED_PHASES * (size_t)p->taps;
        p->weight = mem_resize(p->weight, p->room, sizeof *p->weight);
    }
    int half = p->taps / 2;
    for (int i = 0; i < TURNED_PHASES; i++)
        kernel_weigh(k, 1 - half - i / (double)TURNED_PHASES, 1 / stretch, p->taps,
                     p->weight + (size_t)i * (size_t)p->taps);
}

static int32_t position(double px)
{
    static const double most = 1 << 15;
    return (int32_t)lrint(fmax(-most, fmin(px, most)) * (1 << TURNED_FRACTION));
}

static int clamp_int(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

static struct kernel_turned *turned_for(struct kernel *k, int n)
{
    if (!k->turned)
        k->turned = mem_alloc(sizeof *k->turned);
    struct kernel_turned *t = k->turned;
    if ((size_t)n > t->columns) {
        t->columns = (size_t)n;
        t->x = mem_resize(t->x, t->columns, sizeof *t->x);
        t->y = mem_resize(t->y, t->columns, sizeof *t->y);
        t->start = mem_resize(t->start, t->columns, sizeof *t->start);
        t->at = mem_resize(t->at, t->columns, sizeof *t->at);
    }
    return t;
}

/* One run over the plane. Source rows up to `done` are in the ring. */
struct run {
    struct kernel *k;
    struct kernel_turned *t;
    const struct plane *src;
    const struct lattice *l;
    int n, ring_rows, done;
};

static void run_begin(struct run *r, struct kernel *k, const struct plane *src, const struct lattice *l, int w)
{
    int n = (w + KERNEL_BLOCK - 1) / KERNEL_BLOCK * KERNEL_BLOCK;
    struct kernel_turned *t = turned_for(k, n);
    double shear = l->down_x / l->down_y, step = l->right_x - shear * l->right_y;
    assert(step > 0 && step <= KERNEL_STEP_MAX && l->down_y > 0 && l->down_y <= KERNEL_STEP_MAX);
    phases_make(&t->across, k, step, 8);
    phases_make(&t->down, k, l->down_y, 2);
    for (int i = 0; i < n; i++) {
        int column = i < w ? i : w - 1;
        t->x[i] = position(column * step);
        t->y[i] = position(column * l->right_y);
    }
    int reach = abs(turned_px(t->y[n - 1])) + 2;
    *r = (struct run){ .k = k, .t = t, .src = src, .l = l, .n = n, .ring_rows = reach + t->down.taps + 1, .done = -1 };
    kernel_ring_hold(k, (size_t)r->ring_rows * (size_t)n);
    if ((size_t)r->ring_rows > t->n_rows) {
        t->n_rows = (size_t)r->ring_rows;
        t->rows = mem_resize(t->rows, t->n_rows, sizeof *t->rows);
    }
}

static int16_t *ring_row(const struct run *r, int y)
{
    return r->k->ring + (ptrdiff_t)(y % r->ring_rows) * r->n;
}

static void filter_row(struct run *r, int y)
{
    struct kernel_turned *t = r->t;
    int taps = t->across.taps, most = r->src->w + PLANE_PAD - taps;
    int32_t base = position(r->l->x + (y - r->l->y) * r->l->down_x / r->l->down_y) + TURNED_HALF_PHASE;
    for (int i = 0; i < r->n; i++) { /* far outside the picture everything is its edge */
        t->start[i] = clamp_int(turned_px(base + t->x[i]) - taps / 2 + 1, -PLANE_PAD, most);
        t->at[i] = turned_phase(base + t->x[i]) * taps;
    }
    r->k->turned_rows->across(ring_row(r, y), r->src->px + y * r->src->stride, t->start, t->at, t->across.weight, r->n,
                              taps);
}

/* The rows that output row j is made of, from source row *low on. */
static void gather_rows(struct run *r, int32_t base, int *low)
{
    struct kernel_turned *t = r->t;
    int a = turned_px(base + t->y[0]), b = turned_px(base + t->y[r->n - 1]), taps = t->down.taps;
    int from = (a < b ? a : b) - taps / 2 + 1, to = (a > b ? a : b) + taps / 2, last = r->src->h - 1;
    assert(to - from < r->ring_rows);
    if (r->done < 0)
        r->done = clamp_int(from, 0, last) - 1;
    for (int y = from; y <= to; y++) {
        int inside = clamp_int(y, 0, last);
        while (r->done < inside)
            filter_row(r, ++r->done);
        t->rows[y - from] = ring_row(r, inside);
    }
    *low = from;
}

void kernel_sample_turned(struct kernel *k, const struct plane *src, const struct lattice *l, uint8_t *dst,
                          ptrdiff_t stride, int w, int h, uint8_t low, uint8_t high)
{
    struct run r;
    int first;
    run_begin(&r, k, src, l, w);
    const struct phases *down = &r.t->down;
    for (int j = 0; j < h; j++) {
        int32_t base = position(l->y + j * l->down_y) + TURNED_HALF_PHASE;
        gather_rows(&r, base, &first);
        /* rows[0] is source row `first`, and the columns' taps begin taps / 2 - 1 above their position */
        base -= (first + down->taps / 2 - 1) * (1 << TURNED_FRACTION);
        k->turned_rows->down(dst + j * stride, r.t->rows, base, r.t->y, down->weight, r.n, down->taps, low, high);
    }
}
