/* cicp.c - colours that are told by numbers become the film's
 *
 * The curves are tables, the rest is arithmetic: a cube of results would be quicker and off by several steps where
 * colours leave BT.709. Sources: ITU-T H.273 tables 2 and 3, ITU-R BT.2100-2 tables 4 and 5, BT.2390-8 5.4.1,
 * IEC 61966-2-1. */
#include "compose/cicp.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"

enum { CODES = 1 << 16, STEPS = 4096 };

static const double white_light = 203, usual_peak = 1000, most_light = 10000;

/* Tables over light are spaced by its root, as eyes nearly see it, and end at `top`. */
struct cicp_map {
    float light[CODES];     /* of a code; of HDR the scene's or the display's, 1 the most there is */
    float shown[STEPS + 2]; /* HLG: what the display makes of a scene's luminance */
    float toned[STEPS + 2]; /* HDR: what the largest of three is multiplied by */
    float code[STEPS + 2];  /* sRGB's */
    float to[3][3];         /* to BT.709's primaries */
    bool is_hdr, is_hlg;
};

struct matrix {
    double m[3][3];
};

/* ---------- primaries ---------- */

static const struct primaries {
    int number;
    double white[2], rgb[3][2];
} all_primaries[] = {
    { 1, { 0.3127, 0.3290 }, { { 0.640, 0.330 }, { 0.300, 0.600 }, { 0.150, 0.060 } } },
    { 9, { 0.3127, 0.3290 }, { { 0.708, 0.292 }, { 0.170, 0.797 }, { 0.131, 0.046 } } },
    { 11,
      { 0.3127, 0.3290 },
      { { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 } } }, /* its white is adapted to D65 */
    { 12, { 0.3127, 0.3290 }, { { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 } } },
};

static const struct primaries *primaries_of(int number)
{
    for (size_t i = 0; i < COUNTOF(all_primaries); i++)
        if (all_primaries[i].number == number)
            return &all_primaries[i];
    return &all_primaries[0];
}

static struct matrix inverse(const struct matrix *a)
{
    struct matrix r;
    double det = 0;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            int i1 = (i + 1) % 3, i2 = (i + 2) % 3, k1 = (k + 1) % 3, k2 = (k + 2) % 3;
            r.m[k][i] = a->m[i1][k1] * a->m[i2][k2] - a->m[i1][k2] * a->m[i2][k1];
        }
    for (int k = 0; k < 3; k++)
        det += a->m[0][k] * r.m[k][0];
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            r.m[i][k] /= det;
    return r;
}

static void apply(const struct matrix *a, const double in[3], double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = a->m[i][0] * in[0] + a->m[i][1] * in[1] + a->m[i][2] * in[2];
}

/* Linear RGB to XYZ (SMPTE RP 177). */
static struct matrix to_xyz(const struct primaries *p)
{
    struct matrix a, inv;
    double white[3] = { p->white[0] / p->white[1], 1, (1 - p->white[0] - p->white[1]) / p->white[1] }, share[3];
    for (int c = 0; c < 3; c++) {
        a.m[0][c] = p->rgb[c][0];
        a.m[1][c] = p->rgb[c][1];
        a.m[2][c] = 1 - p->rgb[c][0] - p->rgb[c][1];
    }
    inv = inverse(&a);
    apply(&inv, white, share);
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 3; c++)
            a.m[i][c] *= share[c];
    return a;
}

/* ---------- curves ---------- */

static const double pq_m1 = 2610 / 16384.0, pq_m2 = 2523 / 32.0, pq_c1 = 3424 / 4096.0, pq_c2 = 2413 / 128.0,
                    pq_c3 = 2392 / 128.0;

double cicp_pq_light(double code)
{
    double v = pow(code < 0 ? 0 : code, 1 / pq_m2), top = v - pq_c1;
    return most_light * pow(top > 0 ? top / (pq_c2 - pq_c3 * v) : 0, 1 / pq_m1);
}

double cicp_pq_code(double light)
{
    double y = pow(light < 0 ? 0 : light / most_light, pq_m1);
    return pow((pq_c1 + pq_c2 * y) / (1 + pq_c3 * y), pq_m2);
}

static double hlg_scene(double code)
{
    const double a = 0.17883277, b = 0.28466892, c = 0.55991073;
    return code <= 0.5 ? code * code / 3 : (exp((code - c) / a) + b) / 12;
}

static double srgb_light(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double srgb_code(double v)
{
    return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

/* The EETF, with black at 0: light of up to `peak` becomes light of up to white_light. */
static double tone(double light, double peak)
{
    double top = cicp_pq_code(peak), e = cicp_pq_code(light) / top, most = cicp_pq_code(white_light) / top;
    double knee = 1.5 * most - 0.5;
    if (peak <= white_light)
        return light;
    e = e > 1 ? 1 : e;
    if (e > knee) {
        double t = (e - knee) / (1 - knee), t2 = t * t, t3 = t2 * t;
        e = (2 * t3 - 3 * t2 + 1) * knee + (t3 - 2 * t2 + t) * (1 - knee) + (3 * t2 - 2 * t3) * most;
    }
    return cicp_pq_light(e * top);
}

static float at(const float *table, float v)
{
    float u = v >= 1 ? STEPS : v > 0 ? sqrtf(v) * STEPS : 0;
    int i = (int)u;
    return table[i] + (u - (float)i) * (table[i + 1] - table[i]);
}

static void fill_tables(struct cicp_map *m, const struct cicp *c)
{
    double peak = c->transfer == CICP_PQ && c->peak > 0 ? c->peak : usual_peak;
    for (int i = 0; i < CODES; i++) {
        double code = i / (CODES - 1.0);
        m->light[i] = (float)(m->is_hlg   ? hlg_scene(code)
                              : m->is_hdr ? cicp_pq_light(code) / most_light
                                          : srgb_light(code));
    }
    for (int i = 0; i < STEPS + 2; i++) {
        double v = i / (double)STEPS * (i / (double)STEPS), light = v * most_light;
        m->shown[i] = (float)(usual_peak / most_light * pow(v, 0.2)); /* the OOTF of a display of 1000 cd/m2 */
        m->toned[i] = (float)(i ? tone(light, peak) / light * most_light / white_light : most_light / white_light);
        m->code[i] = (float)srgb_code(v);
    }
}

struct cicp_map *cicp_map_create(struct cicp c)
{
    const struct primaries *p = primaries_of(c.primaries);
    bool is_hdr = c.transfer == CICP_PQ || c.transfer == CICP_HLG;
    if (p->number == 1 && !is_hdr)
        return NULL;
    struct cicp_map *m = mem_alloc(sizeof *m);
    struct matrix from = to_xyz(p), bt709 = to_xyz(&all_primaries[0]), back = inverse(&bt709);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            m->to[i][k] =
                (float)(back.m[i][0] * from.m[0][k] + back.m[i][1] * from.m[1][k] + back.m[i][2] * from.m[2][k]);
    m->is_hdr = is_hdr;
    m->is_hlg = c.transfer == CICP_HLG;
    fill_tables(m, &c);
    return m;
}

void cicp_map_destroy(struct cicp_map *m)
{
    free(m);
}

static float largest(const float v[3])
{
    float most = v[0] > v[1] ? v[0] : v[1];
    return most > v[2] ? most : v[2];
}

/* As much grey of the same luminance as is needed to bring all three between 0 and 1. */
static void fit(float v[3])
{
    float y = 0.2126f * v[0] + 0.7152f * v[1] + 0.0722f * v[2], keep = 1;
    y = y > 1 ? 1 : y < 0 ? 0 : y;
    for (int i = 0; i < 3; i++) {
        float most = v[i] < 0 ? y / (y - v[i]) : v[i] > 1 ? (1 - y) / (v[i] - y) : 1;
        keep = most < keep ? most : keep;
    }
    for (int i = 0; i < 3; i++) {
        float fitted = keep < 1 ? y + keep * (v[i] - y) : v[i];
        v[i] = fitted < 0 ? 0 : fitted > 1 ? 1 : fitted;
    }
}

void cicp_map_px(const struct cicp_map *m, const uint16_t in[3], uint16_t out[3])
{
    float l[3] = { m->light[in[0]], m->light[in[1]], m->light[in[2]] }, v[3], scale = 1;
    if (m->is_hlg)
        scale = at(m->shown, 0.2627f * l[0] + 0.6780f * l[1] + 0.0593f * l[2]);
    for (int i = 0; i < 3; i++)
        v[i] = scale * (m->to[i][0] * l[0] + m->to[i][1] * l[1] + m->to[i][2] * l[2]);
    float toned = m->is_hdr ? at(m->toned, largest(v)) : 1;
    for (int i = 0; i < 3; i++)
        v[i] *= toned;
    fit(v);
    for (int i = 0; i < 3; i++)
        out[i] = (uint16_t)(at(m->code, v[i]) * 65535 + 0.5f);
}
