/* lesson.c - tests of reading lessons: what is understood, what is told, where */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gen/base/text.h"
#include "gen/lesson/files.h"
#include "gen/lesson/markup.h"
#include "gen/lesson/problems.h"
#include "gen/lesson/read.h"
#include "tests/support/lessons.h"
#include "tests/support/test.h"
#include "tests/support/words.h"

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
    expect_clean("second", &p);
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
    CHECK_INT("overlays", 2, s->n_overlays);
    CHECK_STR("a lower third", "lower-third", str_from(s->overlays[0].choice.row->name));
    CHECK_STR("its words", "V_th", ((const struct test_lower_third *)s->overlays[0].choice.opts)->text);
    CHECK_STR("at a mark", "vth", s->overlays[0].at.mark);
    CHECK_NEAR("for so long", 4, s->overlays[0].seconds, 0);
    const struct test_bullets *bullets = s->overlays[1].choice.opts;
    CHECK_INT("points", 2, bullets->items.n);
    CHECK_STR("the second", "pull-down", bullets->items.v[1].text);
    CHECK_INT("as they are spoken", 1, bullets->reveal);
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
              ":9:5: error: sections[4]: needs one of \"image_prompt\", \"video_prompt\", \"image\", \"video\", \"slide\", \"background\" [E_REQUIRED]\n"
              ":9:25: warning: unknown key \"color\", ignored, at sections[4].color - did you mean \"captions.color\"? [W_UNKNOWN_KEY]\n"
              ": 13 errors, 1 warning; nothing was fetched or spent\n", lines(&b, &p));
    lesson_destroy(l);
    buf_deinit(&b);
}

TEST(what_an_alias_says_arrives)
{
    struct problems p;
    struct lesson *l = lesson_of("{\"name\": \"T\", \"orientation\": \"portrait\", \"quality\": \"hd\", \"style\": \"flat\", \"voice\": \"alloy\",\n"
                                 "\"voice_rate\": 1.25, \"transition\": {\"style\": \"crossfade\", \"duration\": 1}, \"bgm\": \"a.mp3\", \"fps\": 29.97,\n"
                                 "\"scenes\": [{\"text\": \"x\", \"prompt\": \"y\", \"zoom\": \"in\", \"paddingBack\": 1500},\n"
                                 "{\"text\": \"x\", \"prompt\": \"y\", \"length\": -1, \"kicker\": \"K\"}]}", &p);
    CHECK_INT("errors", 0, p.n_errors);
    CHECK_INT("width", 720, l->video.width);
    CHECK_INT("height", 1280, l->video.height);
    CHECK_INT("rate", 30000, l->video.fps_num);
    CHECK_INT("rate", 1001, l->video.fps_den);
    CHECK_STR("style", "flat", l->style.prompt);
    CHECK_STR("music", "a.mp3", l->music.file);
    CHECK_STR("voice", "alloy", l->sections[0].voice.voice);
    CHECK_NEAR("speed", 1.25, l->sections[0].voice.speed, 0);
    CHECK_STR("effect", "zoom-in", str_from(l->sections[0].effects[0].row->name));
    CHECK_NEAR("milliseconds", 1.5, l->sections[0].timing.tail, 0);
    CHECK_NEAR("others keep theirs", 0.6, l->sections[1].timing.tail, 0);
    CHECK_STR("transition", "fade", str_from(l->sections[1].transition.row->name));
    CHECK_NEAR("seconds", 1, l->sections[1].transition_s, 0);
    CHECK_NEAR("as long as the narration", -1, l->sections[1].duration, 0);
    CHECK_STR("title", "K", l->sections[1].title);
    lesson_destroy(l);
}

TEST(a_transition_out_belongs_to_the_next_boundary_unless_that_has_its_own)
{
    struct problems p;
    struct lesson *l = lesson_of("{\"title\": \"T\", \"sections\": [\n"
                                 "{\"narration\": \"x\", \"image_prompt\": \"y\", \"transition\": {\"in\": \"fade\", \"out\": \"wipe-left\"}},\n" S ",\n"
                                 "{\"narration\": \"x\", \"image_prompt\": \"y\", \"transition\": {\"duration\": 2, \"out\": \"wipe-left\"}},\n"
                                 "{\"narration\": \"x\", \"image_prompt\": \"y\", \"transition\": \"cut\"}]}", &p);
    CHECK_INT("errors", 0, p.n_errors);
    CHECK_STR("into the film", "fade", str_from(l->sections[0].transition.row->name));
    CHECK_STR("out", "wipe-left", str_from(l->sections[1].transition.row->name));
    CHECK_STR("only the time is said", "fade", str_from(l->sections[2].transition.row->name));
    CHECK_NEAR("time", 2, l->sections[2].transition_s, 0);
    CHECK_STR("its own", "none", str_from(l->sections[3].transition.row->name));
    CHECK_NEAR("no time", 0, l->sections[3].transition_s, 0);
    lesson_destroy(l);
}

TEST(the_films_size_follows_from_the_words_for_it)
{
    static const struct { const char *video; int w, h, num, den; } rows[] = {
        { "{}", 1920, 1080, 30, 1 },
        { "{\"aspect\": \"9:16\"}", 1080, 1920, 30, 1 },
        { "{\"aspect\": \"1:1\", \"resolution\": 720}", 720, 720, 30, 1 },
        { "{\"resolution\": \"4k\"}", 3840, 2160, 30, 1 },
        { "{\"resolution\": \"full-hd\", \"aspect\": \"4:3\"}", 1440, 1080, 30, 1 },
        { "{\"resolution\": \"1280x720\"}", 1280, 720, 30, 1 },
        { "{\"width\": 640, \"height\": 360, \"aspect\": \"1:1\"}", 640, 360, 30, 1 },
        { "{\"fps\": 23.976}", 1920, 1080, 24000, 1001 },
        { "{\"fps\": 25}", 1920, 1080, 25, 1 },
        { "{\"fps\": 59.94}", 1920, 1080, 60000, 1001 },
        { "{\"fps\": 12.5}", 1920, 1080, 12500, 1000 },
        { "{\"resolution\": \"1080p\", \"aspect\": \"21:9\"}", 2520, 1080, 30, 1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char *member = around("\"video\": %", rows[i].video), *text = around(IN_LESSON, member);
        struct problems p;
        struct lesson *l = lesson_of(text, &p);
        expect_clean(rows[i].video, &p);
        CHECK_INT(rows[i].video, rows[i].w, l->video.width);
        CHECK_INT(rows[i].video, rows[i].h, l->video.height);
        CHECK_INT(rows[i].video, rows[i].num, l->video.fps_num);
        CHECK_INT(rows[i].video, rows[i].den, l->video.fps_den);
        lesson_destroy(l);
        free(text);
        free(member);
    }
}

TEST(variables_come_from_the_command_line_before_the_lesson)
{
    const struct str names[] = { STR("who"), STR("n"), STR("who") }, values[] = { STR("Ann"), STR("2"), STR("Bob {{n}}") };
    const struct read_opts opts = { .words = &test_words, .vars = { .names = names, .values = values, .n = 3 } };
    struct problems p;
    struct lesson *l = read_with("{\"title\": \"For {{who}} and {{ what }}\", \"variables\": {\"who\": \"X\", \"what\": \"you\", \"v\": 1.5, \"yes\": true},\n"
                                 "\"voice\": {\"speed\": \"{{v}}\"}, \"sections\": [{\"narration\": \"{{n}}{{n}} {{yes}} {{\", \"image_prompt\": \"y\"}]}",
                                 &opts, &p);
    expect_clean("variables", &p);
    CHECK_STR("values are not expanded again", "For Bob {{n}} and you", l->title);
    CHECK_STR("narration", "22 true {{", l->sections[0].narration);
    CHECK_NEAR("a number", 1.5, l->sections[0].voice.speed, 0);
    lesson_destroy(l);
    l = read_with("{\"title\": \"{{whoo}}\", \"sections\": [" S "]}", &opts, &p);
    CHECK_STR("nearest", "who", p.v[0].fix);
    lesson_destroy(l);
}

TEST(variables_cannot_make_a_lesson_huge)
{
    struct buf b = { 0 };
    struct problems p;
    buf_addz(&b, "{\"title\": \"T\", \"variables\": {\"a\": \"");
    for (int i = 0; i < 100000; i++)
        buf_addc(&b, 'x');
    buf_addz(&b, "\"}, \"sections\": [{\"image_prompt\": \"y\", \"narration\": \"");
    for (int i = 0; i < 1000; i++)
        buf_addz(&b, "{{a}}");
    buf_addz(&b, "\"}]}");
    struct lesson *l = lesson_of(b.p, &p);
    CHECK_STR("code", "E_LIMIT", str_from(p.v[0].code));
    lesson_destroy(l);
    buf_deinit(&b);
}

TEST(marks_are_taken_out_and_everything_else_is_text)
{
    static const struct { const char *in, *text; size_t n; const char *first; size_t at; } rows[] = {
        { "a <mark name='x'/> b", "a b", 1, "x", 2 },
        { "a<mark name=\"x\"/>b", "ab", 1, "x", 1 },
        { "a <mark  name = x />b", "a b", 1, "x", 2 },
        { "<bookmark mark='x'/>a", "a", 1, "x", 0 },
        { " <mark name='x'/> a ", "a", 1, "x", 0 },
        { "a <mark name='x'/>", "a", 1, "x", 1 },
        { "<mark name='x'/><mark name='y'/>a", "a", 2, "x", 0 },
        { "\xc3\xa9<mark name='x'/>b", "\xc3\xa9" "b", 1, "x", 2 },
        { "a\r\nb\nc", "a\nb\nc", 0, "", 0 },
        { "a <mark name=''/> b", "a <mark name=''/> b", 0, "", 0 },
        { "a <mark name='x'> b", "a <mark name='x'> b", 0, "", 0 },
        { "a <mark name='x\"/> b", "a <mark name='x\"/> b", 0, "", 0 },
        { "a <mark", "a <mark", 0, "", 0 },
        { "a <mark name='x", "a <mark name='x", 0, "", 0 },
        { "<marker name='x'/>", "<marker name='x'/>", 0, "", 0 },
        { "<break time='1s'/> & <b>", "<break time='1s'/> & <b>", 0, "", 0 },
        { "", "", 0, "", 0 },
        { "<mark name='x'/>", "", 1, "x", 0 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct arena a = { 0 };
        struct markup m;
        markup_parse(&a, str_from(rows[i].in), &m);
        CHECK_STR(rows[i].in, rows[i].text, m.text);
        CHECK_INT(rows[i].in, rows[i].n, m.n_marks);
        if (rows[i].n) {
            CHECK_STR(rows[i].in, rows[i].first, m.marks[0].name);
            CHECK_INT(rows[i].in, rows[i].at, m.marks[0].at);
        }
        arena_deinit(&a);
    }
}

TEST(limits_hold_before_the_work_is_done)
{
    struct problems p;
    struct buf b = { 0 };
    buf_addz(&b, "{\"title\": \"T\", \"sections\": [" S);
    for (int i = 0; i < 500; i++)
        buf_addz(&b, "," S);
    buf_addz(&b, "]}");
    struct lesson *l = lesson_of(b.p, &p);
    expect_codes("501 sections", "E_LIMIT", &p);
    CHECK_INT("none is kept", 0, l->n_sections);
    lesson_destroy(l);
    buf_clear(&b);
    buf_addz(&b, "{\"title\": \"T\", \"sections\": [{\"image_prompt\": \"y\", \"narration\": \"");
    for (int i = 0; i < 20001; i++)
        buf_addz(&b, "\xc3\xa9");
    buf_addz(&b, "\"}]}");
    l = lesson_of(b.p, &p);
    expect_codes("20001 characters", "E_LIMIT", &p);
    lesson_destroy(l);
    buf_clear(&b);
    for (size_t i = 0; i < (4 << 20) + 1; i++)
        buf_addc(&b, ' ');
    l = lesson_of(b.p, &p);
    expect_codes("4 MiB and one", "E_LIMIT", &p);
    lesson_destroy(l);
    buf_deinit(&b);
}

TEST(a_hundred_thousand_mistakes_are_counted_and_the_first_thousand_kept)
{
    struct problems p;
    struct buf b = { 0 };
    buf_addz(&b, "{\"title\": \"T\", \"sections\": [{");
    for (int i = 0; i < 100000; i++)
        buf_printf(&b, "%s\"k%d\": \"{{v%d}}\"", i ? "," : "", i, i);
    buf_addz(&b, "}]}");
    struct lesson *l = lesson_of(b.p, &p);
    CHECK_INT("kept", 1000, p.n);
    CHECK(p.n_errors + p.n_warnings >= 200000);
    lesson_destroy(l);
    buf_deinit(&b);
}

TEST(an_unknown_key_is_an_error_when_asked_for)
{
    const struct read_opts strict = { .words = &test_words, .strict = true };
    struct problems p;
    struct lesson *l = read_with("{\"title\": \"T\", \"mood\": 1, \"sections\": [" S "]}", &strict, &p);
    expect_codes("strict", "E_UNKNOWN_KEY", &p);
    lesson_destroy(l);
}

TEST(files_are_looked_for_below_the_lesson_and_nowhere_else)
{
    char *dir = test_tmpdir();
    struct buf path = { 0 };
    buf_printf(&path, "%s/in", dir);
    CHECK(mkdir(path.p, 0700) == 0);
    static const char *const files[] = { "in/a.png", "secret.png" };
    for (size_t i = 0; i < COUNTOF(files); i++) {
        buf_clear(&path);
        buf_printf(&path, "%s/%s", dir, files[i]);
        FILE *f = fopen(path.p, "w");
        CHECK(f != NULL);
        fputs("12345", f);
        fclose(f);
    }
    buf_clear(&path);
    buf_printf(&path, "%s/in/link.png", dir);
    CHECK(symlink("../secret.png", path.p) == 0);
    buf_clear(&path);
    buf_printf(&path, "%s/in/pipe.png", dir);
    CHECK(mkfifo(path.p, 0600) == 0);
    buf_clear(&path);
    buf_printf(&path, "%s/in/lesson.json", dir);
    static const struct { const char *file, *codes; bool outside; } rows[] = {
        { "a.png", "", false }, { "./a.png", "", false }, { "x/../a.png", "E_FILE", false }, { "b.png", "E_FILE", false },
        { "link.png", "E_FILE", false }, { "pipe.png", "E_FILE", false }, { ".", "E_PATH", false },
        { "../secret.png", "E_PATH", false }, { "../secret.png", "", true }, { "link.png", "", true },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf text = { 0 };
        struct problems p;
        const struct read_opts opts = { .words = &test_words, .allow_outside = rows[i].outside };
        buf_printf(&text, "{\"title\": \"T\", \"sections\": [{\"narration\": \"x\", \"image\": \"%s\"}]}", rows[i].file);
        struct lesson *l = lesson_read(buf_str(&path), buf_str(&text), &opts, &p);
        expect_codes(rows[i].file, rows[i].codes, &p);
        CHECK_STR("id", "lesson", l->id);
        lesson_destroy(l);
        buf_deinit(&text);
    }
    struct problems p;
    struct err e;
    int fd;
    struct lesson *l = lesson_read(buf_str(&path), STR("{}"), &(struct read_opts){ .words = &test_words }, &p);
    CHECK(!lesson_open_file(l, STR("a.png"), 4, &fd, &e));
    CHECK_STR("size", "'a.png': 5 bytes, at most 4", str_from(e.msg));
    CHECK(lesson_open_file(l, STR("a.png"), 5, &fd, &e));
    close(fd);
    lesson_destroy(l);
    buf_deinit(&path);
}

TEST(names_of_files_stay_below_by_their_text)
{
    static const struct { const char *name; bool ok; } rows[] = {
        { "a", true }, { "a/b", true }, { "a/../b", true }, { "./a", true }, { "a//b", true }, { "..a", true },
        { "", false }, { "/a", false }, { "..", false }, { "a/..", false }, { "../a", false }, { "a/../../b", false }, { ".", false },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_ROW(rows[i].name, path_stays_below(str_from(rows[i].name)) == rows[i].ok);
}

TEST(problems_for_machines_are_objects_with_the_same_fields)
{
    struct problems p;
    struct buf b = { 0 };
    struct lesson *l = lesson_of("{\"title\": \"T\",\n \"mu\\u001bsic_\": 1, \"sections\": [" S "], \"transition\": \"wipeLft\"}", &p);
    problems_print(&b, STR("a\x1b.json"), &p, true);
    const char *first = "{\"event\":\"problem\",\"file\":\"a\\\\x1B.json\",\"line\":2,\"column\":2,\"severity\":\"error\",\"code\":\"E_UNKNOWN_KEY\","
                        "\"path\":\"mu\\\\x1Bsic_\",\"message\":\"unknown key \\\"mu\\\\x1Bsic_\\\"\",\"fix\":\"music\"}\n";
    CHECK_STR("first line", first, text_cut(buf_str(&b), strlen(first)));
    CHECK(str_ends(buf_str(&b), "{\"event\":\"checked\",\"file\":\"a\\\\x1B.json\",\"errors\":2,\"warnings\":0}\n"));
    lesson_destroy(l);
    buf_deinit(&b);
}
