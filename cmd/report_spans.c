/* report_spans.c - requests and work as arrays of numbers */
#include <stdlib.h>
#include "cmd/report_data.h"
#include "cmd/report_value.h"
#include "gen/base/mem.h"

static void add_names(struct buf *b, const char *key, const struct str *names, size_t n)
{
    buf_printf(b, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        buf_addz(b, i ? "," : "");
        json_print_string(b, names[i]);
    }
    buf_addc(b, ']');
}

/* The place of a reason among those told so far; -1: none was given. */
static int why_index(struct str **whys, size_t *n, struct str why)
{
    if (!why.n)
        return -1;
    for (size_t i = *n; i-- > 0 && *n - i < 64;)
        if (str_eq((*whys)[i], why))
            return (int)i;
    *whys = mem_resize(*whys, *n + 1, sizeof **whys);
    (*whys)[(*n)++] = why;
    return (int)*n - 1;
}

static void add_spans(struct buf *b, const struct run *r, bool is_request, struct str **whys, size_t *n_whys)
{
    const char *between = "";
    buf_printf(b, ",\"%s\":[", is_request ? "requests" : "renders");
    for (size_t i = 0; i < r->n_spans; i++) {
        const struct run_span *s = &r->spans[i];
        if (s->is_request != is_request)
            continue;
        buf_printf(b, "%s[%d,%lld,%lld,%d,%d,%d,%d,%d,%d,%.6g,%lld,%d]", between, s->slot, (long long)s->start_ms,
                   (long long)s->end_ms, s->lesson == UINT32_MAX ? -1 : (int)s->lesson, s->section, (int)s->step,
                   s->provider == UINT32_MAX ? -1 : (int)s->provider, (int)s->end, s->attempt, s->cost < 0 ? 0 : s->cost,
                   (long long)s->wait_ms, why_index(whys, n_whys, s->why));
        between = ",\n";
    }
    buf_addc(b, ']');
}

void report_spans(struct buf *out, const struct run *r)
{
    struct str *whys = NULL, *names = mem_array(r->n_lessons + r->n_providers + 1, sizeof *names);
    size_t n_whys = 0;
    buf_printf(out, "{\"total_ms\":%lld,\"requests_cap\":%.0f,\"render_cap\":%.0f,\"request_slots\":%d,\"render_slots\":%d,\"currency\":",
               (long long)r->last_ms, json_num_or(r->head, "requests_cap", 0), json_num_or(r->head, "render_cap", 0),
               r->n_slots[1], r->n_slots[0]);
    json_print_string(out, value_currency(r));
    for (size_t i = 0; i < r->n_lessons; i++)
        names[i] = r->lessons[i].name;
    add_names(out, "lessons", names, r->n_lessons);
    for (size_t i = 0; i < r->n_providers; i++)
        names[i] = r->providers[i].name;
    add_names(out, "providers", names, r->n_providers);
    add_names(out, "steps", r->steps, r->n_steps);
    buf_addz(out, ",\"fields\":[\"slot\",\"start_ms\",\"end_ms\",\"lesson\",\"section\",\"step\",\"provider\",\"outcome\",\"attempt\","
                  "\"cost\",\"wait_ms\",\"why\"],\"outcomes\":[");
    for (int i = 0; i < SPAN_N_ENDS; i++)
        buf_printf(out, "%s\"%s\"", i ? "," : "", span_end_name((enum span_end)i));
    buf_addc(out, ']');
    add_spans(out, r, true, &whys, &n_whys);
    add_spans(out, r, false, &whys, &n_whys);
    add_names(out, "whys", whys, n_whys);
    buf_addz(out, "}");
    free(whys);
    free(names);
}
