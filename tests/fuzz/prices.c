/* prices.c - fuzz target: any bytes are a file of prices that is read or told about without a crash
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -I. tests/fuzz/prices.c ... build/fuzz/libvidgen.a */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include "api/price.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena a = { 0 };
    struct price_book b;
    struct err e = { 0 };
    struct json *vars = json_object(&a);
    struct measure m = measure_unknown();
    json_set(&a, vars, "model", json_string(&a, STR("gpt-image-2")));
    m.of[QUANTITY_CALLS] = m.of[QUANTITY_IMAGES] = 1;
    m.of[QUANTITY_PIXELS] = 2e6;
    if (price_book_read(&a, (struct str){ (const char *)p, n }, STR("-"), STR("2026-11-20"), &b, &e))
        for (size_t i = 0; i < b.n; i++) {
            const struct price *row = price_find(&b.v[i].list, vars);
            double money = price_estimate(row, &m);
            assert(money >= -1);
            assert(price_told(row, &m) >= -1);
            price_book_check(&b, &b.v[i], vars, &e);
        }
    else
        assert(e.code == ERR_CONFIG && e.msg[0]);
    arena_deinit(&a);
    return 0;
}
