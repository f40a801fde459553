/* shelf.h - a store for tests to work on, and a system that fails or dies at the N-th call */
#pragma once
#include "gen/base/arena.h"
#include "gen/store/impl.h"

static const char payload[] = "\x89PNG a picture that was paid for";
static const char meta_text[] = "{\"type\":\"png\",\"words\":[[0,0.5,\"a\"]]}";
static const struct word two_words[] = { { 0, 24000, 0, 1 }, { 24000, 50000, 2, 7 } };
static const struct media_info png = { .type = "png", .width = 1536, .height = 1024 };

struct fault {
    int n, fail_at, code;                       /* the fail_at-th call fails with code; 0: none */
    int die_before, die_after;
    int n_syncs, fail_sync_at;
};

enum { STEP_NONE, STEP_INTENDED, STEP_REMOTE, STEP_RECEIVED, STEP_ANSWERED, STEP_DONE };

const char *shelf_id(const char *name);
void shelf_log(void *ctx, enum log_level level, const char *line);

struct store_io shelf_faulty(struct fault *f);
struct store *shelf_open(const char *dir, struct log *log);
enum store_state shelf_state(struct store *s, const char *id);
bool shelf_temp(struct store *s, const char *id, struct store_temp *t, const void *bytes, size_t n, struct err *e);

/* One order by itself: an order as a whole, or for a picture of "openai-image" without a look at the lock. */
bool shelf_keep(struct store *s, struct store_order *o, struct err *e);
bool shelf_arm(struct store *s, const char *id, double estimate, struct store_order *o, struct err *e);
bool shelf_intend(struct store *s, const char *id, double estimate, struct err *e); /* armed, and nothing held any more */
bool shelf_accepted(struct store *s, const char *id, struct str remote, struct err *e);
bool shelf_answered(struct store *s, const char *id, struct store_temp *t, struct str meta, double cost, struct err *e);
bool shelf_accept(struct store *s, const char *id, const struct media_info *info, const struct word *words,
                  size_t n_words, struct arena *a, struct blob *out, struct err *e);
bool shelf_reject(struct store *s, const char *id, const struct err *why, struct err *e);
bool shelf_closed(struct store *s, const char *id, const struct err *why, bool may_be_paid, struct err *e);

/* A whole purchase, from whatever state the store is in. told(ctx, step) hears what has been promised. */
bool shelf_buy(struct store *s, const char *id, void (*told)(void *ctx, int step), void *ctx, int *n_bought,
               struct err *e);
void shelf_told_nothing(void *ctx, int step);
void shelf_told_int(void *ctx, int step);
void shelf_told_pipe(void *ctx, int step);
void shelf_buy_ok(struct store *s, const char *id);
void shelf_put_ok(struct store *s, const char *id, enum asset_kind kind, const void *bytes, size_t n);
bool shelf_holds(const char *path, const void *bytes, size_t n);

/* Opens the cache afresh and checks that `id` is at least where it was promised, then that one more run completes it.
 */
void shelf_check_after(const char *row, const char *dir, const char *id, int promised);
void shelf_path(const char *dir, const char *id, const char *ending, char out[600]);
int shelf_count(const char *dir, const char *sub);
void shelf_damage(const char *path, const char *how);
