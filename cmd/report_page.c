/* report_page.c - report.html: a run to look at, one file that needs nothing else
 *
 * Lesson by lesson, so that memory holds one lesson's pictures at a time. */
#include "cmd/report_page.h"
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/base64.h"
#include "cmd/fill.h"
#include "cmd/stills.h"
#include "compose/aside.h"
#include "gen/base/digest.h"
#include "gen/base/embedded.h"
#include "gen/base/fd.h"
#include "gen/base/mem.h"

enum {
    BLOCK = 1 << 20,
    PICTURES_MOST = 5000,
    FRAMES_MOST = 20000,                        /* decoded for all pictures */
    PAGE_MOST = 512 << 20,
    HEAD_MOST = 4096,                           /* of a page, where it says what made it */
};

struct page {
    struct run *run;
    const struct page_opts *o;
    struct aside file;
    struct buf b;
    struct str dir;                             /* the page's, absolute */
    size_t n_sections, n_left;                  /* pictures that may still be shown; of lessons made in this run */
    size_t n_left_old;                          /* of others */
    int width, allowance;
};

static struct str embedded(const char *name)
{
    for (const struct embedded_file *f = embedded_files; f->name; f++)
        if (strcmp(f->name, name) == 0)
            return (struct str){ f->text, strlen(f->text) };
    assert(!"a part of the page is missing");
    return STR("");
}

static bool flush(struct page *p, struct err *e)
{
    bool ok = fd_write(p->file.fd, buf_str(&p->b).p, p->b.n, e);
    buf_clear(&p->b);
    return ok;
}

/* ---------- the parts that are the same for all ---------- */

/* As a Content-Security-Policy names what it lets run. */
static struct str csp_hash(struct arena *a, struct str text)
{
    char hex[DIGEST_HEX];
    unsigned char raw[32];
    struct buf b = { 0 };
    digest_of(text.p, text.n, hex);
    for (size_t i = 0; i < sizeof raw; i++) {
        char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
        raw[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    buf_addz(&b, "sha256-");
    base64_encode(&b, raw, sizeof raw);
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

static void set(struct arena *a, struct json *o, const char *key, struct str v)
{
    json_set(a, o, key, json_string(a, v));
}

static void add_code(struct json *o, const struct run *r, struct arena *a)
{
    struct str style = embedded("cmd/report/report.css"), script = embedded("cmd/report/report.js");
    struct buf spans = BUF_INIT(PAGE_MOST), data = BUF_INIT(PAGE_MOST);
    set(a, o, "style", style);
    set(a, o, "script", script);
    set(a, o, "style_hash", csp_hash(a, style));
    set(a, o, "script_hash", csp_hash(a, script));
    report_spans(&spans, r);
    script_escape(&data, buf_str(&spans));
    set(a, o, "data", buf_str(&data));
    buf_deinit(&spans);
    buf_deinit(&data);
}

/* ---------- pictures ---------- */

static void plan_pictures(struct page *p)
{
    size_t made = 0;
    for (size_t i = 0; i < p->run->n_lessons; i++) {
        const struct run_lesson *l = &p->run->lessons[i];
        p->n_sections += l->n_sections;
        made += str_is(l->state, "cached") ? 0 : l->n_sections;
    }
    p->n_left = PICTURES_MOST;
    p->n_left_old = made < PICTURES_MOST ? PICTURES_MOST - made : 0;
    p->width = p->n_sections <= 600 ? 256 : p->n_sections <= 2000 ? 192 : 128;
    size_t frames = p->n_sections ? FRAMES_MOST / p->n_sections : 0;
    p->allowance = frames < 2 ? 2 : frames > 600 ? 600 : (int)frames;
}

/* Upright films have narrow pictures. */
static int width_for(const struct page *p, const struct json *lesson)
{
    double w = json_num_or(lesson, "width", 16), h = json_num_or(lesson, "height", 9);
    return h > w ? (int)(p->width * 0.6) / 2 * 2 : p->width;
}

static void add_pictures(struct page *p, size_t i, const char *film, struct json *lesson, struct arena *a)
{
    const struct json *sections = json_get(lesson, "sections");
    bool is_old = str_is(p->run->lessons[i].state, "cached");
    size_t *left = is_old ? &p->n_left_old : &p->n_left, n = 0;
    struct err e = { 0 };
    if (!sections || sections->n > *left || sections->n > GLIMPSES_MOST || (p->o->is_stopped && p->o->is_stopped()))
        return;
    *left -= sections->n;
    struct glimpse *v = arena_array(a, sections->n, sizeof *v);
    for (const struct json *s = sections->child; s; s = s->next) {
        double start = json_num_or(s, "start_s", 0);
        v[n++] = (struct glimpse){ .from_s = start, .at_s = start + 0.6 * json_num_or(s, "duration_s", 0) };
    }
    if (!stills_take(p->o->report.cache, film, v, n, width_for(p, lesson), p->allowance, a, &e)) {
        log_info(p->o->log, "no pictures of %s in the report: %s", film, e.msg);
        return;
    }
    n = 0;
    for (struct json *s = sections->child; s; s = s->next, n++) {
        struct buf b = { 0 };
        if (!v[n].jpeg.n || !json_get(s, "start_s"))
            continue;
        base64_encode(&b, v[n].jpeg.p, v[n].jpeg.n);
        set(a, s, "thumb", buf_str(&b));
        buf_deinit(&b);
    }
}

/* ---------- lessons ---------- */

/* Where the video is, absolute; NULL: it is not there (any more). Caller frees. */
static char *film_path(const struct run *r, const struct run_lesson *l, struct arena *a)
{
    struct str dir = json_str_or(r->head, "directory", STR("/")), out = l->output;
    if (!out.n || str_is(l->state, "failed") || !l->state.n)
        return NULL;
    return realpath(out.p[0] == '/' ? out.p : arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(out)).p, NULL);
}

static void add_lesson(struct page *p, size_t i, struct str text)
{
    struct arena a = { 0 };
    struct buf url = { 0 };
    char *film = film_path(p->run, &p->run->lessons[i], &a);
    if (film)
        url_relative(&url, p->dir, str_from(film));
    struct json *lesson = report_lesson(p->run, i, buf_str(&url), &a);
    if (film)
        add_pictures(p, i, film, lesson, &a);
    fill(&p->b, text, lesson);
    buf_deinit(&url);
    free(film);
    arena_deinit(&a);
}

static bool write_page(struct page *p, struct json *summary, struct err *e)
{
    static const char place[] = "{{lessons}}";
    struct str text = embedded("cmd/report/report.html"), lesson = embedded("cmd/report/lesson.html");
    const char *at = strstr(text.p, place);
    bool ok = true;
    assert(at);
    fill(&p->b, (struct str){ text.p, (size_t)(at - text.p) }, summary);
    for (size_t i = 0; ok && i < p->run->n_lessons; i++) {
        add_lesson(p, i, lesson);
        ok = p->b.n < BLOCK || flush(p, e);
    }
    fill(&p->b, str_from(at + strlen(place)), summary);
    return ok && flush(p, e);
}

static struct str directory_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    char *real = realpath(slash == path ? "/" : slash ? arena_str(a, (struct str){ path, (size_t)(slash - path) }).p : ".", NULL);
    struct str out = arena_str(a, real ? str_from(real) : STR("/"));
    free(real);
    return out;
}

/* A file that somebody else put there under that name; an empty one is nobody's. */
static bool is_foreign(const char *path)
{
    static const char ours[] = "<meta name=\"generator\" content=\"vidgen ";
    char head[HEAD_MOST];
    struct stat st;
    bool is_there = stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
    int fd = is_there ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    ssize_t n = fd >= 0 ? pread(fd, head, sizeof head, 0) : 0;
    if (fd >= 0)
        close(fd);
    return is_there && !(n > 0 && memmem(head, (size_t)n, ours, strlen(ours)));
}

bool report_page(struct run *r, const struct page_opts *o, struct err *e)
{
    struct arena a = { 0 };
    if (is_foreign(o->path))
        return err_set(e, ERR_IO, "'%s' is there and is no report of vidgen's; move it away, or name another file with "
                                  "`vidgen report -o`", o->path);
    struct page p = { .run = r, .o = o, .file = { .fd = -1 }, .b = BUF_INIT(PAGE_MOST) };
    p.dir = directory_of(o->path, &a);
    plan_pictures(&p);
    struct json *summary = report_summary(r, &o->report, &a);
    add_code(summary, r, &a);
    bool ok = aside_open(&p.file, str_from(o->path), e) && write_page(&p, summary, e) && aside_commit(&p.file, e);
    aside_deinit(&p.file);
    buf_deinit(&p.b);
    arena_deinit(&a);
    return ok;
}
