/* sniff.c - what bytes are, whatever their file's name or a server calls them */
#include "gen/sniff.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

/* type "": known by name only, and refused */
static const struct magic { const char *type, *called; size_t at, n; const char *bytes; } magics[] = {
#define MAGIC(type, called, at, bytes) { type, called, at, sizeof(bytes) - 1, bytes }
    MAGIC("png", "a PNG picture", 0, "\x89PNG\r\n\x1a\n"),
    MAGIC("jpeg", "a JPEG picture", 0, "\xff\xd8\xff"),
    MAGIC("webp", "a WebP picture", 8, "WEBP"),
    MAGIC("gif", "a GIF picture", 0, "GIF8"),
    MAGIC("wav", "a WAV sound", 8, "WAVE"),
    MAGIC("mp3", "an MP3 sound", 0, "ID3"),
    MAGIC("ogg", "an Ogg sound", 0, "OggS"),
    MAGIC("flac", "a FLAC sound", 0, "fLaC"),
    MAGIC("avif", "an AVIF picture", 4, "ftypavi"),
    MAGIC("heic", "a HEIC picture", 4, "ftyphei"),
    MAGIC("heic", "a HEIC picture", 4, "ftyphev"),
    MAGIC("heic", "a HEIF picture", 4, "ftypmif1"), /* of whichever codec: one library reads them all */
    MAGIC("heic", "a HEIF picture", 4, "ftypmsf1"),
    MAGIC("mp4", "an MP4 file", 4, "ftyp"),
    MAGIC("webm", "a WebM or Matroska file", 0, "\x1a\x45\xdf\xa3"),
    MAGIC("", "a BMP picture", 0, "BM"),
    MAGIC("tiff", "a TIFF picture", 0, "II*\0"),
    MAGIC("tiff", "a TIFF picture", 0, "MM\0*"),
    MAGIC("", "a PDF document", 0, "%PDF"),
    MAGIC("", "a zip archive", 0, "PK\x03\x04"),
    MAGIC("", "gzip-compressed data", 0, "\x1f\x8b"),
    MAGIC("", "an AIFF sound", 8, "AIFF"),
#undef MAGIC
};

static const struct magic *look_up(struct str h)
{
    for (const struct magic *m = magics; m < magics + COUNTOF(magics); m++)
        if (h.n >= m->at + m->n && memcmp(h.p + m->at, m->bytes, m->n) == 0)
            return m;
    return NULL;
}

static struct str skip_blank(struct str h)
{
    if (str_starts(h, "\xef\xbb\xbf"))
        h = (struct str){ h.p + 3, h.n - 3 };
    return str_trim(h);
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

/* MPEG audio begins with 11 set bits; layer 0 is ADTS, which is AAC. Reserved version, bit rate or sample rate:
 * neither. */
static const char *mpeg_type(struct str h)
{
    if (h.n < 4 || (unsigned char)h.p[0] != 0xff || ((unsigned char)h.p[1] & 0xe0) != 0xe0)
        return "";
    unsigned b1 = (unsigned char)h.p[1], b2 = (unsigned char)h.p[2];
    if ((b1 & 0xf6) == 0xf0)
        return "aac";
    bool ok = (b1 >> 3 & 3) != 1 && (b1 >> 1 & 3) != 0 && b2 >> 4 != 15 && (b2 >> 2 & 3) != 3;
    return ok ? "mp3" : "";
}

static const char *text_type(struct str h)
{
    h = skip_blank(h);
    if (h.n && (h.p[0] == '{' || h.p[0] == '['))
        return "json";
    if (h.n < 2 || h.p[0] != '<' || (h.p[1] != '!' && h.p[1] != '?' && (h.p[1] | 32) < 'a'))
        return "";
    return find(h, "<svg") && !find(h, "<html") ? "svg" : "html";
}

const char *sniff_type(struct str head)
{
    const struct magic *m = look_up(head);
    if (m)
        return m->type;
    const char *audio = mpeg_type(head);
    return audio[0] ? audio : text_type(head);
}

bool sniff_fits(const char *type, enum asset_kind kind)
{
    static const char *const of[ASSET_N_KINDS][8] = {
        [ASSET_IMAGE] = { "png", "jpeg", "webp", "gif", "avif", "heic" },
        [ASSET_SPEECH] = { "wav", "mp3", "ogg", "flac", "aac", "mp4" },
        [ASSET_VIDEO] = { "mp4", "webm" },
    };
    for (size_t i = 0; (unsigned)kind < ASSET_N_KINDS && of[kind][i]; i++)
        if (strcmp(of[kind][i], type) == 0)
            return true;
    return false;
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
        return err_set(e, ERR_MEDIA, "this is an HTML page");
    rest = (struct str){ open + 1, (size_t)(h.p + h.n - open - 1) };
    const char *close = find(rest, "</title");
    if (close)
        rest.n = (size_t)(close - rest.p);
    return quote("this is an HTML page", rest, e);
}

bool sniff_explain(struct str head, const char *wanted, struct err *e)
{
    struct str t = skip_blank(head);
    const struct magic *known = look_up(head);
    if (!head.n)
        return err_set(e, ERR_MEDIA, "empty: no bytes at all, expected %s", wanted);
    if (find(t, "<html") || str_starts(t, "<!DOCTYPE") || str_starts(t, "<!doctype"))
        return explain_html(t, e);
    if (known)
        return err_set(e, ERR_MEDIA, "this is %s, expected %s", known->called, wanted);
    if (is_texty(head))
        return quote(t.n && (t.p[0] == '{' || t.p[0] == '[') ? "this is JSON, not media"
                                                             : "this is text, not media",
                     t, e);
    char hex[3 * 8 + 1] = "";
    for (size_t i = 0; i < 8 && i < head.n; i++)
        snprintf(hex + 3 * i, 4, " %02x", (unsigned char)head.p[i]);
    return err_set(e, ERR_MEDIA, "unknown kind of file (begins with%s), expected %s", hex, wanted);
}
