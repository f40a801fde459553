/* film.c - from finished assets to piece specs and the join
 *
 * Frame numbers. A section's slot begins in the film at first_frame and has n_frames; the section is seen in_frames
 * earlier and out_frames later, which is its visual's time: visual frame 0 = slot frame -in_frames. A transition covers
 * the last 2 x half frames of one visual and the first 2 x half of the next; the body is what lies between. */
#include "gen/film.h"
#include "gen/film_sound.h"
#include <assert.h>
#include <math.h>
#include <string.h>
#include "gen/auto_moves.h"
#include "gen/base/json.h"
#include "gen/base/text.h"
#include "gen/effect_time.h"
#include "gen/request.h"
#include "gen/shots.h"

/* Of speech at its usual pace, about 150 English words a minute. */
static const double CHARS_PER_SECOND = 15;

static int64_t half_into(const struct film *f, size_t section)
{
    const struct section *s = f->sections[section].section;
    return timeline_half_frames(&f->lesson->video, &s->transition, s->transition_s);
}

bool film_has_transition(const struct film *f, size_t section)
{
    return section < f->n_sections && half_into(f, section) > 0;
}

struct plan_section *film_opening(const struct film *f, struct arena *a)
{
    int64_t half = film_has_transition(f, 0) ? half_into(f, 0) : 0;
    if (half == 0)
        return NULL;
    struct plan_section *o = arena_alloc(a, sizeof *o);
    o->slot = (struct slot){ .n_frames = half, .out_frames = half };
    o->n_pictures = 1;
    o->pictures = arena_alloc(a, sizeof *o->pictures);
    o->shots = arena_alloc(a, sizeof *o->shots);
    *o->shots = (struct shot){ .n_frames = 2 * half };
    o->visual = (struct visual){ .shots = o->shots, .n_shots = 1, .background = f->lesson->video.background,
                                 .n_frames = 2 * half };
    o->is_ready = true;
    return o;
}

/* Behind the last piece that shows the section: its bodies, and the transition out of it. */
static size_t to_of(const struct film *f, const struct plan_section *s)
{
    size_t to = s->body_at + s->n_pictures + 1;
    return to > f->n_pieces ? f->n_pieces : to;
}

static bool shows(const struct piece *p, const struct plan_section *s, bool is_bound)
{
    return p->a == s || p->b == s ||
           (is_bound && (p->a->bound == s->bound || (p->b && p->b->bound == s->bound)));
}

void film_await(struct film *f, const struct plan_section *s, struct node *asset)
{
    if (!asset || asset->state == NODE_DONE)
        return;
    bool is_bound = asset->asset == ASSET_SPEECH && s->bound;
    size_t from = is_bound || s->body_at == 0 ? 0 : s->body_at - 1;
    size_t to = is_bound ? f->n_pieces : to_of(f, s);
    for (size_t i = from; i < to; i++)
        if (shows(f->pieces[i]->piece, s, is_bound))
            node_add_user(asset, f->pieces[i]);
}

struct video_format film_format(const struct lesson *l, const struct config *c)
{
    int w = l->video.width, h = l->video.height, shorter = w < h ? w : h;
    double scale = c->encode.side > 0 && c->encode.side < shorter ? (double)c->encode.side / shorter : 1;
    return (struct video_format){ .width = scale < 1 ? 2 * (int)lrint(w * scale / 2) : w,
                                  .height = scale < 1 ? 2 * (int)lrint(h * scale / 2) : h, .fps_num = l->video.fps_num,
                                  .fps_den = l->video.fps_den, .preset = c->encode.preset, .crf = (int)c->encode.crf,
                                  .codec = c->encode.codec, .encoder = c->encode.encoder };
}

static struct slot slot_of(const struct film *f, const struct plan_section *ps, int64_t speech_samples)
{
    size_t i = (size_t)(ps - f->sections);
    bool is_first = i == 0 && !f->opening, is_last = i + 1 == f->n_sections;
    double out_s = film_has_transition(f, i + 1) ? f->sections[i + 1].section->transition_s : 0;
    return timeline_slot(&f->lesson->video, ps->section, speech_samples, is_first, is_last, out_s);
}

static double speech_seconds(const struct section *s)
{
    return (double)text_length(s->narration) / CHARS_PER_SECOND / s->voice.speed;
}

double film_guess_seconds(const struct section *s)
{
    return s->duration > 0 ? s->duration : speech_seconds(s);
}

int64_t film_section_frames(const struct film *f, const struct plan_section *ps)
{
    const struct node *speech = ps->speech;
    int64_t samples = 0;
    if (speech && speech->state == NODE_DONE)
        samples = speech->blob.info.n_samples;
    else if (speech)
        samples = (int64_t)(speech_seconds(ps->section) * SAMPLE_RATE);
    return slot_of(f, ps, samples).n_frames;
}

/* All but its time. */
static struct shot shot_of(struct plan_picture *p, uint64_t seed)
{
    const struct node *n = p->image;
    bool is_clip = n && n->asset == ASSET_VIDEO, is_animated = n && !is_clip && n->blob.info.n_frames > 1;
    p->moving = p->said->clip;
    if (is_animated)
        p->moving.seam = p->moving.volume = 0;
    return (struct shot){
        .picture = n ? &n->blob : NULL,
        .is_drawn = n && n->kind == NODE_DRAW,
        .clip = is_clip || is_animated ? &p->moving : NULL,
        .fit = is_clip ? p->said->clip.fit : p->said->image_opts.fit,
        .effects = p->effects, .n_effects = p->n_effects,
        .focus = isnan(p->said->image_opts.focus.x) ? NULL : &p->said->image_opts.focus,
        .mask = p->mask ? &p->mask->blob : NULL,
        .seed = seed,
        .auto_move = p->auto_move,
        .transition = p->said->transition,
    };
}

void film_section_ready(struct film *f, struct plan_section *ps, struct arena *a)
{
    if (ps->is_ready)
        return;
    const struct section *s = ps->section;
    const struct lesson *l = f->lesson;
    const struct blob *speech = ps->speech ? &ps->speech->blob : NULL;
    bool has_words = speech && words_fit(speech->words, speech->n_words, s->narration);
    ps->slot = slot_of(f, ps, speech ? speech->info.n_samples : 0);
    int64_t lead = timeline_sample(&l->video, ps->slot.in_frames);
    int64_t n_frames = ps->slot.in_frames + ps->slot.n_frames + ps->slot.out_frames;
    for (size_t i = 0; i < ps->n_pictures; i++)
        ps->shots[i] = shot_of(&ps->pictures[i], auto_seed(l, s, i));
    ps->visual = (struct visual){
        .shots = ps->shots, .n_shots = ps->n_pictures,
        .background = s->has_background ? s->background : l->video.background,
        .seed = auto_seed(l, s, 0),
        .n_frames = n_frames,
        .captions = &s->captions, .language = l->language, .narration = s->narration,
        .words = has_words ? speech->words : NULL, .n_words = has_words ? speech->n_words : 0,
        .speech_start_samples = lead + ps->slot.speech_start_samples,
    };
    shots_cut(ps, &l->video);
    const struct spoken spoken = { .words = ps->visual.words, .n_words = ps->visual.n_words,
                                   .start_samples = ps->visual.speech_start_samples,
                                   .n_samples = speech ? speech->info.n_samples : 0, .begin_samples = lead };
    int64_t end = lead + timeline_sample(&l->video, ps->slot.n_frames);
    for (size_t i = 0; i < ps->n_pictures; i++)
        ps->shots[i].spans = effect_spans(s, ps->shots[i].effects, ps->shots[i].n_effects, &spoken, end, a);
    ps->visual.overlays = overlay_spans(s, &spoken, ps->mark ? &ps->mark->blob : NULL, a);
    ps->visual.n_overlays = s->n_overlays;
    ps->is_ready = true;
}

/* Between the transitions, from where one shot comes to where the next one does. */
static void body_spec(const struct plan_section *a, size_t shot, struct piece_spec *s)
{
    bool is_last = shot + 1 == a->n_pictures;
    int64_t end = is_last ? a->visual.n_frames - 2 * a->slot.out_frames : a->shots[shot + 1].first_frame;
    s->first_a = shot ? a->shots[shot].first_frame : 2 * a->slot.in_frames;
    s->n_frames = end - s->first_a;
}

static void transition_spec(const struct plan_section *a, const struct plan_section *b, struct piece_spec *s)
{
    s->b = &b->visual;
    s->transition = b->section->transition;
    s->n_frames = 2 * b->slot.in_frames;
    s->first_a = a->visual.n_frames - s->n_frames;
    s->first_b = 0;
    assert(a->slot.out_frames == b->slot.in_frames);
}

void film_piece_ready(struct node *n, const struct config *c, const struct renderer *r)
{
    struct piece *p = n->piece;
    p->spec = (struct piece_spec){ .video = film_format(p->film->lesson, c), .a = &p->a->visual };
    if (p->b)
        transition_spec(p->a, p->b, &p->spec);
    else
        body_spec(p->a, p->shot, &p->spec);
    request_piece(&p->spec, r->version(r->ctx), n->id);
}

static void add_switch(struct arena *a, struct json *list, const struct section *s, const struct chain *c,
                       const struct node *made)
{
    if (c->n == 0 || !made)
        return;
    const char *by = made->kind == NODE_SPLICE ? c->v[c->at]->id.p : node_provider(made);
    if (!c->first || strcmp(by, c->first->id.p) == 0)
        return;
    struct json *o = json_object(a);
    json_set(a, o, "section", json_string(a, s->id));
    json_set(a, o, "asset", json_string(a, str_from(asset_kind_name(made->asset))));
    json_set(a, o, "provider", json_string(a, str_from(by)));
    json_set(a, o, "instead_of", json_string(a, c->first->id));
    json_push(list, o);
}

/* Not more than a receipt has room for. */
enum { SWITCHES_MOST = 2000 };

struct json *film_switches(const struct film *f, struct arena *a)
{
    struct json *list = json_array(a);
    for (size_t i = 0; i < f->n_sections && list->n < SWITCHES_MOST; i++) {
        const struct plan_section *ps = &f->sections[i];
        for (size_t k = 0; k < ps->n_pictures; k++) {
            const struct plan_picture *pp = &ps->pictures[k];
            add_switch(a, list, ps->section, pp->video_by.n ? &pp->video_by : &pp->image_by, pp->image);
        }
        add_switch(a, list, ps->section, &ps->speech_by, ps->speech);
    }
    return list;
}

void film_join_spec(const struct film *f, const struct config *c, struct arena *a, struct join_spec *out)
{
    const struct blob **pieces = arena_array(a, f->n_pieces, sizeof *pieces);
    const struct piece_spec **specs = arena_array(a, f->n_pieces, sizeof *specs);
    struct join_section *sections = arena_array(a, f->n_sections, sizeof *sections);
    int64_t frame = f->opening ? f->opening->slot.n_frames : 0;
    for (size_t i = 0; i < f->n_pieces; i++) {
        pieces[i] = &f->pieces[i]->blob;
        specs[i] = &f->pieces[i]->piece->spec;
    }
    for (size_t i = 0; i < f->n_sections; i++) {
        const struct plan_section *ps = &f->sections[i];
        sections[i] = (struct join_section){
            .section = ps->section, .speech = ps->speech ? &ps->speech->blob : NULL,
            .first_frame = frame, .n_frames = ps->slot.n_frames,
            .speech_start_samples = timeline_sample(&f->lesson->video, frame) + ps->slot.speech_start_samples,
        };
        frame += ps->slot.n_frames;
    }
    *out = (struct join_spec){
        .lesson = f->lesson, .video = film_format(f->lesson, c), .sound_codec = c->encode.audio_codec,
        .audio_kbps = (int)c->encode.audio_kbps,
        .pieces = pieces, .n_pieces = f->n_pieces, .sections = sections, .n_sections = f->n_sections,
        .n_frames = frame, .out_path = f->out_path, .dir = f->lesson->dir,
        .specs = specs, .speech = arena_array(a, f->n_sections, sizeof *out->speech),
    };
    film_sounds(f, a, out);
}
