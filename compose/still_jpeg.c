/* still_jpeg.c - walks a JPEG: its segments up to the end of the picture, its profile, its orientation, its inks
 *
 * Sources: ITU-T T.81 (segments), T.872 6.5.3 (Adobe's APP14), ICC.1:2022 B.4 (profiles in APP2). */
#include "compose/still.h"
#include <string.h>

enum { SOS = 0xda, EOI = 0xd9, ADOBE_LEN = 12, ADOBE_TRANSFORM = 11 };

/* What is found on the way. */
struct seen {
    size_t adobe; /* offset of what APP14 holds; 0: none */
    int n_components;
};

static bool is_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* After SOS come entropy-coded bytes in which 0xff is followed by 0 or a restart marker. */
static size_t skip_scan(const uint8_t *p, size_t n, size_t at)
{
    while (at + 1 < n &&
           (p[at] != 0xff || p[at + 1] == 0 || p[at + 1] == 0xff || (p[at + 1] >= 0xd0 && p[at + 1] <= 0xd7)))
        at++;
    return at;
}

static void take_app(struct still *s, struct seen *seen, const uint8_t *file, size_t at, unsigned marker, size_t n)
{
    const uint8_t *p = file + at;
    if (marker == 0xe1 && n > 6 && memcmp(p, "Exif\0\0", 6) == 0)
        still_exif(s, p + 6, n - 6);
    if (marker == 0xe2 && n > 14 && memcmp(p, "ICC_PROFILE\0", 12) == 0) /* number and count: writers keep the order */
        still_profile(s, p + 14, n - 14);
    if (marker == 0xee && n >= ADOBE_LEN && memcmp(p, "Adobe", 5) == 0)
        seen->adobe = at;
}

/* Components that are called C, M, Y and K are CMYK to the decoder, whatever it is told: black gets another name, in
 * the frame's header and in those of the scans. The file was walked before, so its segments are whole. */
static void rename_black(uint8_t *p, size_t n)
{
    for (size_t at = 2; at + 4 <= n && p[at] == 0xff;) {
        size_t len = (size_t)p[at + 2] << 8 | p[at + 3];
        if (p[at + 1] == 0xff) {
            at++;
            continue;
        }
        if (is_frame(p[at + 1]) && len >= 20 && p[at + 19] == 'K')
            p[at + 19] = 'k';
        for (size_t i = at + 5; p[at + 1] == SOS && i + 1 < at + 2 + len && i < at + 5 + 2 * (size_t)p[at + 4]; i += 2)
            if (p[i] == 'K')
                p[i] = 'k';
        at = p[at + 1] == SOS ? skip_scan(p, n, at + 2 + len) : at + 2 + len;
    }
}

/* Four components: the decoder would make RGB of them by a rule of thumb. Told that they are of another kind it leaves
 * them as they are. */
static bool fill_inks(const uint8_t *p, size_t n, const struct seen *seen, struct still *s, struct err *e)
{
    static const uint8_t app14[] = { 0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 1 };
    size_t extra = seen->adobe ? 0 : sizeof app14;
    s->is_inverted = seen->adobe != 0;
    s->ink = seen->adobe && p[seen->adobe + ADOBE_TRANSFORM] == 2 ? INK_YCCK : INK_CMYK;
    if (av_new_packet(s->packet, (int)(n + extra)) < 0)
        return err_set(e, ERR_MEDIA, "no memory for %zu bytes", n);
    uint8_t *to = s->packet->data;
    memcpy(to, p, 2);
    memcpy(to + 2, app14, extra);
    memcpy(to + 2 + extra, p + 2, n - 2);
    if (seen->adobe)
        to[seen->adobe + ADOBE_TRANSFORM] = 1;
    rename_black(to, n + extra);
    return true;
}

bool jpeg_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    struct seen seen = { 0 };
    size_t at = 2;
    while (n - at >= 4) {
        if (p[at] != 0xff)
            return err_set(e, ERR_MEDIA, "JPEG is damaged at byte %zu", at);
        unsigned marker = p[at + 1];
        if (marker == 0xff) { /* fill byte */
            at++;
            continue;
        }
        size_t len = (size_t)p[at + 2] << 8 | p[at + 3];
        if (len < 2 || n - at - 2 < len)
            break;
        if (is_frame(marker) && len >= 8) {
            if (!still_sides_ok(p[at + 7] << 8 | p[at + 8], p[at + 5] << 8 | p[at + 6], e))
                return false;
            seen.n_components = p[at + 9];
            if (len >= 20) /* the sampling factors of the first and of the fourth */
                s->has_half_black = p[at + 11] != p[at + 20];
        }
        take_app(s, &seen, p, at + 4, marker, len - 2);
        at += 2 + len;
        if (marker == SOS)
            at = skip_scan(p, n, at);
        if (n - at >= 2 && p[at] == 0xff && p[at + 1] == EOI) /* previews and trailers are not the picture */
            return seen.n_components == 4 ? fill_inks(p, at + 2, &seen, s, e) : still_fill(s, p, at + 2, e);
    }
    return err_set(e, ERR_MEDIA, "JPEG is truncated: the file ends after %zu bytes, inside the picture", n);
}
