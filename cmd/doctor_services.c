/* doctor_services.c - who makes pictures, speech and clips with these settings, and do their servers answer? */
#include <stdlib.h>
#include "api/reach.h"
#include "cmd/doctor.h"
#include "gen/base/mem.h"
#include "gen/config.h"
#include "gen/names.h"

enum { REACH_MS = 10000 };

static bool is_named(const struct config *c, struct str id)
{
    const struct str lists[] = { c->use.image, c->use.speech, c->use.video, c->use.chat };
    for (size_t i = 0; i < COUNTOF(lists); i++) {
        struct str rest = lists[i], name;
        while (names_next(&rest, &name))
            if (str_eq(name, id))
                return true;
    }
    return false;
}

/* Those whose key is there; one that config.yaml names and that cannot be used is a fault. */
static bool is_of_interest(const struct config *c, const struct provider *p)
{
    return is_named(c, p->info.id) || (p->info.has_key && p->key.n > 0);
}

static void say_key(struct doctor *d, const struct provider *p)
{
    struct buf remedy = { 0 };
    if (p->info.has_key) {
        doctor_say(d, FINDING_OK, NULL, STR_FMT " can be asked%s" STR_FMT, STR_ARG(p->info.id),
                   p->key.n ? ", key in " : "", STR_ARG(p->key.n ? p->info.key_env : STR("")));
        return;
    }
    buf_printf(&remedy, "it waits for " STR_FMT, STR_ARG(p->info.needs));
    doctor_say(d, FINDING_BAD, buf_str(&remedy).p, STR_FMT " is named in config.yaml and cannot be asked",
               STR_ARG(p->info.id));
    buf_deinit(&remedy);
}

static void say_reach(struct doctor *d, const struct reach *r)
{
    struct str id = r->provider->info.id;
    if (r->status)
        doctor_say(d, FINDING_OK, NULL, STR_FMT " answers at " STR_FMT " (HTTP %d, %lld ms)", STR_ARG(id),
                   STR_ARG(r->provider->base), r->status, (long long)r->ms);
    else
        doctor_say(d, is_named(d->app->config, id) ? FINDING_BAD : FINDING_NOTE, NULL, STR_FMT ": " STR_FMT ": %s",
                   STR_ARG(id), STR_ARG(r->provider->base), r->err.msg);
}

void doctor_services(struct doctor *d)
{
    const struct config *c = d->app->config;
    struct providers all = { 0 };
    struct err e = { 0 };
    char *dir = app_providers_dir(d->app);
    if (!providers_load(&all, c, dir, &e)) {
        doctor_say(d, FINDING_BAD, NULL, "%s", e.msg);
        goto out;
    }
    struct reach *asked = mem_array(all.n + 1, sizeof *asked);
    size_t n = 0, n_shown = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct provider *p = all.v[i];
        if (!is_of_interest(c, p))
            continue;
        say_key(d, p);
        n_shown++;
        if (p->info.has_key && p->origin.port)
            asked[n++].provider = p;
    }
    if (n_shown == 0)
        doctor_say(d, FINDING_OK, NULL,
                   "no key is set: vidgen draws and speaks by itself (\"vidgen list providers\" shows "
                   "who else can)");
    if (d->app->opt.online && n && !reach_all(asked, n, REACH_MS, &e))
        doctor_say(d, FINDING_BAD, NULL, "%s", e.msg);
    for (size_t i = 0; d->app->opt.online && i < n; i++)
        say_reach(d, &asked[i]);
    free(asked);
out:
    providers_deinit(&all);
    free(dir);
}
