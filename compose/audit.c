/* audit.c - a finished film is looked at and listened to before it gets its name */
#include "compose/audit.h"
#include <math.h>
#include <stdlib.h>
#include "compose/audit_look.h"
#include "compose/audit_picture.h"
#include "compose/audit_speech.h"
#include "compose/audit_tell.h"
#include "compose/containers.h"
#include "compose/mix.h"
#include "gen/media.h"

static const double loudness_slack_lu = 0.5;
static const double peak_slack_db = 0.01;       /* of measuring */
enum { CODER_FRAME = 1024 };                    /* samples: decoders give the last one whole */

static bool ends_together(const struct join_spec *s, const struct audit_answer *a, struct film_audit *audit,
                          struct err *e)
{
    int64_t want = film_samples(&s->video, s->n_frames);
    int64_t slack = film_samples(&s->video, 1) + container_row_of(s->out_path)->slack_samples + CODER_FRAME;
    int64_t over = a->n_samples - want;
    audit->sound_over_ms = (double)over * 1000 / SAMPLE_RATE;
    if (llabs(over) <= slack)
        return true;
    return err_set(e, ERR_RENDER, "its sound ends %lld ms %s its pictures, which end at %.2f s; %s",
                   (long long)llabs(over * 1000 / SAMPLE_RATE), over < 0 ? "before" : "after",
                   (double)want / SAMPLE_RATE, audit_remedy);
}

static bool is_as_loud(const struct join_spec *s, const struct audit_made *made, struct audit_found *f, struct err *e)
{
    double target = s->lesson->loudness.target, was = made->loudness.lufs;
    bool is_reached = isfinite(was) && fabs(was - target - made->lift_lu) <= loudness_slack_lu;
    double want = is_reached ? target : was, slack = loudness_slack_lu + (is_reached ? 0 : fabs(made->lift_lu));
    f->over_lu = f->loudness.lufs - want;
    if (!isfinite(want) || fabs(f->over_lu) <= slack || fabs(f->loudness.lufs - target) <= loudness_slack_lu)
        return true;
    return err_set(e, ERR_RENDER, "it is %.1f LUFS loud instead of %.1f; a larger encode.audio_kbps may help",
                   f->loudness.lufs, want);
}

static bool peaks_ok(const struct join_spec *s, struct audit_found *f, struct err *e)
{
    f->over_db = f->loudness.peak_dbtp - s->lesson->loudness.peak;
    return f->over_db <= peak_slack_db ||
           err_set(e, ERR_RENDER,
                   "its peaks reach %.2f dBTP instead of %.2f, because coding lifts them; a larger encode.audio_kbps or a "
                   "lower loudness.peak would hold them",
                   f->loudness.peak_dbtp, s->lesson->loudness.peak);
}

static bool fault(struct audit_found *f, enum audit_fault which)
{
    f->fault = which;
    return false;
}

static bool judge(const struct join_spec *s, const struct audit_made *made, const struct picture_source *pictures,
                  const struct audit_places *places, const struct audit_seen *seen, struct audit_found *f,
                  const atomic_bool *stop, struct err *e)
{
    f->loudness = (struct loudness){ seen->answer.lufs, seen->answer.peak_dbtp };
    f->audit.n_pictures = (size_t)seen->answer.n_decoded;
    if (!audit_pictures(s, pictures, places, seen, &f->audit, stop, e))
        return fault(f, AUDIT_PICTURE);
    if (!ends_together(s, &seen->answer, &f->audit, e) ||
        !audit_speech(s, seen->low, seen->answer.n_low, &f->audit, stop, e))
        return fault(f, AUDIT_SOUND);
    if (!is_as_loud(s, made, f, e))
        return fault(f, AUDIT_LOUDNESS);
    return peaks_ok(s, f, e) || fault(f, AUDIT_PEAK);
}

bool film_audit(const struct join_spec *s, int fd, const struct audit_made *made, const struct picture_source *pictures,
                struct audit_found *out, const atomic_bool *stop, struct err *e)
{
    struct audit_places places = audit_places_of(s);
    struct audit_seen seen = { 0 };
    *out = (struct audit_found){ .audit = { .speech = s->speech, .n_sections = s->speech ? s->n_sections : 0 } };
    bool ok = audit_see(s, fd, places.frame, places.n, &seen, e) &&
              judge(s, made, pictures, &places, &seen, out, stop, e);
    if (ok)
        out->audit.is_made = true;
    audit_seen_deinit(&seen);
    audit_places_deinit(&places);
    return ok || (e->code != ERR_CANCELLED && err_wrap(e, "the finished film"));
}
