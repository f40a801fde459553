/* request.h - what is wanted of a provider, as the HTTP request its description asks for */
#pragma once
#include "api/provider.h"

struct api_request {
    const char *method;
    struct str url;
    const struct http_field *headers;           /* without the key */
    size_t n_headers;
    const struct http_field *parts;             /* of a form */
    size_t n_parts;
    struct str body, type;
    const struct json *vars;                    /* what it was made of */
    const struct json *job;                     /* of a program: what it is told, but for id and path; else NULL */
    /* {v, provider, method, url, body} and the headers that depend on variables */
    const struct json *canonical;
};

/* Everything lives in `a`. False with ERR_INPUT (something needed is not set, a text is too long, a value cannot be
 * part of an address) or ERR_CONFIG; the message begins with the provider's id. */
bool request_build(struct arena *a, const struct provider *p, const struct want *w, struct api_request *out,
                   struct err *e);

/* The header that carries the key, or an empty one. Lives in `a`; secret. For AUTH_QUERY *url gets the parameter. */
struct http_field request_secret(struct arena *a, const struct provider *p, struct str *url);

/* Puts the key into a request, in the way its description says: a header, a parameter of the address, or a signature
 * over all of it. vars: for the region of a signature. Everything new lives in `a`. */
void request_authorize(struct arena *a, const struct provider *p, const struct json *vars, struct http_request *q);

/* Static headers again (a version, say), for polls. */
bool request_headers(struct arena *a, const struct provider *p, const struct json *vars, const struct http_field **out,
                     size_t *n, struct err *e);
/* What it will buy and cost, by the prices that hold for the provider. */
struct quote provider_quote(struct arena *a, const struct provider *p, const struct want *w);
const struct json *request_vars(struct arena *a, const struct provider *p, const struct want *w);
