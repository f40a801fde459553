/* description.h - what a provider's YAML file says: how a want becomes a request and an answer becomes media
 *
 * The 17 keys (id kind base auth params limits request status poll cancel result timing errors message rate usage
 * extends) are described in docs; here they are checked and typed. A description is immutable once read and lives in its arena.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "api/price.h"
#include "api/size.h"
#include "gen/base/arena.h"
#include "gen/base/err.h"
#include "gen/base/json.h"

#define DESC_KINDS(X) X(IMAGE, "image") X(SPEECH, "speech") X(CHAT, "chat") X(VIDEO, "video") X(STOCK, "stock")
#define X(id, name) DESC_##id,
enum desc_kind { DESC_KINDS(X) DESC_N_KINDS };
#undef X
const char *desc_kind_name(enum desc_kind k);

struct strs {                                   /* a list of texts; a single one may be written without brackets */
    const struct str *v;
    size_t n;
};

struct desc_auth {
    enum { AUTH_NONE, AUTH_HEADER, AUTH_BASIC, AUTH_QUERY, AUTH_SIGV4, AUTH_PASS } how;
    struct str name;                            /* of the header, or of the query parameter */
    /* template with ${key}; of a signature "aws:amz:REGION:SERVICE", over params */
    struct str value;
    struct str env;                             /* variable that holds the key */
    /* of a signature: variables of the key's id and of a session, or empty */
    struct str env_id, env_token;
    struct strs command;                        /* a program that prints the key; env then names what it may see */
    int64_t ttl_ms;                             /* how long such a key is good for */
    struct strs pass;                           /* all of env: variables that a program sees, of AUTH_PASS and command */
};

struct desc_limits {
    int64_t concurrency, rpm, tpm;              /* 0: unlimited */
    int64_t max_chars;                          /* text_chars, prompt_chars or text_bytes; 0: unlimited */
    bool in_bytes;                              /* it counts bytes of UTF-8 */
    int64_t total_ms;                           /* of one call; -1: by kind; 0: no limit */
    struct str lane;                            /* empty: the id */
    bool per_model;                             /* each model there has limits of its own */
    const double *seconds;                      /* lengths of clips that can be had, the usual one first */
    size_t n_seconds;                           /* 0: not said */
    struct size_rule size;
};

struct desc_request {
    const char *method;                         /* "POST" "GET" "PUT" "DELETE" */
    struct str path;                            /* template; empty: nothing (poll, cancel: not there) */
    const struct json *headers;                 /* object of templates, or NULL */
    enum { BODY_NONE, BODY_JSON, BODY_FORM, BODY_TEXT } body_form;
    const struct json *body;                    /* template: any tree, an object of scalars, a string */
    struct str type;                            /* of a text body */
};

struct desc_status {
    struct str at;                              /* pointer; p NULL: the service has no states */
    struct strs ok, wait, fail;                 /* printed values; a missing one is "null" */
};

struct desc_poll {
    struct str get;                             /* pointer, or template when it has "${" ; p NULL: no polling */
    struct str collect;                         /* pointer to the address of the result's JSON, or empty */
    int64_t every_ms, timeout_ms;
    bool key;                                   /* the key may go to a sibling host of base */
};

struct desc_result {
    struct strs at;                             /* pointers, tried in order */
    enum { RESULT_BASE64, RESULT_URL, RESULT_BODY, RESULT_JSON, RESULT_TEXT } as;
    uint32_t pcm_rate;                          /* raw 16 bit mono samples of this rate; 0: no */
    bool pcm_mime;                              /* the rate stands in the media type */
    bool key;                                   /* the download needs the key */
};

struct desc_timing {
    struct str chars, items, text, start, end;  /* pointers; chars or items has p NULL; both: no times */
};

struct desc_rule {
    struct strs status;                         /* "429"; empty: any; "200" stands for every 2xx */
    struct str at, header;                      /* at.p NULL: not this */
    struct strs is, has;                        /* equal to one of; contains one of; both empty: is there */
    enum err_code code;
};

struct desc_rate {                              /* header names; empty: none */
    struct str limit, remaining, reset, in_flight;
    struct str delay;                           /* pointer into the body */
};

struct description {
    struct str id, file;
    enum desc_kind kind;
    struct strs exec;                           /* a program of the user's and its arguments, instead of base and request */
    struct str base;                            /* template over params */
    struct desc_auth auth;
    const struct json *params;                  /* object, never NULL */
    struct desc_limits limits;
    struct desc_request request;
    struct desc_status status;
    struct desc_poll poll;
    struct desc_request cancel;                 /* path is a pointer or a template */
    struct desc_result result;
    struct desc_timing timing;
    const struct desc_rule *rules;
    size_t n_rules;
    struct strs message;                        /* pointers */
    struct desc_rate rate;
    struct usage_source usage;
};

/* The text of another description for `extends`; false (no error set) when there is none of that id. */
struct desc_source {
    void *ctx;
    bool (*find)(void *ctx, struct str id, struct str not_file, struct str *text, struct str *file);
};

/* Read and check one description. False with ERR_CONFIG and "file:line:col: what; nearest key": unknown keys and
 * variables, wrong types, values out of range, pointers that are none, keys that exclude each other, things this
 * version cannot do (jwt_hs256). Everything lives in `a`; text is not kept. */
bool description_read(struct arena *a, struct str text, struct str file, const struct desc_source *source,
                      struct description *out, struct err *e);

extern const char *const desc_variables[];      /* NULL-ended: what the engine offers beside the params */
