/* engine_private.h - what the files of the engine share: engine.c (loop, graph), engine_stop.c (how it ends early),
 * engine_lanes.c (the lanes), engine_queue.c (what is to be sent), engine_fetch.c (answers), engine_keep.c (the keeper),
 * engine_switch.c, engine_switched.c (other providers), engine_work.c (workers) */
#pragma once
#include "gen/base/heap.h"
#include "gen/base/workers.h"
#include "gen/budget.h"
#include "gen/engine.h"
#include "gen/fetch.h"
#include "gen/lane.h"

struct work;

struct queue {                                  /* of a lane, beside what is ready in it */
    struct lane lane;                           /* first: who has the lane has its queue */
    struct heap armed;                          /* nodes whose intent is durable: they may be sent */
    size_t n_arming, n_started;
    double overtaken;                           /* how many started while an intent was made durable, lately */
    int64_t n_answers[ASSET_N_KINDS], answer_ms[ASSET_N_KINDS]; /* how long answers took, all together */
};

struct engine {
    struct plan *plan;
    const struct engine_opts *o;
    struct arena arena;                         /* what nodes become in this run */
    struct queue **queues;                      /* one for each lane */
    struct status_lane *status_lanes;           /* lanes_cap of them */
    size_t n_lanes, lanes_cap;
    size_t n_unsent;                            /* requests that will be sent if all goes well */
    bool is_tail;                               /* few are left: what takes longest goes first */
    size_t n_orders;                            /* that the keeper has */
    int64_t requests_cap, in_flight;
    int64_t n_arrived;                          /* answers that came, left their slots and are being read */
    struct heap backoff;                        /* fetch nodes by the time they may try again */
    struct budget money;
    struct dearest *dearest;                    /* answers that cost more than was thought; gen/engine_money.c */
    size_t n_dearest;
    struct heap short_of_money;                 /* fetch nodes that wait for a reservation to come back */
    bool has_money_moved;                       /* one did, or became a payment, since these were looked at */
    struct heap local;                          /* nodes a worker can do now */
    int n_working;
    struct work *works;                         /* all that are out with workers */
    size_t n_unsettled;
    size_t next_lesson, n_open_lessons, cap_lessons, cap_sections;
    struct open_lesson *lessons;
    struct status_lesson *status_lessons;
    struct status_totals totals;
    struct engine_result *result;
    size_t n_settled, n_settled_seen;           /* ever, and when sections were opened last; or whose answer came */
    size_t n_films_seen;                        /* n_settled when films were looked at last */
    int64_t began_ms, stopping_since_ms, ticked_ms;
    bool is_stopping, is_hurried;
    struct rng jitter;
    struct status_switch *switches;
    size_t n_switches;
    struct err fatal;                           /* the store broke: stop buying, then explain */
};

struct open_lesson {
    size_t next_section, n_open_sections;
    bool *is_section_open;
    size_t n_unsettled;                         /* nodes of this lesson */
    bool has_left;                              /* others may be opened in its place */
    bool is_closed;
};

/* engine.c */
void engine_ready(struct engine *g, struct node *n);    /* inputs are done: into its queue */
/* DONE when why is NULL, else FAILED; tells users */
void engine_settle(struct engine *g, struct node *n, const struct err *why);
void engine_event(struct engine *g, struct status_event *ev);
void engine_tick(struct engine *g);                     /* totals, at most every 50 ms */
void engine_tell(struct engine *g, const struct node *n, const char *state, const struct err *why, int64_t wait_ms);
void engine_tell_switch(struct engine *g, const struct node *n, const char *from, const char *to,
                        const struct err *why);
void engine_count(struct engine *g, const struct node *n, int by); /* among what its lesson has to settle */
/* How long the section is now. */
void engine_expect(struct engine *g, struct film *f, struct plan_section *ps);
void engine_break(struct engine *g, const struct err *why); /* the store is unusable */
void engine_note_worst(struct engine *g, enum err_code code);
int64_t engine_now(const struct engine *g);

/* engine_stage.c: of a status_totals; ctx is the engine */
enum section_stage engine_stage(const void *ctx, size_t lesson, size_t section);

/* engine_stop.c */
void engine_notice_stop(struct engine *g);
bool engine_may_end(const struct engine *g);

/* engine_open.c */
void engine_open_lessons(struct engine *g);
void engine_open_sections(struct engine *g);            /* of open lessons, where others are settled */
void engine_has_come(struct engine *g, struct node *n); /* its answer */
void engine_lesson_leaves(struct engine *g, size_t i);  /* makes room for another; quiet when it has */

/* engine_lanes.c */
void engine_choose_lane(struct engine *g, struct fetch *f); /* its provider's, made when it is the first */
/* Nothing more is sent to any lane of its account, as far as there are some. */
bool engine_is_stopped(const struct engine *g, const struct provider_info *p);
/* A key that is refused is so for all models of the account; money or patience may be at an end for one only. */
void engine_stop_provider(struct engine *g, struct lane *of, const struct err *why);
void engine_tell_lanes(struct engine *g);               /* into the totals */
void engine_end_lanes(struct engine *g);                /* keeps what was learned for the next run */

/* engine_queue.c */
void engine_enqueue(struct engine *g, struct node *n);  /* READY: among what its lane has to send */
void engine_leave_queue(struct engine *g, struct node *n); /* it was sent, or need not be */
bool engine_unqueue(struct engine *g, struct node *n);  /* whatever it waits in before it is sent */
void engine_back_off(struct engine *g, struct node *n, int64_t wait_ms);
void engine_start_fetches(struct engine *g);
int64_t engine_next_fetch_ms(const struct engine *g);   /* when something could start by itself; INT64_MAX: never */
void engine_wake_backoff(struct engine *g);
void engine_armed(struct engine *g, struct node *n, struct store_order *o);
void engine_note_latency(const struct node *n);
void engine_stop_lane(struct engine *g, struct lane *l, const struct err *why); /* nothing more is sent to it */
void engine_drop_queued(struct engine *g);              /* stopping: what is not in flight fails as cancelled */

/* engine_fetch.c */
void engine_job_event(struct engine *g, struct job_event *ev);
void engine_checked(struct engine *g, struct node *n, const struct media_info *info, struct word *words, size_t n_words,
                    const struct err *why);
void engine_found(struct engine *g, struct node *n, const struct store_entry *found); /* it is in the store, checked */
void engine_answer_is_there(struct engine *g, struct node *n); /* durable: to be checked, unless this run leaves that */
/* may_close: the intent in the ledger, too. It stays open when the answer may have been paid and lost: the next run says
 * so. */
void engine_give_up(struct engine *g, struct node *n, const struct err *why, bool may_close);
void engine_stored(struct engine *g, struct node *n, struct store_order *o);
void engine_accepted(struct engine *g, struct node *n, struct store_order *o);
void engine_usable(struct engine *g, struct node *n, struct store_order *o);
void engine_refused(struct engine *g, struct node *n, struct store_order *o);

/* engine_keep.c */
struct store_order *engine_order(struct node *n, enum store_order_kind kind); /* empty but for its id */
void engine_submit(struct engine *g, struct store_order *o); /* the keeper's until its outcome comes */
void engine_order_accept(struct engine *g, struct node *n, const struct media_info *info, const struct word *words,
                         size_t n_words);
/* Its temp file goes, its lock is given back, and its call is closed with `why` unless that is NULL. */
void engine_let_go(struct engine *g, struct node *n, const struct err *why);
void engine_collect_orders(struct engine *g);

/* engine_money.c */
bool engine_money_begin(struct engine *g, struct err *e); /* false: the plan does not fit the limit */
/* Sets the money for a request aside. False: not now (the node waits for a reservation to come back), or never (e is
 * set, is_over). */
bool engine_money_reserve(struct engine *g, struct node *n, bool *is_over, struct err *e);
/* Right before it is sent: is the limit kept still? False: what was set aside for it went back, as others turned out
 * dearer; it waits or was given up. */
bool engine_money_holds(struct engine *g, struct node *n);
void engine_money_paid(struct engine *g, struct node *n, bool is_told, double cost);
void engine_money_back(struct engine *g, struct node *n); /* nothing was paid */
void engine_money_lost(struct engine *g, struct node *n); /* nobody knows: it stays counted */
struct node *engine_money_next(struct engine *g); /* one that waited and may be looked at again, or NULL */
void engine_money_end(struct engine *g);        /* says what was left out, and what it would cost */
/* engine_switch.c */
/* The provider of n failed, and nothing can have been paid for: the sections that have it go on to their next one.
 * Nobody may need n then; it is settled as a failure all the same. */
void engine_switch(struct engine *g, struct node *n, const struct err *why);
/* A chat model has put the prompt of a refused picture into other words: that is asked for. False: sections are left
 * that nobody makes a picture for. */
bool engine_reworded(struct engine *g, struct node *n, struct err *refused);
/* engine_leads.c: a picture that is a node, or a section whose speech is one or has it as a part */
struct lead {
    struct film *film;
    struct plan_section *section;
    size_t picture;
};
struct leads {
    struct lead *v;
    size_t n, cap;
};
/* Those of user_of's users that have n: the same node, or a splice that n is a part of. The caller frees l->v. */
void leads_add(struct leads *l, const struct node *n, const struct node *user_of);
bool lead_holds(const struct lead *l, const struct node *n); /* still: it may have moved */
/* engine_switched.c: one asset went elsewhere */
void engine_note_switch(struct engine *g, const struct node *n, enum asset_kind kind, const char *from, const char *to,
                        const struct err *why);
void engine_warn_switches(struct engine *g);            /* of what is new since the last time */

/* engine_work.c */
void engine_check(struct engine *g, struct node *n);    /* an answer that is on disk */
void engine_start_work(struct engine *g);
void engine_collect_work(struct engine *g);
int64_t engine_frames_done(const struct engine *g, size_t lesson);
