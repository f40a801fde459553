/* themes.c - how slides look */
#include "compose/slide/themes.h"

#define SANS "Inter, Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, sans-serif"
#define DISPLAY "Inter Display, " SANS
#define SERIF "Noto Serif, Noto Naskh Arabic, Noto Serif Hebrew, serif"
#define MONO "JetBrains Mono, Noto Sans Mono, monospace"

static const struct theme midnight = {
    .row = { .name = "midnight", .help = "light text on deep blue, cyan and amber", .aliases = "dark" },
    .top = 0x0F1626FF, .bottom = 0x131C31FF, .glow = 0x4CC9F014,
    .text = 0xEAF1FBFF, .muted = 0x9FB2CEFF, .accent = 0x4CC9F0FF, .second = 0xFFD166FF,
    .panel = 0xFFFFFF0A, .border = 0x33456AFF,
    .word = 0x4CC9F0FF, .string = 0x7BD88FFF, .number = 0xFFD166FF, .comment = 0x8497B5FF,
    .heading = DISPLAY, .body = SANS, .mono = MONO, .heading_weight = 650,
};

static const struct theme paper = {
    .row = { .name = "paper", .help = "dark text on warm white, serif headings", .aliases = "light" },
    .top = 0xFCFAF5FF, .bottom = 0xF3EFE6FF, .glow = 0xFFFFFF80,
    .text = 0x1E2430FF, .muted = 0x5B6474FF, .accent = 0xB3402EFF, .second = 0x1F5F8BFF,
    .panel = 0xFFFFFFB0, .border = 0xDDD5C5FF,
    .word = 0x1F5F8BFF, .string = 0x2F6B3CFF, .number = 0xB3402EFF, .comment = 0x626A78FF,
    .heading = SERIF, .body = SANS, .mono = MONO, .heading_weight = 700,
};

static const struct theme slate = {
    .row = { .name = "slate", .help = "quiet greys with a green accent" },
    .top = 0x22272EFF, .bottom = 0x1B1F25FF, .glow = 0x8DDBB00D,
    .text = 0xF0F3F6FF, .muted = 0xA5B0BDFF, .accent = 0x6BD6A4FF, .second = 0xF2A65AFF,
    .panel = 0xFFFFFF0B, .border = 0x444C57FF,
    .word = 0x7CB7FFFF, .string = 0x6BD6A4FF, .number = 0xF2A65AFF, .comment = 0x8D98A5FF,
    .heading = DISPLAY, .body = SANS, .mono = MONO, .heading_weight = 650,
};

static const struct theme chalkboard = {
    .row = { .name = "chalkboard", .help = "chalk on a green board" },
    .top = 0x20382FFF, .bottom = 0x182C25FF, .glow = 0xE8F3E40F,
    .text = 0xF3F5EAFF, .muted = 0xB7C7B8FF, .accent = 0xF7E08AFF, .second = 0xF4A6A0FF,
    .panel = 0xFFFFFF0A, .border = 0x4B6B5DFF,
    .word = 0x9AD8E8FF, .string = 0xF7E08AFF, .number = 0xF4A6A0FF, .comment = 0x9DB3A3FF,
    .heading = SERIF, .body = SANS, .mono = MONO, .heading_weight = 600,
};

static const struct theme daylight = {
    .row = { .name = "daylight", .help = "dark text on cool white, blue and orange" },
    .top = 0xFFFFFFFF, .bottom = 0xEEF3FAFF, .glow = 0x3B82F612,
    .text = 0x101828FF, .muted = 0x526079FF, .accent = 0x1D5FD6FF, .second = 0xB54708FF,
    .panel = 0xFFFFFFC0, .border = 0xCFDAEAFF,
    .word = 0x1D5FD6FF, .string = 0x14713FFF, .number = 0xB54708FF, .comment = 0x667085FF,
    .heading = DISPLAY, .body = SANS, .mono = MONO, .heading_weight = 700,
};

const struct row *const theme_rows[] = { &midnight.row, &paper.row, &slate.row, &chalkboard.row, &daylight.row, NULL };

const struct theme *theme_find(struct str name)
{
    const struct row *r = name.n ? row_find(theme_rows, name) : theme_rows[0];
    return (const struct theme *)r; /* each row is the first member of its theme */
}
