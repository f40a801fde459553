/* shapes.c - the other shapes that a lesson is wanted in */
#include "gen/lesson/shapes.h"
#include "gen/lesson/blocks.h"

const struct lesson *lesson_shaped(struct lesson *l, size_t i)
{
    struct lesson *out = arena_alloc(&l->arena, sizeof *out);
    struct video_words words = video_words_of(&l->video);
    struct str said = l->output.also[i];
    const char *key;
    struct buf name = { 0 };
    *out = *l;
    out->arena = (struct arena){ 0 };
    words.aspect = said;
    video_resolve(&words, &out->video, &key, NULL); /* it was looked at when the lesson was read */
    for (size_t k = 0; k < said.n; k++)
        buf_addc(&name, said.p[k] == ':' || said.p[k] == '/' ? 'x' : said.p[k]);
    out->shape = arena_str(&l->arena, buf_str(&name));
    out->id = arena_printf(&l->arena, STR_FMT "." STR_FMT, STR_ARG(l->id), STR_ARG(out->shape));
    buf_deinit(&name);
    return out;
}
