/* cicp.h - colours that are told by numbers (ITU-T H.273: primaries and transfer) become the film's: sRGB's curve,
 * BT.709's primaries
 *
 * Wide gamut is brought into BT.709 by taking colour out of what lies outside until it fits, at the same luminance.
 * HDR (PQ and HLG) is tone-mapped by the EETF of ITU-R BT.2390-8 5.4.1 from its own peak to 203 cd/m2, the reference
 * white of ITU-R BT.2408, on the largest of the film's R, G and B, so that hues stay. What is darker than the EETF's
 * knee keeps its light. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { CICP_PQ = 16, CICP_HLG = 18 };

struct cicp {
    int primaries, transfer;                    /* numbers of H.273; 0 or 2: as BT.709 */
    double peak;                                /* cd/m2, of PQ; 0: 1000 */
};

struct cicp_map;
/* NULL when nothing is to be done: colours of BT.709, BT.601 and what is not known are taken as they are. */
struct cicp_map *cicp_map_create(struct cicp c);
void cicp_map_destroy(struct cicp_map *m);      /* NULL is fine */
/* One colour, R' G' B' of 16 bits, full range. */
void cicp_map_px(const struct cicp_map *m, const uint16_t in[3], uint16_t out[3]);

double cicp_pq_light(double code);              /* cd/m2 of a PQ code 0..1: ITU-R BT.2100 table 4 */
double cicp_pq_code(double light);
