/* join.c - pieces and sound become one film */
#include "compose/join.h"
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include "compose/audit.h"
#include "compose/av.h"
#include "compose/containers.h"
#include "compose/cues.h"
#include "compose/fd_io.h"
#include "compose/heard.h"
#include "compose/join_beside.h"
#include "compose/join_verify.h"
#include "compose/mix.h"
#include "compose/piece.h"
#include "compose/publish.h"
#include "compose/scene.h"
#include "compose/soft_track.h"
#include "gen/base/mem.h"
#include "gen/chapters.h"
#include "gen/media.h"

/* The film being written. */
struct film {
    const struct join_spec *s;
    const atomic_bool *stop;
    int fd;
    AVFormatContext *mux;
    AVIOContext *io;
    AVStream *video, *audio;
    struct heard *heard;
    const struct cues *cues;                    /* for a track of their own; NULL: none is wanted */
    struct soft_track texts;
    AVPacket *sound, *picture;                  /* sound: the next packet, waiting for its turn */
    bool has_sound;
    int64_t sound_later;                        /* samples to add to its times */
    int64_t frames;                             /* of the pieces written so far */
    bool has_bad_piece;
};

/* ---------- the container ---------- */

/* The muxer reads its own output to move the index to the front, and nothing else. */
static int open_own_output(AVFormatContext *mux, AVIOContext **pb, const char *url, int flags, AVDictionary **options)
{
    (void)url, (void)options;
    if (flags & AVIO_FLAG_WRITE)
        return AVERROR(EACCES);
    *pb = fd_io_create(*(const int *)mux->opaque, false);
    return 0;
}

static int close_own_output(AVFormatContext *mux, AVIOContext *pb)
{
    (void)mux;
    fd_io_destroy(pb);
    return 0;
}

static bool add_chapter(struct film *f, size_t i, struct err *e)
{
    const struct join_section *sec = &f->s->sections[i];
    AVChapter *c = av_mallocz(sizeof *c);
    struct buf title = { 0 };
    AVFormatContext *m = f->mux;
    AVChapter **grown = c ? av_realloc_array(m->chapters, m->nb_chapters + 1, sizeof *grown) : NULL;
    if (!grown) {
        av_free(c);
        return err_set(e, ERR_RENDER, "no memory for chapters");
    }
    m->chapters = grown;
    m->chapters[m->nb_chapters++] = c;
    int64_t to = film_samples(&f->s->video, sec->first_frame + sec->n_frames);
    *c = (AVChapter){ .id = (int64_t)i + 1,
                      .time_base = { 1, 1000 },
                      .start = chapter_start_ms(f->s, i),
                      .end = to * 1000 / SAMPLE_RATE };
    chapter_title(&title, f->s, i);
    av_dict_set(&c->metadata, "title", title.p, 0);
    buf_deinit(&title);
    return true;
}

static void set_text(AVDictionary **d, const char *key, struct str value)
{
    char *z = value.n ? mem_strndup(value.p, value.n) : NULL;
    if (z)
        av_dict_set(d, key, z, 0);
    free(z);
}

/* ISO 639-1 to 639-2/T, which MP4 writes; others stay undetermined. */
static const char languages[][2][4] = {
    { "ar", "ara" }, { "cs", "ces" }, { "da", "dan" }, { "de", "deu" }, { "el", "ell" }, { "en", "eng" },
    { "es", "spa" }, { "fi", "fin" }, { "fr", "fra" }, { "he", "heb" }, { "hi", "hin" }, { "hu", "hun" },
    { "it", "ita" }, { "ja", "jpn" }, { "ko", "kor" }, { "nl", "nld" }, { "no", "nor" }, { "pl", "pol" },
    { "pt", "por" }, { "ro", "ron" }, { "ru", "rus" }, { "sv", "swe" }, { "tr", "tur" }, { "uk", "ukr" },
    { "vi", "vie" }, { "zh", "zho" },
};

/* NULL: not known */
static const char *language_of(const struct lesson *l)
{
    for (size_t i = 0; l->language.n >= 2 && i < COUNTOF(languages); i++)
        if (memcmp(l->language.p, languages[i][0], 2) == 0 && (l->language.n == 2 || l->language.p[2] == '-'))
            return languages[i][1];
    return NULL;
}

static void set_texts(struct film *f)
{
    const struct lesson *l = f->s->lesson;
    set_text(&f->mux->metadata, "title", l->title);
    set_text(&f->mux->metadata, "comment", l->description);
    if (language_of(l))
        av_dict_set(&f->audio->metadata, "language", language_of(l), 0);
    av_dict_set(&f->video->metadata, "handler_name", "video", 0);
    av_dict_set(&f->audio->metadata, "handler_name", "narration", 0);
}

/* A piece's own container does not keep what containers of films want to know. */
static void tell_pictures(AVCodecParameters *p, const struct container_row *row)
{
    p->codec_tag = p->codec_id == AV_CODEC_ID_HEVC ? row->hevc_tag : 0;
    p->format = AV_PIX_FMT_YUV420P;
    p->color_range = AVCOL_RANGE_MPEG;
    p->color_primaries = AVCOL_PRI_BT709;
    p->color_trc = AVCOL_TRC_BT709;
    p->color_space = AVCOL_SPC_BT709;
    p->chroma_location = AVCHROMA_LOC_LEFT;
}

static bool film_open(struct film *f, const struct AVCodecParameters *pictures, struct err *e)
{
    const struct container_row *row = container_row_of(f->s->out_path);
    AVDictionary *opts = NULL;
    int r = avformat_alloc_output_context2(&f->mux, NULL, row->muxer, NULL);
    if (r < 0)
        return err_av(e, ERR_RENDER, r, "this FFmpeg cannot write %s", row->muxer);
    f->io = fd_io_create(f->fd, true);
    f->mux->pb = f->io;
    f->mux->opaque = &f->fd;
    f->mux->io_open = open_own_output;
    f->mux->io_close2 = close_own_output;
    f->mux->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
    if (row->hides_priming)
        f->mux->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    f->video = avformat_new_stream(f->mux, NULL);
    f->audio = avformat_new_stream(f->mux, NULL);
    f->picture = av_packet_alloc();
    f->sound = av_packet_alloc();
    if (!f->video || !f->audio || !f->picture || !f->sound || avcodec_parameters_copy(f->video->codecpar, pictures) < 0)
        return err_set(e, ERR_RENDER, "no memory for a film");
    if (!heard_params(f->heard, f->audio->codecpar, e))
        return false;
    tell_pictures(f->video->codecpar, row);
    /* Matroska counts times from the first sample of the priming. FFmpeg before 6 writes how long it is, but leaves the
     * times to us. */
    if (row->hides_priming && f->s->sound_codec == SOUND_CODEC_OPUS && avformat_version() < AV_VERSION_INT(60, 0, 0))
        f->sound_later = f->audio->codecpar->initial_padding;
    f->video->time_base = (AVRational){ f->s->video.fps_den, f->s->video.fps_num };
    f->video->avg_frame_rate = (AVRational){ f->s->video.fps_num, f->s->video.fps_den };
    f->audio->time_base = (AVRational){ 1, SAMPLE_RATE };
    set_texts(f);
    if (f->cues && !soft_track_open(&f->texts, f->mux, row, f->cues, language_of(f->s->lesson), e))
        return false;
    for (size_t i = 0; f->s->lesson->output.chapters && i < f->s->n_sections; i++)
        if (!add_chapter(f, i, e))
            return false;
    if (av_dict_parse_string(&opts, row->options, "=", " ", 0) < 0)
        abort();
    r = avformat_write_header(f->mux, &opts);
    av_dict_free(&opts);
    return r >= 0 || err_av(e, f->io->error < 0 ? ERR_IO : ERR_RENDER, r, "write the film's header");
}

static void film_deinit(struct film *f)
{
    av_packet_free(&f->sound);
    av_packet_free(&f->picture);
    avformat_free_context(f->mux);
    fd_io_destroy(f->io);
    f->mux = NULL;
    f->io = NULL;
}

/* ---------- packets ---------- */

static bool write_packet(struct film *f, AVPacket *p, AVStream *st, AVRational from, struct err *e)
{
    p->stream_index = st->index;
    p->pos = -1;
    av_packet_rescale_ts(p, from, st->time_base);
    int r = av_interleaved_write_frame(f->mux, p); /* takes the packet */
    return r >= 0 || err_av(e, ERR_IO, r, "write the film");
}

/* Sound up to the time of the picture that comes next, so that both lie near each other in the file. */
static bool write_sound_until(struct film *f, int64_t until_samples, struct err *e)
{
    for (;;) {
        if (!f->has_sound && !heard_next(f->heard, f->sound, &f->has_sound, e))
            return false;
        if (!f->has_sound || f->sound->dts >= until_samples)
            return true;
        f->has_sound = false;
        f->sound->pts += f->sound_later;
        f->sound->dts += f->sound_later;
        if (!write_packet(f, f->sound, f->audio, (AVRational){ 1, SAMPLE_RATE }, e))
            return false;
    }
}

static bool write_texts_until(struct film *f, int64_t until_ms, struct err *e)
{
    bool got = f->cues != NULL;
    while (got) {
        if (!soft_track_next(&f->texts, until_ms, f->picture, &got, e))
            return false;
        if (got && !write_packet(f, f->picture, f->texts.stream, (AVRational){ 1, 1000 }, e))
            return false;
    }
    return true;
}

static bool bad_piece(struct film *f)
{
    f->has_bad_piece = true;
    return false;
}

static bool write_piece(struct film *f, struct piece_reader *r, const struct blob *b, struct err *e)
{
    const AVRational frame = { f->s->video.fps_den, f->s->video.fps_num };
    for (int64_t n = 0;; n++) {
        bool got = false;
        int64_t at = film_samples(&f->s->video, f->frames + n);
        if (!write_texts_until(f, at * 1000 / SAMPLE_RATE, e))
            return false;
        if (f->stop && atomic_load(f->stop))
            return err_set(e, ERR_CANCELLED, "stopped");
        if (!piece_next(r, f->picture, &got, e))
            return bad_piece(f);
        if (!got) {
            f->frames += n;
            if (n != b->info.n_frames)
                bad_piece(f);
            return n == b->info.n_frames || err_set(e, ERR_RENDER, "a piece has %lld frames instead of %lld",
                                                    (long long)n, (long long)b->info.n_frames);
        }
        f->picture->pts += f->frames;
        f->picture->dts += f->frames;
        if (!write_sound_until(f, film_samples(&f->s->video, f->picture->dts < 0 ? 0 : f->picture->dts), e) ||
            !write_packet(f, f->picture, f->video, frame, e))
            return false;
    }
}

static bool same_pictures(const struct AVCodecParameters *a, const struct AVCodecParameters *b)
{
    return a->codec_id == b->codec_id && a->width == b->width && a->height == b->height &&
           a->extradata_size == b->extradata_size &&
           (a->extradata_size == 0 || memcmp(a->extradata, b->extradata, (size_t)a->extradata_size) == 0);
}

static struct piece_reader *open_piece(const struct blob *b, int *fd, struct err *e)
{
    *fd = open(b->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0) {
        err_errno(e, "open a piece of the film");
        return NULL;
    }
    return piece_open(*fd, e);
}

static bool write_all(struct film *f, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < f->s->n_pieces; i++) {
        int fd = -1;
        struct piece_reader *r = open_piece(f->s->pieces[i], &fd, e);
        ok = (r || bad_piece(f)) && (f->mux || film_open(f, piece_params(r), e));
        if (ok && i && !same_pictures(piece_params(r), f->video->codecpar)) {
            err_set(e, ERR_RENDER, "pieces of different formats");
            ok = bad_piece(f);
        }
        ok = ok && write_piece(f, r, f->s->pieces[i], e);
        piece_close(r);
        if (fd >= 0)
            close(fd);
        if (!ok)
            err_wrap(e, "piece %zu", i + 1);
    }
    if (ok && f->frames != f->s->n_frames)
        ok = err_set(e, ERR_RENDER, "%lld frames instead of %lld", (long long)f->frames, (long long)f->s->n_frames);
    if (!ok || !write_sound_until(f, INT64_MAX, e) || !write_texts_until(f, INT64_MAX, e))
        return false;
    int r = av_write_trailer(f->mux);
    avio_flush(f->io);
    if (r >= 0)
        r = f->io->error;
    return r >= 0 || err_av(e, ERR_IO, r, "finish the film");
}

/* ---------- the whole ---------- */

static bool write_film(const struct join_spec *s, int fd, struct heard *h, const struct cues *c,
                       const atomic_bool *stop, bool *has_bad_piece, struct err *e)
{
    struct film f = { .s = s, .stop = stop, .fd = fd, .heard = h, .cues = s->lesson->output.track && c->n ? c : NULL };
    bool ok = write_all(&f, e);
    *has_bad_piece = f.has_bad_piece;
    film_deinit(&f);
    return ok;
}

/* what is told of a film without any sound: a number that JSON can hold */
static const double silence = -120;

static struct join_result result_of(const struct join_spec *s, struct heard *h, const struct audit_found *found,
                                    int64_t bytes)
{
    return (struct join_result){ .duration_s = (double)film_samples(&s->video, s->n_frames) / SAMPLE_RATE,
                                 .loudness_lufs = fmax(found->loudness.lufs, silence),
                                 .peak_dbtp = fmax(found->loudness.peak_dbtp, silence),
                                 .audit = found->audit,
                                 .is_audible = isfinite(heard_loudness(h).lufs),
                                 .is_sound_kept = heard_is_kept(h),
                                 .bytes = bytes };
}

/* A film on its way to its name. */
struct making {
    struct join_spec s;
    struct cues cues;
    struct heard_aim aim;
    struct heard *h;
    struct publish files;
    int fd;                                     /* of files */
    struct audit_found found;
};

/* One try: written aside, read back, looked at. */
static bool make_film(struct making *m, bool *has_bad_piece, const atomic_bool *stop, struct err *e)
{
    m->found = (struct audit_found){ .fault = AUDIT_NONE };
    if (!(m->h = heard_create(&m->s, m->aim, stop, e)) || (m->fd = publish_open(&m->files, m->s.out_path, e)) < 0 ||
        !write_film(&m->s, m->fd, m->h, &m->cues, stop, has_bad_piece, e) || !film_verify(&m->s, &m->cues, m->fd, e))
        return false;
    const struct audit_made made = { heard_loudness(m->h), m->aim.lift_lu };
    bool ok = film_audit(&m->s, m->fd, &made, &picture_source_files, &m->found, stop, e);
    *has_bad_piece = m->found.fault == AUDIT_PICTURE;
    return ok;
}

/* What another try can mend: coding that did more than it does as a rule, and sound that was kept. */
static bool may_mend(struct making *m, int tries)
{
    enum { TRIES = 5 };
    const struct audit_found *f = &m->found;
    bool is_stale = f->fault == AUDIT_SOUND && m->s.sound;
    if (tries >= TRIES || !(is_stale || f->fault == AUDIT_PEAK || f->fault == AUDIT_LOUDNESS))
        return false;
    m->s.sound = NULL;
    if (f->fault == AUDIT_PEAK)
        m->aim.margin_db += f->over_db + 0.05;
    if (f->fault == AUDIT_LOUDNESS)
        m->aim.lift_lu -= f->over_lu;
    heard_destroy(m->h);
    m->h = NULL;
    publish_deinit(&m->files);
    m->files.n = 0;
    return true;
}

bool film_join(const struct join_spec *s, struct join_result *out, const atomic_bool *stop, struct err *e)
{
    struct making m = { .s = *s, .aim = HEARD_AIM, .fd = -1 };
    struct stat st;
    bool ok = false;
    *out = (struct join_result){ 0 };
    if (!s->n_pieces || s->n_frames < 1) {
        err_set(e, ERR_INTERNAL, "a film without pictures");
        goto out;
    }
    cues_of_film(&m.cues, s);
    for (int tries = 1; !make_film(&m, &out->has_bad_piece, stop, e); tries++)
        if (!may_mend(&m, tries))
            goto out;
    if (fstat(m.fd, &st)) {
        err_errno(e, STR_FMT, STR_ARG(s->out_path));
        goto out;
    }
    struct join_result made = result_of(s, m.h, &m.found, st.st_size);
    ok = beside_write(s, &made, &m.cues, &m.files, e) && publish_commit(&m.files, e);
    if (ok)
        *out = made;
out:
    heard_destroy(m.h);
    cues_deinit(&m.cues);
    publish_deinit(&m.files);
    return ok;
}
