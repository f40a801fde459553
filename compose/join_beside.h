/* join_beside.h - what lies beside a film: subtitles, a thumbnail, chapters, a manifest, a timeline for editors */
#pragma once
#include "compose/cues.h"
#include "compose/publish.h"

/* Adds to the publication, whose first file is the film, what the lesson's output asks for, under the film's name: .srt,
 * .vtt, .jpg, .chapters.txt, .otio, .manifest.json. Without any cue there are no subtitle files; those of an earlier run
 * stay. made: for the manifest. */
bool beside_write(const struct join_spec *s, const struct join_result *made, const struct cues *cues,
                  struct publish *files, struct err *e);
