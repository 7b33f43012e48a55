/*
 * Threads: see thread.h.
 */
#include <errno.h>
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
	if (failed == 0)
		return 0;
	errno = failed;
	err_sys(e, ERR_IO, "cannot start a thread");
	return err_hint(
	    e, "fewer --jobs need fewer; or allow more memory (ulimit -v) or more of them");
}
