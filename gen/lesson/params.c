/* params.c - the plain rows of a lesson's blocks: names, aliases, ranges, defaults, help */
#include <math.h>
#include "gen/lesson/blocks.h"

#define X(id, name) name,
static const char *const fits[] = { FIT_NAMES(X) NULL };
static const char *const clip_lengths[] = { CLIP_LENGTHS(X) NULL };
static const char *const fallbacks[] = { FALLBACK_NAMES(X) NULL };
#undef X
static const char *const refusals[] = { "fail", "soften", "card", NULL };
static const char *const caption_styles[] = { "plain", "highlight", "box", "karaoke", "pop", NULL };
static const char *const caption_positions[] = { "bottom", "top", "middle", NULL };

const struct param style_params[] = {
    PARAM_STR(struct style_opts, prompt, .flags = PARAM_LINES, .aliases = "image_style,video_style,art_style,style",
              .help = "added to every image prompt, so that all pictures look alike"),
    PARAM_STR(struct style_opts, negative, .flags = PARAM_LINES, .aliases = "negative_prompt",
              .help = "what no picture should show, for providers that take it"),
    PARAM_INT(struct style_opts, seed, .def = -1, .min = -1, .max = 4294967295.0,
              .help = "repeatable pictures from providers that take a seed; -1 leaves it to them"),
    { 0 },
};

const struct param voice_params[] = {
    PARAM_STR(struct voice_opts, provider, .def_text = "default", .flags = PARAM_NAMES,
              .help = "who speaks; of several the next one, where one cannot; default is what is configured"),
    PARAM_STR(struct voice_opts, voice, .aliases = "voice_name,voice_id,speaker,name",
              .help = "a voice of that provider; empty is its own default"),
    PARAM_STR(struct voice_opts, model, .help = "a model of that provider; empty is its own default"),
    PARAM_DOUBLE(struct voice_opts, speed, .def = 1, .min = 0.25, .max = 4, .aliases = "voice_rate,rate,speaking_rate",
                 .help = "of speech; 1 is the voice's own pace"),
    PARAM_VOLUME(struct voice_opts, volume, .def = 1, .min = 0, .max = 16, .aliases = "voice_volume",
                 .help = "linear, or as \"-6dB\""),
    PARAM_CHOICE(struct voice_opts, fallback, .def = FALLBACK_LESSON, .choices = fallbacks,
                 .help = "where the first provider cannot speak, the next one speaks the whole lesson, "
                         "this section alone (two voices in one film), or never"),
    { 0 },
};

const struct param image_params[] = {
    PARAM_STR(struct image_opts, provider, .def_text = "default", .flags = PARAM_NAMES,
              .help = "who draws; of several the next one, where one cannot; default is what is configured"),
    PARAM_STR(struct image_opts, model, .help = "a model of that provider; empty is its own default"),
    PARAM_STR(struct image_opts, size, .def_text = "auto",
              .help = "to ask for, as \"1536x1024\"; auto is the nearest to the film's shape"),
    PARAM_CHOICE(struct image_opts, fit, .def = FIT_COVER, .choices = fits,
                 .help = "how a picture of another shape fills the frame"),
    PARAM_FOCUS(struct image_opts, focus, .aliases = "subject_at,focal_point",
                .help = "where the subject is in the picture: the camera goes there, a picture of another shape is cut "
                        "off elsewhere, and effects that need a subject find it"),
    PARAM_STR(struct image_opts, on_refused, .def_text = "fail", .flags = PARAM_NAMES, .choices = refusals,
              .help = "when a prompt is refused by every provider: fail, ask once in a chat model's words (soften), a slide "
                      "takes the picture's place (card); or soften, then card"),
    { 0 },
};

const struct param clip_params[] = {
    PARAM_STR(struct clip_opts, provider, .def_text = "default", .flags = PARAM_NAMES,
              .help = "who makes clips; of several the next one, where one cannot; still is nobody: a picture stands "
                      "there; default is what is configured"),
    PARAM_STR(struct clip_opts, model, .help = "a model of that provider; empty is its own default"),
    PARAM_DOUBLE(struct clip_opts, seconds, .def = 0, .min = 0, .max = 60,
                 .help = "to ask for; the provider's next length that is not shorter is bought, 0 is its usual one"),
    PARAM_CHOICE(struct clip_opts, length, .def = CLIP_LOOP, .choices = clip_lengths,
                 .aliases = "when_short,extend,fill_mode",
                 .help = "of a clip shorter than its section: loop begins again, slow stretches it to half its pace at "
                         "most, hold keeps the last frame"),
    PARAM_SECONDS(struct clip_opts, seam, .def = 0.5, .min = 0, .max = 10, .aliases = "crossfade",
                  .help = "seconds in which a loop dissolves from its end into its beginning; 0 for clips that are made "
                          "to repeat"),
    PARAM_CHOICE(struct clip_opts, fit, .def = FIT_COVER, .choices = fits,
                 .help = "how a clip of another shape fills the frame"),
    PARAM_VOLUME(struct clip_opts, volume, .def = 0, .min = 0, .max = 16,
                 .help = "of the clip's own sound, linear or as \"-12dB\": 1 is as loud as speech, 0 is silence; it goes "
                         "down under speech like music"),
    PARAM_SECONDS(struct clip_opts, from, .def = 0, .min = 0, .max = 3600, .aliases = "start,trim_start,in",
                  .help = "where in the clip it begins"),
    PARAM_SECONDS(struct clip_opts, to, .def = 0, .min = 0, .max = 3600, .aliases = "end,trim_end,out",
                  .help = "where in the clip it ends; 0 is its own end"),
    { 0 },
};

const struct param video_params[] = {
    PARAM_STR(struct video_words, aspect, .def_text = "16:9", .flags = PARAM_NUMBER_TEXT,
              .aliases = "aspectRatio,ratio,video_aspect,orientation,format",
              .help = "shape of the frame, as \"16:9\", \"9:16\", \"1:1\""),
    PARAM_STR(struct video_words, resolution, .def_text = "1080p", .flags = PARAM_NUMBER_TEXT, .aliases = "quality",
              .help = "720p, 1080p, 1440p, 2160p, hd, full-hd, 4k (the shorter side), or as \"1920x1080\""),
    PARAM_INT(struct video_words, width, .def = 1920, .min = 16, .max = 7680,
              .help = "of the frame in px, together with height"),
    PARAM_INT(struct video_words, height, .def = 1080, .min = 16, .max = 7680,
              .help = "of the frame in px, together with width"),
    PARAM_DOUBLE(struct video_words, fps, .def = 30, .min = 1, .max = 120, .aliases = "framerate,frames_per_second",
                 .help = "frames a second; 23.976, 29.97 and 59.94 are exact"),
    PARAM_COLOR(struct video_words, background, .def_text = "#000000", .aliases = "background_color",
                .help = "where no picture is"),
    { 0 },
};

const struct param caption_params[] = {
    PARAM_BOOL(struct caption_opts, enabled, .def = 1,
               .help = "words at the foot of the picture while they are spoken"),
    PARAM_CHOICE(struct caption_opts, style, .def = CAPTION_HIGHLIGHT, .choices = caption_styles,
                 .help = "how the spoken word stands out"),
    PARAM_CHOICE(struct caption_opts, position, .def = CAPTION_BOTTOM, .choices = caption_positions,
                 .help = "where they stand"),
    PARAM_INT(struct caption_opts, max_lines, .def = 2, .min = 1, .max = 4, .help = "at a time"),
    PARAM_STR(struct caption_opts, font, .def_text = "sans", .aliases = "font_family,font_name",
              .help = "a family installed on this machine"),
    PARAM_DOUBLE(struct caption_opts, size, .def = 0.05, .min = 0.01, .max = 0.3, .aliases = "font_size",
                 .help = "of the frame's height"),
    PARAM_COLOR(struct caption_opts, color, .def_text = "#FFFFFF", .aliases = "font_color,text_color",
                .help = "of the words"),
    PARAM_COLOR(struct caption_opts, active_color, .def_text = "#FFD400", .aliases = "highlight_color",
                .help = "of the word being spoken"),
    PARAM_COLOR(struct caption_opts, box, .def_text = "#000000A0", .aliases = "box_color",
                .help = "behind the words; transparent for none"),
    { 0 },
};

const struct param music_params[] = {
    PARAM_BOOL(struct music_opts, enabled, .def = 1, .help = "under the whole film"),
    PARAM_VOLUME(struct music_opts, volume, .def = 0.12589254117941673, .min = 0, .max = 16, .aliases = "bgm_volume",
                 .help = "linear, or as \"-18dB\""),
    PARAM_VOLUME(struct music_opts, duck, .def = 0.25118864315095801, .min = 0, .max = 1,
                 .aliases = "ducking", .help = "times this while someone speaks, as \"-12dB\"; 1 leaves it as it is"),
    PARAM_SECONDS(struct music_opts, duck_attack, .def = 0.25, .min = 0.01, .max = 10,
                  .help = "seconds in which it goes down before someone speaks"),
    PARAM_SECONDS(struct music_opts, duck_release, .def = 1.5, .min = 0.01, .max = 30,
                  .help = "seconds in which it comes back; in pauses too short to come back and go down again it stays low"),
    PARAM_SECONDS(struct music_opts, fade_in, .def = 1, .min = 0, .max = 60, .help = "seconds at the beginning"),
    PARAM_SECONDS(struct music_opts, fade_out, .def = 2, .min = 0, .max = 60, .help = "seconds at the end"),
    PARAM_BOOL(struct music_opts, loop, .def = 1, .help = "begin again when it is shorter than the film"),
    PARAM_SECONDS(struct music_opts, seam, .def = 1, .min = 0, .max = 10, .aliases = "crossfade",
                  .help = "seconds in which a loop dissolves from its end into its beginning; 0 for music that is made to "
                          "repeat"),
    { 0 },
};

const struct param loudness_params[] = {
    PARAM_DOUBLE(struct loudness_opts, target, .def = -16, .min = -40, .max = -5,
                 .help = "of the whole film in LUFS (EBU R 128)"),
    PARAM_DOUBLE(struct loudness_opts, peak, .def = -1, .min = -20, .max = 0, .help = "highest true peak in dBTP"),
    { 0 },
};

const struct param timing_params[] = {
    PARAM_SECONDS(struct timing_opts, lead, .def = 0.3, .min = 0, .max = 60, .aliases = "padding_front,pause_before",
                  .help = "seconds of silence before the first words of a section"),
    PARAM_SECONDS(struct timing_opts, gap, .def = 0.4, .min = 0, .max = 60,
                  .help = "seconds between two sections, half on each side"),
    PARAM_SECONDS(struct timing_opts, tail, .def = 0.6, .min = 0, .max = 60, .aliases = "pause_after",
                  .help = "seconds of silence after the last words of a section"),
    { 0 },
};

const struct param output_params[] = {
    PARAM_BOOL(struct output_opts, chapters, .def = 1, .help = "a chapter for each section"),
    PARAM_BOOL(struct output_opts, chapter_list, .def = 0, .aliases = "chapters_text,chapters_file",
               .help = "the chapters as a text file beside the video, a line `00:00 Title` each, for the description on a "
                       "video platform"),
    PARAM_BOOL(struct output_opts, manifest, .def = 0,
               .help = "a file .manifest.json beside the video: times, words, files and assets with their SHA-256, providers, "
                       "models, costs"),
    PARAM_BOOL(struct output_opts, timeline, .def = 0, .aliases = "otio,opentimelineio",
               .help = "an OpenTimelineIO file beside the video, for editors"),
    { 0 },
};
