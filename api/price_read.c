/* price_read.c - files of prices, checked and typed */
#include <math.h>
#include "api/desc_values.h"
#include "api/price.h"
#include "gen/base/mem.h"
#include "gen/base/yaml.h"
#include "gen/names.h"

static const double most_money = 1e6; /* for one unit of anything */

static const char *const unit_names[] = {
#define X(id, name, of, per, metered) name,
    PRICE_UNITS(X)
#undef X
};

struct row { /* as it is written */
    struct price price;
    struct str until, source;
};

struct file {
    struct str date, currency, source;
    const struct json *prices;
};

static bool read_money(struct desc_reader *r, const struct json *v, void *into)
{
    if (v->type != JSON_NUMBER || v->number < 0 || v->number > most_money)
        return desc_wrong(r, v, "expected what one costs, a number from 0 to %.0f", most_money);
    *(double *)into = v->number;
    return true;
}

/* "2026-11-20"; written so, texts compare like days */
static bool read_date(struct desc_reader *r, const struct json *v, void *into)
{
    static const char shape[] = "0000-00-00";
    bool ok = v->type == JSON_STRING && v->string.n == sizeof shape - 1;
    for (size_t i = 0; ok && i < sizeof shape - 1; i++)
        ok = shape[i] == '-' ? v->string.p[i] == '-' : v->string.p[i] >= '0' && v->string.p[i] <= '9';
    *(struct str *)into = v->string;
    return ok || desc_wrong(r, v, "expected a day, as \"2026-11-20\"");
}

static bool read_when(struct desc_reader *r, const struct json *v, void *into)
{
    struct price *p = into;
    if (v->type != JSON_OBJECT || v->n == 0)
        return desc_wrong(r, v, "expected what the row is for, as {model: gpt-image-2}");
    struct price_condition *c = arena_array(r->a, v->n, sizeof *c);
    p->when = c;
    for (const struct json *m = v->child; m; m = m->next, p->n_when++) {
        struct strs values;
        if (!desc_strs(r, m, &values))
            return false;
        c[p->n_when] = (struct price_condition){ m->key, values.v, values.n, m };
    }
    return true;
}

static bool read_row(struct desc_reader *r, const struct json *v, struct row *out)
{
#define X(id, name, of_what, per, metered) { name, read_money, offsetof(struct row, price.of[PRICE_##id]) },
    static const struct desc_member members[] = { { "when", read_when, offsetof(struct row, price) },
                                                  { "until", read_date, offsetof(struct row, until) },
                                                  { "source", desc_str, offsetof(struct row, source) },
                                                  PRICE_UNITS(X) };
#undef X
    *out = (struct row){ 0 };
    for (size_t i = 0; i < N_PRICE_UNITS; i++)
        out->price.of[i] = -1;
    if (!desc_map(r, v, members, COUNTOF(members), out))
        return false;
    for (size_t i = 0; i < N_PRICE_UNITS; i++)
        if (out->price.of[i] >= 0)
            return true;
    struct buf names = { 0 };
    for (size_t i = 0; i < N_PRICE_UNITS; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", unit_names[i]);
    desc_wrong(r, v, "a row without a price: %s", buf_str(&names).p);
    buf_deinit(&names);
    return false;
}

static bool read_list(struct desc_reader *r, const struct json *v, struct str today, struct price_list *out)
{
    struct price *rows = arena_array(r->a, v->n + 1, sizeof *rows);
    *out = (struct price_list){ rows, 0 };
    if (v->type == JSON_STRING && str_is(v->string, "free")) {
        for (size_t i = 0; i < N_PRICE_UNITS; i++)
            rows->of[i] = i == PRICE_CALL ? 0 : -1;
        out->n = 1;
        return true;
    }
    if (v->type != JSON_ARRAY)
        return desc_wrong(r, v, "expected \"free\" or a list of rows");
    for (const struct json *m = v->child; m; m = m->next) {
        struct row row;
        if (!read_row(r, m, &row))
            return false;
        if (row.until.n == 0 || str_cmp(today, row.until) <= 0)
            rows[out->n++] = row.price;
    }
    return true;
}

static bool read_prices(struct desc_reader *r, const struct json *v, void *into)
{
    *(const struct json **)into = v;
    return v->type == JSON_OBJECT || desc_wrong(r, v, "expected a map of providers");
}

static bool read_tree(struct desc_reader *r, const struct json *tree, struct str today, struct price_book *out)
{
    static const struct desc_member members[] = {
        { "date", read_date, offsetof(struct file, date) },
        { "currency", desc_str, offsetof(struct file, currency) },
        { "source", desc_str, offsetof(struct file, source) },
        { "prices", read_prices, offsetof(struct file, prices) },
    };
    struct file f = { .currency = STR("USD") };
    if (!desc_map(r, tree, members, COUNTOF(members), &f))
        return false;
    if (!f.prices || !f.date.n)
        return err_set(r->e, ERR_CONFIG, STR_FMT ": '%s' is missing", STR_ARG(r->file), f.prices ? "date" : "prices");
    out->currency = f.currency;
    out->v = arena_array(r->a, f.prices->n + 1, sizeof *out->v);
    for (const struct json *m = f.prices->child; m; m = m->next) {
        struct price_book_entry *entry = &out->v[out->n++];
        *entry = (struct price_book_entry){ .provider = m->key, .at = m };
        if (!read_list(r, m, today, &entry->list))
            return false;
    }
    return true;
}

bool price_book_read(struct arena *a, struct str text, struct str file, struct str today, struct price_book *out,
                     struct err *e)
{
    struct desc_reader r = { .a = a, .file = arena_str(a, file), .e = e };
    struct json *tree = NULL;
    struct json_pos at = { 1, 1 };
    size_t n = 0;
    *out = (struct price_book){ .file = r.file };
    if (!yaml_parse(a, text, &tree, 1, &n, &at, e)) {
        e->code = ERR_CONFIG;
        return err_wrap(e, STR_FMT ":%u:%u", STR_ARG(file), at.line, at.col);
    }
    if (n == 0)
        return err_set(e, ERR_CONFIG, STR_FMT ": there is nothing in it", STR_ARG(file));
    return read_tree(&r, tree, today, out);
}

const struct price_book_entry *price_book_find(const struct price_book *b, struct str provider)
{
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->v[i].provider, provider))
            return &b->v[i];
    return NULL;
}

bool price_book_check(const struct price_book *b, const struct price_book_entry *entry, const struct json *params,
                      struct err *e)
{
    for (size_t i = 0; i < entry->list.n; i++)
        for (size_t k = 0; k < entry->list.v[i].n_when; k++) {
            const struct price_condition *c = &entry->list.v[i].when[k];
            struct nearest near = nearest_begin(c->variable);
            bool is_known = json_get(params, c->variable.p) != NULL;
            char hint[100];
            for (const struct json *m = params->child; m; m = m->next)
                nearest_offer(&near, m->key);
            for (size_t v = 0; desc_variables[v]; v++) {
                is_known = is_known || str_is(c->variable, desc_variables[v]);
                nearest_offer(&near, str_from(desc_variables[v]));
            }
            if (!is_known)
                return err_set(e, ERR_CONFIG, STR_FMT ":%u:%u: " STR_FMT " has no variable '" STR_FMT "'%s",
                               STR_ARG(b->file), c->at->key_pos.line, c->at->key_pos.col, STR_ARG(entry->provider),
                               STR_ARG(c->variable), nearest_hint(&near, hint, sizeof hint));
        }
    return true;
}
