/* known.c - names that the lesson format promises or FFmpeg knows: what this program cannot do yet is told apart from a
 * typo */
#include "gen/lesson/reader.h"

const char *const known_effects[] = {
    "auto",      "none",      "zoom-in",         "zoom-out",  "pan-left",   "pan-right", "pan-up",
    "pan-down",  "ken-burns", "subject-outline", "spotlight", "vignette",   "grain",     "blur",
    "grayscale", "sepia",     "brightness",      "contrast",  "saturation", "sharpen",   "plan",
    NULL,
};

/* The second half: FFmpeg's xfade filter, libavfilter/vf_xfade.c up to 7.1. Keys fold, so wipeleft is wipe-left. */
const char *const known_transitions[] = {
    "none",        "fade",       "fade-black",  "fade-white",   "dissolve",    "wipe-left", "wipe-right", "wipe-up",
    "wipe-down",   "slide-left", "slide-right", "slide-up",     "slide-down",  "push-left", "push-right", "push-up",
    "push-down",   "zoom",       "circle-open", "circle-close", "pixelate",    "blur",      "random",     "circlecrop",
    "rectcrop",    "distance",   "radial",      "smoothleft",   "smoothright", "smoothup",  "smoothdown", "vertopen",
    "vertclose",   "horzopen",   "horzclose",   "pixelize",     "diagtl",      "diagtr",    "diagbl",     "diagbr",
    "hlslice",     "hrslice",    "vuslice",     "vdslice",      "hblur",       "fadegrays", "wipetl",     "wipetr",
    "wipebl",      "wipebr",     "squeezeh",    "squeezev",     "zoomin",      "fadefast",  "fadeslow",   "hlwind",
    "hrwind",      "vuwind",     "vdwind",      "coverleft",    "coverright",  "coverup",   "coverdown",  "revealleft",
    "revealright", "revealup",   "revealdown",  NULL,
};
