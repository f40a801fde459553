/* decode.c - tests of foreign pictures and sound: what decodes, what is refused and why, and what the child may not do */
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>
#include "compose/check.h"
#include "compose/child.h"
#include "compose/confine.h"
#include "compose/decode.h"
#include "gen/base/fd.h"
#include "gen/media.h"
#include "tests/support/media.h"
#include "tests/support/test.h"

static bool decode_picture(struct str bytes, struct picture *p, struct err *e)
{
    int fd = media_fd(bytes.p, bytes.n);
    bool ok = picture_decode(fd, p, e);
    close(fd);
    return ok;
}

static bool decode_sound(struct str bytes, struct sound *s, struct err *e)
{
    int fd = media_fd(bytes.p, bytes.n);
    bool ok = sound_decode(fd, s, e);
    close(fd);
    return ok;
}

static bool check(enum asset_kind kind, struct str bytes, struct media_info *info, struct err *e)
{
    struct word *words = NULL;
    size_t n = 0;
    int fd = media_fd(bytes.p, bytes.n);
    bool ok = media_check(kind, fd, STR("two words"), STR(""), info, &words, &n, e);
    close(fd);
    free(words);
    return ok;
}

static double tone(int64_t i, int channel)
{
    (void)channel;
    return 0.5 * sin((double)i * 0.05);
}

static double whisper(int64_t i, int channel)
{
    (void)i, (void)channel;
    return 0.0009;                              /* -60.9 dBFS */
}

TEST(png_jpeg_and_webp_become_pixels)
{
    static const struct { const char *codec, *type; } rows[] = { { "png", "png" }, { "mjpeg", "jpeg" }, { "libwebp", "webp" } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct picture p;
        struct err e = { 0 };
        CHECK_ROW(rows[i].codec, media_picture(rows[i].codec, 67, 45, &b));
        CHECK_ROW(e.msg, decode_picture(buf_str(&b), &p, &e));
        CHECK_STR(rows[i].codec, rows[i].type, str_from(p.type));
        CHECK_INT(rows[i].codec, 67, p.width);
        CHECK_INT(rows[i].codec, 45, p.height);
        CHECK_ROW(rows[i].codec, !p.has_alpha && !picture_is_flat(&p));
        if (i == 0) {                           /* the pattern of media_picture, RGB in, BGRA out */
            CHECK_INT("blue of (1, 1)", 5 * 3 + 5, p.bgra[p.stride + 4]);
            CHECK_INT("red of (1, 1)", 3 * 3 + 5, p.bgra[p.stride + 4 + 2]);
        }
        picture_deinit(&p);
        buf_deinit(&b);
    }
}

TEST(a_picture_that_was_cut_anywhere_is_refused)
{
    static const char *const codecs[] = { "png", "mjpeg", "libwebp" };
    for (size_t i = 0; i < COUNTOF(codecs); i++) {
        struct buf b = { 0 };
        CHECK(media_picture(codecs[i], 200, 100, &b));
        for (size_t k = 1; k <= 8; k++) {
            struct picture p;
            struct err e = { 0 };
            CHECK_ROW(codecs[i], !decode_picture((struct str){ b.p, b.n - (k == 1 ? 1 : b.n * (k - 1) / 8) }, &p, &e));
            CHECK_INT(e.msg, ERR_MEDIA, e.code);
        }
        buf_deinit(&b);
    }
}

TEST(a_damaged_png_is_refused)
{
    struct buf b = { 0 };
    struct picture p;
    struct err e = { 0 };
    CHECK(media_picture("png", 200, 100, &b));
    b.p[b.n / 2] ^= 0x40;
    CHECK(!decode_picture(buf_str(&b), &p, &e));
    CHECK_INT(e.msg, ERR_MEDIA, e.code);
    buf_deinit(&b);
}

TEST(an_announced_size_over_the_limit_is_refused_before_decoding)
{
    struct buf b = { 0 };
    struct picture p;
    struct err e = { 0 };
    CHECK(media_picture("png", 16, 16, &b));
    memcpy(b.p + 16, "\x00\x00\x3a\x98\x00\x00\x3a\x98", 8); /* 15000 x 15000 */
    CHECK(!decode_picture(buf_str(&b), &p, &e));
    CHECK_ROW(e.msg, strstr(e.msg, "too large") != NULL);
    buf_deinit(&b);
}

TEST(a_jpeg_is_turned_as_its_exif_says)
{
    static const char app1[] = "\xff\xe1\x00\x22" "Exif\0\0" "MM\0*\0\0\0\x08" "\0\x01" "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" "\0\0\0\0";
    struct buf b = { 0 }, turned = { 0 };
    struct picture p, q;
    struct err e = { 0 };
    CHECK(media_picture("mjpeg", 64, 32, &b));
    buf_add(&turned, b.p, 2);
    buf_add(&turned, app1, sizeof app1 - 1);
    buf_add(&turned, b.p + 2, b.n - 2);
    CHECK_ROW(e.msg, decode_picture(buf_str(&b), &p, &e) && decode_picture(buf_str(&turned), &q, &e));
    CHECK_INT("width", 32, q.width);
    CHECK_INT("height", 64, q.height);
    /* Orientation 6: the first row is seen as the right-hand column (Exif 2.32, 4.6.4). */
    CHECK(memcmp(p.bgra, q.bgra + 31 * 4, 4) == 0);
    CHECK(memcmp(p.bgra + 63 * 4, q.bgra + 63 * q.stride + 31 * 4, 4) == 0);
    picture_deinit(&p);
    picture_deinit(&q);
    buf_deinit(&b);
    buf_deinit(&turned);
}

TEST(what_is_no_picture_is_called_by_its_name)
{
    static const struct { const char *name, *bytes, *says; } rows[] = {
        { "nothing", "", "empty" },
        { "HTML", "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>", "an HTML page: \"502 Bad Gateway\"" },
        { "HTML without a title", "<html><body>no", "an HTML page" },
        { "JSON", "{\"error\": \"quota\"}", "JSON, not media: \"{\"error\": \"quota\"}\"" },
        { "text", "please try again", "text, not media: \"please try again\"" },
        { "escape in a title", "<html><title>a\x1b[2J</title>", "a\\x1B[2J" },
        { "GIF", "GIF89a\x01\x02\x03", "not one frame" },
        { "sound", "ID3\x04 and so on", "an MP3 sound" },
        { "noise", "\x01\x02\x03\x04\x05\x06\x07\x08", "01 02 03 04" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct media_info info;
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, !check(ASSET_IMAGE, str_from(rows[i].bytes), &info, &e));
        CHECK_INT(rows[i].name, ERR_MEDIA, e.code);
        CHECK_ROW(e.msg, strstr(e.msg, rows[i].says) != NULL);
    }
}

TEST(an_svg_file_is_a_picture_too)
{
    struct picture p;
    struct err e = { 0 };
    CHECK_ROW(e.msg, decode_picture(STR("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 200 100\">"
                                        "<rect width=\"100\" height=\"100\" fill=\"#ff8000\" fill-opacity=\"0.5\"/></svg>"), &p, &e));
    CHECK_STR("type", "svg", str_from(p.type));
    CHECK_INT("width", 3840, p.width);
    CHECK_INT("height", 1920, p.height);
    CHECK(p.has_alpha);
    const uint8_t *in = p.bgra + 500 * p.stride + 4 * 500;
    CHECK_NEAR("straight red", 255, in[2], 1);
    CHECK_NEAR("straight green", 128, in[1], 2);
    CHECK_NEAR("alpha", 128, in[3], 1);
    CHECK_INT("outside", 0, p.bgra[500 * p.stride + 4 * 3000 + 3]);
    picture_deinit(&p);
    CHECK(!decode_picture(STR("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 2 1\"><rect"), &p, &e));
    CHECK_INT(e.msg, ERR_MEDIA, e.code);
}

static double first_of(int64_t i, int channel)
{
    (void)channel;
    return i < 4800 ? 0.4 : 0;
}

TEST(every_accepted_kind_of_sound_decodes_to_its_exact_length)
{
    static const struct { const char *format, *codec, *type; int rate, channels, slack; } rows[] = {
        { "wav", "pcm_s16le", "wav", 44100, 2, 0 },
        { "wav", "pcm_s16le", "wav", 8000, 1, 0 },
        { "flac", "flac", "flac", 48000, 1, 0 },
        { "mp3", "libmp3lame", "mp3", 44100, 1, 0 },
        { "ogg", "libopus", "ogg", 48000, 1, 0 },
        { "ogg", "libvorbis", "ogg", 44100, 2, 0 },
        { "ipod", "aac", "mp4", 44100, 2, 2300 },   /* without an edit list AAC's padding stays: up to 1024 + 1024 */
        { "adts", "aac", "aac", 44100, 1, 2300 },
        { "webm", "libopus", "webm", 48000, 1, 0 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct sound s = { 0 };
        struct err e = { 0 };
        if (!media_sine(rows[i].format, rows[i].codec, rows[i].rate, rows[i].channels, 1.5, &b)) {
            CHECK_ROW(rows[i].format, strcmp(rows[i].codec, "libmp3lame") == 0);
            continue;
        }
        CHECK_ROW(e.msg, decode_sound(buf_str(&b), &s, &e));
        CHECK_STR(rows[i].format, rows[i].type, str_from(s.type));
        CHECK_INT(rows[i].format, rows[i].channels, s.channels);
        CHECK_NEAR(rows[i].format, 1.5 * SAMPLE_RATE, (double)s.n_samples, rows[i].slack);
        CHECK_NEAR(rows[i].format, 0.5, sound_peak(&s), strcmp(rows[i].format, "adts") ? 0.06 : 0.3); /* its first frame is unprimed */
        sound_deinit(&s);
        buf_deinit(&b);
    }
}

TEST(a_wav_that_lies_about_its_length_is_read_to_its_end)
{
    static const struct { const char *name; int64_t told; } rows[] = {
        { "0xffffffff", 0xffffffff }, { "0x7fffffff", 0x7fffffff }, { "0", 0 }, { "the truth", -1 },
        { "2000000000", 2000000000 }, { "0xffffffff less a header", 0xffffffff - 44 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct sound s = { 0 };
        struct err e = { 0 };
        media_wav(&b, 24000, 1, 24000, tone, rows[i].told);
        CHECK_ROW(e.msg, decode_sound(buf_str(&b), &s, &e));
        CHECK_INT(rows[i].name, SAMPLE_RATE, s.n_samples);
        sound_deinit(&s);
        buf_deinit(&b);
    }
}

/* What FFmpeg and C2PA signers append: an odd chunk has a byte of padding behind it, or has forgotten it. */
TEST(chunks_behind_the_samples_of_a_wav_are_not_heard)
{
    static const char list[] = "LIST\x1a\0\0\0INFOISFT\x0e\0\0\0Lavf59.27.100\0", odd[] = "C2PA\x05\0\0\0manif\0";
    static const struct { const char *name; int64_t told; int n_list, n_odd, cut; } rows[] = {
        { "after a true length", -1, 1, 0, 0 },       { "after 0xffffffff", 0xffffffff, 1, 0, 0 },
        { "after 0", 0, 1, 0, 0 },                    { "two of them", 0xffffffff, 1, 1, 0 },
        { "an odd one", 0x7fffffff, 0, 1, 0 },        { "an odd one without its padding", 0x7fffffff, 0, 1, 1 },
        { "an odd one after a true length", -1, 0, 1, 0 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct sound s = { 0 };
        struct err e = { 0 };
        media_wav(&b, 24000, 1, 24000, tone, rows[i].told);
        for (int k = 0; k < rows[i].n_list; k++)
            buf_add(&b, list, sizeof list - 1);
        for (int k = 0; k < rows[i].n_odd; k++)
            buf_add(&b, odd, sizeof odd - 1);
        CHECK_ROW(e.msg, decode_sound((struct str){ b.p, b.n - (size_t)rows[i].cut }, &s, &e));
        CHECK_INT(rows[i].name, SAMPLE_RATE, s.n_samples);
        sound_deinit(&s);
        buf_deinit(&b);
    }
}

TEST(sound_that_was_cut_is_refused_when_its_header_counts)
{
    static const struct { const char *format, *codec; } rows[] = { { "wav", "pcm_s16le" }, { "flac", "flac" }, { "ipod", "aac" }, { "mp3", "libmp3lame" } };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct sound s = { 0 };
        struct err e = { 0 };
        if (!media_sine(rows[i].format, rows[i].codec, 44100, 1, 4, &b))
            continue;
        CHECK_ROW(rows[i].format, !decode_sound((struct str){ b.p, b.n * 6 / 10 }, &s, &e));
        CHECK_INT(e.msg, ERR_MEDIA, e.code);
        sound_deinit(&s);
        buf_deinit(&b);
    }
}

TEST(sound_keeps_its_place_when_it_is_resampled)
{
    struct buf b = { 0 };
    struct sound s = { 0 };
    struct err e = { 0 };
    media_wav(&b, 8000, 1, 16000, first_of, -1);
    CHECK_ROW(e.msg, decode_sound(buf_str(&b), &s, &e));
    CHECK_INT("length", 2 * SAMPLE_RATE, s.n_samples);
    CHECK_NEAR("in the middle", 0.4, (double)s.pcm[14400], 0.02);
    CHECK_NEAR("half way down at the edge", 0.2, (double)s.pcm[28797], 0.1); /* between 8 kHz samples 4799 and 4800 */
    CHECK_NEAR("after it", 0, (double)s.pcm[43200], 0.02);
    sound_deinit(&s);
    buf_deinit(&b);
}

/* Of 7.1: a tone in the channel that is looked at, of 0.25. */
static int tone_in;
static double one_channel(int64_t i, int c)
{
    return c == tone_in ? 0.25 * sin((double)i * 0.01) : 0;
}

/* As in ITU-R BS.775: the centre and each surround go to their sides 3 dB lower, the low-frequency channel nowhere. */
TEST(eight_channels_at_192_khz_become_two_at_48)
{
    static const struct { const char *name; int channel; double left, right; } rows[] = {
        { "front left", 0, 0.25, 0 },     { "front right", 1, 0, 0.25 },  { "centre", 2, 0.1768, 0.1768 }, { "low frequencies", 3, 0, 0 },
        { "back left", 4, 0.1768, 0 },    { "back right", 5, 0, 0.1768 }, { "side left", 6, 0.1768, 0 },   { "side right", 7, 0, 0.1768 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = { 0 };
        struct sound s = { 0 };
        struct err e = { 0 };
        double peak[2] = { 0, 0 };
        tone_in = rows[i].channel;
        media_wav(&b, 192000, 8, 38400, one_channel, -1);
        CHECK_ROW(e.msg, decode_sound(buf_str(&b), &s, &e));
        CHECK_INT("channels", 2, s.channels);
        CHECK_INT("length", 9600, s.n_samples);
        for (int64_t k = 1000; k < 8000; k++)
            for (int c = 0; c < 2; c++)
                peak[c] = fmax(peak[c], fabs((double)s.pcm[2 * k + c]));
        CHECK_NEAR(rows[i].name, rows[i].left, peak[0], 0.003);
        CHECK_NEAR(rows[i].name, rows[i].right, peak[1], 0.003);
        sound_deinit(&s);
        buf_deinit(&b);
    }
}

TEST(silence_is_no_speech_and_one_colour_is_no_picture)
{
    struct buf b = { 0 };
    struct media_info info;
    struct err e = { 0 };
    media_wav(&b, 24000, 1, 24000, whisper, -1);
    CHECK(!check(ASSET_SPEECH, buf_str(&b), &info, &e));
    CHECK_ROW(e.msg, strstr(e.msg, "silence") != NULL);
    buf_clear(&b);
    /* A PNG of 8 x 8 grey pixels, all 0x20. */
    static const char flat[] = "\x89PNG\r\n\x1a\n\0\0\0\x0d" "IHDR\0\0\0\x08\0\0\0\x08\x08\0\0\0\0\xe1\x64\xe1\x57\0\0\0\x0e" "IDAT"
                               "\x78\xda\x63\x50\x80\x02\x06\xca\x18\0\x20\x57\x08\x01\x1d\xb8\xfc\x88\0\0\0\0IEND\xae\x42\x60\x82";
    bool ok = check(ASSET_IMAGE, (struct str){ flat, sizeof flat - 1 }, &info, &e);
    CHECK(!ok);
    CHECK_ROW(e.msg, strstr(e.msg, "flat colour") != NULL);
    buf_deinit(&b);
}

TEST(an_html_page_instead_of_speech_says_so)
{
    struct media_info info;
    struct err e = { 0 };
    CHECK(!check(ASSET_SPEECH, STR("<html><head><title>Sign in</title>"), &info, &e));
    CHECK_ROW(e.msg, strstr(e.msg, "\"Sign in\"") != NULL);
}

/* ---------- the child process ---------- */

static bool crash(struct child *c, struct err *e)
{
    (void)c, (void)e;
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
    return true;
}

static bool hang(struct child *c, struct err *e)
{
    (void)c, (void)e;
    for (;;)
        pause();
    return true;
}

static bool quit(struct child *c, struct err *e)
{
    (void)c, (void)e;
    _exit(0);
}

static bool echo(struct child *c, struct err *e)
{
    memcpy(c->answer, c->job.p, c->n_answer);
    return fd_write(c->data, c->job.p, c->job.n, e);
}

static bool complain(struct child *c, struct err *e)
{
    (void)c;
    return err_set(e, ERR_LESSON, "no \x1b[1m");
}

/* A bit for each descriptor that is open, and 1 << 31 when a key is in the environment. */
static bool look_round(struct child *c, struct err *e)
{
    uint32_t seen = getenv("VIDGEN_TEST_KEY") ? 1u << 31 : 0;
    (void)e;
    for (int fd = 0; fd < 31; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            seen |= 1u << fd;
    memcpy(c->answer, &seen, sizeof seen);
    return true;
}

static void *nothing(void *ctx)
{
    return ctx;
}

/* Bit i: what the i-th row tries can be done. */
static bool trespass(struct child *c, struct err *e)
{
    static char *const none[] = { NULL };
    uint32_t can = 0;
    pthread_t t;
    (void)e;
    can |= (uint32_t)(socket(AF_INET, SOCK_STREAM, 0) >= 0) << 0;
    can |= (uint32_t)(socket(AF_UNIX, SOCK_STREAM, 0) >= 0) << 1;
    can |= (uint32_t)(open("/tmp/vidgen-trespass", O_WRONLY | O_CREAT, 0600) >= 0) << 2;
    can |= (uint32_t)(execve("/bin/true", none, none) == 0) << 3;
    can |= (uint32_t)(fork() >= 0) << 4;
    can |= (uint32_t)(kill(getppid(), 0) == 0) << 5;
    can |= (uint32_t)(ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0) << 6;
    can |= (uint32_t)(unlink("/tmp/vidgen-trespass") == 0) << 7;
    can |= (uint32_t)(pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0) << 8;
    can |= (uint32_t)(open("/etc/passwd", O_RDONLY) >= 0) << 9;
    can |= (uint32_t)(confine_files() && open("/etc/passwd", O_RDONLY) >= 0) << 10;
    memcpy(c->answer, &can, sizeof can);
    return true;
}

extern const struct worker test_workers[];
const struct worker test_workers[] = {
    { "test-crash", crash, 4, 0 }, { "test-hang", hang, 4, 0 },         { "test-quit", quit, 4, 0 }, { "test-echo", echo, 4, 0 },
    { "test-complain", complain, 4, 0 }, { "test-look", look_round, 4, 0 }, { "test-trespass", trespass, 4, 0 }, { 0 },
};

static bool run(const char *name, struct str job, int64_t wall_ms, uint32_t *answer, const void **data, size_t *n, struct err *e)
{
    return child_run(name, job, -1, wall_ms, answer, sizeof *answer, data, n, e);
}

TEST(a_worker_gives_its_answer_and_its_data_back)
{
    const void *data = NULL;
    size_t n = 0;
    uint32_t answer = 0;
    struct err e = { 0 };
    CHECK_ROW(e.msg, run("test-echo", STR("abcdefgh"), 10000, &answer, &data, &n, &e));
    CHECK(memcmp(&answer, "abcd", 4) == 0);
    CHECK_INT("data", 8, n);
    CHECK(memcmp(data, "abcdefgh", 8) == 0);
    munmap((void *)(uintptr_t)data, n);
}

TEST(workers_go_on_when_the_process_that_they_come_from_was_killed)
{
    const void *data = NULL;
    size_t n = 0;
    uint32_t answer = 0;
    struct err e = { 0 };
    int pid = 0;
    CHECK_ROW(e.msg, run("test-echo", STR("abcd"), 10000, &answer, &data, &n, &e));
    munmap((void *)(uintptr_t)data, n);
    FILE *children = fopen("/proc/thread-self/children", "r");
    if (!children)
        return;                                 /* a kernel that does not list them */
    while (fscanf(children, "%d", &pid) == 1)
        kill(pid, SIGKILL);
    fclose(children);
    CHECK(pid > 0);
    CHECK_ROW(e.msg, run("test-echo", STR("efgh"), 10000, &answer, &data, &n, &e));
    CHECK(memcmp(&answer, "efgh", 4) == 0);
    munmap((void *)(uintptr_t)data, n);
}

TEST(a_worker_that_crashes_hangs_or_leaves_is_an_error)
{
    static const struct { const char *name; int wall_ms; enum err_code code; const char *says; } rows[] = {
        { "test-crash", 10000, ERR_MEDIA, "" },
        { "test-hang", 50, ERR_RENDER, "given up" },
        { "test-quit", 10000, ERR_INTERNAL, "without an answer" },
        { "test-complain", 10000, ERR_LESSON, "no \\x1B[1m" },
        { "test-none", 10000, ERR_INTERNAL, "without an answer" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        const void *data = NULL;
        size_t n = 0;
        uint32_t answer;
        struct err e = { 0 };
        CHECK_ROW(rows[i].name, !run(rows[i].name, STR("x"), rows[i].wall_ms, &answer, &data, &n, &e));
        CHECK_INT(e.msg, rows[i].code, e.code);
        CHECK_ROW(e.msg, strstr(e.msg, rows[i].says) != NULL);
    }
}

TEST(a_worker_can_start_a_thread_and_read_a_font_and_nothing_else)
{
    enum { THREAD = 1 << 8, FONT = 1 << 9 };
    const void *data = NULL;
    size_t n = 0;
    uint32_t can = 0;
    struct err e = { 0 };
    if (prctl(PR_GET_SECCOMP) < 0)
        return;                                 /* a kernel without filters */
    CHECK_ROW(e.msg, run("test-trespass", STR("x"), 10000, &can, &data, &n, &e));
    CHECK_INT("what it can do", THREAD | FONT, can);
}

TEST(a_worker_sees_no_descriptor_and_no_variable_that_it_does_not_need)
{
    const void *data = NULL;
    size_t n = 0;
    uint32_t seen = 0;
    struct err e = { 0 };
    int leak = dup(0);                          /* without O_CLOEXEC */
    setenv("VIDGEN_TEST_KEY", "secret", 1);
    CHECK_ROW(e.msg, run("test-look", STR("x"), 10000, &seen, &data, &n, &e));
    unsetenv("VIDGEN_TEST_KEY");
    close(leak);
    CHECK_INT("descriptors", 0x7f, seen);
}
