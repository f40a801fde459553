/* encoders.c - which encoders there are, and what each preset means to them */
#include "compose/encoders.h"
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <string.h>
#include "compose/encode.h"
#include "gen/base/mem.h"

/* The position of the next start code 00 00 01 at or after p, or end. */
static const uint8_t *start_code(const uint8_t *p, const uint8_t *end)
{
    for (; end - p >= 3; p++)
        if (p[0] == 0 && p[1] == 0 && p[2] == 1)
            return p;
    return end;
}

/* Removes NAL units of type 6 in place (H.264 table 7-1: supplemental enhancement information). */
static void sei_strip(struct AVPacket *p)
{
    enum { NAL_SEI = 6 };
    const uint8_t *end = p->data + p->size, *nal = start_code(p->data, end);
    uint8_t *out = p->data;
    while (nal < end) {
        const uint8_t *next = start_code(nal + 3, end);
        const uint8_t *stop = next < end && next[-1] == 0 ? next - 1 : next; /* a four-byte start code follows */
        if (nal + 3 < end && (nal[3] & 31) != NAL_SEI) {
            memmove(out, (const uint8_t[]){ 0, 0, 0, 1 }, 4);
            out += 4;
            memmove(out, nal + 3, (size_t)(stop - nal - 3));
            out += stop - nal - 3;
        }
        nal = next;
    }
    av_shrink_packet(p, (int)(out - p->data));
}

/* x264's AVX-512 code for macroblock trees reads memory that nobody wrote when a frame is not a multiple of 8
 * macroblocks wide: other packets at each run (version 164; the same with the ffmpeg program under MALLOC_PERTURB_).
 * AVX2 gives the right ones. */
static const char *without_avx512(void)
{
#if defined(__x86_64__) || defined(__i386__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx2"))
        return ":asm=avx2";
#endif
    return "";
}

/* Slow camera moves over stills want many B-frames in a fixed pattern, a look-ahead of some of them, and a cheap motion
 * search. At equal SSIM (18 dB, 330 frames at 1080p) a look-ahead of 12 frames needs 6.5 MB, 16: 6.3, 24: 6.4, 40: 6.5,
 * 10: 6.7 and 8: 8.0; each frame of it holds 7 MB. A pyramid that is strict holds one reference less, 12 MB. Balanced: with
 * better sub-pixel motion superfast is as good as veryfast (360 frames at crf 20: 4.5 MB and 19.77 dB against 4.4 MB and 19.80)
 * in two thirds of its time; what looks for fades and cuts finds none in a piece and costs a tenth; a second
 * reference saves 3 % of the size, and predicting by 8x8 blocks nothing, for 4 % of the time each. */
#define X264 "x264-params=bframes=7:b-adapt=0:b-pyramid=strict:me=dia:ref=2:rc-lookahead="
#define QUICK "12:mbtree=1:ref=1:weightp=0:scenecut=0:partitions=i4x4"
#define X265                                                                                                           \
    "x265-params=log-level=none:info=0:pools=none:frame-threads=1:wpp=0:open-gop=0:scenecut=0:bframes=7:b-adapt=0:ref=2:rc-lookahead="
#define SVT "svtav1-params=lp=1:lookahead=17:scd=0:"
#define VP9 "deadline=good row-mt=0 lag-in-frames=16 auto-alt-ref=1 b=0 "
#define NVENC "rc=vbr b=0 bf=2 no-scenecut=1 forced-idr=1 "
#define VAAPI "rc_mode=CQP bf=2 "

const struct encoder_row encoder_rows[] = {
    { "libx264", CODEC_H264, HARDWARE_NONE, 2, "crf", "",
      { [PRESET_DRAFT] = { "preset=superfast " X264 QUICK, 26 },
        [PRESET_BALANCED] = { "preset=superfast " X264 QUICK ":subme=2", 20 },
        [PRESET_QUALITY] = { "preset=veryfast " X264 "12:subme=3", 18 },
        [PRESET_ARCHIVE] = { "preset=veryfast " X264 "16:subme=4", 18 } },
      sei_strip, false, false, without_avx512 },
    { "libx265", CODEC_HEVC, HARDWARE_NONE, 2, "crf", "",
      { [PRESET_DRAFT] = { "preset=ultrafast " X265 "12", 23 },
        [PRESET_BALANCED] = { "preset=superfast " X265 "12", 20 },
        [PRESET_QUALITY] = { "preset=veryfast " X265 "16", 19 },
        [PRESET_ARCHIVE] = { "preset=fast " X265 "16", 18 } },
      NULL, false, false, NULL },
    { "libsvtav1", CODEC_AV1, HARDWARE_NONE, 0, "crf", "",
      { [PRESET_DRAFT] = { "preset=12 " SVT "tune=0", 40 },
        [PRESET_BALANCED] = { "preset=10 " SVT "tune=0", 35 },
        [PRESET_QUALITY] = { "preset=8 " SVT "tune=0", 31 },
        [PRESET_ARCHIVE] = { "preset=6 " SVT "tune=0", 28 } },
      NULL, false, true, NULL },
    { "libvpx-vp9", CODEC_VP9, HARDWARE_NONE, 0, "crf", VP9,
      { [PRESET_DRAFT] = { "cpu-used=8", 36 },
        [PRESET_BALANCED] = { "cpu-used=5", 31 },
        [PRESET_QUALITY] = { "cpu-used=3", 29 },
        [PRESET_ARCHIVE] = { "cpu-used=2", 27 } },
      NULL, false, false, NULL },
    { "h264_nvenc", CODEC_H264, HARDWARE_NVENC, 2, "cq", NVENC,
      { { "preset=p2", 26 }, { "preset=p4", 23 }, { "preset=p6", 21 }, { "preset=p7", 20 } }, sei_strip, false, false, NULL },
    { "hevc_nvenc", CODEC_HEVC, HARDWARE_NVENC, 2, "cq", NVENC,
      { { "preset=p2", 28 }, { "preset=p4", 25 }, { "preset=p6", 23 }, { "preset=p7", 22 } }, NULL, false, false, NULL },
    { "av1_nvenc", CODEC_AV1, HARDWARE_NVENC, 0, "cq", "rc=vbr b=0 bf=0 ",
      { { "preset=p2", 36 }, { "preset=p4", 32 }, { "preset=p6", 29 }, { "preset=p7", 27 } }, NULL, false, false, NULL },
    { "h264_vaapi", CODEC_H264, HARDWARE_VAAPI, 2, "qp", VAAPI,
      { { "", 26 }, { "", 23 }, { "", 21 }, { "", 20 } }, sei_strip, true, false, NULL },
    { "hevc_vaapi", CODEC_HEVC, HARDWARE_VAAPI, 2, "qp", VAAPI,
      { { "", 28 }, { "", 25 }, { "", 23 }, { "", 22 } }, NULL, true, false, NULL },
    { "h264_videotoolbox", CODEC_H264, HARDWARE_VIDEOTOOLBOX, 2, NULL, "",
      { { "b=4M", 0 }, { "b=8M", 0 }, { "b=12M", 0 }, { "b=16M", 0 } }, sei_strip, false, false, NULL },
    { "hevc_videotoolbox", CODEC_HEVC, HARDWARE_VIDEOTOOLBOX, 2, NULL, "",
      { { "b=3M", 0 }, { "b=6M", 0 }, { "b=9M", 0 }, { "b=12M", 0 } }, NULL, false, false, NULL },
    { 0 },
};

const struct encoder_row *encoder_row_of(const struct video_format *f)
{
    for (const struct encoder_row *r = encoder_rows; r->name; r++)
        if (f->encoder.n ? str_is(f->encoder, r->name) : (int)r->codec == f->codec && r->hardware == HARDWARE_NONE)
            return r;
    return NULL;
}

int encoder_delay(int av_codec_id)
{
    return av_codec_id == AV_CODEC_ID_H264 || av_codec_id == AV_CODEC_ID_HEVC ? 2 : 0;
}

static bool drop(void *ctx, struct AVPacket *p, struct err *e)
{
    (void)ctx, (void)p, (void)e;
    return true;
}

/* Does it make a picture here? */
static bool starts(const struct encoder_row *r, struct err *e)
{
    const struct video_format small = { .width = 640, .height = 360, .fps_num = 30, .fps_den = 1,
                                        .preset = STR("balanced"), .codec = (int)r->codec,
                                        .encoder = str_from(r->name) };
    struct encoder *enc = encoder_create(&small, e);
    struct AVFrame *f;
    bool ok = enc && encoder_frame(enc, &f, e);
    for (int p = 0; ok && p < 3; p++)
        memset(f->data[p], 128, (size_t)f->linesize[p] * (size_t)(p ? 180 : 360));
    ok = ok && encoder_send(enc, f, drop, NULL, e) && encoder_finish(enc, drop, NULL, e);
    encoder_destroy(enc);
    return ok;
}

const char *encoder_choose(enum codec codec, enum hardware wanted, struct buf *why, struct err *e)
{
    const struct video_format software = { .codec = (int)codec };
    for (const struct encoder_row *r = encoder_rows; wanted != HARDWARE_NONE && r->name; r++) {
        struct err own = { 0 };
        if (r->codec != codec || r->hardware == HARDWARE_NONE || (wanted != HARDWARE_AUTO && r->hardware != wanted))
            continue;
        if (starts(r, &own)) {
            buf_clear(why);
            return r->name;
        }
        buf_printf(why, "%s%s: %s", why->n ? "; " : "", r->name, own.msg);
    }
    if (wanted != HARDWARE_NONE && why->n == 0)
        buf_printf(why, "no %s encoder of %s", hardware_names[wanted], codec_names[codec]);
    const struct encoder_row *r = encoder_row_of(&software);
    if (!r || !avcodec_find_encoder_by_name(r->name)) {
        err_set(e, ERR_CONFIG, "encode.codec: this FFmpeg has no %s; use h264", r ? r->name : codec_names[codec]);
        return NULL;
    }
    return r->name;
}
