/* clip_file.h - the frames of a video file in the order of their times (inside the child process)
 *
 * The first bytes choose one demuxer by name; it reads through our own AVIO on the descriptor and can open nothing
 * else. Times count in ticks of 1/SAMPLE_RATE s from the first frame's. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include "gen/base/err.h"
#include "gen/media.h"

struct clip_file {
    AVFormatContext *fmt;
    AVIOContext *io;
    AVCodecContext *dec;
    AVPacket *pkt;
    const char *type; /* "mp4" "webm" "gif" "png" "webp" */
    int stream;
    AVRational sar;                   /* shape of a pixel; 1:1 when nothing is said */
    int orientation;                  /* how it is to be turned: EXIF's numbers, 1-8 */
    int64_t first_pts;                /* in the stream's time base */
    int64_t tolerance;                /* ticks: what the time base's coarseness can be off */
    int64_t last_tick, last_duration; /* of the latest frame; duration as its file tells, 0: not said */
    int64_t n_packets, n_frames, n_bad;
    int64_t deadline_ms; /* on the monotonic clock; later reads fail */
    int fd;
    struct clip_webp *webp; /* instead of all of FFmpeg's; NULL: it is none */
    bool is_drained, has_first, is_whole;
};

/* fd is borrowed until clip_file_close. False with ERR_MEDIA; close it all the same. */
bool clip_file_open(struct clip_file *f, int fd, struct err *e);
void clip_file_close(struct clip_file *f);

/* The next frame and its tick; *got false at the end. Frames that come too late for their time are left out. */
bool clip_file_next(struct clip_file *f, AVFrame *out, int64_t *tick, bool *got, struct err *e);

/* Goes on at a keyframe that is not after the tick, so far as the file tells; what comes next may be later all the
 * same. */
bool clip_file_seek(struct clip_file *f, int64_t tick, struct err *e);

/* What a frame without a duration of its own lasts, ticks. */
int64_t clip_file_frame_ticks(const struct clip_file *f);
