/* doctor_tools.c - do drawing, speaking and encoding work here, and which letters can be written? */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "cmd/doctor.h"
#include "compose/abilities.h"
#include "compose/fonts.h"
#include "compose/renderer.h"
#include "gen/base/mem.h"
#include "gen/config.h"

enum { TRIED_SIDE = 160, TRIED_FRAMES = 4 };

/* ---------- tools: a very small video, step by step ---------- */

struct trial {
    const struct config *config;
    const struct renderer *renderer;
    int fd; /* of the step; in memory */
    struct media_info info;
};

static bool try_draw(struct trial *t, struct err *e)
{
    struct slide_opts slide = { .heading = STR("vidgen") };
    struct slide_spec s = {
        .slide = &slide, .title = STR("vidgen"), .language = STR("en"), .width = TRIED_SIDE, .height = TRIED_SIDE
    };
    return t->renderer->draw(t->renderer->ctx, &s, t->fd, &t->info, e);
}

static bool try_speak(struct trial *t, struct err *e)
{
    struct speak_spec s = { .text = STR("One, two."), .voice = &t->config->voice, .language = STR("en") };
    struct word *words = NULL;
    size_t n = 0;
    bool ok = t->renderer->speak(t->renderer->ctx, &s, t->fd, &t->info, &words, &n, e);
    free(words);
    return ok;
}

static bool try_render(struct trial *t, struct err *e)
{
    const struct encode_opts *o = &t->config->encode;
    struct visual v = { .n_frames = TRIED_FRAMES };
    struct piece_spec s = { .video = { .width = TRIED_SIDE,
                                       .height = TRIED_SIDE,
                                       .fps_num = 30,
                                       .fps_den = 1,
                                       .preset = o->preset,
                                       .crf = (int)o->crf },
                            .a = &v,
                            .n_frames = TRIED_FRAMES };
    atomic_bool stop = false;
    atomic_llong done = 0;
    return t->renderer->render(t->renderer->ctx, &s, t->fd, &t->info, &stop, &done, e);
}

static const struct {
    const char *what;
    bool (*run)(struct trial *t, struct err *e);
} steps[] = {
    { "draws a slide in a child process", try_draw },
    { "speaks with the built-in voice", try_speak },
    { "renders and encodes", try_render },
};

void doctor_tools(struct doctor *d)
{
    struct trial t = { .config = d->app->config, .renderer = renderer_create(d->app->log) };
    struct buf libraries = { 0 };
    abilities_libraries(&libraries);
    doctor_say(d, FINDING_OK, NULL, "%s", buf_str(&libraries).p);
    for (size_t i = 0; i < COUNTOF(steps); i++) {
        struct err e = { 0 };
        if ((t.fd = memfd_create("vidgen-doctor", MFD_CLOEXEC)) < 0) {
            doctor_say(d, FINDING_BAD, "a kernel of 3.17 or newer is needed", "no files in memory");
            break;
        }
        bool ok = steps[i].run(&t, &e);
        if (ok)
            doctor_say(d, FINDING_OK, NULL, "%s", steps[i].what);
        else
            doctor_say(d, FINDING_BAD, NULL, "cannot do this: %s: %s", steps[i].what, e.msg);
        close(t.fd);
    }
    buf_deinit(&libraries);
    renderer_destroy(t.renderer);
}

/* ---------- fonts ---------- */

static const struct {
    const char *tag, *name;
} scripts[] = {
    { "ar", "Arabic" }, { "he", "Hebrew" },     { "hi", "Hindi" }, { "th", "Thai" },    { "ja", "Japanese" },
    { "ko", "Korean" }, { "zh-cn", "Chinese" }, { "el", "Greek" }, { "ru", "Russian" }, { "und-zsye", "emoji" },
};

void doctor_fonts(struct doctor *d)
{
    struct str asked = d->app->config->captions.font;
    char *font = mem_strndup(asked.p, asked.n), *family = fonts_family(font);
    struct buf missing = { 0 };
    if (family)
        doctor_say(d, FINDING_OK, NULL, "captions in %s are written in %s", font, family);
    else
        doctor_say(d, FINDING_BAD, "install fonts-inter or any other", "there is no font");
    for (size_t i = 0; i < COUNTOF(scripts); i++)
        if (!fonts_can_write(scripts[i].tag))
            buf_printf(&missing, "%s%s", missing.n ? ", " : "", scripts[i].name);
    if (missing.n)
        doctor_say(d, FINDING_NOTE, "fonts-noto-core, fonts-noto-cjk and fonts-noto-color-emoji have them",
                   "no font has %s", buf_str(&missing).p);
    else
        doctor_say(d, FINDING_OK, NULL, "letters of Arabic, Chinese, Hindi and others and emoji are there");
    buf_deinit(&missing);
    free(family);
    free(font);
}
