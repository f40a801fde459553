/* fake_answers.c - what a good answer of the fake service is, for each of its routes */
#include "tests/support/fake_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "api/base64.h"
#include "gen/base/mem.h"
#include "gen/base/rand.h"
#include "tests/support/clips.h"
#include "tests/support/fake_media.h"

static uint64_t seed_of(const struct exchange *x, struct str text)
{
    return rng_from_text(text, 1).state ^ x->server->script.version;
}

static void make_png(struct exchange *x, struct str size, struct str prompt, struct buf *out)
{
    int w = 640, h = 360;
    char z[32];
    snprintf(z, sizeof z, STR_FMT, STR_ARG(size));
    char *by = strchr(z, 'x');
    if (by && strtol(z, NULL, 10) > 0 && strtol(by + 1, NULL, 10) > 0) {
        w = (int)strtol(z, NULL, 10);
        h = (int)strtol(by + 1, NULL, 10);
    }
    while (!x->server->script.full_size && w > x->server->script.widest)
        w /= 2, h /= 2;
    fake_png(out, w < 4 ? 4 : w, h < 4 ? 4 : h, seed_of(x, prompt));
    if (x->fault == FAULT_TRUNCATED)
        out->n = out->n * 2 / 3;
}

static void put_base64(struct buf *out, const char *before, struct buf *data, const char *after)
{
    buf_addz(out, before);
    base64_encode(out, data->p, data->n);
    buf_addz(out, after);
}

static void answer_image(struct exchange *x, const struct json *q)
{
    struct buf png = { 0 };
    make_png(x, json_str_or(q, "size", STR("")), x->text, &png);
    put_base64(&x->answer, "{\"created\":1,\"data\":[{\"b64_json\":\"", &png,
               "\"}],\"usage\":{\"input_tokens\":20,\"output_tokens\":1000,\"total_tokens\":1020}}");
    buf_deinit(&png);
}

static void answer_speech(struct exchange *x, const struct json *q)
{
    bool raw = str_is(json_str_or(q, "response_format", STR("")), "pcm");
    fake_wav(&x->answer, x->text, seed_of(x, x->text), raw);
    x->type = "application/octet-stream";
    if (x->fault == FAULT_TRUNCATED)
        x->answer.n = x->answer.n / 3;
}

/* A plan of effects for who asks for one, else words. */
static void answer_chat(struct exchange *x, const struct json *q)
{
    bool is_plan = x->body.n && memmem(x->body.p, x->body.n, "camera operator", 15);
    struct str say = x->say.p    ? x->say
                     : is_plan ? STR("{\"why\":\"it leads the eye\",\"effects\":[{\"type\":\"pan-left\",\"amount\":0.1}]}")
                               : STR("A quiet picture of the same thing.");
    (void)q;
    buf_addz(&x->answer, "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":"
                         "\"assistant\",\"refusal\":null,\"content\":");
    json_print_string(&x->answer, say);
    buf_addz(&x->answer, "}}],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120}}");
}

static void answer_times(struct exchange *x, const struct json *q)
{
    struct buf wav = { 0 }, chars = { 0 }, starts = { 0 }, ends = { 0 };
    double *t = mem_array(x->text.n + 1, sizeof *t);
    (void)q;
    fake_times(x->text, t);
    for (size_t i = 0; i < x->text.n;) {
        size_t n = 1;
        while (i + n < x->text.n && (x->text.p[i + n] & 0xc0) == 0x80)
            n++;
        buf_addz(&chars, i ? "," : "");
        json_print_string(&chars, (struct str){ x->text.p + i, n });
        buf_printf(&starts, "%s%.3f", i ? "," : "", t[i]);
        buf_printf(&ends, "%s%.3f", i ? "," : "", t[i + n]);
        i += n;
    }
    fake_wav(&wav, x->text, seed_of(x, x->text), false);
    put_base64(&x->answer, "{\"audio_base64\":\"", &wav, "\",\"alignment\":{");
    buf_printf(&x->answer,
               "\"characters\":[%s],\"character_start_times_seconds\":[%s],\"character_end_times_seconds\":[%s]}}",
               buf_str(&chars).p, buf_str(&starts).p, buf_str(&ends).p);
    buf_deinit(&wav);
    buf_deinit(&chars);
    buf_deinit(&starts);
    buf_deinit(&ends);
    free(t);
}

static void put_prediction(struct exchange *x, size_t id, const char *status)
{
    int port = x->server->port;
    buf_printf(&x->answer,
               "{\"id\":\"%zu\",\"status\":\"%s\",\"urls\":{\"get\":\"http://127.0.0.1:%d/v1/predictions/%zu\","
               "\"cancel\":\"http://127.0.0.1:%d/v1/predictions/%zu/cancel\"},\"output\":",
               id, status, port, id, port, id);
    if (strcmp(status, "succeeded") == 0 && x->server->predictions[id].is_clip)
        buf_printf(&x->answer, "\"http://127.0.0.1:%d/media/%zu?sig=s3cr3t\"}", port, id);
    else if (strcmp(status, "succeeded") == 0)
        buf_printf(&x->answer, "[\"http://127.0.0.1:%d/media/%zu?sig=s3cr3t\"]}", port, id);
    else
        buf_addz(&x->answer, "null}");
}

static void answer_submit(struct exchange *x, const struct json *q)
{
    struct fake_server *s = x->server;
    (void)q;
    if (s->n_predictions == MOST_PREDICTIONS)
        abort();
    size_t id = s->n_predictions++;
    buf_adds(&s->predictions[id].prompt, x->text);
    s->predictions[id].is_clip = strstr(x->path, "seedance") != NULL;
    put_prediction(x, id, s->script.polls == 0 ? "succeeded" : "starting");
    x->status = 201;
}

static struct prediction *prediction_of(struct exchange *x, size_t *id)
{
    const char *at = strstr(x->path, "/predictions/");
    at = at                                         ? at + strlen("/predictions/")
         : str_starts(str_from(x->path), "/media/") ? x->path + strlen("/media/")
                                                    : NULL;
    *id = at ? (size_t)strtoul(at, NULL, 10) : SIZE_MAX;
    return *id < x->server->n_predictions ? &x->server->predictions[*id] : NULL;
}

static void not_found(struct exchange *x)
{
    x->status = 404;
    buf_addz(&x->answer, "{\"detail\":\"not found\"}");
}

static void answer_poll(struct exchange *x, const struct json *q)
{
    size_t id;
    struct prediction *p = prediction_of(x, &id);
    (void)q;
    if (!p)
        not_found(x);
    else if (p->is_cancelled)
        put_prediction(x, id, "canceled");
    else if (++p->n_polls < x->server->script.polls)
        put_prediction(x, id, p->n_polls == 1 ? "starting" : "processing");
    else
        put_prediction(x, id, p->n_polls == x->server->script.polls && p->n_polls ? "processing" : "succeeded");
}

static void answer_cancel(struct exchange *x, const struct json *q)
{
    size_t id;
    struct prediction *p = prediction_of(x, &id);
    (void)q;
    if (!p) {
        not_found(x);
        return;
    }
    x->server->n_cancelled += !p->is_cancelled;
    p->is_cancelled = true;
    put_prediction(x, id, "canceled");
}

static void put_clip(struct exchange *x)
{
    const struct clip_recipe r = { .w = 128, .h = 72, .n = 72, .is_black = x->fault == FAULT_BLACK,
                                   .has_fast_start = true };
    x->type = "video/mp4";
    clip_make(&r, &x->answer);
    if (x->fault == FAULT_TRUNCATED)
        x->answer.n = x->answer.n * 2 / 3;
}

/* What lies at an address, by the ending of its name: a picture, a recording or a clip. */
static void put_file(struct exchange *x, struct str name)
{
    if (str_ends(name, ".mp4")) {
        put_clip(x);
    } else if (str_ends(name, ".wav")) {
        x->type = "audio/wav";
        fake_wav(&x->answer, STR("one two three"), 1, false);
    } else {
        x->type = "image/png";
        make_png(x, STR("640x360"), name, &x->answer);
    }
}

static void answer_media(struct exchange *x, const struct json *q)
{
    size_t id;
    struct prediction *p = prediction_of(x, &id);
    (void)q;
    if (str_starts(str_from(x->path), "/media/files/")) {
        put_file(x, str_from(x->path + strlen("/media/files/")));
        return;
    }
    if (!p) {
        not_found(x);
        return;
    }
    if (p->is_clip) {
        put_clip(x);
        return;
    }
    x->type = "image/png";
    make_png(x, STR("640x360"), buf_str(&p->prompt), &x->answer);
}

static void answer_other(struct exchange *x, const struct json *q)
{
    (void)q;
    not_found(x);
}

const struct fake_answer fake_answers[N_ROUTES] = {
    [ROUTE_IMAGE] = { answer_image, "prompt", true, true },   [ROUTE_SPEECH] = { answer_speech, "input", true, true },
    [ROUTE_CHAT] = { answer_chat, "messages", true, true },
    [ROUTE_TIMES] = { answer_times, "text", true, true },     [ROUTE_SUBMIT] = { answer_submit, "input", true, true },
    [ROUTE_POLL] = { answer_poll, NULL, false, true },        [ROUTE_CANCEL] = { answer_cancel, NULL, false, true },
    [ROUTE_MEDIA] = { answer_media, NULL, false, false },     [ROUTE_OTHER] = { answer_other, NULL, false, false },
};
