/* golden.c - expected pictures as text */
#include "tests/support/golden.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "tests/support/test.h"

void golden_add(struct buf *lines, const char *label, int64_t index, const struct frame *f)
{
    buf_printf(lines, "%s %" PRId64 " %dx%d %016" PRIx64 "\n", label, index, f->w, f->h, frame_checksum(f));
}

static size_t line_length(const char *p, const char *end)
{
    const char *nl = memchr(p, '\n', (size_t)(end - p));
    return nl ? (size_t)(nl - p) : (size_t)(end - p);
}

void golden_check(const char *name, const struct buf *lines)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/%s.txt", name);
    const char *mode = getenv("GOLDEN");
    FILE *f = fopen(path, mode && strcmp(mode, "write") == 0 ? "w+" : "r");
    CHECK_ROW(path, f != NULL);
    if (mode && strcmp(mode, "write") == 0)
        fwrite(lines->p, 1, lines->n, f);
    rewind(f);
    struct buf want = { 0 };
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&want, chunk, n);
    fclose(f);
    const char *w = want.p, *w_end = want.p + want.n, *g = lines->p, *g_end = lines->p + lines->n;
    for (int line = 1; w < w_end || g < g_end; line++) {
        char row[300], expect[300];
        size_t wn = w < w_end ? line_length(w, w_end) : 0, gn = g < g_end ? line_length(g, g_end) : 0;
        snprintf(row, sizeof row, "%s:%d", path, line);
        snprintf(expect, sizeof expect, "%.*s", (int)wn, wn ? w : "");
        check_str(row, expect, (struct str){ g, gn }, __FILE__, __LINE__);
        w += wn + 1;
        g += gn + 1;
    }
    buf_deinit(&want);
}
