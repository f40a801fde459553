/* node.c - steps of the plan and their states */
#include "gen/node.h"
#include <assert.h>
#include "gen/base/mem.h"
#include "gen/fetch.h"
#include "gen/plan.h"

static const struct { const char *name; int rank; } kinds[] = {
#define X(id, name, rank) { name, rank },
    NODE_KINDS(X)
#undef X
};

static const unsigned moves[NODE_N_STATES] = {
    [NODE_WAITING] = BIT(NODE_READY) | BIT(NODE_DONE) | BIT(NODE_FAILED), /* DONE: a cache hit */
    [NODE_READY] = BIT(NODE_STORING) | BIT(NODE_IN_FLIGHT) | BIT(NODE_WORKING) | BIT(NODE_BACKOFF) | BIT(NODE_DONE) | BIT(NODE_FAILED),
    /* READY: armed, or to be checked */
    [NODE_STORING] = BIT(NODE_READY) | BIT(NODE_BACKOFF) | BIT(NODE_DONE) | BIT(NODE_FAILED),
    [NODE_IN_FLIGHT] = BIT(NODE_STORING) | BIT(NODE_BACKOFF) | BIT(NODE_FAILED),
    [NODE_BACKOFF] = BIT(NODE_READY) | BIT(NODE_FAILED),
    [NODE_WORKING] =
        BIT(NODE_STORING) | BIT(NODE_DONE) | BIT(NODE_FAILED) | BIT(NODE_WAITING), /* WAITING: a join whose pieces are drawn again */
    [NODE_DONE] = BIT(NODE_WAITING),                           /* one of these pieces */
};

size_t node_parts(const struct node *n)
{
    return n->splice ? n->splice->spec.n_parts : 0;
}

const char *node_step(const struct node *n)
{
    return n->piece && n->piece->b ? "transition" : kinds[n->kind].name;
}

const char *node_provider(const struct node *n)
{
    static const char *const own[NODE_N_KINDS] = {
        [NODE_IMPORT] = "file", [NODE_SPEAK] = "espeak", [NODE_DRAW] = "slide"
    };
    return n->fetch ? n->fetch->want.provider.p : own[n->kind] ? own[n->kind] : "";
}

bool node_is_fetch(const struct node *n)
{
    return n->kind == NODE_FETCH_IMAGE || n->kind == NODE_FETCH_SPEECH || n->kind == NODE_FETCH_VIDEO ||
           n->kind == NODE_FETCH_TEXT;
}

bool node_is_settled(const struct node *n)
{
    return n->state == NODE_DONE || n->state == NODE_FAILED;
}

/* Transitions come after all bodies: the short pieces fill the gaps that the long ones leave at a film's end. */
static int64_t rank_of(const struct node *n)
{
    return kinds[n->kind].rank + (n->piece && n->piece->b);
}

int64_t node_order(const struct node *n)
{
    return (int64_t)n->lesson << 36 | rank_of(n) << 32 | (int64_t)n->section;
}

void node_enter(struct node *n, enum node_state to)
{
    assert(moves[n->state] & BIT(to));
    n->state = to;
}

bool node_is_idle(const struct node *n)
{
    if (n->kind == NODE_RENDER || n->kind == NODE_JOIN || n->state == NODE_DONE)
        return false;
    for (size_t i = 0; i < n->n_users; i++)
        if (n->users[i]->kind != NODE_SPLICE || n->users[i]->n_users)
            return false;
    return true;
}

void node_drop_users(struct node *n, const struct film *film)
{
    size_t kept = 0;
    for (size_t i = 0; i < n->n_users; i++) {
        struct node *u = n->users[i];
        if (!u->piece || u->piece->film != film)
            n->users[kept++] = u;
        else
            u->n_waiting -= !node_is_settled(n);
    }
    n->n_users = kept;
}

void node_add_user(struct node *n, struct node *user)
{
    if (n->n_users == n->cap_users) {
        n->cap_users = n->cap_users ? n->cap_users * 2 : 4;
        n->users = mem_resize(n->users, n->cap_users, sizeof(struct node *));
    }
    n->users[n->n_users++] = user;
    user->n_waiting++;
}
