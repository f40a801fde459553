/* media.c - names of asset kinds */
#include "gen/media.h"

static const char *const names[] = {
#define X(id, name) name,
    ASSET_KINDS(X)
#undef X
};

const char *asset_kind_name(enum asset_kind k)
{
    return (unsigned)k < ASSET_N_KINDS ? names[k] : "unknown";
}

bool words_fit(const struct word *words, size_t n_words, struct str text)
{
    for (size_t i = 0; i < n_words; i++)
        if (words[i].at > text.n || words[i].n > text.n - words[i].at)
            return false;
    return true;
}
