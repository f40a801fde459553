/* fonts.c - which fonts there are */
#include "compose/fonts.h"
#include <stdlib.h>
#include <string.h>
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

static void add_matches(struct digest *d)
{
    static const char *const families[] = { "sans", "serif", "monospace" };
    for (size_t i = 0; i < COUNTOF(families); i++) {
        FcResult r;
        FcPattern *asked = FcNameParse((const FcChar8 *)families[i]);
        FcConfigSubstitute(NULL, asked, FcMatchPattern);
        FcDefaultSubstitute(asked);
        FcPattern *found = FcFontMatch(NULL, asked, &r);
        char *line = found ? line_of(found) : mem_strdup("none\n");
        digest_add(d, line, strlen(line));
        free(line);
        if (found)
            FcPatternDestroy(found);
        FcPatternDestroy(asked);
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
