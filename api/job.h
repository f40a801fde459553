/* job.h - one remote job from its submission to the media in its file, as a machine of states
 *
 *     KEY -> SUBMIT -> ACCEPTED -> POLL_WAIT -> POLL -> COLLECT -> DOWNLOAD -> DONE
 *     RUN -> DONE
 *
 * KEY: the key comes from a program that has not answered yet. RUN: the provider itself is a program (exec.c).
 * Services that answer at once go from SUBMIT to DONE; FAILED can follow every state. ACCEPTED waits until the remote
 * job was made durable. A submission is sent once and never again: that decision is the engine's. Polls cost nothing,
 * so a few failed ones are borne. */
#pragma once
#include "api/provider.h"
#include "gen/base/clock.h"
#include "gen/base/log.h"
#include "gen/ports.h"

struct block_pool;
struct job_run;

struct job_env {
    struct http *http;
    struct programs *programs;
    struct keys *keys;
    void (*changed)(void *ctx, struct job_run *r); /* a job that waited on the loop wants to be called again */
    void *changed_ctx;
    const struct clock *clock;
    struct log *log;
    int64_t connect_ms, request_ms;             /* request_ms 0: by kind */
    int64_t answer_bytes, media_bytes;
    struct block_pool *blocks;
};

/* NULL with ERR_INPUT, ERR_CONFIG, ERR_AUTH: nothing was sent. env and p outlive it; the job's texts are copied. */
struct job_run *job_run_create(const struct job_env *env, const struct provider *p, const struct job *job,
                               struct err *e);
void job_run_destroy(struct job_run *r);        /* ends what is under way; tells the server nothing */

void job_run_key_is_there(struct job_run *r); /* or will never be: it wants to be called */
uint64_t job_run_id(const struct job_run *r);
/* A call whose tag is r ended; takes it. The last answer of a job is only told (ARRIVED) when there is much to read. */
void job_run_answer(struct job_run *r, struct http_call *c);
bool job_run_has_arrived(const struct job_run *r); /* an answer was told and waits to be read */
void job_run_read(struct job_run *r);           /* does it; quiet when none waits */
void job_run_continue(struct job_run *r);
/* asks the server to stop; true when a call without a tag was started for it */
bool job_run_cancel(struct job_run *r);
int64_t job_run_due_ms(const struct job_run *r); /* when job_run_tick wants to be called; INT64_MAX: not */
void job_run_tick(struct job_run *r);
bool job_run_has_event(const struct job_run *r);
bool job_run_event(struct job_run *r, struct job_event *out); /* the next event, moved out; false: none */
bool job_run_is_over(const struct job_run *r);
