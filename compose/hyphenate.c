/* hyphenate.c - the only file that knows libhyphen */
#include "compose/hyphenate.h"
#include <ctype.h>
#include <errno.h>
#include <hyphen.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glib.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum { SHORTEST = 6, LONGEST = 40 };            /* letters of a word that is divided */

struct hyphens {
    HyphenDict *dict;
    iconv_t to_dict;                            /* (iconv_t)-1: the dictionary is UTF-8 */
};

/* Countries whose dictionary stands for a language that came without one and is not named like it (de_DE). */
static const struct { char language[4], country[3]; } usual[] = {
    { "en", "US" }, { "sv", "SE" }, { "da", "DK" }, { "cs", "CZ" }, { "el", "GR" }, { "sl", "SI" }, { "uk", "UA" },
    { "et", "EE" }, { "pt", "PT" }, { "nb", "NO" }, { "ga", "IE" }, { "be", "BY" }, { "sq", "AL" }, { "af", "ZA" },
};

static char *dictionary_of(struct str tag)
{
    char lang[4] = "", country[3] = "", path[80];
    size_t n = 0;
    while (n < tag.n && n < 3 && isalpha((unsigned char)tag.p[n])) {
        lang[n] = (char)tolower((unsigned char)tag.p[n]);
        n++;
    }
    if (n < 2 || (n < tag.n && tag.p[n] != '-' && tag.p[n] != '_'))
        return NULL;
    if (tag.n == n + 3 && isalpha((unsigned char)tag.p[n + 1]) && isalpha((unsigned char)tag.p[n + 2])) {
        country[0] = (char)toupper((unsigned char)tag.p[n + 1]);
        country[1] = (char)toupper((unsigned char)tag.p[n + 2]);
        snprintf(path, sizeof path, "/usr/share/hyphen/hyph_%s_%s.dic", lang, country);
        if (access(path, R_OK) == 0)
            return mem_strdup(path);
    }
    for (size_t i = 0; i <= COUNTOF(usual); i++) {
        if (i < COUNTOF(usual) && strcmp(usual[i].language, lang) == 0)
            snprintf(path, sizeof path, "/usr/share/hyphen/hyph_%s_%s.dic", lang, usual[i].country);
        else if (i == COUNTOF(usual))
            snprintf(path, sizeof path, "/usr/share/hyphen/hyph_%s_%c%c.dic", lang, toupper((unsigned char)lang[0]),
                     toupper((unsigned char)lang[1]));
        else
            continue;
        if (access(path, R_OK) == 0)
            return mem_strdup(path);
    }
    snprintf(path, sizeof path, "/usr/share/hyphen/hyph_%s.dic", lang);
    return access(path, R_OK) == 0 ? mem_strdup(path) : NULL;
}

struct hyphens *hyphens_open(struct str language)
{
    char *path = dictionary_of(language);
    if (!path)
        return NULL;
    HyphenDict *dict = hnj_hyphen_load(path);
    free(path);
    if (!dict)
        return NULL;
    struct hyphens *h = mem_alloc(sizeof *h);
    h->dict = dict;
    h->to_dict = (iconv_t)-1;
    if (!dict->utf8 && (h->to_dict = iconv_open(dict->cset, "UTF-8")) == (iconv_t)-1) {
        hyphens_close(h);
        return NULL;
    }
    return h;
}

void hyphens_close(struct hyphens *h)
{
    if (!h)
        return;
    if (h->to_dict != (iconv_t)-1)
        iconv_close(h->to_dict);
    hnj_hyphen_free(h->dict);
    free(h);
}

/* The word in the dictionary's encoding and in small letters. Returns its length in bytes, 0: not to be written so. */
static size_t to_dictionary(const struct hyphens *h, struct str word, char *out, size_t size)
{
    char *small = g_utf8_strdown(word.p, (gssize)word.n), *in = small, *o = out;
    size_t left = strlen(small), room = size - 1, n = 0;
    if (text_length(str_from(small)) == text_length(word)) { /* else the places would not fit */
        if (h->to_dict == (iconv_t)-1) {
            n = left <= room ? left : 0;
            memcpy(out, small, n);
        } else {
            iconv(h->to_dict, NULL, NULL, NULL, NULL);
            n = iconv(h->to_dict, &in, &left, &o, &room) == (size_t)-1 ? 0 : (size_t)(o - out);
        }
    }
    out[n] = 0;
    g_free(small);
    return n;
}

static void add_word(struct hyphens *h, struct buf *b, struct str word, size_t letters)
{
    char bytes[4 * LONGEST + 8], places[4 * LONGEST + 16] = "";
    char **rep = NULL;
    int *pos = NULL, *cut = NULL;
    size_t n = letters >= SHORTEST && letters <= LONGEST ? to_dictionary(h, word, bytes, sizeof bytes) : 0;
    bool ok = n > 0 && hnj_hyphen_hyphenate2(h->dict, bytes, (int)n, places, NULL, &rep, &pos, &cut) == 0;
    size_t i = 0;
    for (size_t k = 0; i < word.n; k++) {
        uint32_t c;
        size_t len = text_decode((struct str){ word.p + i, word.n - i }, &c);
        buf_add(b, word.p + i, len);
        i += len;
        /* odd: may be divided after this letter; not where the spelling would change */
        if (ok && k >= 1 && k + 3 <= letters && (places[k] & 1) && (!rep || !rep[k]))
            buf_addz(b, "\xc2\xad");
    }
    for (size_t k = 0; rep && k < n; k++)
        free(rep[k]);
    free(rep);
    free(pos);
    free(cut);
}

void hyphens_insert(struct hyphens *h, struct buf *b, struct str text)
{
    size_t from = 0, letters = 0;
    for (size_t i = 0; i <= text.n;) {
        uint32_t c = 0;
        size_t n = text_decode((struct str){ text.p + i, text.n - i }, &c);
        bool is_letter = n && g_unichar_isalpha(c);
        if (is_letter) {
            letters++;
        } else {
            if (h && letters)
                add_word(h, b, (struct str){ text.p + from, i - from }, letters);
            else
                buf_add(b, text.p + from, i - from);
            if (i < text.n)
                buf_add(b, text.p + i, n ? n : 1);
            letters = 0;
            from = i + (n ? n : 1);
        }
        i += n ? n : 1;
    }
}
