/* bench_sound.c - what mixing a film's sound and bringing it to its loudness costs, in seconds of CPU
 *
 * usage: bench_sound [NARRATIONS [MUSIC_SECONDS]]   (100 0)
 * Narrations of about 8 s by the built-in voice, WAV files, half a second between them. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "compose/child.h"
#include "compose/loudness.h"
#include "compose/mix.h"
#include "compose/speak.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "tests/support/media.h"

enum { TEXTS = 8 };
static const char *const texts[TEXTS] = {
    "Every chip begins with one small gate. Two transistors share the work, one pulls up, and the other pulls down.",
    "When the input is low, the upper one conducts, and the output stands at the supply. Nothing flows through the lower one.",
    "The threshold voltage says where a transistor begins to conduct; it depends on doping, oxide, and temperature.",
    "A ring of an odd number of inverters never comes to rest. Its period is twice the delay of all of them together.",
    "Wires have resistance and capacitance, so a long wire is slow: its delay grows with the square of its length.",
    "Static memory keeps its bit in two inverters that hold each other; reading must not disturb what they hold.",
    "A clock tree brings the same edge to thousands of flip-flops, nearly at the same time. What remains is called skew.",
    "Before a chip is made, every shape on every layer is checked against the rules of the factory, millions of times.",
};

static double cpu_of(int who)
{
    struct rusage u;
    getrusage(who, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6 + (double)u.ru_stime.tv_sec +
           (double)u.ru_stime.tv_usec / 1e6;
}

static void must(bool ok, const struct err *e)
{
    if (!ok) {
        fprintf(stderr, "bench_sound: %s\n", e->msg);
        exit(1);
    }
}

static double chord(int64_t i, int c)
{
    return 0.2 * (sin((double)i * 0.0288) + sin((double)i * 0.0363 + c) + sin((double)i * 0.0432));
}

static void speak_all(struct blob *out, const char *dir)
{
    const struct voice_opts voice = { .provider = STR(""), .voice = STR(""), .model = STR(""), .speed = 1, .volume = 1 };
    for (size_t i = 0; i < TEXTS; i++) {
        struct speak_spec s = { str_from(texts[i]), &voice, STR("en") };
        struct buf path = { 0 };
        struct word *words = NULL;
        size_t n_words;
        struct err e = { 0 };
        buf_printf(&path, "%s/%zu.wav", dir, i);
        int fd = open(path.p, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        must(speak(&s, fd, &out[i].info, &words, &n_words, &e), &e);
        out[i].path = str_from(buf_take(&path));
        free(words);
        close(fd);
    }
}

static void remove_all(const char *dir, const struct blob *speech)
{
    struct buf music = { 0 };
    for (size_t i = 0; i < TEXTS; i++) {
        unlink(speech[i].path.p);
        free((char *)(uintptr_t)speech[i].path.p);
    }
    buf_printf(&music, "%s/music.wav", dir);
    unlink(music.p);
    buf_deinit(&music);
    rmdir(dir);
}

struct stage { double own, children; };

static struct stage now(void)
{
    return (struct stage){ cpu_of(RUSAGE_SELF), cpu_of(RUSAGE_CHILDREN) };
}

static void tell(const char *what, struct stage *since)
{
    struct stage t = now();
    printf("  %-34s %6.2f s", what, t.own - since->own);
    if (t.children - since->children > 0.005)
        printf("   decoding in children %6.2f s", t.children - since->children);
    printf("\n");
    *since = t;
}

/* The way out, as the encoder takes it. */
static void drain(struct master *m, const struct track *t, struct err *e)
{
    float block[1024 * 2];
    for (int64_t at = 0; at < t->n_samples; at += 1024)
        must(master_read(m, block, 1024, e), e);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--worker") == 0)
        return worker_main(argc, argv, NULL);
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
    double music_s = argc > 2 ? strtod(argv[2], NULL) : 0;
    struct blob *speech = mem_array(TEXTS, sizeof *speech);
    struct err e = { 0 };
    char dir[] = "/tmp/bench_sound_XXXXXX";
    if (n < 1 || n > 10000 || !mkdtemp(dir))
        return 2;
    speak_all(speech, dir);
    struct lesson lesson = { .dir = str_from(dir), .loudness = { -16, -1 } };
    if (music_s > 0) {
        struct buf wav = { 0 }, path = { 0 };
        media_wav(&wav, 48000, 2, (int64_t)(music_s * 48000), chord, -1);
        buf_printf(&path, "%s/music.wav", dir);
        must(file_replace(path.p, buf_str(&wav), &e), &e);
        buf_deinit(&wav);
        buf_deinit(&path);
        lesson.music = (struct music_opts){ .enabled = true, .file = STR("music.wav"), .volume = 0.126, .duck = 0.25,
                                            .duck_attack = 0.25, .duck_release = 1.5, .seam = 1,
                                            .fade_in = 1, .fade_out = 2, .loop = true };
    }
    struct section section = { .voice = { .volume = 1 } };
    struct join_section *s = mem_array(n, sizeof *s);
    int64_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const struct blob *b = &speech[i % TEXTS];
        s[i] = (struct join_section){ .section = &section, .speech = b, .speech_start_samples = at + 12000 };
        at += (b->info.n_samples + 24000 + 1599) / 1600 * 1600;
    }
    struct join_spec spec = { .lesson = &lesson, .video = { .fps_num = 30, .fps_den = 1 }, .sections = s,
                              .n_sections = n, .n_frames = at / 1600, .out_path = STR("/tmp/film.mp4") };
    struct track t = { 0 };
    struct loudness loud;
    double ceiling = -1.5, gain = 4;
    printf("sound: %zu narrations, %.0f s of film, music of %.0f s\n", n, (double)at / SAMPLE_RATE, music_s);
    struct stage start = now(), since = start;
    must(mix_film(&spec, fileno(tmpfile()), &t, NULL, &e), &e);
    tell("mixing", &since);
    must(master_fit(&t, -16, &ceiling, &gain, &loud, &e), &e);
    tell("loudness", &since);
    struct master *m = master_create(&t, gain, ceiling);
    drain(m, &t, &e);
    tell("gain and limiter, on the way out", &since);
    master_destroy(m);
    tell("all", &start);
    printf("  %.2f LUFS, %.2f dBTP, gain %.2f dB\n", loud.lufs, loud.peak_dbtp, gain);
    remove_all(dir, speech);
    free(speech);
    free(s);
    return 0;
}
