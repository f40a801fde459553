/* embedded.h - files of the source tree that travel inside the binary (made by the Makefile) */
#pragma once
#include <stddef.h>

struct embedded_file {
    const char *name;                           /* path in the source tree: "api/providers/replicate.yaml" */
    const char *text;                           /* NUL-terminated */
    size_t n;
};

extern const struct embedded_file embedded_files[]; /* ended by a NULL name */
