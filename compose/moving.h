/* moving.h - pictures that move: animated GIF, PNG and WebP files, told from others by their first bytes */
#pragma once
#include <stdbool.h>
#include "gen/base/buf.h"

bool moving_may_be(int fd);  /* a GIF (with one frame or many), or a PNG or WebP that says that it is animated */
bool moving_is_webp(struct str head); /* of a WebP's first bytes */
bool moving_is_apng(int fd); /* of a PNG: it says how many frames it has before its first picture, and it is not one */
