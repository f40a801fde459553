/* phrases.c - the most telling phrases of a narration: clauses scored by their words, after RAKE (Rose et al., 2010) */
#include "gen/phrases.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "gen/base/mem.h"
#include "gen/base/text.h"

enum {
    MOST_TOKENS = 4000,                         /* of a narration that are looked at */
    LONGEST = 9, SHORTEST = 2,                  /* words of a phrase */
    LONGEST_BYTES = 72,                         /* for scripts without spaces between words */
};

struct token {
    uint32_t at, n;                             /* bytes, without punctuation at the ends */
    uint32_t begin, end;                        /* with it */
    uint32_t hash;                              /* of the letters made small */
    bool is_link, is_stop;                      /* see stop_words; a link is a stop word too */
    bool is_weak, has_digit, is_name, ends_clause, begins_sentence;
    uint32_t count;                             /* how often the word comes in the narration */
};

struct phrase {
    size_t first, n;                            /* tokens */
    double score;
};

/* Words that carry nothing by themselves: links, articles, pronouns, which may go from the front of a phrase, and those
 * that may not. Negations are in neither: a phrase without its "no" says the opposite. */
static const struct { const char *language, *links, *others;
} stop_words[] = {
    { "en",
      " a also always an and any as because but each every first finally for here he how however i if in-short it its just let let's now"
      " of once only or our second she simply since so some still that that's the their then there therefore these they this third those"
      " thus today too we welcome well what when where whereas which while who why yet you your again remember notice next like",
      " about above after all am are at back be been before being below between both by can could did do does doing down ever few from further get"
      " gets got had has have her him his in into is itself kept look lot made make makes many may me might more most much must my new off often"
      " on one other out over own really same says see should start such take than them through to together under until up us use very via was way"
      " were will with would" },
    { "de",
      " aber alle als also auch da dabei damit dann das dass dein dem den denn der des deshalb die dies diese dieser dieses doch ein eine"
      " einem einen einer eines er es heute hier ich ihr jede jeder jedes jetzt man nun oder sie so sodass und uns unser weil wenn wer wie wir wo zwar",
      " ab am an auf aus bei beim bin bis dort du durch etwas für ganz gibt haben hat im in ist ja kann mehr mit muss nach noch nur ob ohne schon"
      " sehr sein sich sind über um unter vom von vor war was werden wieder wird zu zum zur" },
    { "fr",
      " afin ainsi alors aussi car ce cela ces cet cette chaque comme comment dans donc elle elles et il ils je la le les leur lui mais"
      " mon notre nous on or où parce pourquoi puis quand que quel quelle qui si son ta te tu un une voici voilà vos votre vous",
      " a à au aux avec de des du en encore est eux faire fait font même moins par peu peut plus pour sa se ses sont sous sur tous tout toute très y" },
    { "es",
      " ahora al aquí así aunque cada como cuando donde e el ella ellos entonces esa ese eso esta este esto la las le les lo los mas mi"
      " mientras nos nosotros o otra otro pero porque pues que qué se si sí su sus también tu un una uno y ya yo",
      " a algo ante antes con cual de del desde dos en entre era es están está fue ha hacia han hasta hay más me muy para poco por puede ser son sobre tan te tiene todo todos" },
    { "it",
      " allora anche che chi ci come così cui dunque e ed gli il io la le lei li lo loro lui ma noi o ogni ora perché poi quando quella"
      " quello questa questo qui quindi se si tu un una uno vi voi",
      " a ad ai al alla alle ancora con da dal dalla dei del della delle di dove è era essere ha hanno ho i in mi molto ne nei nel nella più può"
      " sei sia sono su sua suo sul tra tutti tutto" },
    { "pt",
      " a agora as assim cada como e ela ele então essa esse esta este eu isso isto já lhe mas mesmo na nas no nos nós o onde os ou porque"
      " quando que quem se também um uma você",
      " ao aos até com da das de dela dele depois do dos é em entre era está foi há mais me muito num para pela pelo por ser seu seus só sua suas todo todos tu" },
    { "nl",
      " als ander dat de deze die dit dus een en er het hier hij hoe hun ik je maar men nu of omdat ons ook toch u want wat we wie wij"
      " ze zij zo",
      " aan al alle bij dan door eens elk haar had heeft hem in is ja kan kunnen mee meer met mijn moet na naar nog om onder op over te tot uit van"
      " veel voor was wel werd worden wordt zal zich zijn zonder zou" },
};

/* ---------- tokens ---------- */

static bool is_word_char(uint32_t c)
{
    static const uint32_t formula[] = { '_', '^', '%', '+',  '/',  '=',  '<',  '>',  '*', '$',
                                        '#', '@', '&', 0xb0, 0xb5, 0xb1, 0xd7, 0xb2, 0xb3 };
    if (c < 0x80 && ((c | 32) - 'a' < 26 || c - '0' < 10))
        return true;
    for (size_t i = 0; i < COUNTOF(formula); i++)
        if (formula[i] == c)
            return true;
    if (c >= 0x2190 && c <= 0x22ff) /* arrows and mathematical signs */
        return true;
    return c >= 0xc0 && !(c >= 0x2000 && c <= 0x206f) && !(c >= 0x3000 && c <= 0x303f) &&
           !(c >= 0xff00 && c <= 0xff0f) && !(c >= 0xff1a && c <= 0xff20) && c != 0x60c && c != 0x61b && c != 0x61f &&
           c != 0x964 && c != 0xfffd;
}

static bool is_clause_mark(uint32_t c)
{
    static const uint32_t marks[] = { '.',    '!',    '?',    ',',    ';',    ':',    '(',    ')',
                                      '[',    ']',    0x2013, 0x2014, 0x2026, 0x3001, 0x3002, 0xff0c,
                                      0xff01, 0xff1a, 0xff1b, 0xff1f, 0x60c,  0x61b,  0x61f,  0x964,
                                      '"',    0x201c, 0x201d, 0x201e, 0xab,   0xbb,   0x300c, 0x300d };
    for (size_t i = 0; i < COUNTOF(marks); i++)
        if (marks[i] == c)
            return true;
    return false;
}

static bool is_sentence_mark(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0x61f || c == 0x964;
}

static uint32_t small(uint32_t c)
{
    if (c < 0x80)
        return c - 'A' < 26 ? c | 32 : c;
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
        return c + 32;
    return c;
}

/* Full-width marks need no space after them to divide. */
static bool divides_at_once(uint32_t c)
{
    return c >= 0x3000 && is_clause_mark(c);
}

static bool is_in(struct str list, const char *word, size_t n)
{
    char key[40];
    if (n == 0 || n + 2 > sizeof key || list.n == 0)
        return false;
    key[0] = ' ';
    memcpy(key + 1, word, n);
    key[n + 1] = ' ';
    if (memmem(list.p, list.n, key, n + 2))
        return true;
    return list.n > n && list.p[list.n - n - 1] == ' ' && memcmp(list.p + list.n - n, word, n) == 0;
}

struct text {
    struct str s, links, others;
    struct token *tokens;
    size_t n;
};

static void judge(struct text *t, struct token *k)
{
    struct buf low = BUF_INIT(256);
    size_t n_chars = 0, n_capitals = 0;
    k->hash = 2166136261u;
    for (uint32_t i = 0; i < k->n;) {
        uint32_t c = 0;
        size_t n = text_decode((struct str){ t->s.p + k->at + i, k->n - i }, &c);
        k->has_digit |= c - '0' < 10;
        n_capitals += small(c) != c;
        n_chars++;
        text_encode(&low, small(c));
        k->hash = (k->hash ^ small(c)) * 16777619u;
        i += (uint32_t)(n ? n : 1);
    }
    struct str w = buf_str(&low);
    k->is_link = is_in(t->links, w.p, w.n);
    k->is_stop = k->is_link || is_in(t->others, w.p, w.n);
    k->is_weak = k->is_stop || (n_chars < 2 && !k->has_digit && n_capitals == 0 && w.n < 2);
    /* NMOS, VDD, GaN; or a capital inside a sentence */
    k->is_name = n_capitals >= 2 || (n_capitals == 1 && !k->begins_sentence && !k->is_stop);
    buf_deinit(&low);
}

/* Words are what stands between white space, without the punctuation around; full-width punctuation divides as well. */
static void tokenize(struct text *t)
{
    bool begins = true;
    size_t i = 0;
    while (i < t->s.n && t->n < MOST_TOKENS) {
        struct token k = { .begins_sentence = begins };
        uint32_t c = 0, last = 0;
        size_t n;
        while (i < t->s.n && (n = text_decode((struct str){ t->s.p + i, t->s.n - i }, &c),
                              c <= 0x20 || c == 0xa0 || c == 0x3000 || n == 0))
            i += n ? n : 1;
        k.begin = (uint32_t)i;
        size_t first = SIZE_MAX, end = i;
        bool closes = false, opens = false;
        while (i < t->s.n) {
            n = text_decode((struct str){ t->s.p + i, t->s.n - i }, &c);
            if (n == 0 || c <= 0x20 || c == 0xa0 || c == 0x3000)
                break;
            i += n;
            if (is_word_char(c)) {
                first = first == SIZE_MAX ? i - n : first;
                end = i;
                closes = false;
            } else {
                opens |= first == SIZE_MAX && is_clause_mark(c);
                closes |= is_clause_mark(c);
            }
            last = c;
            if (divides_at_once(c))
                break;
        }
        k.end = (uint32_t)i;
        bool is_formula =
            first != SIZE_MAX && (memchr(t->s.p + first, '_', end - first) || memchr(t->s.p + first, '^', end - first));
        if (((opens && !is_formula) || (first == SIZE_MAX && closes)) && t->n > 0)
            t->tokens[t->n - 1].ends_clause = true; /* a dash or a bracket before the word */
        begins = is_sentence_mark(last) || (begins && first == SIZE_MAX);
        if (first == SIZE_MAX)
            continue;
        k.at = (uint32_t)first;
        k.n = (uint32_t)(end - first);
        k.ends_clause = closes;
        judge(t, &k);
        t->tokens[t->n++] = k;
    }
    for (size_t a = 0; a < t->n; a++)
        for (size_t b = 0; b < t->n; b++)
            t->tokens[a].count += t->tokens[a].hash == t->tokens[b].hash;
}

/* ---------- phrases ---------- */

static double score_of(const struct text *t, size_t first, size_t n)
{
    double sum = 0;
    size_t strong = 0;
    for (size_t i = first; i < first + n; i++) {
        const struct token *k = &t->tokens[i];
        if (k->is_weak)
            continue;
        strong++;
        sum += 1 + 0.35 * (double)(k->count < 6 ? k->count - 1 : 5) + (k->has_digit ? 0.9 : 0) +
               (k->is_name ? 0.6 : 0) + (k->n > 7 ? 0.25 : 0);
    }
    if (strong == 0)
        return 0;
    double fit = n < 3 ? 0.8 : n > 6 ? 0.85 : 1;
    fit *= t->tokens[first].is_stop ? 0.8 : 1;
    return sum / (1.4 + 0.5 * (double)n) * fit * (strong < 2 ? 0.6 : 1);
}

/* from..to-1 without links at the front; worth: of such a phrase, beside its words. */
static bool try_phrase(const struct text *t, size_t from, size_t to, double worth, struct phrase *best)
{
    while (from < to && t->tokens[from].is_link)
        from++;
    size_t n = to - from;
    if (n == 0 || n > LONGEST)
        return false;
    uint32_t bytes = t->tokens[to - 1].at + t->tokens[to - 1].n - t->tokens[from].at;
    if (bytes > LONGEST_BYTES || (n < SHORTEST && bytes < 9 && !t->tokens[from].has_digit))
        return false;
    double score = worth * score_of(t, from, n);
    if (score > best->score)
        *best = (struct phrase){ from, n, score };
    return true;
}

/* The best phrase of a clause: the whole of it, or when that is too long its end from behind a stop word on, or a run
 * of words between two of them. */
static struct phrase best_of_clause(const struct text *t, size_t from, size_t to)
{
    struct phrase best = { 0 };
    if (try_phrase(t, from, to, 1.5, &best))
        return best;
    for (size_t a = from; a < to; a++) {
        if (a > from && !t->tokens[a - 1].is_stop)
            continue;
        try_phrase(t, a, to, 1, &best);
        size_t b = a;
        while (b < to && !t->tokens[b].is_stop)
            b++;
        if (b > a + 1)
            try_phrase(t, a, b, 0.7, &best);
    }
    return best;
}

static bool says_the_same(const struct text *t, const struct phrase *a, const struct phrase *b)
{
    size_t strong = 0, shared = 0;
    for (size_t i = a->first; i < a->first + a->n; i++) {
        if (t->tokens[i].is_weak)
            continue;
        strong++;
        for (size_t k = b->first; k < b->first + b->n; k++)
            if (t->tokens[i].hash == t->tokens[k].hash) {
                shared++;
                break;
            }
    }
    return strong > 0 && 2 * shared > strong;
}

static int by_score(const void *x, const void *y)
{
    const struct phrase *a = x, *b = y;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static int by_place(const void *x, const void *y)
{
    const struct phrase *a = x, *b = y;
    return a->first < b->first ? -1 : a->first > b->first;
}

static size_t choose(const struct text *t, struct phrase *all, size_t n, size_t most)
{
    size_t kept = 0;
    qsort(all, n, sizeof *all, by_score);
    for (size_t i = 0; i < n && kept < most; i++) {
        bool is_new = true;
        for (size_t k = 0; is_new && k < kept; k++)
            is_new = !says_the_same(t, &all[i], &all[k]) && !says_the_same(t, &all[k], &all[i]);
        if (is_new)
            all[kept++] = all[i];
    }
    qsort(all, kept, sizeof *all, by_place);
    return kept;
}

/* The words as they stand, the first letter made a capital unless the word is a name or a formula; one space between.
 */
static struct str phrase_text(struct arena *a, const struct text *t, const struct phrase *p)
{
    struct buf b = { 0 };
    const struct token *first = &t->tokens[p->first], *last = first + p->n - 1;
    for (uint32_t i = first->at; i < last->at + last->n; i++) {
        char c = t->s.p[i];
        bool space = (unsigned char)c <= 0x20;
        if (!space || (b.n > 0 && b.p[b.n - 1] != ' '))
            buf_addc(&b, space ? ' ' : c);
    }
    bool is_plain = !first->is_name && !first->has_digit && !memchr(t->s.p + first->at, '_', first->n);
    if (is_plain && b.n > 1 && (unsigned)(b.p[0] - 'a') < 26 && ((unsigned)(b.p[1] - 'a') < 26 || b.p[1] == ' '))
        b.p[0] = (char)(b.p[0] - 32);
    struct str out = arena_str(a, buf_str(&b));
    buf_deinit(&b);
    return out;
}

size_t phrases_pick(struct arena *a, struct str narration, struct str language, size_t most, const struct str **out)
{
    struct text t = { .s = narration };
    size_t n = 0, from = 0;
    for (size_t i = 0; i < COUNTOF(stop_words); i++)
        if (language.n >= 2 && strncasecmp(language.p, stop_words[i].language, 2) == 0 &&
            (language.n == 2 || language.p[2] == '-' || language.p[2] == '_'))
            t.links = str_from(stop_words[i].links), t.others = str_from(stop_words[i].others);
    t.tokens = mem_array(MOST_TOKENS, sizeof *t.tokens);
    tokenize(&t);
    struct phrase *all = mem_array(t.n + 1, sizeof *all);
    for (size_t i = 0; i < t.n; i++) {
        if (!t.tokens[i].ends_clause && i + 1 < t.n)
            continue;
        struct phrase p = best_of_clause(&t, from, i + 1);
        if (p.score > 0)
            all[n++] = p;
        from = i + 1;
    }
    n = choose(&t, all, n, most);
    struct str *texts = arena_array(a, n + 1, sizeof *texts);
    for (size_t i = 0; i < n; i++)
        texts[i] = phrase_text(a, &t, &all[i]);
    *out = texts;
    free(all);
    free(t.tokens);
    return n;
}
