/* still_heif.c - AVIF and HEIC pictures, by libheif (inside the child process)
 *
 * The library walks the container, puts tiles together, turns and crops as the file says, and makes R'G'B' of Y'CbCr.
 * What the colours mean is left to compose/colours.h. Sources: ISO/IEC 23008-12, AV1 Image File Format 1.1. */
#include <libheif/heif.h>
#include <stdlib.h>
#include <string.h>
#include "compose/decode.h"
#include "compose/still.h"
#include "gen/base/mem.h"

enum { UNSPECIFIED = 2 }; /* ITU-T H.273 */

/* Codecs may be libraries of their own that are looked for in the file system. */
void heif_begin(void)
{
#if LIBHEIF_HAVE_VERSION(1, 14, 0)
    heif_init(NULL);
#endif
}

static bool fail(struct heif_error r, struct err *e)
{
    if (r.code == heif_error_Unsupported_filetype || r.code == heif_error_Unsupported_feature)
        return err_set(e, ERR_MEDIA, "libheif cannot read it here: %s; please save it as a JPEG or PNG", r.message);
    return err_set(e, ERR_MEDIA, "does not decode: %s", r.message);
}

static void take_colours(const struct heif_image_handle *h, struct still *s)
{
    struct heif_color_profile_nclx *told = NULL;
    size_t n = heif_image_handle_get_raw_color_profile_size(h);
    if (n && n <= ICC_MAX) {
        uint8_t *icc = mem_alloc(n);
        if (heif_image_handle_get_raw_color_profile(h, icc).code == heif_error_Ok)
            still_profile(s, icc, n);
        free(icc);
    }
    /* A profile says more than numbers do; the numbers then tell the matrix only (ISO/IEC 23000-22, 7.3.6.4). */
    if (s->icc.n || heif_image_handle_get_nclx_color_profile(h, &told).code != heif_error_Ok || !told)
        return;
    if ((int)told->transfer_characteristics != UNSPECIFIED && (int)told->color_primaries != UNSPECIFIED) {
        s->primaries = (int)told->color_primaries;
        s->transfer = (int)told->transfer_characteristics;
    }
    heif_nclx_color_profile_free(told);
}

/* What the fourth component of a row is. Where there is no alpha, libheif 1.15 fills in a number that is none. */
enum alpha { OPAQUE, STRAIGHT, PREMULTIPLIED };

/* bits  of each sample: 8 in a byte; more: in 16, least significant first */
static void copy_row(const uint8_t *from, int bits, enum alpha alpha, uint8_t *to, int n)
{
    uint32_t most = (1U << bits) - 1, v[4];
    for (int x = 0; x < n; x++) {
        for (int i = 0; i<4; i++, from += bits> 8 ? 2 : 1)
            v[i] = bits > 8 ? (uint32_t)from[0] | (uint32_t)from[1] << 8 : from[0];
        v[3] = alpha == OPAQUE ? most : v[3];
        for (int i = 0; i < 3 && alpha == PREMULTIPLIED && v[3]; i++)
            v[i] = v[i] * most / v[3] > most ? most : v[i] * most / v[3];
        for (int i = 0; i<4; i++, to += bits> 8 ? 2 : 1) {
            uint16_t wide = (uint16_t)((v[i] * 65535 + most / 2) / most);
            if (bits > 8)
                memcpy(to, &wide, sizeof wide);
            else
                to[0] = (uint8_t)v[i];
        }
    }
}

static bool take_pixels(const struct heif_image *image, const struct heif_image_handle *h, struct still *s,
                        struct err *e)
{
    int w = heif_image_get_primary_width(image), high = heif_image_get_primary_height(image), stride = 0;
    int bits = heif_image_get_bits_per_pixel_range(image, heif_channel_interleaved);
    const uint8_t *p = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    if (!p || bits < 8 || bits > 16)
        return err_set(e, ERR_MEDIA, "does not decode: %d bits a sample", bits);
    if (!still_sides_ok(w, high, e) || !still_frame(s, w, high, bits > 8 ? AV_PIX_FMT_RGBA64 : AV_PIX_FMT_RGBA, e))
        return false;
    enum alpha alpha = !heif_image_handle_has_alpha_channel(h)       ? OPAQUE
                       : heif_image_handle_is_premultiplied_alpha(h) ? PREMULTIPLIED
                                                                     : STRAIGHT;
    for (int y = 0; y < high; y++)
        copy_row(p + (ptrdiff_t)y * stride, bits, alpha, s->frame->data[0] + (ptrdiff_t)y * s->frame->linesize[0], w);
    return true;
}

static bool decode(const struct heif_image_handle *h, struct still *s, struct err *e)
{
    struct heif_decoding_options *o = heif_decoding_options_alloc();
    struct heif_image *image = NULL;
    bool is_deep = heif_image_handle_get_luma_bits_per_pixel(h) > 8;
    o->strict_decoding = 1;
    struct heif_error r =
        heif_decode_image(h, &image, heif_colorspace_RGB,
                          is_deep ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RGBA, o);
    bool ok = r.code == heif_error_Ok ? take_pixels(image, h, s, e) : fail(r, e);
    if (image)
        heif_image_release(image);
    heif_decoding_options_free(o);
    return ok;
}

bool heif_walk(const uint8_t *p, size_t n, struct still *s, struct err *e)
{
    struct heif_context *c = heif_context_alloc();
    struct heif_image_handle *h = NULL;
    bool ok = false;
    heif_context_set_maximum_image_size_limit(c, PICTURE_SIDE_MAX);
    heif_context_set_max_decoding_threads(c, 0);
    struct heif_error r = heif_context_read_from_memory_without_copy(c, p, n, NULL);
    if (r.code != heif_error_Ok || (r = heif_context_get_primary_image_handle(c, &h)).code != heif_error_Ok) {
        fail(r, e);
        goto out;
    }
    if (!still_sides_ok(heif_image_handle_get_width(h), heif_image_handle_get_height(h), e))
        goto out;
    take_colours(h, s);
    ok = decode(h, s, e);
out:
    if (h)
        heif_image_handle_release(h);
    heif_context_free(c);
    return ok;
}
