/* chapters.c - the chapters of a film */
#include "gen/chapters.h"

enum { CHAPTERS_LEAST = 3, CHAPTER_MS_LEAST = 10000 };

static int64_t frame_ms(const struct join_spec *s, int64_t frame)
{
    return frame * 1000 * s->video.fps_den / s->video.fps_num;
}

void chapter_title(struct buf *b, const struct join_spec *s, size_t i)
{
    const struct section *sec = s->sections[i].section;
    struct str name = sec->title.n ? sec->title : sec->id;
    buf_clear(b);
    for (size_t k = 0; k < name.n; k++)
        buf_addc(b, (unsigned char)name.p[k] < ' ' ? ' ' : name.p[k]);
    if (name.n == 0)
        buf_printf(b, "%zu", i + 1);
}

int64_t chapter_start_ms(const struct join_spec *s, size_t i)
{
    return i ? frame_ms(s, s->sections[i].first_frame) : 0;
}

/* Whole seconds, rounded down: a chapter that begins a moment early shows its title's first picture. */
bool chapters_write(struct buf *b, const struct join_spec *s)
{
    struct buf title = { 0 };
    bool ok = true, is_long = frame_ms(s, s->n_frames) >= 3600 * 1000;
    for (size_t i = 0; ok && i < s->n_sections; i++) {
        long long at = (long long)chapter_start_ms(s, i) / 1000;
        chapter_title(&title, s, i);
        ok = (is_long ? buf_printf(b, "%lld:%02lld:%02lld ", at / 3600, at / 60 % 60, at % 60)
                      : buf_printf(b, "%02lld:%02lld ", at / 60, at % 60)) &&
             buf_adds(b, buf_str(&title)) && buf_addc(b, '\n');
    }
    buf_deinit(&title);
    return ok;
}

bool chapters_are_taken(const struct join_spec *s, struct err *why)
{
    size_t n_short = 0;
    for (size_t i = 0; i < s->n_sections; i++) {
        int64_t end = i + 1 < s->n_sections ? chapter_start_ms(s, i + 1) : frame_ms(s, s->n_frames);
        n_short += end / 1000 * 1000 - chapter_start_ms(s, i) / 1000 * 1000 < CHAPTER_MS_LEAST;
    }
    if (s->n_sections < CHAPTERS_LEAST)
        return err_set(why, ERR_LESSON, "%zu chapters; video platforms show chapters where there are %d at least",
                       s->n_sections, CHAPTERS_LEAST);
    if (n_short)
        return err_set(why, ERR_LESSON,
                       "%zu of %zu chapters are shorter than %d s; video platforms then show none of them", n_short,
                       s->n_sections, CHAPTER_MS_LEAST / 1000);
    return true;
}
