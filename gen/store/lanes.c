/* lanes.c - what was learned of providers' accounts, in a table of the ledger's file */
#include <math.h>
#include <sqlite3.h>
#include "gen/base/clock.h"
#include "gen/lane.h"
#include "gen/store/impl.h"

/* Accounts move to other tiers, and other people's requests come and go. */
static const int64_t stale_ms = INT64_C(3) * 24 * 3600 * 1000;

enum { WINDOW_MOST = 1000000 };

struct lane_memory store_lane(struct store *s, struct str account)
{
    static const char sql[] = "SELECT window, per_minute FROM lanes WHERE account = ?1 AND at_ms BETWEEN ?2 AND ?3";
    struct lane_memory m = { 0 };
    sqlite3_stmt *st = NULL;
    int64_t now = clock_wall_ms();
    store_enter(s);
    if (sqlite3_prepare_v2(ledger_database(s->ledger), sql, -1, &st, NULL) == SQLITE_OK) {
        sqlite3_bind_text(st, 1, account.p, (int)account.n, SQLITE_STATIC);
        sqlite3_bind_int64(st, 2, now - stale_ms);
        sqlite3_bind_int64(st, 3, now);
        if (sqlite3_step(st) == SQLITE_ROW)
            m = (struct lane_memory){ sqlite3_column_int64(st, 0), sqlite3_column_double(st, 1) };
    }
    sqlite3_finalize(st);
    store_leave(s);
    if (m.window < 0 || m.window > WINDOW_MOST || !(m.per_minute >= 0) || !isfinite(m.per_minute))
        return (struct lane_memory){ 0 };
    return m;
}

void store_keep_lane(struct store *s, struct str account, const struct lane_memory *m)
{
    static const char sql[] = "INSERT OR REPLACE INTO lanes(account, window, per_minute, at_ms) VALUES(?1, ?2, ?3, ?4)";
    sqlite3 *db = ledger_database(s->ledger);
    sqlite3_stmt *st = NULL;
    store_enter(s);
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK) {
        sqlite3_bind_text(st, 1, account.p, (int)account.n, SQLITE_STATIC);
        sqlite3_bind_int64(st, 2, m->window);
        sqlite3_bind_double(st, 3, m->per_minute);
        sqlite3_bind_int64(st, 4, clock_wall_ms());
        sqlite3_step(st);
    }
    if (sqlite3_finalize(st) != SQLITE_OK)
        log_info(s->log, "store: what was learned of a provider's limits is not kept: %s", sqlite3_errmsg(db));
    store_leave(s);
}
