/* sniff.c - tests of what bytes are, WAV headers, addresses and the addresses of http_curl */
#include "gen/sniff.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include "api/address.h"
#include "api/http_curl.h"
#include "api/pcm.h"
#include "gen/wav.h"
#include "tests/support/test.h"

TEST(bytes_say_what_they_are)
{
    static const struct { const char *name; struct str head; const char *want; } rows[] = {
        { "PNG", STR("\x89PNG\r\n\x1a\n...."), "png" }, { "JPEG", STR("\xff\xd8\xff\xe0..JFIF"), "jpeg" },
        { "WebP", STR("RIFF....WEBPVP8 "), "webp" }, { "WAV", STR("RIFF\xff\xff\xff\xffWAVEfmt "), "wav" },
        { "ID3", STR("ID3\x04......."), "mp3" }, { "MPEG layer 3", STR("\xff\xfb\x90\x64"), "mp3" },
        { "ADTS", STR("\xff\xf1\x50\x80"), "aac" }, { "Ogg", STR("OggS...."), "ogg" }, { "FLAC", STR("fLaC...."), "flac" },
        { "MP4", STR("\0\0\0\x18" "ftypisom"), "mp4" }, { "JSON", STR(" \n{\"a\":1}"), "json" }, { "JSON with a mark", STR("\xef\xbb\xbf[1]"), "json" },
        { "HTML", STR("<!DOCTYPE html>"), "html" }, { "XML", STR("<?xml ?>"), "html" },
        { "SVG", STR("\xef\xbb\xbf <?xml version='1.0'?>\n<SVG xmlns='x'>"), "svg" }, { "SVG in a page", STR("<html><svg>"), "html" },
        { "AVIF", STR("\0\0\0\x18" "ftypavif"), "avif" }, { "HEIC", STR("\0\0\0\x18" "ftypheic"), "heic" }, { "GIF", STR("GIF89a"), "gif" }, { "a brace alone", STR("{"), "json" }, { "reserved MPEG", STR("\xff\xff\xff\xff"), "" },
        { "nothing", STR(""), "" }, { "RIFF of another kind", STR("RIFF....AVI LIST"), "" }, { "short", STR("\x89PN"), "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_STR(rows[i].name, rows[i].want, str_from(sniff_type(rows[i].head)));
    CHECK(sniff_fits("png", ASSET_IMAGE) && !sniff_fits("png", ASSET_SPEECH) && !sniff_fits("", ASSET_IMAGE) && sniff_fits("gif", ASSET_IMAGE));
}

TEST(raw_samples_get_the_header_that_the_format_says)
{
    unsigned char h[WAV_HEADER];
    wav_header(h, 1000, 24000, 1);
    /* fields at the offsets of the WAVE format: RIFF size 36 + n, 1 channel, rate, bytes a second, data size */
    CHECK(memcmp(h, "RIFF\x0c\x04\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0data\xe8\x03\0\0", WAV_HEADER) == 0);
    CHECK_INT("Gemini's", 24000, pcm_rate_of_mime(STR("audio/L16;codec=pcm;rate=24000")));
    CHECK_INT("another rate", 16000, pcm_rate_of_mime(STR("audio/pcm; rate=16000")));
    CHECK_INT("no rate", 24000, pcm_rate_of_mime(STR("audio/L16")));
    CHECK_INT("not raw", 0, pcm_rate_of_mime(STR("audio/wav")));
    CHECK_INT("absurd", 0, pcm_rate_of_mime(STR("audio/L16;rate=1")));
}

TEST(only_public_addresses_are_public)
{
    static const struct { const char *text; bool is_public; } rows[] = {
        { "8.8.8.8", true }, { "1.1.1.1", true }, { "172.15.0.1", true }, { "172.32.0.1", true }, { "100.63.0.1", true },
        { "0.0.0.0", false }, { "10.0.0.1", false }, { "100.64.0.1", false }, { "127.0.0.1", false }, { "127.255.0.9", false },
        { "169.254.169.254", false }, { "172.16.0.1", false }, { "172.31.255.255", false }, { "192.168.1.1", false },
        { "192.0.2.1", false }, { "198.18.0.1", false }, { "198.51.100.1", false }, { "203.0.113.9", false }, { "224.0.0.1", false },
        { "255.255.255.255", false },
        { "2606:4700::1111", true }, { "2a00:1450::1", true },
        { "::", false }, { "::1", false }, { "::ffff:8.8.8.8", true }, { "::ffff:10.0.0.1", false }, { "64:ff9b::7f00:1", false },
        { "64:ff9b::808:808", true }, { "2002:7f00:1::", false }, { "2002:808:808::", true }, { "2001::1", false }, { "2001:db8::1", false },
        { "fc00::1", false }, { "fd12::1", false }, { "fe80::1", false }, { "ff02::1", false }, { "::7f00:1", false }, { "3fff::1", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct sockaddr_in v4 = { .sin_family = AF_INET };
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
        const struct sockaddr *sa = NULL;
        if (inet_pton(AF_INET, rows[i].text, &v4.sin_addr) == 1)
            sa = (const struct sockaddr *)&v4;
        else if (inet_pton(AF_INET6, rows[i].text, &v6.sin6_addr) == 1)
            sa = (const struct sockaddr *)&v6;
        CHECK_ROW(rows[i].text, sa && address_is_public(sa) == rows[i].is_public);
    }
    struct sockaddr local = { .sa_family = AF_UNIX };
    CHECK(!address_is_public(&local));
}

TEST(an_address_is_taken_apart_without_being_believed)
{
    static const struct { const char *url, *host; int port; bool is_https, is_loopback; } rows[] = {
        { "https://api.example.com/v1", "api.example.com", 443, true, false },
        { "http://LOCALHOST:8080/", "localhost", 8080, false, true },
        { "http://[::1]:80/", "[::1]", 80, false, true },
        { "http://127.1.2.3/", "127.1.2.3", 80, false, true },
        { "https://127.0.0.1.evil.example/", "127.0.0.1.evil.example", 443, true, false },
        { "ftp://a.example/", NULL, 0, false, false }, { "https://u:p@a.example/", NULL, 0, false, false },
        { "https://a.example/\r\nHost: b", NULL, 0, false, false }, { "/relative", NULL, 0, false, false },
        { "", NULL, 0, false, false }, { "javascript:alert(1)", NULL, 0, false, false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct http_url u;
        struct err e;
        CHECK_ROW(rows[i].url, http_url_parse(str_from(rows[i].url), &u, &e) == (rows[i].host != NULL));
        if (!rows[i].host)
            continue;
        CHECK_STR(rows[i].url, rows[i].host, str_from(u.host));
        CHECK_INT(rows[i].url, rows[i].port, u.port);
        CHECK_ROW(rows[i].url, u.is_https == rows[i].is_https && u.is_loopback == rows[i].is_loopback);
    }
}

TEST(a_shown_address_keeps_its_secrets)
{
    struct buf b = { 0 };
    http_url_show(&b, STR("https://cdn.example/a.png?sig=secret"));
    CHECK_STR("shown", "https://cdn.example/a.png?...", buf_str(&b));
    buf_deinit(&b);
}
