/* choose.c - which providers may make an asset, in order */
#include "gen/base/mem.h"
#include "gen/names.h"
#include "gen/plan_private.h"

const struct provider_info *choose_named(const struct transport *t, enum asset_kind kind, struct str name)
{
    for (const struct provider_info *const *v = t->providers(t->ctx); *v; v++)
        if ((kind == ASSET_N_KINDS || (*v)->kind == kind) && str_eq((*v)->id, name))
            return *v;
    return NULL;
}

/* What its provider is called, which for texts is not the asset's own name. */
static const char *maker_of(enum asset_kind kind)
{
    return kind == ASSET_TEXT ? "chat" : asset_kind_name(kind);
}

bool choose_is_unset(struct str s)
{
    return s.n == 0 || str_is(s, "default") || str_is(s, "auto");
}

struct str choose_or_none(struct str s)
{
    return choose_is_unset(s) ? (struct str){ "", 0 } : s;
}

struct str choose_said_for(const struct chain *c, const struct provider_info *info, struct str said)
{
    return info == c->first ? choose_or_none(said) : (struct str){ "", 0 };
}

static bool no_such_provider(const struct transport *t, enum asset_kind kind, struct str name, const char *builtin,
                             struct err *e)
{
    struct nearest near = nearest_begin(name);
    char hint[100];
    nearest_offer(&near, str_from(builtin));
    for (const struct provider_info *const *v = t->providers(t->ctx); *v; v++)
        if ((*v)->kind == kind)
            nearest_offer(&near, (*v)->id);
    nearest_hint(&near, hint, sizeof hint);
    return err_set(e, ERR_CONFIG, "no %s provider is called \"" STR_FMT "\"%s", maker_of(kind), STR_ARG(name),
                   hint[0] ? hint : "; `vidgen list providers` shows them");
}

/* Whatever is wrong with a name that was written; NULL with *ok when it is the built-in one's. */
static const struct provider_info *look_up(struct planner *p, const struct choosing *c, struct str name, bool *ok)
{
    const struct transport *t = p->o->transport;
    const struct provider_info *found = choose_named(t, c->kind, name);
    *ok = found || str_is(name, c->builtin);
    if (*ok)
        return found;
    const struct provider_info *other = choose_named(t, ASSET_N_KINDS, name);
    if (!other)
        *ok = no_such_provider(t, c->kind, name, c->builtin, p->e);
    else
        *ok = err_set(p->e, ERR_CONFIG,
                      "provider " STR_FMT " is for %s and cannot be used for %s; `vidgen list providers` shows "
                      "which can",
                      STR_ARG(name), other->makes, maker_of(c->kind));
    return NULL;
}

static const struct provider_info *first_with_key(const struct transport *t, enum asset_kind kind)
{
    for (const struct provider_info *const *v = t->providers(t->ctx); *v; v++)
        if ((*v)->kind == kind && (*v)->has_key && (*v)->key_env.n && !(*v)->is_keyless && !(*v)->is_found)
            return *v;
    return NULL;
}

static bool add(struct planner *p, const struct choosing *c, struct chain *out, const struct provider_info *info)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->v[i] == info)
            return true;
    if (out->n && !out->v[out->n - 1])
        return err_set(p->e, ERR_CONFIG,
                       "%s never fails, so what stands after it, " STR_FMT ", would never be asked; put %s last",
                       c->builtin, STR_ARG(info->id), c->builtin);
    if (out->n == CHAIN_MOST)
        return err_set(p->e, ERR_CONFIG, "more than %d providers to try one after the other", CHAIN_MOST);
    out->v[out->n++] = info;
    return true;
}

/* The names of one level; "default" and "auto" among them stand for the next level, and at last for the first whose key
 * is set. */
static bool add_level(struct planner *p, const struct choosing *c, size_t level, struct chain *out)
{
    struct str rest = level < COUNTOF(c->said) ? c->said[level] : (struct str){ 0 }, name;
    bool ok = true;
    if (level >= COUNTOF(c->said))
        return add(p, c, out, first_with_key(p->o->transport, c->kind));
    if (choose_is_unset(rest))
        return add_level(p, c, level + 1, out);
    while (ok && names_next(&rest, &name)) {
        if (choose_is_unset(name)) {
            ok = add_level(p, c, level + 1, out);
            continue;
        }
        const struct provider_info *info = look_up(p, c, name, &ok);
        ok = ok && add(p, c, out, info);
    }
    return ok;
}

void choose_pass_over(struct planner *p, const struct provider_info *info, const char *why)
{
    struct plan *plan = p->plan;
    for (size_t i = 0; i < plan->n_passed_over; i++)
        if (plan->passed_over[i] == info)
            return;
    if (plan->n_passed_over < COUNTOF(plan->passed_over))
        plan->passed_over[plan->n_passed_over++] = info;
    log_warn(p->o->log, "%s; the next provider of the list is used", why);
}

/* Those without a key are left out while another is there. */
static bool drop_keyless(struct planner *p, struct chain *c)
{
    size_t n = 0;
    struct err why;
    for (size_t i = 0; i < c->n; i++)
        n += !c->v[i] || c->v[i]->has_key;
    for (size_t i = 0, kept = 0; i < c->n; i++) {
        const struct provider_info *info = c->v[i];
        if (!info || info->has_key) {
            c->v[kept++] = info;
            continue;
        }
        err_set(&why, ERR_AUTH, "provider " STR_FMT " cannot be used yet: set " STR_FMT, STR_ARG(info->id),
                STR_ARG(info->needs));
        if (n == 0) {
            *p->e = why;
            return false;
        }
        choose_pass_over(p, info, why.msg);
    }
    c->n = n;
    return true;
}

static bool has_any_key(const struct chain *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i] && c->v[i]->has_key)
            return true;
    return false;
}

bool choose_chain(struct planner *p, const struct choosing *c, struct chain *out)
{
    *out = (struct chain){ .v = arena_array(&p->plan->arena, CHAIN_MOST, sizeof *out->v) };
    if (!add_level(p, c, 0, out))
        return false;
    out->first = out->v[0];
    /* a plan to look at, and no key yet: the first of them is what it is about */
    return (p->o->without_keys && !has_any_key(out)) || drop_keyless(p, out);
}

const struct provider_info *choose_provider(struct planner *p, enum asset_kind kind, struct str cli, struct str lesson,
                                            struct str config, const char *builtin, bool *ok)
{
    const struct choosing c = { .kind = kind, .said = { cli, lesson, config }, .builtin = builtin };
    struct chain chain;
    *ok = choose_chain(p, &c, &chain);
    return *ok ? chain.v[0] : NULL;
}
