/* request.c - tests of the ids: everything that shapes an output is in its id, and nothing else */
#include "gen/request.h"
#include "gen/base/mem.h"
#include "tests/support/test.h"

/* All that the four kinds of ids are made of; a row changes one thing. */
struct all {
    struct slide_opts slide;
    struct slide_spec draw;
    struct voice_opts voice;
    struct speak_spec speak;
    struct blob picture, other, speech, piece;
    struct word words[1];
    struct choice effect;
    struct caption_opts captions;
    struct shot shot_a, shot_b;
    struct visual a, b;
    struct piece_spec spec;
    struct lesson lesson;
    struct section section;
    struct join_section join_section;
    const struct blob *pieces[1];
    struct clip_opts clip;
    struct join_clip film_clip;
    struct join_sound film_sound;
    struct join_spec film;
    struct splice_part parts[2];
    struct splice_spec splice;
    char part_ids[2][DIGEST_HEX];
    struct str version;
};

static const struct row effect_one = { .name = "one" }, effect_two = { .name = "two" };
static const struct str bullets[] = { { "a", 1 }, { "b", 1 } };
static const struct pronounce says[] = { { { "VLSI", 4 }, { "V L S I", 7 } } };

static void fill(struct all *t)
{
    *t = (struct all){ .version = STR("1"), .effect = { .row = &effect_one }, .words = { { 0, 100, 0, 3 } } };
    t->slide = (struct slide_opts){ .heading = STR("H"), .bullets = bullets, .n_bullets = 1, .theme = STR("dark") };
    t->captions = (struct caption_opts){ .enabled = true, .max_lines = 2, .font = STR("sans"), .size = 0.05,
                                         .color = 1, .active_color = 2, .box = 3 };
    t->draw = (struct slide_spec){ .slide = &t->slide, .title = STR("T"), .language = STR("en"),
                                   .width = 640, .height = 360, .captions = &t->captions };
    t->voice = (struct voice_opts){ .speed = 1, .volume = 1 };
    t->speak = (struct speak_spec){ .text = STR("Hi VLSI"), .voice = &t->voice, .language = STR("en") };
    t->parts[0] = (struct splice_part){ &t->speech, STR("Hi"), 0, 2 };
    t->parts[1] = (struct splice_part){ &t->speech, STR("VLSI"), 3, 0 };
    t->splice = (struct splice_spec){ .parts = t->parts, .n_parts = 2, .speed = 1 };
    memset(t->part_ids, '0', sizeof t->part_ids - 1);
    t->part_ids[0][DIGEST_HEX - 1] = '\0';
    memset(t->picture.sha256, 'a', 64);
    memset(t->other.sha256, 'b', 64);
    memset(t->speech.sha256, 'c', 64);
    memset(t->piece.id, 'd', 64);
    t->shot_a = (struct shot){ .picture = &t->picture, .effects = &t->effect, .n_effects = 1, .seed = 7, .n_frames = 50 };
    t->shot_b = t->shot_a;
    t->a = (struct visual){ .shots = &t->shot_a, .n_shots = 1, .seed = 7, .n_frames = 50,
                            .captions = &t->captions, .language = STR("en"), .narration = STR("Hi VLSI"), .words = t->words, .n_words = 1 };
    t->b = t->a;
    t->b.shots = &t->shot_b;
    t->spec = (struct piece_spec){ .video = { .width = 640, .height = 360, .fps_num = 30, .fps_den = 1, .preset = STR("balanced") }, .a = &t->a, .b = &t->b, .n_frames = 10,
                                   .transition = { .row = &effect_one } };
    t->section = (struct section){ .id = STR("s"), .title = STR("T"), .narration = STR("Hi VLSI"),
                                   .voice = t->voice, .captions = t->captions };
    t->join_section = (struct join_section){ .section = &t->section, .speech = &t->speech, .n_frames = 50 };
    t->pieces[0] = &t->piece;
    t->lesson = (struct lesson){ .title = STR("L"), .language = STR("en"), .output = { .thumbnail = STR("auto"), .srt = true },
                                 .music = { .enabled = true, .file = STR("m.mp3"), .volume = 1 } };
    t->clip = (struct clip_opts){ .volume = 1, .seam = 1 };
    t->film_clip = (struct join_clip){ .section = &t->section, .media = &t->other, .opts = &t->clip, .n_frames = 50 };
    t->film_sound = (struct join_sound){ .section = &t->section, .file = STR("a.wav"), .volume = 1 };
    t->film = (struct join_spec){ .lesson = &t->lesson, .audio_kbps = 192, .pieces = t->pieces, .n_pieces = 1, .sections = &t->join_section,
                                  .n_sections = 1, .clips = &t->film_clip, .n_clips = 1, .sounds = &t->film_sound, .n_sounds = 1, .n_frames = 50, .out_path = STR("o.mp4"), .dir = STR("/nonexistent") };
}

enum { DRAW = 1, SPEAK = 2, PIECE = 4, FILM = 8, SPLICE = 16, HEARD = 32, SOUND = FILM | HEARD, N_IDS = 6 };

static void ids_of(const struct all *t, char id[N_IDS][DIGEST_HEX])
{
    request_draw(&t->draw, t->version, id[0]);
    request_speak(&t->speak, t->version, id[1]);
    request_piece(&t->spec, t->version, id[2]);
    request_film(&t->film, t->version, id[3]);
    request_splice(&t->splice, t->part_ids, t->version, id[4]);
    request_sound(&t->film, t->version, id[5]);
}

/* what changes, how, and whose ids change with it */
#define ROWS(X)                                                                           \
    X(version, STR("2"), DRAW | SPEAK | PIECE | SOUND | SPLICE) X(draw.title, STR("U"), DRAW) X(draw.language, STR("de"), DRAW)  \
    X(draw.svg, STR("<svg/>"), DRAW) X(draw.width, 641, DRAW) X(draw.height, 361, DRAW) X(draw.captions, NULL, DRAW)   \
    X(slide.heading, STR("I"), DRAW) X(slide.caption, STR("c"), DRAW) X(slide.code, STR("x"), DRAW)                    \
    X(slide.theme, STR("light"), DRAW) X(slide.n_bullets, 2, DRAW)                        \
    X(speak.text, STR("Ho"), SPEAK) X(speak.language, STR("de"), SPEAK) X(voice.voice, STR("en+f2"), SPEAK)            \
    X(voice.speed, 1.1, SPEAK) X(voice.n_pronounce, 1, SPEAK) X(voice.volume, 0.5, 0)     \
    X(spec.video.width, 642, PIECE) X(spec.video.height, 362, PIECE) X(spec.video.fps_num, 25, PIECE) X(spec.video.fps_den, 2, PIECE) \
    X(spec.video.preset, STR("draft"), PIECE) X(spec.video.crf, 30, PIECE) X(spec.n_frames, 11, PIECE)                 \
    X(spec.first_a, 1, PIECE) X(spec.first_b, 1, PIECE) X(spec.transition.row, &effect_two, PIECE) X(spec.b, NULL, PIECE) \
    X(shot_a.picture, &t.other, PIECE) X(shot_a.picture, NULL, PIECE) X(shot_a.is_drawn, true, PIECE) X(shot_a.fit, 1, PIECE) X(a.background, 9, PIECE)  \
    X(a.seed, 8, PIECE) X(a.n_frames, 51, PIECE) X(shot_a.n_effects, 0, PIECE) X(shot_a.seed, 8, PIECE) X(shot_a.n_frames, 51, PIECE) \
    X(shot_b.seed, 8, PIECE) X(shot_b.first_frame, -1, PIECE) X(shot_b.transition.row, &effect_one, PIECE) X(shot_b.n_frames, 0, PIECE) X(effect.row, &effect_two, PIECE) X(b.seed, 8, PIECE)      \
    X(a.narration, STR("Ho VLSI"), PIECE) X(a.language, STR("de"), PIECE) X(a.n_words, 0, PIECE) X(words[0].end_samples, 90, PIECE)  \
    X(words[0].n, 2, PIECE) X(a.speech_start_samples, 5, PIECE) X(captions.enabled, false, PIECE) X(captions.style, 1, PIECE)        \
    X(captions.font, STR("serif"), PIECE) X(captions.color, 4, PIECE) X(captions.active_color, 4, PIECE) X(captions.box, 4, PIECE)   \
    X(captions.size, 0.06, PIECE | DRAW) X(captions.position, 1, PIECE | DRAW) X(captions.max_lines, 3, PIECE | DRAW)  \
    X(part_ids[1][3], '1', SPLICE) X(parts[0].text, STR("Ho"), SPLICE) X(parts[1].at, 4, SPLICE) X(parts[0].pause, 3, SPLICE)         \
    X(parts[0].speech, NULL, 0) X(splice.n_parts, 1, SPLICE) X(splice.speed, 2, SPLICE)   \
    X(film.out_path, STR("p.mp4"), FILM) X(film.audio_kbps, 128, SOUND) X(piece.id[3], 'e', FILM) X(film.n_pieces, 0, FILM)           \
    X(lesson.title, STR("M"), FILM) X(lesson.description, STR("d"), FILM) X(lesson.language, STR("de"), FILM)          \
    X(lesson.output.thumbnail, STR("s"), FILM) X(lesson.output.chapters, true, FILM) X(lesson.output.track, true, FILM) X(lesson.output.chapter_list, true, FILM) \
    X(lesson.output.manifest, true, FILM) X(lesson.output.timeline, true, FILM) X(lesson.output.is_thumbnail_timed, true, FILM) \
    X(lesson.output.thumbnail_file, STR("cover.png"), FILM) X(lesson.output.srt, false, FILM) \
    X(lesson.output.vtt, true, FILM) X(lesson.loudness.target, -14, SOUND) X(lesson.loudness.peak, -2, SOUND)            \
    X(lesson.music.enabled, false, SOUND) X(lesson.music.file, STR("n.mp3"), SOUND) X(lesson.music.volume, 0.5, SOUND)    \
    X(lesson.music.duck, 0.5, SOUND) X(lesson.music.duck_attack, 0.5, SOUND) X(lesson.music.duck_release, 0.5, SOUND) X(lesson.music.seam, 0.5, SOUND) X(lesson.music.fade_in, 1, SOUND) X(lesson.music.fade_out, 1, SOUND) X(lesson.music.loop, true, SOUND) \
    X(section.title, STR("U"), FILM) X(section.id, STR("r"), FILM) X(section.narration, STR("Ho"), FILM) X(section.voice.volume, 0.5, SOUND) \
    X(section.captions.max_lines, 1, FILM) X(section.captions.size, 0.1, FILM) X(speech.sha256[3], 'e', SOUND)          \
    X(film.n_sounds, 0, SOUND) X(film_sound.file, STR("b.wav"), SOUND) X(film_sound.volume, 2, SOUND) X(film_sound.at_samples, 7, SOUND) \
    X(film.n_clips, 0, SOUND) X(film_clip.media, &t.picture, SOUND) X(film_clip.first_frame, 9, SOUND) X(film_clip.n_frames, 9, SOUND)   \
    X(film_clip.in_frames, 9, SOUND) X(film_clip.out_frames, 9, SOUND) X(clip.volume, 0.5, SOUND) X(clip.length, 1, SOUND) X(clip.seam, 2, SOUND) \
    X(clip.seconds, 3, 0) X(join_section.speech, NULL, SOUND) X(join_section.n_frames, 51, FILM) X(film.n_frames, 51, SOUND) X(film.video.fps_num, 25, SOUND) X(join_section.speech_start_samples, 5, SOUND) \
    X(picture.path, STR("/elsewhere"), 0) X(piece.path, STR("/elsewhere"), 0) X(lesson.path, STR("/elsewhere"), 0) X(section.pos.line, 7, 0)

TEST(an_id_changes_with_everything_that_shapes_its_output_and_with_nothing_else)
{
    char before[N_IDS][DIGEST_HEX], after[N_IDS][DIGEST_HEX];
    struct all t;
    fill(&t);
    t.voice.pronounce = says;
    ids_of(&t, before);
#define X(what, to, whose)                                                                \
    fill(&t);                                                                             \
    t.voice.pronounce = says;                                                             \
    t.what = to;                                                                          \
    ids_of(&t, after);                                                                    \
    for (int i = 0; i < N_IDS; i++)                                                       \
        CHECK_INT(#what " = " #to, (whose) >> i & 1, memcmp(before[i], after[i], DIGEST_HEX) != 0);
    ROWS(X)
#undef X
}
