/* disk.c - room on a file system */
#include "gen/base/disk.h"
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "gen/base/mem.h"

char *disk_existing(const char *path)
{
    char *p = mem_strdup(path);
    while (access(p, F_OK) != 0 && strcmp(p, "/") != 0 && strcmp(p, ".") != 0) {
        char *up = mem_strdup(dirname(p));
        free(p);
        p = up;
    }
    return p;
}

bool disk_free(const char *path, int64_t *bytes, dev_t *device, struct err *e)
{
    char *dir = disk_existing(path);
    struct statvfs fs;
    struct stat st;
    bool is_told = statvfs(dir, &fs) == 0 && stat(dir, &st) == 0;
    if (!is_told)
        err_errno(e, "%s: how much room there is", dir);
    free(dir);
    if (!is_told)
        return false;
    double left = (double)fs.f_bavail * (double)fs.f_frsize;
    *bytes = left < 0x1p62 ? (int64_t)left : (int64_t)1 << 62;
    *device = st.st_dev;
    return true;
}
