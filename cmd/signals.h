/* signals.h - being asked to stop: once gently, twice at once */
#pragma once
#include <stdbool.h>

/* From here on the first SIGINT, SIGTERM or SIGHUP sets the flag and calls wake (which must be safe in a signal
 * handler; NULL: nothing). The second sets another flag and wakes again, for a loop that leaves at once by itself; where
 * nobody is to be woken, and with the third, leave (the same) is called and the process ends with 128 + its number. A
 * signal that was ignored from the start
 * (nohup) stays ignored. SIGPIPE and SIGXFSZ are ignored: writing then fails with EPIPE, EFBIG. Threads created later
 * should block nothing: any thread may take the signal. */
void signals_install(void);
void signals_on_stop(void (*wake)(void *ctx), void (*leave)(void *ctx), void *ctx);
int signals_caught(void);                       /* the first one's number; 0: none */
bool signals_again(void);                       /* there was a second one */
