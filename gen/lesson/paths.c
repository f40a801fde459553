/* paths.c - names of files in a lesson, checked when it is read */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/clock.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"
#include "gen/lesson/files.h"
#include "gen/lesson/reader.h"
#include "gen/names.h"
#include "gen/sniff.h"

/* The scheme of "https://…"; empty when s is no URL. */
static struct str scheme_of(struct str s)
{
    size_t n = 0;
    while (n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z')))
        n++;
    bool is_url = n > 1 && str_starts((struct str){ s.p + n, s.n - n }, ":");
    return (struct str){ s.p, is_url ? n : 0 };
}

bool path_is_address(struct str name)
{
    struct str scheme = scheme_of(name);
    return name_equal(scheme, STR("http")) || name_equal(scheme, STR("https"));
}

/* What connects is checked when it is: here only that it can be an address. */
static bool check_address(struct reader *r, const struct json *v, struct str name)
{
    size_t scheme = scheme_of(name).n;
    bool ok = str_starts((struct str){ name.p + scheme, name.n - scheme }, "://") && name.n > scheme + 3;
    for (size_t i = 0; i < name.n; i++)
        ok = ok && (unsigned char)name.p[i] > ' ' && name.p[i] != 0x7f;
    if (!ok)
        report(r, "E_PATH", v->pos, STR(""), STR_FMT ": not an address", STR_ARG(quoted(r, name)));
    return ok;
}

enum { SETTLED_MS = 2000 };                      /* file systems count times by as much as that */

static int64_t ns_of(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Everything that the lesson is made of besides its own text, so that a change of it is noticed. */
static void note_file(struct reader *r, struct str name, int fd)
{
    struct lesson *l = r->l;
    struct stat st;
    if (fstat(fd, &st) != 0) {
        l->has_unsettled_file = true;
        return;
    }
    if (l->n_files == l->cap_files) {
        struct lesson_file_seen *before = l->files;
        l->cap_files = l->cap_files ? 2 * l->cap_files : 8;
        l->files = arena_array(r->a, l->cap_files, sizeof *l->files);
        for (size_t i = 0; i < l->n_files; i++)
            l->files[i] = before[i];
    }
    struct lesson_file_seen *f = &l->files[l->n_files++];
    *f = (struct lesson_file_seen){ .name = name, .bytes = st.st_size, .mtime_ns = ns_of(st.st_mtim),
                                    .ctime_ns = ns_of(st.st_ctim), .inode = st.st_ino, .device = st.st_dev };
    if (f->mtime_ns > (clock_wall_ms() - SETTLED_MS) * 1000000)
        l->has_unsettled_file = true;
}

static bool check_file(struct reader *r, const struct json *v, struct str name, int64_t most_bytes)
{
    struct err e;
    int fd = -1;
    if (scheme_of(name).n) {
        report(r, "E_PATH", v->pos, STR(""), STR_FMT ": not the name of a file", STR_ARG(quoted(r, name)));
        return false;
    }
    if (name.n == 0) {
        report(r, "E_PATH", v->pos, STR(""), "an empty name of a file");
        return false;
    }
    if (!r->opts->allow_outside && !path_stays_below(name)) {
        report(r, "E_PATH", v->pos, STR(""), STR_FMT ": leaves the lesson's directory; --allow-outside permits it",
               STR_ARG(quoted(r, name)));
        return false;
    }
    if (r->l->dir.n == 0) {
        r->l->has_unsettled_file = true;
        return true;
    }
    if (!lesson_open_file(r->l, name, (size_t)most_bytes, &fd, &e)) {
        report(r, "E_FILE", v->pos, STR(""), "%s", e.msg);
        return false;
    }
    note_file(r, name, fd);
    close(fd);
    return true;
}

bool read_path(struct reader *r, const struct json *v, int64_t most_bytes, struct str *out)
{
    struct str name = { 0 };
    if (v->type == JSON_NULL || !read_text(r, v, false, &name))
        return false;
    if (path_is_address(name)) {
        report(r, "E_PATH", v->pos, STR(""), STR_FMT ": only image, video and audio may be addresses; save it beside the lesson",
               STR_ARG(quoted(r, name)));
        return false;
    }
    if (!check_file(r, v, name, most_bytes))
        return false;
    *out = name;
    return true;
}

bool read_source(struct reader *r, const struct json *v, int64_t most_bytes, struct str *out)
{
    struct str name = { 0 };
    if (v->type == JSON_NULL || !read_text(r, v, false, &name))
        return false;
    if (!(path_is_address(name) ? check_address(r, v, name) : check_file(r, v, name, most_bytes)))
        return false;
    *out = name;
    return true;
}

/* A file that is of no use is told now, and not when the film is joined. */
static bool read_media_path(struct reader *r, const struct json *v, bool (*fits)(const char *type), const char *what,
                            struct str *out)
{
    char head[SNIFF_BYTES];
    struct err e;
    int fd = -1;
    if (!read_path(r, v, r->most_media_bytes, out))
        return false;
    if (r->l->dir.n == 0 || !lesson_open_file(r->l, *out, 0, &fd, &e))
        return true;
    struct str h = { head, fd_read_at(fd, head, sizeof head, 0) };
    close(fd);
    if (fits(sniff_type(h)))
        return true;
    sniff_explain(h, what, &e);
    report(r, "E_FILE", v->pos, STR(""), STR_FMT ": %s", STR_ARG(quoted(r, *out)), e.msg);
    return false;
}

static bool is_sound(const char *type)
{
    return sniff_fits(type, ASSET_SPEECH) || strcmp(type, "webm") == 0;
}

/* Whatever is decoded: more than what a web page may give. */
static bool is_picture(const char *type)
{
    return sniff_fits(type, ASSET_IMAGE) || strcmp(type, "tiff") == 0 || strcmp(type, "svg") == 0;
}

bool read_sound_path(struct reader *r, const struct json *v, struct str *out)
{
    return read_media_path(r, v, is_sound, "sound (MP3, WAV, Ogg, FLAC, M4A, AAC or WebM)", out);
}

bool read_picture_path(struct reader *r, const struct json *v, struct str *out)
{
    return read_media_path(r, v, is_picture, "a picture (PNG, JPEG, WebP, AVIF, HEIC, TIFF, GIF or SVG)", out);
}
