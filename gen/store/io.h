/* io.h - the system calls of the store as a table, so that a test can make any one of them fail or be the last
 *
 * Each entry is the call of its name: -1 and errno on failure. Paths are relative to `dir`. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "gen/base/buf.h"
#include "gen/base/digest.h"
#include "gen/base/err.h"

struct ledger;
struct crew;

struct store_io {
    void *ctx;
    int (*open)(void *ctx, int dir, const char *path, int flags, mode_t mode);
    ssize_t (*read)(void *ctx, int fd, void *p, size_t n, off_t at);
    ssize_t (*write)(void *ctx, int fd, const void *p, size_t n, off_t at);
    int (*reserve)(void *ctx, int fd, off_t n); /* allocates blocks, the size stays */
    int (*truncate)(void *ctx, int fd, off_t n);
    int (*sync)(void *ctx, int fd);             /* fsync; what it says about a file once is final */
    int (*close)(void *ctx, int fd);
    int (*rename)(void *ctx, int dir, const char *from, const char *to);
    int (*unlink)(void *ctx, int dir, const char *path);
    int (*mkdir)(void *ctx, int dir, const char *path);
    int (*lock)(void *ctx, int fd, int how);    /* flock */
    /* one byte of a file, for whoever shares this descriptor; EAGAIN: another has it */
    int (*claim)(void *ctx, int fd, off_t at, bool is_taken);
    int (*commit)(void *ctx, struct ledger *l); /* 0 or SQLite's code */
    /* one(arg, i) for i < n, several at once where that is faster: a disk syncs many files in the time of a few. crew:
     * the store's */
    void (*each)(void *ctx, struct crew **crew, size_t n, void (*one)(void *arg, size_t i), void *arg);
};
extern const struct store_io store_io_system;

/* What the store builds from them. All retry EINTR; `what` names the file in messages. */
bool io_write_all(const struct store_io *io, int fd, struct str bytes, const char *what, struct err *e);
bool io_read_all(const struct store_io *io, int fd, int64_t most, struct buf *out, const char *what, struct err *e);
bool io_hash(const struct store_io *io, int fd, int64_t n, char hex[DIGEST_HEX], const char *what, struct err *e);
bool io_copy(const struct store_io *io, int from, int to, int64_t n, const char *what, struct err *e);
bool io_sync_dir(const struct store_io *io, int dir, const char *path, struct err *e);
/* mkdir with mode 0700 whatever the umask; *is_new may be NULL. */
bool io_mkdir(const struct store_io *io, int dir, const char *path, bool *is_new, struct err *e);
bool io_make_private(int fd);                   /* mode 0600 whatever the umask left of it */
int io_lock(const struct store_io *io, int fd, int how);
void io_close(const struct store_io *io, int *fd); /* quietly; for descriptors that were only read */
