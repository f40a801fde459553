/* aac.c - a track becomes AAC packets */
#include "compose/aac.h"
#include <stdlib.h>
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include "compose/av.h"
#include "gen/base/mem.h"
#include "gen/media.h"

struct aac {
    struct master *master;
    AVCodecContext *enc;
    AVFrame *frame;
    int channels;                               /* of the master */
    int64_t at, n_samples;
    bool is_ended;
    float block[2048 * 2];
};

struct aac *aac_create(struct master *m, int channels, int64_t n_samples, int kbps, struct err *e)
{
    struct aac *a = mem_alloc(sizeof *a);
    const AVCodec *codec = avcodec_find_encoder_by_name("aac");
    int r = 0;
    *a = (struct aac){ .master = m, .channels = channels, .n_samples = n_samples };
    a->enc = codec ? avcodec_alloc_context3(codec) : NULL;
    a->frame = av_frame_alloc();
    if (!a->enc || !a->frame) {
        err_set(e, ERR_RENDER, "this FFmpeg has no AAC encoder");
        goto fail;
    }
    a->enc->sample_rate = SAMPLE_RATE;
    a->enc->sample_fmt = AV_SAMPLE_FMT_FLTP;
    a->enc->ch_layout = (AVChannelLayout)AV_CHANNEL_LAYOUT_STEREO;
    a->enc->bit_rate = (int64_t)(kbps > 0 ? kbps : 160) * 1000;
    a->enc->time_base = (AVRational){ 1, SAMPLE_RATE };
    a->enc->thread_count = 1;
    a->enc->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
    /* For speech at 128 kbit/s the fast search takes 60 % of the default's time and leaves less noise (48.9
     * against 38.6 dB segmental) in 14 % more bytes. */
    av_opt_set(a->enc->priv_data, "aac_coder", "fast", 0);
    if ((r = avcodec_open2(a->enc, codec, NULL)) < 0) {
        err_av(e, ERR_RENDER, r, "AAC encoder at %d kbit/s", kbps);
        goto fail;
    }
    if (a->enc->frame_size < 1 || a->enc->frame_size > 2048) {
        err_set(e, ERR_RENDER, "AAC encoder wants frames of %d samples", a->enc->frame_size);
        goto fail;
    }
    return a;
fail:
    aac_destroy(a);
    return NULL;
}

void aac_destroy(struct aac *a)
{
    if (!a)
        return;
    av_frame_free(&a->frame);
    avcodec_free_context(&a->enc);
    free(a);
}

bool aac_params(const struct aac *a, struct AVCodecParameters *out, struct err *e)
{
    return avcodec_parameters_from_context(out, a->enc) >= 0 || err_set(e, ERR_RENDER, "no memory for AAC parameters");
}

/* One frame in; NULL at the end. */
static bool feed(struct aac *a, struct err *e)
{
    int64_t left = a->n_samples - a->at;
    int n = left < a->enc->frame_size ? (int)left : a->enc->frame_size, r;
    if (n <= 0) {
        a->is_ended = true;
        r = avcodec_send_frame(a->enc, NULL);
        return r >= 0 || err_av(e, ERR_RENDER, r, "AAC encoder");
    }
    if (!master_read(a->master, a->block, (size_t)n, e))
        return false;
    av_frame_unref(a->frame);
    a->frame->format = AV_SAMPLE_FMT_FLTP;
    a->frame->sample_rate = SAMPLE_RATE;
    a->frame->ch_layout = (AVChannelLayout)AV_CHANNEL_LAYOUT_STEREO;
    a->frame->nb_samples = n;
    a->frame->pts = a->at;
    if ((r = av_frame_get_buffer(a->frame, 0)) < 0)
        return err_av(e, ERR_RENDER, r, "AAC encoder");
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < n; i++)
            ((float *)(void *)a->frame->data[k])[i] = a->block[i * a->channels + (k < a->channels ? k : 0)];
    a->at += n;
    r = avcodec_send_frame(a->enc, a->frame);
    return r >= 0 || err_av(e, ERR_RENDER, r, "AAC encoder");
}

bool aac_next(struct aac *a, struct AVPacket *p, bool *got, struct err *e)
{
    for (;;) {
        int r = avcodec_receive_packet(a->enc, p);
        *got = r >= 0;
        if (r >= 0 || r == AVERROR_EOF)
            return true;
        if (r != AVERROR(EAGAIN) || a->is_ended)
            return err_av(e, ERR_RENDER, r, "AAC encoder");
        if (!feed(a, e))
            return false;
    }
}
