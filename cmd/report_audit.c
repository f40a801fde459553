/* report_audit.c - what was found in finished films */
#include "cmd/report_audit.h"
#include <math.h>

struct str report_audit_word(struct run *r, size_t lesson, struct arena *a)
{
    struct arena own = { 0 };
    struct str word = { "", 0 };
    const struct json *audit = run_line(r, r->lessons[lesson].outcome_at, &own);
    double wanted = json_num_or(audit, "speech_asked", -1);
    if (wanted >= 0)
        word = wanted > 0 ? arena_printf(a, "heard %.0f of %.0f", json_num_or(audit, "speech_heard", 0), wanted) : STR("passed");
    arena_deinit(&own);
    return word;
}

static void add_ms(struct figures *to, const struct json *audit, const char *key, const char *label)
{
    const struct json *ms = json_get(audit, key);
    if (ms && ms->type == JSON_NUMBER)
        figure_add(to, label, arena_printf(to->a, "%+.1f ms", ms->number), STR(""));
}

void report_audit_facts(struct figures *to, const struct json *audit)
{
    double wanted = json_num_or(audit, "speech_asked", 0), pictures = json_num_or(audit, "pictures_looked_at", 0);
    if (wanted > 0)
        figure_add(to, "Narration heard",
                   arena_printf(to->a, "in %.0f of %.0f sections", json_num_or(audit, "speech_heard", 0), wanted), STR(""));
    add_ms(to, audit, "speech_late_ms", "Narration off its place");
    add_ms(to, audit, "sound_over_ms", "Sound past the picture");
    if (pictures > 0)
        figure_add(to, "Pictures looked at", arena_printf(to->a, "%.0f", pictures), STR(""));
}
