/* audit_grid.h - a picture reduced to what tells black from light and still from moving */
#pragma once
#include <stdint.h>

enum {
    GRID_W = 32,
    GRID_H = 18,
    GRID_ONE = 16,                              /* cells count sixteenths of a step of luma */
};

struct audit_grid {
    uint16_t cell[GRID_H][GRID_W];              /* mean luma of each */
    double light;                               /* part of the picture that is lighter than black, 0 .. 1 */
};

/* luma  w x h px, limited range: 16 is black */
void audit_grid_take(struct audit_grid *g, const uint8_t *luma, int64_t stride, int w, int h);

/* Part of the cells whose luma differs by more than `steps`, those of rows [skip_from, skip_to) not counted. */
double audit_grid_change(const struct audit_grid *a, const struct audit_grid *b, double steps, int skip_from,
                         int skip_to);

/* Part of the cells that are light in `drawn` and darker by at least `steps` in `film`. Means of cells: coding takes
 * the grain out of a dark picture, and with it every light pixel, but leaves what each cell is on the whole. */
double audit_grid_darkened(const struct audit_grid *drawn, const struct audit_grid *film, double steps);
