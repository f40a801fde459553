/* ledger.c - SQLite holds it; besides this file only lanes.c knows of that */
#include "gen/store/ledger.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/clock.h"
#include "gen/base/digest.h"
#include "gen/base/mem.h"
#include "gen/store/sidecar.h"

#define X(id, name) name,
static const char *const state_names[] = { CALL_STATES(X) };
#undef X

/* Which states a call may leave for which. An answer that comes after all is kept wherever the call stood. */
static const unsigned moves[CALL_N_STATES] = {
    [CALL_SENT] = BIT(CALL_REMOTE) | BIT(CALL_ANSWERED) | BIT(CALL_FAILED) | BIT(CALL_LOST),
    [CALL_REMOTE] = BIT(CALL_REMOTE) | BIT(CALL_ANSWERED) | BIT(CALL_FAILED) | BIT(CALL_LOST),
    [CALL_FAILED] = BIT(CALL_ANSWERED),
    [CALL_LOST] = BIT(CALL_ANSWERED),
    [CALL_ANSWERED] = BIT(CALL_ANSWERED) | BIT(CALL_DONE) | BIT(CALL_REJECTED) | BIT(CALL_DAMAGED) | BIT(CALL_REMOVED),
    [CALL_DONE] = BIT(CALL_DONE) | BIT(CALL_REJECTED) | BIT(CALL_DAMAGED) | BIT(CALL_REMOVED),
};

#define PAID "('answered', 'done', 'rejected', 'damaged', 'removed')"
#define SPENT "CASE WHEN state NOT IN " PAID " THEN 0 WHEN cost >= 0 THEN cost ELSE max(coalesce(estimate, 0), 0) END"
#define STATEMENTS(X)                                                                     \
    X(FIND, "SELECT call, state, kind, provider, remote, meta, sha256, bytes, at_ms, estimate, cost, of, roll" \
            " FROM calls WHERE id = ?1 ORDER BY call DESC LIMIT 1")                                           \
    X(HAS_LOST, "SELECT state = 'lost' FROM calls WHERE id = ?1 AND state <> 'failed' ORDER BY call DESC LIMIT 1")    \
    X(INSERT, "INSERT INTO calls(id, state, kind, provider, estimate, at_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6)") \
    X(MOVE, "UPDATE calls SET state = ?2, remote = coalesce(?3, remote), meta = coalesce(?4, meta),"          \
            " sha256 = coalesce(?5, sha256), bytes = coalesce(?6, bytes), cost = coalesce(?7, cost),"         \
            " why = coalesce(?8, why), at_ms = ?9 WHERE call = ?1")                                           \
    X(NOTE_ROLL, "UPDATE calls SET of = ?2, roll = ?3 WHERE call = (SELECT max(call) FROM calls WHERE id = ?1)")      \
    X(ROLL, "SELECT max(roll) FROM calls WHERE of = ?1 AND roll > 0"                                                  \
            " AND state IN ('remote', 'answered', 'done', 'damaged', 'removed')")                                     \
    X(TOTALS, "SELECT count(*) FILTER (WHERE state NOT IN ('failed', 'lost')),"                               \
              " count(DISTINCT id) FILTER (WHERE state = 'lost' AND NOT EXISTS (SELECT 1 FROM calls AS later"  \
              " WHERE later.id = calls.id AND later.call > calls.call AND later.state NOT IN ('failed', 'lost')))," \
              " total(" SPENT ") FROM calls")                                                                 \
    X(BY_PROVIDER, "SELECT provider, count(*), total(" SPENT ") AS spent FROM calls"                          \
                   " WHERE state IN " PAID " GROUP BY provider ORDER BY spent DESC, provider")                \
    X(SENT, "SELECT DISTINCT id FROM calls WHERE state = 'sent'")
#define X(id, sql) SQL_##id,
enum { STATEMENTS(X) N_SQL };
#undef X
#define X(id, sql) sql,
static const char *const sql_text[] = { STATEMENTS(X) };
#undef X

/* One step for each version, in order; user_version counts the steps taken. */
static const char *const migrations[] = {
    "PRAGMA application_id = 0x7667656e;" /* "vgen" */
    "CREATE TABLE calls("
    " call INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL,"          /* SHA-256 of the canonical request */
    " state TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " provider TEXT NOT NULL DEFAULT '',"
    " estimate REAL,"             /* money expected, NULL: unknown */
    " cost REAL,"                 /* money told by the provider, NULL: unknown */
    " remote TEXT,"               /* JSON that resumes the job */
    " meta TEXT,"                 /* JSON that came with the answer */
    " sha256 TEXT, bytes INTEGER,"/* of the payload */
    " why TEXT,"                  /* the reason of failed, rejected, damaged */
    " at_ms INTEGER NOT NULL)"    /* Unix time of the last change */
    " STRICT;"
    "CREATE INDEX calls_of_id ON calls(id, call);",
    "CREATE TABLE lanes("
    " account TEXT PRIMARY KEY,"
    " window INTEGER NOT NULL,"   /* requests in flight that were taken */
    " per_minute REAL NOT NULL,"  /* 0: no limit was met */
    " at_ms INTEGER NOT NULL)"    /* Unix time */
    " STRICT;",
    "ALTER TABLE calls ADD COLUMN of TEXT;"                         /* the first one's id, when it was asked for again */
    "ALTER TABLE calls ADD COLUMN roll INTEGER NOT NULL DEFAULT 0;" /* and how often */
    "CREATE INDEX calls_rolled ON calls(of, roll) WHERE roll > 0;",
};
enum { VERSION = COUNTOF(migrations), BUSY_MS = 20000 };

struct ledger {
    sqlite3 *db;
    const struct store_io *io;
    sqlite3_stmt *st[N_SQL];
    bool is_open_transaction;                   /* by ledger_begin */
};

static bool fail(struct ledger *l, const char *what, struct err *e)
{
    return err_set(e, ERR_STORE, "ledger: %s: %s", what, sqlite3_errmsg(l->db));
}

static bool run(struct ledger *l, const char *sql, struct err *e)
{
    return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(l, sql, e);
}

sqlite3 *ledger_database(struct ledger *l)
{
    return l->db;
}

int ledger_commit(struct ledger *l)
{
    return sqlite3_exec(l->db, "COMMIT", NULL, NULL, NULL);
}

static bool begin(struct ledger *l, struct err *e)
{
    return l->is_open_transaction || run(l, "BEGIN IMMEDIATE", e);
}

/* Ends what begin() began: for good when ok, else as if it had never been. */
static bool end(struct ledger *l, bool ok, struct err *e)
{
    if (l->is_open_transaction)
        return ok;
    if (ok) {
        int r = l->io->commit(l->io->ctx, l);
        if (r == SQLITE_OK)
            return true;
        err_set(e, ERR_STORE, "ledger: commit: %s", sqlite3_errstr(r));
    }
    if (!sqlite3_get_autocommit(l->db))
        sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static sqlite3_stmt *statement(struct ledger *l, int which, struct err *e)
{
    if (!l->st[which] &&
        sqlite3_prepare_v3(l->db, sql_text[which], -1, SQLITE_PREPARE_PERSISTENT, &l->st[which], NULL) != SQLITE_OK) {
        fail(l, "prepare", e);
        return NULL;
    }
    return l->st[which];
}

static bool row_one(sqlite3 *db, const char *sql, int64_t *number, char *text, size_t size)
{
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
    if (ok && number)
        *number = sqlite3_column_int64(st, 0);
    if (ok && text)
        snprintf(text, size, "%s", (const char *)sqlite3_column_text(st, 0));
    return sqlite3_finalize(st) == SQLITE_OK && ok;
}

static bool migrate(struct ledger *l, int64_t version, struct err *e)
{
    if (!run(l, "BEGIN IMMEDIATE", e))
        return false;
    bool ok = true;
    char set[64];
    for (int64_t v = version; ok && v < VERSION; v++)
        ok = run(l, migrations[v], e);
    snprintf(set, sizeof set, "PRAGMA user_version = %d", VERSION);
    return end(l, ok && run(l, set, e), e);
}

/* Codes that mean the file is no usable database, as opposed to a full disk or another process. */
static bool is_damage(sqlite3 *db)
{
    int r = sqlite3_errcode(db) & 0xff;
    return r == SQLITE_NOTADB || r == SQLITE_CORRUPT || r == SQLITE_FORMAT;
}

static bool prepare_file(struct ledger *l, bool *is_new, bool *is_damaged, struct err *e)
{
    char text[200] = "";
    int64_t version = 0;
    sqlite3_busy_timeout(l->db, BUSY_MS);
    sqlite3_extended_result_codes(l->db, 1);
    sqlite3_db_config(l->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(l->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (!run(l, "PRAGMA cell_size_check = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", e) ||
        !row_one(l->db, "PRAGMA user_version", &version, NULL, 0)) {
        *is_damaged = is_damage(l->db);
        return fail(l, "open", e);
    }
    if (!row_one(l->db, "PRAGMA journal_mode", NULL, text, sizeof text) || strcmp(text, "wal") != 0)
        return err_set(e, ERR_STORE,
                       "ledger: this filesystem cannot hold it (no write-ahead log): put the cache elsewhere");
    if (version < 0 || version > VERSION)
        return err_set(e, ERR_STORE, "ledger: written by a newer vidgen (version %lld, known %d)", (long long)version,
                       VERSION);
    if (!row_one(l->db, "PRAGMA quick_check(1)", NULL, text, sizeof text) || strcmp(text, "ok") != 0) {
        *is_damaged = true;
        return err_set(e, ERR_STORE, "ledger: %s", text[0] ? text : "damaged");
    }
    *is_new = version == 0;
    if (version < VERSION && !migrate(l, version, e)) {
        *is_damaged = is_damage(l->db) || (sqlite3_errcode(l->db) & 0xff) == SQLITE_ERROR; /* tables of someone else */
        return false;
    }
    if (!statement(l, SQL_FIND, e) || !statement(l, SQL_MOVE, e)) {
        *is_damaged = true; /* the version is ours, the tables are not */
        return false;
    }
    return true;
}

bool ledger_open(struct ledger **out, const char *path, const struct store_io *io, bool *is_new, bool *is_damaged,
                 struct err *e)
{
    struct ledger *l = mem_alloc(sizeof *l);
    *is_new = *is_damaged = false;
    l->io = io;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    if (sqlite3_open_v2(path, &l->db, flags, NULL) != SQLITE_OK) {
        if (!l->db)
            err_set(e, ERR_STORE, "ledger: SQLite does not start");
        else
            fail(l, path, e);
    } else if (prepare_file(l, is_new, is_damaged, e)) {
        *out = l;
        return true;
    }
    ledger_close(l);
    return false;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    for (int i = 0; i < N_SQL; i++)
        sqlite3_finalize(l->st[i]);
    sqlite3_close(l->db);
    free(l);
}

static struct str column(sqlite3_stmt *st, int i, struct arena *a)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return arena_str(a, (struct str){ p ? p : "", p ? (size_t)sqlite3_column_bytes(st, i) : 0 });
}

static int name_index(struct str name, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (str_is(name, names[i]))
            return i;
    return -1;
}

static bool read_call(sqlite3_stmt *st, struct arena *a, struct call *out, struct err *e)
{
#define X(id, name) name,
    static const char *const kinds[] = { ASSET_KINDS(X) };
#undef X
    int state = name_index(column(st, 1, a), state_names, CALL_N_STATES);
    int kind = name_index(column(st, 2, a), kinds, ASSET_N_KINDS);
    struct str sha = column(st, 6, a), of = column(st, 11, a);
    if (state < 0 || kind < 0 || (sha.n && !digest_is_hex(sha)) || (of.n && !digest_is_hex(of)))
        return err_set(e, ERR_STORE, "ledger: call %lld is damaged", (long long)sqlite3_column_int64(st, 0));
    *out = (struct call){
        .number = sqlite3_column_int64(st, 0), .state = (enum call_state)state, .kind = (enum asset_kind)kind,
        .provider = column(st, 3, a), .remote = column(st, 4, a), .meta = column(st, 5, a),
        .bytes = sqlite3_column_int64(st, 7), .at_ms = sqlite3_column_int64(st, 8),
        .estimate = sqlite3_column_type(st, 9) == SQLITE_NULL ? -1 : sqlite3_column_double(st, 9),
        .cost = sqlite3_column_type(st, 10) == SQLITE_NULL ? -1 : sqlite3_column_double(st, 10),
    };
    memcpy(out->sha256, sha.p, sha.n);
    memcpy(out->of, of.p, of.n);
    out->roll = sqlite3_column_int64(st, 12);
    return true;
}

bool ledger_find(struct ledger *l, const char *id, struct arena *a, struct call *out, struct err *e)
{
    sqlite3_stmt *st = statement(l, SQL_FIND, e);
    if (!st)
        return false;
    *out = (struct call){ .state = CALL_NONE, .estimate = -1, .cost = -1 };
    sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
    int r = sqlite3_step(st);
    bool ok = r == SQLITE_DONE || (r == SQLITE_ROW && read_call(st, a, out, e));
    if (r != SQLITE_DONE && r != SQLITE_ROW)
        fail(l, "look up a call", e);
    sqlite3_reset(st);
    return ok;
}

bool ledger_has_lost(struct ledger *l, const char *id, bool *has, struct err *e)
{
    sqlite3_stmt *st = statement(l, SQL_HAS_LOST, e);
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
    int r = sqlite3_step(st);
    *has = r == SQLITE_ROW && sqlite3_column_int(st, 0);
    if (r != SQLITE_DONE && r != SQLITE_ROW)
        fail(l, "look up a call", e);
    sqlite3_reset(st);
    return r == SQLITE_DONE || r == SQLITE_ROW;
}

static void bind_str(sqlite3_stmt *st, int i, struct str s)
{
    if (s.n)
        sqlite3_bind_text(st, i, s.p, (int)s.n, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, i);
}

static void bind_money(sqlite3_stmt *st, int i, double v)
{
    if (v >= 0)
        sqlite3_bind_double(st, i, v);
    else
        sqlite3_bind_null(st, i);
}

static bool step_done(struct ledger *l, sqlite3_stmt *st, const char *what, struct err *e)
{
    int r = sqlite3_step(st);
    if (r != SQLITE_DONE)
        fail(l, what, e);
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return r == SQLITE_DONE;
}

static bool insert_call(struct ledger *l, const char *id, enum call_state state, enum asset_kind kind,
                        struct str provider, double estimate, struct err *e)
{
    sqlite3_stmt *st = statement(l, SQL_INSERT, e);
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 2, state_names[state], -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 3, asset_kind_name(kind), -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 4, provider.p ? provider.p : "", (int)provider.n, SQLITE_STATIC);
    bind_money(st, 5, estimate);
    sqlite3_bind_int64(st, 6, clock_wall_ms());
    return step_done(l, st, "note a call", e);
}

static bool update_call(struct ledger *l, int64_t number, enum call_state to, const struct call *with,
                        const struct err *why, struct err *e)
{
    static const struct call nothing = { .cost = -1 };
    sqlite3_stmt *st = statement(l, SQL_MOVE, e);
    if (!st)
        return false;
    if (!with)
        with = &nothing;
    sqlite3_bind_int64(st, 1, number);
    sqlite3_bind_text(st, 2, state_names[to], -1, SQLITE_STATIC);
    bind_str(st, 3, with->remote);
    bind_str(st, 4, with->meta);
    bind_str(st, 5, str_from(with->sha256));
    if (with->sha256[0])
        sqlite3_bind_int64(st, 6, with->bytes);
    bind_money(st, 7, with->cost);
    bind_str(st, 8, why ? str_from(why->msg) : (struct str){ 0 });
    sqlite3_bind_int64(st, 9, with->at_ms ? with->at_ms : clock_wall_ms());
    return step_done(l, st, "change a call", e);
}

bool ledger_intend(struct ledger *l, const char *id, enum asset_kind kind, struct str provider, double estimate,
                   struct err *e)
{
    struct arena a = { 0 };
    struct call old;
    bool ok = begin(l, e);
    if (!ok)
        return false;
    ok = ledger_find(l, id, &a, &old, e);
    if (ok && (old.state == CALL_ANSWERED || old.state == CALL_DONE))
        ok = err_set(e, ERR_STORE, "ledger: %.12s was bought already (call %lld, %s)", id, (long long)old.number,
                     state_names[old.state]);
    if (ok && (old.state == CALL_SENT || old.state == CALL_REMOTE))
        ok = update_call(l, old.number, CALL_LOST, NULL, NULL, e);
    ok = ok && insert_call(l, id, CALL_SENT, kind, provider, estimate, e);
    arena_deinit(&a);
    return end(l, ok, e);
}

bool ledger_move(struct ledger *l, const char *id, enum call_state to, const struct call *with, const struct err *why,
                 struct err *e)
{
    struct arena a = { 0 };
    struct call old;
    if (!begin(l, e))
        return false;
    bool ok = ledger_find(l, id, &a, &old, e);
    if (ok && !(moves[old.state] & BIT(to)))
        ok =
            err_set(e, ERR_STORE, "ledger: %.12s cannot go from %s to %s", id, state_names[old.state], state_names[to]);
    ok = ok && update_call(l, old.number, to, with, why, e);
    arena_deinit(&a);
    return end(l, ok, e);
}

bool ledger_adopt(struct ledger *l, const struct sidecar *s, struct err *e)
{
    struct arena a = { 0 };
    struct call old;
    enum call_state to = s->is_done ? CALL_DONE : CALL_ANSWERED;
    struct call with = { .meta = s->meta, .bytes = s->bytes, .cost = s->cost, .at_ms = s->at_ms };
    memcpy(with.sha256, s->sha256, sizeof with.sha256);
    if (!begin(l, e))
        return false;
    bool ok = ledger_find(l, s->id, &a, &old, e);
    if (ok && old.state == CALL_NONE)
        ok = insert_call(l, s->id, to, s->kind, s->provider, -1, e) && ledger_find(l, s->id, &a, &old, e);
    ok = ok && update_call(l, old.number, to, &with, NULL, e) &&
         (s->roll == 0 || ledger_note_roll(l, s->id, s->of, s->roll, e));
    arena_deinit(&a);
    return end(l, ok, e);
}

bool ledger_note_roll(struct ledger *l, const char *id, const char *of, int64_t roll, struct err *e)
{
    sqlite3_stmt *st = statement(l, SQL_NOTE_ROLL, e);
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 2, of, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 3, roll);
    return step_done(l, st, "note a repetition", e);
}

bool ledger_roll(struct ledger *l, const char *of, int64_t *roll, struct err *e)
{
    sqlite3_stmt *st = statement(l, SQL_ROLL, e);
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, of, -1, SQLITE_STATIC);
    bool ok = sqlite3_step(st) == SQLITE_ROW || fail(l, "look for repetitions", e);
    *roll = ok ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return ok;
}

bool ledger_begin(struct ledger *l, struct err *e)
{
    return l->is_open_transaction = begin(l, e);
}

bool ledger_end(struct ledger *l, bool keep, struct err *e)
{
    l->is_open_transaction = false;
    return end(l, keep, e);
}

bool ledger_totals(struct ledger *l, int64_t *n_calls, int64_t *n_lost, double *spent, struct err *e)
{
    sqlite3_stmt *st = statement(l, SQL_TOTALS, e);
    if (!st)
        return false;
    bool ok = sqlite3_step(st) == SQLITE_ROW;
    if (ok) {
        *n_calls = sqlite3_column_int64(st, 0);
        *n_lost = sqlite3_column_int64(st, 1);
        *spent = sqlite3_column_double(st, 2);
    } else {
        fail(l, "add up the calls", e);
    }
    sqlite3_reset(st);
    return ok;
}

bool ledger_each_provider(struct ledger *l, void (*each)(void *ctx, struct str provider, int64_t n_calls, double spent),
                          void *ctx, struct err *e)
{
    sqlite3_stmt *st = statement(l, SQL_BY_PROVIDER, e);
    int r;
    if (!st)
        return false;
    while ((r = sqlite3_step(st)) == SQLITE_ROW)
        each(ctx, str_from((const char *)sqlite3_column_text(st, 0)), sqlite3_column_int64(st, 1),
             sqlite3_column_double(st, 2));
    if (r != SQLITE_DONE)
        fail(l, "add up the calls of each provider", e);
    sqlite3_reset(st);
    return r == SQLITE_DONE;
}

bool ledger_each_sent(struct ledger *l, void (*each)(void *ctx, const char *id), void *ctx, struct err *e)
{
    sqlite3_stmt *st = statement(l, SQL_SENT, e);
    if (!st)
        return false;
    int r;
    while ((r = sqlite3_step(st)) == SQLITE_ROW) {
        const char *id = (const char *)sqlite3_column_text(st, 0);
        if (id && digest_is_hex(str_from(id)))
            each(ctx, id);
    }
    if (r != SQLITE_DONE)
        fail(l, "list open calls", e);
    sqlite3_reset(st);
    return r == SQLITE_DONE;
}

bool ledger_check(struct ledger *l, bool *is_sound, struct err *e)
{
    char text[200] = "";
    if (!row_one(l->db, "PRAGMA integrity_check(1)", NULL, text, sizeof text) && !is_damage(l->db))
        return fail(l, "check", e);
    *is_sound = strcmp(text, "ok") == 0;
    return true;
}
