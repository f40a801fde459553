/* cues.c - pages of captions as cues of SubRip and WebVTT */
#include "compose/cues.h"
#include <inttypes.h>
#include <stdlib.h>
#include "compose/mix.h"
#include "gen/base/mem.h"

static const char joiner[] = "\xe2\x81\xa0";    /* U+2060: nothing to see, nothing breaks, no tag begins */

static int64_t ms_of(int64_t samples)
{
    return (samples * 1000 + SAMPLE_RATE / 2) / SAMPLE_RATE;
}

static struct str text_of(struct cues *c, const struct caption_pages *p, const struct caption_page *page)
{
    struct buf b = { 0 };
    for (size_t k = 0; k < page->n_lines; k++) {
        if (k)
            buf_addc(&b, '\n');
        buf_adds(&b, (struct str){ p->text.p + page->lines[k].at, page->lines[k].n });
    }
    struct str text = arena_str(&c->arena, buf_str(&b));
    buf_deinit(&b);
    return text;
}

void cues_add(struct cues *c, const struct caption_pages *p, int64_t offset, int64_t until)
{
    for (size_t i = 0; i < p->n_pages; i++) {
        const struct caption_page *page = &p->pages[i];
        int64_t start = page->start_samples + offset, end = page->end_samples + offset;
        start = start > 0 ? start : 0;
        end = end < until ? end : until;
        if (end - start < SAMPLE_RATE / 1000)
            continue;
        if (c->n == c->cap) {
            c->cap = c->cap ? 2 * c->cap : 64;
            c->v = mem_resize(c->v, c->cap, sizeof *c->v);
        }
        c->v[c->n++] = (struct cue){ ms_of(start), ms_of(end), text_of(c, p, page) };
    }
}

void cues_of_film(struct cues *c, const struct join_spec *s)
{
    for (size_t i = 0; i < s->n_sections; i++) {
        const struct join_section *sec = &s->sections[i];
        if (!sec->speech || !words_fit(sec->speech->words, sec->speech->n_words, sec->section->narration))
            continue;
        struct caption_source from = { .narration = sec->section->narration,
                                       .language = s->lesson->language,
                                       .words = sec->speech->words,
                                       .n_words = sec->speech->n_words,
                                       .opts = &sec->section->captions,
                                       .width = s->video.width,
                                       .height = s->video.height };
        struct caption_pages *p = captions_pages(&from);
        cues_add(c, p, sec->speech_start_samples, film_samples(&s->video, sec->first_frame + sec->n_frames));
        captions_pages_destroy(p);
    }
}

void cues_deinit(struct cues *c)
{
    arena_deinit(&c->arena);
    free(c->v);
    *c = (struct cues){ 0 };
}

/* ---------- texts ---------- */

/* Players take "<b>" and "{\an8}" for markup and "-->" for times. */
bool cue_text_srt(struct buf *b, struct str s)
{
    bool ok = true;
    for (size_t i = 0; ok && i < s.n; i++) {
        bool arrow = s.p[i] == '>' && i >= 2 && s.p[i - 1] == '-' && s.p[i - 2] == '-';
        ok = (!arrow || buf_addz(b, joiner)) && buf_addc(b, s.p[i]);
        if (ok && (s.p[i] == '<' || (s.p[i] == '{' && i + 1 < s.n && s.p[i + 1] == '\\')))
            ok = buf_addz(b, joiner);
    }
    return ok;
}

bool cue_text_vtt(struct buf *b, struct str s)
{
    bool ok = true;
    for (size_t i = 0; ok && i < s.n; i++)
        ok = s.p[i] == '&'   ? buf_addz(b, "&amp;")
             : s.p[i] == '<' ? buf_addz(b, "&lt;")
             : s.p[i] == '>' ? buf_addz(b, "&gt;")
                             : buf_addc(b, s.p[i]);
    return ok;
}

bool cue_text_plain(struct buf *b, struct str s)
{
    return buf_adds(b, s);
}

/* ---------- files ---------- */

static bool add_time(struct buf *b, int64_t ms, char point)
{
    return buf_printf(b, "%02" PRId64 ":%02d:%02d%c%03d", ms / 3600000, (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
                      point, (int)(ms % 1000));
}

static bool add_cue(struct buf *b, const struct cue *c, char point, bool (*add_text)(struct buf *, struct str))
{
    return add_time(b, c->start_ms, point) && buf_addz(b, " --> ") && add_time(b, c->end_ms, point) &&
           buf_addc(b, '\n') && add_text(b, c->text) && buf_addz(b, "\n\n");
}

bool cues_write_srt(struct buf *b, const struct cues *c)
{
    bool ok = true;
    for (size_t i = 0; ok && i < c->n; i++)
        ok = buf_printf(b, "%zu\n", i + 1) && add_cue(b, &c->v[i], ',', cue_text_srt);
    return ok;
}

bool cues_write_vtt(struct buf *b, const struct cues *c)
{
    bool ok = buf_addz(b, "WEBVTT\n\n");
    for (size_t i = 0; ok && i < c->n; i++)
        ok = add_cue(b, &c->v[i], '.', cue_text_vtt);
    return ok;
}
