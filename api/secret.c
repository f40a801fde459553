/* secret.c - texts from outside without the key in them */
#include "api/secret.h"
#include <string.h>
#include "api/template.h"

static void mask(char *text, struct str word)
{
    size_t n = strlen(text);
    char *at = text, *found;
    while (word.n && (found = memmem(at, n - (size_t)(at - text), word.p, word.n))) {
        memset(found, '*', word.n);
        at = found + word.n;
    }
}

void secret_mask(char *text, struct str secret)
{
    struct buf encoded = { 0 };
    mask(text, secret);
    percent_encode(&encoded, secret, false);
    mask(text, buf_str(&encoded));
    if (encoded.p)
        explicit_bzero(encoded.p, encoded.n);
    buf_deinit(&encoded);
}
