/* retry.c - what to do after a request failed */
#include "gen/retry.h"

/* One row a class: does it pass by itself, does it concern the whole lane? */
static const struct { bool may_pass, stops_lane; } classes[ERR_N_CODES] = {
    [ERR_NET] = { true, false },
    [ERR_SERVER] = { true, false },
    [ERR_RATE] = { true, false },
    [ERR_LOST] = { true, false },
    [ERR_AUTH] = { false, true },
    [ERR_QUOTA] = { false, true },
};

static int64_t backoff_ms(int64_t last_ms, int64_t told_ms, struct rng *jitter)
{
    int64_t top = 3 * (last_ms > RETRY_BASE_MS ? last_ms : RETRY_BASE_MS);
    int64_t wait = RETRY_BASE_MS + (int64_t)rng_below(jitter, (uint64_t)(top - RETRY_BASE_MS) + 1);
    wait = wait < RETRY_CAP_MS ? wait : RETRY_CAP_MS;
    return told_ms > wait ? told_ms : wait;
}

static struct retry fail(const char *why)
{
    return (struct retry){ .action = RETRY_FAIL, .why = why };
}

struct retry retry_decide(const struct failure *f, int max_attempts, int64_t patience_ms, bool retry_lost,
                          struct rng *jitter)
{
    if (classes[f->code].stops_lane)
        return (struct retry){ .action = RETRY_STOP_LANE };
    if (!classes[f->code].may_pass)
        return fail(0);
    if (f->told_ms > RETRY_TOLD_MAX_MS)         /* a rate is the account's: nobody else need ask */
        return (struct retry){ .action = f->code == ERR_RATE ? RETRY_STOP_LANE : RETRY_FAIL,
                               .why = "the provider asks for a longer wait than this run will make; run it again later" };
    if (f->code == ERR_RATE) {
        if (f->refusals + 1 < 2 * max_attempts || f->refused_ms < patience_ms)
            return (struct retry){ .action = RETRY_PAUSE,
                                   .wait_ms = f->has_remote ? backoff_ms(f->last_ms, f->told_ms, jitter) : 0 };
        struct retry end = fail("still refused after all retries");
        end.action = f->lane_refused_ms >= patience_ms ? RETRY_STOP_LANE : RETRY_FAIL;
        return end;
    }
    if (f->code == ERR_LOST && f->attempts >= 1)
        return fail("lost twice");
    if (f->attempts + 1 >= max_attempts)
        return fail("no success after all retries");
    if (!f->is_unsent && !f->has_answer && !f->has_remote && !retry_lost)
        return fail("the request may have been paid, its answer is lost; the next run asks again, --retry-lost at once");
    return (struct retry){ .action = RETRY_AGAIN, .wait_ms = backoff_ms(f->last_ms, f->told_ms, jitter) };
}
