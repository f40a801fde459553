/* job_private.h - the inside of a job, shared by job.c (what happens), job_life.c (how it begins and ends), job_call.c
 * (what is sent), job_answer.c (what came) and job_result.c (its media) */
#pragma once
#include "api/classify.h"
#include "api/job.h"
#include "api/remote.h"
#include "api/request.h"
#include "api/result.h"

#define JOB_STATES(X) X(NEW) X(KEY) X(RUN) X(SUBMIT) X(ACCEPTED) X(POLL_WAIT) X(POLL) X(COLLECT) X(DOWNLOAD) X(DONE) X(FAILED)
#define X(s) ST_##s,
enum job_state { JOB_STATES(X) JOB_N_STATES };
#undef X

struct job_run {
    const struct job_env *env;
    const struct provider *p;
    uint64_t id;
    int fd;
    enum asset_kind kind;
    enum job_state state;
    struct arena arena;                         /* of the whole run */
    struct arena answers;                       /* of the latest answer */
    const struct json *vars;                    /* what later calls are made of; NULL: none will be */
    struct str model;
    struct want want;                           /* KEY: a copy, for when the key is there */
    struct str idempotency;
    unsigned key_number;                        /* which of its program's keys is used */
    struct exec *exec;                          /* RUN */
    struct remote remote;
    struct json *answer;                        /* JSON of the latest answer, or NULL */
    struct lift *lift;                          /* what the latest answer is made of; NULL: not JSON, or nothing came */
    struct blocks body;                         /* media as they come */
    struct http_call *call;
    bool has_arrived;                           /* and was told: the answer of `call` is to be read */
    bool is_resumed, is_finished_remotely;      /* the service says that the result is there */
    int64_t due_ms, deadline_ms;
    int n_bad_polls;
    struct job_event event;
    bool has_event;
    int64_t bytes_in, wait_ms, lane_limit, lane_in_flight;
    bool is_used_up;                            /* told by the latest answer */
    const struct price *price;                  /* that holds for this request; NULL: none */
    struct measure told;                        /* what the answers told of their cost */
    int status;
    struct str request_id;
};

/* the only way to change the state; the move must be a legal one */
void job_enter(struct job_run *r, enum job_state to);

/* The one way to fail: the message gets the provider's name before it and loses the key. */
void job_fail(struct job_run *r, const struct err *why, bool is_unsent, bool is_remote_over);

/* The service said that all is well, and what it sent is of no use: nobody knows that it was not paid for, and nobody is
 * asked again in this run. */
void job_fail_unsure(struct job_run *r, const struct err *why);
void job_accept(struct job_run *r);             /* the remote job is known: it waits until that is durable */
void job_go_on(struct job_run *r);              /* from ACCEPTED */
void job_tell(struct job_run *r, enum job_event_type type); /* r->event is filled but for what every event has */

/* job_result.c: finishes with the media that lie in the file. words: a JSON array or NULL; cost < 0: not told. */
void job_done(struct job_run *r, const char *type, int64_t n_bytes, const struct json *words, double cost);
/* The answer that was just received into the file is the media themselves. */
bool job_take_body(struct job_run *r, const struct http_answer *a, struct err *e);
/* The answer at hand is the one with the result: its media are taken out of it, or fetched from where it says. */
void job_take_result(struct job_run *r, const struct http_answer *a);
void job_no_result(struct job_run *r);

/* exec.c: the job is done by a program of the user's */
bool exec_begin(struct job_run *r, const struct want *w, struct str id, struct err *e);
int64_t exec_due_ms(const struct exec *x);
void exec_tick(struct job_run *r);
void exec_destroy(struct exec *x);

/* Each enters its state and sends; what cannot be sent fails the job (the submission tells its caller instead). */
bool job_submit(struct job_run *r, const struct want *w, struct str idempotency, struct err *e);
void job_poll(struct job_run *r);
void job_collect(struct job_run *r);
void job_download(struct job_run *r, struct str url);
/* Polls, collects and cancels: JSON both ways, with the headers that every call of this API has. */
struct http_call *job_call(struct job_run *r, const char *method, struct str url, void *tag, struct err *e);

bool job_takes_body(const struct job_run *r);   /* the answer to the submission is the media themselves */
void job_note_answer(struct job_run *r, struct http_answer *a); /* what it tells of waiting, limits and bytes */
/* What a 2xx answer to the call is: JSON, with the media inside it perhaps, or the media themselves. */
void job_expect_json(struct job_run *r, struct http_request *q);
void job_expect_media(struct job_run *r, struct http_request *q);
void job_end_body(struct job_run *r, struct http_answer *a); /* all has come and goes to the file; else it failed */
/* the beginning of an answer, for messages; room is memory for it */
struct str job_answer_head(const struct job_run *r, const struct http_answer *a, struct buf *room);
struct result_in job_result_in(const struct job_run *r, const struct http_answer *a);
/* True when the answer is whole and fine; else e says what it is, and *is_rule whether the description named it. Either
 * way r->answer is its JSON, if it has any, and what it tells of waiting and limits is noted. */
bool job_is_fine(struct job_run *r, struct http_answer *a, enum classify_step step, struct err *e, bool *is_rule);
