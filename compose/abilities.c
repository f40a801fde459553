/* abilities.c - what the libraries beneath are */
#include "compose/abilities.h"
#include <cairo.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <librsvg/rsvg.h>
#include <pango/pango.h>
#include "compose/containers.h"
#include "compose/sound_encoder.h"
#include "compose/speak.h"
#include "gen/base/mem.h"

static void add_av(struct buf *b, const char *name, unsigned v)
{
    buf_printf(b, "%s %u.%u.%u, ", name, AV_VERSION_MAJOR(v), AV_VERSION_MINOR(v), AV_VERSION_MICRO(v));
}

void abilities_libraries(struct buf *b)
{
    add_av(b, "libavcodec", avcodec_version());
    add_av(b, "libavformat", avformat_version());
    buf_printf(b, "Pango %s, Cairo %s, librsvg %u.%u.%u, espeak-ng %s", pango_version_string(), cairo_version_string(),
               rsvg_major_version, rsvg_minor_version, rsvg_micro_version, speak_version());
}

bool abilities_can_write(enum sound_codec codec, struct err *e)
{
    static const struct { enum AVCodecID id; const char *name; } pictures[] = {
        { AV_CODEC_ID_MJPEG, "JPEG" }, { AV_CODEC_ID_PNG, "PNG" },
    };
    static const char *const names[] = { "x.nut", "x.mp4", "x.webm", "x.mkv" };
    if (!sound_encoder_is_there(codec, e))
        return false;
    for (size_t i = 0; i < COUNTOF(pictures); i++)
        if (!avcodec_find_encoder(pictures[i].id))
            return err_set(e, ERR_CONFIG, "this FFmpeg cannot write %s; install one that can", pictures[i].name);
    for (size_t i = 0; i < COUNTOF(names); i++) {
        const char *muxer = i == 0 ? "nut" : container_row_of(str_from(names[i]))->muxer;
        if (!av_guess_format(muxer, NULL, NULL))
            return err_set(e, ERR_CONFIG, "this FFmpeg cannot write %s files (its muxer \"%s\"); install one that can",
                           names[i] + 2, muxer);
    }
    return true;
}
