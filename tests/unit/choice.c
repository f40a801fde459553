/* choice.c - tests of gen/plan: which provider makes a section's picture */
#include "tests/support/test.h"
#include "tests/support/world.h"

#define NAMED(name) .id = { name, sizeof name - 1 }, .lane = { name, sizeof name - 1 }

static const char needed[] = "providers.waiting.params.resource in config.yaml";
static const struct provider_info
    local = { NAMED("local"), .kind = ASSET_IMAGE, .makes = "image", .has_key = true },
    keyless = { NAMED("keyless"), .kind = ASSET_IMAGE, .makes = "image", .has_key = true, .key_env = { "KEY", 3 }, .is_keyless = true },
    waiting = { NAMED("waiting"), .kind = ASSET_IMAGE, .makes = "image", .key_env = { "KEY", 3 },
                .needs = { needed, sizeof needed - 1 } },
    keyed = { NAMED("keyed"), .kind = ASSET_IMAGE, .makes = "image", .has_key = true, .key_env = { "KEY", 3 } },
    clips = { NAMED("clips"), .kind = ASSET_VIDEO, .makes = "video", .has_key = true, .key_env = { "KEY", 3 } },
    talker = { NAMED("talker"), .kind = ASSET_N_KINDS, .makes = "chat", .has_key = true, .key_env = { "KEY", 3 } },
    photos = { NAMED("photos"), .kind = ASSET_IMAGE, .is_found = true, .makes = "stock", .has_key = true, .key_env = { "KEY", 3 } };

static const struct {
    const char *name, *chosen;
    const struct provider_info *first, *second;
    const char *makes, *says;                   /* who draws: NULL nobody remote; the error */
} rows[] = {
    { "auto passes over one that needs no key", "auto", &local, NULL, NULL, NULL },
    { "auto passes over one whose key is not there", "auto", &keyless, NULL, NULL, NULL },
    { "auto passes over clips, chat and stock", "auto", &talker, &photos, NULL, NULL },
    { "auto takes the first whose key is there", "auto", &local, &keyed, "keyed", NULL },
    { "by name one without a key", "local", &keyed, &local, "local", NULL },
    { "by name one whose key is not there", "keyless", &keyed, &keyless, "keyless", NULL },
    { "one that is not ready says what it needs", "waiting", &waiting, &keyed, NULL,
      "provider waiting cannot be used yet: set providers.waiting.params.resource in config.yaml" },
    { "clips are no pictures", "clips", &clips, &keyed, NULL, "provider clips is for video and cannot be used for image" },
    { "chat makes no pictures", "talker", &talker, &keyed, NULL, "provider talker is for chat and cannot be used for image" },
    { "photographs are looked for where that is said", "photos", &keyed, &photos, "photos", NULL },
    { "nobody", "nobody", &keyed, NULL, NULL, "no image provider is called \"nobody\"" },
};

TEST(a_picture_is_made_by_who_is_named_and_else_by_the_first_whose_key_is_set)
{
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct world w;
        world_init(&w);
        w.infos[0] = rows[i].first;
        w.infos[1] = rows[i].second;
        w.config.use.image = str_from(rows[i].chosen);
        const struct lesson *l = world_lesson(&w, "a", 1);
        world_run(&w, &l, 1);
        const struct err *why = w.err.code ? &w.err : w.plan.n_films ? &w.plan.films[0].err : &w.err;
        check_true(rows[i].name, why->msg, rows[i].says ? strstr(why->msg, rows[i].says) != NULL : w.ok, __FILE__, __LINE__);
        CHECK_INT(rows[i].name, rows[i].makes ? 1 : 0, world_asked(&w, "a picture"));
        world_deinit(&w);
    }
}
