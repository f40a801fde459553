/* audit_picture.c - does the finished film show what it is meant to show? */
#include "compose/audit_picture.h"
#include <libavutil/frame.h>
#include <math.h>
#include <stdlib.h>
#include "compose/audit_tell.h"
#include "compose/captions.h"
#include "compose/frame.h"
#include "compose/piece.h"
#include "compose/take.h"
#include "gen/base/mem.h"

enum { KEY_S = 10 /* encode.c */, LOOKS_A_SECOND = 2, LOOKS = 2 * LOOKS_A_SECOND + 1 };

static const double dark_most = 0.001;          /* part of a black picture that may be light */
static const double lost_steps = 8;             /* of luma: darker than it was drawn */
static const double lost_least = 0.01;          /* part of the cells that are, when it is black and not meant to be */
static const double still_steps = 1, still_most = 0.01; /* of luma; part of the cells: coding, not motion */
static const double moved_steps = 4, moved_least = 0.05;
static const double moved_px = 8;               /* of a frame's edge: what cannot go unseen */

/* ---------- where to look ---------- */

static void add(struct audit_places *p, size_t *cap, int64_t frame, size_t piece)
{
    if (p->n == *cap) {
        *cap = *cap ? 2 * *cap : 64;
        p->frame = mem_resize(p->frame, *cap, sizeof *p->frame);
        p->piece = mem_resize(p->piece, *cap, sizeof *p->piece);
    }
    p->frame[p->n] = frame;
    p->piece[p->n++] = piece;
}

struct audit_places audit_places_of(const struct join_spec *s)
{
    struct audit_places p = { 0 };
    size_t cap = 0;
    int64_t first = 0, second = (s->video.fps_num + s->video.fps_den - 1) / s->video.fps_den;
    for (size_t i = 0; i < s->n_pieces; i++) {
        int64_t n = s->pieces[i]->info.n_frames;
        bool is_body = s->specs && !s->specs[i]->b;
        for (int64_t key = 0; key < n; key += KEY_S * second)
            for (int64_t k = 0; k < (is_body ? LOOKS : 1); k++)
                if (key + k * second / LOOKS_A_SECOND < n)
                    add(&p, &cap, first + key + k * second / LOOKS_A_SECOND, i);
        first += n;
    }
    return p;
}

void audit_places_deinit(struct audit_places *p)
{
    free(p->frame);
    free(p->piece);
    *p = (struct audit_places){ 0 };
}

/* ---------- drawing again ---------- */

struct watch {
    const struct join_spec *s;
    const struct picture_source *pictures;
    struct film_audit *audit;
    size_t piece;                               /* and where it begins and ends in the film: */
    int64_t first, end;
};

static void take_grid(void *ctx, size_t i, const AVFrame *f)
{
    struct audit_grid *grids = ctx;
    audit_grid_take(&grids[i], f->data[0], f->linesize[0], f->width, f->height);
}

static bool draw_again(struct watch *w, const int64_t *frames, size_t n, struct audit_grid *grids)
{
    int64_t at[2] = { 0 };
    struct err e;
    for (size_t i = 0; i < n; i++)
        at[i] = frames[i] - w->first;
    w->audit->n_compared += n;
    return piece_draw_some(w->s->specs[w->piece], w->pictures, at, n, take_grid, grids, &e);
}

static bool wrong(const struct watch *w, int64_t from, int64_t to, const char *what, struct err *e)
{
    const struct video_format *v = &w->s->video;
    double second = (double)v->fps_den / v->fps_num;
    struct err when = { 0 };
    audit_tell_span(&when, (double)from * second, (double)(to + 1) * second);
    err_set(e, ERR_RENDER, "the picture is %s %s; %s", what, when.msg, audit_remedy);
    return audit_name_section(w->s, audit_section_at(w->s, from), e);
}

/* ---------- black ---------- */

/* The shot that is seen by itself at a frame of the visual; NULL: two are. */
static const struct shot *shot_at(const struct visual *v, int64_t frame)
{
    const struct shot *on = NULL;
    for (size_t i = 0; i < v->n_shots; i++) {
        const struct shot *s = &v->shots[i];
        if (frame < s->first_frame || frame >= s->first_frame + s->n_frames)
            continue;
        if (on)
            return NULL;
        on = s;
    }
    return on;
}

/* A plain background that is dark. */
static bool is_dark_meant(const struct watch *w, int64_t frame)
{
    const struct piece_spec *p = w->s->specs[w->piece];
    const struct shot *on = p->b ? NULL : shot_at(p->a, p->first_a + frame - w->first);
    return on && !on->picture && yuv_of(p->a->background >> 8).c[0] <= 24;
}

static bool black_ok(struct watch *w, const struct audit_look *l, struct err *e)
{
    struct audit_grid drawn;
    if (l->grid.light > dark_most || is_dark_meant(w, l->frame) || !draw_again(w, &l->frame, 1, &drawn) ||
        audit_grid_darkened(&drawn, &l->grid, lost_steps) < lost_least)
        return true;
    return wrong(w, l->frame, l->frame, "black", e);
}

/* ---------- frozen ---------- */

static double edge_move(struct window a, struct window b, double w, double h)
{
    double x = fmax(fabs(a.x - b.x), fabs(a.x + a.w - b.x - b.w)) * w / a.w;
    double y = fmax(fabs(a.y - b.y), fabs(a.y + a.h - b.y - b.h)) * h / a.h;
    return fmax(x, y);
}

/* Does a clip play, or does the camera move so far between two frames that it must be seen? */
static bool is_move_meant(const struct watch *w, int64_t from, int64_t to)
{
    const struct piece_spec *p = w->s->specs[w->piece];
    int64_t a = p->first_a + from - w->first, b = p->first_a + to - w->first;
    const struct shot *on = p->b ? NULL : shot_at(p->a, a);
    if (!on || on != shot_at(p->a, b) || !on->picture)
        return false;
    if (on->clip)
        return true;
    struct view va = take_look(p->a, on, &p->video, a), vb = take_look(p->a, on, &p->video, b);
    return edge_move(va.look, vb.look, p->video.width, p->video.height) >= moved_px || fabs(va.turn - vb.turn) > 0.02;
}

/* The rows of cells where captions change over pictures that stand still. */
static void caption_rows(const struct visual *v, const struct video_format *f, int *from, int *to)
{
    *from = *to = 0;
    if (!v->captions || !v->captions->enabled)
        return;
    struct caption_zone z = captions_zone(v->captions, f->width, f->height);
    *from = (int)floor(z.top * GRID_H) - 1;
    *to = (int)ceil(z.bottom * GRID_H) + 1;
}

static bool frozen_ok(struct watch *w, const struct audit_look *a, const struct audit_look *b, struct err *e)
{
    const struct piece_spec *p = w->s->specs[w->piece];
    const int64_t frames[2] = { a->frame, b->frame };
    struct audit_grid drawn[2];
    int from, to;
    caption_rows(p->a, &p->video, &from, &to);
    if (audit_grid_change(&a->grid, &b->grid, still_steps, from, to) > still_most ||
        !is_move_meant(w, a->frame, b->frame) || !draw_again(w, frames, 2, drawn) ||
        audit_grid_change(&drawn[0], &drawn[1], moved_steps, from, to) < moved_least)
        return true;
    return wrong(w, a->frame, b->frame, "frozen although it is meant to move", e);
}

/* ---------- the whole ---------- */

/* Looks [i, end) are of one piece. */
static bool piece_ok(struct watch *w, const struct audit_look *looks, size_t n, struct err *e)
{
    const struct audit_look *first = NULL, *last = NULL;
    int64_t key_frames = (int64_t)AUDIT_REACH_S * w->s->video.fps_num / w->s->video.fps_den;
    for (size_t i = 0; i < n; i++) {
        const struct audit_look *l = &looks[i];
        if (l->frame < w->first || l->frame >= w->end) /* not seen, or only after the piece's end */
            continue;
        if (!black_ok(w, l, e))
            return false;
        if (first && l->frame - first->frame > key_frames) {
            if (last != first && !frozen_ok(w, first, last, e))
                return false;
            first = NULL;
        }
        first = first ? first : l;
        last = l;
    }
    return !first || first == last || frozen_ok(w, first, last, e);
}

bool audit_pictures(const struct join_spec *s, const struct picture_source *pictures, const struct audit_places *p,
                    const struct audit_seen *seen, struct film_audit *audit, const atomic_bool *stop, struct err *e)
{
    struct watch w = { .s = s, .pictures = pictures, .audit = audit };
    for (size_t piece = 0, i = 0; s->specs && piece < s->n_pieces; piece++) {
        size_t from = i;
        while (i < p->n && p->piece[i] == piece)
            i++;
        w.piece = piece;
        w.end = w.first + s->pieces[piece]->info.n_frames;
        if (stop && atomic_load(stop))
            return err_set(e, ERR_CANCELLED, "stopped");
        if (!piece_ok(&w, seen->looks + from, i - from, e))
            return false;
        w.first = w.end;
    }
    return true;
}
