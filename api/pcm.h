/* pcm.h - raw samples, as some services send them */
#pragma once
#include <stdint.h>
#include "gen/base/buf.h"

/* "audio/L16;codec=pcm;rate=24000" gives 24000; 0 when it is not raw samples. */
uint32_t pcm_rate_of_mime(struct str mime);
