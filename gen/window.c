/* window.c - the number of requests in flight that a provider account takes */
#include "gen/window.h"

enum { HOLD_LEAST = 16, SOON = 4, HOLD_MOST = 256, IN_ROW = 3, PROOFS = 8, LAST = 20, LAST_BAD = 4, DOUBTS = 3, CALM = 128 };

static int64_t bounded(const struct window *w, int64_t size)
{
    if (w->cap > 0 && size > w->cap)
        size = w->cap;
    return size < 1 ? 1 : size;
}

void window_init(struct window *w, int64_t cap, int64_t start, bool is_fixed)
{
    *w = (struct window){ .cap = cap, .is_fixed = is_fixed, .hold = HOLD_LEAST };
    w->size = is_fixed ? cap : bounded(w, start > 0 ? start : WINDOW_START);
    w->goal = start > 0 ? 0 : INT64_MAX;
    w->base = w->anchor = w->candidate = w->size;
}

bool window_is_full(const struct window *w, int64_t in_flight)
{
    return w->size > 0 && in_flight >= w->size;
}

static void resize(struct window *w, int64_t size)
{
    w->size = bounded(w, size);
}

static void doubt(struct window *w)
{
    w->n_doubts++;
    w->n_calm = 0;
}

static void prove(struct window *w, int64_t level)
{
    if (w->refused > 0 && level > w->refused + w->blur) {
        w->refused = 0;
        doubt(w);
    } else if (++w->n_calm >= CALM) {
        w->n_calm = 0;
        w->n_doubts -= w->n_doubts > 0;
    }
    if (w->candidate > w->size)
        w->candidate = w->size;
    if (level < w->candidate || ++w->n_at < PROOFS)
        return;
    w->proven = w->candidate;
    w->candidate = w->size;
    w->n_at = 0;
}

void window_blur(struct window *w, int64_t n)
{
    w->blur = n;
}

void window_answered(struct window *w, int64_t level, bool is_news)
{
    if (w->is_fixed || w->size == 0)
        return;
    if (is_news) {
        w->n_in_row = 0;
        prove(w, level);
    }
    if (w->goal > 0) {
        if (is_news && w->goal < INT64_MAX && w->size < w->goal / 4)
            resize(w, w->goal / 4);
        else if (is_news && 2 * level >= w->size)
            resize(w, w->size + 1);
        if (w->size >= w->goal)
            w->goal = 0;
        return;
    }
    if (is_news && level > w->anchor + w->blur) {
        w->goal = INT64_MAX; /* one more is let in: how many more? */
        resize(w, w->size + 1);
    } else if (is_news && level > w->base) {
        w->base = level; /* perhaps only because of the blur: soon the next */
        if (w->size < level)
            resize(w, level);
        w->n_clean = w->hold - SOON;
    } else if (4 * level >= 3 * w->base && ++w->n_clean >= w->hold && w->n_in_row == 0) { /* else nobody asks for it */
        w->n_clean = 0;
        resize(w, w->base + 1);
    }
}

void window_refused(struct window *w, int64_t level, bool is_news)
{
    int64_t let_in = level > 1 ? level - 1 : 1;
    if (w->is_fixed || w->size == 0)
        return;
    if (is_news && ++w->n_in_row == 1) {
        bool is_same = let_in - w->anchor <= 1 + w->blur && w->anchor - let_in <= 1 + w->blur;
        if (level + w->blur <= w->proven)
            doubt(w);
        w->refused = level;
        w->hold = !is_same ? HOLD_LEAST : w->hold * 3 / 2 < HOLD_MOST ? w->hold * 3 / 2 : HOLD_MOST;
        w->before = w->size;
        w->from = w->anchor;
        w->goal = 0;
    }
    if (level < w->refused)
        w->refused = level;
    bool has_moved = w->n_in_row > 1 && w->from - let_in > 1 + w->blur;
    if (has_moved)
        w->hold = HOLD_LEAST;
    if (let_in < w->size)
        resize(w, let_in);
    if (is_news && (has_moved || w->n_in_row % IN_ROW == 0)) {
        resize(w, w->size * 85 / 100);
        w->goal = w->before; /* a storm: when it is over, soon back to where we were */
    }
    w->base = w->anchor = w->candidate = w->size;
    w->proven = w->n_at = w->n_clean = 0;
}

static int n_bad(const struct window *w)
{
    int n = 0;
    for (int i = 0; i < LAST; i++)
        n += w->last >> i & 1;
    return n;
}

void window_trouble(struct window *w, bool is_trouble)
{
    w->last = w->last << 1 | is_trouble;
    if (w->is_fixed || w->size == 0 || n_bad(w) <= LAST_BAD)
        return;
    w->last = 0;
    if (w->goal < w->size)
        w->goal = w->size;
    resize(w, w->size * 7 / 10);
}

void window_told(struct window *w, int64_t limit, int64_t others)
{
    int64_t room = limit > others ? limit - others : 1;
    w->cap = limit;
    if (w->is_fixed || w->size == 0 || w->size > limit)
        resize(w, limit);
    if (w->is_fixed || room == w->told)
        return; /* no news; refusals may have said less since */
    w->told = room;
    resize(w, room);
    w->base = w->anchor = w->size;
    w->goal = 0;
}

bool window_is_doubtful(const struct window *w)
{
    return w->n_doubts >= DOUBTS;
}

bool window_is_proven(const struct window *w, int64_t level)
{
    return level + w->blur <= w->proven;
}

void window_open(struct window *w)
{
    w->n_doubts = 0;
    w->refused = 0;
    if (w->is_fixed || w->size == 0)
        return;
    if (w->before > w->size)
        resize(w, w->before);
    w->goal = INT64_MAX;
}
