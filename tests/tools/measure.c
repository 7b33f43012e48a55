/*
 * measure COMMAND...: runs it and prints one line on stderr behind it:
 * `wall_ms N user_ms N system_ms N peak_kib N exit N`. Exits as it did.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long
ms_of(struct timeval t)
{
	return (long)t.tv_sec * 1000 + (long)t.tv_usec / 1000;
}

int
main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage usage;
	int status = 0;
	pid_t pid;

	if (argc < 2)
		return 64;
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
		return 71;
	clock_gettime(CLOCK_MONOTONIC, &end);
	fprintf(stderr, "wall_ms %ld user_ms %ld system_ms %ld peak_kib %ld exit %d\n",
	    (long)(end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000,
	    ms_of(usage.ru_utime), ms_of(usage.ru_stime), usage.ru_maxrss, WEXITSTATUS(status));
	return WEXITSTATUS(status);
}
