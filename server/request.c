// SPDX-License-Identifier: MIT
#include "server/request.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "db/log.h"
#include "db/text/time.h"
#include "server/answer.h"
#include "server/etag.h"
#include "server/gzip.h"
#include "server/permission.h"
#include "server/problem.h"
#include "server/router.h"
#include "server/routes.h"
#include "server/write.h"

/* Methods of RFC 9110 and RFC 5789; what is none of them is 501 rather than 405. */
static const char *const known_methods[] = { "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE",
	"CONNECT" };

static bool is_method(const struct request *request, const char *method)
{
	return !strcmp(request->method, method);
}

/* The method of the route table, or -1. */
static int find_method(const struct request *request)
{
	if (is_method(request, "HEAD"))
		return METHOD_GET;
	for (int m = 0; m < METHODS; m++) {
		if (is_method(request, method_names[m]))
			return m;
	}
	return -1;
}

/* For Allow; `methods` has a bit for each. NULL: memory ran out. */
static const char *list_methods(struct request *request, unsigned methods)
{
	const char *list = methods & 1u << METHOD_GET ? "GET, HEAD, OPTIONS" : "OPTIONS";
	for (int m = METHOD_GET + 1; m < METHODS && list; m++) {
		if (methods & 1u << m)
			list = arena_printf(request->arena, "%s, %s", list, method_names[m]);
	}
	return list;
}

static void say(struct request *request, struct response *response, const char *code, const char *detail)
{
	problem_answer(request, response, &(struct problem) { .code = code, .detail = detail });
}

/* From the address as it was sent: for problems that come before it is taken apart. */
static void guess_format(struct request *request)
{
	size_t length = strcspn(request->raw_target, "?"), stem;
	if (format_from_suffix(request->raw_target, length, &stem, &request->format) == SUFFIX_NONE &&
		!format_negotiate(request->headers.accept, FORMAT_BIT_JSON | FORMAT_BIT_TXT, &request->format))
		request->format = FORMAT_JSON;
}

void request_refuse(struct request *request, struct response *response, const char *code, const char *detail)
{
	guess_format(request);
	say(request, response, code, detail);
	response->close = true;
}

/* A fault below: logged where it happened, so this only ties the log to the answer. */
static void answer_fault(struct request *request, struct response *response, enum db_status status)
{
	bool writes = request->route && request->route->needs_token;
	response_clear(response);
	if (status == DB_NO_MEMORY) {
		response->no_memory = true;
		return;
	}
	log_line("request %s: %s %s: failed", request->id, request->method, request->raw_target);
	if (status == DB_TIMEOUT)
		say(request, response, "query-timeout", "the question took longer than the server allows");
	else if (status == DB_BUSY)
		say(request, response, "unavailable", "another process is writing to the store");
	else if (writes && status != DB_INVALID && status != DB_FAULT)
		say(request, response, "not-stored",
			"the disk is full or failing, so nothing was stored; what is there can still be read");
	else
		say(request, response, "internal",
			writes ? "the server could not store this" : "the server could not read its store");
}

static void answer_options(struct request *request, struct response *response, unsigned methods)
{
	const char *list = list_methods(request, methods);
	response->status = 204;
	response_header(response, "Allow", list);
	response_header(response, "Access-Control-Allow-Methods", list);
	response_header(response, "Access-Control-Allow-Headers",
		"Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Range");
	response_header(response, "Access-Control-Max-Age", "86400");
}

/* The format a suffix or Accept asks for, also for problems: those are JSON where nothing fits. */
static size_t choose_format(struct request *request, enum suffix *ret_suffix, size_t *ret_whole_length)
{
	const struct target *target = &request->target;
	const char *last = target->segment_count ? target->segments[target->segment_count - 1] : "";
	size_t length;
	*ret_whole_length = strlen(last);
	*ret_suffix = format_from_suffix(last, *ret_whole_length, &length, &request->format);
	request->has_suffix = *ret_suffix == SUFFIX_KNOWN;
	request->is_negotiated = *ret_suffix == SUFFIX_NONE;
	if (*ret_suffix == SUFFIX_NONE &&
		!format_negotiate(request->headers.accept, FORMAT_BIT_JSON | FORMAT_BIT_TXT, &request->format))
		request->format = FORMAT_JSON;
	return length;
}

static bool format_fits(struct request *request, struct response *response, enum suffix suffix)
{
	unsigned offered = request->route->formats;
	request->codings = coding_negotiate(request->headers.accept_encoding);
	if (!request->codings) {
		say(request, response, "not-acceptable", "the server has only these codings: identity, gzip");
		return false;
	}
	bool fits = suffix == SUFFIX_KNOWN ? offered & 1u << request->format
					   : suffix == SUFFIX_NONE && format_negotiate(request->headers.accept, offered,
									      &request->format);
	if (fits)
		return true;
	const char *list = format_list(offered, request->arena);
	say(request, response, "not-acceptable",
		list ? arena_printf(request->arena, "this path has only: %s", list) : NULL);
	return false;
}

/* Finds the row; false when the path alone decides the answer. */
static bool find_route(struct request *request, struct response *response, enum suffix *ret_suffix)
{
	struct target *target = &request->target;
	/* A path may end like a suffix: /openapi.json. */
	size_t whole_length, length = choose_format(request, ret_suffix, &whole_length);
	int method = find_method(request);
	unsigned methods;
	request->route = router_find(routes, route_count, target, length, method, &methods, &request->id_segment);
	if (!request->route && request->has_suffix)
		request->route =
			router_find(routes, route_count, target, whole_length, method, &methods, &request->id_segment);
	if (!request->route) {
		say(request, response, "not-found", "there is nothing at this path; /v1 lists where to start");
		return false;
	}
	if (request->id_segment < target->segment_count) {
		const char *segment = target->segments[request->id_segment];
		bool last = request->id_segment + 1 == target->segment_count;
		request->path_id = last ? arena_strndup(request->arena, segment, length) : segment;
		response->no_memory |= !request->path_id;
	}
	if (is_method(request, "OPTIONS")) {
		answer_options(request, response, methods);
		return false;
	}
	if (method < 0 || !(methods & 1u << method)) {
		const char *list = list_methods(request, methods);
		say(request, response, "method-not-allowed",
			list ? arena_printf(request->arena, "%s is not possible here, only %s", request->method, list)
			     : NULL);
		response_header(response, "Allow", list);
		return false;
	}
	if (target->trailing_slash && method == METHOD_GET) {
		answer_redirect(request, response, 308, answer_address(request, NULL));
		return false;
	}
	return !response->no_memory;
}

/* True when the parameters that the path lives on are there. */
static bool has_params(struct request *request, struct response *response)
{
	for (int p = 0; p < PARAMS; p++) {
		const struct param_spec *spec = &param_specs[p];
		if (!(request->route->needs & PARAM_BIT(p)) || request->params.values[p].count)
			continue;
		problem_answer(request, response,
			&(struct problem) { .code = "invalid-parameter",
				.detail = arena_printf(request->arena, "'%s' is needed: %s", spec->name, spec->about),
				.parameter = spec->name });
		return false;
	}
	return true;
}

/* A list has a seed only in random order, and there is no order where one thing is chosen. */
static bool is_random(const struct request *request)
{
	uint64_t takes = request->route->params;
	bool descending;
	return (takes & PARAM_BIT(PARAM_SEED)) &&
	       (!(takes & PARAM_BIT(PARAM_SORT)) ||
		       param_sort(&request->params, SORT_ADDED, &descending) == SORT_RANDOM);
}

/* What stands for a day or a seed that was not sent. With a seed by chance no answer is like another; nor is it with
 * what comes in the time that a client waits. */
static bool fill_in(struct request *request, struct response *response)
{
	struct params *params = &request->params;
	if ((request->route->params & PARAM_BIT(PARAM_DATE)) && !param_text(params, PARAM_DATE)) {
		char now[TIME_BYTES];
		time_format(time(NULL), now);
		const char *today = arena_strndup(request->arena, now, strcspn(now, "T"));
		response->no_memory |= !today || !param_set(params, PARAM_DATE, today, request->arena);
	}
	if (is_random(request) && !param_text(params, PARAM_SEED)) {
		uint64_t chance = 0;
		request->is_fleeting = getrandom(&chance, sizeof(chance), 0) == (ssize_t)sizeof(chance);
		const char *seed = arena_printf(request->arena, "%016" PRIx64, chance);
		response->no_memory |= !seed || !param_set(params, PARAM_SEED, seed, request->arena);
	}
	request->is_fleeting |= param_number(params, PARAM_WAIT, 0) > 0;
	return !response->no_memory;
}

static bool read_params(struct request *request, struct response *response)
{
	struct param_problem wrong;
	struct param_scope scope = route_scope(request->route);
	if (params_parse(request->target.query, &scope, request->arena, &request->params, &wrong))
		return has_params(request, response) && fill_in(request, response);
	if (!wrong.code) {
		response->no_memory = true;
		return false;
	}
	struct problem problem = { .code = wrong.code, .detail = wrong.detail, .parameter = wrong.parameter };
	if (wrong.nearest)
		problem.nearest = (struct string_list) { .items = &wrong.nearest, .count = 1 };
	problem_answer(request, response, &problem);
	return false;
}

/* `If-None-Match: *` fits whatever there is, so that it takes an answer to know. */
static bool asks_for_any(const struct request *request)
{
	const char *match = request->headers.if_none_match;
	return match && etag_is_any(match);
}

/* Codes the body where the client takes it and it is worth it, or the client takes nothing else. */
static void code_body(struct request *request, struct response *response)
{
	bool must = !(request->codings & CODING_BIT_IDENTITY);
	bool may = request->codings & CODING_BIT_GZIP;
	if (!may || !(must || response->body.length >= GZIP_WORTH_BYTES) || response->body.failed)
		return;
	response->no_memory |= !gzip_buffer(&response->body);
	response_header(response, "Content-Encoding", "gzip");
	if (request->etag) {
		request->etag = etag_of_coded(request, request->etag);
		response->no_memory |= !request->etag;
	}
}

/* The client wants what has a certain tag or nothing (RFC 9110, section 13.1.1), in whichever coding. */
static bool wants_another(struct request *request, struct response *response)
{
	const char *match = request->headers.if_match;
	if (!match || !request->etag || etag_is_any(match))
		return false;
	const char *etag = etag_of_request(request), *coded = etag_of_coded(request, etag);
	response->no_memory |= !coded;
	return coded && !etag_is_listed_strongly(match, etag) && !etag_is_listed_strongly(match, coded);
}

static bool is_found(const struct response *response)
{
	return response->status == 200 || response->status == 206 || response->status == 304;
}

static void finish(struct request *request, struct response *response)
{
	if (is_found(response) && wants_another(request, response)) {
		response_clear(response);
		problem_answer(request, response,
			&(struct problem) {
				.code = "precondition-failed", .detail = "what is here now has another ETag" });
		return;
	}
	if (response->status == 200)
		code_body(request, response);
	if (response->status == 200 && request->etag && asks_for_any(request)) {
		response_clear(response);
		response->status = 304;
	}
	if (is_found(response)) {
		bool caches = request->etag != NULL;
		if (caches)
			response_header(response, "ETag", request->etag);
		response_header(response, "Cache-Control", caches ? "public, max-age=0, must-revalidate" : "no-store");
	}
}

/* What the client has is what it would get, in one coding or the other: the tag is then that of what it has. */
static bool is_unchanged(struct request *request)
{
	const char *match = request->headers.if_none_match;
	if (!match || !request->etag)
		return false;
	if (etag_is_listed(match, request->etag))
		return true;
	const char *coded = etag_of_coded(request, request->etag);
	if (!coded || !etag_is_listed(match, coded))
		return false;
	request->etag = coded;
	return true;
}

static void answer_from_store(struct request *request, struct response *response)
{
	enum db_status status = DB_OK;
	if (!request->route->is_static) {
		status = db_begin_read(request->db, REQUEST_READ_MS);
		if (status == DB_OK)
			status = store_get(request->db, request->arena, &request->store);
	}
	if (status == DB_OK) {
		bool is_cached = route_says(request->route, 304) && !request->is_fleeting;
		request->etag = is_cached ? etag_of_request(request) : NULL;
		if (is_cached && !request->etag)
			status = DB_NO_MEMORY;
		else if (is_unchanged(request))
			response->status = 304;
		else
			status = request->route->handler(request, response);
	}
	db_end_read(request->db);
	if (status != DB_OK)
		answer_fault(request, response, status);
	else if (!request->wait_seconds)
		finish(request, response);
}

/* Which headers of a request the answer depends on. */
static void say_what_counts(struct response *response, bool accept)
{
	bool coding = response->status == 200 || response->status == 206 || response->status == 304;
	if (accept || coding)
		response_header(response, "Vary",
			!coding  ? "Accept"
			: accept ? "Accept, Accept-Encoding"
				 : "Accept-Encoding");
}

/* A token, where it writes. What a token is asked for is also told where the store is: for entity tags. */
static bool may_write(struct request *request, struct response *response)
{
	enum db_status status = db_begin_read(request->db, REQUEST_READ_MS);
	if (status == DB_OK)
		status = store_get(request->db, request->arena, &request->store);
	if (status == DB_OK)
		status = permission_ask(request, response);
	db_end_read(request->db);
	if (status != DB_OK)
		answer_fault(request, response, status);
	return !response->status && !response->no_memory;
}

static bool type_fits(const char *type, const char *wanted)
{
	size_t length = strcspn(type, "; \t");
	return length == strlen(wanted) && !strncasecmp(type, wanted, length);
}

/* No type at all is taken as the right one: a client that says nothing says nothing wrong. */
static bool body_fits(struct request *request, struct response *response)
{
	const struct request_headers *headers = &request->headers;
	const char *type = headers->content_type, *coding = headers->content_encoding;
	bool lines = request->route->body == BODY_LINES, words = request->route->body == BODY_WORDS;
	bool fits = !type || (lines && type_fits(type, "application/x-ndjson")) ||
		    (lines && type_fits(type, "application/jsonl")) || type_fits(type, "application/json") ||
		    (words && type_fits(type, "text/plain"));
	if (fits && (!coding || !strcasecmp(coding, "identity")))
		return true;
	const char *wanted = lines   ? "application/x-ndjson, application/jsonl"
			     : words ? "application/json, text/plain"
				     : "application/json";
	say(request, response, "unsupported-media-type",
		arena_printf(request->arena, "the body is to be %s%s", wanted, fits ? ", not encoded" : ""));
	response_header(response, "Accept", wanted);
	return false;
}

static bool understand(struct request *request, struct response *response)
{
	enum suffix suffix;
	return find_route(request, response, &suffix) && format_fits(request, response, suffix) &&
	       read_params(request, response) && (!request->route->needs_token || may_write(request, response)) &&
	       (request->route->body == BODY_NONE || body_fits(request, response));
}

static void note_variance(const struct request *request, struct response *response)
{
	if (response->status)
		say_what_counts(response, request->is_negotiated && response->status != 204);
}

void request_begin(struct request *request, struct response *response)
{
	const char *reason;
	if (strlen(request->raw_target) > TARGET_BYTES_MAX) {
		guess_format(request);
		say(request, response, "uri-too-long", "the address is longer than 8 KiB");
		return;
	}
	if (!target_parse(request->raw_target, request->arena, &request->target, &reason)) {
		if (reason)
			request_refuse(request, response, "invalid-request",
				arena_printf(request->arena, "the address is malformed: %s", reason));
		else
			response->no_memory = true;
		return;
	}
	/* Ranges are for GET alone (RFC 9110, section 14.2), and only once no condition makes it a 304
	 * (section 13.2.2). */
	if (!is_method(request, "GET") || asks_for_any(request))
		request->headers.range = NULL;
	bool known = false;
	for (size_t i = 0; i < sizeof(known_methods) / sizeof(known_methods[0]); i++)
		known |= is_method(request, known_methods[i]);
	if (!known) {
		guess_format(request);
		say(request, response, "not-implemented", "the server does not know this method");
	} else if (strcmp(request->target.path, "*") != 0) {
		if (!understand(request, response))
			note_variance(request, response);
	} else if (is_method(request, "OPTIONS")) {
		answer_options(request, response, (1u << METHODS) - 1);
	} else {
		request_refuse(request, response, "invalid-request", "the address * is for OPTIONS alone");
	}
}

static void answer_to_write(struct request *request, struct response *response, enum db_status status)
{
	if (status != DB_OK) {
		request->write = NULL;
		answer_fault(request, response, status);
	}
	if (response->status && response->status < 400 && !response_find(response, "Cache-Control"))
		response_header(response, "Cache-Control", "no-store");
}

void request_answer(struct request *request, struct response *response)
{
	if (request->route->needs_token)
		answer_to_write(request, response, request->route->handler(request, response));
	else
		answer_from_store(request, response);
	note_variance(request, response);
}

void request_resume(struct request *request, struct response *response)
{
	struct write *write = request->write;
	if (!write) {
		request_answer(request, response);
		return;
	}
	request->write = NULL;
	enum db_status status = write->answer(write, request, response);
	answer_to_write(request, response, status);
	note_variance(request, response);
}
