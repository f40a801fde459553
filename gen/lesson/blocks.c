/* blocks.c - the tables of a lesson: every key it may hold, in the order in which they are written */
#include "gen/lesson/blocks.h"
#include "gen/lesson/reader.h"

#define END { .p = { .name = NULL } }
#define FILE_SCHEMA "{\"type\": \"string\", \"minLength\": 1}"
#define THUMBNAIL_SCHEMA \
    "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"number\", \"minimum\": 0, \"maximum\": 86400}, " \
    "{\"type\": \"object\", \"properties\": {" \
    "\"at\": {\"type\": \"number\", \"minimum\": 0, \"maximum\": 86400}, " \
    "\"section\": {\"type\": \"string\"}, \"file\": {\"type\": \"string\"}}, \"additionalProperties\": false}], " \
    "\"default\": \"auto\"}"
#define FILE_OR_OBJECT_SCHEMA                                                                                                          \
    "{\"anyOf\": [{\"type\": \"string\", \"minLength\": 1}, {\"type\": \"object\", \"properties\": {\"file\": {\"type\": \"string\", " \
    "\"minLength\": 1}}, \"required\": [\"file\"], \"additionalProperties\": false}]}"
#define STRINGS_SCHEMA "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"
#define WATERMARK_SCHEMA \
    "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"boolean\"}, {\"$ref\": \"#/$defs/watermark\"}]}"
#define SHOTS_SCHEMA                                                                                             \
    "{\"type\": \"array\", \"minItems\": 1, \"items\": {\"anyOf\": [{\"type\": \"string\", \"minLength\": 1}, " \
    "{\"$ref\": \"#/$defs/shot\"}]}}"
#define ID_SCHEMA "{\"type\": \"string\", \"pattern\": \"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$\"}"

const struct block style_block = { "style", "what all pictures have in common", style_params, NULL, "prompt", NULL };

static const struct key voice_keys[] = {
    { .p = { .name = "pronounce", .aliases = "pronunciation,pronunciations,lexicon,say_as",
             .help = "words and how they are said; captions keep the word" },
      .read = read_pronounce, .schema = "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}",
      .example = "{\"VLSI\": \"V L S I\"}" },
    END,
};
const struct block voice_block = { "voice", "who speaks, and how", voice_params, voice_keys, "voice", NULL };

const struct block image_block = { "image",    "how pictures are asked for and fitted", image_params, NULL, NULL,
                                   check_image };
const struct block clip_block = { "clip", "how clips are asked for, and how they fill the time of their section",
                                  clip_params, NULL, NULL, check_clip };
const struct block video_block = { "video",    "the film's size, rate and background", video_params, NULL, NULL,
                                   check_video };
const struct block caption_block = { "captions", "the narration's words in the picture", caption_params, NULL, NULL,
                                     NULL };

static const struct key music_keys[] = {
    { .p = { .name = "file", .aliases = "src,path,source,url", .help = "a sound file, relative to the lesson" },
      .read = read_music_file, .schema = FILE_SCHEMA, .example = "\"music/calm.mp3\"" },
    END,
};
const struct block music_block = { "music", "under the whole film", music_params, music_keys, "file", check_music };

const struct block loudness_block = { "loudness", "of the finished film", loudness_params, NULL, NULL, NULL };
const struct block timing_block = { "timing", "silence around the words", timing_params, NULL, NULL, NULL };

static const struct key output_keys[] = {
    { .p = { .name = "file",
             .aliases = "filename,name",
             .help = "name of the video, without a directory; .webm or .mkv at its end says the container; the lesson file's own name when it is not given" },
      .read = read_output_file,
      .schema = FILE_SCHEMA },
    { .p = { .name = "thumbnail", .help = "a picture beside the video: auto, none, the id of the section it shows, a time in seconds, or an object "
                     "with one of `at`, `section`, `file`" },
      .read = read_thumbnail,
      .schema = THUMBNAIL_SCHEMA,
      .example = "{\"file\": \"cover.png\"}" },
    { .p = { .name = "subtitles", .help = "files beside the video (srt, vtt), and a track in it that viewers can turn on (track)" },
      .read = read_subtitles,
      .schema =
          "{\"type\": \"array\", \"items\": {\"type\": \"string\", \"enum\": [\"srt\", \"vtt\", \"track\"]}, \"default\": [\"srt\", \"vtt\"]}" },
    { .p = { .name = "also",
             .help = "more shapes of the same film, as \"9:16\" and \"1:1\"; each is a video of its own, from the same pictures and speech" },
      .read = read_also,
      .schema = STRINGS_SCHEMA },
    END,
};
const struct block output_block = { "output", "what is written", output_params, output_keys, NULL, NULL };

static const struct param slide_params[] = {
    PARAM_STR(struct slide_opts, heading, .aliases = "title,header", .help = "large, on top"),
    PARAM_STR(struct slide_opts, code, .flags = PARAM_LINES, .help = "lines of program text"),
    PARAM_STR(struct slide_opts, caption, .aliases = "subtitle,subheading", .help = "a line below"),
    { 0 },
};
static const struct key slide_keys[] = {
    { .p = { .name = "bullets", .aliases = "bullet_points,points,items,list", .help = "short lines" },
      .read = read_bullets,
      .schema = STRINGS_SCHEMA,
      .example = "[\"pull-up: PMOS\", \"pull-down: NMOS\"]" },
    { .p = { .name = "svg",
             .aliases = "svg_file,diagram,file",
             .help = "a diagram as an SVG file, relative to the lesson" },
      .read = read_svg,
      .schema = FILE_SCHEMA,
      .example = "\"figures/inverter.svg\"" },
    { .p = { .name = "theme", .help = "colours and type of the slide" },
      .read = read_theme,
      .schema = "{\"$ref\": \"#/$defs/theme\"}" },
    END,
};
const struct block slide_block = { "slide", "a picture that the program draws itself", slide_params, slide_keys, NULL,
                                   NULL };

/* Old and foreign spellings of what lives in a block, accepted where the block may stand. */
#define MOVED(T, field, its_block, its_member, spelling, others, ...) \
    { .p = { .name = spelling, .aliases = others, .offset = offsetof(T, field), .help = "" }, .block = &its_block, \
      .member = its_member, .flags = KEY_SHORT __VA_ARGS__ }
#define MOVED_VOICE(T) \
    MOVED(T, voice, voice_block, "voice", "voice_name", "voice_id,speaker"), \
    MOVED(T, voice, voice_block, "speed", "voice_rate", "rate,speaking_rate"), \
    MOVED(T, voice, voice_block, "pronounce", "pronounce", "pronunciation,pronunciations,lexicon,say_as"), \
    MOVED(T, timing, timing_block, "tail", "paddingBack", NULL, | KEY_MS), \
    MOVED(T, timing, timing_block, "tail", "pause_after", NULL)

static const struct key lesson_keys[] = {
    { .p = { .name = "version", .help = "of this format" },
      .read = read_version,
      .schema = "{\"type\": \"integer\", \"enum\": [1]}",
      .example = "1" },
    { .p = { .name = "id",
             .offset = offsetof(struct lesson_in, id),
             .help = "names the video of a lesson read from standard input" },
      .read = read_id,
      .schema = ID_SCHEMA,
      .example = "\"vlsi-03\"" },
    { .p = { .name = "title",
             .type = PARAM_STR,
             .offset = offsetof(struct lesson_in, title),
             .aliases = "name,topic,subject,video_subject",
             .help = "of the lesson" },
      .flags = KEY_REQUIRED,
      .example = "\"The CMOS inverter\"" },
    { .p = { .name = "language",
             .type = PARAM_STR,
             .offset = offsetof(struct lesson_in, language),
             .def_text = "en",
             .aliases = "lang,locale",
             .help = "of the narration, as a BCP 47 tag" } },
    { .p = { .name = "description",
             .type = PARAM_STR,
             .offset = offsetof(struct lesson_in, description),
             .flags = PARAM_LINES,
             .help = "written into the video's metadata" } },
    { .p = { .name = "tags", .aliases = "keywords", .help = "for your own use" },
      .read = read_tags,
      .schema = STRINGS_SCHEMA },
    { .p = { .name = "variables", .aliases = "vars", .help = "values for {{name}} in any text; --var wins over them" },
      .read = read_ignored,
      .schema = "{\"type\": \"object\", \"additionalProperties\": {\"type\": [\"string\", \"number\", \"boolean\"]}}" },
    { .p = { .name = "style", .offset = offsetof(struct lesson_in, style) }, .block = &style_block },
    { .p = { .name = "voice", .offset = offsetof(struct lesson_in, voice) }, .block = &voice_block },
    { .p = { .name = "image", .offset = offsetof(struct lesson_in, image) }, .block = &image_block },
    { .p = { .name = "clip", .offset = offsetof(struct lesson_in, clip) }, .block = &clip_block },
    { .p = { .name = "video", .offset = offsetof(struct lesson_in, video) }, .block = &video_block },
    { .p = { .name = "captions",
             .aliases = "subtitles,subtitle,caption,subtitle_enabled",
             .offset = offsetof(struct lesson_in, captions) },
      .block = &caption_block },
    { .p = { .name = "music",
             .aliases = "bgm,bgm_file,background_music,soundtrack,audioFilePath",
             .offset = offsetof(struct lesson_in, music) },
      .block = &music_block },
    { .p = { .name = "loudness", .offset = offsetof(struct lesson_in, loudness) }, .block = &loudness_block },
    { .p = { .name = "transition",
             .aliases = "transition_name,video_transition_mode,transitions",
             .help = "between two sections; a section's own wins" },
      .read = read_transition,
      .schema = "{\"$ref\": \"#/$defs/transition\"}",
      .example = "{\"type\": \"fade\", \"duration\": 0.5}" },
    { .p = { .name = "image_transition",
             .aliases = "images_transition,picture_transition",
             .help = "between the pictures of a section that has several, a fade of 0.3 s if nothing is said; a section's own wins" },
      .read = read_turn,
      .schema = "{\"$ref\": \"#/$defs/transition\"}",
      .example = "{\"type\": \"fade\", \"duration\": 0.3}" },
    { .p = { .name = "effects",
             .aliases = "effect,animation,animations,motion,zoom,pan",
             .help = "on every picture; a section's own win" },
      .read = read_effects,
      .schema = "{\"$ref\": \"#/$defs/effects\"}",
      .example = "[\"auto\"]" },
    { .p = { .name = "watermark", .aliases = "logo",
             .help = "in a corner of the whole film: a text, or an object with the options of the overlay `watermark`" },
      .read = read_watermark,
      .schema = WATERMARK_SCHEMA,
      .example = "{\"file\": \"logo.png\", \"corner\": \"top-right\"}" },
    { .p = { .name = "timing", .offset = offsetof(struct lesson_in, timing) }, .block = &timing_block },
    { .p = { .name = "output", .offset = offsetof(struct lesson_in, output) }, .block = &output_block },
    { .p = { .name = "sections",
             .aliases = "scenes,slides,clips,segments,beats,chapters,items,parts",
             .help = "in the order shown" },
      .read = read_sections_key,
      .flags = KEY_REQUIRED,
      .schema = "{\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/section\"}}" },
    MOVED(struct lesson_in, style, style_block, "prompt", "image_style", "video_style,art_style"),
    MOVED_VOICE(struct lesson_in),
    MOVED(struct lesson_in, video, video_block, "aspect", "aspect",
          "aspectRatio,ratio,video_aspect,orientation,format"),
    MOVED(struct lesson_in, video, video_block, "resolution", "resolution", "quality"),
    MOVED(struct lesson_in, video, video_block, "width", "width", NULL),
    MOVED(struct lesson_in, video, video_block, "height", "height", NULL),
    MOVED(struct lesson_in, video, video_block, "fps", "fps", "framerate"),
    END,
};
const struct block lesson_block = { "lesson", "one video", NULL, lesson_keys, NULL, NULL };

static const struct key section_keys[] = {
    { .p = { .name = "id",
             .offset = offsetof(struct section, id),
             .help = "seeds what is random in the section; section-01 and so on when it is not given" },
      .read = read_id,
      .schema = ID_SCHEMA,
      .example = "\"intro\"" },
    { .p = { .name = "title",
             .type = PARAM_STR,
             .offset = offsetof(struct section, title),
             .aliases = "heading,name,header,eyebrow,kicker",
             .help = "of the chapter, and of a slide that has no heading" } },
    { .p = { .name = "narration",
             .aliases = "text,script,voiceover,voice_over,speech,say,spoken_text,tts,dialogue,transcript",
             .help = "what is spoken; <mark name='x'/> names a moment, everything else is plain text" },
      .read = read_narration,
      .schema = "{\"type\": \"string\", \"minLength\": 1}",
      .example = "\"Two transistors share the work.\"" },
    { .p = { .name = "image_prompt",
             .aliases = "prompt,visual,visual_prompt,visual_description,backdrop,keyframe,picture,image_description",
             .help = "what the picture shows, for a provider that draws it" },
      .read = read_prompt,
      .schema = "{\"type\": \"string\", \"minLength\": 1}",
      .example = "\"CMOS inverter cross-section, isometric\"" },
    { .p = { .name = "image",
             .aliases = "image_file,image_url,src,path,source,media,background_image",
             .help =
                 "a picture of your own: a file, relative to the lesson, or an address (https); an object also has the members of the lesson's image block" },
      .read = read_image,
      .schema = "{\"anyOf\": [{\"type\": \"string\", \"minLength\": 1}, {\"$ref\": \"#/$defs/picture\"}]}" },
    { .p = { .name = "focus",
             .type = PARAM_FOCUS,
             .offset = offsetof(struct section, image_opts.focus),
             .aliases = "subject_at,focal_point",
             .help = "where the picture's subject is, as a point or rectangle of it: the camera goes there, and effects "
                     "that need a subject find it" },
      .example = "[0.7, 0.4]" },
    { .p = { .name = "mask",
             .type = PARAM_STR,
             .flags = PARAM_FILE,
             .offset = offsetof(struct section, image_opts.mask),
             .aliases = "subject_mask",
             .help = "the subject of the picture as a picture of the same shape, relative to the lesson: white on black, or "
                     "with all else transparent" },
      .example = "\"masks/transistor.png\"" },
    { .p = { .name = "video_prompt",
             .aliases = "clip_prompt,motion_prompt,animation_prompt",
             .help = "what a moving picture shows, for a provider that films it; without one the section has its other "
                     "picture" },
      .read = read_video_prompt,
      .schema = "{\"type\": \"string\", \"minLength\": 1}",
      .example = "\"electrons drift through a lattice, slow camera\"" },
    { .p = { .name = "video",
             .aliases = "video_file,video_url",
             .help = "a clip of your own as the picture: a file, relative to the lesson, or an address; an object also has the members of "
                     "the clip block" },
      .read = read_video,
      .schema = "{\"anyOf\": [{\"type\": \"string\", \"minLength\": 1}, {\"$ref\": \"#/$defs/footage\"}]}" },
    { .p = { .name = "clip", .offset = offsetof(struct section, clip) }, .block = &clip_block },
    { .p = { .name = "image_prompts",
             .aliases = "prompts,visuals,visual_prompts,pictures,keyframes,image_descriptions",
             .help = "several pictures, cut to the narration: prompts, or objects for more" },
      .read = read_image_prompts,
      .schema = SHOTS_SCHEMA,
      .example = "[\"a wafer, macro photo\", {\"image_prompt\": \"one gate\", \"at\": \"mark:gate\"}]" },
    { .p = { .name = "images",
             .aliases = "image_files,image_urls",
             .help = "the same with files of your own: files or addresses, or objects for more" },
      .read = read_images,
      .schema = SHOTS_SCHEMA,
      .example = "[\"wafer.jpg\", {\"image\": \"gate.png\", \"effects\": [\"zoom-in\"]}]" },
    { .p = { .name = "image_transition",
             .aliases = "images_transition,picture_transition",
             .help = "between the section's pictures; a picture's own wins" },
      .read = read_turn,
      .schema = "{\"$ref\": \"#/$defs/transition\"}" },
    { .p = { .name = "slide", .help = "a picture that the program draws itself, with no provider" },
      .read = read_slide,
      .schema = "{\"anyOf\": [{\"$ref\": \"#/$defs/slide\"}, {\"type\": \"boolean\"}]}" },
    { .p = { .name = "background", .help = "a plain colour as the picture" },
      .read = read_background,
      .schema = "{\"type\": \"string\"}",
      .example = "\"#101820\"" },
    { .p = { .name = "audio",
             .aliases = "audio_file,custom_audio_file,voice_file,narration_file",
             .help = "a recording of your own instead of speech: a file, relative to the lesson, or an address" },
      .read = read_audio,
      .schema = FILE_OR_OBJECT_SCHEMA },
    { .p = { .name = "duration", .aliases = "length", .help = "seconds; auto is as long as the narration" },
      .read = read_duration,
      .schema =
          "{\"anyOf\": [{\"type\": \"number\", \"minimum\": 0.1, \"maximum\": 3600}, {\"type\": \"string\", \"enum\": [\"auto\"]}], "
          "\"default\": \"auto\"}" },
    { .p = { .name = "voice", .offset = offsetof(struct section, voice) }, .block = &voice_block },
    { .p = { .name = "captions",
             .aliases = "subtitles,subtitle,caption,subtitle_enabled",
             .offset = offsetof(struct section, captions) },
      .block = &caption_block },
    { .p = { .name = "timing", .offset = offsetof(struct section, timing) }, .block = &timing_block },
    { .p = { .name = "effects",
             .aliases = "effect,animation,animations,motion,zoom,pan",
             .help = "on the picture, in this order" },
      .read = read_effects,
      .schema = "{\"$ref\": \"#/$defs/effects\"}" },
    { .p = { .name = "transition",
             .aliases = "transition_name,video_transition_mode",
             .help = "into this section from the one before" },
      .read = read_transition,
      .schema = "{\"$ref\": \"#/$defs/transition\"}" },
    { .p = { .name = "sounds", .aliases = "sound,sound_effects,sfx", .help = "sound effects, each at its moment" },
      .read = read_sounds,
      .schema = "{\"type\": \"array\", \"maxItems\": 32, \"items\": {\"$ref\": \"#/$defs/sound\"}}",
      .example = "[{\"file\": \"sounds/click.wav\", \"at\": \"mark:vth\"}]" },
    { .p = { .name = "overlays", .aliases = "overlay", .help = "texts over the picture, each for a while" },
      .read = read_overlays,
      .schema = "{\"type\": \"array\", \"maxItems\": 16, \"items\": {\"$ref\": \"#/$defs/overlay\"}}",
      .example = "[{\"type\": \"lower-third\", \"text\": \"V_th\", \"at\": \"mark:vth\", \"for\": 4}]" },
    { .p = { .name = "watermark", .help = "instead of the lesson's; false for none" },
      .read = read_watermark,
      .schema = WATERMARK_SCHEMA },
    MOVED_VOICE(struct section),
    END,
};
const struct block section_block = { "section", "one narrated part", NULL, section_keys, NULL, NULL };
