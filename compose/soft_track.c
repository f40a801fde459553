/* soft_track.c - subtitles inside a film, for the viewer to turn on */
#include "compose/soft_track.h"
#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

/* How 3GPP TS 26.245, 5.16 says what such text looks like when nothing else is said: centred at the bottom, white, in
 * a plain font. */
static const uint8_t tx3g_look[] = {
    0, 0, 0, 0,                                 /* displayFlags */
    1, 0xff,                                    /* horizontally centred, at the bottom */
    0, 0, 0, 0,                                 /* background: none */
    0, 0, 0, 0, 0, 0, 0, 0,                     /* box: the player's */
    0, 0, 0, 0, 0, 1, 0, 16, 0xff, 0xff, 0xff, 0xff, /* style: all characters, font 1, plain, 16, white */
    0, 0, 0, 18, 'f', 't', 'a', 'b', 0, 1, 0, 1, 5, 'A', 'r', 'i', 'a', 'l',
};

bool soft_track_open(struct soft_track *t, AVFormatContext *mux, const struct container_row *row,
                     const struct cues *cues, const char *language, struct err *e)
{
    *t = (struct soft_track){ .cues = cues, .row = row };
    if (!(t->stream = avformat_new_stream(mux, NULL)))
        return err_set(e, ERR_RENDER, "no memory for a subtitle track");
    AVCodecParameters *par = t->stream->codecpar;
    par->codec_type = AVMEDIA_TYPE_SUBTITLE;
    par->codec_id = (enum AVCodecID)row->subtitle_codec;
    t->stream->time_base = (AVRational){ 1, 1000 };
    if (par->codec_id == AV_CODEC_ID_MOV_TEXT) {
        par->extradata = av_mallocz(sizeof tx3g_look + AV_INPUT_BUFFER_PADDING_SIZE);
        if (!par->extradata)
            return err_set(e, ERR_RENDER, "no memory for a subtitle track");
        memcpy(par->extradata, tx3g_look, sizeof tx3g_look);
        par->extradata_size = sizeof tx3g_look;
    }
    if (language)
        av_dict_set(&t->stream->metadata, "language", language, 0);
    av_dict_set(&t->stream->metadata, "handler_name", "subtitles", 0);
    return true;
}

/* A sample of tx3g is the length of its text in two bytes, then the text. */
static bool add_tx3g(struct buf *b, struct str text)
{
    return text.n <= UINT16_MAX && buf_addc(b, (char)(text.n >> 8)) && buf_addc(b, (char)(text.n & 0xff)) &&
           buf_adds(b, text);
}

bool soft_track_next(struct soft_track *t, int64_t until_ms, AVPacket *p, bool *got, struct err *e)
{
    struct buf b = { 0 };
    *got = t->next < t->cues->n && t->cues->v[t->next].start_ms < until_ms;
    if (!*got)
        return true;
    const struct cue *c = &t->cues->v[t->next++];
    bool ok = t->row->subtitle_codec == AV_CODEC_ID_MOV_TEXT  ? add_tx3g(&b, c->text)
              : t->row->subtitle_codec == AV_CODEC_ID_SUBRIP ? cue_text_srt(&b, c->text)
                                                             : cue_text_vtt(&b, c->text);
    ok = ok && av_new_packet(p, (int)b.n) == 0;
    if (ok) {
        memcpy(p->data, b.p, b.n);
        p->pts = p->dts = c->start_ms;
        p->duration = c->end_ms - c->start_ms;
        p->flags |= AV_PKT_FLAG_KEY;
    }
    buf_deinit(&b);
    return ok || err_set(e, ERR_RENDER, "no memory for a subtitle");
}
