/* receipt.c - which films are up to date */
#include "gen/receipt.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/fd.h"
#include "gen/base/file.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"
#include "gen/encoding.h"

enum { RECEIPT_BYTES = 1 << 20 };

static const char *const endings[] = { ".srt", ".vtt", ".jpg", ".chapters.txt", ".otio", ".manifest.json" }; /* what a join may leave beside a film */

static struct json *number_text(struct arena *a, long long v)
{
    return json_string(a, arena_printf(a, "%lld", v));
}

static void add_file(struct arena *a, struct json *files, const char *path, const char *name)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return;
    struct json *pair = json_array(a);
    json_push(pair, number_text(a, (long long)st.st_size));
    json_push(pair, number_text(a, (long long)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec));
    json_set(a, files, name, pair);
}

/* What stands at the film's place now: an object of "ending": ["size", "mtime_ns"]. Files that are not there are left
 * out. */
static struct json *files_now(struct arena *a, struct str out_path)
{
    struct json *files = json_object(a);
    struct str stem = container_stem(out_path);
    add_file(a, files, arena_str(a, out_path).p, "film");
    for (size_t i = 0; i < COUNTOF(endings); i++)
        add_file(a, files, arena_printf(a, STR_FMT "%s", STR_ARG(stem), endings[i]).p, endings[i]);
    return files;
}

static struct str file_list(struct arena *a, struct str out_path)
{
    struct buf b = { 0 };
    json_print(&b, files_now(a, out_path), JSON_SORTED);
    struct str s = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return s;
}

static bool read_receipt(const char *path, struct arena *a, struct json **out)
{
    struct buf text = BUF_INIT(RECEIPT_BYTES);
    bool ok =
        file_read(path, RECEIPT_BYTES, &text, NULL) && json_parse(a, buf_str(&text), 0, out, NULL, NULL, NULL, NULL);
    buf_deinit(&text);
    return ok;
}

static struct json *audit_json(struct arena *a, const struct film_audit *f)
{
    struct json *o = json_object(a);
    json_set(a, o, "speech_heard", json_number(a, (double)f->n_speech_heard));
    json_set(a, o, "speech_asked", json_number(a, (double)f->n_speech));
    json_set(a, o, "speech_late_ms", json_number(a, f->speech_late_ms));
    json_set(a, o, "sound_over_ms", json_number(a, f->sound_over_ms));
    json_set(a, o, "pictures_looked_at", json_number(a, (double)f->n_pictures));
    json_set(a, o, "pictures_compared", json_number(a, (double)f->n_compared));
    return o;
}

static struct film_audit audit_of(const struct json *o)
{
    if (!o)
        return (struct film_audit){ .is_made = false };
    return (struct film_audit){ .is_made = true,
                                .n_speech_heard = (size_t)json_num_or(o, "speech_heard", 0),
                                .n_speech = (size_t)json_num_or(o, "speech_asked", 0),
                                .speech_late_ms = json_num_or(o, "speech_late_ms", 0),
                                .sound_over_ms = json_num_or(o, "sound_over_ms", 0),
                                .n_pictures = (size_t)json_num_or(o, "pictures_looked_at", 0),
                                .n_compared = (size_t)json_num_or(o, "pictures_compared", 0) };
}

bool receipt_is_valid(struct store *s, const char *id, struct arena *a, struct join_result *out, const struct json **assets)
{
    struct store_entry found;
    struct json *doc = NULL;
    if (!store_find(s, id, false, a, &found, NULL) || found.state != STORE_DONE ||
        !read_receipt(found.blob.path.p, a, &doc))
        return false;
    struct str path = json_str_or(doc, "film", STR(""));
    struct buf then = { 0 };
    const struct json *files = json_get(doc, "files");
    if (files)
        json_print(&then, files, JSON_SORTED);
    bool same = path.n && files && json_get(files, "film") && str_eq(buf_str(&then), file_list(a, path));
    buf_deinit(&then);
    if (assets)
        *assets = json_get(doc, "assets");
    if (same)
        *out = (struct join_result){ .duration_s = json_num_or(doc, "duration_s", 0),
                                     .loudness_lufs = json_num_or(doc, "loudness_lufs", 0),
                                     .peak_dbtp = json_num_or(doc, "peak_dbtp", 0),
                                     .audit = audit_of(json_get(doc, "audit")),
                                     .bytes = (int64_t)json_num_or(doc, "bytes", 0) };
    return same;
}

void receipt_write(struct store *s, const char *id, const struct join_spec *spec, struct json *switches, struct json *assets,
                   const struct join_result *r, double spent, struct arena *a)
{
    struct store_temp t;
    struct blob blob;
    struct buf b = { 0 };
    struct json *doc = json_object(a);
    json_set(a, doc, "film", json_string(a, spec->out_path));
    json_set(a, doc, "files", files_now(a, spec->out_path));
    json_set(a, doc, "duration_s", json_number(a, r->duration_s));
    json_set(a, doc, "loudness_lufs", json_number(a, r->loudness_lufs));
    json_set(a, doc, "peak_dbtp", json_number(a, r->peak_dbtp));
    json_set(a, doc, "bytes", json_number(a, (double)r->bytes));
    if (r->audit.is_made)
        json_set(a, doc, "audit", audit_json(a, &r->audit));
    json_set(a, doc, "spent", json_number(a, spent));
    json_set(a, doc, "switches", switches);
    if (assets)
        json_set(a, doc, "assets", assets);
    json_print(&b, doc, 0);
    if (store_temp_open(s, id, 0, &t, NULL)) {
        const struct media_info info = { .type = "receipt" };
        if (!fd_write(t.fd, b.p, b.n, NULL) || !store_put(s, id, ASSET_VIDEO, &t, &info, NULL, 0, a, &blob, NULL))
            store_temp_drop(s, &t);
    }
    buf_deinit(&b);
}
