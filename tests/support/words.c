/* words.c - a small vocabulary for tests of lessons */
#include "tests/support/words.h"

static const char *const eases[] = { "linear", "in-out", NULL };
static const struct param ken_burns_params[] = {
    PARAM_RECT(struct test_ken_burns, from, .def_text = "[0, 0, 1, 1]", .help = "where it begins"),
    PARAM_RECT(struct test_ken_burns, to, .def_text = "[0.1, 0.1, 0.8, 0.8]", .help = "where it ends"),
    PARAM_POINT(struct test_ken_burns, focus, .help = "what stays in the picture"),
    PARAM_CHOICE(struct test_ken_burns, ease, .def = 1, .choices = eases, .help = "how it starts and stops"),
    { 0 },
};
static const struct param vignette_params[] = {
    PARAM_DOUBLE(struct test_vignette, strength, .def = 0.4, .min = 0, .max = 1, .aliases = "amount",
                 .help = "darkening"),
    { 0 },
};
static const struct row effect_auto = { .name = "auto", .help = "chosen by the program" };
static const struct row effect_none = { .name = "none", .help = "the picture stands still" };
static const struct row effect_zoom_in = { .name = "zoom-in", .help = "closer" };
static const struct row effect_pan_left = { .name = "pan-left", .help = "to the left" };
static const struct row effect_ken_burns = { .name = "ken-burns",
                                             .help = "from one rectangle to another",
                                             .params = ken_burns_params,
                                             .opts_size = sizeof(struct test_ken_burns),
                                             .aliases = "kb" };
static const struct row effect_vignette = { .name = "vignette", .help = "darker corners", .params = vignette_params,
                                            .opts_size = sizeof(struct test_vignette) };
static const struct row effect_grain = { .name = "grain", .help = "film grain", .is_not_yet = true };
static const struct row *const effects[] = { &effect_auto,      &effect_none,     &effect_zoom_in, &effect_pan_left,
                                             &effect_ken_burns, &effect_vignette, &effect_grain,   NULL };

static const struct row transition_none = { .name = "none", .help = "a cut", .aliases = "cut" };
static const struct row transition_fade = { .name = "fade", .help = "one into the other", .aliases = "crossfade" };
static const struct row wipe_left = { .name = "wipe-left", .help = "to the left" };
static const struct row wipe_right = { .name = "wipe-right", .help = "to the right" };
static const struct row *const transitions[] = { &transition_none, &transition_fade, &wipe_left, &wipe_right, NULL };

static const struct row theme_dark = { .name = "dark", .help = "light on dark" };
static const struct row theme_paper = { .name = "paper", .help = "dark on light" };
static const struct row *const themes[] = { &theme_dark, &theme_paper, NULL };

static const char *const reveals[] = { "all", "narration", NULL };
static const struct param lower_third_params[] = {
    PARAM_STR(struct test_lower_third, text, .flags = PARAM_REQUIRED | PARAM_LINES, .help = "the words"),
    { 0 },
};
static const struct param bullets_params[] = {
    PARAM_ITEMS(struct test_bullets, items, .flags = PARAM_REQUIRED, .aliases = "points", .help = "the points"),
    PARAM_CHOICE(struct test_bullets, reveal, .choices = reveals, .help = "when they appear"),
    { 0 },
};
static const struct param watermark_params[] = {
    PARAM_STR(struct test_watermark, text, .help = "the words"),
    PARAM_STR(struct test_watermark, file, .flags = PARAM_FILE, .help = "a picture"),
    { 0 },
};
static const struct row overlay_lower_third = { .name = "lower-third", .help = "a name", .params = lower_third_params,
                                                .opts_size = sizeof(struct test_lower_third) };
static const struct row overlay_bullets = { .name = "bullets", .help = "points", .params = bullets_params,
                                            .opts_size = sizeof(struct test_bullets) };
static const struct row overlay_watermark = { .name = "watermark", .help = "a mark", .params = watermark_params,
                                              .opts_size = sizeof(struct test_watermark) };
static const struct row *const overlays[] = { &overlay_lower_third, &overlay_bullets, &overlay_watermark, NULL };

const struct vocabulary test_words = { effects, transitions, themes, overlays };
