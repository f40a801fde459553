/* doctor_machine.c - cores, memory, open files and disk against what the settings ask for */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "cmd/doctor.h"
#include "cmd/wiring.h"
#include "gen/base/buf.h"
#include "gen/base/disk.h"
#include "gen/base/file.h"
#include "gen/base/mem.h"
#include "gen/config.h"

#define MB 1e6
#define GB 1e9

/* Memory of a thread that encodes 1080p (make bench), and what a course soon needs of disk. */
enum { THREAD_MB = 350, DISK_LOW_MB = 2000 };

/* Of which nothing has to be written out before; -1 when the kernel does not tell. */
static double free_memory(void)
{
    struct buf b = { 0 };
    struct err e;
    double bytes = -1;
    const char *at = file_read("/proc/meminfo", 65536, &b, &e) ? strstr(buf_str(&b).p, "MemAvailable:") : NULL;
    if (at)
        bytes = strtod(at + sizeof "MemAvailable:" - 1, NULL) * 1024;
    buf_deinit(&b);
    return bytes;
}

static void say_memory(struct doctor *d, int threads)
{
    double bytes = free_memory();
    const char *noun = threads == 1 ? "thread" : "threads";
    if (bytes < 0)
        doctor_say(d, FINDING_OK, NULL, "%d %s to draw and encode", threads, noun);
    else if (bytes < threads * THREAD_MB * MB)
        doctor_say(d, FINDING_NOTE, "a smaller workers.render needs less",
                   "%d %s to draw and encode, and only %.1f GB of memory free", threads, noun, bytes / GB);
    else
        doctor_say(d, FINDING_OK, NULL, "%d %s to draw and encode, %.1f GB of memory free", threads, noun, bytes / GB);
}

void doctor_machine(struct doctor *d)
{
    const struct config *c = d->app->config;
    int threads = wiring_threads(c);
    struct rlimit r = { 0 };
    int64_t files = wiring_files(c, threads);
    say_memory(d, threads);
    if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_max < (rlim_t)files)
        doctor_say(d, FINDING_NOTE, "raise the limit (\"ulimit -Hn\" tells it) or lower workers.requests",
                   "workers.requests would need %lld open files, and %llu are allowed", (long long)files,
                   (unsigned long long)r.rlim_max);
    else
        doctor_say(d, FINDING_OK, NULL, "enough open files are allowed");
}

static void say_disk(struct doctor *d, const char *what, const char *path)
{
    struct statvfs fs;
    char *dir = disk_existing(path);
    if (access(dir, W_OK | X_OK) != 0 || statvfs(dir, &fs) != 0) {
        doctor_say(d, FINDING_BAD, "give write permission there, or choose another directory", "%s, %s: %s", what, path,
                   strerror(errno));
    } else {
        double reserve = (double)d->app->config->limits.disk_reserve_bytes;
        double left = (double)fs.f_bavail * (double)fs.f_frsize;
        enum finding found = left < reserve   ? FINDING_BAD
                             : left < DISK_LOW_MB * MB ? FINDING_NOTE
                                                       : FINDING_OK;
        doctor_say(d, found, found == FINDING_OK ? NULL : "\"vidgen cache gc\" makes room", "%s, %s: %.1f GB free",
                   what, path, left / GB);
    }
    free(dir);
}

void doctor_disk(struct doctor *d)
{
    char *cache = app_cache_dir(d->app);
    say_disk(d, "the cache", cache);
    say_disk(d, "videos", "out");
    free(cache);
}
