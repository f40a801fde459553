/* join_beside.c - what lies beside a film: subtitles and a thumbnail */
#include "compose/join_beside.h"
#include <string.h>
#include "compose/captions.h"
#include "compose/mix.h"
#include "compose/thumbnail.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/encoding.h"

/* "dir/name.mp4" with another ending. */
static bool name_with(struct buf *b, struct str path, const char *ending, struct err *e)
{
    path = container_stem(path);
    buf_clear(b);
    return (buf_adds(b, path) && buf_addz(b, ending)) || err_set(e, ERR_IO, "a name that is too long");
}

struct cues {
    struct buf srt, vtt;
    int number;
    size_t n_words;
};

static bool has_words(const struct join_section *sec)
{
    return sec->speech && words_fit(sec->speech->words, sec->speech->n_words, sec->section->narration);
}

static bool add_cues(const struct join_spec *s, const struct join_section *sec, struct cues *c)
{
    struct caption_source from = { .narration = sec->section->narration,
                                   .language = s->lesson->language,
                                   .words = sec->speech->words,
                                   .n_words = sec->speech->n_words,
                                   .opts = &sec->section->captions,
                                   .width = s->video.width,
                                   .height = s->video.height };
    int64_t until = film_samples(&s->video, sec->first_frame + sec->n_frames);
    struct caption_pages *p = captions_pages(&from);
    bool ok = captions_write_srt(&c->srt, p, sec->speech_start_samples, until, &c->number) &&
              captions_write_vtt(&c->vtt, p, sec->speech_start_samples, until);
    captions_pages_destroy(p);
    c->n_words += sec->speech->n_words;
    return ok;
}

static bool subtitles(const struct join_spec *s, struct err *e)
{
    const struct output_opts *o = &s->lesson->output;
    struct cues c = { .srt = BUF_INIT(64 * MIB), .vtt = BUF_INIT(64 * MIB), .number = 1 };
    struct buf name = { 0 };
    bool ok = captions_begin_vtt(&c.vtt);
    for (size_t i = 0; ok && i < s->n_sections; i++)
        ok = !has_words(&s->sections[i]) || add_cues(s, &s->sections[i], &c);
    if (!ok)
        err_set(e, ERR_IO, "subtitles of over 64 MiB");
    if (ok && c.n_words && o->srt)
        ok = name_with(&name, s->out_path, ".srt", e) && file_replace(name.p, buf_str(&c.srt), e);
    if (ok && c.n_words && o->vtt)
        ok = name_with(&name, s->out_path, ".vtt", e) && file_replace(name.p, buf_str(&c.vtt), e);
    buf_deinit(&name);
    buf_deinit(&c.srt);
    buf_deinit(&c.vtt);
    return ok;
}

/* The frame that stands for the film: a third into the first section, or into the one that is named. */
static int64_t best_frame(const struct join_spec *s)
{
    size_t best = 0;
    for (size_t i = 0; i < s->n_sections; i++)
        if (s->lesson->output.thumbnail.n && str_eq(s->sections[i].section->id, s->lesson->output.thumbnail))
            best = i;
    return s->n_sections ? s->sections[best].first_frame + s->sections[best].n_frames / 3 : 0;
}

bool beside_write(const struct join_spec *s, struct err *e)
{
    struct buf name = { 0 }, jpeg = BUF_INIT(64 * MIB);
    bool ok = !(s->lesson->output.srt || s->lesson->output.vtt) || subtitles(s, e);
    if (ok && !str_is(s->lesson->output.thumbnail, "none") && s->lesson->output.thumbnail.n)
        ok = thumbnail_make(s, best_frame(s), &jpeg, e) && name_with(&name, s->out_path, ".jpg", e) &&
             file_replace(name.p, buf_str(&jpeg), e);
    buf_deinit(&name);
    buf_deinit(&jpeg);
    return ok;
}
