/*
 * Threads: see thread.h.
 */
#include <signal.h>

#include "base/thread.h"

int
thread_start(pthread_t *thread, void *(*run)(void *state), void *state, struct err *e)
{
	sigset_t all, old;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(thread, NULL, run, state);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed == 0 ? 0 : err_set(e, ERR_IO, "cannot start a thread");
}
