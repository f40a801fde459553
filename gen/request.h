/* request.h - the canonical form of everything that is asked for: its SHA-256 is the asset's id
 *
 * Canonical: JSON with sorted keys; nothing volatile in it (no time, path, key, locale). A change of the form changes
 * REQUEST_VERSION. */
#pragma once
#include "gen/base/digest.h"
#include "gen/ports.h"

enum { REQUEST_VERSION = 1 };

bool request_fetch(const struct transport *t, const struct want *w, char id[DIGEST_HEX], struct err *e);
/* The roll-th repetition of what is named `first`. */
bool request_again(const struct transport *t, const struct want *w, const char *first, int64_t roll, char id[DIGEST_HEX],
                   struct err *e);
void request_speak(const struct speak_spec *s, struct str version, char id[DIGEST_HEX]);
/* part_ids: of the assets that are joined, s->n_parts of them, NUL-terminated. What s->parts[i].speech is does not
 * matter. */
void request_splice(const struct splice_spec *s, const char (*part_ids)[DIGEST_HEX], struct str version,
                    char id[DIGEST_HEX]);
void request_draw(const struct slide_spec *s, struct str version, char id[DIGEST_HEX]);
/* narration: what a sound says, for its word times; empty for pictures */
void request_import(enum asset_kind kind, const char *content_sha256, struct str narration, struct str version,
                    char id[DIGEST_HEX]);
/* Do both draw the same all the time? */
bool request_is_same_overlay(const struct overlay_span *x, const struct overlay_span *y);
void request_piece(const struct piece_spec *s, struct str version, char id[DIGEST_HEX]);
/* Everything that is heard in a film. */
void request_sound(const struct join_spec *s, struct str version, char id[DIGEST_HEX]);
/* Everything a film is made of, and where it goes. */
void request_film(const struct join_spec *s, struct str version, char id[DIGEST_HEX]);
