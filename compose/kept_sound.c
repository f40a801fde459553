/* kept_sound.c - a film's encoded sound in a file of its own */
#include "compose/kept_sound.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include "gen/base/mem.h"

enum { EXTRADATA_MOST = 4096, PACKET_MOST = 1 << 20, SIDES_MOST = 8 };
static const char magic[8] = "VGSOUND";

/* An end without `is_whole` was never finished. */
struct head {
    char magic[8];
    struct loudness loudness;
    int64_t bit_rate, n_packets;
    int32_t codec, format, rate, channels, frame_size, padding, extradata, is_whole;
};
struct packet_head { int64_t pts, dts, duration; int32_t size, flags, n_sides; };
struct side_head { int32_t type, size; };

/* ---------- writing ---------- */

struct kept_writer { FILE *f; struct head head; };

static bool put(struct kept_writer *w, const void *p, size_t n, struct err *e)
{
    return n == 0 || fwrite(p, 1, n, w->f) == n || err_errno(e, "keep the film's sound");
}

struct kept_writer *kept_create(int fd, const struct AVCodecParameters *par, const struct loudness *l, struct err *e)
{
    struct kept_writer *w = mem_alloc(sizeof *w);
    int own = dup(fd);
    w->f = own >= 0 ? fdopen(own, "w+b") : NULL;
    if (own >= 0 && !w->f)
        close(own);
    w->head = (struct head){ .loudness = *l, .bit_rate = par->bit_rate, .codec = par->codec_id, .format = par->format,
                             .rate = par->sample_rate, .channels = par->ch_layout.nb_channels,
                             .frame_size = par->frame_size, .padding = par->initial_padding,
                             .extradata = par->extradata_size };
    memcpy(w->head.magic, magic, sizeof magic);
    if (!w->f || par->extradata_size > EXTRADATA_MOST || !put(w, &w->head, sizeof w->head, e) ||
        !put(w, par->extradata, (size_t)par->extradata_size, e)) {
        kept_destroy(w);
        return NULL;
    }
    return w;
}

bool kept_add(struct kept_writer *w, const struct AVPacket *p, struct err *e)
{
    const struct packet_head h = { .pts = p->pts, .dts = p->dts, .duration = p->duration, .size = p->size,
                                   .flags = p->flags, .n_sides = p->side_data_elems };
    bool ok = put(w, &h, sizeof h, e) && put(w, p->data, (size_t)p->size, e);
    for (int i = 0; ok && i < p->side_data_elems; i++) {
        const struct side_head s = { p->side_data[i].type, (int32_t)p->side_data[i].size };
        ok = put(w, &s, sizeof s, e) && put(w, p->side_data[i].data, p->side_data[i].size, e);
    }
    w->head.n_packets++;
    return ok;
}

bool kept_finish(struct kept_writer *w, struct err *e)
{
    w->head.is_whole = 1;
    return (fseek(w->f, 0, SEEK_SET) == 0 || err_errno(e, "keep the film's sound")) &&
           put(w, &w->head, sizeof w->head, e) && (fflush(w->f) == 0 || err_errno(e, "keep the film's sound"));
}

void kept_destroy(struct kept_writer *w)
{
    if (w && w->f)
        fclose(w->f);
    free(w);
}

/* ---------- reading ---------- */

struct kept_reader { FILE *f; struct head head; uint8_t extradata[EXTRADATA_MOST]; int64_t n; };

static bool get(struct kept_reader *r, void *p, size_t n)
{
    return n == 0 || fread(p, 1, n, r->f) == n;
}

struct kept_reader *kept_open(int fd, struct err *e)
{
    struct kept_reader *r = mem_alloc(sizeof *r);
    int own = dup(fd);
    r->f = own >= 0 ? fdopen(own, "rb") : NULL;
    if (own >= 0 && !r->f)
        close(own);
    if (!r->f || fseek(r->f, 0, SEEK_SET) || !get(r, &r->head, sizeof r->head) ||
        memcmp(r->head.magic, magic, sizeof magic) != 0 || !r->head.is_whole || r->head.channels < 1 ||
        r->head.channels > 2 || r->head.extradata < 0 || r->head.extradata > EXTRADATA_MOST ||
        !get(r, r->extradata, (size_t)r->head.extradata)) {
        err_set(e, ERR_RENDER, "this is no sound of a film");
        kept_close(r);
        return NULL;
    }
    return r;
}

bool kept_params(const struct kept_reader *r, struct AVCodecParameters *out, struct err *e)
{
    const struct head *h = &r->head;
    uint8_t *copy = av_mallocz((size_t)h->extradata + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!copy)
        return err_set(e, ERR_RENDER, "no memory for a film");
    memcpy(copy, r->extradata, (size_t)h->extradata);
    out->codec_type = AVMEDIA_TYPE_AUDIO;
    out->codec_id = (enum AVCodecID)h->codec;
    out->format = h->format;
    out->bit_rate = h->bit_rate;
    out->sample_rate = h->rate;
    out->frame_size = h->frame_size;
    out->initial_padding = h->padding;
    av_channel_layout_default(&out->ch_layout, h->channels);
    out->extradata = copy;
    out->extradata_size = h->extradata;
    return true;
}

struct loudness kept_loudness(const struct kept_reader *r)
{
    return r->head.loudness;
}

static bool get_packet(struct kept_reader *r, struct AVPacket *p)
{
    struct packet_head h;
    if (!get(r, &h, sizeof h) || h.size < 0 || h.size > PACKET_MOST || h.n_sides < 0 || h.n_sides > SIDES_MOST ||
        av_new_packet(p, h.size) < 0 || !get(r, p->data, (size_t)h.size))
        return false;
    p->pts = h.pts;
    p->dts = h.dts;
    p->duration = h.duration;
    p->flags = h.flags;
    for (int i = 0; i < h.n_sides; i++) {
        struct side_head s;
        uint8_t *to = NULL;
        if (!get(r, &s, sizeof s) || s.size < 0 || s.size > PACKET_MOST ||
            !(to = av_packet_new_side_data(p, (enum AVPacketSideDataType)s.type, (size_t)s.size)) ||
            !get(r, to, (size_t)s.size))
            return false;
    }
    return true;
}

bool kept_next(struct kept_reader *r, struct AVPacket *p, bool *got, struct err *e)
{
    *got = r->n < r->head.n_packets;
    if (!*got || (r->n++, get_packet(r, p)))
        return true;
    av_packet_unref(p);
    *got = false;
    return err_set(e, ERR_RENDER, "a film's sound that was kept is not whole");
}

void kept_close(struct kept_reader *r)
{
    if (r && r->f)
        fclose(r->f);
    free(r);
}
