/* load_judge.c - what a service's log says about the program that called it */
#include "tests/support/load_judge.h"
#include <math.h>
#include <stdlib.h>
#include "gen/base/mem.h"

static int by_request(const void *a, const void *b)
{
    const struct load_record *x = a, *y = b;
    return x->request < y->request ? -1 : x->request > y->request;
}

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x > y ? -1 : x < y;
}

/* The latencies of all distinct requests that were answered, the longest first. */
static double *job_lengths(const struct load_record *r, size_t n, size_t *n_jobs)
{
    struct load_record *copy = mem_array(n + 1, sizeof *copy);
    double *p = mem_array(n + 1, sizeof *p);
    uint64_t last = 0;
    *n_jobs = 0;
    for (size_t i = 0; i < n; i++)
        copy[i] = r[i];
    qsort(copy, n, sizeof *copy, by_request);
    for (size_t i = 0; i < n; i++)
        if (copy[i].status == 200 && (*n_jobs == 0 || copy[i].request != last)) {
            last = copy[i].request;
            p[(*n_jobs)++] = copy[i].latency_s;
        }
    qsort(p, *n_jobs, sizeof *p, falling);
    free(copy);
    return p;
}

static void bounds(const struct load_record *r, size_t n, size_t cap, struct load_verdict *v)
{
    double *p = job_lengths(r, n, &v->jobs), sum = 0;
    for (size_t i = 0; i < v->jobs; i++)
        sum += p[i];
    if (v->jobs && cap) {
        v->bound_s = fmax(p[0], sum / (double)cap);
        if (v->jobs > cap)
            v->bound_s = fmax(v->bound_s, p[cap - 1] + p[cap]);
        v->graham_s = sum / (double)cap + (1 - 1 / (double)cap) * p[0];
    }
    free(p);
}

struct edge {
    double at_s;
    int step;
};

static int by_time(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    return x->at_s < y->at_s ? -1 : x->at_s > y->at_s ? 1 : x->step - y->step;
}

static void occupation(const struct load_record *r, size_t n, int64_t cap, double last_s, struct load_verdict *v)
{
    struct edge *e = mem_array(2 * n + 1, sizeof *e);
    double area = 0, since_s = r[0].arrived_s;
    int64_t now = 0;
    for (size_t i = 0; i < n; i++) {
        e[2 * i] = (struct edge){ r[i].arrived_s, 1 };
        e[2 * i + 1] = (struct edge){ r[i].ended_s, -1 };
    }
    qsort(e, 2 * n, sizeof *e, by_time);
    for (size_t i = 0; i < 2 * n; i++) {
        if (since_s < last_s)
            area += (double)(now < cap || cap == 0 ? now : cap) * (fmin(e[i].at_s, last_s) - since_s);
        since_s = e[i].at_s;
        now += e[i].step;
        v->peak = now > v->peak ? now : v->peak;
    }
    v->busy = cap && last_s > r[0].arrived_s ? area / ((double)cap * (last_s - r[0].arrived_s)) : 1;
    free(e);
}

/* Seconds of slots that a limit on concurrency offered between two moments. */
static double slots_offered(const struct load_route_opts *l, double from_s, double to_s)
{
    double sum = 0;
    for (size_t i = 0; i < l->n_steps; i++) {
        double end_s = i + 1 < l->n_steps ? fmin(l->steps[i + 1].from_s, to_s) : to_s;
        double begin_s = fmax(l->steps[i].from_s, from_s);
        sum += end_s > begin_s ? (double)l->steps[i].n * (end_s - begin_s) : 0;
    }
    return sum;
}

/* How many a rate let through between two moments; a fixed window counts as a whole. */
static double rate_offered(const struct load_route_opts *l, double from_s, double last_s)
{
    if (l->is_fixed_window)
        return (double)l->rate * (floor(last_s / l->window_s) + 1 - floor(from_s / l->window_s));
    return (double)l->rate / l->window_s * (last_s - from_s) + (from_s > 0 ? 0 : (double)l->burst);
}

/* The tightest limit of a route decides: the larger share is the one that binds. */
static double share_used(const struct load_opts *o, const struct load_record *r, size_t n, double from_s, double last_s)
{
    double used = -1;
    for (int k = 0; k < LOAD_N_ROUTES; k++) {
        const struct load_route_opts *l = &o->routes[k];
        double slots = 0, offered = slots_offered(l, from_s, last_s);
        double counted_s = l->is_fixed_window ? floor(from_s / l->window_s) * l->window_s : from_s;
        size_t admitted = 0;
        for (size_t i = 0; i < n; i++)
            if ((int)r[i].route == k && r[i].status == 200) {
                double begin_s = fmax(r[i].arrived_s, from_s), end_s = fmin(r[i].ended_s, last_s);
                slots += end_s > begin_s ? end_s - begin_s : 0;
                admitted += r[i].arrived_s >= counted_s;
            }
        if (offered > 0)
            used = fmax(used, slots / offered);
        if (l->rate > 0 && last_s > from_s)
            used = fmax(used, (double)admitted / rate_offered(l, from_s, last_s));
    }
    return used;
}

void load_judge(const struct load_opts *o, const struct load_record *r, size_t n, int64_t cap, double skip_s,
                struct load_verdict *out)
{
    *out = (struct load_verdict){ .used = -1 };
    if (n == 0)
        return;
    double end_s = 0;
    for (size_t i = 0; i < n; i++) {
        end_s = fmax(end_s, r[i].ended_s);
        if (r[i].arrived_s < skip_s)
            continue;
        out->requests++;
        out->refused += r[i].status == 429;
        out->failed += r[i].status >= 500 || r[i].status == 0;
    }
    bounds(r, n, (size_t)cap, out);
    occupation(r, n, cap, r[n - 1].arrived_s, out);
    out->makespan_s = end_s - r[0].arrived_s;
    out->used = share_used(o, r, n, skip_s, r[n - 1].arrived_s);
}

void load_verdict_print(struct buf *b, const struct load_verdict *v)
{
    buf_printf(b,
               "{\"jobs\":%zu,\"requests\":%zu,\"refused\":%zu,\"failed\":%zu,\"peak\":%lld,\"bound_s\":%.4f,"
               "\"graham_s\":%.4f,\"makespan_s\":%.4f,\"busy\":%.4f,\"used\":%.4f}\n",
               v->jobs, v->requests, v->refused, v->failed, (long long)v->peak, v->bound_s, v->graham_s, v->makespan_s,
               v->busy, v->used);
}
