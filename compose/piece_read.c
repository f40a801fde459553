/* piece_read.c - the packets of a piece, for joining */
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdlib.h>
#include "compose/encoders.h"
#include "compose/fd_io.h"
#include "compose/piece.h"
#include "gen/base/mem.h"

struct piece_reader {
    AVFormatContext *demux;
    AVIOContext *io;
    AVRational frame;                           /* seconds */
    int64_t n;
    int delay;
};

static int never_open(AVFormatContext *s, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
    (void)s, (void)pb, (void)url, (void)flags, (void)options;
    return AVERROR(EPERM);
}

struct piece_reader *piece_open(int fd, struct err *e)
{
    struct piece_reader *r = mem_alloc(sizeof *r);
    r->io = fd_io_create(fd, false);
    if (!(r->demux = avformat_alloc_context()))
        abort();
    r->demux->pb = r->io;
    r->demux->flags |= AVFMT_FLAG_CUSTOM_IO;
    r->demux->io_open = never_open;
    if (avformat_open_input(&r->demux, NULL, av_find_input_format("nut"), NULL) < 0 || r->demux->nb_streams != 1)
        goto refuse;
    AVRational fps = r->demux->streams[0]->r_frame_rate;
    if (fps.num <= 0 || fps.den <= 0)
        goto refuse;
    r->frame = av_inv_q(fps);
    r->delay = encoder_delay(r->demux->streams[0]->codecpar->codec_id);
    return r;
refuse:
    err_set(e, ERR_RENDER, "this is no piece of a film");
    piece_close(r);
    return NULL;
}

const struct AVCodecParameters *piece_params(const struct piece_reader *r)
{
    return r->demux->streams[0]->codecpar;
}

bool piece_next(struct piece_reader *r, struct AVPacket *p, bool *got, struct err *e)
{
    int status = av_read_frame(r->demux, p);
    *got = status >= 0;
    if (status < 0)
        return status == AVERROR_EOF || err_set(e, ERR_RENDER, "a damaged piece of a film");
    p->stream_index = 0;
    p->pts = av_rescale_q(p->pts, r->demux->streams[0]->time_base, r->frame);
    p->dts = r->n++ - r->delay;
    p->duration = 1;
    if (p->pts < p->dts) {
        av_packet_unref(p);
        return err_set(e, ERR_RENDER, "a damaged piece of a film");
    }
    return true;
}

void piece_close(struct piece_reader *r)
{
    if (!r)
        return;
    avformat_close_input(&r->demux);
    fd_io_destroy(r->io);
    free(r);
}
