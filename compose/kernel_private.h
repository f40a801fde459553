/* kernel_private.h - what the files of the kernel share: kernel.c (upright windows), kernel_turned.c (turned ones) */
#pragma once
#include "compose/kernel.h"
#include "compose/kernel_rows.h"
#include "compose/kernel_turned_rows.h"

enum {
    KERNEL_REACH = 3,
    KERNEL_TABLE_PER_PX = 1024,                 /* of the kernel; between entries it is linear */
    KERNEL_TABLE_N = KERNEL_REACH * KERNEL_TABLE_PER_PX + 2,
    KERNEL_ONE = 1 << KERNEL_WEIGHT_BITS,
};

/* One axis: n outputs (rounded up), each the sum of `taps` source values from start[i] on. */
struct kernel_axis {
    int n, taps;
    int32_t *start;
    int16_t *weight;                            /* n x taps */
    size_t room;
};

struct kernel_turned;

struct kernel {
    const struct kernel_rows *rows;
    const struct kernel_turned_rows *turned_rows;
    double table[KERNEL_TABLE_N];
    struct kernel_axis x, y;
    int16_t *ring;                              /* rows already filtered horizontally, by source row modulo ring_rows */
    size_t ring_room;
    struct kernel_turned *turned;               /* made when the first turned window is sampled */
};

/* How many source values make one output when each output is `step` px wide, a multiple of `multiple`. */
int kernel_taps(double step, int multiple);
/* 14-bit weights, adding up to one, of the values at offset, offset + 1, ... px from the sample. */
void kernel_weigh(const struct kernel *k, double offset, double squeeze, int taps, int16_t *out);
void kernel_ring_hold(struct kernel *k, size_t values); /* room for so many; the contents are lost */
void kernel_turned_destroy(struct kernel_turned *t);
