/* join_beside.c - what lies beside a film */
#include "compose/join_beside.h"
#include <math.h>
#include "compose/thumbnail.h"
#include "gen/base/digest.h"
#include "gen/base/fd.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/chapters.h"
#include "gen/encoding.h"
#include "gen/film_files.h"

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

static bool wants_timeline(const struct output_opts *o, const struct cues *cues)
{
    (void)cues;
    return o->timeline;
}

static bool write_timeline(const struct join_spec *s, const struct cues *cues, struct buf *b, struct err *e)
{
    (void)cues;
    return buf_adds(b, s->timeline) || is_full(e);
}

static const struct beside besides[] = {
    { ".srt", wants_srt, write_srt },
    { ".vtt", wants_vtt, write_vtt },
    { ".jpg", wants_thumbnail, write_thumbnail },
    { ".chapters.txt", wants_chapters, write_chapters },
    { ".otio", wants_timeline, write_timeline },
};

/* Names, sizes and hashes of what is about to be published. */
static bool list_files(const struct publish *files, struct arena *a, struct json *list, struct err *e)
{
    char chunk[65536], hex[DIGEST_HEX];
    for (size_t i = 0; i < files->n; i++) {
        const struct aside *file = &files->files[i];
        struct digest *d = digest_create();
        struct json *o = json_object(a);
        int64_t at = 0;
        for (size_t n; (n = fd_read_at(file->fd, chunk, sizeof chunk, at)) > 0; at += (int64_t)n)
            digest_add(d, chunk, n);
        digest_finish(d, hex);
        if (at == 0)
            return err_set(e, ERR_IO, "%s cannot be read back", file->target.p);
        json_set(a, o, "file", json_string(a, film_base_name(buf_str(&file->target))));
        json_set(a, o, "bytes", json_number(a, (double)at));
        json_set(a, o, "sha256", json_string(a, str_from(hex)));
        json_push(list, o);
    }
    return true;
}

/* Loudness with a hundredth of a dB. */
static struct json *hundredths(struct arena *a, double v)
{
    return json_number(a, (double)lrint(v * 100) / 100);
}

static bool write_manifest(const struct join_spec *s, const struct join_result *made, const struct publish *files,
                           struct buf *b, struct err *e)
{
    struct arena a = { 0 };
    struct json *doc = NULL, *list = json_array(&a), *video;
    bool ok = json_parse(&a, s->manifest, 0, &doc, NULL, NULL, NULL, e) && list_files(files, &a, list, e);
    if (ok) {
        video = json_copy(&a, json_get(doc, "video"));
        json_set(&a, video, "loudness_lufs", hundredths(&a, made->loudness_lufs));
        json_set(&a, video, "peak_dbtp", hundredths(&a, made->peak_dbtp));
        json_set(&a, doc, "video", video);
        json_set(&a, doc, "files", list);
        json_print(b, doc, JSON_PRETTY | JSON_FIT);
        ok = buf_addc(b, '\n') || is_full(e);
    }
    arena_deinit(&a);
    return ok;
}

static bool name_with(struct buf *name, const struct join_spec *s, const char *ending, struct err *e)
{
    buf_clear(name);
    return (buf_adds(name, container_stem(s->out_path)) && buf_addz(name, ending)) ||
           err_set(e, ERR_IO, "a name that is too long");
}

bool beside_write(const struct join_spec *s, const struct join_result *made, const struct cues *cues,
                  struct publish *files, struct err *e)
{
    struct buf name = { 0 }, bytes = BUF_INIT(MIB_MOST * MIB);
    bool ok = true;
    for (size_t i = 0; ok && i < COUNTOF(besides); i++) {
        if (!besides[i].is_wanted(&s->lesson->output, cues))
            continue;
        buf_clear(&bytes);
        ok = name_with(&name, s, besides[i].ending, e);
        if (ok && !besides[i].write(s, cues, &bytes, e))
            ok = err_wrap(e, "%s", name.p);
        ok = ok && publish_bytes(files, buf_str(&name), buf_str(&bytes), e);
    }
    if (ok && s->manifest.n) {                  /* last: it holds the hashes of the others */
        buf_clear(&bytes);
        ok = name_with(&name, s, ".manifest.json", e) && write_manifest(s, made, files, &bytes, e) &&
             publish_bytes(files, buf_str(&name), buf_str(&bytes), e);
    }
    buf_deinit(&name);
    buf_deinit(&bytes);
    return ok;
}
