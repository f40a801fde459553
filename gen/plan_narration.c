/* plan_narration.c - bought speech: one request, or one for each part of a narration that is too long for it */
#include <string.h>
#include "gen/base/text.h"
#include "gen/fetch.h"
#include "gen/plan_private.h"
#include "gen/plan_roll.h"
#include "gen/pronounce.h"
#include "gen/request.h"
#include "gen/sentences.h"

/* Of the text before and after, for providers that fit the tune to it. It is part of the request, so it is short: a
 * change further away must not buy the speech again. */
enum { CONTEXT_CHARS = 300 };

struct narration {
    struct planner *p;
    const struct plan_section *of;
    const struct section *section;
    const struct provider_info *info;
    struct sentence_part *parts;
    size_t n_parts;
};

/* Of the lesson's i-th section, whether or not it is made now: the same request either way. */
static struct str narration_of(const struct planner *p, size_t i)
{
    const struct lesson *l = p->film->lesson;
    return i < l->n_sections ? l->sections[i].narration : (struct str){ "", 0 };
}

static struct str spoken(const struct narration *n, struct str text)
{
    return pronounce_apply(text, &n->section->voice, &n->p->plan->arena);
}

static struct want want_of(const struct narration *n, struct str text, struct str before, struct str after)
{
    const struct section *s = n->section;
    return (struct want){
        .kind = ASSET_SPEECH,
        .provider = n->info->id,
        .text = spoken(n, text),
        .voice = choose_said_for(&n->of->speech_by, n->info, s->voice.voice),
        .model = choose_said_for(&n->of->speech_by, n->info, s->voice.model),
        .speed = s->voice.speed,
        .seed = -1,
        .prev = spoken(n, sentences_last(before, CONTEXT_CHARS)),
        .next = spoken(n, sentences_first(after, CONTEXT_CHARS)),
    };
}

static struct want want_of_part(const struct narration *n, size_t i)
{
    size_t at = (size_t)(n->section - n->p->film->lesson->sections);
    struct str before = i ? n->parts[i - 1].text : at ? narration_of(n->p, at - 1) : (struct str){ "", 0 };
    struct str after = i + 1 < n->n_parts ? n->parts[i + 1].text : narration_of(n->p, at + 1);
    return want_of(n, str_trim(n->parts[i].text), before, after);
}

/* The parts' ids, and what the joined speech is made of; the speech itself is filled in with the steps. */
static bool describe(const struct narration *n, struct splice_part *parts, char (*ids)[DIGEST_HEX])
{
    for (size_t i = 0; i < n->n_parts; i++) {
        struct want w = want_of_part(n, i);
        struct film_asset name;
        struct str text = str_trim(n->parts[i].text);
        parts[i] = (struct splice_part){ .text = text,
                                         .at = (uint32_t)(text.p - n->section->narration.p),
                                         .pause = i + 1 < n->n_parts ? (int)n->parts[i].pause : 0 };
        if (!plan_name(n->p, &w, ids[i], &name))
            return err_wrap(n->p->e, "part %zu of %zu", i + 1, n->n_parts);
    }
    return true;
}

static bool plan_parts(const struct narration *n, struct splice_part *parts, struct node *joined)
{
    struct planner *p = n->p;
    struct splice *s = arena_alloc(&p->plan->arena, sizeof *s);
    s->parts = arena_array(&p->plan->arena, n->n_parts, sizeof(struct node *));
    for (size_t i = 0; i < n->n_parts; i++) {
        const struct want w = want_of_part(n, i);
        if (!plan_fetch(p, NODE_FETCH_SPEECH, &w, n->info, &s->parts[i]))
            return err_wrap(p->e, "part %zu of %zu", i + 1, n->n_parts);
        s->parts[i]->said = parts[i].text;
        parts[i].speech = &s->parts[i]->blob;
        if (s->parts[i]->state != NODE_DONE)
            node_add_user(s->parts[i], joined);
    }
    s->spec = (struct splice_spec){ .parts = parts, .n_parts = n->n_parts, .speed = n->section->voice.speed };
    joined->splice = s;
    return true;
}

/* The speech is there already, its parts need not be: but those that are count as used, so that room is made elsewhere
 * and a change of one part buys one part. */
static bool keep_parts(const struct narration *n, char (*ids)[DIGEST_HEX])
{
    struct store_entry found;
    for (size_t i = 0; i < n->n_parts; i++)
        if (!store_find(n->p->o->store, ids[i], true, &n->p->plan->arena, &found, n->p->e))
            return false;
    return true;
}

/* Joined, or all of its parts. */
static bool probe_splice(const struct narration *n, const char *id, char (*ids)[DIGEST_HEX])
{
    bool *is_there = n->p->is_there;
    if (!plan_probe(n->p, id))
        return false;
    if (*is_there)
        return true;
    *is_there = true;
    for (size_t i = 0; i < n->n_parts; i++)
        if (!plan_probe(n->p, ids[i]))
            return false;
    return true;
}

static bool plan_splice(const struct narration *n, struct node **out)
{
    struct planner *p = n->p;
    char(*ids)[DIGEST_HEX] = arena_array(&p->plan->arena, n->n_parts, sizeof *ids);
    struct splice_part *parts = arena_array(&p->plan->arena, n->n_parts, sizeof *parts);
    char id[DIGEST_HEX];
    bool is_new;
    if (!describe(n, parts, ids))
        return false;
    const struct splice_spec spec = { .parts = parts, .n_parts = n->n_parts, .speed = n->section->voice.speed };
    request_splice(&spec, (const char(*)[DIGEST_HEX])ids, p->o->renderer->version(p->o->renderer->ctx), id);
    if (p->is_there)
        return probe_splice(n, id, ids);
    struct node *joined = *out = plan_asset_node(p, NODE_SPLICE, ASSET_SPEECH, id, &is_new);
    if (!is_new)
        return true;
    if (!plan_look_up(p, joined))
        return false;
    return joined->state == NODE_DONE ? keep_parts(n, ids) : plan_parts(n, parts, joined);
}

bool plan_narration(struct planner *p, const struct plan_section *ps, const struct provider_info *info,
                    struct node **out)
{
    const struct section *s = ps->section;
    struct narration n = { .p = p, .of = ps, .section = s, .info = info };
    struct sentence_part whole = { .text = s->narration };
    const uint32_t *sent = pronounce_measure(s->narration, &s->voice, info->is_max_bytes, &p->plan->arena);
    n.parts = &whole;
    n.n_parts = 1;
    if (info->max_chars > 0 && sent[s->narration.n] > info->max_chars)
        n.n_parts = sentences_split(&p->plan->arena, s->narration, (size_t)info->max_chars, sent, &n.parts);
    if (n.n_parts > 1)
        return plan_splice(&n, out);
    struct want w = want_of_part(&n, 0);
    w.text = spoken(&n, s->narration);
    return plan_fetch(p, NODE_FETCH_SPEECH, &w, info, out);
}
