/* config_tables.c - what config.yaml may say: its blocks, their keys, defaults, ranges and help */
#include "gen/config_tables.h"
#include "gen/encoding.h"

#define BLOCK(block_name, rows, field, text)                                              \
    { .name = block_name, .params = rows, .offset = offsetof(struct config_parts, field), .help = text }

const char *const provider_roles[] = { "image", "speech", "video", "chat", NULL };

const char *const report_names[] = { "auto", "always", "never", NULL };

static const struct param top_params[] = {
    PARAM_STR(struct config, theme, .def_text = "midnight",
              .help = "look of the slides that the program draws; `vidgen list themes`"),
    PARAM_CHOICE(struct config, report, .def = REPORT_AUTO, .choices = report_names,
                 .help = "a page about the run beside the videos, report.html; auto: after two lessons or more"),
    { 0 }
};

static const struct param workers_params[] = {
    PARAM_INT(struct workers_opts, videos, .def = 0, .min = 0, .max = 1000,
              .help = "lessons in work at once; 0: as many as keep the requests busy"),
    PARAM_INT(struct workers_opts, sections, .def = 0, .min = 0, .max = 1000,
              .help = "sections of one lesson in work at once; 0: all"),
    PARAM_INT(struct workers_opts, requests, .def = 16, .min = 1, .max = 10000,
              .help = "requests in flight, all lessons and providers together"),
    PARAM_INT(struct workers_opts, render, .def = 0, .min = 0, .max = 256,
              .help = "threads that draw and encode; 0: as many as cores"),
    { 0 }
};

static const struct param use_params[] = {
    PARAM_STR(struct default_providers, image, .def_text = "auto", .flags = PARAM_NAMES,
              .help = "who makes pictures; of several the next one, where one cannot"),
    PARAM_STR(struct default_providers, speech, .def_text = "auto", .flags = PARAM_NAMES,
              .help = "who speaks; of several the next one, where one cannot"),
    PARAM_STR(struct default_providers, video, .def_text = "auto", .flags = PARAM_NAMES,
              .help = "who makes clips; of several the next one, where one cannot; still: nobody"),
    PARAM_STR(struct default_providers, chat, .def_text = "auto", .help = "who plans effects and writes drafts; rules: plans by rules alone"),
    { 0 }
};

const struct param provider_params[] = {
    PARAM_STR(struct provider_opts, base,
              .help = "base URL instead of the description's; http only for hosts of your own"),
    PARAM_STR(struct provider_opts, env, .help = "name of the environment variable that holds the key"),
    PARAM_INT(struct provider_opts, concurrency, .def = 0, .min = 0, .max = 10000,
              .help = "requests in flight there; 0: the description's"),
    PARAM_INT(struct provider_opts, rpm, .def = 0, .min = 0, .max = 1000000,
              .help = "requests a minute; 0: the description's"),
    PARAM_INT(struct provider_opts, tpm, .def = 0, .min = 0, .max = 1000000000,
              .help = "tokens of text a minute, as the service counts them; 0: the description's"),
    PARAM_BOOL(struct provider_opts, adaptive, .def = 1,
               .help = "begin with few requests and find out how many are taken; false: always `concurrency`"),
    PARAM_DOUBLE(struct provider_opts, price_image, .def = -1, .min = 0, .max = 1000,
                 .help = "what one picture costs there, before what prices.yaml says"),
    PARAM_DOUBLE(struct provider_opts, price_1k_chars, .def = -1, .min = 0, .max = 1000,
                 .help = "what 1000 characters of speech cost"),
    PARAM_DOUBLE(struct provider_opts, price_minute, .def = -1, .min = 0, .max = 1000,
                 .help = "what a minute of speech costs"),
    PARAM_DOUBLE(struct provider_opts, price_second, .def = -1, .min = 0, .max = 1000,
                 .help = "what a second of a clip costs"),
    PARAM_DOUBLE(struct provider_opts, price_call, .def = -1, .min = 0, .max = 1000,
                 .help = "what a call costs, whatever it asks for; 0: all is free there"),
    PARAM_DOUBLE(struct provider_opts, price_1m_input_tokens, .def = -1, .min = 0, .max = 10000,
                 .help = "what a million tokens of what is asked cost"),
    PARAM_DOUBLE(struct provider_opts, price_1m_output_tokens, .def = -1, .min = 0, .max = 10000,
                 .help = "what a million tokens of what is answered cost"),
    { 0 }
};

static const struct param limits_params[] = {
    PARAM_INT(struct limits_opts, sections, .def = 500, .min = 1, .max = 100000, .help = "sections in a lesson"),
    PARAM_INT(struct limits_opts, narration_chars, .def = 20000, .min = 1, .max = 1000000,
              .help = "characters in a section's narration"),
    PARAM_INT(struct limits_opts, lesson_bytes, .def = 4 << 20, .min = 1024, .max = 64 << 20,
              .help = "size of a lesson file"),
    PARAM_INT(struct limits_opts, answer_bytes, .def = 64 << 20, .min = 65536, .max = 1 << 30,
              .help = "size of a JSON answer"),
    PARAM_INT(struct limits_opts, media_bytes, .def = 512 << 20, .min = 65536, .max = 8589934592.0,
              .help = "size of a picture, sound or clip"),
    PARAM_INT(struct limits_opts, attempts, .def = 6, .min = 1, .max = 20,
              .help = "tries for a request; answers that say \"slower\" do not count"),
    PARAM_INT(struct limits_opts, refused_ms, .def = 300000, .min = 0, .max = 86400000,
              .help = "how long a request is tried again after answers that say \"slower\""),
    PARAM_INT(struct limits_opts, connect_ms, .def = 10000, .min = 100, .max = 600000,
              .help = "time to reach a server"),
    PARAM_INT(struct limits_opts, request_ms, .def = 0, .min = 0, .max = 3600000,
              .help = "time for a whole request; 0: by kind (speech 120 s, pictures and downloads 300 s)"),
    PARAM_INT(struct limits_opts, disk_reserve_bytes, .def = 100 << 20, .min = 0, .max = 1e15,
              .help = "what a build leaves free on the disks of the cache and of the videos"),
    { 0 }
};

static const struct param cache_params[] = {
    PARAM_STR(struct cache_opts, dir,
              .help = "where fetched and rendered things are kept; empty: $XDG_CACHE_HOME/vidgen"),
    PARAM_INT(struct cache_opts, max_bytes, .def = 21474836480.0, .min = 0, .max = 1e15,
              .help = "what `vidgen cache gc` leaves at most; 0: no limit"),
    { 0 }
};

static const struct param budget_params[] = {
    PARAM_DOUBLE(struct budget_opts, max_cost, .def = -1, .min = 0, .max = 1e9,
                 .help = "most money one run may spend; null: no limit"),
    PARAM_BOOL(struct budget_opts, allow_unpriced, .def = 0,
               .help = "with a limit: make calls without a price all the same; they count nothing"),
    PARAM_STR(struct budget_opts, currency, .def_text = "USD", .help = "of all prices here"),
    { 0 }
};

static const struct param encode_params[] = {
    PARAM_STR(struct encode_opts, preset, .def_text = "balanced",
              .help = "draft, balanced, quality or archive: time against size and sharpness"),
    PARAM_INT(struct encode_opts, crf, .def = 0, .min = 0, .max = 63,
              .help = "the encoder's own quality, lower is better and larger; 0: the preset's"),
    PARAM_CHOICE(struct encode_opts, codec, .def = CODEC_H264, .choices = codec_names,
                 .help = "of the pictures; hevc, av1 and vp9 are smaller and slower"),
    PARAM_CHOICE(struct encode_opts, audio_codec, .def = SOUND_CODEC_AAC, .choices = sound_codec_names,
                 .help = "of the sound"),
    PARAM_CHOICE(struct encode_opts, container, .def = CONTAINER_MP4, .choices = container_names,
                 .help = "of videos whose name does not say it; webm takes av1 or vp9 with opus"),
    PARAM_CHOICE(struct encode_opts, hardware, .def = HARDWARE_NONE, .choices = hardware_names,
                 .help = "encode on the graphics processor; in software where it does not start"),
    PARAM_INT(struct encode_opts, audio_kbps, .def = 192, .min = 48, .max = 512, .help = "of the sound, kbit a second"),
    PARAM_INT(struct encode_opts, side, .def = 0, .min = 0, .max = 8192,
              .help = "at most so many px on the frame's shorter side, whatever the lesson says; 0: as it says"),
    { 0 }
};

/* A lesson says these in its own way (gen/lesson); here they are plain. */
static const struct param files_params[] = {
    PARAM_STR(struct output_opts, thumbnail, .def_text = "auto",
              .help = "\"auto\": a frame as a JPEG beside the video; \"none\"; or a section's id"),
    PARAM_BOOL(struct output_opts, chapters, .def = 1, .help = "a chapter for each section"),
    PARAM_BOOL(struct output_opts, srt, .def = 1, .help = "subtitles beside the video, SubRip"),
    PARAM_BOOL(struct output_opts, vtt, .def = 1, .help = "subtitles beside the video, WebVTT"),
    PARAM_BOOL(struct output_opts, track, .def = 0, .help = "subtitles in the video, for the viewer to turn on"),
    PARAM_BOOL(struct output_opts, chapter_list, .def = 0,
               .help = "the chapters as a text file, as video platforms read them"),
    PARAM_BOOL(struct output_opts, manifest, .def = 0,
               .help = "what the video is made of, as JSON: times, hashes, providers, costs"),
    PARAM_BOOL(struct output_opts, timeline, .def = 0, .help = "an OpenTimelineIO file for editors"),
    { 0 }
};

const struct config_block config_blocks[] = {
    BLOCK("workers", workers_params, config.workers, "how much is done at once"),
    BLOCK("providers", use_params, config.use,
          "who makes what; \"auto\": the first remote provider whose key is set, else the built-in one"),
    BLOCK("budget", budget_params, config.budget, "money"),
    BLOCK("cache", cache_params, config.cache, "what was fetched and rendered, kept on disk"),
    BLOCK("limits", limits_params, config.limits, "sizes and times beyond which something is refused"),
    BLOCK("", top_params, config, ""),
    BLOCK("video", video_params, video, "shape of the film"),
    BLOCK("voice", voice_params, config.voice, "how the narration is spoken"),
    BLOCK("image", image_params, config.image, "pictures"),
    BLOCK("clip", clip_params, config.clip, "moving pictures"),
    BLOCK("captions", caption_params, config.captions, "the spoken words in the picture"),
    BLOCK("timing", timing_params, config.timing, "silence around speech"),
    BLOCK("loudness", loudness_params, config.loudness, "of the whole film"),
    BLOCK("output", files_params, config.output, "what is written beside the video"),
    BLOCK("encode", encode_params, config.encode, "quality against size and time"),
    { 0 }
};
