/* abilities.c - what the libraries beneath are */
#include "compose/abilities.h"
#include <cairo.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <librsvg/rsvg.h>
#include <pango/pango.h>
#include "compose/speak.h"

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
