/* outputs.c - where each lesson's video goes */
#include "cmd/outputs.h"
#include <stdlib.h>
#include <string.h>
#include "gen/base/text.h"
#include "gen/encoding.h"

enum { NAME_BYTES = 200 };

static bool is_kept(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("._-", c);
}

struct str output_component(struct str text, struct arena *a)
{
    struct buf b = { 0 };
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i] && is_kept((unsigned char)text.p[i]) ? text.p[i] : '-';
        bool is_first_sign = b.n == 0 && (c == '.' || c == '-');
        bool is_double = c == '-' && b.n > 0 && b.p[b.n - 1] == '-';
        if (!is_first_sign && !is_double)
            buf_addc(&b, c);
    }
    struct str name = text_cut(buf_str(&b), NAME_BYTES);
    while (name.n && name.p[name.n - 1] == '-')
        name.n--;
    name = arena_str(a, name.n ? name : STR("video"));
    buf_deinit(&b);
    return name;
}

static struct str stem(struct str path)
{
    for (size_t i = path.n; i > 0; i--)
        if (path.p[i - 1] == '/') {
            path = (struct str){ path.p + i, path.n - i };
            break;
        }
    if (str_ends(path, ".json"))
        path.n -= 5;
    return path;
}

static struct str wanted_name(const struct lesson *l, struct arena *a)
{
    struct str name = l->output.file;
    name = container_stem(name);
    if (name.n == 0 && (l->number || str_is(l->path, "-")))
        return l->id;
    if (name.n == 0)
        name = stem(l->path);
    return l->shape.n ? arena_printf(a, STR_FMT "." STR_FMT, STR_ARG(name), STR_ARG(l->shape)) : name;
}

struct place {
    struct str path;
    size_t of;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    size_t n = x->path.n < y->path.n ? x->path.n : y->path.n;
    int r = memcmp(x->path.p, y->path.p, n);
    if (r == 0)
        r = (x->path.n > y->path.n) - (x->path.n < y->path.n);
    return r ? r : (x->of > y->of) - (x->of < y->of);
}

/* What the name says, else the configuration. It has to go with the codecs. */
static bool container_for(const struct lesson *l, const struct encode_opts *o, enum container *out, struct err *e)
{
    bool is_named = !o->is_quick && container_of(l->output.file) < CONTAINER_N;
    *out = is_named ? container_of(l->output.file) : (enum container)o->container;
    if (encoding_fits(*out, (enum codec)o->codec, (enum sound_codec)o->audio_codec, e))
        return true;
    return is_named && err_wrap(e, STR_FMT ": output.file \"" STR_FMT "\"", STR_ARG(l->path), STR_ARG(l->output.file));
}

bool outputs_settle(const struct lesson *const *lessons, size_t n, const char *dir, const char *ending,
                    const struct encode_opts *encode, struct arena *a, struct str *paths, struct err *e)
{
    struct arena scratch = { 0 };
    struct place *sorted = arena_array(&scratch, n + 1, sizeof *sorted);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        enum container in = CONTAINER_MP4;
        ok = container_for(lessons[i], encode, &in, e);
        paths[i] = arena_printf(a, "%s/" STR_FMT "%s.%s", dir, STR_ARG(output_component(wanted_name(lessons[i], a), a)),
                                ending, container_names[in]);
        sorted[i] = (struct place){ container_stem(paths[i]), i }; /* subtitles and thumbnail lie beside */
    }
    if (ok)
        qsort(sorted, n, sizeof *sorted, compare_places);
    for (size_t i = 1; ok && i < n; i++)
        if (str_eq(sorted[i - 1].path, sorted[i].path))
            ok = err_set(e, ERR_USAGE,
                         "'" STR_FMT "' and '" STR_FMT "' would both become '" STR_FMT "'; give one an output.file",
                         STR_ARG(lessons[sorted[i - 1].of]->path), STR_ARG(lessons[sorted[i].of]->path),
                         STR_ARG(paths[sorted[i].of]));
    arena_deinit(&scratch);
    return ok;
}
