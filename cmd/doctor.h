/* doctor.h - what is found out about this machine, and how it is said */
#pragma once
#include "cmd/app.h"

/* OK: as it should be; NOTE: works, but something will be missed; BAD: videos cannot be made like this */
#define FINDINGS(X) X(OK, "ok") X(NOTE, "note") X(BAD, "bad")
#define X(id, name) FINDING_##id,
enum finding { FINDINGS(X) FINDING_N };
#undef X

struct doctor {
    struct app *app;
    const char *part;                           /* what is looked at now: "fonts" */
    size_t n[FINDING_N];
};

/* remedy  what to do about it; NULL: nothing */
void doctor_say(struct doctor *d, enum finding found, const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

void doctor_tools(struct doctor *d);            /* libraries; whether drawing, speaking and encoding work */
void doctor_fonts(struct doctor *d);
void doctor_machine(struct doctor *d);          /* cores, memory, open files */
void doctor_disk(struct doctor *d);             /* the cache and where videos go */
void doctor_services(struct doctor *d);         /* keys; with --online whether servers answer */
