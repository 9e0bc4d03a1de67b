// SPDX-License-Identifier: MIT
#include "server/http.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "db/log.h"
#include "server/access_log.h"
#include "server/guard.h"
#include "server/metrics.h"
#include "server/request.h"

enum {
	CONNECTIONS_MAX = 8000,       /* over all threads */
	CONNECTION_BYTES = 32 * 1024, /* request line and headers */
	IDLE_SECONDS = 30,
	BODY_BYTES_MAX = 1024 * 1024,           /* read and dropped, so that the client gets to see its answer */
	BODY_BYTES_PATIENCE = 16 * 1024 * 1024, /* of a body without a length; then the connection is cut */
	STACK_BYTES = 1024 * 1024
};

/* One event loop. Only `in_flight` is seen by other threads. */
struct loop {
	struct http *http;
	struct MHD_Daemon *daemon;
	struct db *db;
	struct metrics_loop *metrics;
	uint64_t request_number;
	int socket; /* its own descriptor of the listening socket */
	_Atomic unsigned in_flight;
};

struct http {
	unsigned loop_count;
	struct metrics *metrics;
	enum reviewd_access_log access_log;
	uint32_t boot; /* tells the request ids of one run from those of another */
	_Atomic bool draining;
	pthread_mutex_t mutex;
	pthread_cond_t drained;
	struct loop loops[];
};

/* One request, from its first line until the answer has left. */
struct exchange {
	struct loop *loop;
	struct arena arena;
	struct request request;
	struct response response;
	char id[24];
	int64_t began; /* metrics_now() */
	uint64_t body_bytes;
	bool seen;    /* the headers have been looked at */
	bool refused; /* the response is there already */
};

static char out_of_memory[] =
	"{\"type\":\"/problems/unavailable\",\"title\":\"Unavailable\",\"status\":503,"
	"\"detail\":\"the server is out of memory\",\"code\":\"unavailable\",\"request_id\":\"0\"}\n";

static void *exchange_new(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct loop *loop = context;
	(void)connection;
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	if (!exchange)
		return NULL;
	/* Here alone the address is as it was sent; what the handler is given is decoded, and cut at %00. */
	exchange->request.raw_target = arena_strdup(&exchange->arena, uri);
	if (!exchange->request.raw_target) {
		arena_deinit(&exchange->arena);
		free(exchange);
		return NULL;
	}
	exchange->loop = loop;
	exchange->request.arena = &exchange->arena;
	exchange->request.db = loop->db;
	exchange->request.metrics = loop->http->metrics;
	exchange->request.id = exchange->id;
	exchange->began = metrics_now();
	snprintf(exchange->id, sizeof(exchange->id), "%08" PRIx32 "-%u-%" PRIx64, loop->http->boot,
		(unsigned)(loop - loop->http->loops), ++loop->request_number);
	atomic_fetch_add(&loop->in_flight, 1);
	metrics_in_flight(loop->metrics, 1);
	/*
	 * Cut short in the library's own copy, for it would keep each parameter as a header: some six hundred fill the
	 * connection's memory, and then it neither answers nor tells that the request has ended. Nobody asks it for
	 * them.
	 */
	char *query = strchr(uri, '?');
	if (query)
		query[1] = '\0';
	return exchange;
}

static void exchange_end(
	void *context, struct MHD_Connection *connection, void **request_context, enum MHD_RequestTerminationCode code)
{
	struct loop *loop = context;
	struct exchange *exchange = *request_context;
	(void)connection;
	(void)code;
	if (!exchange)
		return;
	*request_context = NULL;
	response_deinit(&exchange->response);
	arena_deinit(&exchange->arena);
	free(exchange);
	metrics_in_flight(loop->metrics, -1);
	if (atomic_fetch_sub(&loop->in_flight, 1) == 1 && atomic_load(&loop->http->draining)) {
		pthread_mutex_lock(&loop->http->mutex);
		pthread_cond_signal(&loop->http->drained);
		pthread_mutex_unlock(&loop->http->mutex);
	}
}

/* The headers of every answer, errors and 304 included: any page may use them, and see what it needs of them. */
static bool add_headers(struct MHD_Response *message, const struct response *response, bool close)
{
	bool added = MHD_add_response_header(message, "Access-Control-Allow-Origin", "*") == MHD_YES &&
		     MHD_add_response_header(message, "Access-Control-Expose-Headers",
			     "ETag, Link, Location, X-Request-Id, Retry-After, Allow, Content-Range, Accept-Ranges") ==
			     MHD_YES &&
		     MHD_add_response_header(message, "X-Content-Type-Options", "nosniff") == MHD_YES;
	for (size_t i = 0; i < response->header_count && added; i++)
		added = MHD_add_response_header(message, response->headers[i].name, response->headers[i].value) ==
			MHD_YES;
	if (close && added)
		added = MHD_add_response_header(message, "Connection", "close") == MHD_YES;
	return added;
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *message)
{
	if (!message)
		return MHD_NO;
	enum MHD_Result result = MHD_queue_response(connection, status, message);
	MHD_destroy_response(message);
	return result;
}

/* Nothing is allocated for it but what the library itself needs; if that fails too, the connection is closed. */
static enum MHD_Result send_out_of_memory(struct MHD_Connection *connection)
{
	struct MHD_Response *message =
		MHD_create_response_from_buffer(sizeof(out_of_memory) - 1, out_of_memory, MHD_RESPMEM_PERSISTENT);
	const struct response headers = { .headers = { { "Content-Type", "application/problem+json" },
						  { "Cache-Control", "no-store" }, { "X-Request-Id", "0" },
						  { "Retry-After", "1" } },
		.header_count = 4 };
	log_line("out of memory: a request was answered with 503");
	if (message)
		(void)add_headers(message, &headers, true);
	return queue(connection, 503, message);
}

/* In numbers; NULL: unknown. */
static const char *address_of(struct MHD_Connection *connection, char *buffer, size_t size)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;
	socklen_t length =
		address && address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	if (!address || getnameinfo(address, length, buffer, (socklen_t)size, NULL, 0, NI_NUMERICHOST) != 0)
		return NULL;
	return buffer;
}

/* Before it leaves, so that a client that has its answer finds it counted. */
static void note(struct MHD_Connection *connection, const struct exchange *exchange, unsigned status, size_t bytes)
{
	const struct request *request = &exchange->request;
	const struct http *http = exchange->loop->http;
	int64_t nanoseconds = metrics_now() - exchange->began;
	char remote[64];
	metrics_count(exchange->loop->metrics, request->route, request->method, status, nanoseconds);
	if (!http->access_log)
		return;
	access_log(http->access_log, &(struct access) { .request = request,
					     .remote = address_of(connection, remote, sizeof(remote)),
					     .status = status,
					     .bytes = strcmp(request->method, "HEAD") != 0 ? bytes : 0,
					     .nanoseconds = nanoseconds });
}

static enum MHD_Result send_response(struct MHD_Connection *connection, struct exchange *exchange)
{
	struct response *response = &exchange->response;
	if (!response_is_whole(response)) {
		note(connection, exchange, 503, sizeof(out_of_memory) - 1);
		return send_out_of_memory(connection);
	}
	/* The body goes over to the library, which frees it when it has left. */
	size_t length = response->body.length;
	void *body = response->body.data;
	struct MHD_Response *message =
		MHD_create_response_from_buffer(length, body, body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
	if (!message)
		return send_out_of_memory(connection);
	response->body = (struct buffer) { 0 };
	if (!add_headers(message, response, response->close || atomic_load(&exchange->loop->http->draining))) {
		MHD_destroy_response(message);
		return send_out_of_memory(connection);
	}
	note(connection, exchange, response->status, length);
	return queue(connection, response->status, message);
}

static void refuse_body(struct exchange *exchange)
{
	exchange->refused = true;
	request_refuse(&exchange->request, &exchange->response, "payload-too-large",
		"the server reads at most 1 MiB of a body here");
}

/* The first call for a request: the headers are there, nothing of a body. */
static enum MHD_Result see_headers(
	struct MHD_Connection *connection, struct exchange *exchange, const char *method, const char *version)
{
	struct request *request = &exchange->request;
	const char *reason;
	exchange->seen = true;
	request->method = method;
	request->version = version;
	if (!guard_headers(connection, version, &exchange->arena, &request->headers, &reason)) {
		if (reason)
			request_refuse(request, &exchange->response, "invalid-request", reason);
		return send_response(connection, exchange);
	}
	const char *length = request->headers.content_length;
	if (length && strtoull(length, NULL, 10) > BODY_BYTES_MAX) {
		/* Before the client has sent it, if it asked first (RFC 9110, section 10.1.1). */
		refuse_body(exchange);
		return send_response(connection, exchange);
	}
	if (request->headers.has_body || !request->headers.expects)
		return MHD_YES;
	/* There is nothing to go on with. The library would call again with nothing, at a time when it takes no answer;
	 * now it does, and closes the connection behind it. */
	request_answer(request, &exchange->response);
	return send_response(connection, exchange);
}

/* No path takes a body yet. The library takes an answer before a body or after it, never within. */
static enum MHD_Result drop_body(struct exchange *exchange, size_t *size)
{
	exchange->body_bytes += *size;
	*size = 0;
	if (exchange->body_bytes > BODY_BYTES_MAX && !exchange->refused)
		refuse_body(exchange);
	return exchange->body_bytes > BODY_BYTES_PATIENCE ? MHD_NO : MHD_YES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload_data, size_t *upload_data_size, void **request_context)
{
	struct exchange *exchange = *request_context;
	(void)context;
	(void)url;
	(void)upload_data;
	if (!exchange)
		return send_out_of_memory(connection);
	if (!exchange->seen)
		return see_headers(connection, exchange, method, version);
	if (*upload_data_size)
		return drop_body(exchange, upload_data_size);
	if (!exchange->refused)
		request_answer(&exchange->request, &exchange->response);
	return send_response(connection, exchange);
}

static void see_connection(void *context, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode code)
{
	struct loop *loop = context;
	(void)connection;
	(void)socket_context;
	metrics_connections(loop->metrics, code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

static void log_library(void *context, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* What clients do wrong is answered or ends their connection, and fills no log. */
static const char *const client_faults[] = { "Error processing request", "Failed to parse `Content-Length'",
	"Too large value of 'Content-Length'", "Not enough memory in pool to", "Connection was closed by remote side",
	"Socket has been disconnected when reading", "Connection socket is closed when reading" };

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

static bool loop_start(struct loop *loop, unsigned connections)
{
	loop->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0, NULL, NULL,
		handle, loop, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL, MHD_OPTION_LISTEN_SOCKET, loop->socket,
		MHD_OPTION_URI_LOG_CALLBACK, exchange_new, loop, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, loop,
		MHD_OPTION_NOTIFY_CONNECTION, see_connection, loop, MHD_OPTION_CONNECTION_LIMIT, connections,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)IDLE_SECONDS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES, MHD_OPTION_END);
	return loop->daemon != NULL;
}

struct http *http_start(const struct http_options *options)
{
	unsigned count = options->threads;
	struct http *http = calloc(1, sizeof(*http) + count * sizeof(http->loops[0]));
	if (!http)
		return NULL;
	http->metrics = metrics_new(count);
	if (!http->metrics) {
		free(http);
		return NULL;
	}
	http->access_log = options->access_log;
	MHD_set_panic_func(panic, NULL);
	pthread_mutex_init(&http->mutex, NULL);
	pthread_condattr_t clock;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&http->drained, &clock);
	pthread_condattr_destroy(&clock);
	if (getrandom(&http->boot, sizeof(http->boot), 0) < 0)
		http->boot = (uint32_t)time(NULL);
	for (unsigned i = 0; i < count; i++) {
		struct loop *loop = &http->loops[i];
		loop->http = http;
		loop->db = options->stores[i];
		loop->metrics = metrics_loop(http->metrics, i);
		loop->socket = fcntl(options->socket, F_DUPFD_CLOEXEC, 0);
		if (loop->socket < 0 || !loop_start(loop, CONNECTIONS_MAX / count)) {
			int error = errno;
			if (loop->socket >= 0)
				close(loop->socket);
			http_stop(http, 0);
			errno = error;
			return NULL;
		}
		http->loop_count++;
	}
	return http;
}

static unsigned count_in_flight(struct http *http)
{
	unsigned count = 0;
	for (unsigned i = 0; i < http->loop_count; i++)
		count += atomic_load(&http->loops[i].in_flight);
	return count;
}

static void drain(struct http *http, unsigned drain_ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += drain_ms / 1000;
	until.tv_nsec += (long)(drain_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&http->mutex);
	while (count_in_flight(http) && pthread_cond_timedwait(&http->drained, &http->mutex, &until) == 0)
		;
	pthread_mutex_unlock(&http->mutex);
}

void http_stop(struct http *http, unsigned drain_ms)
{
	if (!http)
		return;
	atomic_store(&http->draining, true);
	for (unsigned i = 0; i < http->loop_count; i++)
		MHD_quiesce_daemon(http->loops[i].daemon);
	/* One socket under several descriptors, which the loops may still be looking at: it refuses from now on. */
	if (http->loop_count)
		shutdown(http->loops[0].socket, SHUT_RDWR);
	drain(http, drain_ms);
	for (unsigned i = 0; i < http->loop_count; i++) {
		MHD_stop_daemon(http->loops[i].daemon);
		close(http->loops[i].socket);
	}
	pthread_cond_destroy(&http->drained);
	pthread_mutex_destroy(&http->mutex);
	metrics_free(http->metrics);
	free(http);
}

const char *http_library_version(void)
{
	return MHD_get_version();
}
