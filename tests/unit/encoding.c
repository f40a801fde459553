/* encoding.c - tests of codecs and containers: which go together, and what each encoder gives */
#include "gen/encoding.h"
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <malloc.h>
#include <stdlib.h>
#include "compose/encode.h"
#include "compose/encoders.h"
#include "gen/base/digest.h"
#include "tests/support/test.h"

enum { W = 128, H = 96 };

TEST(a_name_says_the_container)
{
    static const struct { const char *name; enum container want; const char *stem; } rows[] = {
        { "a.mp4", CONTAINER_MP4, "a" },        { "out/b.WebM", CONTAINER_WEBM, "out/b" },
        { "c.d.mkv", CONTAINER_MKV, "c.d" },    { "mp4", CONTAINER_N, "mp4" },
        { ".mp4", CONTAINER_N, ".mp4" },        { "a.mov", CONTAINER_N, "a.mov" },
        { "", CONTAINER_N, "" },                { "a.mp4.preview", CONTAINER_N, "a.mp4.preview" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        CHECK_INT(rows[i].name, rows[i].want, container_of(str_from(rows[i].name)));
        CHECK_STR(rows[i].name, rows[i].stem, container_stem(str_from(rows[i].name)));
    }
}

/* WebM: https://www.webmproject.org/docs/container/ allows VP8, VP9 and AV1 with Vorbis and Opus. */
TEST(webm_holds_open_codecs_and_the_others_all)
{
    for (int c = 0; c < CONTAINER_N; c++)
        for (int v = 0; v < CODEC_N; v++)
            for (int a = 0; a < SOUND_CODEC_N; a++) {
                struct err e = { 0 };
                bool want = c != CONTAINER_WEBM || ((v == CODEC_AV1 || v == CODEC_VP9) && a == SOUND_CODEC_OPUS);
                CHECK_INT(codec_names[v], want, encoding_fits((enum container)c, (enum codec)v, (enum sound_codec)a, &e));
                CHECK_INT("class", want ? ERR_NONE : ERR_CONFIG, e.code);
                CHECK_ROW("remedy", want || strstr(e.msg, "encode.codec"));
            }
}

struct seen {
    struct digest *digest;
    AVCodecContext *decoder;
    AVFrame *frame;
    int64_t n_packets, n_pictures, last_dts;
};

static void receive(struct seen *s)
{
    while (avcodec_receive_frame(s->decoder, s->frame) >= 0)
        CHECK_INT("time", s->n_pictures++, s->frame->pts);
}

static bool look(void *ctx, struct AVPacket *p, struct err *e)
{
    struct seen *s = ctx;
    (void)e;
    digest_add(s->digest, p->data, (size_t)p->size);
    CHECK_ROW("the first is a key", s->n_packets || (p->flags & AV_PKT_FLAG_KEY));
    CHECK_ROW("decoded before shown", p->pts >= p->dts);
    CHECK_ROW("in order", s->n_packets == 0 || p->dts == s->last_dts + 1);
    s->last_dts = p->dts;
    s->n_packets++;
    CHECK(avcodec_send_packet(s->decoder, p) >= 0);
    receive(s);
    return true;
}

static void paint(AVFrame *f, int64_t t)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < (p ? H / 2 : H); y++)
            for (int x = 0; x < (p ? W / 2 : W); x++)
                f->data[p][y * f->linesize[p] + x] = (uint8_t)(64 + ((x * 3 + y * 5 + (int)t * 2) / (p + 1) ^ (x * y >> 3)) % 128);
}

/* Encodes n frames, decodes them, and tells the sum of the packets. */
static void pass(const struct video_format *f, int n, char sum[DIGEST_HEX])
{
    struct err e = { 0 };
    setenv("SVT_LOG", "-1", 0);
    struct encoder *enc = encoder_create(f, &e);
    struct AVCodecParameters *par = avcodec_parameters_alloc();
    CHECK_ROW(e.msg, enc && encoder_params(enc, par, &e));
    struct seen s = { .digest = digest_create(), .frame = av_frame_alloc(),
                      .decoder = avcodec_alloc_context3(avcodec_find_decoder(par->codec_id)) };
    CHECK(avcodec_parameters_to_context(s.decoder, par) >= 0 && avcodec_open2(s.decoder, NULL, NULL) >= 0);
    digest_add(s.digest, par->extradata, (size_t)par->extradata_size);
    for (int i = 0; i < n; i++) {
        struct AVFrame *frame;
        CHECK_ROW(e.msg, encoder_frame(enc, &frame, &e));
        paint(frame, i);
        CHECK_ROW(e.msg, encoder_send(enc, frame, look, &s, &e));
    }
    CHECK_ROW(e.msg, encoder_finish(enc, look, &s, &e));
    avcodec_send_packet(s.decoder, NULL);
    receive(&s);
    CHECK_INT("packets", n, s.n_packets);
    CHECK_INT("pictures", n, s.n_pictures);
    digest_finish(s.digest, sum);
    avcodec_free_context(&s.decoder);
    avcodec_parameters_free(&par);
    av_frame_free(&s.frame);
    encoder_destroy(enc);
}

static bool is_here(const struct encoder_row *r)
{
    return r->hardware == HARDWARE_NONE && avcodec_find_encoder_by_name(r->name);
}

TEST(every_encoder_in_software_gives_each_frame_and_the_same_bytes_whatever_memory_held)
{
    static const int counts[] = { 1, 2, 9, 25 };
    for (const struct encoder_row *r = encoder_rows; r->name; r++)
        for (size_t i = 0; is_here(r) && i < COUNTOF(counts); i++) {
            struct video_format f = { .width = W, .height = H, .fps_num = 30, .fps_den = 1,
                                      .preset = STR("balanced"), .codec = (int)r->codec };
            char first[DIGEST_HEX], again[DIGEST_HEX];
            pass(&f, counts[i], first);
            mallopt(M_PERTURB, 170);
            pass(&f, counts[i], again);
            mallopt(M_PERTURB, 0);
            CHECK_STR(r->name, first, str_from(again));
        }
}

TEST(every_preset_of_every_encoder_in_software_starts)
{
    for (const struct encoder_row *r = encoder_rows; r->name; r++)
        for (int i = 0; is_here(r) && i < PRESET_N; i++) {
            struct err e = { 0 };
            struct video_format f = { .width = W, .height = H, .fps_num = 30000, .fps_den = 1001,
                                      .preset = str_from(preset_names[i]), .codec = (int)r->codec, .crf = 40 };
            struct encoder *enc = encoder_create(&f, &e);
            CHECK_ROW(e.msg, enc != NULL);
            encoder_destroy(enc);
        }
}

TEST(a_codec_has_one_encoder_in_software_and_every_row_all_presets)
{
    for (int c = 0; c < CODEC_N; c++) {
        int n = 0;
        for (const struct encoder_row *r = encoder_rows; r->name; r++)
            n += (int)r->codec == c && r->hardware == HARDWARE_NONE;
        CHECK_INT(codec_names[c], 1, n);
    }
    for (const struct encoder_row *r = encoder_rows; r->name; r++)
        for (int i = 0; i < PRESET_N; i++) {
            CHECK_ROW(r->name, r->preset[i].options != NULL);
            CHECK_ROW(r->name, (r->preset[i].crf > 0) == (r->quality != NULL));
            CHECK_ROW(r->name, r->preset[i].crf <= codec_crf_max(r->codec));
        }
}

/* Whether there is hardware here or not: either it encodes, or the reason is told and software does. */
TEST(hardware_that_does_not_start_is_told_and_replaced)
{
    for (int h = HARDWARE_NONE; h < HARDWARE_N; h++) {
        struct err e = { 0 };
        struct buf why = { 0 };
        const char *name = encoder_choose(CODEC_H264, (enum hardware)h, &why, &e);
        CHECK_ROW(e.msg, name != NULL);
        struct video_format f = { .codec = CODEC_H264, .encoder = str_from(name) };
        bool is_software = encoder_row_of(&f)->hardware == HARDWARE_NONE;
        CHECK_INT(hardware_names[h], is_software && h != HARDWARE_NONE, why.n > 0);
        buf_deinit(&why);
    }
}
