/* fd_io.h - FFmpeg reads and writes a descriptor of ours: no names, no protocols, the descriptor's own position unused
 */
#pragma once
#include <stdbool.h>

struct AVIOContext;

/* Starts at offset 0; seekable. fd is borrowed. Never NULL. */
struct AVIOContext *fd_io_create(int fd, bool is_output);
void fd_io_destroy(struct AVIOContext *io);     /* does not flush; NULL is fine */
