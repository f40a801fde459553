/* planner.h - which camera move suits a section, by rules: what its words are like, what its picture is, what is beside
 * it
 *
 * For `effects: "plan"` without a chat model, and when a model's plan is of no use. The same sections get the same
 * plan; no camera move comes twice running. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "gen/base/arena.h"
#include "gen/base/json.h"

enum planner_picture { PLANNER_PHOTO, PLANNER_DRAWN, PLANNER_PLAIN }; /* a plain colour: nothing to move over */

struct planner_section {
    struct str id, narration;
    enum planner_picture picture;
    double seconds;   /* about as long as it is seen */
    bool is_planned;  /* else its effects stand already */
    const char *move; /* !is_planned: its camera move, as planner_move_of says; NULL: unknown */
};

struct planner_plan {
    const char *rule;           /* the name of the rule that fitted first */
    const char *move;           /* its camera move, "none" or NULL over a plain colour */
    const struct json *effects; /* a list of objects with type and options, as a lesson would say it */
};

/* Plans every section that is_planned; out has room for n. salt: the lesson's seed. */
void planner_plan(const struct planner_section *sections, size_t n, uint64_t salt, struct arena *a,
                  struct planner_plan *out);

/* The canonical name when this effect moves the camera or holds it still ("none"), else NULL. */
const char *planner_move_of(const char *effect);

/* The rules in the order in which they are tried, for the manual; ended by a NULL name. */
struct planner_features;
enum { PLANNER_MOVES = 7 };
struct planner_rule {
    const char *name, *when; /* what a person reads */
    bool (*fits)(const struct planner_features *f);
    const char *moves[2][PLANNER_MOVES]; /* over PHOTO, over DRAWN; the first is the most fitting; NULL-ended */
    const char *also;                    /* another effect, over photos; NULL: none */
    double strength;                     /* of the move; 1: usual */
};
extern const struct planner_rule planner_rules[];
