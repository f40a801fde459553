/* plan_reword.c - a prompt that was refused is put into other words by a chat model */
#include "gen/answer.h"
#include "gen/base/text.h"
#include "gen/plan_private.h"

enum { REWORDED_MOST = 2000 };                  /* characters */

static const char instruction[] =
    "You reword prompts for a model that draws pictures. The prompt you are given was refused by its content filter. Keep "
    "the subject, the composition and the style, and what the picture is to teach. Leave out or replace what may have "
    "been refused: violence, blood, nudity, drugs, weapons aimed at people, names of living people, of artists, brands and "
    "characters. Ask for no text in the picture. Answer with the new prompt alone, in the language of the old one, "
    "without quotes or explanations.";

bool plan_rewording(struct planner *p, const struct plan_section *ps, struct node **out)
{
    const struct str none = { "", 0 };
    bool ok;
    const struct provider_info *info = choose_provider(p, ASSET_TEXT, none, none, p->o->config->use.chat, "rules", &ok);
    if (!ok)
        return false;
    if (!info)
        return err_set(p->e, ERR_CONFIG, "no chat model is set up (providers.chat) that could reword what was refused");
    const struct want w = {
        .kind = ASSET_TEXT,
        .provider = info->id,
        .text = plan_picture_prompt(p, ps),
        .system = STR(instruction),
        .speed = 1,
        .seed = -1,
    };
    if (!plan_fetch(p, NODE_FETCH_TEXT, &w, info, out))
        return false;
    (*out)->refused = ps->pictures[p->picture].refused;
    return true;
}

bool plan_reworded(const struct node *n, struct arena *a, struct str *out, struct err *e)
{
    struct str text;
    struct buf b = { 0 };
    if (!answer_text(&n->blob, a, &text, e))
        return false;
    text = str_trim(text);
    for (size_t i = 0; i < text.n; i++)         /* one line, as prompts are */
        buf_addc(&b, text.p[i] == '\n' || text.p[i] == '\r' || text.p[i] == '\t' ? ' ' : text.p[i]);
    bool ok = b.n > 0 && text_length(buf_str(&b)) <= REWORDED_MOST;
    if (ok)
        *out = arena_str(a, buf_str(&b));
    else
        err_set(e, ERR_MEDIA, "the new words are none, or more than %d characters", REWORDED_MOST);
    buf_deinit(&b);
    return ok;
}
