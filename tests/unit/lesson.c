/* lesson.c - tests of reading lessons: what is understood, what is told, where */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/lesson/files.h"
#include "gen/lesson/markup.h"
#include "gen/lesson/problems.h"
#include "gen/lesson/read.h"
#include "gen/names.h"
#include "tests/support/test.h"
#include "tests/support/words.h"

#define S "{\"narration\": \"Hello.\", \"image_prompt\": \"a gate\"}"

static struct lesson *read_with(const char *text, const struct read_opts *opts, struct problems *p)
{
    return lesson_read(STR("<test>"), str_from(text), opts, p);
}

static struct lesson *lesson_of(const char *text, struct problems *p)
{
    return read_with(text, &(struct read_opts){ .words = &test_words }, p);
}

/* The lines as people see them, without "<test>". */
static struct str lines(struct buf *b, const struct problems *p)
{
    struct problems each = *p;
    buf_clear(b);
    problems_print(b, STR(""), &each, false);
    return buf_str(b);
}

static void expect_clean(const char *name, const struct problems *p)
{
    struct buf b = { 0 };
    CHECK_STR(name, ": no problems\n", lines(&b, p));
    buf_deinit(&b);
}

TEST(the_smallest_lesson_has_a_default_for_everything)
{
    struct problems p;
    struct lesson *l = lesson_read(STR("<vlsi/03 inverter.json>"), STR("{\"title\": \"T\", \"sections\": [" S ", " S "]}"),
                                   &(struct read_opts){ .words = &test_words }, &p);
    expect_clean("smallest", &p);
    CHECK_STR("id", "03-inverter", l->id);
    CHECK_STR("title", "T", l->title);
    CHECK_STR("language", "en", l->language);
    CHECK_INT("width", 1920, l->video.width);
    CHECK_INT("height", 1080, l->video.height);
    CHECK_INT("fps", 30, l->video.fps_num);
    CHECK(l->output.chapters && l->output.srt && l->output.vtt && !l->music.enabled);
    CHECK_NEAR("loudness", -16, l->loudness.target, 0);
    CHECK_INT("sections", 2, l->n_sections);
    const struct section *s = &l->sections[1];
    CHECK_STR("id of a section", "section-02", s->id);
    CHECK_STR("narration", "Hello.", s->narration);
    CHECK_STR("prompt", "a gate", s->image_prompt);
    CHECK_NEAR("as long as the narration", -1, s->duration, 0);
    CHECK_NEAR("speed", 1, s->voice.speed, 0);
    CHECK_STR("provider", "default", s->voice.provider);
    CHECK(s->captions.enabled && !s->has_slide && !s->has_background);
    CHECK_STR("effect", "auto", str_from(s->effects[0].row->name));
    CHECK_STR("transition", "fade", str_from(s->transition.row->name));
    CHECK_NEAR("transition", 0.5, s->transition_s, 0);
    CHECK_STR("nothing leads into the film", "none", str_from(l->sections[0].transition.row->name));
    CHECK_NEAR("for no time", 0, l->sections[0].transition_s, 0);
    CHECK_INT("line of the section", 1, s->pos.line);
    lesson_destroy(l);
}

static const char first_example[] =
    "{ \"title\": \"The CMOS inverter\",\n"
    "  \"sections\": [\n"
    "    { \"narration\": \"Every chip begins with one small gate.\", \"image_prompt\": \"silicon wafer, macro photo\" },\n"
    "    { \"narration\": \"Two transistors share the work.\", \"image_prompt\": \"CMOS inverter cross-section, isometric\" } ] }\n";

static const char second_example[] =
    "{ \"version\": 1,\n"
    "  \"id\": \"vlsi-03\", \"title\": \"The CMOS inverter\", \"language\": \"en\", \"description\": \"\xe2\x80\xa6\", \"tags\": [\"vlsi\"],\n"
    "  \"style\": { \"prompt\": \"clean isometric technical illustration, dark background\", \"negative\": \"text, watermark\", \"seed\": 7 },\n"
    "  \"voice\": { \"provider\": \"default\", \"voice\": \"alloy\", \"model\": null, \"speed\": 1.0, \"volume\": 1.0,\n"
    "             \"pronounce\": { \"VLSI\": \"V L S I\", \"MOSFET\": \"moss fet\" } },\n"
    "  \"image\": { \"provider\": \"default\", \"model\": null, \"size\": \"auto\", \"fit\": \"cover\", \"on_refused\": \"fail\" },\n"
    "  \"video\": { \"aspect\": \"16:9\", \"resolution\": \"1080p\", \"fps\": 30, \"background\": \"#000000\" },\n"
    "  \"captions\": { \"enabled\": true, \"style\": \"highlight\", \"position\": \"bottom\", \"max_lines\": 2, \"font\": \"sans\",\n"
    "                \"size\": 0.05, \"color\": \"#FFFFFF\", \"active_color\": \"#FFD400\", \"box\": \"#000000A0\" },\n"
    "  \"music\": { \"file\": \"music/calm.mp3\", \"volume\": \"-18dB\", \"duck\": \"-12dB\", \"fade_in\": 1, \"fade_out\": 2, \"loop\": true },\n"
    "  \"loudness\": { \"target\": -16, \"peak\": -1 },\n"
    "  \"transition\": { \"type\": \"fade\", \"duration\": 0.5 }, \"effects\": [\"auto\"],\n"
    "  \"timing\": { \"lead\": 0.3, \"gap\": 0.4, \"tail\": 0.6 },\n"
    "  \"output\": { \"file\": null, \"thumbnail\": \"auto\", \"chapters\": true, \"subtitles\": [\"srt\", \"vtt\"], \"also\": [\"9:16\"] },\n"
    "  \"sections\": [\n"
    "    { \"id\": \"intro\", \"title\": \"Why inverters\", \"narration\": \"\xe2\x80\xa6the <mark name='vth'/>threshold voltage\xe2\x80\xa6\",\n"
    "      \"image_prompt\": \"\xe2\x80\xa6\", \"image\": null, \"audio\": null, \"duration\": \"auto\", \"voice\": { \"speed\": 0.95 },\n"
    "      \"effects\": [ { \"type\": \"ken-burns\", \"from\": [0,0,1,1], \"to\": [0.2,0.3,0.6,0.6], \"ease\": \"in-out\" }, \"vignette\" ],\n"
    "      \"overlays\": [ { \"type\": \"lower-third\", \"text\": \"V_th\", \"at\": \"mark:vth\", \"for\": 4 },\n"
    "                    { \"type\": \"bullets\", \"items\": [\"pull-up\", \"pull-down\"], \"reveal\": \"narration\" } ],\n"
    "      \"transition\": \"wipe-left\", \"notes\": \"ignored by the renderer\" } ] }\n";

TEST(a_lessons_own_effects_take_the_place_of_the_default)
{
    struct problems p;
    struct lesson *l = lesson_of("{\"title\": \"T\", \"effects\": [\"zoom-in\"], \"sections\": [" S "]}", &p);
    CHECK_INT("effects", 1, l->sections[0].n_effects);
    CHECK_STR("first", "zoom-in", str_from(l->sections[0].effects[0].row->name));
    lesson_destroy(l);
}

TEST(both_examples_of_the_format_are_understood)
{
    struct problems p;
    struct buf b = { 0 };
    struct lesson *l = lesson_of(first_example, &p);
    expect_clean("first", &p);
    lesson_destroy(l);
    l = lesson_of(second_example, &p);
    CHECK_STR("only what is not there yet is told",
              ":14:105: error: output.also: this version cannot do it yet [E_NOT_YET]\n"
              ":19:19: error: sections[0].overlays: this version cannot do it yet [E_NOT_YET]\n"
              ": 2 errors; nothing was fetched or spent\n", lines(&b, &p));
    CHECK_STR("id", "vlsi-03", l->id);
    CHECK_INT("seed", 7, l->style.seed);
    CHECK_NEAR("volume", 0.12589, l->music.volume, 1e-5);
    CHECK_STR("music", "music/calm.mp3", l->music.file);
    CHECK(l->music.enabled);
    const struct section *s = &l->sections[0];
    CHECK_STR("marks are taken out", "\xe2\x80\xa6the threshold voltage\xe2\x80\xa6", s->narration);
    CHECK_STR("mark", "vth", s->marks[0].name);
    CHECK_INT("at", 7, s->marks[0].at);
    CHECK_NEAR("nearest value wins", 0.95, s->voice.speed, 0);
    CHECK_STR("and the rest is the lesson's", "alloy", s->voice.voice);
    CHECK_INT("pronounce", 2, s->voice.n_pronounce);
    CHECK_INT("effects", 2, s->n_effects);
    const struct test_ken_burns *kb = s->effects[0].opts;
    CHECK_NEAR("to", 0.3, kb->to.y, 0);
    CHECK_NEAR("strength", 0.4, ((const struct test_vignette *)s->effects[1].opts)->strength, 0);
    CHECK_STR("transition", "wipe-left", str_from(s->transition.row->name));
    CHECK_NEAR("its time is the lesson's", 0.5, s->transition_s, 0);
    lesson_destroy(l);
    buf_deinit(&b);
}

TEST(ten_mistakes_are_told_in_one_pass_each_with_its_place)
{
    struct problems p;
    struct buf b = { 0 };
    struct lesson *l = lesson_of("{ \"titel\": \"T\",\n"
                            "  \"voice\": { \"speed\": 9 },\n"
                            "  \"captions\": { \"max_lines\": 2.5, \"color\": \"blurple\" },\n"
                            "  \"sections\": [\n"
                            "    { \"id\": \"a\", \"narations\": \"x\", \"image_prompt\": \"y\" },\n"
                            "    { \"id\": \"a\", \"narration\": 7, \"image\": \"../up.png\" },\n"
                            "    { \"narration\": \"x\", \"image_prompt\": \"{{what}}\", \"transition\": { \"type\": \"wipeLft\" } },\n"
                            "    { \"narration\": \"x\", \"image_prompt\": \"y\", \"effects\": [\"grain\"], \"duration\": -3 },\n"
                            "    { \"narration\": \"x\", \"color\": 1 } ] }\n", &p);
    CHECK_STR("all", ":1:3: error: unknown key \"titel\" - did you mean \"title\"? [E_UNKNOWN_KEY]\n"
              ":2:23: error: voice.speed 9: out of range, 0.25 to 4 [E_RANGE]\n"
              ":3:30: error: captions.max_lines 2.5: not a whole number [E_TYPE]\n"
              ":3:44: error: captions.color \"blurple\": not a colour; #RGB, #RRGGBB, #RRGGBBAA or a CSS name, nearest: purple [E_TYPE]\n"
              ":5:18: error: unknown key \"narations\" at sections[0].narations - did you mean \"narration\"? [E_UNKNOWN_KEY]\n"
              ":6:13: error: sections[1].id \"a\": section 1 has this id as well [E_DUPLICATE_ID]\n"
              ":6:31: error: sections[1].narration: expected a string, not a number [E_TYPE]\n"
              ":6:43: error: sections[1].image \"../up.png\": leaves the lesson's directory; --allow-outside permits it [E_PATH]\n"
              ":7:41: error: sections[2].image_prompt: {{what}} has no value; give it with --var what=\xe2\x80\xa6 or in \"variables\" [E_VARIABLE]\n"
              ":7:77: error: sections[2].transition.type \"wipeLft\": not a transition; nearest: wipe-left, wipe-right [E_ENUM]\n"
              ":8:58: error: sections[3].effects[0] \"grain\": an effect that this version cannot do yet [E_NOT_YET]\n"
              ":8:80: error: sections[3].duration -3: out of range, 0.1 to 3600 seconds [E_RANGE]\n"
              ":9:5: error: sections[4]: needs one of \"image_prompt\", \"image\", \"slide\", \"background\" [E_REQUIRED]\n"
              ":9:25: warning: unknown key \"color\", ignored, at sections[4].color - did you mean \"captions.color\"? [W_UNKNOWN_KEY]\n"
              ": 13 errors, 1 warning; nothing was fetched or spent\n", lines(&b, &p));
    lesson_destroy(l);
    buf_deinit(&b);
}
