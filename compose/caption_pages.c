/* caption_pages.c - a narration split into pages and lines: the cheapest of all ways to do it */
#include "compose/captions.h"
#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "compose/caption_geometry.h"
#include "compose/typeset.h"
#include "gen/base/mem.h"
#include "gen/base/text.h"

/* What is between two places where a line may break. */
struct unit {
    uint32_t at, n;                             /* bytes; n without white space at the end */
    double x0, x1;                              /* px from the start of the text; x1 without white space at the end */
    int64_t start, end;                         /* samples, interpolated inside words */
    bool has_word, ends_sentence, ends_clause, is_short;
    bool ends_in_hyphen;                        /* inside a word: "thirty-" of "thirty-six" */
};

struct paging {
    struct arena *arena;
    struct str text;
    struct caption_word *words;
    size_t n_words;
    struct unit *units;
    size_t n_units, room_units;
    double *x;                                  /* of each byte of the text, from its start */
    double line_px;
    size_t max_lines;
};

/* ---------- text and words ---------- */

/* The text without runs of white space, and each word's place in it. */
static void take_text(struct paging *g, struct buf *text, const struct caption_source *s)
{
    uint32_t *map = mem_array(s->narration.n + 1, sizeof *map);
    bool in_space = true;
    for (size_t i = 0; i < s->narration.n;) {
        uint32_t c = 0;
        size_t n = text_decode((struct str){ s->narration.p + i, s->narration.n - i }, &c);
        bool space = n && typeset_is_space(c);
        for (size_t k = 0; k < (n ? n : 1); k++)
            map[i + k] = (uint32_t)text->n;
        if (n == 0)
            buf_addz(text, "\xef\xbf\xbd");
        else if (space && !in_space)
            buf_addc(text, ' ');
        else if (!space && c != 0xad) /* soft hyphens are for other line breakers */
            buf_add(text, s->narration.p + i, n);
        in_space = space;
        i += n ? n : 1;
    }
    while (text->n > 0 && text->p[text->n - 1] == ' ')
        text->p[--text->n] = 0;
    map[s->narration.n] = (uint32_t)text->n;

    g->text = arena_str(g->arena, buf_str(text));
    g->words = arena_array(g->arena, s->n_words + 1, sizeof *g->words);
    int64_t last = 0;
    uint32_t at_least = 0;
    for (size_t i = 0; i < s->n_words; i++) {
        const struct word *w = &s->words[i];
        if (w->at >= s->narration.n || w->n == 0 || w->n > s->narration.n - w->at)
            continue;
        uint32_t at = map[w->at], end = map[w->at + w->n];
        if (at < at_least || end > g->text.n || end <= at)
            continue;
        int64_t start = w->start_samples > last ? w->start_samples : last;
        last = w->end_samples > start ? w->end_samples : start;
        g->words[g->n_words++] = (struct caption_word){ start, last, at, end - at };
        at_least = end;
    }
    free(map);
}

/* ---------- units ---------- */

static bool is_one_of(uint32_t c, const uint32_t *set, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (set[i] == c)
            return true;
    return false;
}
#define IS_ONE_OF(c, set) is_one_of(c, set, COUNTOF(set))

static const uint32_t sentence_marks[] = { '.', '!', '?', 0x2026, 0x3002, 0xff01, 0xff1f, 0x61f, 0x964, 0x6d4 };
static const uint32_t clause_marks[] = { ',',    ';',    ':',    0x2013, 0x2014, ')',
                                         0x3001, 0xff0c, 0xff1b, 0xff1a, 0x60c,  0x61b };
static const uint32_t closing_marks[] = { '"', '\'', ')', ']', 0x2019, 0x201d, 0xbb, 0x300d, 0x300f, 0xff09 };

static uint32_t last_char(struct str s, size_t *at)
{
    uint32_t c = 0;
    size_t i = s.n;
    while (i > 0 && ((unsigned char)s.p[--i] & 0xc0) == 0x80)
        ;
    text_decode((struct str){ s.p + i, s.n - i }, &c);
    *at = i;
    return c;
}

static void judge_end(struct paging *g, struct unit *u, const struct unit *next)
{
    struct str s = { g->text.p + u->at, u->n };
    size_t at = s.n;
    uint32_t c = 0, outer = 0;
    while (s.n > 0 && (c = last_char(s, &at), IS_ONE_OF(c, closing_marks))) {
        outer = c;
        s.n = at;
    }
    u->is_short = u->n <= 3;
    u->ends_in_hyphen = c == '-' && next && next->at == u->at + u->n;
    u->ends_sentence = s.n > 0 && IS_ONE_OF(c, sentence_marks);
    u->ends_clause = u->ends_sentence || (s.n > 0 && IS_ONE_OF(c, clause_marks)) || outer == ')';
    /* "e.g. a gate": no sentence begins with a small letter */
    if (u->ends_sentence && next && g_ascii_islower(g->text.p[next->at]))
        u->ends_sentence = false;
}

static void add_unit(struct paging *g, size_t from, size_t to)
{
    size_t end = to;
    while (end > from && g->text.p[end - 1] == ' ')
        end--;
    if (end == from)
        return;
    if (g->n_units == g->room_units) {
        g->room_units = g->room_units ? 2 * g->room_units : 256;
        g->units = mem_resize(g->units, g->room_units, sizeof *g->units);
    }
    g->units[g->n_units++] =
        (struct unit){ .at = (uint32_t)from, .n = (uint32_t)(end - from), .x0 = g->x[from], .x1 = g->x[end] };
}

/* x of each byte: clusters, in whatever order they are drawn, added up in the order of the text. */
static void measure(struct paging *g, PangoLayout *l)
{
    g->x = mem_array(g->text.n + 1, sizeof *g->x);
    PangoLayoutIter *it = pango_layout_get_iter(l);
    do {
        PangoRectangle r;
        if (!pango_layout_iter_get_run_readonly(it))
            continue;
        pango_layout_iter_get_cluster_extents(it, NULL, &r);
        g->x[(size_t)pango_layout_iter_get_index(it)] += abs(r.width) / (double)PANGO_SCALE;
    } while (pango_layout_iter_next_cluster(it));
    pango_layout_iter_free(it);
    double sum = 0;
    for (size_t i = 0; i <= g->text.n; i++) {
        double w = g->x[i];
        g->x[i] = sum;
        sum += w;
    }
}

/* A unit that is too long for a line is cut between graphemes. */
static void cut_units(struct paging *g, PangoLayout *l)
{
    int n = 0;
    const PangoLogAttr *a = pango_layout_get_log_attrs_readonly(l, &n);
    size_t from = 0, fits = 0, i = 0;
    for (int k = 0; k < n; k++) {
        bool at_end = i >= g->text.n;
        if (i > from && a[k].is_cursor_position && g->text.p[i - 1] != ' ' && g->x[i] - g->x[from] > g->line_px) {
            size_t cut = fits > from ? fits : i;
            add_unit(g, from, cut);
            from = fits = cut;
        }
        if (a[k].is_cursor_position)
            fits = i;
        if (i > from && (a[k].is_line_break || at_end)) {
            add_unit(g, from, i);
            from = fits = i;
        }
        if (!at_end) {
            uint32_t c;
            size_t len = text_decode((struct str){ g->text.p + i, g->text.n - i }, &c);
            i += len ? len : 1;
        }
    }
}

static int64_t inside(const struct caption_word *w, uint32_t at)
{
    uint32_t d = at < w->at ? 0 : at - w->at > w->n ? w->n : at - w->at;
    return w->start_samples + (w->end_samples - w->start_samples) * d / w->n;
}

static void time_units(struct paging *g)
{
    size_t w = 0;
    int64_t last = 0;
    for (size_t i = 0; i < g->n_units; i++) {
        struct unit *u = &g->units[i];
        uint32_t end = u->at + u->n;
        while (w < g->n_words && g->words[w].at + g->words[w].n <= u->at)
            w++;
        u->start = u->end = last;
        if (w < g->n_words && g->words[w].at < end) {
            u->has_word = true;
            u->start = inside(&g->words[w], u->at);
            size_t v = w;
            while (v + 1 < g->n_words && g->words[v + 1].at < end)
                v++;
            u->end = inside(&g->words[v], end);
        }
        last = u->end;
        judge_end(g, u, i + 1 < g->n_units ? &g->units[i + 1] : NULL);
    }
}

/* ---------- the cheapest lines and pages ---------- */

static double width_of(const struct paging *g, size_t i, size_t j)
{
    return g->units[j - 1].x1 - g->units[i].x0;
}

/* Cost of setting units i..j-1 in exactly n lines: uneven lines and breaks inside a clause cost. DBL_MAX: does not fit.
 * cut[k] is set to the first unit of line k+1. */
static double cost_lines(const struct paging *g, size_t i, size_t j, size_t n, size_t *cut)
{
    enum { MOST_LINES = 6, MOST_UNITS = 256 };
    double best[MOST_UNITS + 1], next[MOST_UNITS + 1];
    unsigned char from[MOST_LINES][MOST_UNITS + 1];
    size_t k = j - i;
    if (k > MOST_UNITS || n > MOST_LINES || n > k)
        return DBL_MAX;
    double mean = width_of(g, i, j) / (double)n;
    for (size_t b = 0; b <= k; b++)
        best[b] = b ? DBL_MAX : 0;
    for (size_t line = 0; line < n; line++) {
        for (size_t b = 0; b <= k; b++) {
            next[b] = DBL_MAX;
            for (size_t a = b; a-- > 0;) {
                double w = width_of(g, i + a, i + b);
                if (w > g->line_px && b - a > 1)
                    break;
                if (best[a] >= DBL_MAX)
                    continue;
                const struct unit *u = &g->units[i + b - 1];
                double off = (w - mean) / g->line_px;
                double c = best[a] + off * off;
                if (b < k)
                    c += u->ends_in_hyphen ? 0.12 : u->ends_clause ? -0.04 : u->is_short ? 0.05 : 0;
                if (c < next[b]) {
                    next[b] = c;
                    from[line][b] = (unsigned char)a;
                }
            }
        }
        memcpy(best, next, sizeof best);
    }
    if (best[k] >= DBL_MAX)
        return DBL_MAX;
    for (size_t line = n, b = k; line-- > 0;) {
        b = from[line][b];
        if (line > 0)
            cut[line - 1] = i + b;
    }
    return best[k];
}

/* The fewest lines that hold units i..j-1; 0: more than are allowed. */
static size_t fewest_lines(const struct paging *g, size_t i, size_t j)
{
    size_t lines = 1, from = i;
    for (size_t k = i; k < j; k++)
        if (k > from && width_of(g, from, k + 1) > g->line_px) {
            lines++;
            from = k;
        }
    return lines <= g->max_lines ? lines : 0;
}

static double cost_page(const struct paging *g, size_t i, size_t j)
{
    const struct unit *last = &g->units[j - 1];
    bool has_word = false;
    double cost = 1;
    for (size_t k = i; k < j; k++) {
        has_word |= g->units[k].has_word;
        if (k + 1 < j && g->units[k].ends_sentence)
            cost += last->ends_sentence ? 0.3 : 0.9;
    }
    if (!has_word)
        cost += 1000; /* nothing says when it should be seen */
    if (!last->ends_sentence)
        cost += last->ends_in_hyphen ? 1.6 : last->ends_clause ? 0.3 : last->is_short ? 1.1 : 0.9;
    double seconds = (double)(last->end - g->units[i].start) / SAMPLE_RATE;
    if (seconds < 1.2)
        cost += 1.5 * (1.2 - seconds);
    if (seconds > 6)
        cost += 0.3 * (seconds - 6);
    return cost;
}

/* first[j]: where the last page of the cheapest paging of units 0..j-1 begins. There always is one: a unit alone fits.
 */
static void page_units(const struct paging *g, size_t *first)
{
    size_t cut[6];
    double *best = mem_array(g->n_units + 1, sizeof *best);
    for (size_t j = 1; j <= g->n_units; j++) {
        best[j] = DBL_MAX;
        for (size_t i = j; i-- > 0;) {
            size_t n = fewest_lines(g, i, j);
            if (n == 0)
                break;
            double page = cost_page(g, i, j);
            if (best[i] >= DBL_MAX || best[i] + page >= best[j])
                continue;
            double lines = n > 1 ? cost_lines(g, i, j, n, cut) : 0;
            if (lines < DBL_MAX && best[i] + page + lines < best[j]) {
                best[j] = best[i] + page + lines;
                first[j] = i;
            }
        }
    }
    free(best);
}

/* ---------- pages ---------- */

static void set_lines(struct paging *g, struct caption_page *p, size_t i, size_t j)
{
    size_t cut[6] = { 0 }, n = fewest_lines(g, i, j);
    assert(n > 0);
    if (n > 1)
        cost_lines(g, i, j, n, cut);
    struct caption_line *lines = arena_array(g->arena, n, sizeof *lines);
    for (size_t k = 0; k < n; k++) {
        const struct unit *a = &g->units[k ? cut[k - 1] : i], *b = &g->units[(k + 1 < n ? cut[k] : j) - 1];
        lines[k] = (struct caption_line){ a->at, b->at + b->n - a->at };
    }
    p->lines = lines;
    p->n_lines = n;
}

/* A little before and after the words; gaps that would only blink are closed; never two at once. */
static void set_times(struct caption_page *pages, size_t n)
{
    const int64_t before = SAMPLE_RATE / 10, after = SAMPLE_RATE * 3 / 10, least = SAMPLE_RATE * 8 / 10,
                  gap = SAMPLE_RATE * 6 / 10;
    const int64_t step = SAMPLE_RATE / 20; /* word times may be nonsense; pages still follow one another */
    int64_t spoken = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t start = pages[i].start_samples - before, end = pages[i].end_samples;
        start = start > spoken ? start : spoken;
        if (i > 0 && start < pages[i - 1].start_samples + step)
            start = pages[i - 1].start_samples + step;
        spoken = end > spoken ? end : spoken;
        end += after;
        pages[i].start_samples = start;
        pages[i].end_samples = end > start + least ? end : start + least;
    }
    for (size_t i = 0; i + 1 < n; i++)
        if (pages[i + 1].start_samples - pages[i].end_samples < gap)
            pages[i].end_samples = pages[i + 1].start_samples;
}

static void set_words(const struct paging *g, struct caption_page *pages, size_t n)
{
    for (size_t i = 0, w = 0; i < n; i++) {
        const struct caption_line *last = &pages[i].lines[pages[i].n_lines - 1];
        pages[i].first_word = w;
        /* a word that was cut belongs to the page it begins on, and to the next ones as well */
        if (w > 0 && g->words[w - 1].at + g->words[w - 1].n > pages[i].lines[0].at)
            pages[i].first_word = w - 1;
        while (w < g->n_words && g->words[w].at < last->at + last->n)
            w++;
        pages[i].n_words = w - pages[i].first_word;
    }
}

static void make_pages(struct paging *g, struct caption_pages *out)
{
    size_t *first = mem_array(g->n_units + 1, sizeof *first), n = 0;
    page_units(g, first);
    for (size_t j = g->n_units; j > 0; j = first[j])
        n++;
    struct caption_page *pages = arena_array(g->arena, n + 1, sizeof *pages);
    out->pages = pages;
    out->n_pages = n;
    for (size_t j = g->n_units; j > 0; j = first[j]) {
        struct caption_page *p = &pages[--n];
        p->start_samples = g->units[first[j]].start;
        p->end_samples = g->units[j - 1].end;
        for (size_t k = j; k-- > first[j];)
            if (g->units[k].has_word)
                p->start_samples = g->units[k].start;
        set_lines(g, p, first[j], j);
    }
    set_words(g, pages, out->n_pages);
    set_times(pages, out->n_pages);
    free(first);
}

struct caption_pages *captions_pages(const struct caption_source *s)
{
    struct caption_pages *out = mem_alloc(sizeof *out);
    struct caption_geometry geo = caption_geometry_of(s->opts, s->width, s->height);
    struct paging g = { .arena = &out->arena, .line_px = geo.text_px, .max_lines = geo.max_lines };
    struct buf text = { 0 }, families = { 0 };
    take_text(&g, &text, s);
    out->font_px = geo.font_px;
    if (g.n_words > 0) {
        struct typeset *t = typeset_create(s->language);
        PangoLayout *l = caption_layout(t, g.text, s->opts, geo.font_px, s->language, &families);
        measure(&g, l);
        cut_units(&g, l);
        time_units(&g);
        make_pages(&g, out);
        g_object_unref(l);
        typeset_destroy(t);
    }
    out->text = g.text;
    out->words = g.words;
    out->n_words = g.n_words;
    free(g.x);
    free(g.units);
    buf_deinit(&text);
    buf_deinit(&families);
    return out;
}

void captions_pages_destroy(struct caption_pages *p)
{
    if (!p)
        return;
    arena_deinit(&p->arena);
    free(p);
}
