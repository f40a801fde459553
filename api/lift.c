/* lift.c - JSON that comes piece by piece: its text is kept, long base64 is decoded into the file */
#include <stdlib.h>
#include <string.h>
#include "api/base64_groups.h"
#include "api/lift_private.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

enum { PREFIX_MOST = 256, READ_BACK = 3 * 4096 };

struct lift *lift_create(int fd, int64_t offset, struct block_pool *pool, bool has_media)
{
    struct lift *l = mem_alloc(sizeof *l);
    *l = (struct lift){ .has_media = has_media };
    l->text.max = SIZE_MAX / 2;                 /* what comes is counted before it gets here */
    blocks_init(&l->file, fd, offset, pool);
    return l;
}

void lift_destroy(struct lift *l)
{
    if (!l)
        return;
    blocks_deinit(&l->file);
    buf_deinit(&l->text);
    free(l->spills);
    free(l->media);
    free(l);
}

/* ---------- text ---------- */

static bool spill(struct lift *l, struct err *e)
{
    int64_t end = blocks_end(&l->file);
    if (l->n_spills == 0 || l->spills[l->n_spills - 1].offset + l->spills[l->n_spills - 1].n != end) {
        if (l->n_spills == l->cap_spills) {
            l->cap_spills = l->cap_spills ? l->cap_spills * 2 : 4;
            l->spills = mem_resize(l->spills, l->cap_spills, sizeof *l->spills);
        }
        l->spills[l->n_spills++] = (struct lift_spill){ .offset = end };
    }
    l->spills[l->n_spills - 1].n += (int64_t)l->text.n;
    l->n_spilled += (int64_t)l->text.n;
    bool ok = blocks_add(&l->file, l->text.p, l->text.n, e);
    buf_clear(&l->text);
    return ok;
}

/* What is held may leave the text again, so it stays. */
static bool add_text(struct lift *l, const char *p, size_t n, struct err *e)
{
    if (l->state != LIFT_HOLD && l->text.n + n > LIFT_TEXT && !spill(l, e))
        return false;
    buf_add(&l->text, p, n);
    return true;
}

/* ---------- media ---------- */

static struct lift_media *now_coming(struct lift *l)
{
    return &l->media[l->n_media - 1];
}

static void begin_media(struct lift *l)
{
    if (l->n_media == l->cap_media) {
        l->cap_media = l->cap_media ? l->cap_media * 2 : 1;
        l->media = mem_resize(l->media, l->cap_media, sizeof *l->media);
    }
    l->media[l->n_media++] = (struct lift_media){ .media.offset = blocks_end(&l->file),
                                                  .text_at = l->n_spilled + (int64_t)l->text.n };
    l->n_quad = 0;
    l->state = LIFT_MEDIA;
}

/* Ways to write that do not go together could not be told apart later. */
static bool is_mixed(unsigned kinds)
{
    bool is_url = kinds & BASE64_URL, is_plain = kinds & (BASE64_PLUS | BASE64_SLASH | LIFT_ESCAPED);
    return (is_url && is_plain) || (kinds & BASE64_SLASH && kinds & LIFT_ESCAPED);
}

/* What was decoded of this string is written as text again; it goes on as text. */
static bool give_up(struct lift *l, struct err *e)
{
    struct lift_media m = *now_coming(l);
    int64_t n_spilled = l->n_spilled, left = blocks_end(&l->file) - m.media.offset;
    struct buf text = BUF_INIT(SIZE_MAX / 2);
    unsigned char bytes[READ_BACK];
    bool ok = blocks_flush(&l->file, e);
    l->state = LIFT_STRING;
    l->n_media--;
    for (int64_t at = m.media.offset; ok && left;) {
        size_t n = left < READ_BACK ? (size_t)left : READ_BACK;
        if (fd_read_at(l->file.fd, bytes, n, at) != n) {
            ok = err_set(e, ERR_IO, "read back %zu bytes of an answer", n);
            break;
        }
        buf_clear(&text);
        lift_encode(&text, bytes, n, m.kinds);
        ok = add_text(l, text.p, text.n, e);
        at += (int64_t)n;
        left -= (int64_t)n;
    }
    for (int i = 0; ok && i < l->n_quad; i++)
        ok = (l->quad[i] != '/' || !(m.kinds & LIFT_ESCAPED) || add_text(l, "\\", 1, e)) &&
             add_text(l, &l->quad[i], 1, e);
    ok = ok && add_text(l, "==", (size_t)m.n_pads, e) && (!l->is_escaped || add_text(l, "\\", 1, e));
    if (ok && n_spilled == l->n_spilled)        /* nothing lies behind it */
        l->file.at = m.media.offset;
    buf_deinit(&text);
    return ok;
}

/* Every bit has its place: what is written again is what came. Source: RFC 4648, section 3.5. */
static bool ends_well(const struct lift *l, const struct lift_media *m)
{
    int last = l->n_quad ? base64_value((unsigned char)l->quad[l->n_quad - 1]) : 0;
    if (l->n_quad == 0)
        return m->n_pads == 0;
    return l->n_quad != 1 && (last & (l->n_quad == 2 ? 15 : 3)) == 0 && (m->n_pads == 0 || l->n_quad + m->n_pads == 4);
}

/* The characters of the last group, whole or not, as bytes. */
static bool put_quad(struct lift *l, struct err *e)
{
    unsigned char out[3];
    uint32_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits = bits << 6 | (i < l->n_quad ? (uint32_t)base64_value((unsigned char)l->quad[i]) : 0);
    out[0] = (unsigned char)(bits >> 16);
    out[1] = (unsigned char)(bits >> 8);
    out[2] = (unsigned char)bits;
    size_t n = l->n_quad ? (size_t)l->n_quad - 1 : 0;
    l->n_quad = 0;
    return blocks_add(&l->file, out, n, e);
}

static bool end_media(struct lift *l, struct err *e)
{
    struct lift_media *m = now_coming(l);
    if (!ends_well(l, m))
        return give_up(l, e);
    if (!put_quad(l, e))
        return false;
    m->media.n_bytes = blocks_end(&l->file) - m->media.offset;
    l->state = LIFT_STRING;                     /* which ends with the character at hand */
    return true;
}

/* One character of the string; *used 0: it is for the state that follows. */
static bool media_char(struct lift *l, char c, size_t *used, struct err *e)
{
    struct lift_media *m = now_coming(l);
    unsigned kind = l->is_escaped ? LIFT_ESCAPED : base64_kind((unsigned char)c);
    bool is_own = base64_value((unsigned char)c) >= 0 && m->n_pads == 0 && (!l->is_escaped || c == '/') &&
                  !is_mixed(m->kinds | kind);
    *used = 1;
    if (is_own) {
        l->is_escaped = false;
        m->kinds |= kind;
        l->quad[l->n_quad++] = c;
        return l->n_quad < 4 || put_quad(l, e);
    }
    if (!l->is_escaped && c == '\\' && m->n_pads == 0) {
        l->is_escaped = true;
        return true;
    }
    if (!l->is_escaped && c == '=' && m->n_pads < 2) {
        m->n_pads++;
        return true;
    }
    *used = 0;
    return !l->is_escaped && c == '"' ? end_media(l, e) : give_up(l, e);
}

static bool in_media(struct lift *l, const char *p, size_t n, size_t *used, struct err *e)
{
    struct lift_media *m = now_coming(l);
    if (l->n_quad == 0 && m->n_pads == 0 && !l->is_escaped) {
        size_t room;
        unsigned kinds = 0;
        unsigned char *out = blocks_room(&l->file, &room);
        size_t n_groups = base64_groups(out, room, (const unsigned char *)p, n, true, &kinds);
        if (is_mixed(m->kinds | kinds)) {
            *used = 0;
            return give_up(l, e);               /* these groups were not counted yet */
        }
        if (n_groups) {
            m->kinds |= kinds;
            *used = n_groups * 4;
            return blocks_put(&l->file, n_groups * 3, e);
        }
    }
    return media_char(l, p[0], used, e);
}

/* ---------- the rest of JSON ---------- */

static bool in_begin(struct lift *l, const char *p, size_t n, size_t *used, struct err *e)
{
    struct str seen = { p, n };
    (void)e;
    *used = 0;
    if (str_trim(seen).n == 0)
        *used = n;
    else
        l->state = l->has_media && (*str_trim(seen).p == '{' || *str_trim(seen).p == '[') ? LIFT_OUTSIDE : LIFT_PLAIN;
    return add_text(l, p, *used, e);
}

static bool in_plain(struct lift *l, const char *p, size_t n, size_t *used, struct err *e)
{
    *used = n;
    return add_text(l, p, n, e);
}

static bool in_outside(struct lift *l, const char *p, size_t n, size_t *used, struct err *e)
{
    const char *quote = memchr(p, '"', n);
    *used = quote ? (size_t)(quote - p) + 1 : n;
    if (!add_text(l, p, *used, e))
        return false;
    if (quote) {
        l->state = LIFT_HOLD;
        l->hold_from = l->text.n;
    }
    return true;
}

/* Text of a string up to its end or to as much as is wanted; *is_end: its quote was met. */
static size_t string_run(struct lift *l, const char *p, size_t n, bool *is_end)
{
    bool is_escaped = l->is_escaped;
    size_t i = 0;
    for (; i < n; i++) {
        if (is_escaped)
            is_escaped = false;
        else if (p[i] == '\\')
            is_escaped = true;
        else if (p[i] == '"')
            break;
    }
    *is_end = i < n;
    l->is_escaped = is_escaped;
    return i;
}

static bool in_string(struct lift *l, const char *p, size_t n, size_t *used, struct err *e)
{
    bool is_end;
    *used = string_run(l, p, n, &is_end);
    *used += is_end;
    if (is_end)
        l->state = LIFT_OUTSIDE;
    return add_text(l, p, *used, e);
}

/* How long the "data:...;base64," before the characters is; with other escapes than of '/' it is not looked through. */
static size_t prefix_of(struct str s)
{
    const char *comma = str_starts(s, "data:") ? memchr(s.p, ',', s.n < PREFIX_MOST ? s.n : PREFIX_MOST) : NULL;
    size_t n = comma ? (size_t)(comma - s.p) + 1 : 0;
    for (size_t i = 0; i < n; i++)
        if (s.p[i] == '\\' && s.p[i + 1] != '/')
            return 0;
    return n;
}

/* The string is long: what was held of it is decoded like what follows, if it is base64. */
static bool end_hold(struct lift *l, struct err *e)
{
    char held[LIFT_HEAD];
    size_t from = l->hold_from + prefix_of((struct str){ l->text.p + l->hold_from, l->text.n - l->hold_from });
    size_t n = l->text.n - from;
    memcpy(held, l->text.p + from, n);
    l->text.n = from;
    begin_media(l);
    return lift_add(l, held, n, e);
}

static bool in_hold(struct lift *l, const char *p, size_t n, size_t *used, struct err *e)
{
    bool is_end;
    size_t held = l->text.n - l->hold_from, want = LIFT_HEAD - held;
    *used = string_run(l, p, n < want ? n : want, &is_end);
    buf_add(&l->text, p, *used);
    if (is_end)
        l->state = LIFT_STRING;                 /* the quote is its business */
    if (is_end || held + *used < LIFT_HEAD)
        return true;
    if (!l->is_escaped)
        return end_hold(l, e);
    l->is_escaped = false;                      /* the backslash comes again */
    l->text.n--;
    char again = '\\';
    return end_hold(l, e) && lift_add(l, &again, 1, e);
}

bool lift_add(struct lift *l, const char *p, size_t n, struct err *e)
{
    static bool (*const in[LIFT_N_STATES])(struct lift *, const char *, size_t, size_t *, struct err *) = {
        [LIFT_BEGIN] = in_begin,   [LIFT_OUTSIDE] = in_outside, [LIFT_HOLD] = in_hold,
        [LIFT_STRING] = in_string, [LIFT_MEDIA] = in_media,     [LIFT_PLAIN] = in_plain,
    };
    while (n) {
        size_t used = 0;
        if (!in[l->state](l, p, n, &used, e))
            return false;
        p += used;
        n -= used;
    }
    return true;
}

bool lift_end(struct lift *l, struct err *e)
{
    bool ok = l->state != LIFT_MEDIA || give_up(l, e);
    return blocks_flush(&l->file, e) && ok;
}
