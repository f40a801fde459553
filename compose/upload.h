/* upload.h - frames go into the memory of a VAAPI device, which alone its encoders take */
#pragma once
#include <stdbool.h>
#include "gen/base/err.h"

struct AVCodecContext;
struct AVFrame;
struct upload;

/* Sets the context's pixel format and device; its sizes stand there already. NULL with ERR_RENDER when there is no
 * such device. */
struct upload *upload_create(struct AVCodecContext *c, struct err *e);
void upload_destroy(struct upload *u);

/* from  YUV420P; *out is u's own until the next call, with from's time */
bool upload_frame(struct upload *u, const struct AVFrame *from, struct AVFrame **out, struct err *e);
