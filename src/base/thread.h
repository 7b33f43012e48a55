/*
 * Threads of the program: signals are for the main thread, whose waits they must end.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>

#include "base/err.h"

/* Starts one in which all signals are blocked. -1 and ERR_IO where the system gives none. */
int thread_start(pthread_t *thread, void *(*run)(void *state), void *state, struct err *e);

#endif
