/* progress.c - tests of what a person sees, with a clock moved by hand and a terminal made of rows */
#include "cmd/progress.h"
#include <stdio.h>
#include <stdlib.h>
#include "cmd/columns.h"
#include "cmd/pace.h"
#include "gen/base/json.h"
#include "gen/base/text.h"
#include "tests/support/test.h"

/* A terminal that knows what the display uses: text, newline, carriage return, up, erase right, erase below. */
enum { ROWS = 60, WIDE = 300 };
struct terminal {
    char cell[ROWS][WIDE * 8];                  /* a row's text; wide characters keep their bytes */
    int row, columns, rows, writes, n_colors;
    bool wrapped, went_off;                     /* a line passed the width; the cursor left the top */
    struct buf bytes;
    int64_t now;
};

static void put_text(struct terminal *t, struct str s)
{
    size_t old = strlen(t->cell[t->row]);
    CHECK(old + s.n + 1 < sizeof t->cell[0]);
    memcpy(t->cell[t->row] + old, s.p, s.n);
    t->cell[t->row][old + s.n] = '\0';
    if (columns_count(str_from(t->cell[t->row])) > (size_t)t->columns)
        t->wrapped = true;
}

/* Returns the bytes of the escape sequence at p. */
static size_t escape(struct terminal *t, const char *p)
{
    int n = 0, used = 0;
    if (sscanf(p, "\x1b[%dA%n", &n, &used) == 1 && used) {
        t->went_off = t->went_off || n > t->row;
        t->row -= n > t->row ? t->row : n;
        return (size_t)used;
    }
    if (strncmp(p, "\x1b[K", 3) == 0)
        return 3;
    if (sscanf(p, "\x1b[%dm%n", &n, &used) == 1 && used) {
        t->n_colors++;
        return (size_t)used;
    }
    CHECK(strncmp(p, "\x1b[J", 3) == 0);
    for (int r = t->row; r < ROWS; r++)
        t->cell[r][0] = '\0';
    return 3;
}

static void terminal_write(void *ctx, const char *p, size_t n)
{
    struct terminal *t = ctx;
    bool is_fresh = true;                       /* the cursor is at the row's start: text replaces what is there (the K that follows erases the rest) */
    t->writes++;
    buf_add(&t->bytes, p, n);
    for (size_t i = 0; i < n;) {
        if (p[i] == '\x1b') {
            i += escape(t, p + i);
        } else if (p[i] == '\r') {
            is_fresh = true;
            i++;
        } else if (p[i] == '\n') {
            CHECK(t->row + 1 < ROWS);
            t->row++;
            is_fresh = true;
            i++;
        } else {
            size_t len = 0;
            while (i + len < n && !strchr("\x1b\r\n", p[i + len]))
                len++;
            if (is_fresh)
                t->cell[t->row][0] = '\0';
            is_fresh = false;
            put_text(t, (struct str){ p + i, len });
            i += len;
        }
    }
}

static void terminal_size(void *ctx, int *columns, int *rows)
{
    const struct terminal *t = ctx;
    *columns = t->columns;
    *rows = t->rows;
}

static int64_t terminal_now(void *ctx)
{
    return ((struct terminal *)ctx)->now;
}

struct scene {
    struct terminal *t;
    struct clock clock;
    struct progress *p;
    const struct status *port;
    struct status_lesson lessons[40];
    struct status_totals totals;
    struct status_lane lanes[6];
    enum section_stage stages[40];              /* of each lesson's sections */
    bool has_color;
};

static enum section_stage stage_in(const void *ctx, size_t lesson, size_t section)
{
    (void)lesson;
    CHECK(section < 40);
    return ((const struct scene *)ctx)->stages[section];
}

/* Sections in all stages, two accounts at work, money. */
static void scene_fill(struct scene *s, size_t n_sections)
{
    for (size_t i = 0; i < COUNTOF(s->stages); i++)
        s->stages[i] = (enum section_stage)(i % STAGE_N);
    for (size_t i = 0; i < s->totals.n_lessons; i++)
        s->lessons[i].n_sections = n_sections;
    s->lanes[0] = (struct status_lane){ .name = STR("openai-image"), .in_flight = 7, .n_waiting = 23, .window = 16, .per_minute = 50 };
    s->lanes[1] = (struct status_lane){ .name = STR("elevenlabs"), .in_flight = 2, .window = 4, .pause_ms = 11200 };
    s->lanes[2] = (struct status_lane){ .name = STR("idle"), .window = 4 };
    s->totals.lanes = s->lanes;
    s->totals.n_lanes = 3;
    s->totals.stage = stage_in;
    s->totals.stage_ctx = s;
    s->totals.spent = 0.42;
    s->totals.limit = 5;
    s->totals.requests_in_flight = 9;
}

static void scene_begin_with(struct scene *s, enum progress_mode mode, size_t n, int columns, int rows, bool is_colored)
{
    static const char *const names[] = { "01-mosfet", "02-inverter", "03-gates" };
    *s = (struct scene){ .t = mem_alloc(sizeof *s->t), .has_color = is_colored };
    s->t->columns = columns;
    s->t->rows = rows;
    s->t->now = 1000;
    s->clock = (struct clock){ .ctx = s->t, .now_ms = terminal_now };
    for (size_t i = 0; i < n; i++)
        s->lessons[i] = (struct status_lesson){ .name = str_from(names[i % COUNTOF(names)]), .n_assets = 20, .n_assets_done = 5,
                                                .frames = 1000, .frames_done = 0, .n_pieces = 19, .state = LESSON_OPEN };
    s->totals = (struct status_totals){ .lessons = s->lessons, .n_lessons = n, .requests_cap = 16 };
    struct progress_opts o = { .mode = mode, .has_color = s->has_color, .currency = STR("USD"), .clock = &s->clock, .write = terminal_write,
                               .size = terminal_size, .ctx = s->t };
    s->p = progress_create(&o);
    s->port = progress_status(s->p);
}

static void scene_begin(struct scene *s, enum progress_mode mode, size_t n, int columns, int rows)
{
    scene_begin_with(s, mode, n, columns, rows, false);
}

static void scene_end(struct scene *s)
{
    progress_destroy(s->p);
    buf_deinit(&s->t->bytes);
    free(s->t);
}

static void tick(struct scene *s, int64_t ms)
{
    s->t->now += ms;
    s->totals.elapsed_ms += ms;
    s->port->tick(s->port->ctx, &s->totals);
}

static void event(struct scene *s, struct status_event ev)
{
    s->port->event(s->port->ctx, &ev, &s->totals);
}

static struct str row(const struct scene *s, int i)
{
    return str_from(s->t->cell[i]);
}

static void check_has(const char *name, struct str text, const char *part)
{
    if (!memmem(text.p, text.n, part, strlen(part)))
        check_str(name, part, text, __FILE__, __LINE__);
}

TEST(live_lines_are_redrawn_in_place_one_for_each_lesson_in_work)
{
    struct scene s;
    scene_begin(&s, PROGRESS_LIVE, 3, 80, 24);
    s.lessons[1].state = LESSON_WAITING;
    for (int i = 0; i < 10; i++) {
        s.lessons[0].frames_done += 50;
        tick(&s, 250);
    }
    check_has("first", row(&s, 0), "01-mosfet [=========          ] fetched 5/20, rendered 50%");
    check_has("third", row(&s, 1), "03-gates ");
    check_has("total", row(&s, 2), "0/3 videos, fetched 15/60, rendered 16%");
    CHECK_STR("below", "", row(&s, 3));
    CHECK_INT("cursor", 3, s.t->row);
    CHECK(!s.t->wrapped && !s.t->went_off);
    s.lessons[2].state = LESSON_DONE;
    tick(&s, 250);
    check_has("total moved up", row(&s, 1), "1/3 videos");
    CHECK_STR("old line is gone", "", row(&s, 2));
    scene_end(&s);
}

TEST(a_change_is_one_write_and_no_change_is_none)
{
    struct scene s;
    scene_begin(&s, PROGRESS_LIVE, 2, 80, 24);
    tick(&s, 250);
    int before = s.t->writes;
    s.port->tick(s.port->ctx, &s.totals);
    s.t->now += 200;
    s.port->tick(s.port->ctx, &s.totals);
    CHECK_INT("same totals", before, s.t->writes);
    s.lessons[0].n_assets_done++;
    tick(&s, 250);
    CHECK_INT("one more", before + 1, s.t->writes);
    scene_end(&s);
}

TEST(lines_fit_any_width_and_height)
{
    static const int widths[] = { 1, 2, 10, 20, 39, 40, 64, 80, 132 };
    static const int heights[] = { 1, 2, 3, 5, 24 };
    for (size_t w = 0; w < COUNTOF(widths); w++) {
        for (size_t h = 0; h < COUNTOF(heights); h++) {
            struct scene s;
            scene_begin(&s, PROGRESS_LIVE, 30, widths[w], heights[h]);
            s.lessons[0].name = STR("\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\xae\xe8\xac\x9b\xe7\xbe\xa9\xe8\xac\x9b\xe7\xbe\xa9\xe8\xac\x9b\xe7\xbe\xa9\xe8\xac\x9b\xe7\xbe\xa9");
            s.lessons[1].name = STR("e\xcc\x81t\xc3\xa9-with-a-name-that-is-far-too-long-for-any-terminal-of-this-size");
            tick(&s, 250);
            tick(&s, 250);
            char name[40];
            snprintf(name, sizeof name, "%dx%d", widths[w], heights[h]);
            CHECK_ROW(name, !s.t->wrapped && !s.t->went_off);
            CHECK_ROW(name, s.t->row <= (heights[h] > 2 ? heights[h] - 1 : 1));
            CHECK_ROW(name, text_valid(buf_str(&s.t->bytes), NULL));
            scene_end(&s);
        }
    }
}

TEST(sections_accounts_and_money_are_shown)
{
    struct scene s;
    scene_begin(&s, PROGRESS_LIVE, 2, 120, 24);
    scene_fill(&s, 7);
    s.lessons[0].n_pieces_done = s.lessons[0].n_pieces;
    tick(&s, 250);
    check_has("each section is four signs of 29", row(&s, 0), "01-mosfet    [.....----!!!!++++~~~~====xxxx] fetched 5/20, rendered 0%, joining");
    CHECK_STR("an account that waits for its pace", "openai-image [====      ] 7/16 in flight, 23 waiting, 50 a minute", row(&s, 2));
    CHECK_STR("an account that pauses", "elevenlabs   [=====     ] 2/4 in flight, paused 12 s", row(&s, 3));
    CHECK_STR("the total", "0/2 videos, fetched 10/40, rendered 0%, 0.420 of 5.00 USD, 9/16 in flight, 0:00 so far", row(&s, 4));
    CHECK_INT("nothing without colour", 0, s.t->n_colors);
    scene_end(&s);
}

TEST(lessons_that_something_was_done_for_come_first_and_two_in_line)
{
    struct scene s;
    scene_begin(&s, PROGRESS_LIVE, 9, 80, 24);
    for (size_t i = 0; i < 9; i++)
        s.lessons[i].n_assets_done = i == 0 || i == 6 ? 4 : 0;
    s.lessons[0].state = LESSON_DONE;
    s.lessons[6].name = STR("slow-one");
    tick(&s, 250);
    check_has("in line", row(&s, 0), "02-inverter ");
    check_has("in line", row(&s, 1), "03-gates ");
    check_has("begun", row(&s, 2), "slow-one ");
    CHECK_STR("the others", "5 more in line", row(&s, 3));
    check_has("the total", row(&s, 4), "1/9 videos");
    scene_end(&s);
}

TEST(of_several_sections_in_one_sign_the_one_that_needs_a_look_is_shown)
{
    struct scene s;
    scene_begin(&s, PROGRESS_LIVE, 1, 41, 24);
    scene_fill(&s, 40);
    for (size_t i = 0; i < 40; i++)
        s.stages[i] = i < 20 ? STAGE_RENDERED : i < 32 ? STAGE_FETCHED : STAGE_WAITING;
    s.stages[1] = STAGE_FAILED;
    s.stages[17] = STAGE_RETRYING;
    tick(&s, 250);
    check_has("ten signs for forty sections", row(&s, 0), "[x===!+++..]");
    scene_end(&s);
}

TEST(what_matters_least_goes_first_on_a_narrow_terminal)
{
    static const struct { int columns; const char *total; } rows[] = {
        { 100, "0/2 videos, fetched 10/40, rendered 0%, 0.420 of 5.00 USD, 9/16 in flight, 0:00 so far" },
        { 80, "0/2 videos, fetched 10/40, rendered 0%, 0.420 of 5.00 USD, 9 out, 0:00 so far" },
        { 60, "0/2, 10/40, rendered 0%, 0.420 USD, 9 out, 0:00 so far" },
        { 40, "0/2, 10/40, 0%, 0.420 USD, 9 out" },
        { 20, "0/2, 10/40, 0%" },
        { 10, "0/2, 0%" },
        { 5, "0%" },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        struct scene s;
        char name[20];
        scene_begin(&s, PROGRESS_LIVE, 2, rows[i].columns, 3);
        scene_fill(&s, 3);
        tick(&s, 250);
        snprintf(name, sizeof name, "%d", rows[i].columns);
        CHECK_STR(name, rows[i].total, row(&s, s.t->row - 1));
        scene_end(&s);
    }
}

TEST(what_is_tried_again_and_why_stands_there_until_it_is)
{
    struct scene s;
    struct err e = { .code = ERR_RATE, .msg = "openai-image: 429, slower please" };
    scene_begin(&s, PROGRESS_LIVE, 1, 80, 24);
    event(&s, (struct status_event){ .type = STATUS_RETRY, .section = 2, .step = "image", .err = &e, .attempt = 2, .wait_ms = 1840 });
    tick(&s, 250);
    CHECK_STR("why and when", "again in 2 s: 01-mosfet/3 image: openai-image: 429, slower please", row(&s, 1));
    tick(&s, 2000);
    CHECK_STR("a moment longer", "again: 01-mosfet/3 image: openai-image: 429, slower please", row(&s, 1));
    tick(&s, 3000);
    check_has("then no more", row(&s, 1), "fetched 5/20");
    scene_end(&s);
}

TEST(colours_change_no_line_and_a_change_of_width_none_either)
{
    struct scene plain, colored;
    scene_begin_with(&plain, PROGRESS_LIVE, 3, 100, 24, false);
    scene_begin_with(&colored, PROGRESS_LIVE, 3, 100, 24, true);
    struct scene *const both[] = { &plain, &colored };
    for (size_t i = 0; i < COUNTOF(both); i++) {
        scene_fill(both[i], 12);
        tick(both[i], 250);
        both[i]->lessons[1].n_assets_done++;    /* drawn anew over lines with colours in them */
        tick(both[i], 250);
    }
    for (int i = 0; i < ROWS; i++)
        CHECK_STR("the same text", plain.t->cell[i], row(&colored, i));
    CHECK_INT("the same row", plain.t->row, colored.t->row);
    CHECK(colored.t->n_colors > 10);
    scene_end(&plain);
    scene_end(&colored);
}

TEST(a_full_display_fits_every_width_from_1_to_300)
{
    for (int columns = 1; columns <= 300; columns++) {
        struct scene s;
        struct err e = { .code = ERR_NET, .msg = "\xe5\x9b\x9e\xe7\xb7\x9a is down, \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8f\xab says" };
        scene_begin_with(&s, PROGRESS_LIVE, 30, columns, 2 + columns % 40, columns % 2);
        scene_fill(&s, 1 + (size_t)columns % 40);
        s.lessons[0].name = STR("\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\xae\xe8\xac\x9b\xe7\xbe\xa9\xe8\xac\x9b\xe7\xbe\xa9");
        s.lessons[1].name = STR("\xe2\x9d\xa4\xef\xb8\x8f \xf0\x9f\x87\xa9\xf0\x9f\x87\xaa e\xcc\x81t\xc3\xa9 and on and on and on and on and on and on");
        s.totals.retries = 3;
        s.lessons[2].n_failed = 2;
        event(&s, (struct status_event){ .type = STATUS_RETRY, .lesson = 1, .section = 2, .step = "image", .err = &e, .attempt = 2, .wait_ms = 900 });
        for (int i = 0; i < 4; i++) {
            s.lessons[0].frames_done += 100;
            tick(&s, 250);
        }
        char name[20];
        snprintf(name, sizeof name, "%d", columns);
        CHECK_ROW(name, !s.t->wrapped && !s.t->went_off);
        CHECK_ROW(name, s.t->row < s.t->rows);
        CHECK_ROW(name, text_valid(buf_str(&s.t->bytes), NULL));
        CHECK_ROW(name, (s.t->n_colors > 0) == (s.has_color && columns >= 37 && s.t->rows > 2));
        scene_end(&s);
    }
}

TEST(log_lines_and_results_stand_above_the_live_lines)
{
    struct scene s;
    scene_begin(&s, PROGRESS_LIVE, 1, 80, 24);
    tick(&s, 250);
    progress_log(s.p, LOG_WARN, "disk is slow");
    struct err e = { .code = ERR_POLICY, .msg = "openai-image refused the prompt" };
    event(&s, (struct status_event){ .type = STATUS_NODE, .section = 3, .step = "image", .state = "failed", .err = &e });
    CHECK_STR("log", "warning: disk is slow", row(&s, 0));
    CHECK_STR("failure", "01-mosfet/4 image: failed: openai-image refused the prompt", row(&s, 1));
    check_has("live", row(&s, 2), "01-mosfet [");
    check_has("total", row(&s, 3), "fetched 5/20");
    s.lessons[0].state = LESSON_DONE;
    event(&s, (struct status_event){ .type = STATUS_LESSON, .section = SIZE_MAX, .state = "done", .output = STR("out/01-mosfet.mp4"), .duration_s = 271 });
    event(&s, (struct status_event){ .type = STATUS_END, .section = SIZE_MAX });
    CHECK_STR("result", "01-mosfet: done, 4:31 of video: out/01-mosfet.mp4", row(&s, 2));
    check_has("summary", row(&s, 3), "1 of 1 video, 0 requests");
    CHECK_STR("no live line is left", "", row(&s, 4));
    scene_end(&s);
}

TEST(a_narrower_window_does_not_leave_old_lines_behind)
{
    struct scene s;
    scene_begin(&s, PROGRESS_LIVE, 2, 100, 24);
    tick(&s, 250);
    CHECK_INT("rows", 3, s.t->row);
    s.t->columns = 40;                          /* the terminal wraps the three lines again: 2 + 2 + 1 or more rows */
    size_t wrapped = 0;
    for (int i = 0; i < 3; i++)
        wrapped += (columns_count(row(&s, i)) + 39) / 40;
    buf_clear(&s.t->bytes);
    s.t->row = (int)wrapped;
    tick(&s, 250);
    char up[16];
    snprintf(up, sizeof up, "\x1b[%zuA\r", wrapped);
    CHECK(str_starts(buf_str(&s.t->bytes), up));
    scene_end(&s);
}

TEST(foreign_text_cannot_reach_the_terminal_as_it_is)
{
    static const enum progress_mode modes[] = { PROGRESS_LIVE, PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_QUIET };
    for (size_t m = 0; m < COUNTOF(modes); m++) {
        struct scene s;
        scene_begin(&s, modes[m], 1, 80, 24);
        s.lessons[0].name = STR("evil\x1b[2J\nname");
        struct err e = { .code = ERR_SERVER, .msg = "<html>\x1b]0;owned\x07\r\nnext" };
        event(&s, (struct status_event){ .type = STATUS_NODE, .section = 0, .step = "image", .state = "failed", .provider = "p\x1b[0m", .err = &e });
        event(&s, (struct status_event){ .type = STATUS_LESSON, .section = SIZE_MAX, .state = "done", .output = STR("a\x1b.mp4") });
        tick(&s, 5000);
        struct str all = buf_str(&s.t->bytes);
        for (size_t i = 0; i < all.n; i++)
            if (all.p[i] == '\x1b')
                CHECK(modes[m] == PROGRESS_LIVE && i + 1 < all.n && all.p[i + 1] == '[' && !str_starts((struct str){ all.p + i, all.n - i }, "\x1b[2J"));
        CHECK(!memchr(all.p, '\x07', all.n));
        scene_end(&s);
    }
}

TEST(plain_output_is_never_silent_for_five_seconds)
{
    struct scene s;
    scene_begin(&s, PROGRESS_PLAIN, 2, 80, 24);
    int64_t last = s.t->now;
    int writes = 0;
    for (int i = 0; i < 240; i++) {
        tick(&s, 250);
        if (s.t->writes != writes)
            last = s.t->now;
        writes = s.t->writes;
        CHECK(s.t->now - last < 5000);
    }
    CHECK_INT("a line every four seconds", 15, writes);
    CHECK(!memchr(s.t->bytes.p, '\x1b', s.t->bytes.n));
    scene_end(&s);
}

TEST(the_heartbeat_says_which_accounts_are_asked)
{
    struct scene s;
    scene_begin(&s, PROGRESS_PLAIN, 1, 80, 24);
    scene_fill(&s, 3);
    tick(&s, 4000);
    CHECK_STR("all", "fetched 5/20, rendered 0%, 0.420 of 5.00 USD, 9/16 in flight, 0:04 so far; "
                     "openai-image 7/16, elevenlabs 2/4, paused 12 s\n", buf_str(&s.t->bytes));
    CHECK_INT("no colours", 0, s.t->n_colors);
    scene_end(&s);
}

TEST(plain_lines_say_who_what_and_how_much)
{
    struct scene s;
    scene_begin(&s, PROGRESS_PLAIN, 2, 80, 24);
    struct err e = { .code = ERR_RATE, .msg = "openai-image: 429, slower please" };
    event(&s, (struct status_event){ .type = STATUS_BEGIN, .section = SIZE_MAX });
    event(&s, (struct status_event){ .type = STATUS_NODE, .section = 0, .step = "image", .state = "running", .provider = "openai-image" });
    event(&s, (struct status_event){ .type = STATUS_RETRY, .lesson = 1, .section = 2, .step = "image", .err = &e, .attempt = 2, .wait_ms = 1840 });
    event(&s, (struct status_event){ .type = STATUS_NODE, .section = 0, .step = "image", .state = "done", .provider = "openai-image", .cost = 0.04 });
    event(&s, (struct status_event){ .type = STATUS_NODE, .section = 1, .step = "render", .state = "done", .provider = "" });
    s.totals.spent = 0.04;
    s.totals.retries = 1;
    s.totals.requests_made = 2;
    s.lessons[0].state = LESSON_CACHED;
    s.lessons[1].state = LESSON_FAILED;
    s.totals.elapsed_ms = 3723000;
    event(&s, (struct status_event){ .type = STATUS_END, .section = SIZE_MAX });
    CHECK_STR("all", "2 lessons, 40 pictures and narrations, 10 there already\n"
                     "02-inverter/3 image: openai-image: 429, slower please; attempt 2, again in 1.8 s\n"
                     "01-mosfet/1 image: done by openai-image, 0.040 USD\n"
                     "1 of 2 videos (1 up to date), 1 failed, 2 requests, 0.040 USD, 1:02:03\n", buf_str(&s.t->bytes));
    scene_end(&s);
}

TEST(quiet_says_failures_alone)
{
    struct scene s;
    scene_begin(&s, PROGRESS_QUIET, 1, 80, 24);
    struct err e = { .code = ERR_AUTH, .msg = "no key" };
    event(&s, (struct status_event){ .type = STATUS_BEGIN, .section = SIZE_MAX });
    event(&s, (struct status_event){ .type = STATUS_NODE, .section = 0, .step = "image", .state = "done", .provider = "x" });
    tick(&s, 60000);
    event(&s, (struct status_event){ .type = STATUS_LESSON, .section = SIZE_MAX, .err = &e });
    event(&s, (struct status_event){ .type = STATUS_END, .section = SIZE_MAX });
    CHECK_STR("all", "01-mosfet: failed: no key\n", buf_str(&s.t->bytes));
    scene_end(&s);
}

TEST(failures_for_one_reason_are_told_once_and_counted)
{
    for (int is_quiet = 0; is_quiet < 2; is_quiet++) {
        struct scene s;
        struct err e = { .code = ERR_NET, .msg = "no way there" }, other = { .code = ERR_POLICY, .msg = "refused" };
        scene_begin(&s, is_quiet ? PROGRESS_QUIET : PROGRESS_PLAIN, 2, 80, 24);
        s.lessons[0].state = s.lessons[1].state = LESSON_FAILED;
        for (size_t i = 0; i < 6; i++)
            event(&s, (struct status_event){ .type = STATUS_NODE, .lesson = i / 4, .section = i % 4, .step = "image", .state = "failed", .err = &e });
        event(&s, (struct status_event){ .type = STATUS_NODE, .section = 0, .step = "speech", .state = "failed", .err = &e });
        for (size_t i = 5; i < 7; i++)
            event(&s, (struct status_event){ .type = STATUS_NODE, .section = i, .step = "image", .state = "failed", .err = &other });
        CHECK_STR("at once, the first of each", "01-mosfet/1 image: failed: no way there\n"
                                                "01-mosfet/1 speech: failed: no way there\n"
                                                "01-mosfet/6 image: failed: refused\n", buf_str(&s.t->bytes));
        buf_clear(&s.t->bytes);
        event(&s, (struct status_event){ .type = STATUS_END, .section = SIZE_MAX });
        check_has("how many", buf_str(&s.t->bytes), "01-mosfet/1 image: 5 more failed for the same reason (01-mosfet/2, 01-mosfet/3, 01-mosfet/4 and 2 others): no way there\n"
                                                      "01-mosfet/6 image: 1 more failed for the same reason (01-mosfet/7): refused\n");
        CHECK("before the last line" && (strstr(buf_str(&s.t->bytes).p, "0 of 2 videos, 2 failed") != NULL) == !is_quiet);
        scene_end(&s);
    }
}

TEST(every_line_of_json_is_one_object)
{
    struct scene s;
    scene_begin(&s, PROGRESS_JSON, 2, 80, 24);
    struct err e = { .code = ERR_POLICY, .msg = "he said \"no\"" };
    event(&s, (struct status_event){ .type = STATUS_BEGIN, .section = SIZE_MAX });
    event(&s, (struct status_event){ .type = STATUS_NODE, .lesson = 1, .section = 2, .step = "image", .state = "failed", .provider = "openai-image", .err = &e, .cost = -1 });
    event(&s, (struct status_event){ .type = STATUS_RETRY, .lesson = 1, .section = 2, .step = "image", .attempt = 2, .wait_ms = 500 });
    progress_log(s.p, LOG_WARN, "slow");
    tick(&s, 1000);
    event(&s, (struct status_event){ .type = STATUS_LESSON, .lesson = 0, .section = SIZE_MAX, .state = "done", .output = STR("a.mp4"), .duration_s = 2.5 });
    event(&s, (struct status_event){ .type = STATUS_END, .section = SIZE_MAX });
    static const char *const events[] = { "begin", "node", "retry", "log", "totals", "lesson", "end" };
    struct arena a = { 0 };
    size_t n = 0;
    for (const char *p = buf_str(&s.t->bytes).p; *p; n++) {
        size_t len = strcspn(p, "\n");
        struct json *o = NULL;
        struct err pe;
        CHECK_ROW(events[n], json_parse(&a, (struct str){ p, len }, 0, &o, NULL, NULL, NULL, &pe));
        CHECK_STR("event", events[n], json_str_or(o, "event", STR("")));
        if (n == 1) {
            CHECK_STR("lesson", "02-inverter", json_str_or(o, "lesson", STR("")));
            CHECK_NEAR("section", 2, json_num_or(o, "section", -1), 0);
            CHECK_STR("code", "policy", json_str_or(o, "code", STR("")));
            CHECK_STR("message", "he said \"no\"", json_str_or(o, "message", STR("")));
            CHECK(!json_get(o, "cost"));
        }
        p += len + 1;
    }
    CHECK_INT("objects", COUNTOF(events), n);
    arena_deinit(&a);
    scene_end(&s);
}

TEST(time_left_follows_the_frames_of_the_last_half_minute)
{
    struct pace p = { 0 };
    CHECK_INT("nothing yet", -1, pace_left_ms(&p, 100));
    for (int64_t t = 0; t <= 60000; t += 250)
        pace_note(&p, t, t < 30000 ? t / 100 : 300 + (t - 30000) / 10); /* 10 frames a second, then 100 */
    CHECK_NEAR("1000 frames at 100 a second", 10000, (double)pace_left_ms(&p, 1000), 500);
    struct pace still = { 0 };
    for (int64_t t = 0; t <= 10000; t += 250)
        pace_note(&still, t, 5);
    CHECK_INT("nothing moves", -1, pace_left_ms(&still, 100));
    struct pace young = { 0 };
    for (int64_t t = 0; t <= 2000; t += 250)
        pace_note(&young, t, 1 + t);
    CHECK_INT("two seconds are too few", -1, pace_left_ms(&young, 100));
}

TEST(time_left_is_shown_and_counts_lessons_of_unknown_length)
{
    struct scene s;
    scene_begin(&s, PROGRESS_PLAIN, 2, 80, 24);
    s.lessons[1].frames = 0;                    /* its speech has not come: taken to be 1000 frames like the other */
    s.lessons[0].frames_done = 1;
    for (int i = 0; i < 16; i++) {
        tick(&s, 250);
        s.lessons[0].frames_done += 25;         /* 100 a second */
    }
    check_has("after four seconds", buf_str(&s.t->bytes), "about 0:16 left"); /* 624 + 1000 frames at 100 a second */
    scene_end(&s);
}

TEST(text_is_measured_in_columns_whatever_the_locale)
{
    static const struct { const char *name, *text; size_t columns; } rows[] = {
        { "ascii", "abc", 3 }, { "accent", "\xc3\xa9", 1 }, { "combining", "e\xcc\x81", 1 }, { "han", "\xe6\xbc\xa2", 2 },
        { "hangul", "\xea\xb0\x80", 2 }, { "fullwidth", "\xef\xbc\xa1", 2 }, { "emoji", "\xf0\x9f\x98\x80", 2 },
        { "arabic", "\xd8\xa7", 1 }, { "zero width joiner", "a\xe2\x80\x8d" "b", 2 },
        { "drawn as an emoji", "\xe2\x9d\xa4\xef\xb8\x8f", 2 }, { "bad byte", "\xff", 1 },
    };
    for (size_t i = 0; i < COUNTOF(rows); i++)
        CHECK_INT(rows[i].name, rows[i].columns, columns_count(str_from(rows[i].text)));
    struct buf b = { 0 };
    CHECK_INT("cut before a wide one", 4, columns_add(&b, STR("a\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"), 5));
    CHECK_STR("cut", "a...", buf_str(&b));
    buf_deinit(&b);
}
