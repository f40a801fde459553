/* plan_private.h - what the files of the planner share: plan.c (nodes, films), plan_assets.c (what a section needs),
 * choose.c (who makes it), plan_narration.c (speech in parts) */
#pragma once
#include "gen/plan.h"

struct planner { /* what the functions below pass round */
    struct plan *plan;
    const struct plan_opts *o;
    struct film *film;
    size_t section, picture;                    /* what is planned now, of the film and of the section */
    struct err *e;
    /* Only looking whether an asset is there: plan_fetch and plan_splice make no node, and clear it when it is not. */
    bool *is_there;
    const struct section *refreshed;            /* looking for its asset that is to be had anew; NULL: not now */
};

/* plan.c */
bool plan_film(struct planner *p);              /* p->film, of which the lesson is set */
struct node *plan_node_new(struct planner *p, enum node_kind kind, enum asset_kind asset);
/* The node that makes this asset: an equal one that is there already, or a new one. */
struct node *plan_asset_node(struct planner *p, enum node_kind kind, enum asset_kind asset, const char *id,
                             bool *is_new);
/* What the store knows of the asset decides where its node begins. */
bool plan_look_up(struct planner *p, struct node *n);
/* Clears *p->is_there unless the asset is bought, answered or on its way at the provider. */
bool plan_probe(struct planner *p, const char *id);

/* plan_effects.c: the effects of all sections, planned where the lesson asks for a plan; after their pictures */
bool plan_effects(struct planner *p);
bool plan_masks(struct planner *p, struct plan_section *ps); /* plan_assets.c: of the pictures' subjects */
/* plan_assets.c: the nodes of a section's pictures and of its speech, which stay NULL when it needs none. Speech is
 * asked of its chain from where that stands. */
bool plan_images(struct planner *p, struct plan_section *ps);
bool plan_speech(struct planner *p, struct plan_section *ps);
/* The same by one of the chain, for p->picture; info NULL: made here. False when that provider cannot be asked for it. */
bool plan_image_by(struct planner *p, const struct plan_section *ps, const struct provider_info *info,
                   struct node **out);
bool plan_speech_by(struct planner *p, const struct plan_section *ps, const struct provider_info *info,
                    struct node **out);

/* plan_assets.c: the watermark's picture, where it is one */
bool plan_mark(struct planner *p, struct plan_section *ps);

/* A node for what is bought. */
bool plan_fetch(struct planner *p, enum node_kind kind, const struct want *w, const struct provider_info *info,
                struct node **out);

/* plan_narration.c: speech that is bought, in parts when the narration is longer than the provider takes */
bool plan_narration(struct planner *p, const struct plan_section *ps, const struct provider_info *info,
                    struct node **out);

/* plan_clip.c: the clip of a section that has a prompt for one; the picture stays NULL when nobody makes clips. By one of
 * its chain: info NULL is the section's other picture. */
bool plan_clip(struct planner *p, struct plan_section *ps);
bool plan_clip_by(struct planner *p, const struct plan_section *ps, const struct provider_info *info,
                  struct node **out);

/* plan_assets.c, for plan_clip.c: the picture besides, by the chain that is chosen; a slide where there is none */
bool plan_choose_image(struct planner *p, struct plan_section *ps);
bool plan_still(struct planner *p, const struct plan_section *ps, struct node **out);
typedef bool plan_by(struct planner *p, const struct plan_section *ps, const struct provider_info *info,
                     struct node **out);
/* The first of the chain that can be asked for this at all. */
bool plan_first_able(struct planner *p, const struct plan_section *ps, struct chain *c, plan_by *by, struct node **out);
struct str plan_prompt(struct planner *p, struct str prompt); /* with the lesson's style; plan_assets.c */

struct str plan_picture_prompt(struct planner *p, const struct plan_section *ps); /* what is asked for; plan_assets.c */

/* plan_reword.c: the node of a chat model's answer to a prompt that was refused, and the new prompt in it */
bool plan_rewording(struct planner *p, const struct plan_section *ps, struct node **out);
bool plan_reworded(const struct node *n, struct arena *a, struct str *out, struct err *e);

/* choose.c */
/* kind ASSET_N_KINDS: of any kind; NULL: there is none of that name */
const struct provider_info *choose_named(const struct transport *t, enum asset_kind kind, struct str name);
bool choose_is_unset(struct str name); /* "", "default", "auto" */
struct str choose_or_none(struct str name); /* empty when unset */
struct choosing {
    enum asset_kind kind;
    /* Names as they were written, nearest first: command line, section and lesson, config.yaml. Nearest wins; "auto" is
     * the first one whose key is set: what needs none is only taken by name. */
    struct str said[3];
    const char *builtin;                        /* what makes it here: "slide", "espeak" */
};
/* At least one; those whose key is not set are passed over, with a word about it. */
bool choose_chain(struct planner *p, const struct choosing *c, struct chain *out);
/* What a lesson says of a voice or a model is said of the first provider it names: another one has no such voice. */
struct str choose_said_for(const struct chain *c, const struct provider_info *info, struct str said);
void choose_pass_over(struct planner *p, const struct provider_info *info, const char *why); /* says so once a run */
/* Who comes first, for what no other provider takes over: NULL with *ok when it is made here. */
const struct provider_info *choose_provider(struct planner *p, enum asset_kind kind, struct str cli, struct str lesson,
                                            struct str config, const char *builtin, bool *ok);
