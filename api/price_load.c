/* price_load.c - every provider with the prices that hold for it */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "api/price.h"
#include "api/provider.h"
#include "gen/base/clock.h"
#include "gen/base/embedded.h"
#include "gen/base/file.h"
#include "gen/names.h"

enum { PRICES_BYTES = 1 << 20 };

static const char embedded_name[] = "api/prices.yaml";

struct str price_today(struct arena *a)
{
    time_t now = (time_t)(clock_wall_ms() / 1000);
    struct tm tm;
    char text[16] = "";
    strftime(text, sizeof text, "%Y-%m-%d", gmtime_r(&now, &tm));
    return arena_str(a, str_from(text));
}

static bool read_embedded(struct arena *a, struct str today, struct price_book *out, struct err *e)
{
    *out = (struct price_book){ 0 };
    for (const struct embedded_file *f = embedded_files; f->name; f++)
        if (strcmp(f->name, embedded_name) == 0)
            return price_book_read(a, (struct str){ f->text, f->n }, str_from(f->name), today, out, e);
    return true;
}

static bool read_user(struct arena *a, struct str file, struct str today, struct price_book *out, struct err *e)
{
    struct buf text = { 0 };
    *out = (struct price_book){ 0 };
    if (file.n == 0 || (access(file.p, F_OK) != 0 && errno == ENOENT))
        return true;
    bool ok = file_read(file.p, PRICES_BYTES, &text, e) && price_book_read(a, buf_str(&text), file, today, out, e);
    buf_deinit(&text);
    return ok;
}

/* Names that nobody has and variables that a provider lacks are mistakes of spelling. */
static bool check_user(const struct price_book *b, const struct providers *p, struct str currency, struct err *e)
{
    if (b->file.n && !str_eq(b->currency, currency))
        return err_set(e, ERR_CONFIG, STR_FMT ": its prices are in " STR_FMT ", budget.currency is " STR_FMT,
                       STR_ARG(b->file), STR_ARG(b->currency), STR_ARG(currency));
    for (size_t i = 0; i < b->n; i++) {
        const struct provider *of = providers_find(p, b->v[i].provider);
        struct nearest near = nearest_begin(b->v[i].provider);
        char hint[100];
        for (size_t k = 0; k < p->n; k++)
            nearest_offer(&near, p->v[k]->desc.id);
        if (!of)
            return err_set(e, ERR_CONFIG, STR_FMT ":%u:%u: there is no provider '" STR_FMT "'%s", STR_ARG(b->file),
                           b->v[i].at->key_pos.line, b->v[i].at->key_pos.col, STR_ARG(b->v[i].provider),
                           nearest_hint(&near, hint, sizeof hint));
        if (!price_book_check(b, &b->v[i], of->params, e))
            return false;
    }
    return true;
}

/* config.yaml's price_* as a row for whatever is asked; false when none is set. */
static bool row_of_config(const struct provider_opts *o, struct price *out)
{
    bool any = false;
    *out = (struct price){ 0 };
    for (size_t i = 0; i < N_PRICE_UNITS; i++)
        out->of[i] = -1;
    if (!o)
        return false;
    out->of[PRICE_IMAGE] = o->price_image;
    out->of[PRICE_1K_CHARS] = o->price_1k_chars;
    out->of[PRICE_MINUTE] = o->price_minute;
    out->of[PRICE_SECOND] = o->price_second;
    out->of[PRICE_CALL] = o->price_call;
    out->of[PRICE_1M_INPUT] = o->price_1m_input_tokens;
    out->of[PRICE_1M_OUTPUT] = o->price_1m_output_tokens;
    for (size_t i = 0; i < N_PRICE_UNITS; i++)
        any = any || out->of[i] >= 0;
    return any;
}

static void add_rows(struct price *rows, size_t *n, const struct price_book *b, struct str provider)
{
    const struct price_book_entry *entry = price_book_find(b, provider);
    for (size_t i = 0; entry && i < entry->list.n; i++)
        rows[(*n)++] = entry->list.v[i];
}

static size_t count_rows(const struct price_book *b, struct str provider)
{
    const struct price_book_entry *entry = price_book_find(b, provider);
    return entry ? entry->list.n : 0;
}

bool prices_load(struct providers *p, const struct config *c, struct str user_file, struct str today, struct err *e)
{
    struct price_book own, user;
    struct str currency = c ? c->budget.currency : STR("USD");
    if (!read_embedded(&p->arena, today, &own, e) || !read_user(&p->arena, user_file, today, &user, e) ||
        !check_user(&user, p, currency, e))
        return false;
    if (!str_eq(own.currency, currency))
        own.n = 0;
    for (size_t i = 0; i < p->n; i++) {
        struct provider *of = p->v[i];
        struct str id = of->desc.id;
        struct price *rows = arena_array(&p->arena, 1 + count_rows(&user, id) + count_rows(&own, id), sizeof *rows);
        size_t n = row_of_config(c ? config_provider(c, id) : NULL, rows);
        add_rows(rows, &n, &user, id);
        add_rows(rows, &n, &own, id);
        of->prices = (struct price_list){ rows, n };
    }
    return true;
}
