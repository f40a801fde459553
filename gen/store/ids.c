/* ids.c - a set of asset ids */
#include "gen/store/ids.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"

static const unsigned char none[32];

static unsigned nibble(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10) & 15;
}

static void pack(const char *id, unsigned char key[32])
{
    for (size_t i = 0; i < 32; i++)
        key[i] = (unsigned char)(nibble(id[2 * i]) << 4 | nibble(id[2 * i + 1]));
}

/* The slot where the key is or would go; n_slots is a power of two and never full. */
static size_t slot_of(const struct ids *s, const unsigned char key[32])
{
    uint64_t h;
    memcpy(&h, key, sizeof h); /* a SHA-256 is its own hash */
    size_t i = (size_t)h & (s->n_slots - 1);
    while (memcmp(s->slots[i], none, 32) != 0 && memcmp(s->slots[i], key, 32) != 0)
        i = (i + 1) & (s->n_slots - 1);
    return i;
}

bool ids_has(const struct ids *s, const char *id)
{
    unsigned char key[32];
    pack(id, key);
    return s->n && memcmp(key, none, 32) != 0 && memcmp(s->slots[slot_of(s, key)], key, 32) == 0;
}

static void grow(struct ids *s)
{
    struct ids old = *s;
    s->n_slots = old.n_slots ? old.n_slots * 2 : 256;
    s->slots = mem_array(s->n_slots, sizeof *s->slots);
    for (size_t i = 0; i < old.n_slots; i++)
        if (memcmp(old.slots[i], none, 32) != 0)
            memcpy(s->slots[slot_of(s, old.slots[i])], old.slots[i], 32);
    free(old.slots);
}

void ids_add(struct ids *s, const char *id)
{
    unsigned char key[32];
    if (ids_has(s, id))
        return;
    if (2 * (s->n + 1) > s->n_slots)
        grow(s);
    pack(id, key);
    memcpy(s->slots[slot_of(s, key)], key, 32);
    s->n++;
}

void ids_clear(struct ids *s)
{
    free(s->slots);
    *s = (struct ids){ 0 };
}
