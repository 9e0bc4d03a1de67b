// SPDX-License-Identifier: MIT
/*
 * Whole requests as bytes, over a pair of sockets, to the service as it runs: library, guard, routes, store and writer.
 * The first byte of an input says how many of its bytes are sent at a time, TOKEN in it stands for a token that may
 * write. The event loop runs on this thread, so that an input takes the same way each time.
 */
#include "db/clock.h"
#include "tests/fuzz/fuzzing.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "db/text/buffer.h"
#include "server/connections.h"
#include "server/exchange.h"
#include "server/kept.h"
#include "server/exports.h"
#include "server/guard.h"
#include "server/metrics.h"
#include "server/permission.h"
#include "server/reviewd.h"
#include "server/watch.h"
#include "server/writer.h"

/* WAITING_ROUNDS: the client of a request that waits for a write or a change has nothing more to say after that. */
enum { PATIENCE_MS = 10 * 1000, IDLE_ROUNDS = 3, WAITING_ROUNDS = 50, ANSWER_BYTES = 64 * 1024 };

static struct drain drain = { .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
static struct loop loop = { .drain = &drain, .body_bytes_max = 64 * 1024, .wake = -1 };
static char token[REVIEWD_TOKEN_SIZE];

static void log_nothing(void *context, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

static void log_nothing(void *context, const char *format, va_list arguments)
{
	(void)context;
	(void)format;
	(void)arguments;
}

static void stop(void)
{
	watch_close(loop.watch);
	MHD_stop_daemon(loop.daemon);
	exchange_free_spares(&loop);
	writer_stop(loop.writer);
	watch_stop(loop.watch);
	cache_free(loop.cache);
	connections_stop(loop.connections);
	permission_free(loop.permission);
	metrics_free((struct metrics *)(uintptr_t)loop.all_metrics);
}

static void start(void)
{
	struct reviewd_error error;
	enum reviewd_status status = reviewd_token_add(fuzz_store(), "fuzz", token, &error);
	assert(status == REVIEWD_OK);
	struct metrics *metrics = metrics_new(1);
	assert(metrics);
	loop.all_metrics = metrics;
	loop.metrics = metrics_loop(metrics, 0);
	static struct exports exports;
	exports.path = fuzz_store();
	loop.exports = &exports;
	loop.connections = connections_start(100, 0);
	loop.permission = permission_new();
	loop.db = fuzz_open(DB_READ);
	loop.writer = writer_start(fuzz_store());
	loop.watch = watch_start(fuzz_store());
	loop.cache = cache_new(256 * 1024, kept_free);
	loop.daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG,
		0, NULL, NULL, exchange_go_on, &loop, MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL,
		MHD_OPTION_URI_LOG_CALLBACK, exchange_new, &loop, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, &loop,
		MHD_OPTION_UNESCAPE_CALLBACK, exchange_decode, &loop, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)GUARD_CONNECTION_BYTES, MHD_OPTION_END);
	assert(loop.connections && loop.permission && loop.writer && loop.watch && loop.cache && loop.daemon);
	atexit(stop);
}

/* The input with the token in its places. */
static struct buffer with_token(const uint8_t *data, size_t size)
{
	static const char place[] = "TOKEN";
	struct buffer bytes = { 0 };
	const char *from = (const char *)data, *end = from + size;
	for (const char *found; (found = memmem(from, (size_t)(end - from), place, sizeof(place) - 1));) {
		buffer_append(&bytes, from, (size_t)(found - from));
		buffer_append_string(&bytes, token);
		from = found + sizeof(place) - 1;
	}
	buffer_append(&bytes, from, (size_t)(end - from));
	assert(!bytes.failed);
	return bytes;
}

/* False: there is nothing left to send, or nobody to send it to. */
static bool send_piece(int client, const struct buffer *bytes, size_t piece, size_t *sent)
{
	size_t left = bytes->length - *sent;
	ssize_t count = left ? send(client, bytes->data + *sent, left < piece ? left : piece, MSG_NOSIGNAL) : 0;
	*sent += count > 0 ? (size_t)count : 0;
	return left && (count > 0 || errno == EAGAIN);
}

/* False: the server has closed. */
static bool receive(int client, struct buffer *answer)
{
	char received[4096];
	ssize_t count;
	while ((count = recv(client, received, sizeof(received), 0)) > 0)
		buffer_append(answer, received, answer->length < ANSWER_BYTES ? (size_t)count : 0);
	return count < 0 && errno == EAGAIN;
}

static bool somebody_waits(void)
{
	pthread_mutex_lock(&drain.mutex);
	bool waited = drain.waiting > 0;
	pthread_mutex_unlock(&drain.mutex);
	return waited;
}

/*
 * All that the server answers until it closes, which it must when the client has said its last. That comes a moment
 * after the rest: with it, the library (0.9.75) would not notice it, and leave the client to its deadline.
 */
static void talk(const struct buffer *bytes, size_t piece, struct buffer *answer)
{
	int pair[2];
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) < 0 ||
		MHD_add_connection(loop.daemon, pair[1], (struct sockaddr *)&address, sizeof(address)) != MHD_YES)
		abort();
	size_t sent = 0;
	unsigned idle = 0;
	bool ended = false;
	int64_t until = clock_ns() + (int64_t)PATIENCE_MS * 1000000;
	do {
		bool sends = send_piece(pair[0], bytes, piece, &sent);
		exchange_resume(&loop);
		MHD_run_wait(loop.daemon, sends ? 0 : 1);
		idle = sends ? 0 : idle + 1;
		if (!ended && idle >= (somebody_waits() ? WAITING_ROUNDS : IDLE_ROUNDS))
			ended = shutdown(pair[0], SHUT_WR) == 0;
		assert(clock_ns() < until);
	} while (receive(pair[0], answer));
	close(pair[0]);
	while (atomic_load(&loop.in_flight)) {
		exchange_resume(&loop);
		MHD_run_wait(loop.daemon, 1);
		assert(clock_ns() < until);
	}
}

static void expect_answer(const struct buffer *answer)
{
	if (!answer->length)
		return;
	assert(answer->length > 12 && !memcmp(answer->data, "HTTP/1.", 7));
	assert(answer->data[9] >= '1' && answer->data[9] <= '5');
	assert(!memmem(answer->data, answer->length, "\"code\":\"internal\"", 17));
	assert(!memmem(answer->data, answer->length, "out of memory", 13));
}

/* Whatever came before, the next one is served. */
static void expect_service(void)
{
	static char request[] = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	const struct buffer bytes = { .data = request, .length = sizeof(request) - 1 };
	struct buffer answer = { 0 };
	talk(&bytes, bytes.length, &answer);
	assert(answer.length > 12 && !memcmp(answer.data, "HTTP/1.1 200", 12));
	buffer_deinit(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned number;
	if (!loop.daemon)
		start();
	if (size < 2)
		return 0;
	struct buffer bytes = with_token(data + 1, size - 1), answer = { 0 };
	talk(&bytes, data[0] ? data[0] : bytes.length, &answer);
	expect_answer(&answer);
	if (!(number++ % 16))
		expect_service();
	buffer_deinit(&answer);
	buffer_deinit(&bytes);
	return 0;
}
