/* sidecar.c - the JSON beside a payload
 *
 * The text begins {"check":"HEX", with the SHA-256 of everything after it, so that a flipped bit in a word's time is
 * found too. */
#include "gen/store/sidecar.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "gen/base/digest.h"
#include "gen/base/json.h"
#include "gen/base/mem.h"

#define CHECK_HEAD "{\"check\":\""
#define CHECK_TAIL "\","
enum { HEAD_BYTES = sizeof CHECK_HEAD - 1 + 64 + sizeof CHECK_TAIL - 1 };

static const struct number {
    const char *name;
    size_t offset;
    bool is_int64;
    double max;
} info_numbers[] = {
    { "width", offsetof(struct media_info, width), false, 1 << 20 },
    { "height", offsetof(struct media_info, height), false, 1 << 20 },
    { "samples", offsetof(struct media_info, n_samples), true, 1e15 },
    { "frames", offsetof(struct media_info, n_frames), true, 1e15 },
};

static struct json *print_info(struct arena *a, const struct media_info *info)
{
    struct json *o = json_object(a);
    json_set(a, o, "type", json_string(a, str_from(info->type)));
    for (size_t i = 0; i < COUNTOF(info_numbers); i++) {
        const struct number *n = &info_numbers[i];
        const void *p = (const char *)info + n->offset;
        json_set(a, o, n->name, json_number(a, n->is_int64 ? (double)*(const int64_t *)p : *(const int *)p));
    }
    return o;
}

static struct json *print_words(struct arena *a, const struct word *w, size_t n)
{
    struct json *all = json_array(a);
    for (size_t i = 0; i < n; i++) {
        struct json *one = json_array(a);
        json_push(one, json_number(a, (double)w[i].start_samples));
        json_push(one, json_number(a, (double)w[i].end_samples));
        json_push(one, json_number(a, w[i].at));
        json_push(one, json_number(a, w[i].n));
        json_push(all, one);
    }
    return all;
}

void sidecar_print(struct buf *out, const struct sidecar *s)
{
    struct arena a = { 0 };
    struct buf body = BUF_INIT(SIDECAR_MAX);
    struct json *o = json_object(&a);
    char hex[DIGEST_HEX];
    json_set(&a, o, "version", json_number(&a, SIDECAR_VERSION));
    json_set(&a, o, "id", json_string(&a, str_from(s->id)));
    json_set(&a, o, "kind", json_string(&a, str_from(asset_kind_name(s->kind))));
    json_set(&a, o, "sha256", json_string(&a, str_from(s->sha256)));
    json_set(&a, o, "bytes", json_number(&a, (double)s->bytes));
    json_set(&a, o, "at_ms", json_number(&a, (double)s->at_ms));
    json_set(&a, o, "done", json_bool(&a, s->is_done));
    json_set(&a, o, "paid", json_bool(&a, s->is_paid));
    json_set(&a, o, "provider", json_string(&a, s->provider));
    json_set(&a, o, "cost", s->cost >= 0 && isfinite(s->cost) ? json_number(&a, s->cost) : json_null(&a));
    json_set(&a, o, "meta", json_string(&a, s->meta));
    if (s->roll > 0) {
        json_set(&a, o, "of", json_string(&a, str_from(s->of)));
        json_set(&a, o, "roll", json_number(&a, (double)s->roll));
    }
    if (s->is_done) {
        json_set(&a, o, "info", print_info(&a, &s->info));
        json_set(&a, o, "words", print_words(&a, s->words, s->n_words));
    }
    json_print(&body, o, 0);
    struct str rest = { buf_str(&body).p + 1, body.n - 1 }; /* without its '{' */
    digest_of(rest.p, rest.n, hex);
    buf_printf(out, CHECK_HEAD "%s" CHECK_TAIL, hex);
    buf_adds(out, rest);
    buf_deinit(&body);
    arena_deinit(&a);
}

static bool wrong(struct err *e, const char *what)
{
    return err_set(e, ERR_STORE, "%s", what);
}

static bool whole(const struct json *v, double max, int64_t *out)
{
    if (!v || v->type != JSON_NUMBER || !(v->number >= 0 && v->number <= max) || v->number != floor(v->number))
        return false;
    *out = (int64_t)v->number;
    return true;
}

static bool hex_member(const struct json *o, const char *key, char out[65])
{
    struct str s = json_str_or(o, key, STR(""));
    if (!digest_is_hex(s))
        return false;
    memcpy(out, s.p, 64);
    out[64] = '\0';
    return true;
}

static bool parse_kind(struct str name, enum asset_kind *out)
{
    for (int k = 0; k < ASSET_N_KINDS; k++)
        if (str_is(name, asset_kind_name((enum asset_kind)k))) {
            *out = (enum asset_kind)k;
            return true;
        }
    return false;
}

static bool parse_info(struct media_info *out, const struct json *o, struct err *e)
{
    struct str type = json_str_or(o, "type", STR(""));
    if (type.n >= sizeof out->type)
        return wrong(e, "info.type is too long");
    memcpy(out->type, type.p, type.n);
    for (size_t i = 0; i < COUNTOF(info_numbers); i++) {
        const struct number *n = &info_numbers[i];
        void *p = (char *)out + n->offset;
        int64_t v;
        if (!whole(json_get(o, n->name), n->max, &v))
            return err_set(e, ERR_STORE, "info.%s is not a count", n->name);
        if (n->is_int64)
            *(int64_t *)p = v;
        else
            *(int *)p = (int)v;
    }
    return true;
}

static bool parse_words(struct sidecar *out, const struct json *all, struct arena *a, struct err *e)
{
    if (!all || all->type != JSON_ARRAY)
        return wrong(e, "words is not a list");
    struct word *w = arena_array(a, all->n ? all->n : 1, sizeof *w);
    size_t i = 0;
    int64_t last = 0;
    for (const struct json *one = all->child; one; one = one->next, i++) {
        int64_t v[4];
        const struct json *item = one->type == JSON_ARRAY && one->n == 4 ? one->child : NULL;
        for (size_t k = 0; k < 4; k++, item = item->next)
            if (!item || !whole(item, k < 2 ? 1e15 : (double)UINT32_MAX, &v[k]))
                return err_set(e, ERR_STORE, "words[%zu] is not [start, end, at, n]", i);
        if (v[0] < last || v[1] < v[0])
            return err_set(e, ERR_STORE, "words[%zu] is out of order", i);
        last = v[1];
        w[i] = (struct word){ v[0], v[1], (uint32_t)v[2], (uint32_t)v[3] };
    }
    out->words = w;
    out->n_words = i;
    return true;
}

static bool parse_tree(struct sidecar *out, const struct json *o, struct arena *a, struct err *e)
{
    int64_t version;
    if (!whole(json_get(o, "version"), 1e6, &version) || version != SIDECAR_VERSION)
        return wrong(e, "unknown version");
    if (!hex_member(o, "id", out->id) || !hex_member(o, "sha256", out->sha256))
        return wrong(e, "id or sha256 is not a SHA-256");
    if (!parse_kind(json_str_or(o, "kind", STR("")), &out->kind))
        return wrong(e, "unknown kind");
    if (!whole(json_get(o, "bytes"), 1e15, &out->bytes) || !whole(json_get(o, "at_ms"), 1e15, &out->at_ms))
        return wrong(e, "bytes or at_ms is not a count");
    if (json_get(o, "roll") && (!whole(json_get(o, "roll"), 1e6, &out->roll) || !hex_member(o, "of", out->of)))
        return wrong(e, "of and roll are no repetition");
    out->is_done = json_bool_or(o, "done", false);
    out->is_paid = json_bool_or(o, "paid", false);
    out->cost = json_num_or(o, "cost", -1);
    out->provider = arena_str(a, json_str_or(o, "provider", STR("")));
    out->meta = arena_str(a, json_str_or(o, "meta", STR("")));
    return !out->is_done ||
           (parse_info(&out->info, json_get(o, "info"), e) && parse_words(out, json_get(o, "words"), a, e));
}

bool sidecar_parse(struct sidecar *out, struct str text, struct arena *a, struct err *e)
{
    char hex[DIGEST_HEX];
    const size_t head = sizeof CHECK_HEAD - 1;
    *out = (struct sidecar){ 0 };
    if (text.n <= HEAD_BYTES || text.n > SIDECAR_MAX + HEAD_BYTES || memcmp(text.p, CHECK_HEAD, head) != 0)
        return wrong(e, "not a sidecar");
    digest_of(text.p + HEAD_BYTES, text.n - HEAD_BYTES, hex);
    if (memcmp(text.p + head, hex, 64) != 0)
        return wrong(e, "the checksum does not match");
    struct arena tree = { 0 };
    struct json *root = NULL;
    bool ok = json_parse(&tree, text, 0, &root, NULL, NULL, NULL, e) && parse_tree(out, root, a, e);
    if (!ok && e)
        e->code = ERR_STORE;
    arena_deinit(&tree);
    return ok;
}
