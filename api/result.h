/* result.h - the media of an answer, brought into the job's file and looked at */
#pragma once
#include "api/description.h"
#include "api/headers.h"
#include "api/lift.h"
#include "gen/media.h"

struct result_in {
    const struct description *desc;
    enum asset_kind kind;
    int fd;
    int64_t max_bytes;
    const struct headers *headers;              /* of the answer */
};

/* Where the media are, inside a JSON answer: false when no pointer of the description finds a text there. */
bool result_find(const struct description *d, const struct json *answer, struct str *value, struct str *pointer);

/* The template of an address that is put together from the answer ("/view?filename=${r:/name}"), or an empty text. */
struct str result_template(const struct description *d);

/* Whether a found value is an address to be fetched rather than the media. */
bool result_is_url(const struct description *d, struct str value);

/* Where in the file a streamed body, or the first media of JSON, begin: room is left for a WAV header when raw samples
 * are expected. */
int64_t result_offset(const struct description *d);

/* Each writes or finishes the file and names its type. media: what `value` is the beginning of, decoded in the file
 * already; NULL: value is all of it. ERR_MEDIA: not what was asked for; ERR_SERVER: text where media
 * were expected (shown) or nothing at all; ERR_IO. */
bool result_put_json(const struct result_in *in, const struct json *answer, struct str value, struct str pointer,
                     const struct lifted *media, const char **type, int64_t *n_bytes, struct err *e);
bool result_put_streamed(const struct result_in *in, int64_t n_body, const char **type, int64_t *n_bytes,
                         struct err *e);

/* The beginning of what is in the file, as text for rules and messages. */
struct str result_head(const struct result_in *in, int64_t offset, struct buf *room);
