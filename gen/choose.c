/* choose.c - which provider makes an asset */
#include "gen/names.h"
#include "gen/plan_private.h"

/* kind ASSET_N_KINDS: of any kind */
static const struct provider_info *provider_named(const struct transport *t, enum asset_kind kind, struct str name)
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

const struct provider_info *choose_provider(struct planner *p, enum asset_kind kind, struct str cli, struct str lesson,
                                            struct str config, const char *builtin, bool *ok)
{
    const struct transport *t = p->o->transport;
    struct str name = !choose_is_unset(cli) ? cli : !choose_is_unset(lesson) ? lesson : config;
    *ok = true;
    if (str_is(name, builtin))
        return NULL;
    if (choose_is_unset(name)) {
        for (const struct provider_info *const *v = t->providers(t->ctx); *v; v++)
            if ((*v)->kind == kind && (*v)->has_key && (*v)->key_env.n && !(*v)->is_keyless)
                return *v;
        return NULL;
    }
    const struct provider_info *found = provider_named(t, kind, name);
    const struct provider_info *other = found ? NULL : provider_named(t, ASSET_N_KINDS, name);
    if (other)
        *ok = err_set(p->e, ERR_CONFIG,
                      "provider " STR_FMT " is for %s and cannot be used for %s; `vidgen list providers` shows "
                      "which can",
                      STR_ARG(name), other->makes, maker_of(kind));
    else if (!found)
        *ok = no_such_provider(t, kind, name, builtin, p->e);
    else if (!found->has_key && !p->o->without_keys)
        *ok = err_set(p->e, ERR_AUTH, "provider " STR_FMT " cannot be used yet: set " STR_FMT, STR_ARG(name),
                      STR_ARG(found->needs));
    return *ok ? found : NULL;
}
