/* address.h - whether an address belongs to the public internet */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

/* False for loopback, private, link-local, shared, documentation, benchmark, multicast and reserved ranges, and for
 * IPv6 forms that carry such an IPv4 address (mapped, NAT64, 6to4). Sources: the IANA special-purpose address
 * registries. */
bool address_is_public(const struct sockaddr *sa);
bool address_is_loopback(const struct sockaddr *sa);

/* The same of a host as written in a URL: an address literal (brackets allowed) or "localhost". */
bool address_host_is_loopback(const char *host);
/* Whether a host is an address literal, and a public one. */
bool address_host_is_literal(const char *host, bool *is_public);
