/* sniff.c - what bytes are, whatever the server calls them; raw samples made into WAV */
#include "api/sniff.h"
#include <string.h>
#include <strings.h>
#include "gen/base/mem.h"

static const struct { const char *type, *magic; size_t at, n; const char *then; size_t then_at; } magics[] = {
    { "png", "\x89PNG\r\n\x1a\n", 0, 8, NULL, 0 },
    { "jpeg", "\xff\xd8\xff", 0, 3, NULL, 0 },
    { "webp", "RIFF", 0, 4, "WEBP", 8 },
    { "gif", "GIF8", 0, 4, NULL, 0 },
    { "wav", "RIFF", 0, 4, "WAVE", 8 },
    { "mp3", "ID3", 0, 3, NULL, 0 },
    { "ogg", "OggS", 0, 4, NULL, 0 },
    { "flac", "fLaC", 0, 4, NULL, 0 },
    { "mp4", "ftyp", 4, 4, NULL, 0 },
    { "webm", "\x1a\x45\xdf\xa3", 0, 4, NULL, 0 },
};

static bool has_at(struct str head, size_t at, const char *p, size_t n)
{
    return head.n >= at + n && memcmp(head.p + at, p, n) == 0;
}

/* MPEG audio begins with 11 set bits; layer 0 is ADTS, which is AAC. Reserved version, bit rate or sample rate: neither. */
static const char *mpeg_audio(struct str head)
{
    if (head.n < 4 || (unsigned char)head.p[0] != 0xff || ((unsigned char)head.p[1] & 0xe0) != 0xe0)
        return "";
    unsigned b1 = (unsigned char)head.p[1], b2 = (unsigned char)head.p[2];
    if ((b1 & 0xf6) == 0xf0)
        return "aac";
    bool ok = (b1 >> 3 & 3) != 1 && (b1 >> 1 & 3) != 0 && b2 >> 4 != 15 && (b2 >> 2 & 3) != 3;
    return ok ? "mp3" : "";
}

static const char *text_type(struct str head)
{
    if (has_at(head, 0, "\xef\xbb\xbf", 3))
        head = (struct str){ head.p + 3, head.n - 3 };
    head = str_trim(head);
    if (head.n == 0)
        return "";
    if (head.p[0] == '{' || head.p[0] == '[')
        return "json";
    if (head.p[0] == '<' && head.n > 1 && (head.p[1] == '!' || head.p[1] == '?' || (head.p[1] | 32) >= 'a'))
        return "html";
    return "";
}

const char *sniff_type(struct str head)
{
    for (size_t i = 0; i < COUNTOF(magics); i++)
        if (has_at(head, magics[i].at, magics[i].magic, magics[i].n) &&
            (!magics[i].then || has_at(head, magics[i].then_at, magics[i].then, strlen(magics[i].then))))
            return magics[i].type;
    const char *audio = mpeg_audio(head);
    return audio[0] ? audio : text_type(head);
}

bool sniff_fits(const char *type, enum asset_kind kind)
{
    static const char *const of[ASSET_N_KINDS] = {
        [ASSET_IMAGE] = " png jpeg webp ",
        [ASSET_SPEECH] = " wav mp3 ogg flac aac mp4 ",
        [ASSET_VIDEO] = " mp4 webm ",
    };
    char word[16] = " ";
    size_t n = strlen(type);
    if (n == 0 || n > sizeof word - 3 || (unsigned)kind >= ASSET_N_KINDS || !of[kind])
        return false;
    memcpy(word + 1, type, n);
    memcpy(word + 1 + n, " ", 2);
    return strstr(of[kind], word) != NULL;
}

static void put16(unsigned char *p, uint32_t v)
{
    p[0] = (unsigned char)v;
    p[1] = (unsigned char)(v >> 8);
}

static void put32(unsigned char *p, uint32_t v)
{
    put16(p, v);
    put16(p + 2, v >> 16);
}

void wav_header(unsigned char out[WAV_HEADER], uint32_t n_bytes, uint32_t sample_rate)
{
    memcpy(out, "RIFF....WAVEfmt ", 16);
    put32(out + 4, n_bytes + 36);
    put32(out + 16, 16);                        /* size of the format chunk */
    put16(out + 20, 1);                         /* integer samples */
    put16(out + 22, 1);                         /* mono */
    put32(out + 24, sample_rate);
    put32(out + 28, sample_rate * 2);
    put16(out + 32, 2);
    put16(out + 34, 16);
    memcpy(out + 36, "data", 4);
    put32(out + 40, n_bytes);
}

uint32_t pcm_rate_of_mime(struct str mime)
{
    static const char key[] = "rate=";
    uint32_t rate = 0;
    if (mime.n < 9 || (strncasecmp(mime.p, "audio/L16", 9) != 0 && strncasecmp(mime.p, "audio/pcm", 9) != 0))
        return 0;
    const char *at = memmem(mime.p, mime.n, key, sizeof key - 1);
    if (!at)
        return 24000;                           /* what the services that say no rate send */
    for (at += sizeof key - 1; at < mime.p + mime.n && *at >= '0' && *at <= '9' && rate < 1000000; at++)
        rate = rate * 10 + (uint32_t)(*at - '0');
    return rate >= 8000 && rate <= 192000 ? rate : 0;
}
