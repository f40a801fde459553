/* audit_grid.c - a picture reduced to what tells black from light and still from moving */
#include "compose/audit_grid.h"
#include <stdlib.h>
#include <string.h>

enum { DARK = 32 };                             /* luma: black with the noise of coding, and nothing that can be seen */

struct sums { uint32_t luma, light; };

static struct sums row_sums(const uint8_t *p, int n)
{
    struct sums s = { 0, 0 };
    for (int i = 0; i < n; i++) {
        s.luma += p[i];
        s.light += p[i] > DARK;
    }
    return s;
}

void audit_grid_take(struct audit_grid *g, const uint8_t *luma, int64_t stride, int w, int h)
{
    uint64_t light = 0;
    memset(g, 0, sizeof *g);
    for (int r = 0; r < GRID_H; r++) {
        int y0 = r * h / GRID_H, y1 = (r + 1) * h / GRID_H;
        uint64_t sum[GRID_W] = { 0 };
        for (int y = y0; y < y1; y++)
            for (int c = 0; c < GRID_W; c++) {
                int x0 = c * w / GRID_W, x1 = (c + 1) * w / GRID_W;
                struct sums s = row_sums(luma + y * stride + x0, x1 - x0);
                sum[c] += s.luma;
                light += s.light;
            }
        for (int c = 0; c < GRID_W; c++) {
            int64_t n = (int64_t)(y1 - y0) * ((c + 1) * w / GRID_W - c * w / GRID_W);
            g->cell[r][c] = n ? (uint16_t)(sum[c] * GRID_ONE / (uint64_t)n) : 0;
        }
    }
    g->light = (double)light / ((double)w * h);
}

double audit_grid_change(const struct audit_grid *a, const struct audit_grid *b, double steps, int skip_from,
                         int skip_to)
{
    int n = 0, changed = 0;
    for (int r = 0; r < GRID_H; r++) {
        if (r >= skip_from && r < skip_to)
            continue;
        for (int c = 0; c < GRID_W; c++, n++)
            changed += abs(a->cell[r][c] - b->cell[r][c]) > steps * GRID_ONE;
    }
    return n ? (double)changed / n : 0;
}

double audit_grid_darkened(const struct audit_grid *drawn, const struct audit_grid *film, double steps)
{
    int n = 0;
    for (int r = 0; r < GRID_H; r++)
        for (int c = 0; c < GRID_W; c++)
            n += drawn->cell[r][c] > DARK * GRID_ONE && drawn->cell[r][c] - film->cell[r][c] >= steps * GRID_ONE;
    return (double)n / (GRID_W * GRID_H);
}
