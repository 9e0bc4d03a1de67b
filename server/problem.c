// SPDX-License-Identifier: MIT
#include "server/problem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "server/json/out.h"
#include "server/request.h"
#include "server/txt.h"

const struct problem_type problem_types[] = {
	{ "conflict", 409, "Conflict", "There is one of this id already; Location has its address." },
	{ "gone", 410, "Gone",
		"It was in the store and has been deleted; or the store never was where the client has come to, which "
		"has to start again." },
	{ "internal", 500, "Internal error",
		"The fault is the server's; its log has a line with the request_id of this answer." },
	{ "invalid-body", 422, "Invalid body",
		"The body can be read, but is not what it should be; errors lists all that is wrong, each with its "
		"place "
		"(RFC 6901). Nothing was stored." },
	{ "invalid-cursor", 400, "Invalid cursor",
		"A cursor belongs to one path with one set of filters: take page.next as it is, or start without a "
		"cursor." },
	{ "invalid-header", 400, "Invalid header", "The value of a header is not one it can have." },
	{ "invalid-parameter", 400, "Invalid parameter",
		"The value of a parameter is not one it takes; detail says which it takes." },
	{ "invalid-request", 400, "Invalid request",
		"The request is no sound HTTP, or its address is not well encoded. The connection is closed." },
	{ "key-reused", 422, "Key used again",
		"This Idempotency-Key came with another request before; each request needs a key of its own." },
	{ "malformed-json", 400, "Malformed JSON", "The body is no JSON, or no UTF-8; detail names the place." },
	{ "malformed-query", 400, "Malformed query",
		"A parameter is not percent-encoded UTF-8 (RFC 3986, section 2.1)." },
	{ "method-not-allowed", 405, "Method not allowed",
		"The path is there, but not for this method; Allow lists those it has." },
	{ "not-acceptable", 406, "Not acceptable", "The path has no such format; detail lists those it has." },
	{ "not-found", 404, "Not found",
		"There is nothing at this path, or no such id; nearest lists what comes close." },
	{ "not-implemented", 501, "Not implemented", "The server does not know the method." },
	{ "not-stored", 503, "Not stored",
		"The disk is full or failing. Nothing was stored; what is there can still be read. The server tries "
		"again "
		"every few seconds by itself." },
	{ "payload-too-large", 413, "Payload too large",
		"The body is larger than the server reads. The connection is closed." },
	{ "precondition-failed", 412, "Precondition failed",
		"It has changed since, is there already, or is not there: read it again, and write it with its new "
		"ETag." },
	{ "precondition-required", 428, "Precondition required",
		"So that nobody overwrites what they have not seen: If-Match with the ETag of what was read, or * for "
		"whatever there is; If-None-Match: * for something new." },
	{ "query-timeout", 503, "Query timeout", "The store took too long for this question: ask for less, or later." },
	{ "range-not-satisfiable", 416, "Range not satisfiable",
		"The range lies behind the end; Content-Range has the length." },
	{ "repeated-parameter", 400, "Repeated parameter", "The parameter takes one value and was given several." },
	{ "too-many-failures", 429, "Too many failures",
		"Too many wrong tokens came from this address. Retry-After says when it may try again." },
	{ "too-many-values", 400, "Too many values", "A parameter was repeated more often than the server counts." },
	{ "unauthorized", 401, "Unauthorized",
		"Writing wants a token, as `reviewd token add` gives it: Authorization: Bearer TOKEN. Reading wants "
		"none." },
	{ "unavailable", 503, "Unavailable",
		"The server cannot answer at the moment; Retry-After says when to try again." },
	{ "unknown-parameter", 400, "Unknown parameter",
		"The path takes no parameter of this name. It is an error and not passed over, for the answer would be "
		"to another question." },
	{ "unsupported-media-type", 415, "Unsupported media type",
		"The body is of a type that is not taken here; Accept lists those that are." },
	{ "uri-too-long", 414, "URI too long",
		"The address is longer than 8 KiB, or that of the next page is, or it does not fit into the headers of "
		"the answer: ask with fewer or shorter values." },
	{ "writing-off", 403, "Writing is off",
		"The server has no token yet, or was started to read only: nobody can write, everybody can read." },
};
const size_t problem_type_count = sizeof(problem_types) / sizeof(problem_types[0]);

const struct problem_type *problem_find(const char *code)
{
	for (size_t i = 0; i < problem_type_count; i++) {
		if (!strcmp(problem_types[i].code, code))
			return &problem_types[i];
	}
	return NULL;
}

/* The first place as the one of the problem, and all of them. */
static void write_places(struct out *out, const struct bundle_problems *places)
{
	if (places->count)
		out_field_string(out, "pointer", places->items[0].pointer);
	out_key(out, "errors");
	out_array_begin(out);
	for (size_t i = 0; i < places->count; i++) {
		out_object_begin(out);
		out_field_string(out, "pointer", places->items[i].pointer);
		out_field_string(out, "detail", places->items[i].reason);
		out_object_end(out);
	}
	out_array_end(out);
}

static void write_json(const struct request *request, const struct problem *problem, const struct problem_type *type,
	struct buffer *body)
{
	struct out out;
	char path[64];
	snprintf(path, sizeof(path), "/problems/%s", type->code);
	out_init(&out, body, param_number(&request->params, PARAM_PRETTY, 0));
	out_object_begin(&out);
	out_field_string(&out, "type", path);
	out_field_string(&out, "title", type->title);
	out_field_int(&out, "status", type->status);
	out_field_string(&out, "detail", problem->detail);
	out_field_string(&out, "code", type->code);
	if (problem->parameter)
		out_field_string(&out, "parameter", problem->parameter);
	if (problem->places)
		write_places(&out, problem->places);
	if (problem->nearest.count) {
		out_key(&out, "nearest");
		out_array_begin(&out);
		for (size_t i = 0; i < problem->nearest.count; i++)
			out_string(&out, problem->nearest.items[i]);
		out_array_end(&out);
	}
	out_field_string(&out, "request_id", request->id);
	out_object_end(&out);
	buffer_append_char(body, '\n');
}

static void write_txt(const struct problem *problem, const struct problem_type *type, struct buffer *body)
{
	buffer_printf(body, "%u %s: ", type->status, type->title);
	txt_flat(body, problem->detail);
	for (size_t i = 0; i < problem->nearest.count; i++)
		buffer_printf(body, "%s%s", i ? ", " : " (near: ", problem->nearest.items[i]);
	buffer_append_string(body, problem->nearest.count ? ")\n" : "\n");
}

void problem_answer(struct request *request, struct response *response, const struct problem *problem)
{
	const struct problem_type *type = problem_find(problem->code);
	assert(type);
	response_clear(response);
	response->status = type->status;
	if (!problem->detail)
		response->no_memory = true;
	else if (format_is_text(request->format))
		write_txt(problem, type, &response->body);
	else
		write_json(request, problem, type, &response->body);
	response_header(response, "Content-Type",
		format_is_text(request->format) ? format_types[FORMAT_TXT] : "application/problem+json");
	response_header(response, "Cache-Control", "no-store");
	response_header(response, "X-Request-Id", request->id);
	if (type->status == 503)
		response_header(response, "Retry-After", "1");
}
