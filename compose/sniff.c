/* sniff.c - what a file is, by its first bytes */
#include "compose/sniff.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

struct magic { const char *type; size_t at; const char *bytes; size_t n; };
#define MAGIC(type, at, lit) { type, at, lit, sizeof(lit) - 1 }

static const struct magic pictures[] = {
    MAGIC("png", 0, "\x89PNG\r\n\x1a\n"),
    MAGIC("jpeg", 0, "\xff\xd8\xff"),
    MAGIC("webp", 8, "WEBP"),
};
static const struct magic sounds[] = {
    MAGIC("mp3", 0, "ID3"),
    MAGIC("wav", 8, "WAVE"),
    MAGIC("ogg", 0, "OggS"),
    MAGIC("flac", 0, "fLaC"),
    MAGIC("m4a", 4, "ftyp"),
    MAGIC("webm", 0, "\x1a\x45\xdf\xa3"),
};
static const struct magic others[] = {
    MAGIC("a GIF picture", 0, "GIF8"),
    MAGIC("an AVIF or HEIF picture", 4, "ftypavif"),
    MAGIC("an AVIF or HEIF picture", 4, "ftyphei"),
    MAGIC("a BMP picture", 0, "BM"),
    MAGIC("a TIFF picture", 0, "II*\0"),
    MAGIC("a TIFF picture", 0, "MM\0*"),
    MAGIC("a PDF document", 0, "%PDF"),
    MAGIC("a zip archive", 0, "PK\x03\x04"),
    MAGIC("gzip-compressed data", 0, "\x1f\x8b"),
    MAGIC("an AIFF sound", 8, "AIFF"),
    MAGIC("a PNG picture", 0, "\x89PNG"),
    MAGIC("a JPEG picture", 0, "\xff\xd8\xff"),
    MAGIC("a WebP picture", 8, "WEBP"),
    MAGIC("a WAV sound", 8, "WAVE"),
    MAGIC("an Ogg sound", 0, "OggS"),
    MAGIC("a FLAC sound", 0, "fLaC"),
    MAGIC("an MP3 sound", 0, "ID3"),
    MAGIC("an MP4 file", 4, "ftyp"),
    MAGIC("a WebM or Matroska file", 0, "\x1a\x45\xdf\xa3"),
};

static const char *look_up(const struct magic *m, size_t n, struct str h)
{
    for (size_t i = 0; i < n; i++)
        if (h.n >= m[i].at + m[i].n && memcmp(h.p + m[i].at, m[i].bytes, m[i].n) == 0)
            return m[i].type;
    return NULL;
}

static struct str skip_blank(struct str h)
{
    if (str_starts(h, "\xef\xbb\xbf"))
        h.p += 3, h.n -= 3;
    while (h.n && strchr(" \t\r\n", h.p[0]) && h.p[0])
        h.p++, h.n--;
    return h;
}

/* Case-blind search for an ASCII needle. */
static const char *find(struct str h, const char *needle)
{
    size_t n = strlen(needle);
    for (size_t i = 0; h.n >= n && i <= h.n - n; i++)
        if (strncasecmp(h.p + i, needle, n) == 0)
            return h.p + i;
    return NULL;
}

const char *sniff_picture(struct str h)
{
    const char *type = look_up(pictures, COUNTOF(pictures), h);
    struct str t = skip_blank(h);
    if (!type && t.n && t.p[0] == '<' && find(t, "<svg") && !find(t, "<html"))
        type = "svg";
    return type;
}

const char *sniff_sound(struct str h)
{
    const char *type = look_up(sounds, COUNTOF(sounds), h);
    if (type || h.n < 4)
        return type;
    const unsigned char *b = (const unsigned char *)h.p;
    if (b[0] != 0xff || (b[1] & 0xe0) != 0xe0)
        return NULL;
    if ((b[1] & 0xf6) == 0xf0)                  /* ADTS: 12 sync bits, layer 0 */
        return "aac";
    bool valid = (b[1] & 0x18) != 0x08 && (b[1] & 0x06) && (b[2] & 0xf0) != 0xf0 && (b[2] & 0x0c) != 0x0c;
    return valid ? "mp3" : NULL;
}

static bool is_texty(struct str h)
{
    size_t odd = 0;
    for (size_t i = 0; i < h.n; i++)
        odd += (unsigned char)h.p[i] < 32 && !strchr("\t\r\n", h.p[i] ? h.p[i] : 1);
    return h.n && odd == 0;
}

static bool quote(const char *what, struct str text, struct err *e)
{
    struct buf b = { 0 };
    text_clean(&b, str_trim(text), 160);
    err_set(e, ERR_MEDIA, "%s: \"" STR_FMT "\"", what, STR_ARG(buf_str(&b)));
    buf_deinit(&b);
    return false;
}

static bool explain_html(struct str h, struct err *e)
{
    const char *from = find(h, "<title");
    struct str rest = { from, from ? (size_t)(h.p + h.n - from) : 0 };
    const char *open = from ? memchr(from, '>', rest.n) : NULL;
    if (!open)
        return err_set(e, ERR_MEDIA, "the answer is an HTML page");
    rest = (struct str){ open + 1, (size_t)(h.p + h.n - open - 1) };
    const char *close = find(rest, "</title");
    if (close)
        rest.n = (size_t)(close - rest.p);
    return quote("the answer is an HTML page", rest, e);
}

bool sniff_explain(struct str head, const char *wanted, struct err *e)
{
    struct str t = skip_blank(head);
    const char *known = look_up(others, COUNTOF(others), head);
    if (!head.n)
        return err_set(e, ERR_MEDIA, "empty: no bytes at all, expected %s", wanted);
    if (find(t, "<html") || str_starts(t, "<!DOCTYPE") || str_starts(t, "<!doctype"))
        return explain_html(t, e);
    if (known)
        return err_set(e, ERR_MEDIA, "this is %s, expected %s", known, wanted);
    if (is_texty(head))
        return quote(t.n && (t.p[0] == '{' || t.p[0] == '[') ? "the answer is JSON, not media" : "the answer is text, not media", t, e);
    char hex[3 * 8 + 1] = "";
    for (size_t i = 0; i < 8 && i < head.n; i++)
        snprintf(hex + 3 * i, 4, " %02x", (unsigned char)head.p[i]);
    return err_set(e, ERR_MEDIA, "unknown kind of file (begins with%s), expected %s", hex, wanted);
}
