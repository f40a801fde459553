/* lifted.c - tests of api/job and api/result: media inside JSON in all the forms that services send, through the transport */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "gen/base/fd.h"
#include "gen/base/json.h"
#include "api/base64.h"
#include "tests/support/fake_media.h"
#include "tests/support/rig.h"
#include "tests/support/test.h"

static bool has(struct str in, const char *text)
{
    return memmem(in.p, in.n, text, strlen(text)) != NULL;
}

struct forms {
    struct buf png, text;                       /* media; the same in base64 */
};

static void forms_make(struct forms *f, int side)
{
    *f = (struct forms){ .text = BUF_INIT(64 * MIB) };
    fake_png(&f->png, side, side, 7);
    base64_encode(&f->text, f->png.p, f->png.n);
}

static void forms_free(struct forms *f)
{
    buf_deinit(&f->png);
    buf_deinit(&f->text);
}

/* How the characters are written. */
enum { PLAIN, URL, NO_PADS, BROKEN_LINES, SLASHES, SPACES };

static void write_as(struct buf *out, struct str text, int how)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (how == BROKEN_LINES && i % 76 == 0)
            buf_addz(out, "\\r\\n");
        if (how == SPACES && i == 9000)
            buf_addz(out, " \\t");
        if (how == SLASHES && c == '/')
            buf_addc(out, '\\');
        if (how == NO_PADS && c == '=')
            continue;
        buf_addc(out, how == URL && c == '+' ? '-' : how == URL && c == '/' ? '_' : c);
    }
}

/* Makes the service answer all with this text. */
static void answer(struct rig *r, struct str body)
{
    struct buf script = BUF_INIT(64 * MIB);
    struct err e = { 0 };
    buf_addz(&script, "{\"rules\":[{\"body\":");
    json_print_string(&script, body);
    buf_addz(&script, "}]}");
    CHECK_ROW(e.msg, fake_server_script(r->server, buf_str(&script).p, &e));
    buf_deinit(&script);
}

static void check_file(const char *name, int fd, const struct buf *want)
{
    char *got = mem_alloc(want->n + 1);
    CHECK_INT(name, want->n, fd_read_at(fd, got, want->n + 1, 0));
    CHECK_ROW(name, memcmp(got, want->p, want->n) == 0);
    free(got);
}

static void add_numbers(struct buf *b, int n)
{
    buf_addz(b, "[");
    for (int i = 0; i < n; i++)
        buf_printf(b, "%d,", i);
    buf_addz(b, "0]");
}

TEST(media_inside_json_are_the_same_in_every_form)
{
    static const struct { const char *name, *before; int side, how, n_numbers; bool has_another; } rows[] = {
        { "small", "", 40, PLAIN, 0, false },
        { "small, broken lines", "", 40, BROKEN_LINES, 0, false },
        { "as they are", "", 400, PLAIN, 0, false },
        { "a prefix", "data:image/png;base64,", 400, PLAIN, 0, false },
        { "URL alphabet", "", 400, URL, 0, false },
        { "no padding", "", 401, NO_PADS, 0, false },
        { "no padding", "", 402, NO_PADS, 0, false },
        { "broken lines", "", 400, BROKEN_LINES, 0, false },
        { "slashes escaped", "data:image\\/png;base64,", 400, SLASHES, 0, false },
        { "white space in it", "", 400, SPACES, 0, false },
        { "much text before", "", 400, PLAIN, 20000, false },
        { "much text before, broken lines", "", 400, BROKEN_LINES, 20000, false },
        { "others before", "", 400, PLAIN, 0, true },
        { "others and much text before", "data:image/png;base64,", 400, URL, 20000, true },
    };
    struct rig r;
    rig_open(&r, NULL, NULL);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct forms f;
        struct buf b = BUF_INIT(64 * MIB);
        forms_make(&f, rows[i].side);
        buf_addz(&b, "{\"numbers\":");
        add_numbers(&b, rows[i].n_numbers);
        if (rows[i].has_another) {
            buf_addz(&b, ",\"thumb\":\"");
            buf_add(&b, f.text.p, f.text.n / 8 * 4);
            buf_addz(&b, "\"");
        }
        buf_printf(&b, ",\"data\":[{\"b64_json\":\"%s", rows[i].before);
        write_as(&b, buf_str(&f.text), rows[i].how);
        buf_addz(&b, "\"}],\"usage\":{\"input_tokens\":20,\"output_tokens\":1000}}");
        answer(&r, buf_str(&b));
        struct job_event ev = rig_run(&r, "openai-image", "a cell");
        CHECK_STR(rows[i].name, "", str_from(ev.err.msg));
        CHECK_INT(rows[i].name, JOB_DONE, ev.type);
        CHECK_ROW(rows[i].name, ev.cost_known);
        check_file(rows[i].name, r.fd, &f.png);
        rig_event_deinit(&ev);
        forms_free(&f);
        buf_deinit(&b);
    }
    rig_close(&r);
}

TEST(raw_samples_and_data_addresses_inside_json_find_their_place)
{
    struct rig r;
    struct err e = { 0 };
    struct forms f;
    struct buf b = BUF_INIT(64 * MIB), wav = { 0 };
    char text[500];
    rig_open(&r, NULL, NULL);
    int port = fake_server_port(r.server);
    snprintf(text, sizeof text, "id: sample-speech\nextends: openai-speech\nbase: \"http://127.0.0.1:%d/v1\"\n"
             "result: {at: /audio, as: base64, pcm: 24000}\n", port);
    rig_provider(&r, "sample-speech.yaml", text);
    snprintf(text, sizeof text, "id: address\nextends: openai-image\nbase: \"http://127.0.0.1:%d/v1\"\n"
             "result: {at: /output, as: url}\n", port);
    rig_provider(&r, "address.yaml", text);
    http_transport_destroy(r.transport);
    r.transport = http_transport_create(r.config, r.providers, &clock_monotonic, r.logger, &e);
    CHECK_ROW(e.msg, r.transport != NULL);

    fake_wav(&wav, STR("one two three"), 3, false);
    buf_addz(&b, "{\"audio\":\"");
    base64_encode(&b, wav.p + 44, wav.n - 44);
    buf_addz(&b, "\"}");
    answer(&r, buf_str(&b));
    struct job_event ev = rig_run(&r, "sample-speech", "one two three");
    CHECK_STR("samples", "", str_from(ev.err.msg));
    check_file("samples", r.fd, &wav);
    rig_event_deinit(&ev);

    buf_clear(&b);                              /* media after all, and not the first */
    forms_make(&f, 300);
    buf_addz(&b, "{\"other\":\"");
    buf_adds(&b, buf_str(&f.text));
    buf_addz(&b, "\",\"audio\":\"");
    base64_encode(&b, wav.p, wav.n);
    buf_addz(&b, "\"}");
    answer(&r, buf_str(&b));
    ev = rig_run(&r, "sample-speech", "one two three");
    CHECK_STR("a WAV", "", str_from(ev.err.msg));
    check_file("a WAV", r.fd, &wav);
    rig_event_deinit(&ev);

    buf_clear(&b);
    buf_addz(&b, "{\"output\":\"data:image/png;base64,");
    buf_adds(&b, buf_str(&f.text));
    buf_addz(&b, "\"}");
    answer(&r, buf_str(&b));
    ev = rig_run(&r, "address", "a cell");
    CHECK_STR("an address with data", "", str_from(ev.err.msg));
    check_file("an address with data", r.fd, &f.png);
    rig_event_deinit(&ev);

    buf_clear(&b);
    buf_addz(&b, "{\"output\":\"");
    buf_adds(&b, buf_str(&f.text));
    buf_addz(&b, "\"}");
    answer(&r, buf_str(&b));
    ev = rig_run(&r, "address", "a cell");
    rig_event_deinit(&ev);
    ev = rig_run(&r, "address", "a cell");
    CHECK_INT("no address", ERR_CONFIG, ev.err.code);
    CHECK_ROW(ev.err.msg, has(str_from(ev.err.msg), "empty, too long or has control characters"));
    rig_event_deinit(&ev);
    forms_free(&f);
    buf_deinit(&b);
    buf_deinit(&wav);
    rig_close(&r);
}

TEST(what_is_no_base64_is_told_as_ever_however_late_it_shows)
{
    static const struct { const char *name; size_t keep; const char *more, *says; enum err_code code; } rows[] = {
        { "a character", 20000, "!AAA", "not base64: byte 0x21 at 20000", ERR_MEDIA },
        { "a character in large media", 150000, "!", "not base64: byte 0x21 at 150000", ERR_MEDIA },
        { "an escape", 20000, "\\u0021", "not base64: byte 0x21 at 20000", ERR_MEDIA },
        { "UTF-8", 20000, "\xc3\xa4", "not base64: byte 0xc3 at 20000", ERR_MEDIA },
        { "after the padding", 20000, "QQ==QUJD", "base64 goes on after its padding, at 20004", ERR_MEDIA },
        { "cut", 20001, "", "base64 that ends in the middle", ERR_MEDIA },
        { "wrong padding", 20000, "QQ=", "base64 that ends in the middle", ERR_MEDIA },
        { "bits", 20000, "QR==", "base64 whose last bits are not zero", ERR_MEDIA },
        { "an unfinished escape", 20000, "\\", "answered with something that is not JSON: {\"data\":[{\"b64_json\":\"iVBORw0", ERR_SERVER },
        { "no JSON", 20000, "\"", "answered with something that is not JSON: {\"data\":[{\"b64_json\":\"iVBORw0", ERR_SERVER },
    };
    struct rig r;
    struct forms f;
    rig_open(&r, NULL, NULL);
    forms_make(&f, 400);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct buf b = BUF_INIT(64 * MIB);
        buf_addz(&b, "{\"data\":[{\"b64_json\":\"");
        buf_add(&b, f.text.p, rows[i].keep);
        buf_printf(&b, "%s\"}]}", rows[i].more);
        answer(&r, buf_str(&b));
        struct job_event ev = rig_run(&r, "openai-image", "a cell");
        CHECK_INT(rows[i].name, rows[i].code, ev.err.code);
        CHECK_ROW(ev.err.msg, has(str_from(ev.err.msg), rows[i].says));
        CHECK_INT(rows[i].name, 0, ev.status);
        rig_event_deinit(&ev);
        buf_deinit(&b);
    }
    forms_free(&f);
    rig_close(&r);
}

TEST(words_of_a_long_answer_are_told_and_limits_hold_for_what_is_decoded)
{
    struct rig r;
    struct forms f;
    struct buf b = BUF_INIT(64 * MIB);
    rig_open(&r, NULL, "limits: {media_bytes: 70000, answer_bytes: 300000}\n");
    forms_make(&f, 300);
    buf_addz(&b, "{\"error\":{\"message\":\"this cannot be drawn ");
    buf_adds(&b, buf_str(&f.text));
    buf_addz(&b, "\",\"code\":\"content_policy_violation\"}}");
    answer(&r, buf_str(&b));
    struct job_event ev = rig_run(&r, "openai-image", "a cell");
    CHECK_INT("class", ERR_POLICY, ev.err.code);
    CHECK_ROW(ev.err.msg, has(str_from(ev.err.msg), "this cannot be drawn iVBORw0"));
    rig_event_deinit(&ev);
    buf_clear(&b);
    buf_addz(&b, "{\"data\":[{\"b64_json\":\"");
    buf_adds(&b, buf_str(&f.text));
    buf_addz(&b, "\"}]}");
    answer(&r, buf_str(&b));
    ev = rig_run(&r, "openai-image", "a cell");
    CHECK_INT("media", ERR_MEDIA, ev.err.code);
    CHECK_ROW(ev.err.msg, has(str_from(ev.err.msg), "base64 of more than 70000 bytes"));
    rig_event_deinit(&ev);
    forms_free(&f);
    forms_make(&f, 600);
    buf_clear(&b);
    buf_addz(&b, "{\"data\":[{\"b64_json\":\"");
    buf_adds(&b, buf_str(&f.text));
    buf_addz(&b, "\"}]}");
    answer(&r, buf_str(&b));
    ev = rig_run(&r, "openai-image", "a cell");
    CHECK_INT("answer", ERR_SERVER, ev.err.code);
    CHECK_ROW(ev.err.msg, has(str_from(ev.err.msg), "limits.answer_bytes"));
    rig_event_deinit(&ev);
    forms_free(&f);
    buf_deinit(&b);
    rig_close(&r);
}
