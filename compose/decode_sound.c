/* decode_sound.c - a sound file becomes float samples at SAMPLE_RATE (the worker's side)
 *
 * The first bytes choose one demuxer by name; it reads through our own AVIO on the descriptor and can open nothing
 * else. */
#include "compose/decode.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include "gen/base/clock.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/media.h"
#include "gen/sniff.h"
#include "compose/av.h"
#include "compose/confine.h"
#include "compose/workers.h"

enum { AVIO_BYTES = 32768, RATE_MIN = 8000, RATE_MAX = 192000, CHANNELS_MAX = 8, STREAMS_MAX = 4, BLOCK = 8192 };
static const int64_t file_max = (int64_t)2 << 30, deadline_ms = 50000;

/* type, FFmpeg's demuxer, the decoders that may run */
static const struct demuxer { const char *type, *name, *codecs;
} demuxers[] = {
    { "mp3", "mp3", "mp3float,mp3" },
    { "wav", "wav",
      "pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav" },
    { "ogg", "ogg", "opus,libopus,vorbis,flac" },
    { "flac", "flac", "flac" },
    { "mp4", "mov", "aac,alac,mp3float,mp3,opus,flac" },
    { "aac", "aac", "aac" },
    { "webm", "matroska", "opus,libopus,vorbis,aac,flac,mp3float,mp3" },
};

struct source {
    int fd;
    int64_t at, size, deadline_ms;
    AVFormatContext *fmt;
    AVIOContext *io;
    AVCodecContext *dec;
    SwrContext *swr;
    AVPacket *pkt;
    AVFrame *frame;
    int stream, channels;                       /* of the output */
    int64_t in_samples;                         /* decoded, at the stream's own rate */
    int64_t out_samples;
    int64_t n_packets, n_bad;
    float block[BLOCK * 2];
};

static int io_read(void *opaque, uint8_t *p, int n)
{
    struct source *s = opaque;
    if (n > s->size - s->at)
        n = s->at < s->size ? (int)(s->size - s->at) : 0;
    ssize_t r = pread(s->fd, p, (size_t)n, s->at);
    if (r < 0)
        return AVERROR(EIO);
    s->at += r;
    return r ? (int)r : AVERROR_EOF;
}

static int64_t io_seek(void *opaque, int64_t to, int whence)
{
    struct source *s = opaque;
    if (whence & AVSEEK_SIZE)
        return s->size;
    whence &= ~AVSEEK_FORCE;
    int64_t base = whence == SEEK_CUR ? s->at : whence == SEEK_END ? s->size : 0;
    if (to < -base || to > INT64_MAX / 4)
        return AVERROR(EINVAL);
    return s->at = base + to;
}

/* Play lists and scripts would open files and sockets: nothing is ever opened. */
static int refuse_open(AVFormatContext *fmt, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
    (void)fmt, (void)pb, (void)url, (void)flags, (void)options;
    return AVERROR(EACCES);
}

static int is_late(void *opaque)
{
    const struct source *s = opaque;
    return clock_now_ms(&clock_monotonic) > s->deadline_ms;
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Chunks that stand behind the samples of a streamed WAV, whose own length nobody wrote down: the file ends with them,
 * each as long as it says. Returns where the samples end. */
static int64_t without_tail(int fd, int64_t from, int64_t size)
{
    static const char names[][5] = { "LIST", "C2PA", "id3 ", "ID3 ", "iXML", "bext", "cue ", "fact", "JUNK", "_PMX" };
    enum { TAIL = 1 << 18 };
    int64_t n = size - from < TAIL ? size - from : TAIL, begin = size - n;
    uint8_t *tail = mem_alloc(TAIL);
    int64_t end = pread(fd, tail, (size_t)n, begin) == n ? n : 0;
    for (int64_t at = end - 8; at >= 0; at--) {
        int64_t told = le32(tail + at + 4), left = end - at - 8;
        if (told != left && told + (told & 1) != left)
            continue;
        for (size_t i = 0; i < COUNTOF(names); i++)
            if (memcmp(tail + at, names[i], 4) == 0) {
                end = at;
                at = end - 7;                   /* one more may stand before it */
                break;
            }
    }
    free(tail);
    return n ? begin + end : size;
}

/* A WAV's header may lie: services that stream write 0, 2000000000, 0x7fffffff or 0xffffffff for a length they do not
 * know yet; whatever would be longer than any sound that is taken is such a number. Any other length that the file does
 * not have means that it was cut. *size: of the file; less when something stands behind streamed samples. */
static bool wav_length(int fd, int64_t *size, bool *streamed, struct err *e)
{
    int64_t byte_rate = 0;
    *streamed = false;
    for (int64_t at = 12; at <= *size - 8;) {
        uint8_t h[8], format[12];
        if (pread(fd, h, 8, at) != 8)
            break;
        int64_t n = le32(h + 4), left = *size - at - 8;
        if (memcmp(h, "fmt ", 4) == 0 && pread(fd, format, sizeof format, at + 8) == sizeof format)
            byte_rate = le32(format + 8);
        if (memcmp(h, "data", 4) != 0) {
            at += 8 + n + (n & 1);
            continue;
        }
        *streamed = n == 0 || n >= 0x7ffff000 || (n > left && byte_rate && n > byte_rate * SOUND_SECONDS_MAX);
        if (!*streamed && n > left + 1)
            return err_set(e, ERR_MEDIA, "truncated: %lld of %lld bytes of sound are there", (long long)left,
                           (long long)n);
        if (*streamed)
            *size = without_tail(fd, at + 8, *size);
        return true;
    }
    return err_set(e, ERR_MEDIA, "truncated: no sound data");
}

/* LAME and FFmpeg write into the first frame how many bytes follow ("Xing", "Info"; Gabriel Bouvigne's LAME tag, 1999).
 */
static bool mp3_length(int fd, int64_t size, struct err *e)
{
    uint8_t h[256];
    int64_t at = 0;
    if (pread(fd, h, 10, 0) == 10 && !memcmp(h, "ID3", 3))
        at = 10 + ((int64_t)(h[6] & 127) << 21 | (h[7] & 127) << 14 | (h[8] & 127) << 7 | (h[9] & 127));
    if (pread(fd, h, sizeof h, at) < 64)
        return true;
    for (int i = 4; i < 44; i++) {
        if (memcmp(h + i, "Xing", 4) != 0 && memcmp(h + i, "Info", 4) != 0)
            continue;
        const uint8_t *p = h + i + 8;
        if (h[i + 7] & 1)
            p += 4;
        int64_t told = (int64_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
        if ((h[i + 7] & 2) && told > size - at)
            return err_set(e, ERR_MEDIA, "truncated: %lld of %lld bytes are there", (long long)(size - at),
                           (long long)told);
        break;
    }
    return true;
}

static bool open_format(struct source *s, const struct demuxer *d, struct err *e)
{
    const AVInputFormat *in = av_find_input_format(d->name);
    AVDictionary *opts = NULL;
    bool streamed = false;
    int r;
    if (!in)
        return err_set(e, ERR_INTERNAL, "this FFmpeg has no demuxer '%s'", d->name);
    if (!strcmp(d->type, "wav") && !wav_length(s->fd, &s->size, &streamed, e))
        return false;
    if (!strcmp(d->type, "mp3") && !mp3_length(s->fd, s->size, e))
        return false;
    uint8_t *buffer = av_malloc(AVIO_BYTES);
    s->io = buffer ? avio_alloc_context(buffer, AVIO_BYTES, 0, s, io_read, NULL, io_seek) : NULL;
    s->fmt = avformat_alloc_context();
    if (!s->io || !s->fmt)
        return err_set(e, ERR_MEDIA, "no memory");
    s->fmt->pb = s->io;
    s->fmt->io_open = refuse_open;
    s->fmt->interrupt_callback = (AVIOInterruptCB){ is_late, s };
    s->fmt->max_streams = STREAMS_MAX;
    s->fmt->error_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    av_dict_set(&opts, "format_whitelist", d->name, 0);
    if (!strcmp(d->name, "mov") || !strcmp(d->name, "matroska"))
        av_dict_set(&opts, "format_whitelist", in->name, 0); /* these go by a list of names */
    av_dict_set(&opts, "codec_whitelist", d->codecs, 0);
    av_dict_set(&opts, "protocol_whitelist", "none", 0);
    if (streamed)
        av_dict_set(&opts, "ignore_length", "1", 0);
    r = avformat_open_input(&s->fmt, "", in, &opts);
    av_dict_free(&opts);
    if (r < 0)
        return err_av(e, ERR_MEDIA, r, "does not open");
    for (unsigned i = 0; i < s->fmt->nb_streams; i++)  /* cover art must not be decoded to be ignored */
        if (s->fmt->streams[i]->codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
            s->fmt->streams[i]->discard = AVDISCARD_ALL;
    if ((r = avformat_find_stream_info(s->fmt, NULL)) < 0)
        return err_av(e, ERR_MEDIA, r, "does not open");
    return true;
}

static bool open_decoder(struct source *s, const struct demuxer *d, struct err *e)
{
    s->stream = -1;
    for (unsigned i = 0; i < s->fmt->nb_streams && s->stream < 0; i++)
        if (s->fmt->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            s->stream = (int)i;
    if (s->stream < 0)
        return err_set(e, ERR_MEDIA, "there is no sound in it");
    const AVCodecParameters *par = s->fmt->streams[s->stream]->codecpar;
    const AVCodec *codec = avcodec_find_decoder(par->codec_id);
    if (!codec)
        return err_set(e, ERR_MEDIA, "sound of kind %s cannot be read", avcodec_get_name(par->codec_id));
    s->dec = avcodec_alloc_context3(codec);
    if (!s->dec || avcodec_parameters_to_context(s->dec, par) < 0)
        return err_set(e, ERR_MEDIA, "no memory");
    s->dec->thread_count = 1;
    s->dec->pkt_timebase = s->fmt->streams[s->stream]->time_base;
    s->dec->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    if (av_opt_set(s->dec, "codec_whitelist", d->codecs, 0) < 0 || avcodec_open2(s->dec, codec, NULL) < 0)
        return err_set(e, ERR_MEDIA, "sound of kind %s is not accepted in a .%s file", avcodec_get_name(par->codec_id),
                       d->type);
    return true;
}

/* Called with the first frame, because some headers tell rate and channels wrong. */
static bool open_resampler(struct source *s, struct err *e)
{
    const AVFrame *f = s->frame;
    if (f->sample_rate < RATE_MIN || f->sample_rate > RATE_MAX)
        return err_set(e, ERR_MEDIA, "a sample rate of %d Hz; %d to %d are accepted", f->sample_rate, RATE_MIN,
                       RATE_MAX);
    if (f->ch_layout.nb_channels < 1 || f->ch_layout.nb_channels > CHANNELS_MAX)
        return err_set(e, ERR_MEDIA, "%d channels; 1 to %d are accepted", f->ch_layout.nb_channels, CHANNELS_MAX);
    AVChannelLayout in = { 0 }, out;
    s->channels = f->ch_layout.nb_channels == 1 ? 1 : 2;
    av_channel_layout_default(&out, s->channels);
    if (f->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&in, f->ch_layout.nb_channels);
    else if (av_channel_layout_copy(&in, &f->ch_layout) < 0)
        return err_set(e, ERR_MEDIA, "no memory");
    int r = swr_alloc_set_opts2(&s->swr, &out, AV_SAMPLE_FMT_FLT, SAMPLE_RATE, &in, f->format, f->sample_rate, 0, NULL);
    av_channel_layout_uninit(&in);
    if (r < 0 || (r = swr_init(s->swr)) < 0)
        return err_av(e, ERR_MEDIA, r, "cannot be resampled");
    return true;
}

static bool put(struct source *s, int out_fd, int n, struct err *e)
{
    for (int i = 0; i < n * s->channels; i++)   /* floats in a file may be anything */
        if (!isfinite(s->block[i]))
            s->block[i] = 0;
        else if (fabsf(s->block[i]) > 8)
            s->block[i] = s->block[i] > 0 ? 8 : -8;
    s->out_samples += n;
    if (s->out_samples > (int64_t)SOUND_SECONDS_MAX * SAMPLE_RATE)
        return err_set(e, ERR_MEDIA, "longer than %d minutes", SOUND_SECONDS_MAX / 60);
    return fd_write(out_fd, s->block, (size_t)(n * s->channels) * sizeof *s->block, e);
}

/* frame NULL: the resampler's tail, exactly up to the length that the input has at SAMPLE_RATE. */
static bool resample(struct source *s, const AVFrame *f, int out_fd, struct err *e)
{
    const uint8_t **in = f ? (const uint8_t **)(uintptr_t)f->extended_data : NULL;
    int n_in = f ? f->nb_samples : 0, n;
    int64_t want = f || !s->dec->sample_rate ? INT64_MAX : av_rescale(s->in_samples, SAMPLE_RATE, s->dec->sample_rate);
    do {
        uint8_t *out[1] = { (uint8_t *)s->block };
        n = swr_convert(s->swr, out, BLOCK, in, n_in);
        if (n < 0)
            return err_av(e, ERR_MEDIA, n, "cannot be resampled");
        if (n > want - s->out_samples)
            n = (int)(want - s->out_samples);
        if (n > 0 && !put(s, out_fd, n, e))
            return false;
        n_in = 0;                               /* more of what it holds; `in` stays, NULL would end the stream */
    } while (n == BLOCK);
    if (f)
        return true;
    memset(s->block, 0, sizeof s->block);
    while (s->out_samples < want) {
        n = want - s->out_samples > BLOCK ? BLOCK : (int)(want - s->out_samples);
        if (!put(s, out_fd, n, e))
            return false;
    }
    return true;
}

static bool take_frames(struct source *s, int out_fd, struct err *e)
{
    int r;
    while ((r = avcodec_receive_frame(s->dec, s->frame)) >= 0) {
        if (!s->swr && !open_resampler(s, e))
            return false;
        int rate = s->frame->sample_rate, channels = s->frame->ch_layout.nb_channels;
        if (s->in_samples && (rate != s->dec->sample_rate || channels != s->dec->ch_layout.nb_channels))
            return err_set(e, ERR_MEDIA, "its rate or channels change on the way");
        s->in_samples += s->frame->nb_samples;
        if (!resample(s, s->frame, out_fd, e))
            return false;
        av_frame_unref(s->frame);
    }
    if (r != AVERROR(EAGAIN) && r != AVERROR_EOF)
        s->n_bad++;
    return true;
}

/* Speech services concatenate MP3s, and a first frame may lean on bits that were cut off: a few bad packets in a long
 * file are heard by nobody. */
static bool is_damaged(const struct source *s)
{
    return s->n_bad > 1 + s->n_packets / 100;
}

static bool decode_all(struct source *s, int out_fd, struct err *e)
{
    int r;
    while ((r = av_read_frame(s->fmt, s->pkt)) >= 0) {
        bool ok = true;
        if (s->pkt->stream_index == s->stream) {
            s->n_packets++;
            if (avcodec_send_packet(s->dec, s->pkt) < 0)
                s->n_bad++;
            ok = take_frames(s, out_fd, e);
        }
        av_packet_unref(s->pkt);
        if (!ok)
            return false;
    }
    if (is_late(s))
        return err_set(e, ERR_RENDER, "not decoded in %d s, given up", (int)(deadline_ms / 1000));
    if (r != AVERROR_EOF)
        return err_av(e, ERR_MEDIA, r, "truncated or damaged after %.2f s", (double)s->out_samples / SAMPLE_RATE);
    avcodec_send_packet(s->dec, NULL);
    if (!take_frames(s, out_fd, e))
        return false;
    if (is_damaged(s))
        return err_set(e, ERR_MEDIA, "damaged: %lld of %lld packets do not decode", (long long)s->n_bad,
                       (long long)s->n_packets);
    if (!s->in_samples)
        return err_set(e, ERR_MEDIA, "there is no sound in it");
    return resample(s, NULL, out_fd, e);
}

/* Headers that count their samples (not the estimates from a bit rate) tell when the end is missing. */
static bool is_whole(const struct source *s, const char *type, struct err *e)
{
    const AVStream *st = s->fmt->streams[s->stream];
    bool counted = !strcmp(type, "flac") || !strcmp(type, "mp4") ||
                   (!strcmp(type, "webm") && s->fmt->duration > 0);
    double told =
        st->duration > 0 ? (double)st->duration * av_q2d(st->time_base) : (double)s->fmt->duration / AV_TIME_BASE;
    double got = (double)s->out_samples / SAMPLE_RATE;
    if (counted && got < told * 0.97 - 0.1)
        return err_set(e, ERR_MEDIA, "truncated: %.2f s of the %.2f s that its header promises", got, told);
    return true;
}

static bool has_sound(const struct source *s)
{
    for (unsigned i = 0; i < s->fmt->nb_streams; i++)
        if (s->fmt->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            return true;
    return false;
}

static bool sound_open_and_decode(struct source *s, const struct demuxer *d, bool may_be_mute, int out_fd,
                                  struct err *e)
{
    if (!open_format(s, d, e))
        return false;
    return (may_be_mute && !has_sound(s)) ||
           (open_decoder(s, d, e) && decode_all(s, out_fd, e) && is_whole(s, d->type, e));
}

bool sound_work(struct child *c, struct err *e)
{
    struct sound_answer *a = c->answer;
    struct sound_job job = { 0 };
    struct source *s = mem_alloc(sizeof *s);
    uint8_t head[SNIFF_BYTES];
    struct stat st;
    av_log_set_level(AV_LOG_QUIET);
    if (c->job.n == sizeof job)
        memcpy(&job, c->job.p, sizeof job);
    ssize_t n = pread(c->media, head, sizeof head, 0);
    if (n < 0 || fstat(c->media, &st) || !S_ISREG(st.st_mode) || st.st_size > file_max)
        return err_set(e, ERR_MEDIA, "not a readable file of at most 2 GiB");
    struct str h = { (const char *)head, (size_t)n };
    const char *type = sniff_type(h);
    const struct demuxer *d = NULL;
    for (size_t i = 0; i < COUNTOF(demuxers); i++)
        if (strcmp(demuxers[i].type, type) == 0)
            d = &demuxers[i];
    if (!d && job.may_be_mute)
        return true;                            /* pictures that move, of a kind that has no sound */
    if (!d)
        return sniff_explain(h, "sound (MP3, WAV, Ogg, FLAC, M4A, AAC or WebM)", e);
    confine_files();
    s->fd = c->media;
    s->size = st.st_size;
    s->deadline_ms = clock_now_ms(&clock_monotonic) + deadline_ms;
    s->pkt = av_packet_alloc();
    s->frame = av_frame_alloc();
    bool ok = s->pkt && s->frame && sound_open_and_decode(s, d, job.may_be_mute, c->data, e);
    *a = (struct sound_answer){ .channels = s->channels, .n_samples = s->out_samples };
    snprintf(a->type, sizeof a->type, "%s", type);
    av_frame_free(&s->frame);
    av_packet_free(&s->pkt);
    swr_free(&s->swr);
    avcodec_free_context(&s->dec);
    avformat_close_input(&s->fmt);
    if (s->io)
        av_freep(&s->io->buffer);
    avio_context_free(&s->io);
    free(s);
    return ok || (e->code == ERR_MEDIA ? err_wrap(e, "%s", type) : false);
}
