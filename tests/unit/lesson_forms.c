/* lesson_forms.c - tests of what a lesson may look like: tolerated, refused, aliases */
#include <stdlib.h>
#include "gen/lesson/read.h"
#include "tests/support/lessons.h"
#include "tests/support/test.h"
#include "tests/support/words.h"

TEST(tolerated_forms_are_read_with_one_warning_each)
{
    static const struct { const char *name, *frame, *text, *codes; } rows[] = {
        { "byte order mark", WHOLE, "\xef\xbb\xbf{\"title\": \"T\", \"sections\": [" S "]}", "W_BOM" },
        { "fence", WHOLE, "```json\n{\"title\": \"T\", \"sections\": [" S "]}\n```\n", "W_FENCE" },
        { "comments", WHOLE, "{\"title\": \"T\", // one\n /* two */ \"sections\": [" S "]}", "W_COMMENT" },
        { "trailing commas", WHOLE, "{\"title\": \"T\", \"sections\": [" S ",],}", "W_TRAILING_COMMA" },
        { "number as a string", IN_LESSON, "\"voice\": {\"speed\": \"1.5\"}", "W_NUMBER_STRING" },
        { "seconds as a string", IN_SECTION, "\"duration\": \"16.028 s\"", "W_NUMBER_STRING" },
        { "percent as a string", IN_LESSON, "\"music\": {\"file\": \"a.mp3\", \"volume\": \"50%\"}", "W_NUMBER_STRING" },
        { "the same twice is one warning", WHOLE,
          "{\"title\": \"T\", \"sections\": [{\"narration\": \"x\", \"image_prompt\": \"y\", \"duration\": \"1\"}, "
          "{\"narration\": \"x\", \"image_prompt\": \"y\", \"duration\": \"2\"}]}", "W_NUMBER_STRING" },
        { "narration as an array", SECTION_ONLY, "\"narration\": [\"One.\", \"Two.\"], \"image_prompt\": \"y\"", "W_NARRATION_ARRAY" },
        { "sections as an object", WHOLE, "{\"title\": \"T\", \"sections\": {\"a\": " S ", \"b\": " S "}}", "W_SECTIONS_OBJECT" },
        { "an unknown key", IN_LESSON, "\"mood\": 1", "W_UNKNOWN_KEY" },
        { "keys that are ignored", IN_LESSON, "\"$schema\": 1, \"comment\": [], \"notes\": {}, \"x-a\": 1, \"_b\": 2", "" },
        { "a long round duration", IN_SECTION, "\"duration\": 1500", "W_MILLISECONDS" },
        { "what looks like a mark", SECTION_ONLY, "\"narration\": \"a <mark id='x'/> b\", \"image_prompt\": \"y\"", "W_MARK" },
        { "null is as good as nothing", IN_LESSON, "\"voice\": null, \"id\": null, \"music\": null, \"effects\": null, \"video\": {\"fps\": null}", "" },
        { "an image with a prompt", IN_SECTION, "\"image\": \"a.png\"", "W_UNUSED" },
        { "a slide with a prompt", IN_SECTION, "\"slide\": {\"heading\": \"H\"}", "" },
        { "a prompt for a clip alone", SECTION_ONLY, "\"narration\": \"x\", \"video_prompt\": \"y\"", "" },
        { "a prompt for a clip beside one for a picture", IN_SECTION, "\"video_prompt\": \"z\"", "" },
        { "a prompt for a clip beside a picture", SECTION_ONLY, "\"narration\": \"x\", \"image\": \"a.png\", \"video_prompt\": \"y\"", "" },
        { "a clip", SECTION_ONLY, "\"narration\": \"x\", \"video\": \"a.mp4\"", "" },
        { "a clip with how it fills the time", SECTION_ONLY, "\"narration\": \"x\", \"video\": {\"file\": \"a.mp4\", \"length\": \"slow\"}", "" },
        { "a clip beside a picture", IN_SECTION, "\"video\": \"a.mp4\"", "W_UNUSED" },
        { "a clip beside a prompt for one", SECTION_ONLY, "\"narration\": \"x\", \"video\": \"a.mp4\", \"video_prompt\": \"y\"", "W_UNUSED" },
        { "true for a slide", IN_SECTION, "\"slide\": true", "" },
        { "false for captions", IN_SECTION, "\"captions\": false", "" },
        { "keys in any spelling", IN_LESSON, "\"Captions\": {\"maxLines\": 1, \"active-color\": \"red\"}", "" },
        { "an overlay by seconds", IN_SECTION, "\"overlays\": [{\"type\": \"lower-third\", \"text\": \"x\", \"at\": 1.5, \"for\": 4}]", "" },
        { "one overlay without a list", IN_SECTION, "\"overlays\": {\"type\": \"bullets\", \"items\": [\"a\", {\"text\": \"b\", \"at\": 2}]}", "" },
        { "an overlay at a mark that stands later in the file", SECTION_ONLY, "\"overlays\": [{\"type\": \"lower-third\", \"text\": \"x\", \"at\": \"mark:a\"}], "
          "\"narration\": \"x <mark name='a'/>y\", \"image_prompt\": \"y\"", "" },
        { "a watermark of words", IN_LESSON, "\"watermark\": \"Draft\"", "" },
        { "a watermark with options", IN_LESSON, "\"watermark\": {\"text\": \"Draft\", \"for\": 2}", "" },
        { "no watermark in a section", IN_SECTION, "\"watermark\": false", "" },
        { "nothing of what is not there yet", IN_SECTION, "\"overlays\": [], \"video\": null, \"images\": []", "" },
        { "a thumbnail by time", IN_LESSON, "\"output\": {\"thumbnail\": 3.5}", "" },
        { "a thumbnail by time, told", IN_LESSON, "\"output\": {\"thumbnail\": {\"at\": 3.5}}", "" },
        { "a thumbnail of a section, told", IN_LESSON, "\"output\": {\"thumbnail\": {\"section\": \"section-01\"}}", "" },
        { "subtitles in the video", IN_LESSON, "\"output\": {\"subtitles\": [\"track\"]}", "" },
        { "everything beside the video", IN_LESSON, "\"output\": {\"chapter_list\": true, \"manifest\": true, \"timeline\": true}", "" },
        { "a thumbnail of a section", IN_LESSON, "\"output\": {\"thumbnail\": \"section-01\"}", "" },
        { "refused pictures fail", IN_LESSON, "\"image\": {\"on_refused\": \"fail\"}", "" },
        { "refused pictures are asked for in other words", IN_LESSON, "\"image\": {\"on_refused\": [\"soften\", \"card\"]}", "" },
        { "refused pictures are cards", IN_LESSON, "\"image\": {\"on_refused\": \"card\"}", "" },
        { "several providers", IN_LESSON, "\"image\": {\"provider\": [\"a\", \"slide\"]}, \"voice\": {\"provider\": \"a, b\", \"fallback\": \"section\"}", "" },
        { "an id that is a number", IN_SECTION, "\"id\": 3", "" },
        { "{{ that is no variable", SECTION_ONLY, "\"narration\": \"{{ 1, 2 }} {{}} {{a b}}\", \"background\": \"navy\"", "" },
        { "other markup is text", SECTION_ONLY, "\"narration\": \"a < b & c > d, 5 % 'x': \\\\ <b>y</b>\", \"background\": \"navy\"", "" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char *text = around(rows[i].frame, rows[i].text);
        struct problems p;
        struct lesson *l = lesson_of(text, &p);
        expect_codes(rows[i].name, rows[i].codes, &p);
        CHECK_INT(rows[i].name, 0, p.n_errors);
        CHECK_ROW(rows[i].name, l->n_sections >= 1);
        lesson_destroy(l);
        free(text);
    }
}

TEST(refused_forms_are_errors)
{
    static const struct { const char *name, *frame, *text, *codes; } rows[] = {
        { "nothing", WHOLE, "", "E_SYNTAX" },
        { "half a file", WHOLE, "{\"title\": \"T\", \"sections\": [", "E_SYNTAX" },
        { "NaN", IN_LESSON, "\"voice\": {\"speed\": NaN}", "E_SYNTAX" },
        { "Infinity", IN_LESSON, "\"voice\": {\"speed\": -Infinity}", "E_SYNTAX" },
        { "bad UTF-8", IN_LESSON, "\"description\": \"\xff\"", "E_SYNTAX" },
        { "a lone surrogate", IN_LESSON, "\"description\": \"\\ud800\"", "E_SYNTAX" },
        { "not an object", WHOLE, "[" S "]", "E_TYPE" },
        { "no title, no sections", WHOLE, "{}", "E_REQUIRED E_REQUIRED" },
        { "an empty title", WHOLE, "{\"title\": \" \", \"sections\": [" S "]}", "E_REQUIRED" },
        { "empty sections", WHOLE, "{\"title\": \"T\", \"sections\": []}", "E_REQUIRED" },
        { "sections of another type", WHOLE, "{\"title\": \"T\", \"sections\": 3}", "E_TYPE" },
        { "a section of another type", WHOLE, "{\"title\": \"T\", \"sections\": [\"Hello.\"]}", "E_TYPE" },
        { "an empty section", SECTION_ONLY, "", "E_REQUIRED E_REQUIRED" },
        { "an empty narration", SECTION_ONLY, "\"narration\": \" \", \"image_prompt\": \"y\"", "E_REQUIRED" },
        { "a duplicate key", IN_SECTION, "\"title\": \"a\", \"title\": \"b\"", "E_DUPLICATE_KEY" },
        { "a duplicate key in another spelling", IN_LESSON, "\"captions\": {\"maxLines\": 1, \"max_lines\": 2}", "E_DUPLICATE_KEY" },
        { "a key and its alias", IN_SECTION, "\"prompt\": \"z\"", "E_DUPLICATE_KEY" },
        { "a value said in two places", IN_LESSON, "\"voice\": {\"speed\": 1}, \"voice_rate\": 2", "E_DUPLICATE_KEY" },
        { "duplicate ids", WHOLE, "{\"title\": \"T\", \"sections\": [{\"id\": \"a\", \"narration\": \"x\", \"image_prompt\": \"y\"}, "
          "{\"id\": \"a\", \"narration\": \"x\", \"image_prompt\": \"y\"}]}", "E_DUPLICATE_ID" },
        { "a mark that stands twice", SECTION_ONLY, "\"narration\": \"<mark name='a'/>x<mark name='a'/>\", \"image_prompt\": \"y\"", "E_DUPLICATE_ID" },
        { "an id with a slash", IN_LESSON, "\"id\": \"../x\"", "E_FORMAT" },
        { "a negative duration", IN_SECTION, "\"duration\": -2", "E_RANGE" },
        { "over an hour", IN_SECTION, "\"duration\": 3601", "E_RANGE" },
        { "a negative pause", IN_LESSON, "\"timing\": {\"gap\": -1}", "E_RANGE" },
        { "an unresolved variable", IN_SECTION, "\"title\": \"{{who}}\"", "E_VARIABLE" },
        { "a path upwards", IN_SECTION, "\"audio\": \"a/../../b.wav\"", "E_PATH" },
        { "an absolute path", IN_SECTION, "\"audio\": \"/etc/passwd\"", "E_PATH" },
        { "a file URL", IN_SECTION, "\"audio\": \"file:///etc/passwd\"", "E_PATH" },
        { "a protocol of FFmpeg", IN_SECTION, "\"audio\": \"concat:a|b\"", "E_PATH" },
        { "an address that is none", SECTION_ONLY, "\"narration\": \"x\", \"image\": \"https://example.org/a b.png\"", "E_PATH" },
        { "a path of music upwards", IN_LESSON, "\"music\": \"../calm.mp3\"", "E_PATH" },
        { "a path of an SVG upwards", IN_SECTION, "\"slide\": {\"svg\": \"../../a.svg\"}", "E_PATH" },
        { "an output with a directory", IN_LESSON, "\"output\": {\"file\": \"../x.mp4\"}", "E_PATH" },
        { "another version", IN_LESSON, "\"version\": 2", "E_RANGE" },
        { "control characters", IN_SECTION, "\"title\": \"a\\u001b[2Jb\"", "E_CONTROL" },
        { "a line break in a title", IN_SECTION, "\"title\": \"a\\nb\"", "E_CONTROL" },
        { "an escape in a narration", SECTION_ONLY, "\"narration\": \"a\\u0007\", \"image_prompt\": \"y\"", "E_CONTROL" },
        { "a path of a sound upwards", IN_SECTION, "\"sounds\": [\"../a.wav\"]", "E_PATH" },
        { "a transition's sound from outside", IN_LESSON, "\"transition\": {\"type\": \"fade\", \"sound\": \"/a.wav\"}", "E_PATH" },
        { "a sound without a file", IN_SECTION, "\"sounds\": [{\"at\": 1}]", "E_REQUIRED" },
        { "a sound at no moment", IN_SECTION, "\"sounds\": [{\"file\": \"a.wav\", \"at\": \"soon\"}]", "E_TYPE" },
        { "a sound before its section", IN_SECTION, "\"sounds\": [{\"file\": \"a.wav\", \"at\": -1}]", "E_RANGE" },
        { "a sound at a mark that is not there", IN_SECTION, "\"sounds\": [{\"file\": \"a.wav\", \"at\": \"mark:x\"}]", "E_MARK" },
        { "a mistyped key of a sound", IN_SECTION, "\"sounds\": [{\"file\": \"a.wav\", \"volum\": 1}]", "E_UNKNOWN_KEY" },
        { "ducking louder than it was", IN_LESSON, "\"music\": {\"file\": \"a.mp3\", \"duck\": 2}", "E_RANGE" },
        { "music without a file", IN_LESSON, "\"music\": {\"volume\": 0.5}", "E_REQUIRED" },
        { "a mistyped key", IN_LESSON, "\"transitoin\": \"fade\"", "E_UNKNOWN_KEY" },
        { "a mistyped key of an effect", IN_SECTION, "\"effects\": [{\"type\": \"vignette\", \"strenght\": 1}]", "E_UNKNOWN_KEY" },
        { "an effect out of range", IN_SECTION, "\"effects\": [{\"type\": \"vignette\", \"strength\": 2}]", "E_RANGE" },
        { "an effect that is none", IN_SECTION, "\"effects\": \"sparkle\"", "E_ENUM" },
        { "an effect without a type", IN_SECTION, "\"effects\": [{\"strength\": 1}]", "E_REQUIRED" },
        { "an effect that is not there yet", IN_SECTION, "\"effects\": [\"grain\"]", "E_NOT_YET" },
        { "too many effects", IN_SECTION, "\"effects\": [\"auto\",\"auto\",\"auto\",\"auto\",\"auto\",\"auto\",\"auto\",\"auto\",\"auto\",\"auto\","
          "\"auto\",\"auto\",\"auto\",\"auto\",\"auto\",\"auto\",\"auto\"]", "E_LIMIT" },
        { "a transition in milliseconds", IN_SECTION, "\"transition\": {\"type\": \"fade\", \"duration\": 500}", "E_RANGE" },
        { "a transition of another type", IN_SECTION, "\"transition\": 3", "E_TYPE" },
        { "an overlay without words", IN_SECTION, "\"overlays\": [{\"type\": \"lower-third\"}]", "E_REQUIRED" },
        { "an overlay of empty words", IN_SECTION, "\"overlays\": [{\"type\": \"lower-third\", \"text\": \" \"}]", "E_REQUIRED" },
        { "an overlay that is none", IN_SECTION, "\"overlays\": [{\"type\": \"lowerthrid\", \"text\": \"x\"}]", "E_ENUM" },
        { "an overlay's mistyped key", IN_SECTION, "\"overlays\": [{\"type\": \"bullets\", \"itmes\": [\"x\"], \"items\": [\"y\"]}]", "E_UNKNOWN_KEY" },
        { "an overlay before the section", IN_SECTION, "\"overlays\": [{\"type\": \"lower-third\", \"text\": \"x\", \"at\": -1}]", "E_RANGE" },
        { "an overlay for over an hour", IN_SECTION, "\"overlays\": [{\"type\": \"lower-third\", \"text\": \"x\", \"for\": 4000}]", "E_RANGE" },
        { "a mark where there is none", IN_SECTION, "\"overlays\": [{\"type\": \"lower-third\", \"text\": \"x\", \"at\": \"mark:vth\"}]", "E_MARK" },
        { "a moment that is none", IN_SECTION, "\"overlays\": [{\"type\": \"lower-third\", \"text\": \"x\", \"at\": \"soon\"}]", "E_TYPE" },
        { "bullets without points", IN_SECTION, "\"overlays\": [{\"type\": \"bullets\", \"items\": [\" \"]}]", "E_REQUIRED" },
        { "a point that is no text", IN_SECTION, "\"overlays\": [{\"type\": \"bullets\", \"items\": [3]}]", "E_TYPE" },
        { "a point at no mark", IN_SECTION, "\"overlays\": [{\"type\": \"bullets\", \"items\": [{\"text\": \"a\", \"at\": \"mark:x\"}]}]", "E_MARK" },
        { "a point with an escape", IN_SECTION, "\"overlays\": [{\"type\": \"bullets\", \"items\": [\"a\\u001b\"]}]", "E_CONTROL" },
        { "too many overlays", IN_SECTION, "\"overlays\": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", "E_LIMIT" },
        { "a watermark upwards", IN_LESSON, "\"watermark\": {\"file\": \"../logo.png\"}", "E_PATH" },
        { "two pictures as watermarks", WHOLE, "{\"title\": \"T\", \"watermark\": {\"file\": \"a.png\"}, \"sections\": [{\"narration\": \"x\", \"image_prompt\": \"y\", "
          "\"overlays\": [{\"type\": \"watermark\", \"file\": \"b.png\"}]}]}", "E_LIMIT" },
        { "a watermark of nothing", IN_LESSON, "\"watermark\": {}", "E_REQUIRED" },
        { "a watermark that is a number", IN_LESSON, "\"watermark\": 3", "E_TYPE" },
        { "a clip without a length", SECTION_ONLY, "\"video\": \"a.mp4\"", "E_REQUIRED" },
        { "a clip upwards", SECTION_ONLY, "\"narration\": \"x\", \"video\": \"../a.mp4\"", "E_PATH" },
        { "an address without a host", SECTION_ONLY, "\"narration\": \"x\", \"video\": \"https:a.mp4\"", "E_PATH" },
        { "music at an address", IN_LESSON, "\"music\": {\"file\": \"https://example.org/a.mp3\"}", "E_PATH" },
        { "an empty prompt for a clip", SECTION_ONLY, "\"narration\": \"x\", \"video_prompt\": \" \"", "E_REQUIRED" },
        { "a clip that fills the time in no known way", IN_LESSON, "\"clip\": {\"length\": \"loup\"}", "E_ENUM" },
        { "a mistyped key of a clip", IN_SECTION, "\"clip\": {\"lenght\": \"loop\"}", "E_UNKNOWN_KEY" },
        { "a clip of two minutes", IN_LESSON, "\"clip\": {\"seconds\": 120}", "E_RANGE" },
        { "pictures that are no list", SECTION_ONLY, "\"narration\": \"x\", \"image_prompts\": \"y\"", "E_TYPE" },
        { "a number for a picture", SECTION_ONLY, "\"narration\": \"x\", \"image_prompts\": [\"y\", 3]", "E_TYPE" },
        { "an empty prompt among several", SECTION_ONLY, "\"narration\": \"x\", \"image_prompts\": [\"y\", \" \"]", "E_REQUIRED" },
        { "an object without a picture", SECTION_ONLY, "\"narration\": \"x\", \"images\": [{\"fit\": \"cover\"}]", "E_REQUIRED" },
        { "two lists of pictures", SECTION_ONLY, "\"narration\": \"x\", \"image_prompts\": [\"y\"], \"images\": [\"z.png\"]", "E_DUPLICATE_KEY" },
        { "one of several upwards", SECTION_ONLY, "\"narration\": \"x\", \"images\": [\"../z.png\"]", "E_PATH" },
        { "a picture at a mark that is not there", SECTION_ONLY, "\"narration\": \"x <mark name='a'/>y\", \"image_prompts\": [\"y\", {\"image_prompt\": \"z\", \"at\": \"mark:b\"}]", "E_MARK" },
        { "a picture before the one before it", SECTION_ONLY, "\"narration\": \"x\", \"image_prompts\": [\"y\", {\"prompt\": \"z\", \"at\": 3}, {\"prompt\": \"z\", \"at\": 2}]", "W_ALIAS E_RANGE" },
        { "the first picture later", SECTION_ONLY, "\"narration\": \"x\", \"image_prompts\": [{\"image_prompt\": \"z\", \"at\": 3}]", "E_RANGE" },
        { "a picture for no time", SECTION_ONLY, "\"narration\": \"x\", \"image_prompts\": [{\"image_prompt\": \"z\", \"for\": 0}]", "E_RANGE" },
        { "a mistyped key of a picture", SECTION_ONLY, "\"narration\": \"x\", \"image_prompts\": [{\"image_prompt\": \"z\", \"efects\": []}]", "E_UNKNOWN_KEY" },
        { "a transition between pictures that is none", IN_LESSON, "\"image_transition\": \"dissolv-e-d\"", "E_ENUM" },
        { "a shape beside that is none", IN_LESSON, "\"output\": {\"also\": [\"9:16\", \"tall\"]}", "E_FORMAT" },
        { "a shape that is named twice", IN_LESSON, "\"output\": {\"also\": [\"1:1\", \"1:1\"]}", "E_DUPLICATE" },
        { "an odd width", IN_LESSON, "\"video\": {\"width\": 1281, \"height\": 720}", "E_FORMAT" },
        { "a width alone", IN_LESSON, "\"video\": {\"width\": 1280}", "E_FORMAT" },
        { "a shape that is none", IN_LESSON, "\"video\": {\"aspect\": \"wide-ish\"}", "E_FORMAT" },
        { "a size that is none", IN_LESSON, "\"image\": {\"size\": \"big\"}", "E_FORMAT" },
        { "a language that is none", IN_LESSON, "\"language\": \"english, please\"", "E_FORMAT" },
        { "a theme that is none", IN_SECTION, "\"slide\": {\"theme\": \"drak\"}", "E_ENUM" },
        { "true for a voice", IN_LESSON, "\"voice\": true", "E_TYPE" },
        { "a string for true", IN_LESSON, "\"captions\": {\"enabled\": \"false\"}", "E_TYPE" },
        { "pronunciation that is no text", IN_LESSON, "\"voice\": {\"pronounce\": {\"VLSI\": 5}}", "E_TYPE" },
        { "tags that are no list", IN_LESSON, "\"tags\": \"a\"", "E_TYPE" },
        { "another word for what is refused", IN_LESSON, "\"image\": {\"on_refused\": [\"card\", \"panic\"]}", "E_ENUM" },
        { "no provider at all", IN_LESSON, "\"image\": {\"provider\": []}", "E_TYPE" },
        { "a provider that is no name", IN_LESSON, "\"voice\": {\"provider\": [\"a\", 7]}", "E_TYPE" },
        { "a thumbnail of no section", IN_LESSON, "\"output\": {\"thumbnail\": \"section-7\"}", "E_ENUM" },
        { "a thumbnail of no section, told", IN_LESSON, "\"output\": {\"thumbnail\": {\"section\": \"section-7\"}}", "E_ENUM" },
        { "a thumbnail before the film", IN_LESSON, "\"output\": {\"thumbnail\": -1}", "E_RANGE" },
        { "a thumbnail of two things", IN_LESSON, "\"output\": {\"thumbnail\": {\"at\": 1, \"section\": \"section-01\"}}", "E_CONFLICT" },
        { "a thumbnail of nothing", IN_LESSON, "\"output\": {\"thumbnail\": {}}", "E_REQUIRED" },
        { "a thumbnail of no file", IN_LESSON, "\"output\": {\"thumbnail\": {\"file\": \"../cover.png\"}}", "E_PATH" },
        { "subtitles of no kind", IN_LESSON, "\"output\": {\"subtitles\": [\"ass\"]}", "E_ENUM" },
        { "subtitles that are none", IN_LESSON, "\"output\": {\"subtitles\": [\"srt\", \"doc\"]}", "E_ENUM" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char *text = around(rows[i].frame, rows[i].text);
        struct problems p;
        struct lesson *l = lesson_of(text, &p);
        expect_codes(rows[i].name, rows[i].codes, &p);
        CHECK_ROW(rows[i].name, p.n_errors > 0);
        lesson_destroy(l);
        free(text);
    }
}

TEST(every_alias_of_the_format_is_read_as_its_key_and_named_once)
{
    static const struct { const char *frame, *aliases, *canonical; } rows[] = {
        { "{\"title\": \"T\", \"%\": [" S "]}", "scenes slides clips segments beats chapters items parts", "sections" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": \"x\", \"image_prompt\": \"y\"}]}",
          "text script voiceover voice_over speech say spoken_text tts dialogue transcript", "narration" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": \"x\", \"narration\": \"y\"}]}",
          "prompt visual visual_prompt visual_description backdrop keyframe picture image_description", "image_prompt" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": \"x.png\", \"narration\": \"y\"}]}",
          "image_file image_url src path source media background_image", "image" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": \"x.wav\", \"image_prompt\": \"y\"}]}",
          "audio_file custom_audio_file voice_file narration_file", "audio" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": \"x\", \"narration\": \"n\", \"image_prompt\": \"y\"}]}",
          "heading name header eyebrow kicker", "title" },
        { "{\"%\": \"T\", \"sections\": [" S "]}", "name topic subject video_subject", "title" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": \"ken-burns\", \"narration\": \"n\", \"image_prompt\": \"y\"}]}",
          "effect animation animations motion", "effects" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": \"in\", \"narration\": \"n\", \"image_prompt\": \"y\"}]}", "zoom", "effects" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": \"left\", \"narration\": \"n\", \"image_prompt\": \"y\"}]}", "pan", "effects" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"%\": \"fade\"}", "transition_name video_transition_mode", "transition" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"transition\": {\"%\": \"fade\"}}", "style name in", "type" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"%\": false}", "subtitles subtitle caption subtitle_enabled", "captions" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"%\": \"a.mp3\"}", "bgm bgm_file background_music soundtrack audioFilePath", "music" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"%\": \"alloy\"}", "voice_name voice_id speaker", "voice.voice" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"voice\": {\"%\": \"alloy\"}}", "voice_name voice_id speaker", "voice" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"%\": 1.5}", "voice_rate rate speaking_rate", "voice.speed" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"voice\": {\"%\": 1.5}}", "voice_rate rate speaking_rate", "speed" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"video\": {\"%\": \"9:16\"}}", "aspectRatio ratio video_aspect orientation format", "aspect" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"%\": \"portrait\"}", "aspectRatio ratio video_aspect orientation format", "video.aspect" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": 1500, \"narration\": \"n\", \"image_prompt\": \"y\"}]}", "paddingBack", "timing.tail" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": 1.5, \"narration\": \"n\", \"image_prompt\": \"y\"}]}", "pause_after", "timing.tail" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"%\": \"flat\"}", "image_style video_style art_style", "style.prompt" },
        { "{\"title\": \"T\", \"sections\": [" S "], \"voice\": {\"%\": {\"VLSI\": \"V L S I\"}}}",
          "pronunciation pronunciations lexicon say_as", "pronounce" },
        { "{\"title\": \"T\", \"sections\": [{\"%\": 5, \"narration\": \"n\", \"image_prompt\": \"y\"}]}", "length", "duration" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        for (const char *alias = rows[i].aliases; *alias;) {
            size_t n = strcspn(alias, " ");
            char name[64] = "";
            memcpy(name, alias, n);
            alias += n + (alias[n] == ' ');
            char *text = around(rows[i].frame, name);
            struct problems p;
            struct lesson *l = lesson_of(text, &p);
            struct buf want = { 0 };
            buf_printf(&want, "\"%s\" is read as \"%s\"", name, rows[i].canonical);
            expect_codes(name, "W_ALIAS", &p);
            CHECK_STR(name, buf_str(&want).p, p.v[0].message);
            buf_deinit(&want);
            lesson_destroy(l);
            free(text);
        }
}
