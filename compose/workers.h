/* workers.h - the kinds of work that compose hands to child processes */
#pragma once
#include "compose/child.h"
#include "compose/clip.h"

extern const struct worker workers_of_compose[]; /* ended by a NULL name */

/* decode_picture.c */
struct picture_answer { int32_t width, height; uint32_t has_alpha; char type[16]; };
bool picture_work(struct child *c, struct err *e);
/* decode_sound.c */
struct sound_job { uint32_t may_be_mute; };
struct sound_answer { int32_t channels; int64_t n_samples; char type[16]; };
bool sound_work(struct child *c, struct err *e);
/* speak_espeak.c: the job is a speak_job and the text; the data are n_words events, then n_samples of 16 bits */
struct speak_job {
    int32_t wpm;
    char language[24];                          /* the lesson's, as espeak writes it: "en-us" */
    char voice[24], variant[24];                /* before and after the '+' of what the lesson says; "" */
};
struct speak_event { int64_t samples; uint32_t char_at; };
struct speak_answer { int64_t n_samples; uint32_t n_words; };
bool speak_work(struct child *c, struct err *e);
/* draw.c */
struct draw_answer { int32_t width, height; };
bool draw_work(struct child *c, struct err *e);
/* decode_clip.c: check-clip says what a file is; play-clip is asked for one frame after another, and puts each into the
 * slot of its lane */
struct clip_answer {
    int32_t width, height;
    int64_t n_frames, n_ticks;
    uint32_t is_flat;
    uint8_t colour[4];
    char type[16];
};
bool clip_check_work(struct child *c, struct err *e);
struct clip_job { struct clip_spec spec; };
struct clip_question { int64_t tick; int32_t lane, is_smooth; };
struct clip_shown { int64_t tick; };            /* of the frame, or of the first of two that were mixed */
bool clip_play_work(struct child *c, struct err *e);
/* glimpse.c */
struct glimpse_answer { uint32_t nothing; };
bool glimpse_work(struct child *c, struct err *e);
/* clip.c */
size_t clip_slot_bytes(const struct clip_spec *s);
struct frame clip_slot(const struct clip_spec *s, uint8_t *mem); /* a view of one slot */
/* audit_work.c: the job is an audit_job and n_looks frame numbers, ascending; the data are as many audit_looks, then the
 * film's sound as audit_low.h makes it */
struct audit_job { int32_t container, fps_num, fps_den, n_looks; };
struct audit_answer {
    double lufs, peak_dbtp;                     /* of the sound as it decodes; -HUGE_VAL: silence */
    int64_t first_sample, n_samples;            /* at SAMPLE_RATE */
    int64_t n_low, n_decoded;                   /* pictures */
};
bool audit_work(struct child *c, struct err *e);
