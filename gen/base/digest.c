/* digest.c - SHA-256 by OpenSSL */
#include "gen/base/digest.h"
#include <openssl/evp.h>
#include <stdlib.h>
#include "gen/base/mem.h"

struct digest {
    EVP_MD_CTX *md;
};

struct digest *digest_create(void)
{
    struct digest *d = mem_alloc(sizeof *d);
    d->md = EVP_MD_CTX_new();
    if (!d->md || EVP_DigestInit_ex(d->md, EVP_sha256(), NULL) != 1)
        abort();
    return d;
}

void digest_add(struct digest *d, const void *p, size_t n)
{
    if (EVP_DigestUpdate(d->md, p, n) != 1)
        abort();
}

void digest_finish(struct digest *d, char hex[DIGEST_HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_DigestFinal_ex(d->md, sum, &n) != 1 || n != 32)
        abort();
    for (unsigned i = 0; i < n; i++) {
        hex[2 * i] = digits[sum[i] >> 4];
        hex[2 * i + 1] = digits[sum[i] & 15];
    }
    hex[64] = '\0';
    digest_destroy(d);
}

void digest_destroy(struct digest *d)
{
    if (!d)
        return;
    EVP_MD_CTX_free(d->md);
    free(d);
}

void digest_of(const void *p, size_t n, char hex[DIGEST_HEX])
{
    struct digest *d = digest_create();
    digest_add(d, p, n);
    digest_finish(d, hex);
}

bool digest_is_hex(struct str s)
{
    if (s.n != 64)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return true;
}
