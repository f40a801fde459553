/* join_beside.c - what lies beside a film */
#include "compose/join_beside.h"
#include <string.h>
#include "compose/thumbnail.h"
#include "gen/base/mem.h"
#include "gen/chapters.h"
#include "gen/encoding.h"

enum { MIB_MOST = 64 };                         /* of one file */

/* One of the files; what it fails with is told with its name. */
struct beside {
    const char *ending;
    bool (*is_wanted)(const struct output_opts *o, const struct cues *cues);
    bool (*write)(const struct join_spec *s, const struct cues *cues, struct buf *b, struct err *e);
};

static bool is_full(struct err *e)
{
    return err_set(e, ERR_IO, "over %d MiB", MIB_MOST);
}

static bool wants_srt(const struct output_opts *o, const struct cues *cues)
{
    return o->srt && cues->n;
}

static bool write_srt(const struct join_spec *s, const struct cues *cues, struct buf *b, struct err *e)
{
    (void)s;
    return cues_write_srt(b, cues) || is_full(e);
}

static bool wants_vtt(const struct output_opts *o, const struct cues *cues)
{
    return o->vtt && cues->n;
}

static bool write_vtt(const struct join_spec *s, const struct cues *cues, struct buf *b, struct err *e)
{
    (void)s;
    return cues_write_vtt(b, cues) || is_full(e);
}

static bool wants_thumbnail(const struct output_opts *o, const struct cues *cues)
{
    (void)cues;
    return o->is_thumbnail_timed || o->thumbnail_file.n || (o->thumbnail.n && !str_is(o->thumbnail, "none"));
}

static bool write_thumbnail(const struct join_spec *s, const struct cues *cues, struct buf *b, struct err *e)
{
    (void)cues;
    return thumbnail_make(s, b, e);
}

static bool wants_chapters(const struct output_opts *o, const struct cues *cues)
{
    (void)cues;
    return o->chapter_list;
}

static bool write_chapters(const struct join_spec *s, const struct cues *cues, struct buf *b, struct err *e)
{
    (void)cues;
    return chapters_write(b, s) || is_full(e);
}

static const struct beside besides[] = {
    { ".srt", wants_srt, write_srt },
    { ".vtt", wants_vtt, write_vtt },
    { ".jpg", wants_thumbnail, write_thumbnail },
    { ".chapters.txt", wants_chapters, write_chapters },
};

bool beside_write(const struct join_spec *s, const struct join_result *made, const struct cues *cues,
                  struct publish *files, struct err *e)
{
    struct buf name = { 0 }, bytes = BUF_INIT(MIB_MOST * MIB);
    bool ok = true;
    (void)made;
    for (size_t i = 0; ok && i < COUNTOF(besides); i++) {
        if (!besides[i].is_wanted(&s->lesson->output, cues))
            continue;
        buf_clear(&name);
        buf_clear(&bytes);
        ok = (buf_adds(&name, container_stem(s->out_path)) && buf_addz(&name, besides[i].ending)) ||
             err_set(e, ERR_IO, "a name that is too long");
        if (ok && !besides[i].write(s, cues, &bytes, e))
            ok = err_wrap(e, "%s", name.p);
        ok = ok && publish_bytes(files, buf_str(&name), buf_str(&bytes), e);
    }
    buf_deinit(&name);
    buf_deinit(&bytes);
    return ok;
}
