/* cues.h - what is said in a film and when it is read: for SubRip and WebVTT files and for a track in the film */
#pragma once
#include "compose/captions.h"

struct cue {
    int64_t start_ms, end_ms;                   /* in the film; in order, never overlapping, start < end */
    struct str text;                            /* plain; its lines, none of them empty, divided by '\n' */
};

struct cues {
    struct arena arena;
    struct cue *v;
    size_t n, cap;
};

/* The pages of one section.
 * offset_samples  of the section's sound in the film
 * until_samples   in the film; cues end there at the latest, those that would begin later are left out */
void cues_add(struct cues *c, const struct caption_pages *p, int64_t offset_samples, int64_t until_samples);
/* Of all sections, laid out as captions would be in this frame. Sections whose words have no times have none. */
void cues_of_film(struct cues *c, const struct join_spec *s);
void cues_deinit(struct cues *c);

/* Append a whole file. False when the buffer is full. */
bool cues_write_srt(struct buf *b, const struct cues *c);
bool cues_write_vtt(struct buf *b, const struct cues *c);

/* Append a text as the format wants it. SRT has no way to escape: "<b>", "{\an8}" and "-->" in a narration are taken
 * apart by U+2060, which is not seen. Source of WebVTT's: its section 6.3. */
bool cue_text_srt(struct buf *b, struct str text);
bool cue_text_vtt(struct buf *b, struct str text);
bool cue_text_plain(struct buf *b, struct str text);
