/* wiring.h - what a run works with: services, drawing, the store and threads, put together for the engine */
#pragma once
#include "cmd/app.h"
#include "gen/base/digest.h"
#include "gen/config.h"
#include "gen/engine.h"

struct wiring {
    struct app *app;
    struct transport *transport;
    char descriptions[DIGEST_HEX];              /* cmd/basis.h, from before the transport read them */
    const struct renderer *renderer;
    struct store *store; /* NULL when only a look was wanted and there is none yet */
    struct workers *workers;
    struct pool pool;
    struct keeper_thread *keeper_thread;
    struct keeper keeper;
};

/* is_look: nothing will run; makes no cache and no threads. The caller closes it either way, which is the end of the
 * process when it was asked twice to stop. */
bool wiring_open(struct wiring *w, struct app *app, bool is_look, struct err *e);
void wiring_close(struct wiring *w);
/* Options of an engine that runs on it, by the settings and the command line; it stops on a signal. `w` stays where it
 * is meanwhile. */
struct engine_opts wiring_engine(struct wiring *w);

int wiring_threads(const struct config *c);     /* that draw and encode */
int64_t wiring_requests(const struct config *c); /* at once, at most */
int64_t wiring_files(const struct config *c, int n_threads); /* open at once, at most */
