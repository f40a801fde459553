/* fit.c - a line made of parts that gives up what matters least */
#include "cmd/fit.h"
#include <stdarg.h>
#include "cmd/columns.h"
#include "gen/base/mem.h"

void fit_add(struct fit_line *f, int rank, struct str full, struct str brief)
{
    if (f->n == FIT_PARTS || !full.n)
        return;
    f->parts[f->n].rank = rank;
    f->parts[f->n].form = FIT_FULL;
    buf_adds(&f->parts[f->n].full, full);
    buf_adds(&f->parts[f->n].brief, brief);
    f->n++;
}

void fit_addf(struct fit_line *f, int rank, const char *brief, const char *format, ...)
{
    struct buf b = { 0 };
    va_list ap;
    va_start(ap, format);
    buf_vprintf(&b, format, ap);
    va_end(ap);
    fit_add(f, rank, buf_str(&b), str_from(brief));
    buf_deinit(&b);
}

static struct str text_of(const struct fit_line *f, size_t i)
{
    return buf_str(f->parts[i].form == FIT_BRIEF ? &f->parts[i].brief : &f->parts[i].full);
}

static size_t width_of(const struct fit_line *f)
{
    size_t total = 0;
    for (size_t i = 0; i < f->n; i++)
        if (f->parts[i].form != FIT_GONE)
            total += columns_count(text_of(f, i)) + (total ? 2 : 0);
    return total;
}

/* The one with the highest rank that can still take that form, the last of equals. */
static bool give_up(struct fit_line *f, int form)
{
    size_t worst = f->n, n_left = 0;
    for (size_t i = 0; i < f->n; i++) {
        bool may =
            form == FIT_BRIEF ? f->parts[i].form == FIT_FULL && f->parts[i].brief.n : f->parts[i].form != FIT_GONE;
        n_left += f->parts[i].form != FIT_GONE;
        if (may && (worst == f->n || f->parts[i].rank >= f->parts[worst].rank))
            worst = i;
    }
    if (worst == f->n || (form == FIT_GONE && n_left <= 1))
        return false;
    f->parts[worst].form = form == FIT_BRIEF ? FIT_BRIEF : FIT_GONE;
    return true;
}

size_t fit_into(struct fit_line *f, struct buf *out, size_t width)
{
    struct buf line = { 0 };
    while (width_of(f) > width && give_up(f, FIT_BRIEF)) {
    }
    while (width_of(f) > width && give_up(f, FIT_GONE)) {
    }
    for (size_t i = 0; i < f->n; i++)
        if (f->parts[i].form != FIT_GONE) {
            buf_addz(&line, line.n ? ", " : "");
            buf_adds(&line, text_of(f, i));
        }
    size_t used = columns_add(out, buf_str(&line), width);
    for (size_t i = 0; i < f->n; i++) {
        buf_deinit(&f->parts[i].full);
        buf_deinit(&f->parts[i].brief);
    }
    buf_deinit(&line);
    *f = (struct fit_line){ 0 };
    return used;
}
