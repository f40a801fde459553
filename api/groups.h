/* groups.h - groups of processes that we started: they end with us, whatever ends us
 *
 * A second process, the guard, does nothing but wait for our end: the kernel could send a signal to our children
 * itself, but not to what they started in turn, and a program of the user's is often a script. */
#pragma once

struct groups;

struct groups *groups_create(void);
void groups_destroy(struct groups *g);           /* none is left */
void groups_add(struct groups *g, int group);    /* more than there is room for run all the same */
void groups_remove(struct groups *g, int group); /* before its number may be another's */
/* Ends all at once and waits for nothing; safe in a signal handler. */
void groups_kill(struct groups *g);
