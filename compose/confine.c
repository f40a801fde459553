/* confine.c - system calls that a child process does without, by a seccomp filter
 *
 * The filter is classic BPF over struct seccomp_data: seccomp(2), "Documentation/userspace-api/seccomp_filter.rst". */
#include "compose/confine.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "gen/base/mem.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

enum { FILTER_MOST = 400, X32_BIT = 0x40000000 };

struct filter {
    struct sock_filter v[FILTER_MOST];
    unsigned short n;
};

static void put(struct filter *f, uint16_t code, uint8_t yes, uint8_t no, uint32_t k)
{
    if (f->n < FILTER_MOST)
        f->v[f->n++] = (struct sock_filter){ code, yes, no, k };
}

static void load(struct filter *f, size_t offset)
{
    put(f, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void answer(struct filter *f, int error)
{
    put(f, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | (uint32_t)error);
}

static void begin(struct filter *f)
{
#ifdef ARCH
    load(f, offsetof(struct seccomp_data, arch));
    put(f, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCH);
    put(f, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
#endif
    load(f, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    put(f, BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT); /* the same calls by other numbers */
    answer(f, ENOSYS);
#endif
}

/* The call's number is loaded before and after. */
static void refuse(struct filter *f, long call, int error)
{
    put(f, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)call);
    answer(f, error);
}

/* Refused when any (or, when_clear, when none) of the bits is set in argument `arg`: its low half is looked at. */
static void refuse_bits(struct filter *f, long call, unsigned arg, uint32_t bits, bool when_clear)
{
    put(f, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)call);
    load(f, offsetof(struct seccomp_data, args) + 8 * arg); /* little-endian, as both ARCHs are */
    put(f, BPF_JMP | BPF_JSET | BPF_K, when_clear, !when_clear, bits);
    answer(f, EPERM);
    load(f, offsetof(struct seccomp_data, nr));
}

static bool install(struct filter *f)
{
    put(f, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { f->n, f->v };
#ifdef ARCH
    return f->n < FILTER_MOST && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
#else
    (void)program;
    return false;
#endif
}

static const long refused[] = {
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_sendto,
    SYS_sendmsg,
    SYS_sendmmsg,
    SYS_recvfrom,
    SYS_recvmsg,
    SYS_recvmmsg, /* network */
    SYS_execve,
    SYS_execveat,
    SYS_kill,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    SYS_unshare,
    SYS_setns, /* others */
    SYS_unlinkat,
    SYS_renameat2,
    SYS_mkdirat,
    SYS_mknodat,
    SYS_linkat,
    SYS_symlinkat,
    SYS_fchmod,
    SYS_fchmodat,
    SYS_fchown,
    SYS_fchownat,
    SYS_truncate,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_open_by_handle_at, /* files */
#ifdef __x86_64__
    SYS_fork,
    SYS_vfork,
    SYS_unlink,
    SYS_rmdir,
    SYS_rename,
    SYS_renameat,
    SYS_mkdir,
    SYS_mknod,
    SYS_link,
    SYS_symlink,
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_creat,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
#endif
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_init_module,
    SYS_finit_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_swapon,
    SYS_acct,
    SYS_quotactl, /* the system */
};

bool confine_calls(void)
{
    static const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
    struct filter f = { .n = 0 };
    begin(&f);
    for (size_t i = 0; i < COUNTOF(refused); i++)
        refuse(&f, refused[i], EPERM);
    refuse(&f, SYS_clone3, ENOSYS); /* its flags cannot be seen from here; libc then takes clone */
    refuse(&f, SYS_openat2, ENOSYS);
    refuse(&f, SYS_io_uring_setup, ENOSYS);
    refuse_bits(&f, SYS_clone, 0, CLONE_THREAD, true);
    refuse_bits(&f, SYS_openat, 2, writing, false);
#ifdef __x86_64__
    refuse_bits(&f, SYS_open, 1, writing, false);
#endif
    return install(&f);
}

bool confine_files(void)
{
    struct filter f = { .n = 0 };
    begin(&f);
    refuse(&f, SYS_openat, EPERM);
    refuse(&f, SYS_openat2, EPERM);
#ifdef __x86_64__
    refuse(&f, SYS_open, EPERM);
#endif
    return install(&f);
}
