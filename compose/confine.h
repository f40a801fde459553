/* confine.h - what a process that reads foreign bytes may still ask the kernel for
 *
 * Both are for good, stack, and need PR_SET_NO_NEW_PRIVS. A refused call fails with EPERM, so libraries that only try
 * go on. False when the kernel has no seccomp filters: the limits of child.c hold alone then. */
#pragma once
#include <stdbool.h>

/* No sockets, no programs, no processes (threads are fine), no looking into others, nothing in the file system changed;
 * files may be opened for reading (fonts, voices). */
bool confine_calls(void);
/* No file is opened any more. For decoders, once they have what they read. */
bool confine_files(void);
