/* stamp.c - a name for all that a film comes from */
#include "gen/stamp.h"
#include "gen/base/mem.h"

static void add_text(struct buf *b, struct str s)
{
    buf_printf(b, "%zu:", s.n);
    buf_adds(b, s);
}

void stamp_of(const struct lesson *l, struct str out_path, const struct plan_opts *o, char id[DIGEST_HEX])
{
    struct buf b = { 0 };
    id[0] = '\0';
    if (o->basis.n == 0 || l->has_unsettled_file)
        return;
    add_text(&b, STR("stamp 1"));
    add_text(&b, o->basis);
    add_text(&b, o->renderer->version(o->renderer->ctx));
    add_text(&b, str_from(l->text_sha256));
    add_text(&b, l->path);                      /* ids, and with them what is left to chance, come from its name */
    add_text(&b, out_path);
    add_text(&b, l->shape);
    buf_printf(&b, "%zu;", l->number);
    for (size_t i = 0; i < l->n_files; i++) {
        const struct lesson_file_seen *f = &l->files[i];
        add_text(&b, f->name);
        buf_printf(&b, "%lld,%lld,%lld,%llu,%llu;", (long long)f->bytes, (long long)f->mtime_ns, (long long)f->ctime_ns,
                   (unsigned long long)f->inode, (unsigned long long)f->device);
    }
    digest_of(b.p, b.n, id);
    buf_deinit(&b);
}

bool stamp_may_hold(const struct film *f)
{
    bool is = f->stamp[0] != '\0' && !f->is_for_now;
    for (size_t i = 0; i < f->n_sections; i++)
        is = is && !(f->sections[i].plan && f->sections[i].plan->state == NODE_FAILED);
    return is;
}
