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
