/* answer.c - what a chat model answered */
#include "gen/answer.h"
#include <fcntl.h>
#include <unistd.h>
#include "gen/base/file.h"
#include "gen/base/text.h"
#include "gen/ports.h"

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 32 && c != '\t' && c != '\n' && c != '\r') || c == 127)
            return false;
    }
    return true;
}

bool answer_json(struct arena *a, struct str text, struct json **out, struct err *e)
{
    struct json_pos at = { 0 };
    struct json_note notes[4];
    size_t n_notes = 0;
    if (!json_parse(a, str_trim(text), JSON_BOM | JSON_FENCE, out, notes, &n_notes, &at, e)) {
        if (e)
            e->code = ERR_MEDIA;
        return err_wrap(e, "no JSON, line %u, column %u", at.line, at.col);
    }
    return (*out)->type == JSON_OBJECT || (*out)->type == JSON_ARRAY ||
           err_set(e, ERR_MEDIA, "expected an object of JSON, not %s", json_type_name((*out)->type));
}

static bool check_text(struct str text, bool is_json, struct err *e)
{
    size_t bad = 0;
    struct arena a = { 0 };
    struct json *tree;
    if (str_trim(text).n == 0)
        return err_set(e, ERR_MEDIA, "an empty text");
    if (!text_valid(text, &bad))
        return err_set(e, ERR_MEDIA, "not UTF-8 at byte %zu", bad);
    if (!is_plain(text))
        return err_set(e, ERR_MEDIA, "control characters in a text");
    bool ok = !is_json || answer_json(&a, text, &tree, e);
    arena_deinit(&a);
    return ok;
}

bool answer_check(int fd, bool is_json, struct media_info *info, struct err *e)
{
    struct buf b = BUF_INIT(ANSWER_MAX + 1);
    *info = (struct media_info){ .type = "text" };
    if (is_json)
        *info = (struct media_info){ .type = "json" };
    bool ok = lseek(fd, 0, SEEK_END) <= ANSWER_MAX || err_set(e, ERR_MEDIA, "a text of more than %d bytes", ANSWER_MAX);
    ok = ok && (lseek(fd, 0, SEEK_SET) == 0 || err_errno(e, "read the answer"));
    ok = ok && file_read_fd(fd, "the answer", ANSWER_MAX, &b, e) && check_text(buf_str(&b), is_json, e);
    buf_deinit(&b);
    return ok;
}

bool answer_text(const struct blob *blob, struct arena *a, struct str *out, struct err *e)
{
    struct buf b = BUF_INIT(ANSWER_MAX + 1);
    int fd = open(blob->path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 ? file_read_fd(fd, "an answer in the store", ANSWER_MAX, &b, e)
                      : err_errno(e, "open an answer in the store");
    if (fd >= 0)
        close(fd);
    if (ok)
        *out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return ok;
}
