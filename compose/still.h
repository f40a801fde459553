/* still.h - what a picture file's container holds: the compressed pixels, and what it says of their colours (inside the
 * child process)
 *
 * No demuxer: the containers are walked here, which finds a cut file for certain, and the decoder sees only what makes
 * the picture. Compressed profiles and texts of a PNG, which can grow to hundreds of megabytes, never reach it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libavcodec/avcodec.h>
#include "gen/base/buf.h"
#include "gen/base/err.h"

enum { ICC_MAX = 8 << 20 };                     /* bytes of a colour profile; printers' have up to 3 MB */

/* How the four components of a JPEG for print are written. */
enum still_ink { INK_NONE, INK_CMYK, INK_YCCK };

struct still {
    AVPacket *packet;                           /* the compressed pixels */
    AVFrame *frame;                             /* the pixels, from a walk that decodes as well; NULL: they are in packet */
    int orientation;                            /* 1-8, EXIF's */
    struct buf icc;                             /* a profile; empty: none */
    int primaries, transfer;                    /* ITU-T H.273; 0: not said */
    bool is_srgb;                               /* said outright */
    double gamma;                               /* of encoding, 0.45455 is usual; 0: not said */
    double chroma[8];                           /* white, red, green, blue, each x and y; [0] 0: not said */
    enum still_ink ink;
    bool is_inverted;                           /* 0 is full ink, as Adobe's programs have it */
    bool has_half_black;                        /* black has fewer samples than the first component */
};

/* The kinds of file there is a walk for. */
struct still_format {
    const char *type;                           /* as sniff_type says; NULL ends the table */
    enum AVCodecID codec;
    /* Fills the packet and the rest; ERR_MEDIA when the file is cut, damaged or too large. n >= least */
    bool (*walk)(const uint8_t *p, size_t n, struct still *s, struct err *e);
    size_t least;
    bool is_lenient;                            /* the decoder calls tags it does not know errors when asked to be strict */
    void (*begin)(void);                        /* called while files may still be opened; NULL: nothing to do then */
};
extern const struct still_format still_formats[];
void still_deinit(struct still *s);

/* Is a picture of that size allowed? ERR_MEDIA when not. */
bool still_sides_ok(int64_t w, int64_t h, struct err *e);

/* For the walks. */
bool still_fill(struct still *s, const uint8_t *p, size_t n, struct err *e); /* the packet, padded */
bool still_frame(struct still *s, int w, int h, enum AVPixelFormat format, struct err *e); /* a frame to be filled */
void still_profile(struct still *s, const uint8_t *p, size_t n); /* takes on a profile, or the next part of it */
void still_exif(struct still *s, const uint8_t *tiff, size_t n); /* the orientation in a TIFF structure, if it has one */
uint32_t still_be32(const uint8_t *p);
uint32_t still_le32(const uint8_t *p);

bool heif_walk(const uint8_t *p, size_t n, struct still *s, struct err *e); /* still_heif.c: AVIF, HEIC */
void heif_begin(void);
bool heif_walk(const uint8_t *p, size_t n, struct still *s, struct err *e);  /* still_heif.c: AVIF and HEIC */
void heif_begin(void);
bool png_walk(const uint8_t *p, size_t n, struct still *s, struct err *e);   /* still_png.c */
bool jpeg_walk(const uint8_t *p, size_t n, struct still *s, struct err *e);  /* still_jpeg.c */
