/* renderer.c - compose's side of the renderer port: the parts behind one table */
#include "compose/renderer.h"
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <cairo.h>
#include <lcms2.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libheif/heif.h>
#include <librsvg/rsvg.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <pango/pango.h>
#include "compose/check.h"
#include "compose/draw.h"
#include "compose/fonts.h"
#include "compose/join.h"
#include "compose/piece.h"
#include "compose/scene.h"
#include "compose/speak.h"
#include "compose/splice.h"
#include "gen/base/log.h"
#include "gen/base/mem.h"
#include "gen/chapters.h"

/* Counted up when what is drawn, spoken, checked or joined changes although specs and libraries do not. */
enum { DRAWING_VERSION = 15 };

struct compositor {
    struct renderer table;
    struct log *log;
    struct buf version;
    atomic_flag told_voice;                     /* one notice a run is enough */
};

static struct str version(void *ctx)
{
    const struct compositor *c = ctx;
    return buf_str(&c->version);
}

static bool check(void *ctx, enum asset_kind kind, int fd, struct str text, struct str words_json,
                  struct media_info *info, struct word **words, size_t *n_words, struct err *e)
{
    (void)ctx;
    return media_check(kind, fd, text, words_json, info, words, n_words, e);
}

/* A lesson made for a remote voice ("alloy") is still spoken when nobody is there to speak with it. */
static bool speak_one(void *ctx, const struct speak_spec *s, int fd, struct media_info *info, struct word **words,
                      size_t *n_words, struct err *e)
{
    struct compositor *c = ctx;
    if (speak(s, fd, info, words, n_words, e))
        return true;
    if (e->code != ERR_LESSON || !s->voice || s->voice->voice.n == 0)
        return false;
    struct voice_opts own = *s->voice;
    struct speak_spec again = *s;
    own.voice = (struct str){ "", 0 };
    again.voice = &own;
    if (!speak(&again, fd, info, words, n_words, e))
        return false;
    if (!atomic_flag_test_and_set(&c->told_voice))
        log_warn(c->log, "espeak has no voice \"" STR_FMT "\"; its own voice for \"" STR_FMT "\" speaks instead",
                 STR_ARG(s->voice->voice), STR_ARG(s->language));
    return true;
}

static bool splice_parts(void *ctx, const struct splice_spec *s, int fd, struct media_info *info, struct word **words,
                         size_t *n_words, struct err *e)
{
    (void)ctx;
    return speech_splice(s, fd, info, words, n_words, e);
}

static bool draw(void *ctx, const struct slide_spec *s, int fd, struct media_info *info, struct err *e)
{
    (void)ctx;
    return draw_in_child(s, fd, info, e);
}

static bool render(void *ctx, const struct piece_spec *s, int fd, struct media_info *info, const atomic_bool *stop,
                   atomic_llong *frames_done, struct err *e)
{
    (void)ctx;
    return piece_render(s, &picture_source_files, fd, info, stop, frames_done, e);
}

static bool join(void *ctx, const struct join_spec *s, struct join_result *out, const atomic_bool *stop, struct err *e)
{
    const struct compositor *c = ctx;
    if (!film_join(s, out, stop, e))
        return false;
    log_debug(c->log, STR_FMT ": %.2f s, %.1f LUFS, peak %.1f dBTP, %lld bytes", STR_ARG(s->out_path), out->duration_s,
              out->loudness_lufs, out->peak_dbtp, (long long)out->bytes);
    const struct film_audit *a = &out->audit;
    log_debug(c->log, STR_FMT ": looked at %zu pictures, %zu of them drawn again; %zu of %zu narrations heard, at most %.1f ms "
                      "from their places; sound ends %.1f ms after the pictures",
              STR_ARG(s->out_path), a->n_pictures, a->n_compared, a->n_speech_heard, a->n_speech, a->speech_late_ms,
              a->sound_over_ms);
    const struct loudness_opts *l = &s->lesson->loudness;
    struct err why;
    if (s->lesson->output.chapter_list && !chapters_are_taken(s, &why))
        log_warn(c->log, STR_FMT ": %s", STR_ARG(s->out_path), why.msg);
    if (out->is_audible && fabs(out->loudness_lufs - l->target) > 0.5)
        log_warn(c->log,
                 STR_FMT ": %.1f LUFS instead of %.1f: peaks under %.1f dBTP allow no more; a lower loudness.target or a "
                         "higher loudness.peak would",
                 STR_ARG(s->out_path), out->loudness_lufs, l->target, l->peak);
    return true;
}

const struct renderer *renderer_create(struct log *log)
{
    struct compositor *c = mem_alloc(sizeof *c);
    c->log = log;
    c->table = (struct renderer){
        .ctx = c, .version = version, .check = check, .speak = speak_one, .splice = splice_parts, .draw = draw, .render = render, .join = join
    };
    char fonts[DIGEST_HEX];
    fonts_digest(fonts);
    buf_printf(&c->version,
               "vidgen/%d %s lavc/%u lavf/%u sws/%u swr/%u espeak/%s pango/%s cairo/%s rsvg/%u.%u.%u lcms/%d heif/%s fonts/%.16s",
               DRAWING_VERSION, piece_version(), avcodec_version(), avformat_version(), swscale_version(),
               swresample_version(), speak_version(), pango_version_string(), cairo_version_string(),
               rsvg_major_version, rsvg_minor_version, rsvg_micro_version, cmsGetEncodedCMMversion(), heif_get_version(),
               fonts);
    av_log_set_level(AV_LOG_QUIET);             /* what it has to say comes back as error codes */
    setenv("SVT_LOG", "-1", 0);                 /* the AV1 encoder prints by itself */
    return &c->table;
}

void renderer_destroy(const struct renderer *r)
{
    struct compositor *c = r ? r->ctx : NULL;
    if (c)
        buf_deinit(&c->version);
    free(c);
}
