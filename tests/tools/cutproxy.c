/*
 * cutproxy LISTEN_DIR UPSTREAM_DIR MODE N --count FILE: stands between a client and PostgreSQL on
 * unix sockets and cuts both connections at every N-th COMMIT: --cut-after-commit when the server
 * has answered it, --cut-before-commit instead of passing it on; --cut-after-any-commit counts
 * those of small transactions, too, which come as a Parse. FILE holds the number of cuts.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME "/.s.PGSQL.5432"
#define COMMIT_TEXT "COMMIT"

struct proxy {
	const char *listen_dir;
	const char *upstream_dir;
	const char *count_file;
	bool cuts_after;
	bool counts_any;
	unsigned long every;
	pthread_mutex_t lock;
	unsigned long commits;
	unsigned long cuts;
};

/* One connection: what of the client's bytes is not yet passed on, because a message is incomplete.
 */
struct link {
	struct proxy *proxy;
	int client;
	int server;
	bool is_started; /* behind the startup message, messages have a type */
	bool cuts_next; /* the answer of the server is the last thing that happens */
	unsigned char *pending;
	size_t count;
	size_t cap;
};

static int
open_socket(const char *dir, bool listens)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char name[sizeof(address.sun_path)];
	int rc;

	snprintf(name, sizeof(name), "%s%s", dir, SOCKET_NAME);
	/* it has its name when it listens */
	snprintf(address.sun_path, sizeof(address.sun_path), "%s%s", dir,
	    listens ? "/new" : SOCKET_NAME);
	if (listens)
		unlink(address.sun_path);
	rc = listens ? bind(fd, (struct sockaddr *)&address, sizeof(address))
		     : connect(fd, (struct sockaddr *)&address, sizeof(address));
	if (rc != 0 || (listens && (listen(fd, 64) != 0 || rename(address.sun_path, name) != 0))) {
		fprintf(stderr, "cutproxy: %s: %s\n", address.sun_path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

static bool
write_all(int fd, const unsigned char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static void
note_cut(struct proxy *p)
{
	FILE *out = fopen(p->count_file, "w");

	p->cuts++;
	if (out != NULL) {
		fprintf(out, "%lu\n", p->cuts);
		fclose(out);
	}
}

/* Is this COMMIT to be cut? */
static bool
is_chosen(struct proxy *p)
{
	bool is_due;

	pthread_mutex_lock(&p->lock);
	is_due = ++p->commits % p->every == 0;
	if (is_due)
		note_cut(p);
	pthread_mutex_unlock(&p->lock);
	return is_due;
}

static bool
is_commit(const struct proxy *p, const unsigned char *message, size_t len)
{
	size_t at = message[0] == 'P' ? 6 : 5; /* behind the name of a statement, which is empty */

	return (message[0] == 'Q' || (message[0] == 'P' && p->counts_any)) &&
	       len >= at + sizeof(COMMIT_TEXT) - 1 &&
	       memcmp(message + at, COMMIT_TEXT, sizeof(COMMIT_TEXT) - 1) == 0;
}

/* Length of the message that the pending bytes begin with; 0 if it is incomplete. */
static size_t
message_length(const struct link *l)
{
	size_t header = l->is_started ? 1 : 0;
	const unsigned char *p = l->pending + header;
	size_t len;

	if (l->count < header + 4)
		return 0;
	len = header + ((size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]);
	return len <= l->count ? len : 0;
}

/* Passes on the client's complete messages. False: this connection has ended. */
static bool
pass_messages(struct link *l)
{
	size_t len;

	while ((len = message_length(l)) > 0) {
		bool is_due =
		    l->is_started && is_commit(l->proxy, l->pending, len) && is_chosen(l->proxy);

		if (is_due && !l->proxy->cuts_after)
			return false;
		l->cuts_next |= is_due;
		if (!write_all(l->server, l->pending, len))
			return false;
		/* requests for encryption (8 bytes) are not the startup message yet */
		l->is_started |= len != 8;
		l->count -= len;
		memmove(l->pending, l->pending + len, l->count);
	}
	return true;
}

static bool
from_client(struct link *l)
{
	ssize_t n;

	if (l->cap - l->count < 65536) {
		l->cap = l->cap * 2 + 65536;
		l->pending = realloc(l->pending, l->cap);
		if (l->pending == NULL)
			abort();
	}
	n = read(l->client, l->pending + l->count, l->cap - l->count);
	if (n <= 0)
		return false;
	l->count += (size_t)n;
	return pass_messages(l);
}

static bool
from_server(struct link *l)
{
	unsigned char bytes[65536];
	ssize_t n = read(l->server, bytes, sizeof(bytes));

	if (n <= 0 || l->cuts_next)
		return false;
	return write_all(l->client, bytes, (size_t)n);
}

static void *
serve(void *state)
{
	struct link *l = state;
	bool goes_on = true;

	while (goes_on) {
		struct pollfd fds[] = {{l->client, POLLIN, 0}, {l->server, POLLIN, 0}};

		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[1].revents != 0)
			goes_on = from_server(l);
		if (goes_on && fds[0].revents != 0)
			goes_on = from_client(l);
	}
	close(l->client);
	close(l->server);
	free(l->pending);
	free(l);
	return NULL;
}

static void
accept_one(struct proxy *p, int listener)
{
	struct link *l = calloc(1, sizeof(*l));
	pthread_t thread;

	if (l == NULL)
		abort();
	l->proxy = p;
	l->client = accept(listener, NULL, NULL);
	l->server = l->client < 0 ? -1 : open_socket(p->upstream_dir, false);
	if (l->server < 0 || pthread_create(&thread, NULL, serve, l) != 0) {
		close(l->client);
		free(l);
		return;
	}
	pthread_detach(thread);
}

int
main(int argc, char **argv)
{
	struct proxy p = {.lock = PTHREAD_MUTEX_INITIALIZER};
	int listener;

	if (argc != 7) {
		fputs("usage: cutproxy LISTEN_DIR UPSTREAM_DIR "
		      "--cut-after-commit|--cut-before-commit|--cut-after-any-commit "
		      "N --count FILE\n",
		    stderr);
		return 64;
	}
	p.listen_dir = argv[1];
	p.upstream_dir = argv[2];
	p.counts_any = strcmp(argv[3], "--cut-after-any-commit") == 0;
	p.cuts_after = p.counts_any || strcmp(argv[3], "--cut-after-commit") == 0;
	p.every = strtoul(argv[4], NULL, 10);
	p.count_file = argv[6];
	if (p.every == 0 || (listener = open_socket(p.listen_dir, true)) < 0)
		return 71;
	for (;;)
		accept_one(&p, listener);
}
