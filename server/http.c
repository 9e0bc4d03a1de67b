// SPDX-License-Identifier: MIT
#include "server/http.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "db/clock.h"
#include "db/log.h"
#include "server/connections.h"
#include "server/exchange.h"
#include "server/guard.h"
#include "server/kept.h"
#include "server/exports.h"
#include "server/metrics.h"
#include "server/watch.h"

enum {
	CONNECTIONS_USUAL = 8000, /* over all threads */
	SPARE_CONNECTIONS = 16,   /* of each thread, to say that there are no more */
	IDLE_SECONDS = 30,
	PAGE_BYTES = 8 * 1024 * 1024, /* of the store in memory, over all threads: with a full cache 58 MiB in all */
	STACK_BYTES = 1024 * 1024
};

struct http {
	struct drain drain;
	struct connections *connections;
	struct watch *watch;
	struct exports exports;
	unsigned loop_count;
	struct metrics *metrics;
	struct loop loops[];
};

static enum MHD_Result admit(void *context, const struct sockaddr *address, socklen_t length)
{
	struct loop *loop = context;
	(void)length;
	return connections_admit(loop->connections, address) ? MHD_YES : MHD_NO;
}

/* A connection that could not be noted has no deadline but the library's own. */
static void note_connection(
	void *context, struct MHD_Connection *connection, void **ret_client, enum MHD_ConnectionNotificationCode code)
{
	struct loop *loop = context;
	metrics_connections(loop->metrics, code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		connections_remove(loop->connections, *ret_client);
		*ret_client = NULL;
		return;
	}
	int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	const struct sockaddr *address =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
	*ret_client = connections_add(loop->connections, fd, address, EXCHANGE_HEADERS_MS);
}

static void log_library(void *context, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* What clients do wrong is answered or ends their connection, and fills no log. */
static const char *const client_faults[] = { "Error processing request", "Failed to parse `Content-Length'",
	"Too large value of 'Content-Length'", "Not enough memory in pool to", "Connection was closed by remote side",
	"Socket has been disconnected when reading", "Connection socket is closed when reading",
	"Connection rejected by" };

/* At most one line a second: a full table of descriptors makes the library say the same thing many times. */
static void log_library(void *context, const char *format, va_list arguments)
{
	static _Atomic time_t last;
	struct timespec now;
	char line[512];
	(void)context;
	for (size_t i = 0; i < sizeof(client_faults) / sizeof(client_faults[0]); i++) {
		if (!strncmp(format, client_faults[i], strlen(client_faults[i])))
			return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (atomic_exchange(&last, now.tv_sec) == now.tv_sec)
		return;
	vsnprintf(line, sizeof(line), format, arguments);
	line[strcspn(line, "\n")] = '\0';
	log_line("http: %s", line);
}

static void panic(void *context, const char *file, unsigned line, const char *reason)
{
	(void)context;
	log_line("http: broken state at %s:%u: %s", file, line, reason ? reason : "no reason given");
	abort();
}

/* Until a client does something, one has done nothing for too long, or a write is done. */
static void wait_for_work(struct loop *loop, int epoll)
{
	MHD_UNSIGNED_LONG_LONG ms;
	struct pollfd events[] = { { .fd = epoll, .events = POLLIN }, { .fd = loop->wake, .events = POLLIN } };
	bool limited = MHD_get_timeout(loop->daemon, &ms) == MHD_YES;
	uint64_t woken;
	if (poll(events, 2, limited ? (int)ms : -1) > 0 && events[1].revents)
		(void)!read(loop->wake, &woken, sizeof(woken));
}

/* For who stops the service and waits until the loop has looked at all that is there. */
static void note_turn(struct loop *loop)
{
	struct drain *drain = loop->drain;
	if (!atomic_load(&drain->begun))
		return;
	pthread_mutex_lock(&drain->mutex);
	loop->turns++;
	pthread_cond_signal(&drain->changed);
	pthread_mutex_unlock(&drain->mutex);
}

/*
 * A turn answers all requests that are there. What they read is one snapshot for as long as nobody commits, and is
 * given back before the loop waits again: that is why the thread is not the library's own.
 */
static void *run(void *context)
{
	struct loop *loop = context;
	int epoll = MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->listen_fd;
	while (!atomic_load(&loop->stopping)) {
		wait_for_work(loop, epoll);
		exchange_resume(loop);
		MHD_run_wait(loop->daemon, 0);
		db_let_go(loop->db);
		note_turn(loop);
	}
	return NULL;
}

/* 0, or why not. The thread leaves all signals to others. */
static int loop_run(struct loop *loop)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	sigfillset(&all);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&loop->thread, &attributes, run, loop);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error;
}

/*
 * What else could be set makes no difference to an answer from memory (2 KB, 64 clients; processor time, medians of the
 * ratios of 80 rounds, in which the same program has 0.99): MHD_USE_TURBO, which is about connections that come and go,
 * 1.01; no MHD_ALLOW_SUSPEND_RESUME 1.00; no Date 0.99; no timeout 0.98.
 */
static bool loop_start(struct loop *loop, unsigned connections, size_t page_bytes)
{
	loop->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, admit, loop,
		exchange_go_on, loop, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL, MHD_OPTION_LISTEN_SOCKET,
		loop->socket, MHD_OPTION_URI_LOG_CALLBACK, exchange_new, loop, MHD_OPTION_UNESCAPE_CALLBACK,
		exchange_decode, loop, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, loop, MHD_OPTION_NOTIFY_CONNECTION,
		note_connection, loop, MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)GUARD_CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	if (!loop->daemon)
		return false;
	db_linger(loop->db);
	db_keep_pages(loop->db, page_bytes);
	errno = loop_run(loop);
	if (!errno)
		return true;
	/* Else it would close the socket, which is the caller's. */
	MHD_quiesce_daemon(loop->daemon);
	MHD_stop_daemon(loop->daemon);
	return false;
}

static void loop_free(struct loop *loop)
{
	if (loop->socket >= 0)
		close(loop->socket);
	if (loop->wake >= 0)
		close(loop->wake);
	exchange_free_spares(loop);
	cache_free(loop->cache);
}

static void loop_stop(struct loop *loop)
{
	atomic_store(&loop->stopping, true);
	exchange_wake_loop(loop);
	pthread_join(loop->thread, NULL);
	exchange_resume(loop);
	MHD_stop_daemon(loop->daemon);
	db_let_go(loop->db);
	loop_free(loop);
}

static void drain_init(struct drain *drain)
{
	pthread_mutex_init(&drain->mutex, NULL);
	clock_condition_init(&drain->changed);
}

static unsigned count_connections(const struct http_options *options)
{
	return options->connections ? options->connections : CONNECTIONS_USUAL;
}

static bool start_loops(struct http *http, const struct http_options *options)
{
	unsigned share = count_connections(options) / options->threads + SPARE_CONNECTIONS;
	uint32_t boot;
	if (getrandom(&boot, sizeof(boot), 0) < 0)
		boot = (uint32_t)time(NULL);
	for (unsigned i = 0; i < options->threads; i++) {
		struct loop *loop = &http->loops[i];
		*loop = (struct loop) {
			.db = options->stores[i],
			.permission = options->permission,
			.connections = http->connections,
			.writer = options->writer,
			.watch = http->watch,
			.exports = &http->exports,
			.all_metrics = http->metrics,
			.metrics = metrics_loop(http->metrics, i),
			.access_log = options->access_log,
			.cache = options->cache_bytes ? cache_new(options->cache_bytes / options->threads, kept_free)
						      : NULL,
			.body_bytes_max = options->body_bytes_max,
			.boot = boot,
			.number = i,
			.socket = fcntl(options->socket, F_DUPFD_CLOEXEC, 0),
			.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			.drain = &http->drain,
		};
		if (loop->socket < 0 || loop->wake < 0 || !loop_start(loop, share, PAGE_BYTES / options->threads)) {
			int error = errno;
			loop_free(loop);
			errno = error;
			return false;
		}
		http->loop_count++;
	}
	return true;
}

struct http *http_start(const struct http_options *options)
{
	struct http *http = calloc(1, sizeof(*http) + options->threads * sizeof(http->loops[0]));
	if (!http)
		return NULL;
	MHD_set_panic_func(panic, NULL);
	drain_init(&http->drain);
	http->exports.path = options->path;
	http->metrics = metrics_new(options->threads);
	http->connections = connections_start(count_connections(options), options->per_address);
	http->watch = watch_start(options->path);
	if (http->metrics && http->connections && http->watch && start_loops(http, options))
		return http;
	int error = errno;
	http_stop(http, 0);
	errno = error;
	return NULL;
}

static unsigned count_in_flight(struct http *http)
{
	unsigned count = 0;
	for (unsigned i = 0; i < http->loop_count; i++)
		count += atomic_load(&http->loops[i].in_flight);
	return count;
}

/* Until every loop has gone through a whole turn; the first to end may have begun before. False: the time is over. */
static bool wait_for_turns(struct http *http, const struct timespec *until)
{
	struct drain *drain = &http->drain;
	bool in_time = true;
	pthread_mutex_lock(&drain->mutex);
	for (unsigned i = 0; i < http->loop_count; i++)
		http->loops[i].turns = 0;
	for (unsigned i = 0; i < http->loop_count; i++) {
		while (http->loops[i].turns < 2 && in_time) {
			exchange_wake_loop(&http->loops[i]);
			in_time = pthread_cond_timedwait(&drain->changed, &drain->mutex, until) == 0;
		}
	}
	pthread_mutex_unlock(&drain->mutex);
	return in_time;
}

/* How many have connected and are not let in yet, which of a socket that listens is told in this place. */
static unsigned count_waiting(int socket)
{
	struct tcp_info info = { 0 };
	socklen_t size = sizeof(info);
	return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_unacked : 0;
}

/*
 * Whoever has connected is still let in, however long the loops take. They let in one each time at least, and when all
 * of those are in, nobody else is: under load there is always somebody. Whoever comes after that is refused. Then what
 * the clients had sent by now is looked at.
 */
static void close_door(struct http *http, const struct timespec *until)
{
	if (!http->loop_count)
		return;
	struct pollfd queue = { .fd = http->loops[0].socket, .events = POLLIN };
	for (unsigned waiting = count_waiting(queue.fd); waiting && poll(&queue, 1, 0) > 0; waiting--) {
		if (!wait_for_turns(http, until))
			break;
	}
	for (unsigned i = 0; i < http->loop_count; i++)
		MHD_quiesce_daemon(http->loops[i].daemon);
	/* One socket under several descriptors, which the loops may still be looking at: it refuses from now on. */
	shutdown(http->loops[0].socket, SHUT_RDWR);
	wait_for_turns(http, until);
}

/* Until all requests under way are answered, or the time is over; then until none waits for the writer any more. */
static void drain(struct http *http, const struct timespec *until)
{
	struct drain *drain = &http->drain;
	pthread_mutex_lock(&drain->mutex);
	while (count_in_flight(http) && pthread_cond_timedwait(&drain->changed, &drain->mutex, until) == 0)
		;
	/* The library aborts the process if it is stopped while a connection is suspended. */
	drain->closed = true;
	while (drain->waiting)
		pthread_cond_wait(&drain->changed, &drain->mutex);
	pthread_mutex_unlock(&drain->mutex);
}

void http_stop(struct http *http, unsigned drain_ms)
{
	if (!http)
		return;
	struct timespec until = clock_after(drain_ms);
	atomic_store(&http->drain.begun, true);
	close_door(http, &until);
	/* Who waits for a change is answered at once. */
	if (http->watch)
		watch_close(http->watch);
	drain(http, &until);
	for (unsigned i = 0; i < http->loop_count; i++)
		loop_stop(&http->loops[i]);
	watch_stop(http->watch);
	connections_stop(http->connections);
	pthread_cond_destroy(&http->drain.changed);
	pthread_mutex_destroy(&http->drain.mutex);
	metrics_free(http->metrics);
	free(http);
}

const char *http_library_version(void)
{
	return MHD_get_version();
}
