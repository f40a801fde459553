/* size.c - which of the sizes a service offers is bought for a film's frame */
#include "api/size.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>

static int gcd(int a, int b)
{
    while (b) {
        int t = a % b;
        a = b;
        b = t;
    }
    return a;
}

/* The part of the entry's area that is left when it is cropped to the frame's shape. */
static double kept(struct size_pair p, int w, int h)
{
    double a = (double)p.w * h, b = (double)p.h * w;
    return a < b ? a / b : b / a;
}

static bool is_better(struct size_pair p, struct size_pair best, int w, int h, bool by_area)
{
    double k = kept(p, w, h), kb = kept(best, w, h);
    if (fabs(k - kb) > 1e-6 || !by_area)
        return k > kb + 1e-6;
    int64_t area = (int64_t)p.w * p.h, best_area = (int64_t)best.w * best.h, want = (int64_t)w * h;
    if ((area >= want) != (best_area >= want))
        return area >= want;
    return area >= want ? area < best_area : area > best_area;
}

static struct size_pair nearest(const struct size_rule *rule, int w, int h)
{
    struct size_pair best = rule->list[0];
    for (size_t i = 1; i < rule->n_list; i++)
        if (is_better(rule->list[i], best, w, h, rule->how != SIZE_ASPECTS))
            best = rule->list[i];
    return best;
}

static int round_to(double v, int multiple, bool up)
{
    int n = (int)(up ? ceil(v / multiple - 1e-9) : floor(v / multiple + 1e-9)) * multiple;
    return n < multiple ? multiple : n;
}

static struct size_pair round_frame(const struct size_rule *rule, int w, int h)
{
    int m = rule->multiple > 0 ? rule->multiple : 1;
    struct size_pair p = { round_to(w, m, true), round_to(h, m, true) };
    if (rule->max_pixels <= 0 || (int64_t)p.w * p.h <= rule->max_pixels)
        return p;
    double scale = sqrt((double)rule->max_pixels / ((double)w * h));
    scale = scale < 1 ? scale : 1;
    return (struct size_pair){ round_to(w * scale, m, false), round_to(h * scale, m, false) };
}

void size_fixed(struct size_pair p, struct size_choice *out)
{
    int g = gcd(p.w, p.h);
    *out = (struct size_choice){ .width = p.w, .height = p.h };
    snprintf(out->size, sizeof out->size, "%dx%d", p.w, p.h);
    snprintf(out->aspect, sizeof out->aspect, "%d:%d", p.w / g, p.h / g);
    snprintf(out->ratio, sizeof out->ratio, "%d:%d", p.w, p.h);
}

void size_choose(const struct size_rule *rule, int w, int h, struct size_choice *out)
{
    if (w < 1 || h < 1)
        w = 1920, h = 1080;
    if (rule->how == SIZE_MULTIPLE) {
        size_fixed(round_frame(rule, w, h), out);
    } else if (rule->how == SIZE_FRAME || rule->n_list == 0) {
        size_fixed((struct size_pair){ w, h }, out);
    } else if (rule->how == SIZE_ASPECTS) {
        struct size_pair p = nearest(rule, w, h);
        size_fixed((struct size_pair){ w, h }, out);
        snprintf(out->aspect, sizeof out->aspect, "%d:%d", p.w, p.h);
    } else {
        size_fixed(nearest(rule, w, h), out);
    }
}

bool size_parse(struct str text, char sign, struct size_pair *out)
{
    int v[2] = { 0, 0 };
    size_t i = 0;
    for (int side = 0; side < 2; side++) {
        size_t from = i;
        for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && i - from < 5; i++)
            v[side] = v[side] * 10 + (text.p[i] - '0');
        if (i == from || v[side] < 1 || v[side] > 65535)
            return false;
        if (side == 0 && (i == text.n || text.p[i++] != sign))
            return false;
    }
    *out = (struct size_pair){ v[0], v[1] };
    return i == text.n;
}
