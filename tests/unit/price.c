/* price.c - tests of api/price*: which row holds, what it comes to, what files of prices may say */
#include "api/price.h"
#include <stdio.h>
#include "api/headers.h"
#include "api/provider.h"
#include "api/request.h"
#include "gen/base/embedded.h"
#include "gen/base/file.h"
#include "tests/support/test.h"

static void must(bool ok, const struct err *e)
{
    CHECK_ROW(ok ? "" : e->msg, ok);
}

/* ---------- the table ---------- */

static const struct {
    const char *name, *provider, *config;       /* config: settings of the provider */
    double chars;                               /* of a text to speak; 0: a picture for a frame of 1920x1080; -1: a question */
    double want;                                /* by hand, from prices.yaml */
} rows[] = {
    { "a picture by its pixels", "openai-image", NULL, 0, 0.0668 * 1920 * 1088 / 1e6 },
    { "quality changes the price", "openai-image", "params: {quality: low}", 0, 0.0191 * 1920 * 1088 / 1e6 },
    { "size changes the price", "openai-image", "params: {size: 1024x1024}", 0, 0.0668 * 1024 * 1024 / 1e6 },
    { "tokens alone say nothing before", "openai-image", "params: {model: gpt-image-2.6-flare}", 0, -1 },
    { "an unknown model", "openai-image", "params: {model: dall-e-3}", 0, -1 },
    { "an unknown quality", "openai-image", "params: {quality: auto}", 0, -1 },
    { "a model that is not in the table", "replicate", "params: {model: x/y}", 0, -1 },
    { "a fixed price", "gemini-image", NULL, 0, 0.067 },
    { "a fixed price of another size", "gemini-image", "params: {image_size: 4K}", 0, -1 },
    { "what the description calls its door", "stability", "params: {door: ultra}", 0, 0.08 },
    { "megapixels", "bfl", NULL, 0, 0.03 * 1920 * 1088 / 1e6 },
    { "an own server", "automatic1111", NULL, 0, 0 },
    { "an own server by extends", "forge", NULL, 0, 0 },
    { "the same maker elsewhere has its own prices", "azure-image", "params: {resource: x}", 0, -1 },
    { "characters", "elevenlabs", NULL, 2000, 0.2 },
    { "characters of a cheaper model", "elevenlabs", "params: {model: eleven_flash_v2_5}", 2000, 0.1 },
    { "by the million", "polly", NULL, 1000, 0.016 },
    { "by the million, of another engine", "polly", "params: {engine: long-form}", 1000, 0.1 },
    { "minutes", "gemini-speech", NULL, 960, -2 }, /* -2: see below */
    { "an own voice", "piper", NULL, 5000, 0 },
    { "a voice without a price", "cartesia", NULL, 100, -1 },
    { "a question and an answer of 2000 tokens", "openai-chat", NULL, -1, (2 + 12) * 0.1 / 1e6 + 2000 * 0.5 / 1e6 },
    { "an answer of at most so many tokens", "openai-chat", "params: {max_tokens: 100}", -1, (2 + 12) * 0.1 / 1e6 + 100 * 0.5 / 1e6 },
    { "the config before the table", "openai-image", "price_image: 0.5", 0, 0.5 },
    { "the config says free", "openai-image", "price_call: 0", 0, 0 },
    { "the config's price of something else says nothing", "openai-image", "price_1k_chars: 0.5", 0, -1 },
    { "the config by minute", "cartesia", "price_minute: 0.06", 960, 0.06 },
};

static double quote_of(const char *provider, const char *config, double chars, const char *dir)
{
    struct providers p;
    struct arena a = { 0 };
    struct buf yaml = { 0 }, text = { 0 };
    struct err e = { 0 };
    char file[300];
    snprintf(file, sizeof file, "%s/config.yaml", test_tmpdir());
    buf_printf(&yaml, "providers:\n  %s: {%s}\n", provider, config ? config : "");
    must(file_replace(file, buf_str(&yaml), &e), &e);
    struct config *c = config_load(file, NULL, 0, &e);
    must(c != NULL, &e);
    must(providers_load(&p, c, dir, &e), &e);
    const struct provider *of = providers_find(&p, str_from(provider));
    CHECK_ROW(provider, of != NULL);
    for (int i = 0; i < (int)chars; i++)
        buf_addc(&text, 'a');
    buf_addz(&text, chars > 0 ? "" : "a prompt");
    const struct want w = { .kind = chars > 0 ? ASSET_SPEECH : chars < 0 ? ASSET_TEXT : ASSET_IMAGE, .provider = of->desc.id,
                            .text = buf_str(&text), .seed = -1, .speed = 1, .width = 1920, .height = 1080 };
    double money = provider_quote(&a, of, &w).money;
    buf_deinit(&yaml);
    buf_deinit(&text);
    providers_deinit(&p);
    config_destroy(c);
    arena_deinit(&a);
    return money;
}

TEST(a_call_costs_what_the_first_row_that_fits_says)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        double got = quote_of(rows[i].provider, rows[i].config, rows[i].chars, NULL);
        if (rows[i].want < -1)                  /* a minute at 16 characters a second; the price has a last day */
            CHECK_ROW(rows[i].name, got > 0.017 && got < 0.035);
        else
            CHECK_NEAR(rows[i].name, rows[i].want, got, 1e-9);
    }
}

/* ---------- files ---------- */

static const char head[] = "date: \"2026-11-20\"\n";

static const struct { const char *name, *yaml, *says; } wrong[] = {
    { "no date", "prices: {}\n", "p.yaml: 'date' is missing" },
    { "no prices", "date: \"2026-11-20\"\n", "p.yaml: 'prices' is missing" },
    { "nothing", "# nothing\n", "p.yaml: there is nothing in it" },
    { "not a day", "date: yesterday\nprices: {}\n", "p.yaml:1:7: date: expected a day, as \"2026-11-20\"" },
    { "an unknown key", "date: \"2026-11-20\"\nprice: {}\n", "p.yaml:2:1: unknown key 'price'; did you mean 'prices'?" },
    { "an unknown unit", "@prices:\n  piper:\n  - {imge: 1}\n", "p.yaml:4:6: unknown key 'imge'; did you mean 'image'?" },
    { "a row without a price", "@prices:\n  piper:\n  - {source: x}\n", "p.yaml:4:5: a row without a price: call, image, megapixel" },
    { "a price that is a text", "@prices:\n  piper:\n  - {image: cheap}\n", "p.yaml:4:13: image: expected what one costs" },
    { "a price below nothing", "@prices:\n  piper:\n  - {image: -1}\n", "p.yaml:4:13: image: expected what one costs" },
    { "a list that is none", "@prices:\n  piper: cheap\n", "p.yaml:3:10: piper: expected \"free\" or a list of rows" },
    { "a when that is none", "@prices:\n  piper:\n  - {when: low, image: 1}\n", "p.yaml:4:12: when: expected what the row is for" },
    { "broken YAML", "@prices: [\n", "p.yaml:3:1" },
};

TEST(a_mistake_in_a_file_of_prices_is_told_with_its_place_and_the_nearest_right_word)
{
    for (size_t i = 0; i < COUNTOF(wrong); i++) {
        struct arena a = { 0 };
        struct buf text = { 0 };
        struct price_book b;
        struct err e = { 0 };
        bool is_short = wrong[i].yaml[0] == '@';
        buf_printf(&text, "%s%s", is_short ? head : "", wrong[i].yaml + is_short);
        CHECK_ROW(wrong[i].name, !price_book_read(&a, buf_str(&text), STR("p.yaml"), STR("2026-11-21"), &b, &e));
        CHECK_INT(wrong[i].name, ERR_CONFIG, e.code);
        check_true(wrong[i].name, e.msg, strstr(e.msg, wrong[i].says) != NULL, __FILE__, __LINE__);
        buf_deinit(&text);
        arena_deinit(&a);
    }
}

/* Writes prices.yaml beside a directory of descriptions and loads both. */
static bool load_user(const char *yaml, const char *currency, struct err *e)
{
    struct providers p;
    char *dir = test_tmpdir();
    char path[300], set[60];
    snprintf(path, sizeof path, "%s/prices.yaml", dir);
    must(file_replace(path, str_from(yaml), e), e);
    snprintf(path, sizeof path, "%s/config.yaml", dir);
    must(file_replace(path, STR("theme: paper\n"), e), e);
    snprintf(set, sizeof set, "budget.currency=%s", currency);
    struct config *c = config_load(path, (const char *const[]){ set }, 1, e);
    snprintf(path, sizeof path, "%s/providers", dir);
    must(c != NULL, e);
    bool ok = providers_load(&p, c, path, e);
    if (ok)
        providers_deinit(&p);
    config_destroy(c);
    return ok;
}

TEST(a_user_s_prices_name_providers_and_variables_that_are_there)
{
    static const struct { const char *name, *yaml, *currency, *says; } cases[] = {
        { "fine", "date: \"2026-11-20\"\nprices:\n  openai-image:\n  - {when: {quality: low}, image: 1}\n", "USD", NULL },
        { "nobody", "date: \"2026-11-20\"\nprices:\n  openai-imgae: free\n", "USD", "prices.yaml:3:3: there is no provider 'openai-imgae'; did you mean 'openai-image'?" },
        { "no such variable", "date: \"2026-11-20\"\nprices:\n  openai-image:\n  - {when: {qualty: low}, image: 1}\n", "USD", "prices.yaml:4:13: openai-image has no variable 'qualty'; did you mean 'quality'?" },
        { "another currency", "date: \"2026-11-20\"\ncurrency: EUR\nprices: {piper: free}\n", "USD", "its prices are in EUR, budget.currency is USD" },
        { "the same currency", "date: \"2026-11-20\"\ncurrency: EUR\nprices: {piper: free}\n", "EUR", NULL },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct err e = { 0 };
        bool ok = load_user(cases[i].yaml, cases[i].currency, &e);
        check_true(cases[i].name, e.msg, cases[i].says ? !ok && strstr(e.msg, cases[i].says) : ok, __FILE__, __LINE__);
    }
}

TEST(a_user_s_rows_go_before_those_that_travel_along)
{
    char *dir = test_tmpdir();
    char path[300];
    struct err e = { 0 };
    snprintf(path, sizeof path, "%s/prices.yaml", dir);
    must(file_replace(path, STR("date: \"2026-11-20\"\nprices:\n  openai-image:\n  - {when: {quality: [low, auto]}, image: 0.3}\n"), &e), &e);
    snprintf(path, sizeof path, "%s/providers", dir);
    CHECK_NEAR("theirs", 0.3, quote_of("openai-image", "params: {quality: low}", 0, path), 1e-9);
    CHECK_NEAR("theirs, where there was none", 0.3, quote_of("openai-image", "params: {quality: auto}", 0, path), 1e-9);
    CHECK_NEAR("ours, for the rest", 0.0668 * 1920 * 1088 / 1e6, quote_of("openai-image", NULL, 0, path), 1e-9);
}

TEST(a_price_ends_with_its_last_day)
{
    static const char yaml[] = "date: \"2026-11-20\"\nprices:\n  piper:\n  - {until: \"2026-12-31\", call: 1}\n  - {call: 2}\n";
    static const struct { const char *day; double want; } days[] = { { "2026-11-20", 1 }, { "2026-12-31", 1 }, { "2027-01-01", 2 } };
    for (size_t i = 0; i < COUNTOF(days); i++) {
        struct arena a = { 0 };
        struct price_book b;
        struct err e = { 0 };
        must(price_book_read(&a, str_from(yaml), STR("p.yaml"), str_from(days[i].day), &b, &e), &e);
        const struct price *p = price_find(&price_book_find(&b, STR("piper"))->list, json_object(&a));
        CHECK_ROW(days[i].day, p != NULL);
        CHECK_NEAR(days[i].day, days[i].want, p->of[PRICE_CALL], 0);
        arena_deinit(&a);
    }
}

TEST(the_prices_that_travel_along_are_of_providers_and_variables_that_do)
{
    struct providers p;
    struct price_book b;
    struct arena a = { 0 };
    struct err e = { 0 };
    must(providers_load(&p, NULL, NULL, &e), &e);
    for (const struct embedded_file *f = embedded_files; f->name; f++)
        if (strcmp(f->name, "api/prices.yaml") == 0)
            must(price_book_read(&a, (struct str){ f->text, f->n }, str_from(f->name), STR("2026-11-20"), &b, &e), &e);
    CHECK("it is there" && b.n > 10);
    for (size_t i = 0; i < b.n; i++) {
        const struct provider *of = providers_find(&p, b.v[i].provider);
        CHECK_ROW(b.v[i].provider.p, of != NULL);
        must(price_book_check(&b, &b.v[i], of->params, &e), &e);
    }
    providers_deinit(&p);
    arena_deinit(&a);
}

TEST(a_server_on_this_machine_that_comes_along_is_known_to_be_free)
{
    struct providers p;
    struct err e = { 0 };
    must(providers_load(&p, NULL, NULL, &e), &e);
    for (size_t i = 0; i < p.n; i++) {
        struct arena a = { 0 };
        const struct want w = { .kind = p.v[i]->info.kind, .text = STR("x"), .speed = 1, .seed = -1, .width = 64, .height = 64 };
        if (p.v[i]->origin.is_loopback)
            CHECK_NEAR(p.v[i]->desc.id.p, 0, provider_quote(&a, p.v[i], &w).money, 0);
        arena_deinit(&a);
    }
    providers_deinit(&p);
}

/* ---------- usage ---------- */

TEST(what_an_answer_tells_is_priced_by_the_units_it_tells)
{
    struct arena a = { 0 };
    struct price p;
    for (size_t i = 0; i < N_PRICE_UNITS; i++)
        p.of[i] = -1;
    p.of[PRICE_IMAGE] = 0.07;
    p.of[PRICE_1M_INPUT] = 5;
    p.of[PRICE_1M_OUTPUT] = 30;
    struct measure told = measure_unknown();
    CHECK_NEAR("nothing told", -1, price_told(&p, &told), 0);
    told.of[QUANTITY_CREDITS] = 3;
    CHECK_NEAR("only what has no price", -1, price_told(&p, &told), 0);
    told.of[QUANTITY_INPUT] = 200;
    told.of[QUANTITY_OUTPUT] = 1000;
    CHECK_NEAR("tokens, and not the picture again", 0.031, price_told(&p, &told), 1e-12);
    CHECK_NEAR("no row", -1, price_told(NULL, &told), 0);
    told.of[QUANTITY_MONEY] = 0.5;
    CHECK_NEAR("money itself", 0.5, price_told(NULL, &told), 0);
    arena_deinit(&a);
}

TEST(usage_is_read_from_pointers_and_headers_and_nothing_odd_is_believed)
{
    static const struct { const char *name, *body, *header; double want; } cases[] = {
        { "a number", "{\"u\":{\"n\":12}}", NULL, 12 },
        { "a number in quotes", "{\"u\":{\"n\":\"12\"}}", NULL, 12 },
        { "below nothing", "{\"u\":{\"n\":-1}}", NULL, -1 },
        { "absurd", "{\"u\":{\"n\":1e300}}", NULL, -1 },
        { "a word", "{\"u\":{\"n\":\"many\"}}", NULL, -1 },
        { "a map", "{\"u\":{\"n\":{}}}", NULL, -1 },
        { "absent", "{}", NULL, -1 },
        { "a header", NULL, "x-chars: 345", 345 },
        { "a header of words", NULL, "x-chars: lots", -1 },
        { "no such header", NULL, "x-other: 1", -1 },
    };
    for (size_t i = 0; i < COUNTOF(cases); i++) {
        struct arena a = { 0 };
        struct headers h = { 0 };
        struct json *body = NULL;
        struct measure told = measure_unknown();
        struct usage_source from = { 0 };
        from.of[QUANTITY_CHARS] = cases[i].header ? STR("x-chars") : STR("/u/n");
        if (cases[i].header)
            headers_add(&h, str_from(cases[i].header));
        if (cases[i].body)
            CHECK(json_parse(&a, str_from(cases[i].body), 0, &body, NULL, NULL, NULL, NULL));
        usage_note(&from, &h, body, &told);
        CHECK_NEAR(cases[i].name, cases[i].want, told.of[QUANTITY_CHARS], 0);
        headers_deinit(&h);
        arena_deinit(&a);
    }
}
