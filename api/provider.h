/* provider.h - the services that can be used: descriptions together with the user's settings and keys */
#pragma once
#include "api/description.h"
#include "api/http_curl.h"
#include "api/price.h"
#include "gen/config.h"
#include "gen/ports.h"

struct provider {
    struct description desc;
    struct provider_info info;
    struct str base;                            /* without a slash at its end */
    struct http_url origin;
    struct str key;                             /* secret; empty: none */
    struct str old_key;                         /* of a program's: the one before; still masked */
    struct str key_id, token;                   /* of a signature: who signs; the session of temporary keys or empty */
    bool is_user;                               /* the description is a file of the user's */
    const struct json *params;                  /* the description's, under the user's */
    struct price_list prices;
};

struct providers {
    struct arena arena;
    struct provider *const *v;                  /* by id */
    size_t n;
    const struct provider_info *const *infos;   /* NULL-ended */
};

/* Every description that travels in the program, and every *.yaml of dir (NULL or absent: none), which goes before one
 * of the same id. Keys are read from the environment here and nowhere else. ERR_CONFIG: a description or a setting is
 * wrong. */
bool providers_load(struct providers *p, const struct config *c, const char *dir, struct err *e);
/* The same with one more description, the file that is named, which goes before all others of its id; *named is it. */
bool providers_load_with(struct providers *p, const struct config *c, const char *dir, const char *file,
                         const struct provider **named, struct err *e);
void providers_deinit(struct providers *p);     /* wipes the keys */
const struct provider *providers_find(const struct providers *p, struct str id);

/* A text from outside without the key in it. */
void provider_mask(const struct provider *p, char *text);

/* Whether the key may travel to this address: the provider's own origin; or, when the description allows it, a sibling
 * host of the same site. Never over plain http except to loopback. */
bool provider_key_may_go(const struct provider *p, const struct http_url *to, bool siblings);
