/* check.c - is what was bought or given whole and worth showing? */
#include "compose/check.h"
#include <math.h>
#include <string.h>
#include "compose/align.h"
#include "compose/clip.h"
#include "compose/decode.h"
#include "compose/moving.h"

static const double silence = 0.001;            /* -60 dBFS */

static bool check_clip(int fd, struct media_info *info, struct err *e)
{
    struct clip_info c;
    if (!clip_check(fd, &c, e))
        return false;
    *info = (struct media_info){ .width = c.width, .height = c.height, .n_samples = c.n_ticks, .n_frames = c.n_frames };
    memcpy(info->type, c.type, sizeof info->type);
    return !c.is_flat || err_set(e, ERR_MEDIA, "%s: %.2f s of one flat colour (#%02x%02x%02x), not a clip", c.type,
                                 (double)c.n_ticks / SAMPLE_RATE, c.colour[0], c.colour[1], c.colour[2]);
}

/* One that moves is looked through like a clip. */
static bool check_picture(int fd, struct media_info *info, struct err *e)
{
    struct picture p;
    if (moving_may_be(fd)) {
        if (!check_clip(fd, info, e))
            return false;
        if (info->n_frames > 1)
            return true;
    }
    if (!picture_decode(fd, &p, e))
        return false;
    *info = (struct media_info){ .width = p.width, .height = p.height };
    memcpy(info->type, p.type, sizeof info->type);
    bool flat = picture_is_flat(&p);
    uint8_t b = p.bgra[0], g = p.bgra[1], r = p.bgra[2];
    picture_deinit(&p);
    return !flat || err_set(e, ERR_MEDIA, "%s: %d x %d px of one flat colour (#%02x%02x%02x), not a picture",
                            info->type, info->width, info->height, r, g, b);
}

static bool check_speech(int fd, struct str text, struct str words_json, struct media_info *info, struct word **words,
                         size_t *n_words, struct err *e)
{
    struct sound s;
    if (!sound_decode(fd, &s, e))
        return false;
    *info = (struct media_info){ .n_samples = s.n_samples };
    memcpy(info->type, s.type, sizeof info->type);
    double peak = sound_peak(&s);
    bool ok = peak >= silence;
    if (!ok)
        err_set(e, ERR_MEDIA, "%s: %.2f s of silence (peak %.0f dBFS)", s.type, (double)s.n_samples / SAMPLE_RATE,
                peak > 0 ? 20 * log10(peak) : -200.0);
    else if (!align_given(&s, text, words_json, words, n_words))
        align_measured(&s, text, words, n_words);
    sound_deinit(&s);
    return ok;
}

bool media_check(enum asset_kind kind, int fd, struct str text, struct str words_json, struct media_info *info,
                 struct word **words, size_t *n_words, struct err *e)
{
    *words = NULL;
    *n_words = 0;
    if (kind == ASSET_IMAGE)
        return check_picture(fd, info, e);
    if (kind == ASSET_SPEECH)
        return check_speech(fd, text, words_json, info, words, n_words, e);
    if (kind == ASSET_VIDEO)
        return check_clip(fd, info, e);
    return err_set(e, ERR_NOT_YET, "%s files cannot be looked into yet", asset_kind_name(kind));
}
