/* engine_leads.c - who has a node: the pictures and the speech of which sections */
#include "gen/base/mem.h"
#include "gen/engine_private.h"
#include "gen/plan.h"

static bool has_speech(const struct plan_section *ps, const struct node *n)
{
    bool has = ps->speech == n;
    for (size_t i = 0; ps->speech && i < node_parts(ps->speech); i++)
        has = has || ps->speech->splice->parts[i] == n;
    return has;
}

bool lead_holds(const struct lead *l, const struct node *n)
{
    return l->section->pictures[l->picture].image == n || has_speech(l->section, n);
}

static void add_lead(struct leads *l, const struct piece *p, size_t picture)
{
    if (l->n == l->cap)
        l->v = mem_resize(l->v, l->cap = l->cap ? 2 * l->cap : 16, sizeof *l->v);
    l->v[l->n++] = (struct lead){ p->film, p->a, picture };
}

/* The i-th user stands further up as well: one that waits for two pictures of it. */
static bool is_among(const struct node *n, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (n->users[k] == n->users[i])
            return true;
    return false;
}

/* Every section has one piece that shows its first shot alone; some pieces only wait for the voice. */
void leads_add(struct leads *l, const struct node *n, const struct node *user_of)
{
    for (size_t i = 0; i < user_of->n_users; i++) {
        const struct piece *p = user_of->users[i]->piece;
        if (user_of->users[i]->kind == NODE_SPLICE)
            leads_add(l, n, user_of->users[i]); /* which has pieces as users, nothing else */
        if (!p || p->b || p->shot > 0 || is_among(user_of, i))
            continue;
        if (has_speech(p->a, n))
            add_lead(l, p, 0);
        for (size_t k = 0; k < p->a->n_pictures; k++)
            if (p->a->pictures[k].image == n)
                add_lead(l, p, k);
    }
}
