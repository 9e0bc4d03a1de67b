// SPDX-License-Identifier: MIT
#include "server/request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "db/log.h"
#include "db/text/time.h"
#include "server/answer.h"
#include "server/fields.h"
#include "server/problem.h"
#include "server/router.h"
#include "server/routes.h"

/* Methods of RFC 9110 and RFC 5789; what is none of them is 501 rather than 405. */
static const char *const known_methods[] = { "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE",
	"CONNECT" };
static const char allowed_methods[] = "GET, HEAD, OPTIONS";

static bool is_method(const struct request *request, const char *method)
{
	return !strcmp(request->method, method);
}

static bool reads(const struct request *request)
{
	return is_method(request, "GET") || is_method(request, "HEAD");
}

static void say(struct request *request, struct response *response, const char *code, const char *detail)
{
	problem_answer(request, response, &(struct problem) { .code = code, .detail = detail });
}

void request_refuse(struct request *request, struct response *response, const char *code, const char *detail)
{
	say(request, response, code, detail);
	response->close = true;
}

/* A fault below: logged where it happened, so this only ties the log to the answer. */
static void answer_fault(struct request *request, struct response *response, enum db_status status)
{
	response_clear(response);
	if (status == DB_NO_MEMORY) {
		response->no_memory = true;
		return;
	}
	log_line("request %s: %s %s: failed", request->id, request->method, request->raw_target);
	if (status == DB_TIMEOUT)
		say(request, response, "query-timeout", "the question took longer than the server allows");
	else if (status == DB_BUSY)
		say(request, response, "unavailable", "the store is busy");
	else
		say(request, response, "internal", "the server could not read its store");
}

static void answer_options(struct response *response)
{
	response->status = 204;
	response_header(response, "Allow", allowed_methods);
	response_header(response, "Access-Control-Allow-Methods", allowed_methods);
	response_header(response, "Access-Control-Allow-Headers", "Accept, If-None-Match, If-Range, Range");
	response_header(response, "Access-Control-Max-Age", "86400");
}

/* The format a suffix or Accept asks for, also for problems: those are JSON where nothing fits. */
static size_t choose_format(struct request *request, enum suffix *ret_suffix)
{
	const struct target *target = &request->target;
	const char *last = target->segment_count ? target->segments[target->segment_count - 1] : "";
	size_t length;
	*ret_suffix = format_from_suffix(last, strlen(last), &length, &request->format);
	request->has_suffix = *ret_suffix == SUFFIX_KNOWN;
	if (*ret_suffix == SUFFIX_NONE &&
		!format_negotiate(request->headers.accept, FORMAT_BIT_JSON | FORMAT_BIT_TXT, &request->format))
		request->format = FORMAT_JSON;
	return length;
}

static bool format_fits(struct request *request, struct response *response, enum suffix suffix)
{
	unsigned offered = request->route->formats;
	bool fits = suffix == SUFFIX_KNOWN ? offered & 1u << request->format
					   : suffix == SUFFIX_NONE && format_negotiate(request->headers.accept, offered,
									      &request->format);
	if (fits)
		return true;
	const char *names = offered == FORMAT_BIT_JSON  ? ".json (application/json)"
			    : offered == FORMAT_BIT_TXT ? ".txt (text/plain)"
							: ".json (application/json) and .txt (text/plain)";
	say(request, response, "not-acceptable", arena_printf(request->arena, "this path has only: %s", names));
	return false;
}

/* Finds the row; false when the path alone decides the answer. */
static bool find_route(struct request *request, struct response *response, enum suffix *ret_suffix)
{
	struct target *target = &request->target;
	size_t length = choose_format(request, ret_suffix);
	request->route = router_find(routes, route_count, target, length, &request->id_segment);
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
		answer_options(response);
		return false;
	}
	if (!reads(request)) {
		say(request, response, "method-not-allowed",
			arena_printf(
				request->arena, "%s is not possible here, only %s", request->method, allowed_methods));
		response_header(response, "Allow", allowed_methods);
		return false;
	}
	if (target->trailing_slash) {
		answer_redirect(request, response, 308, answer_address(request, NULL));
		return false;
	}
	return !response->no_memory;
}

static bool read_params(struct request *request, struct response *response)
{
	struct param_problem wrong;
	struct param_scope scope = {
		.takes = request->route->params,
		.includes = request->route->includes,
		.sorts = request->route->sorts,
		.fields = fields_of(request->route),
	};
	if (params_parse(request->target.query, &scope, request->arena, &request->params, &wrong))
		return true;
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

/* A list has a seed only in random order, and there is no order where one thing is chosen. */
static bool is_random(const struct request *request)
{
	uint64_t takes = request->route->params;
	bool descending;
	return (takes & PARAM_BIT(PARAM_SEED)) &&
	       (!(takes & PARAM_BIT(PARAM_SORT)) ||
		       param_sort(&request->params, SORT_ADDED, &descending) == SORT_RANDOM);
}

/* What stands for a day or a seed that was not sent. With a seed by chance no answer is like another. */
static bool fill_in(struct request *request)
{
	struct params *params = &request->params;
	if ((request->route->params & PARAM_BIT(PARAM_DATE)) && !param_text(params, PARAM_DATE)) {
		char now[TIME_BYTES];
		time_format(time(NULL), now);
		const char *today = arena_strndup(request->arena, now, strcspn(now, "T"));
		if (!today || !param_set(params, PARAM_DATE, today, request->arena))
			return false;
	}
	if (is_random(request) && !param_text(params, PARAM_SEED)) {
		uint64_t chance = 0;
		request->is_by_chance = getrandom(&chance, sizeof(chance), 0) == (ssize_t)sizeof(chance);
		const char *seed = arena_printf(request->arena, "%016" PRIx64, chance);
		if (!seed || !param_set(params, PARAM_SEED, seed, request->arena))
			return false;
	}
	return true;
}

static uint64_t hash_string(uint64_t hash, const char *string)
{
	/* FNV-1a; the NUL is hashed too and keeps neighbours apart. */
	do {
		hash = (hash ^ (unsigned char)*string) * 0x100000001b3u;
	} while (*string++);
	return hash;
}

/* Revision and representation: the same address in the same format from the same store is the same bytes. */
static const char *make_etag(struct request *request)
{
	uint64_t hash = hash_string(0xcbf29ce484222325u, REVIEWD_VERSION);
	hash = hash_string(hash, request->route->is_static ? "" : request->store.uuid);
	hash = hash_string(hash, request->target.path);
	hash = hash_string(hash, request->target.query ? request->target.query : "");
	/* It may not be in the query: today. */
	const char *date = param_text(&request->params, PARAM_DATE);
	hash = hash_string(hash, date ? date : "");
	hash = hash_string(hash, format_names[request->format]);
	return arena_printf(request->arena, "\"%" PRId64 "-%016" PRIx64 "\"", request->store.revision, hash);
}

/* RFC 9110, section 13.1.2: weak comparison; `*` fits whatever there is. */
static bool etag_is_listed(const char *list, const char *etag)
{
	size_t length = strlen(etag);
	for (const char *c = list; c && *c;) {
		c += strspn(c, " \t,");
		if (!strncmp(c, "W/", 2))
			c += 2;
		if (!strncmp(c, etag, length) && strchr(" \t,", c[length]))
			return true;
		/* A tag may have commas inside its quotes. */
		const char *end = *c == '"' ? strchr(c + 1, '"') : NULL;
		c = end ? end + 1 : c + strcspn(c, ",");
	}
	return false;
}

static void finish(struct request *request, struct response *response)
{
	const char *match = request->headers.if_none_match;
	if (response->status == 200 && match && match[strspn(match, " \t")] == '*') {
		response_clear(response);
		response->status = 304;
	}
	if (response->status == 200 || response->status == 206 || response->status == 304) {
		bool caches = request->etag != NULL;
		if (caches)
			response_header(response, "ETag", request->etag);
		response_header(response, "Cache-Control", caches ? "public, max-age=0, must-revalidate" : "no-store");
	}
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
		request->etag = request->is_by_chance ? NULL : make_etag(request);
		if (!request->etag && !request->is_by_chance)
			status = DB_NO_MEMORY;
		else if (request->etag && request->headers.if_none_match &&
			 etag_is_listed(request->headers.if_none_match, request->etag))
			response->status = 304;
		else
			status = request->route->handler(request, response);
	}
	db_end_read(request->db);
	if (status == DB_OK)
		finish(request, response);
	else
		answer_fault(request, response, status);
}

void request_answer(struct request *request, struct response *response)
{
	const char *reason;
	if (!target_parse(request->raw_target, request->arena, &request->target, &reason)) {
		if (reason)
			request_refuse(request, response, "invalid-request",
				arena_printf(request->arena, "the address is malformed: %s", reason));
		return;
	}
	bool known = false;
	for (size_t i = 0; i < sizeof(known_methods) / sizeof(known_methods[0]); i++)
		known |= is_method(request, known_methods[i]);
	if (!known) {
		say(request, response, "not-implemented", "the server does not know this method");
		return;
	}
	enum suffix suffix = SUFFIX_KNOWN;
	if (!strcmp(request->target.path, "*")) {
		if (is_method(request, "OPTIONS"))
			answer_options(response);
		else
			request_refuse(request, response, "invalid-request", "the address * is for OPTIONS alone");
	} else if (find_route(request, response, &suffix) && format_fits(request, response, suffix) &&
		   read_params(request, response)) {
		if (fill_in(request))
			answer_from_store(request, response);
		else
			response->no_memory = true;
	}
	if (suffix == SUFFIX_NONE && response->status != 204)
		response_header(response, "Vary", "Accept");
}
