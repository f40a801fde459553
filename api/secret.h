/* secret.h - texts from outside without the key in them */
#pragma once
#include "gen/base/buf.h"

/* Every occurrence of the secret, as it is or percent-encoded, becomes '*'s of the same length. In place; an empty
 * secret changes nothing. */
void secret_mask(char *text, struct str secret);
