/* rig.h - a transport against a fake service: what a test of api/ needs before it can begin */
#pragma once
#include "api/transport.h"
#include "tests/support/fake_server.h"

struct rig {
    struct fake_server *server;
    struct config *config;
    struct transport *transport;
    struct buf log;                             /* everything that was logged */
    struct log *logger;
    int fd;                                     /* of the one job */
    uint64_t id;
    char *dir, providers[300];                  /* everything; descriptions */
};

extern const char rig_key[];                    /* in every variable that a provider reads */

/* script: of the fake service. more_config: YAML lines beneath "limits:" or whole blocks; may be NULL. */
void rig_open(struct rig *r, const char *script, const char *more_config);
void rig_close(struct rig *r);
void rig_provider(struct rig *r, const char *name, const char *yaml); /* a description for the next transport */

/* Starts one job; false with e set. */
bool rig_start(struct rig *r, const char *provider, const char *text, const char *remote, struct err *e);
/* The next event but ARRIVED within 20 s; the test fails when none comes. ACCEPTED is continued when `go_on`. */
struct job_event rig_next(struct rig *r, bool go_on);
/* The last event of a job that is started, accepted and continued; frees what it passes. */
struct job_event rig_run(struct rig *r, const char *provider, const char *text);
void rig_event_deinit(struct job_event *ev);
