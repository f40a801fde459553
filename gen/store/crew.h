/* crew.h - threads that wait for the disk side by side, kept from one group to the next */
#pragma once
#include <stddef.h>

struct crew;

/* one(arg, i) for each i < n, in this thread and some others; returns when all are through. *crew: NULL at first; its
 * threads are made when they are needed. A second caller meanwhile does its part alone. */
void crew_each(struct crew **crew, size_t n, void (*one)(void *arg, size_t i), void *arg);
void crew_destroy(struct crew *c);
