/* screen.c - a few live lines at the bottom of a terminal, and lines that scroll by above them */
#include "cmd/screen.h"
#include <string.h>
#include "cmd/columns.h"

static struct str next_line(struct str *rest)
{
    const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
    struct str line = { rest->p, end ? (size_t)(end - rest->p) : rest->n };
    size_t used = line.n + (end != NULL);
    *rest = (struct str){ rest->p + used, rest->n - used };
    return line;
}

/* Rows that the drawn lines take now. After the window became narrower a terminal has wrapped them again. */
static size_t rows_drawn(const struct screen *s)
{
    int columns = 80, rows = 24;
    size_t total = 0;
    s->size(s->ctx, &columns, &rows);
    size_t width = columns > 0 ? (size_t)columns : 80;
    for (struct str rest = buf_str(&s->live); rest.n;) {
        size_t n = columns_shown(next_line(&rest));
        total += n ? (n + width - 1) / width : 1;
    }
    return total;
}

static void go_up(const struct screen *s, struct buf *b)
{
    size_t up = rows_drawn(s);
    if (up)
        buf_printf(b, "\x1b[%zuA\r", up);
}

static void add_lines(struct buf *b, struct str lines)
{
    while (lines.n) {
        buf_adds(b, next_line(&lines));
        buf_addz(b, "\x1b[K\r\n");
    }
}

static void change(struct screen *s, struct str said, struct str live)
{
    struct buf b = { 0 };
    go_up(s, &b);
    add_lines(&b, said);
    add_lines(&b, live);
    buf_addz(&b, "\x1b[J");
    s->write(s->ctx, b.p, b.n);
    buf_deinit(&b);
}

void screen_draw(struct screen *s, struct str lines)
{
    if (str_eq(lines, buf_str(&s->live)))
        return;
    change(s, (struct str){ 0 }, lines);
    buf_clear(&s->live);
    buf_adds(&s->live, lines);
}

void screen_say(struct screen *s, struct str lines)
{
    change(s, lines, buf_str(&s->live));
}

void screen_deinit(struct screen *s)
{
    screen_draw(s, (struct str){ 0 });
    buf_deinit(&s->live);
}
