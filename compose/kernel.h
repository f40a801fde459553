/* kernel.h - samples a window of a plane at sub-pixel precision: a separable cubic of six points in integers
 *
 * Keys' cubic convolution of six points: it reproduces straight lines and parabolas exactly, so a feature is where it
 * should be at every fraction of a pixel (three-lobed Lanczos is off by up to 0.02 px, which is seen as shaking), and
 * rings less. When the window holds more pixels than the output the kernel is stretched, so that zooming out never
 * aliases, and its centre of gravity is put right. Weights are exact for every output sample (no table of phases), 14
 * bits, and add up to one exactly: a flat picture stays flat. All sums are integers, so the C and the AVX2 code give
 * the same bytes. Source: R. Keys, Cubic Convolution Interpolation for Digital Image Processing, IEEE Trans. ASSP 29
 * (1981), section V. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PLANE_FRACTION = 6,                         /* bits after the point of a plane's values */
    PLANE_PAD = 64,                             /* px repeated beyond the left and right edge */
    KERNEL_STEP_MAX = 8,                        /* source px per output px */
};

/* A plane of a prepared picture: 8-bit video values x 64. */
struct plane {
    int w, h;
    ptrdiff_t stride;                           /* in values */
    int16_t *px;                                /* of (0, 0); PLANE_PAD values before and after each row are readable */
    int16_t *mem;
};

void plane_init(struct plane *p, int w, int h);
void plane_deinit(struct plane *p);
void plane_pad(struct plane *p);                /* repeats the edges once all of the plane is written */

/* Where output samples lie on one axis of the source: sample i is centred at `first` + i * `step` (px; centre of px 0
 * is 0). */
struct span {
    double first, step;
};

struct kernel;
/* allow_simd  false: the portable code, whatever the machine can do */
struct kernel *kernel_create(bool allow_simd);
void kernel_destroy(struct kernel *k);

/* dst  w x h bytes, rows writable to the next multiple of 64; values clamped to [low, high] */
void kernel_sample(struct kernel *k, const struct plane *src, struct span x, struct span y, uint8_t *dst,
                   ptrdiff_t stride, int w, int h, uint8_t low, uint8_t high);
/* The same into a plane (not yet padded), for preparing pictures. */
void kernel_resize(struct kernel *k, const struct plane *src, struct span x, struct span y, struct plane *dst);

/* Where output samples lie when the window is turned: sample (i, j) is centred at (x + i right_x + j down_x,
 * y + i right_y + j down_y) px. Steps of at most KERNEL_STEP_MAX, turned by at most 30 degrees or so. */
struct lattice {
    double x, y, right_x, right_y, down_x, down_y;
};
/* As kernel_sample, at three to five times its cost. */
void kernel_sample_turned(struct kernel *k, const struct plane *src, const struct lattice *l, uint8_t *dst,
                          ptrdiff_t stride, int w, int h, uint8_t low, uint8_t high);

double kernel_weight(double x);                 /* the continuous kernel: 1 at 0, support 3 */
