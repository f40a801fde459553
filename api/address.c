/* address.c - whether an address belongs to the public internet */
#include "api/address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "gen/base/mem.h"

static const struct { uint32_t net; int bits; } closed4[] = {
    { 0x00000000, 8 },  /* this network */
    { 0x0a000000, 8 },  /* private */
    { 0x64400000, 10 }, /* shared by carriers */
    { 0x7f000000, 8 },  /* loopback */
    { 0xa9fe0000, 16 }, /* link-local, cloud metadata */
    { 0xac100000, 12 }, /* private */
    { 0xc0000000, 24 }, /* protocol assignments */
    { 0xc0000200, 24 }, /* documentation */
    { 0xc0586300, 24 }, /* 6to4 relays */
    { 0xc0a80000, 16 }, /* private */
    { 0xc6120000, 15 }, /* benchmarks */
    { 0xc6336400, 24 }, /* documentation */
    { 0xcb007100, 24 }, /* documentation */
    { 0xe0000000, 4 },  /* multicast */
    { 0xf0000000, 4 },  /* reserved, broadcast */
};

static bool public4(uint32_t ip)
{
    for (size_t i = 0; i < COUNTOF(closed4); i++)
        if ((ip ^ closed4[i].net) >> (32 - closed4[i].bits) == 0)
            return false;
    return true;
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool public6(const uint8_t a[16])
{
    static const uint8_t zero[16];
    static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
    if (memcmp(a, zero, 10) == 0 && a[10] == 0xff && a[11] == 0xff)
        return public4(get32(a + 12));
    if (memcmp(a, nat64, 12) == 0)
        return public4(get32(a + 12));
    if ((a[0] & 0xe0) != 0x20)                  /* only 2000::/3 is global unicast */
        return false;
    if (a[0] == 0x20 && a[1] == 0x02)           /* 6to4 */
        return public4(get32(a + 2));
    if (a[0] == 0x20 && a[1] == 0x01 && (a[2] < 2 || (a[2] == 0x0d && a[3] == 0xb8)))
        return false;                           /* 2001::/23 (Teredo and others), documentation */
    if (a[0] == 0x3f && a[1] == 0xff && a[2] < 0x10)
        return false;                           /* documentation, RFC 9637 */
    return true;
}

static bool loopback6(const uint8_t a[16])
{
    static const uint8_t one[16] = { [15] = 1 };
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    return memcmp(a, one, 16) == 0 || (memcmp(a, mapped, 12) == 0 && a[12] == 127);
}

bool address_is_public(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof in);
        return public4(ntohl(in.sin_addr.s_addr));
    }
    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, sa, sizeof in);
        return public6(in.sin6_addr.s6_addr);
    }
    return false;
}

bool address_is_loopback(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof in);
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    }
    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, sa, sizeof in);
        return loopback6(in.sin6_addr.s6_addr);
    }
    return false;
}

/* The host as an address, when it is one. */
static bool literal(const char *host, struct sockaddr_storage *out)
{
    char bare[64];
    size_t n = strlen(host);
    bool has_brackets = n > 2 && host[0] == '[' && host[n - 1] == ']';
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    if (n - (has_brackets ? 2 : 0) >= sizeof bare)
        return false;
    snprintf(bare, sizeof bare, "%.*s", (int)(n - (has_brackets ? 2 : 0)), host + has_brackets);
    bare[strcspn(bare, "%")] = '\0';            /* zone of a link-local address */
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, bare, &v4.sin_addr) == 1)
        memcpy(out, &v4, sizeof v4);
    else if (inet_pton(AF_INET6, bare, &v6.sin6_addr) == 1)
        memcpy(out, &v6, sizeof v6);
    else
        return false;
    return true;
}

bool address_host_is_loopback(const char *host)
{
    struct sockaddr_storage sa;
    if (strcasecmp(host, "localhost") == 0)
        return true;
    return literal(host, &sa) && address_is_loopback((const struct sockaddr *)&sa);
}

bool address_host_is_literal(const char *host, bool *is_public)
{
    struct sockaddr_storage sa;
    if (!literal(host, &sa))
        return false;
    *is_public = address_is_public((const struct sockaddr *)&sa);
    return true;
}
