/* space.c - whether what a plan makes finds room */
#include "cmd/space.h"
#include <unistd.h>
#include "gen/base/disk.h"
#include "gen/film.h"

/* Of an asset: what services answer with as a rule. */
static const double asset_bytes[ASSET_N_KINDS] = { [ASSET_IMAGE] = 2e6, [ASSET_VIDEO] = 8e6, [ASSET_SPEECH] = 5e5 };

/* A film of stills with captions takes about so many bits a pixel and frame (make bench-compose), sound 24 kB/s; while
 * it is joined, all that is heard lies there as PCM in float. */
static const double bits_per_pixel = 0.02, sound_rate = 24e3, pcm_rate = 48e3 * 2 * 4;

static void add_film(const struct film *f, const struct config *c, struct space_need *n, double *longest)
{
    struct video_format v = film_format(f->lesson, c);
    double rate = bits_per_pixel / 8 * v.width * v.height * v.fps_num / v.fps_den, seconds = 0;
    for (size_t i = 0; i < f->n_sections; i++)
        seconds += film_guess_seconds(f->sections[i].section);
    n->cache += seconds * (rate + sound_rate);
    n->out += seconds * (rate + sound_rate);
    *longest = seconds > *longest ? seconds : *longest;
}

struct space_need space_needed(const struct plan *p, const struct config *c, bool has_films)
{
    struct space_need n = { 0, 0 };
    double longest = 0;
    for (size_t i = 0; i < p->n_nodes; i++) {
        const struct node *node = p->nodes[i];
        if (p->films[node->lesson].is_planned && !node_is_idle(node) && node->state != NODE_DONE &&
            node->kind != NODE_RENDER && node->kind != NODE_JOIN && (unsigned)node->asset < ASSET_N_KINDS)
            n.cache += asset_bytes[node->asset];
    }
    for (size_t i = 0; has_films && i < p->n_films; i++)
        if (p->films[i].is_planned && access(p->films[i].out_path.p, F_OK) != 0)
            add_film(&p->films[i], c, &n, &longest);
    n.out += longest * pcm_rate;
    return n;
}

static bool fits(const char *where, const char *what, const char *remedy, double need, double free, double reserve,
                 struct err *e)
{
    if (need <= 0 || need + reserve <= free)
        return true;
    return err_set(
        e, ERR_IO,
        "%s: about %.3g MB are needed for %s, and %.3g MB are free, of which limits.disk_reserve_bytes keeps %.3g MB; "
        "nothing was bought; make room (\"vidgen cache gc\") or %s",
        where, need / 1e6, what, free / 1e6, reserve / 1e6, remedy);
}

bool space_check(const struct plan *p, const struct config *c, const char *cache, const char *dir, struct err *e)
{
    struct space_need n = space_needed(p, c, dir != NULL);
    double reserve = (double)c->limits.disk_reserve_bytes;
    int64_t in_cache, in_dir = 0;
    dev_t of_cache, of_dir = 0;
    if (!disk_free(cache, &in_cache, &of_cache, e) || (dir && !disk_free(dir, &in_dir, &of_dir, e)))
        return false;
    if (dir && of_dir == of_cache)
        return fits(cache, "the cache and the videos", "choose another disk with cache.dir or -o", n.cache + n.out,
                    (double)in_cache, reserve, e);
    return fits(cache, "the cache", "choose another disk with cache.dir", n.cache, (double)in_cache, reserve, e) &&
           (!dir || fits(dir, "the videos", "choose another disk with -o", n.out, (double)in_dir, reserve, e));
}
