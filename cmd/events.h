/* events.h - the lines of --json: which fields each has and what they mean; writer, schema and manual read these tables
 */
#pragma once
#include "gen/base/buf.h"

/* name, what it holds, words or shape, help */
#define EVENT_FIELDS(X)                                                                                                \
    X(EVENT, "event", TEXT, "which kind of line it is")                                                                \
    X(ELAPSED, "elapsed_ms", WHOLE, "since the run began")                                                             \
    X(LESSON, "lesson", TEXT, "its id")                                                                                \
    X(LESSON_INDEX, "lesson_index", WHOLE, "its number in this run, from 0; names may be equal")                        \
    X(SECTION, "section", WHOLE, "its number, from 0; absent: the lesson as a whole")                                  \
    X(STEP, "step", STEP, "what is done")                                                                              \
    X(STATE, "state", STATE, "what became of it")                                                                      \
    X(ID, "id", TEXT, "of the asset, a SHA-256; absent: not known yet")                                                \
    X(PROVIDER, "provider", TEXT, "who does it; absent: drawn and encoded here")                                       \
    X(INSTEAD_OF, "instead_of", TEXT, "the provider that was asked before")                                            \
    X(LANE, "lane", TEXT, "the account's queue that the request went through, of those in `lanes`")                    \
    X(TOOK, "took_ms", WHOLE, "from the request until its answer had come, or how long a worker had it")               \
    X(CHECK, "check_ms", WHOLE, "how long a worker looked at the answer")                                              \
    X(TOKENS, "tokens", NUMBER, "what the request counts against tokens a minute, an estimate")                        \
    X(FRAMES_OF, "piece_frames", WHOLE, "frames that were rendered")                                                   \
    X(ATTEMPT, "attempt", WHOLE, "tries so far, refusals included")                                                    \
    X(WAIT, "wait_ms", WHOLE, "until it is tried again")                                                               \
    X(COST, "cost", NUMBER, "money, in the currency of the totals")                                                    \
    X(OUTPUT, "output", TEXT, "the path of the video or sheet")                                                                      \
    X(DURATION, "duration_s", NUMBER, "of the video; 0 where it is not known")                                         \
    X(BYTES, "bytes", WHOLE, "of the video")                                                                           \
    X(HEARD, "speech_heard", WHOLE, "narrations that were found at their places in the finished file")                 \
    X(ASKED, "speech_asked", WHOLE, "narrations that were looked for there")                                           \
    X(SPEECH_LATE, "speech_late_ms", DECIBEL, "of the narration that is farthest from its place")                      \
    X(SOUND_OVER, "sound_over_ms", DECIBEL, "the end of the sound after that of the pictures, padding included")       \
    X(LOOKED, "pictures_looked_at", WHOLE, "pictures of the finished file that were looked at")                        \
    X(COMPARED, "pictures_compared", WHOLE, "of them held against the same drawn again")                               \
    X(LOUDNESS, "loudness_lufs", DECIBEL, "of the video, integrated (EBU R 128); absent: it is silent")                \
    X(PEAK, "peak_dbtp", DECIBEL, "its true peak")                                                                     \
    X(CODE, "code", TEXT, "the class of the mistake: see the exit codes; of a problem: its own name")                  \
    X(MESSAGE, "message", TEXT, "for people")                                                                          \
    X(LEVEL, "level", LEVEL, "how grave it is")                                                                        \
    X(EXIT, "exit", WHOLE, "the exit code that it means")                                                              \
    X(LESSONS, "lessons", WHOLE, "in this run")                                                                        \
    X(LESSONS_DONE, "lessons_done", WHOLE, "made or up to date")                                                       \
    X(LESSONS_FAILED, "lessons_failed", WHOLE, "that cannot be made")                                                  \
    X(ASSETS, "assets", WHOLE, "pictures, narrations, clips and texts")                                                \
    X(ASSETS_DONE, "assets_done", WHOLE, "of these, there and checked")                                                \
    X(FRAMES, "frames", WHOLE, "of the lessons whose length is known, else as guessed from their texts")               \
    X(FRAMES_DONE, "frames_done", WHOLE, "of these, rendered")                                                         \
    X(FETCH, "fetch_ms", WHOLE, "until the last answer so far had come")                                               \
    X(IN_FLIGHT, "requests_in_flight", WHOLE, "now")                                                                   \
    X(CAP, "requests_cap", WHOLE, "workers.requests: at most so many are in flight")                                   \
    X(MADE, "requests_made", WHOLE, "sent so far")                                                                     \
    X(RETRIES, "retries", WHOLE, "requests that were, or will be, tried again")                                        \
    X(THREADS, "threads", WHOLE, "workers.render: threads that draw, encode and check")                                \
    X(CORES, "cores", WHOLE, "of this machine")                                                                        \
    X(WORKING, "threads_working", WHOLE, "of these, at work now")                                                      \
    X(SPENT, "spent", NUMBER, "money, so far")                                                                         \
    X(ESTIMATE, "estimate", NUMBER, "what all that this run buys is thought to cost")                                  \
    X(LIMIT, "limit", NUMBER, "budget.max_cost; absent: none")                                                         \
    X(COMMITTED, "committed", NUMBER, "with a limit: spent, or set aside for requests that are out")                   \
    X(OVER_LIMIT, "over_limit", WHOLE, "assets that were not bought because of the limit")                             \
    X(OVER_LIMIT_COST, "over_limit_cost", NUMBER, "what they would have cost")                                         \
    X(CURRENCY, "currency", TEXT, "of all money")                                                                      \
    X(LEFT, "left_ms", WHOLE, "until the run is over, by its pace of late; absent: not known yet")                     \
    X(LANES, "lanes", LANES, "the queues of provider accounts")                                                        \
    X(SWITCHES, "switches", SWITCHES, "what another provider made than the one that was to make it")                   \
    X(COUNT, "count", WHOLE, "so many")                                                                                \
    X(WAITING, "waiting", WHOLE, "requests that are ready and may not start yet")                                      \
    X(LANE_FLIGHT, "in_flight", WHOLE, "requests that are out there now")                                              \
    X(LANE_CAP, "cap", WHOLE, "the account's, by the settings or the service's word; absent: none")                    \
    X(WINDOW, "window", WHOLE, "how many in flight are dared now; absent: no limit")                                   \
    X(FOUND, "found", FLAG, "the window was found out; else nothing was refused yet")                                  \
    X(PER_MINUTE, "per_minute", NUMBER, "requests that may start in a minute; absent: no limit")                       \
    X(LEARNED, "learned", FLAG, "the pace was found out; else it is documented")                                       \
    X(TOKENS_PM, "tokens_per_minute", NUMBER, "absent: no limit")                                                      \
    X(REFUSED, "refused", WHOLE, "requests that the service let not in, in this run")                                  \
    X(PAUSE, "pause_ms", WHOLE, "nothing starts for so long; absent: something may")                                   \
    X(STOPPED, "stopped", FLAG, "nothing more is sent there in this run")                                              \
    X(FILE, "file", TEXT, "the lesson's")                                                                              \
    X(LINE, "line", WHOLE, "from 1")                                                                                   \
    X(COLUMN, "column", WHOLE, "from 1")                                                                               \
    X(SEVERITY, "severity", SEVERITY, "an error keeps the lesson from being made")                                     \
    X(PATH, "path", TEXT, "where in the lesson: sections[2].image")                                                    \
    X(FIX, "fix", TEXT, "the nearest right thing; empty: none is known")                                               \
    X(ERRORS, "errors", WHOLE, "found in the file")                                                                    \
    X(WARNINGS, "warnings", WHOLE, "found in the file")
#define X(id, name, type, help) FIELD_##id,
enum event_field { EVENT_FIELDS(X) FIELD_N }; /* fewer than 256 */
#undef X

const char *event_field_name(enum event_field f);
/* The schema of every line that build, fetch, sheet and preview print with --json (JSON Schema, draft 2020-12). */
void events_schema(struct buf *out);
void events_table(struct buf *out); /* the same as Markdown */
