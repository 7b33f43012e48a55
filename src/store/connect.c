/*
 * Opening a connection: see connect.h. libpq waits for whom it connects to, a server that does not
 * answer or a name that nobody resolves, so a thread connects: who is stopped leaves it behind.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/count.h"
#include "base/memory.h"
#include "base/thread.h"
#include "store/connect.h"

#define LOOK_MS 100

/* What both know; the last of its users frees it. */
struct attempt {
	char *conninfo;
	PGconn *conn;
	char *words; /* what was said before the server was asked for its SQLSTATE, or NULL */
	atomic_int users;
};

/*
 * Why the server, the pooler or libpq refuses. libpq keeps no SQLSTATE of a failed connect. Words
 * are looked for first: the pooler has no better states, and the server need not be asked twice.
 */
struct refusal {
	const char *words[2]; /* all that are not NULL must be there; none: the state counts */
	const char *state; /* prefix of an SQLSTATE */
	enum err_code code;
	const char *hint;
};

#define HINT_USER "check user and password: -d, PGUSER, PGPASSWORD or ~/.pgpass"
#define HINT_MISSING "create the database first, or name another with -d"
#define HINT_SETTINGS "look at -d, and at the variables of the environment that begin with PG"
#define HINT_SERVICE "define it in ~/.pg_service.conf, or in the file of PGSERVICEFILE"
#define HINT_NAMELESS "this user id has no name here: say as whom with user= in -d, or PGUSER"
#define HINT_FULL "fewer --jobs need fewer connections; or raise max_connections of the server"
#define HINT_AWAY "is the server running there? name another with -d, or use --embedded"

static const struct refusal refusals[] = {
    {{"authentication"}, "28", ERR_PERMISSION, HINT_USER},
    {{"pg_hba.conf"}, "28", ERR_PERMISSION, HINT_USER},
    {{"password"}, "28", ERR_PERMISSION, HINT_USER},
    {{"role \"", "does not exist"}, "28", ERR_PERMISSION, HINT_USER},
    {{"not permitted to log in"}, "28", ERR_PERMISSION, HINT_USER},
    {{"permission denied", "database"}, "42501", ERR_PERMISSION, HINT_USER},
    {{"database \"", "does not exist"}, "3D000", ERR_CONFIG, HINT_MISSING},
    {{"no such user"}, NULL, ERR_PERMISSION, HINT_USER},
    {{"no such database"}, NULL, ERR_CONFIG, HINT_MISSING},
    {{"too many clients"}, "53300", ERR_RETRY, HINT_FULL},
    {{"remaining connection slots"}, "53300", ERR_RETRY, HINT_FULL},
    {{"too many connections"}, "53300", ERR_RETRY, HINT_FULL},
    {{"local user with ID", "does not exist"}, NULL, ERR_CONFIG, HINT_NAMELESS},
    {{"definition of service"}, NULL, ERR_CONFIG, HINT_SERVICE},
    {{"invalid ", "value"}, "22023", ERR_CONFIG, HINT_SETTINGS},
    {{"invalid port"}, NULL, ERR_CONFIG, HINT_SETTINGS},
    {{"unrecognized configuration parameter"}, "42704", ERR_CONFIG, HINT_SETTINGS},
};

static const struct refusal *
refusal_of_words(const char *message)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		const char *const *words = refusals[i].words;

		if (strstr(message, words[0]) != NULL &&
		    (words[1] == NULL || strstr(message, words[1]) != NULL))
			return &refusals[i];
	}
	return NULL;
}

static const struct refusal *
refusal_of_state(const char *state)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		const char *prefix = refusals[i].state;

		if (prefix != NULL && strncmp(state, prefix, strlen(prefix)) == 0)
			return &refusals[i];
	}
	return NULL;
}

/* What a server says has its severity before it, in any language: `FATAL:  …`. */
#define SEVERITY_END ":  "

/* `FATAL:  28P01: …`, of several hosts the last; "" if there is none. */
static void
find_state(const char *message, char state[6])
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	state[0] = '\0';
	while ((message = strstr(message, SEVERITY_END)) != NULL) {
		message += sizeof(SEVERITY_END) - 1;
		if (strspn(message, letters) == 5 && message[5] == ':')
			snprintf(state, 6, "%s", message);
	}
}

static void
release(struct attempt *t)
{
	if (atomic_fetch_sub(&t->users, 1) > 1)
		return;
	PQfinish(t->conn);
	free(t->words);
	free(t->conninfo);
	free(t);
}

/*
 * A second time, with the SQLSTATE in what libpq says, which it takes a connection to ask for. The
 * server may let us in by now.
 */
static void
ask_for_state(struct attempt *t)
{
	const char *message = PQerrorMessage(t->conn);

	if (strstr(message, SEVERITY_END) == NULL || refusal_of_words(message) != NULL)
		return;
	t->words = memory_of(strdup(message), "a connection");
	PQsetErrorVerbosity(t->conn, PQERRORS_VERBOSE);
	PQreset(t->conn);
	PQsetErrorVerbosity(t->conn, PQERRORS_DEFAULT);
}

static void *
try_to_connect(void *attempt)
{
	/* a conninfo in dbname is expanded: it wins over what stands before it (a host that has
	 * vanished is noticed within two minutes), and what stands behind wins over it; no startup
	 * option that a pooler would refuse */
	static const char *const keywords[] = {"keepalives_idle", "keepalives_interval",
	    "keepalives_count", "tcp_user_timeout", "dbname", "client_encoding",
	    "fallback_application_name", "connect_timeout", NULL};
	struct attempt *t = attempt;
	const char *const values[] = {
	    "30", "10", "9", "120000", t->conninfo, "UTF8", "coexsync", "15", NULL};

	t->conn = memory_of(PQconnectdbParams(keywords, values, 1), "libpq");
	if (PQstatus(t->conn) != CONNECTION_OK)
		ask_for_state(t);
	release(t);
	return NULL;
}

void
connect_check_memory(const char *message)
{
	if (strstr(message, "out of memory") != NULL && strstr(message, ":  ") == NULL)
		memory_end("libpq");
}

static int
fail_to_connect(const struct attempt *t, struct err *e)
{
	const char *host = PQhost(t->conn), *port = PQport(t->conn);
	const char *message = t->words != NULL ? t->words : PQerrorMessage(t->conn);
	const struct refusal *refusal = refusal_of_words(message);
	size_t len = strlen(message);
	char state[6];

	connect_check_memory(message);
	find_state(PQerrorMessage(t->conn), state);
	if (refusal == NULL)
		refusal = refusal_of_state(state);
	while (len > 0 && message[len - 1] == '\n')
		len--;
	err_set(e, refusal == NULL ? ERR_UNAVAILABLE : refusal->code,
	    "cannot connect to the database at %s%s%s: %.*s",
	    host == NULL || host[0] == '\0' ? "the default host" : host,
	    port == NULL || port[0] == '\0' ? "" : ", port ", port == NULL ? "" : port, (int)len,
	    message);
	snprintf(e->sqlstate, sizeof(e->sqlstate), "%s", state);
	for (char *c = e->text; *c != '\0'; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	return err_hint(e, "%s", refusal == NULL ? HINT_AWAY : refusal->hint);
}

/* Has the thread ended within a moment? */
static bool
has_ended(pthread_t thread)
{
	const struct timespec until = clock_after_ms(LOOK_MS);

	return pthread_timedjoin_np(thread, NULL, &until) == 0;
}

static struct attempt *
attempt_new(const char *conninfo)
{
	struct attempt *t = memory_zero(1, sizeof(*t));

	t->conninfo = memory_of(strdup(conninfo), "a connection");
	atomic_store(&t->users, 1);
	return t;
}

PGconn *
connect_to(const char *conninfo, const atomic_bool *is_stopped, struct err *e)
{
	struct attempt *t = attempt_new(conninfo);
	PGconn *conn = NULL;
	pthread_t thread;

	atomic_fetch_add(&t->users, 1);
	if (thread_start(&thread, try_to_connect, t, e) != 0) {
		release(t);
		goto out;
	}
	while (!has_ended(thread))
		if (atomic_load(is_stopped)) {
			pthread_detach(thread);
			err_set(e, ERR_INTERRUPTED, "stopped while connecting to the database");
			goto out;
		}
	if (PQstatus(t->conn) != CONNECTION_OK) {
		fail_to_connect(t, e);
	} else {
		conn = t->conn;
		t->conn = NULL;
	}
out:
	release(t);
	return conn;
}
