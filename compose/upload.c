/* upload.c - frames go into the memory of a VAAPI device */
#include "compose/upload.h"
#include <libavcodec/avcodec.h>
#include <libavutil/hwcontext.h>
#include <stdlib.h>
#include <string.h>
#include "compose/av.h"
#include "gen/base/mem.h"

enum { POOL = 20 };                             /* surfaces: what an encoder holds at most */

struct upload {
    AVBufferRef *device, *frames;
    AVFrame *plain, *there;                     /* NV12 here; the device's */
};

struct upload *upload_create(struct AVCodecContext *c, struct err *e)
{
    struct upload *u = mem_alloc(sizeof *u);
    int r = av_hwdevice_ctx_create(&u->device, AV_HWDEVICE_TYPE_VAAPI, NULL, NULL, 0);
    if (r < 0) {
        err_av(e, ERR_RENDER, r, "no VAAPI device");
        goto fail;
    }
    u->frames = av_hwframe_ctx_alloc(u->device);
    u->plain = av_frame_alloc();
    u->there = av_frame_alloc();
    if (!u->frames || !u->plain || !u->there)
        abort();
    AVHWFramesContext *f = (AVHWFramesContext *)(void *)u->frames->data;
    f->format = AV_PIX_FMT_VAAPI;
    f->sw_format = AV_PIX_FMT_NV12;
    f->width = c->width;
    f->height = c->height;
    f->initial_pool_size = POOL;
    u->plain->format = AV_PIX_FMT_NV12;
    u->plain->width = c->width;
    u->plain->height = c->height;
    if ((r = av_hwframe_ctx_init(u->frames)) < 0 || (r = av_frame_get_buffer(u->plain, 0)) < 0) {
        err_av(e, ERR_RENDER, r, "VAAPI frames");
        goto fail;
    }
    c->pix_fmt = AV_PIX_FMT_VAAPI;
    c->hw_frames_ctx = av_buffer_ref(u->frames);
    return u;
fail:
    upload_destroy(u);
    return NULL;
}

void upload_destroy(struct upload *u)
{
    if (!u)
        return;
    av_frame_free(&u->there);
    av_frame_free(&u->plain);
    av_buffer_unref(&u->frames);
    av_buffer_unref(&u->device);
    free(u);
}

static void interleave(AVFrame *to, const AVFrame *from)
{
    for (int y = 0; y < from->height; y++)
        memcpy(to->data[0] + y * to->linesize[0], from->data[0] + y * from->linesize[0], (size_t)from->width);
    for (int y = 0; y < from->height / 2; y++)
        for (int x = 0; x < from->width / 2; x++)
            for (int p = 0; p < 2; p++)
                to->data[1][y * to->linesize[1] + 2 * x + p] = from->data[1 + p][y * from->linesize[1 + p] + x];
}

bool upload_frame(struct upload *u, const struct AVFrame *from, struct AVFrame **out, struct err *e)
{
    int r;
    interleave(u->plain, from);
    av_frame_unref(u->there);
    if ((r = av_hwframe_get_buffer(u->frames, u->there, 0)) < 0 ||
        (r = av_hwframe_transfer_data(u->there, u->plain, 0)) < 0)
        return err_av(e, ERR_RENDER, r, "VAAPI upload");
    u->there->pts = from->pts;
    *out = u->there;
    return true;
}
