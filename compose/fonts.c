/* fonts.c - which fonts there are */
#include "compose/fonts.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <fontconfig/fontconfig.h>
#include "gen/base/buf.h"
#include "gen/base/mem.h"

static char *line_of(const FcPattern *p)
{
    FcChar8 *file = NULL;
    int index = 0, version = 0;
    struct buf b = { 0 };
    FcPatternGetString(p, FC_FILE, 0, &file);
    FcPatternGetInteger(p, FC_INDEX, 0, &index);
    FcPatternGetInteger(p, FC_FONTVERSION, 0, &version);
    const char *name = file ? (const char *)file : "", *slash = strrchr(name, '/');
    buf_printf(&b, "%s %d %d\n", slash ? slash + 1 : name, index, version);
    return buf_take(&b);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static FcPattern *match(const char *family)
{
    FcResult r;
    FcPattern *asked = FcNameParse((const FcChar8 *)family);
    FcConfigSubstitute(NULL, asked, FcMatchPattern);
    FcDefaultSubstitute(asked);
    FcPattern *found = FcFontMatch(NULL, asked, &r);
    FcPatternDestroy(asked);
    return found;
}

static void add_matches(struct digest *d)
{
    static const char *const families[] = { "sans", "serif", "monospace" };
    for (size_t i = 0; i < COUNTOF(families); i++) {
        FcPattern *found = match(families[i]);
        char *line = found ? line_of(found) : mem_strdup("none\n");
        digest_add(d, line, strlen(line));
        free(line);
        if (found)
            FcPatternDestroy(found);
    }
}

void fonts_digest(char hex[DIGEST_HEX])
{
    struct digest *d = digest_create();
    const FcFontSet *set = FcInit() ? FcConfigGetFonts(NULL, FcSetSystem) : NULL;
    size_t n = set ? (size_t)set->nfont : 0;
    char **lines = mem_array(n + 1, sizeof *lines);
    for (size_t i = 0; i < n; i++)
        lines[i] = line_of(set->fonts[i]);
    if (n)
        qsort(lines, n, sizeof *lines, by_text);
    for (size_t i = 0; i < n; i++) {
        digest_add(d, lines[i], strlen(lines[i]));
        free(lines[i]);
    }
    free(lines);
    if (n)
        add_matches(d);
    digest_finish(d, hex);
}

char *fonts_family(const char *asked)
{
    FcChar8 *name = NULL;
    FcPattern *found = FcInit() ? match(asked) : NULL;
    char *family = found && FcPatternGetString(found, FC_FAMILY, 0, &name) == FcResultMatch
                       ? mem_strdup((const char *)name)
                       : NULL;
    if (found)
        FcPatternDestroy(found);
    return family;
}

bool fonts_has_family(struct str family)
{
    static const char *const generic[] = { "sans",      "sans-serif", "serif",   "mono",
                                           "monospace", "cursive",    "fantasy", "system-ui" };
    for (size_t i = 0; i < COUNTOF(generic); i++)
        if (family.n == strlen(generic[i]) && strncasecmp(family.p, generic[i], family.n) == 0)
            return true;
    char *name = mem_alloc(family.n + 1);
    memcpy(name, family.p, family.n);
    FcPattern *asked = FcPatternCreate();
    FcObjectSet *wanted = FcObjectSetBuild(FC_FAMILY, (char *)NULL);
    FcPatternAddString(asked, FC_FAMILY, (const FcChar8 *)name);
    FcFontSet *found = FcInit() ? FcFontList(NULL, asked, wanted) : NULL;
    bool ok = found && found->nfont > 0;
    if (found)
        FcFontSetDestroy(found);
    FcObjectSetDestroy(wanted);
    FcPatternDestroy(asked);
    free(name);
    return ok;
}

bool fonts_are_there(void)
{
    const FcFontSet *all = FcInit() ? FcConfigGetFonts(NULL, FcSetSystem) : NULL;
    return all && all->nfont > 0;
}

bool fonts_can_write(const char *language)
{
    FcPattern *asked = FcPatternCreate();
    FcLangSet *languages = FcLangSetCreate();
    FcObjectSet *wanted = FcObjectSetBuild(FC_FAMILY, (char *)NULL);
    FcLangSetAdd(languages, (const FcChar8 *)language);
    FcPatternAddLangSet(asked, FC_LANG, languages);
    FcFontSet *found = FcInit() ? FcFontList(NULL, asked, wanted) : NULL;
    bool ok = found && found->nfont > 0;
    if (found)
        FcFontSetDestroy(found);
    FcObjectSetDestroy(wanted);
    FcLangSetDestroy(languages);
    FcPatternDestroy(asked);
    return ok;
}
