// SPDX-License-Identifier: MIT
#include "server/exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/clock.h"
#include "db/log.h"
#include "server/access_log.h"
#include "server/address.h"
#include "server/connections.h"
#include "server/guard.h"
#include "server/kept.h"
#include "server/message.h"
#include "server/metrics.h"
#include "server/request.h"
#include "server/routes.h"
#include "server/stream.h"
#include "server/watch.h"
#include "server/writer.h"

/* How long a client may take. A body and an answer may take longer the larger they are, at a modest rate. */
enum { BODY_MS = 20 * 1000, ANSWER_MS = 30 * 1000, NEXT_REQUEST_MS = 30 * 1000, BYTES_PER_SECOND = 500 };

/* Of an answer's headers, but for an address in Link or Location. */
enum { HEAD_BYTES = 1024 };

/* Of a body that nobody wants: read and dropped, so that the client gets to see its answer. */
enum { DROPPED_BYTES_MAX = 1024 * 1024, DROPPED_BYTES_PATIENCE = 16 * 1024 * 1024 };

/* So much of a body that is handed over in parts makes a part. */
enum { PART_BYTES = 256 * 1024 };

/* So many that have ended are kept for the next ones; while writes wait for the disk, many are there at once. */
enum { SPARES_MAX = 64 };

struct exchange {
	struct loop *loop;
	struct MHD_Connection *connection;
	struct connection *client;
	struct arena arena;
	struct request request;
	struct response response;
	uint64_t number;     /* in its loop */
	char id[24];         /* made of it where somebody is told, which is not for every answer */
	int64_t began;       /* clock_ns() */
	uint64_t body_bytes; /* so far, dropped ones included */
	uint64_t timed_bytes;
	int64_t timed_from_ms; /* the client's time for those bytes began */
	struct kept_place place;
	bool seen;    /* the headers have been looked at */
	bool plain;   /* it is looked for among the answers given before, and then begun */
	bool drops;   /* what comes of the body is not wanted */
	bool resting; /* until the write is done, or the store changes */
	struct watcher watcher;
	int64_t rests_from; /* clock_ns() */
	struct exchange *woken_before;
	struct exchange *other_spare;
	bool crowded;         /* too many wait already */
	struct stream stream; /* without a response: there is none */
};

static void name_request(struct exchange *exchange)
{
	const struct loop *loop = exchange->loop;
	snprintf(exchange->id, sizeof(exchange->id), "%08" PRIx32 "-%u-%" PRIx64, loop->boot, loop->number,
		exchange->number);
}

static struct connection *find_client(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

/* Zeroed, but for an arena that may have memory already: mostly it is that of one before. */
static struct exchange *take_exchange(struct loop *loop)
{
	struct exchange *exchange = loop->spare;
	if (!exchange)
		return calloc(1, sizeof(*exchange));
	loop->spare = exchange->other_spare;
	loop->spares--;
	exchange->other_spare = NULL;
	return exchange;
}

static void give_back(struct loop *loop, struct exchange *exchange)
{
	if (loop->spares == SPARES_MAX) {
		arena_deinit(&exchange->arena);
		free(exchange);
		return;
	}
	arena_clear(&exchange->arena);
	*exchange = (struct exchange) { .arena = exchange->arena, .other_spare = loop->spare };
	loop->spare = exchange;
	loop->spares++;
}

void exchange_free_spares(struct loop *loop)
{
	while (loop->spare) {
		struct exchange *exchange = take_exchange(loop);
		arena_deinit(&exchange->arena);
		free(exchange);
	}
}

size_t exchange_decode(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

void *exchange_new(void *context, const char *uri, struct MHD_Connection *connection)
{
	struct loop *loop = context;
	struct exchange *exchange = take_exchange(loop);
	if (!exchange)
		return NULL;
	struct request *request = &exchange->request;
	/* Here alone the address is whole. */
	request->raw_target = arena_strdup(&exchange->arena, uri);
	if (!request->raw_target) {
		give_back(loop, exchange);
		return NULL;
	}
	exchange->loop = loop;
	exchange->connection = connection;
	exchange->client = find_client(connection);
	request->arena = &exchange->arena;
	request->db = loop->db;
	request->client = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
	request->permission = loop->permission;
	request->writer = loop->writer;
	request->body_bytes_max = loop->body_bytes_max;
	request->id = exchange->id;
	exchange->number = ++loop->request_number;
	exchange->began = clock_ns();
	request->metrics = loop->all_metrics;
	request->exports = loop->exports;
	atomic_fetch_add(&loop->in_flight, 1);
	metrics_in_flight(loop->metrics, 1);
	if (exchange->client)
		connection_allow(exchange->client, EXCHANGE_HEADERS_MS);
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

/* Before it leaves, so that a client that has its answer finds it counted. */
static void note(const struct exchange *exchange, unsigned status, size_t bytes)
{
	const struct request *request = &exchange->request;
	const struct loop *loop = exchange->loop;
	int64_t nanoseconds = clock_ns() - exchange->began;
	char remote[64];
	metrics_count(loop->metrics, request->route, request->method, status, nanoseconds);
	if (!loop->access_log)
		return;
	access_log(loop->access_log, &(struct access) { .request = request,
					     .remote = address_text(request->client, remote, sizeof(remote)),
					     .status = status,
					     .bytes = strcmp(request->method, "HEAD") != 0 ? bytes : 0,
					     .nanoseconds = nanoseconds });
}

void exchange_end(
	void *context, struct MHD_Connection *connection, void **request_context, enum MHD_RequestTerminationCode code)
{
	struct loop *loop = context;
	struct exchange *exchange = *request_context;
	(void)connection;
	(void)code;
	if (!exchange)
		return;
	*request_context = NULL;
	if (exchange->stream.response)
		note(exchange, exchange->response.status, (size_t)exchange->stream.bytes);
	if (exchange->client)
		connection_allow(exchange->client, NEXT_REQUEST_MS);
	response_deinit(&exchange->response);
	buffer_deinit(&exchange->request.body);
	give_back(loop, exchange);
	metrics_in_flight(loop->metrics, -1);
	if (atomic_fetch_sub(&loop->in_flight, 1) == 1 && atomic_load(&loop->drain->begun)) {
		pthread_mutex_lock(&loop->drain->mutex);
		pthread_cond_signal(&loop->drain->changed);
		pthread_mutex_unlock(&loop->drain->mutex);
	}
}

/* A client has so long for an answer of so many bytes. */
static void allow_answer(const struct exchange *exchange, size_t length)
{
	if (exchange->client)
		connection_allow_from(
			exchange->client, clock_ms(), ANSWER_MS + (uint64_t)length * 1000 / BYTES_PER_SECOND);
}

/* True: it was answered before, and that has been sent. Else what follows knows where to keep its answer. */
static bool send_kept(struct exchange *exchange, enum MHD_Result *ret_result)
{
	struct loop *loop = exchange->loop;
	struct MHD_Response *message;
	unsigned status;
	const struct cached *cached = kept_find(loop, &exchange->request, &exchange->place, &message, &status);
	if (!cached)
		return false;
	exchange->request.route = cached->route;
	if (loop->access_log)
		name_request(exchange);
	note(exchange, status, status == 200 ? cached->length : 0);
	allow_answer(exchange, cached->length);
	*ret_result = MHD_queue_response(exchange->connection, status, message);
	return true;
}

/* It is noted when it has left, or the client has. */
static enum MHD_Result send_stream(struct exchange *exchange, bool close)
{
	exchange->stream = (struct stream) { .response = &exchange->response, .client = exchange->client };
	struct MHD_Response *message = stream_message(&exchange->stream, close);
	if (!message) {
		exchange->stream.response = NULL;
		return message_queue_out_of_memory(exchange->connection);
	}
	return message_queue(exchange->connection, exchange->response.status, message);
}

static enum MHD_Result send_response(struct exchange *exchange)
{
	struct response *response = &exchange->response;
	if (!response_is_whole(response)) {
		note(exchange, 503, message_out_of_memory_length);
		return message_queue_out_of_memory(exchange->connection);
	}
	bool close = response->close || atomic_load(&exchange->loop->drain->begun);
	if (response->has_no_length)
		return send_stream(exchange, close);
	size_t length = response->body.length;
	struct cached cached = { .length = length, .bytes = message_cost(response) };
	struct MHD_Response *message = message_new(response, close);
	if (!message)
		return message_queue_out_of_memory(exchange->connection);
	note(exchange, response->status, length);
	allow_answer(exchange, length);
	if (!close && kept_put(exchange->loop, &exchange->request, response, &exchange->place, message, &cached))
		return MHD_queue_response(exchange->connection, response->status, message);
	return message_queue(exchange->connection, response->status, message);
}

static void refuse_body(struct exchange *exchange, size_t max)
{
	response_clear(&exchange->response);
	exchange->drops = true;
	request_refuse(&exchange->request, &exchange->response, "payload-too-large",
		arena_printf(&exchange->arena, "the server reads at most %zu bytes of a body here", max));
}

static bool takes_body(const struct exchange *exchange)
{
	const struct route *route = exchange->request.route;
	return route && route->body != BODY_NONE && !exchange->response.status && !exchange->response.no_memory;
}

/* How much of a body is read for it; what comes in parts has no end. */
static uint64_t body_limit(const struct exchange *exchange)
{
	if (!takes_body(exchange))
		return DROPPED_BYTES_MAX;
	const struct route *route = exchange->request.route;
	if (route->body == BODY_LINES)
		return UINT64_MAX;
	size_t max = exchange->loop->body_bytes_max;
	return route->body_max && route->body_max < max ? route->body_max : max;
}

/* What is known of the answer before the body has come; true: the answer is there and is to leave at once. */
static bool look_at_headers(struct exchange *exchange, const char *version)
{
	struct request *request = &exchange->request;
	const char *reason;
	bool sound = guard_headers(exchange->connection, version, &exchange->arena, &request->headers, &reason);
	if (request->headers.sure_room > HEAD_BYTES)
		request->address_bytes_max = request->headers.sure_room - HEAD_BYTES;
	/* Before anything is made of the address: it may have been answered already. */
	const char *why = connections_are_many(exchange->loop->connections, exchange->client);
	exchange->plain = sound && !why && kept_is_plain(exchange->loop, request);
	if (exchange->plain)
		return false;
	name_request(exchange);
	if (!sound) {
		if (reason)
			request_refuse(request, &exchange->response, "invalid-request", reason);
		return true;
	}
	if (why) {
		request_refuse(request, &exchange->response, "unavailable", why);
		return true;
	}
	request_begin(request, &exchange->response);
	exchange->drops = !takes_body(exchange);
	const char *length = request->headers.content_length;
	uint64_t limit = body_limit(exchange), declared = length ? strtoull(length, NULL, 10) : 0;
	if (declared > limit) {
		/* What is wrong besides, such as a missing token, says more. */
		if (!exchange->response.status)
			refuse_body(exchange, (size_t)limit);
		exchange->response.close = true;
		return true;
	}
	/* Before the client has sent it, if it asked first (RFC 9110, section 10.1.1). */
	if (exchange->response.status && request->headers.expects) {
		exchange->response.close = true;
		return true;
	}
	return exchange->response.no_memory;
}

/* The client's time for a body goes on with each part of it, but no faster than the rate. */
static void allow_body(struct exchange *exchange, size_t size)
{
	if (!exchange->timed_from_ms) {
		exchange->timed_from_ms = clock_ms();
		exchange->timed_bytes = 0;
	}
	exchange->timed_bytes += size;
	if (exchange->client)
		connection_allow_from(exchange->client, exchange->timed_from_ms,
			BODY_MS + exchange->timed_bytes * 1000 / BYTES_PER_SECOND);
}

void exchange_wake_loop(const struct loop *loop)
{
	const uint64_t one = 1;
	(void)!write(loop->wake, &one, sizeof(one));
}

/* Hands the exchange back to its loop, which is told once for all that it has not seen yet. From any thread. */
static void resume(void *context)
{
	struct exchange *exchange = context;
	struct loop *loop = exchange->loop;
	struct drain *drain = loop->drain;
	struct exchange *before = atomic_load(&loop->woken);
	do
		exchange->woken_before = before;
	while (!atomic_compare_exchange_weak(&loop->woken, &before, exchange));
	/* From here on it may be gone. */
	if (!before)
		exchange_wake_loop(loop);
	/* Counted after: whoever stops the loops may then do so. */
	pthread_mutex_lock(&drain->mutex);
	drain->waiting--;
	pthread_cond_signal(&drain->changed);
	pthread_mutex_unlock(&drain->mutex);
}

void exchange_resume(struct loop *loop)
{
	struct exchange *exchange = atomic_exchange(&loop->woken, NULL);
	while (exchange) {
		MHD_resume_connection(exchange->connection);
		exchange = exchange->woken_before;
	}
}

/* On the writer's thread. */
static void be_done(void *context)
{
	const struct exchange *exchange = context;
	/* First, for both may be gone behind it. */
	watch_look(exchange->loop->watch);
	resume(context);
}

static bool may_wait(struct drain *drain)
{
	pthread_mutex_lock(&drain->mutex);
	bool may = !drain->closed;
	drain->waiting += may;
	pthread_mutex_unlock(&drain->mutex);
	return may;
}

/* Hands the write over and lets the connection rest until it is done. */
static enum MHD_Result wait_for_write(struct exchange *exchange)
{
	struct write *write = exchange->request.write;
	if (!may_wait(exchange->loop->drain))
		return MHD_NO;
	if (exchange->client)
		connection_allow(exchange->client, 0);
	exchange->resting = true;
	write->done = be_done;
	write->done_context = exchange;
	MHD_suspend_connection(exchange->connection);
	writer_submit(exchange->loop->writer, write);
	return MHD_YES;
}

/* Lets the connection rest until the store changes. */
static enum MHD_Result wait_for_change(struct exchange *exchange)
{
	struct request *request = &exchange->request;
	struct watcher *watcher = &exchange->watcher;
	if (!may_wait(exchange->loop->drain))
		return MHD_NO;
	if (exchange->client)
		connection_allow(exchange->client, 0);
	exchange->rests_from = clock_ns();
	/* Rounded up: clock_ms(), which tells when it is over, is late, but now it would have the wait end early. */
	if (!watcher->until_ms)
		watcher->until_ms = exchange->rests_from / 1000000 + 1 + request->wait_seconds * 1000;
	watcher->revision = request->store.revision;
	watcher->socket = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	watcher->wake = resume;
	watcher->context = exchange;
	request->wait_seconds = 0;
	/* Whoever asks the same wants to wait as well. */
	exchange->place.key = NULL;
	exchange->resting = true;
	MHD_suspend_connection(exchange->connection);
	exchange->crowded = !watch_add(exchange->loop->watch, watcher);
	if (exchange->crowded)
		resume(exchange);
	return MHD_YES;
}

static bool is_suspended(const struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_SUSPENDED);
	return info && info->suspended == MHD_YES;
}

/* The request, or a part of it, has been answered, or waits for something, or for more. */
static enum MHD_Result settle(struct exchange *exchange)
{
	if (exchange->request.write)
		return wait_for_write(exchange);
	if (exchange->request.wait_seconds)
		return wait_for_change(exchange);
	if (exchange->request.body_ended)
		return send_response(exchange);
	/* The answer to a part, which ends it all: the library takes it only when the body is over. */
	exchange->drops |= exchange->response.status || exchange->response.no_memory;
	return MHD_YES;
}

/* The library takes an answer before a body or after it, never within. */
static enum MHD_Result drop_body(struct exchange *exchange, size_t *size)
{
	exchange->body_bytes += *size;
	allow_body(exchange, *size);
	*size = 0;
	if (exchange->body_bytes > DROPPED_BYTES_MAX) {
		if (!exchange->response.status)
			refuse_body(exchange, DROPPED_BYTES_MAX);
		exchange->response.close = true;
	}
	return exchange->body_bytes > DROPPED_BYTES_PATIENCE ? MHD_NO : MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *data, size_t *size)
{
	struct request *request = &exchange->request;
	exchange->body_bytes += *size;
	allow_body(exchange, *size);
	if (exchange->body_bytes > body_limit(exchange)) {
		*size = 0;
		refuse_body(exchange, (size_t)body_limit(exchange));
		buffer_deinit(&request->body);
		exchange->body_bytes = 0;
		return MHD_YES;
	}
	buffer_append(&request->body, data, *size);
	*size = 0;
	if (request->body.failed) {
		exchange->drops = true;
		exchange->response.no_memory = true;
		return MHD_YES;
	}
	if (request->route->body != BODY_LINES || request->body.length < PART_BYTES)
		return MHD_YES;
	request_answer(request, &exchange->response);
	return settle(exchange);
}

static enum MHD_Result end_body(struct exchange *exchange)
{
	enum MHD_Result result;
	exchange->request.body_ended = true;
	if (exchange->plain) {
		if (send_kept(exchange, &result))
			return result;
		name_request(exchange);
		request_begin(&exchange->request, &exchange->response);
	}
	if (!exchange->response.status && !exchange->response.no_memory)
		request_answer(&exchange->request, &exchange->response);
	return settle(exchange);
}

static enum MHD_Result see_headers(struct exchange *exchange, const char *method, const char *version)
{
	exchange->seen = true;
	exchange->request.method = method;
	exchange->request.version = version;
	bool ends = look_at_headers(exchange, version);
	/* As the library does with larger ones. Not to be able to answer it would notice too late. */
	if (exchange->request.headers.room <= HEAD_BYTES)
		return message_queue_bare(
			exchange->connection, strlen(exchange->request.raw_target) > TARGET_BYTES_MAX ? 414 : 431);
	if (ends)
		return send_response(exchange);
	if (exchange->plain)
		return MHD_YES;
	allow_body(exchange, 0);
	if (exchange->request.headers.has_body || !exchange->request.headers.expects)
		return MHD_YES;
	/* There is nothing to go on with. The library would call again with nothing, at a time when it takes no answer;
	 * now it does. */
	return end_body(exchange);
}

/* What was waited for is there. True: the exchange is settled with it, or waits again. */
static bool wake(struct exchange *exchange, enum MHD_Result *ret_result)
{
	struct request *request = &exchange->request;
	bool drains = atomic_load(&exchange->loop->drain->begun);
	exchange->resting = false;
	exchange->timed_from_ms = 0;
	if (exchange->rests_from) {
		/* The figures are of work. */
		exchange->began += clock_ns() - exchange->rests_from;
		exchange->rests_from = 0;
		request->has_waited = !exchange->watcher.has_changed;
	}
	if (exchange->crowded && !drains)
		request_refuse(request, &exchange->response, "unavailable", "too many clients wait for changes");
	else
		request_resume(request, &exchange->response);
	*ret_result = settle(exchange);
	return exchange->request.write || exchange->request.body_ended;
}

enum MHD_Result exchange_go_on(void *context, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload_data, size_t *upload_data_size, void **request_context)
{
	struct exchange *exchange = *request_context;
	enum MHD_Result result;
	(void)context;
	(void)url;
	if (!exchange)
		return message_queue_out_of_memory(connection);
	if (!exchange->seen)
		return see_headers(exchange, method, version);
	/* With a body in pieces the library goes on even then; what is not taken comes again. */
	if (exchange->resting && is_suspended(exchange))
		return MHD_YES;
	if (exchange->resting && wake(exchange, &result))
		return result;
	if (!*upload_data_size)
		return end_body(exchange);
	return exchange->drops ? drop_body(exchange, upload_data_size)
			       : take_body(exchange, upload_data, upload_data_size);
}
