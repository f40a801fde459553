/* letters.c - what kind of character */
#include "gen/base/letters.h"
#include <string.h>
#include "gen/base/mem.h"

struct range {
    uint32_t from, to;
};

static bool in(const struct range *r, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= r[i].from && cp <= r[i].to)
            return true;
    return false;
}

/* Scripts without spaces between words: each character stands alone (Unicode 15 blocks). */
static const struct range alone[] = {
    { 0x3005, 0x3007 }, { 0x3041, 0x30fa }, { 0x30fc, 0x30ff }, { 0x31f0, 0x31ff },   { 0x3400, 0x4dbf },
    { 0x4e00, 0x9fff }, { 0xf900, 0xfaff }, { 0xff66, 0xff9d }, { 0x20000, 0x323af },
};
static const struct range spaces[] = { { 0x20, 0x20 },     { 0x09, 0x09 },     { 0xa0, 0xa0 },
                                       { 0x1680, 0x1680 }, { 0x2000, 0x200b }, { 0x202f, 0x202f },
                                       { 0x205f, 0x2060 }, { 0x3000, 0x3000 }, { 0xfeff, 0xfeff } };
static const struct range puncts[] = { { 0xa1, 0xa1 },     { 0xab, 0xab },     { 0xb7, 0xb7 },     { 0xbb, 0xbb },
                                       { 0xbf, 0xbf },     { 0x55a, 0x55f },   { 0x589, 0x58a },   { 0x60c, 0x60c },
                                       { 0x61b, 0x61b },   { 0x61f, 0x61f },   { 0x6d4, 0x6d4 },   { 0x964, 0x965 },
                                       { 0x2010, 0x2027 }, { 0x2039, 0x203e }, { 0x3001, 0x3003 }, { 0x3008, 0x3011 },
                                       { 0x3014, 0x301f }, { 0xff01, 0xff0f }, { 0xff1a, 0xff20 }, { 0xff5f, 0xff65 } };

enum letter letter_kind(uint32_t cp)
{
    if (cp == '\n' || cp == '\r')
        return LETTER_NEWLINE;
    if (in(spaces, COUNTOF(spaces), cp))
        return LETTER_SPACE;
    if (cp >= '0' && cp <= '9')
        return LETTER_DIGIT;
    if (cp < 0x80 && cp > 0 && strchr("!\"'(),-.:;?[]`{}", (int)cp))
        return LETTER_PUNCT;
    if (cp < 0x80 && !((cp | 32) >= 'a' && (cp | 32) <= 'z'))
        return LETTER_SIGN;
    if (in(puncts, COUNTOF(puncts), cp))
        return LETTER_PUNCT;
    return in(alone, COUNTOF(alone), cp) ? LETTER_ALONE : LETTER_LETTER;
}

unsigned letter_pause(uint32_t cp)
{
    static const uint32_t ends[] = { '.', '!', '?', 0x2026, 0x3002, 0xff01, 0xff0e, 0xff1f, 0x61f, 0x6d4, 0x964 };
    static const uint32_t commas[] = { ',', ';', ':', 0x2013, 0x2014, 0x3001, 0xff0c, 0xff1a, 0xff1b, 0x60c, 0x61b };
    for (size_t i = 0; i < COUNTOF(ends); i++)
        if (cp == ends[i])
            return 2;
    for (size_t i = 0; i < COUNTOF(commas); i++)
        if (cp == commas[i])
            return 1;
    return 0;
}

bool letter_is_word(uint32_t cp)
{
    enum letter k = letter_kind(cp);
    return k == LETTER_LETTER || k == LETTER_DIGIT;
}

/* Unicode 15 blocks: combining marks, variation selectors, zero-width joiner, skin tones, tags. */
static const struct range joining[] = {
    { 0x300, 0x36f },   { 0x483, 0x489 },   { 0x591, 0x5bd },     { 0x610, 0x61a },     { 0x64b, 0x65f },
    { 0x900, 0x903 },   { 0x93a, 0x94f },   { 0xe31, 0xe31 },     { 0xe34, 0xe3a },     { 0xe47, 0xe4e },
    { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200d, 0x200d },   { 0x20d0, 0x20ff },   { 0x3099, 0x309a },
    { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0x1f3fb, 0x1f3ff }, { 0xe0020, 0xe007f }, { 0xe0100, 0xe01ef },
};

bool letter_joins(uint32_t cp)
{
    return in(joining, COUNTOF(joining), cp);
}
