/* config_tables.h - what config.yaml may say, inside the program (public: gen/config.h) */
#pragma once
#include "gen/config.h"
#include "gen/lesson/blocks.h"

/* What reading fills: the config, and words from which some of it follows. The config comes first, so a pointer to it
 * is one to all. */
struct config_parts {
    struct config config;
    struct video_words video;                   /* what was said since it was last laid over config.video */
};

extern const char *const provider_roles[];      /* "image", "speech" ...: whom the default names; NULL-ended */
