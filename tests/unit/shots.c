/* shots.c - tests of sections that show one picture after another */
#include <stdlib.h>
#include <libavutil/frame.h>
#include "compose/effects.h"
#include "compose/scene.h"
#include "compose/transitions.h"
#include "gen/request.h"
#include "tests/support/pictures.h"
#include "tests/support/test.h"

enum { W = 192, H = 108, N = 3, FRAMES = 90, TURN = 8 };

struct stage {
    struct plate_source pictures[N];
    struct picture_source inner, source; /* source counts what inner opens */
    size_t n_opened;
    struct blob blobs[N];
    struct choice effect;
    struct shot shots[N];
    struct visual visual;
    struct video_format video;
    AVFrame *frame;
};

static bool open_counted(void *ctx, const struct blob *b, struct plate_source *out, void **held, struct err *e)
{
    struct stage *s = ctx;
    s->n_opened++;
    return s->inner.open(s->inner.ctx, b, out, held, e);
}

static void close_counted(void *ctx, void *held)
{
    const struct stage *s = ctx;
    s->inner.close(s->inner.ctx, held);
}

/* Three pictures of 30 frames each; one turns into the next in TURN frames, which the later one has more. */
static void stage_begin(struct stage *s)
{
    *s = (struct stage){ .video = { .width = W, .height = H, .fps_num = 30, .fps_den = 1, .preset = STR("balanced") } };
    s->effect.row = row_find(effect_rows, STR("auto"));
    for (size_t i = 0; i < N; i++) {
        s->pictures[i] = picture_make(i == 1 ? PICTURE_DIAGRAM : PICTURE_PHOTO, 240, 160, i + 31);
        s->blobs[i] = picture_blob(i);
        s->shots[i] = (struct shot){ .picture = &s->blobs[i],
                                     .effects = &s->effect,
                                     .n_effects = 1,
                                     .seed = i,
                                     .first_frame = (int64_t)i * 30 - (i ? TURN : 0),
                                     .n_frames = 30 + (i ? TURN : 0),
                                     .transition = { .row = row_find(transition_rows, STR("fade")) } };
    }
    s->inner = picture_source_array(s->pictures);
    s->source = (struct picture_source){ s, open_counted, close_counted, NULL };
    s->visual = (struct visual){ .shots = s->shots, .n_shots = N, .n_frames = FRAMES };
    s->frame = av_frame_alloc();
    s->frame->format = 0;
    s->frame->width = W;
    s->frame->height = H;
    CHECK(av_frame_get_buffer(s->frame, FRAME_ALIGN) == 0);
}

static void stage_end(struct stage *s)
{
    av_frame_free(&s->frame);
    for (size_t i = 0; i < N; i++)
        free((void *)(uintptr_t)s->pictures[i].bgra);
}

static struct scene *scene_of(struct stage *s, const struct visual *v)
{
    struct err e = { 0 };
    struct scene *scene = scene_create(v, &s->video, &s->source, true, &e);
    CHECK_ROW(e.msg, scene != NULL);
    return scene;
}

static uint64_t sum_at(struct stage *s, struct scene *scene, int64_t index)
{
    struct err e = { 0 };
    CHECK_ROW(e.msg, scene_draw(scene, index, s->frame, &e));
    struct frame f = frame_view(s->frame);
    return frame_checksum(&f);
}

/* The same frame of a section that has this shot alone. */
static uint64_t alone_at(struct stage *s, size_t shot, int64_t index)
{
    struct shot only = s->shots[shot];
    only.first_frame = 0;
    const struct visual v = { .shots = &only, .n_shots = 1, .n_frames = only.n_frames };
    struct scene *scene = scene_of(s, &v);
    uint64_t sum = sum_at(s, scene, index - s->shots[shot].first_frame);
    scene_destroy(scene);
    return sum;
}

TEST(a_frame_that_shows_one_picture_is_the_one_that_a_section_of_this_picture_has)
{
    static const struct {
        const char *name;
        int64_t index;
        size_t shot;
    } rows[] = {
        { "the first of all", 0, 0 },          { "the last before the turn", 29 - TURN, 0 },
        { "the first after the turn", 30, 1 }, { "the second's last", 59 - TURN, 1 },
        { "the third's first", 60, 2 },        { "the last of all", FRAMES - 1, 2 },
    };
    struct stage s;
    stage_begin(&s);
    struct scene *scene = scene_of(&s, &s.visual);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        uint64_t sum = sum_at(&s, scene, rows[i].index);
        CHECK_ROW(rows[i].name, sum == alone_at(&s, rows[i].shot, rows[i].index));
    }
    scene_destroy(scene);
    stage_end(&s);
}

TEST(two_pictures_are_mixed_while_one_turns_into_the_other_and_not_in_a_cut)
{
    struct stage s;
    stage_begin(&s);
    struct scene *scene = scene_of(&s, &s.visual);
    for (int64_t i = 30 - TURN; i < 30; i++) {
        uint64_t sum = sum_at(&s, scene, i);
        CHECK_INT("neither alone", 0, sum == alone_at(&s, 0, i) || sum == alone_at(&s, 1, i));
    }
    scene_destroy(scene);
    s.shots[1].first_frame = 30;
    s.shots[1].n_frames = 30;
    scene = scene_of(&s, &s.visual);
    CHECK("before the cut" && sum_at(&s, scene, 29) == alone_at(&s, 0, 29));
    CHECK("after the cut" && sum_at(&s, scene, 30) == alone_at(&s, 1, 30));
    scene_destroy(scene);
    stage_end(&s);
}

TEST(a_frame_does_not_depend_on_where_drawing_began)
{
    struct stage s;
    stage_begin(&s);
    uint64_t sums[FRAMES];
    struct scene *scene = scene_of(&s, &s.visual);
    for (int64_t i = 0; i < FRAMES; i++)
        sums[i] = sum_at(&s, scene, i);
    CHECK_INT("each picture was decoded once", N, s.n_opened);
    for (int64_t i = FRAMES - 1; i >= 0; i -= 7)
        CHECK("backwards" && sum_at(&s, scene, i) == sums[i]);
    scene_destroy(scene);
    stage_end(&s);
}

TEST(a_picture_that_is_not_seen_is_not_decoded)
{
    struct stage s;
    stage_begin(&s);
    struct scene *scene = scene_of(&s, &s.visual);
    sum_at(&s, scene, 70);
    CHECK_INT("one of three", 1, s.n_opened);
    sum_at(&s, scene, 60 - TURN);
    CHECK_INT("two of three", 2, s.n_opened);
    scene_destroy(scene);
    stage_end(&s);
}

static void id_of(struct stage *s, int64_t first, char id[DIGEST_HEX])
{
    const struct piece_spec p = { .video = s->video, .a = &s->visual, .first_a = first, .n_frames = 20 };
    request_piece(&p, STR("1"), id);
}

TEST(a_change_of_a_picture_is_a_change_of_the_pieces_that_show_it_and_of_no_other)
{
    static const struct {
        const char *name;
        int64_t first;
        bool is_other;
    } rows[] = {
        { "before the turn", 0, false },      { "with the turn", 5, true },       { "the picture itself", 30, true },
        { "the turn to the next", 52, true }, { "the third picture", 60, false },
    };
    struct stage s;
    stage_begin(&s);
    for (size_t i = 0; i < COUNTOF(rows); i++) {
        char before[DIGEST_HEX], after[DIGEST_HEX];
        s.shots[1].picture = &s.blobs[1];
        memset(s.blobs[1].sha256, 'a', 64);
        id_of(&s, rows[i].first, before);
        memset(s.blobs[1].sha256, 'b', 64);
        id_of(&s, rows[i].first, after);
        CHECK_INT(rows[i].name, rows[i].is_other, strcmp(before, after) != 0);
    }
    stage_end(&s);
}
