/* caption_cues.c - pages as cues of SubRip and WebVTT files */
#include "compose/captions.h"
#include <inttypes.h>

static const char joiner[] = "\xe2\x81\xa0";    /* U+2060: nothing to see, nothing breaks, no tag begins */

static bool add_time(struct buf *b, int64_t samples, char point)
{
    int64_t ms = (samples * 1000 + SAMPLE_RATE / 2) / SAMPLE_RATE;
    return buf_printf(b, "%02" PRId64 ":%02d:%02d%c%03d", ms / 3600000, (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
                      point, (int)(ms % 1000));
}

/* Players take "<b>" and "{\an8}" for markup and "-->" for times. */
static bool add_srt_text(struct buf *b, struct str s)
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

/* WebVTT, 6.3: & < > as character references. */
static bool add_vtt_text(struct buf *b, struct str s)
{
    bool ok = true;
    for (size_t i = 0; ok && i < s.n; i++)
        ok = s.p[i] == '&'   ? buf_addz(b, "&amp;")
             : s.p[i] == '<' ? buf_addz(b, "&lt;")
             : s.p[i] == '>' ? buf_addz(b, "&gt;")
                             : buf_addc(b, s.p[i]);
    return ok;
}

struct cue_format {
    char point;
    bool has_numbers;
    bool (*add_text)(struct buf *b, struct str s);
};

static bool write_cues(struct buf *b, const struct caption_pages *p, int64_t offset, int64_t until, int *number,
                       const struct cue_format *f)
{
    bool ok = true;
    for (size_t i = 0; ok && i < p->n_pages; i++) {
        const struct caption_page *page = &p->pages[i];
        int64_t start = page->start_samples + offset, end = page->end_samples + offset;
        start = start > 0 ? start : 0;
        end = end < until ? end : until;
        if (end - start < SAMPLE_RATE / 1000)
            continue;
        if (f->has_numbers)
            ok = buf_printf(b, "%d\n", (*number)++);
        ok = ok && add_time(b, start, f->point) && buf_addz(b, " --> ") && add_time(b, end, f->point) &&
             buf_addc(b, '\n');
        for (size_t k = 0; ok && k < page->n_lines; k++)
            ok = f->add_text(b, (struct str){ p->text.p + page->lines[k].at, page->lines[k].n }) && buf_addc(b, '\n');
        ok = ok && buf_addc(b, '\n');
    }
    return ok;
}

bool captions_write_srt(struct buf *b, const struct caption_pages *p, int64_t offset, int64_t until, int *number)
{
    static const struct cue_format srt = { ',', true, add_srt_text };
    return write_cues(b, p, offset, until, number, &srt);
}

bool captions_begin_vtt(struct buf *b)
{
    return buf_addz(b, "WEBVTT\n\n");
}

bool captions_write_vtt(struct buf *b, const struct caption_pages *p, int64_t offset, int64_t until)
{
    static const struct cue_format vtt = { '.', false, add_vtt_text };
    return write_cues(b, p, offset, until, NULL, &vtt);
}
