/*
 * INT and TERM: one flag, looked at between payloads and before retries.
 */
#include <signal.h>

#include "pipeline/pipeline.h"

static volatile sig_atomic_t caught_signal;

static void
remember(int number)
{
	caught_signal = number;
}

void
pipeline_catch_signals(void)
{
	/* no SA_RESTART: a reader that waits for input must wake up */
	struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

void
pipeline_release_signals(void)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

int
pipeline_exit_code(const struct err *e)
{
	switch (e->code) {
	case ERR_INTERRUPTED:
		return 128 + (caught_signal == 0 ? SIGINT : caught_signal);
	case ERR_RETRY: /* whoever gave up knew no better */
		return ERR_TEMPORARY;
	case ERR_INPUT:
		return ERR_BUG;
	default:
		return (int)e->code;
	}
}

int
pipeline_caught_signal(void)
{
	return caught_signal;
}
