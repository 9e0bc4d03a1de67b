// SPDX-License-Identifier: MIT
#include "server/openapi_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/format.h"
#include "server/json/json_parse.h"
#include "server/json/out_value.h"
#include "server/problem.h"

/* Headers of answers; the order is that of their names. */
enum header {
	HEADER_ACCEPT,
	HEADER_ACCEPT_RANGES,
	HEADER_ALLOW_ORIGIN,
	HEADER_EXPOSE_HEADERS,
	HEADER_CACHE_CONTROL,
	HEADER_CONTENT_ENCODING,
	HEADER_CONTENT_RANGE,
	HEADER_CONTENT_SECURITY_POLICY,
	HEADER_ETAG,
	HEADER_LINK,
	HEADER_LOCATION,
	HEADER_RETRY_AFTER,
	HEADER_VARY,
	HEADER_WWW_AUTHENTICATE,
	HEADER_NOSNIFF,
	HEADER_REQUEST_ID
};
enum { HEADERS = 16 };

#define BIT(header) (1u << (header))
#define ON_ALL                                                                                                     \
	(BIT(HEADER_ALLOW_ORIGIN) | BIT(HEADER_EXPOSE_HEADERS) | BIT(HEADER_NOSNIFF) | BIT(HEADER_CACHE_CONTROL) | \
		BIT(HEADER_VARY))
#define ON_PROBLEM (ON_ALL | BIT(HEADER_REQUEST_ID))

static const struct header_spec {
	const char *name;
	bool always; /* where it is declared, it is there */
	const char *about, *example;
} headers[HEADERS] = {
	[HEADER_ACCEPT] = { "Accept", true, "The types of body that it takes.", "application/json" },
	[HEADER_ACCEPT_RANGES] = { "Accept-Ranges", true, "Parts of it may be asked for.", "bytes" },
	[HEADER_ALLOW_ORIGIN] = { "Access-Control-Allow-Origin", true, "The pages of all sites may read it.", "*" },
	[HEADER_EXPOSE_HEADERS] = { "Access-Control-Expose-Headers", true, "What those pages see of the headers.",
		"ETag, Link, Location" },
	[HEADER_CACHE_CONTROL] = { "Cache-Control", true,
		"How long it may be kept: until it is asked for again, or not.", "public, max-age=0, must-revalidate" },
	[HEADER_CONTENT_ENCODING] = { "Content-Encoding", false, "There when the body is coded.", "gzip" },
	[HEADER_CONTENT_RANGE] = { "Content-Range", true, "Which bytes, of how many.", "bytes 0-99/3397" },
	[HEADER_CONTENT_SECURITY_POLICY] = { "Content-Security-Policy", true, "What the page may load: nothing.",
		"default-src 'none'" },
	[HEADER_ETAG] = { "ETag", false, "Of these very bytes; there unless the answer must not be kept.",
		"\"1-0123456789abcdef\"" },
	[HEADER_LINK] = { "Link", false, "The next page of a list; other descriptions of the service.",
		"</v1/quotes?limit=1&cursor=01234567.1>; rel=\"next\"" },
	[HEADER_LOCATION] = { "Location", true, "Where to go on.", "/v1/characters/darko-kerim-bey" },
	[HEADER_RETRY_AFTER] = { "Retry-After", true, "In how many seconds to try again.", "1" },
	[HEADER_VARY] = { "Vary", false, "Which headers of the request the answer depends on, if any.",
		"Accept, Accept-Encoding" },
	[HEADER_WWW_AUTHENTICATE] = { "WWW-Authenticate", true, "What Authorization has to be.",
		"Bearer realm=\"reviewd\"" },
	[HEADER_NOSNIFF] = { "X-Content-Type-Options", true, "The type is what Content-Type says.", "nosniff" },
	[HEADER_REQUEST_ID] = { "X-Request-Id", true, "What the server's log calls this request.", "42b278d6-0-2" },
};

/* Every status there is, in ascending order. */
static const struct answer {
	unsigned status;
	const char *name;  /* of the component; NULL: each operation has its own */
	const char *about; /* NULL: what the kinds of problems of that status say */
	unsigned headers;
	bool any_path;
} answers[] = {
	{ 200, NULL, NULL, ON_ALL | BIT(HEADER_CONTENT_ENCODING), false },
	{ 201, NULL, "It was not there before, and is now.", ON_ALL | BIT(HEADER_ETAG) | BIT(HEADER_LOCATION), false },
	{ 204, "Deleted", "It is gone for ever.", ON_ALL, false },
	{ 206, NULL, "The bytes that were asked for.",
		ON_ALL | BIT(HEADER_ETAG) | BIT(HEADER_ACCEPT_RANGES) | BIT(HEADER_CONTENT_RANGE), false },
	{ 300, NULL, "The name is that of several: all of them.", ON_ALL, false },
	{ 302, "Found", "It is there, under another address.", ON_ALL | BIT(HEADER_LOCATION) | BIT(HEADER_LINK),
		false },
	{ 304, "NotModified", "What the client has is what it would get.", ON_ALL | BIT(HEADER_ETAG), false },
	{ 308, "PermanentRedirect", "The address has another form, without the slash at its end.",
		ON_ALL | BIT(HEADER_LOCATION), true },
	{ 400, "BadRequest", NULL, ON_PROBLEM, true },
	{ 401, "Unauthorized", NULL, ON_PROBLEM | BIT(HEADER_WWW_AUTHENTICATE), false },
	{ 403, "Forbidden", NULL, ON_PROBLEM, false },
	{ 404, "NotFound", NULL, ON_PROBLEM, false },
	{ 406, "NotAcceptable", NULL, ON_PROBLEM, true },
	{ 409, "Conflict", NULL, ON_PROBLEM | BIT(HEADER_LOCATION), false },
	{ 410, "Gone", NULL, ON_PROBLEM, false },
	{ 412, "PreconditionFailed", NULL, ON_PROBLEM, false },
	{ 413, "PayloadTooLarge", NULL, ON_PROBLEM, true },
	{ 414, "UriTooLong", NULL, ON_PROBLEM, true },
	{ 415, "UnsupportedMediaType", NULL, ON_PROBLEM | BIT(HEADER_ACCEPT), false },
	{ 416, "RangeNotSatisfiable", NULL, ON_PROBLEM | BIT(HEADER_CONTENT_RANGE), false },
	{ 422, "UnprocessableContent", NULL, ON_PROBLEM, false },
	{ 428, "PreconditionRequired", NULL, ON_PROBLEM, false },
	{ 429, "TooManyRequests", NULL, ON_PROBLEM | BIT(HEADER_RETRY_AFTER), false },
	{ 500, "InternalError", NULL, ON_PROBLEM, true },
	{ 503, "Unavailable", NULL, ON_PROBLEM | BIT(HEADER_RETRY_AFTER), true },
};
enum { ANSWERS = sizeof(answers) / sizeof(answers[0]) };

const char openapi_token[] = "token";

void openapi_reference(struct out *out, const char *kind, const char *name)
{
	struct buffer address = { 0 };
	buffer_printf(&address, "#/components/%s/%s", kind, name);
	out->buffer->failed |= address.failed;
	out_object_begin(out);
	out_field_string(out, "$ref", address.data);
	out_object_end(out);
	buffer_deinit(&address);
}

static void write_type(struct out *out, const char *type, const char *about)
{
	out_object_begin(out);
	out_field_string(out, "type", type);
	if (about)
		out_field_string(out, "description", about);
	out_object_end(out);
}

/* {"schema": {"$ref": …}} */
static void write_shape(struct out *out, enum shape shape)
{
	out_object_begin(out);
	out_key(out, "schema");
	if (shape)
		openapi_reference(out, "schemas", shape_names[shape]);
	else
		write_type(out, "object", NULL);
	out_object_end(out);
}

/* The same, or what `fields` leaves of it. */
static void write_shape_trimmed(struct out *out, enum shape shape, struct arena *arena)
{
	const char *trimmed = arena_printf(arena, "Trimmed%s", shape_names[shape]);
	out->buffer->failed |= !trimmed;
	out_object_begin(out);
	out_key(out, "schema");
	out_object_begin(out);
	out_field_string(out, "description", "Whole, unless `fields` trims it.");
	out_key(out, "anyOf");
	out_array_begin(out);
	openapi_reference(out, "schemas", shape_names[shape]);
	openapi_reference(out, "schemas", trimmed ? trimmed : "");
	out_array_end(out);
	out_object_end(out);
	out_object_end(out);
}

static void write_text(struct out *out, const char *about)
{
	out_object_begin(out);
	out_key(out, "schema");
	write_type(out, "string", about);
	out_object_end(out);
}

/* The same thing in each of `formats`; keys are the media types without their parameters. */
static void write_content(struct out *out, unsigned formats, enum shape shape, bool may_trim, struct arena *arena)
{
	out_key(out, "content");
	out_object_begin(out);
	for (int f = 0; f < FORMATS; f++) {
		if (!(formats & 1u << f))
			continue;
		const char *key = arena_strndup(arena, format_types[f], strcspn(format_types[f], ";"));
		out->buffer->failed |= !key;
		out_key(out, key ? key : "");
		if (format_is_json((enum format)f) && may_trim)
			write_shape_trimmed(out, shape, arena);
		else if (format_is_json((enum format)f))
			write_shape(out, shape);
		else
			write_text(out, format_abouts[f]);
	}
	out_object_end(out);
}

/* What an import answers: of each line that came what became of it, and a last line of all of them. */
static void write_lines(struct out *out)
{
	static const enum shape shapes[] = { SHAPE_IMPORT_LINE, SHAPE_IMPORT_SUM };
	out_key(out, "content");
	out_object_begin(out);
	out_key(out, format_types[FORMAT_NDJSON]);
	out_object_begin(out);
	out_key(out, "schema");
	out_object_begin(out);
	out_field_string(out, "description", "Of each line; the sum is the last one.");
	out_key(out, "anyOf");
	out_array_begin(out);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		openapi_reference(out, "schemas", shape_names[shapes[i]]);
	out_array_end(out);
	out_object_end(out);
	out_object_end(out);
	out_object_end(out);
}

/* The same thing on every line. */
static void write_line(struct out *out, enum shape shape)
{
	out_key(out, "content");
	out_object_begin(out);
	out_key(out, format_types[FORMAT_NDJSON]);
	write_shape(out, shape);
	out_object_end(out);
}

static void write_headers(struct out *out, unsigned set)
{
	out_key(out, "headers");
	out_object_begin(out);
	for (int h = 0; h < HEADERS; h++) {
		if (!(set & BIT(h)))
			continue;
		out_key(out, headers[h].name);
		openapi_reference(out, "headers", headers[h].name);
	}
	out_object_end(out);
}

/* Those of 200 that hang on the row. */
static unsigned headers_of(const struct answer *answer, const struct route *route)
{
	unsigned set = answer->headers;
	if (answer->status != 200)
		return set;
	if (route_says(route, 304) || route->body == BODY_JSON)
		set |= BIT(HEADER_ETAG);
	if (route_says(route, 206))
		set |= BIT(HEADER_ACCEPT_RANGES);
	if (route->formats & FORMAT_BIT_HTML)
		set |= BIT(HEADER_CONTENT_SECURITY_POLICY);
	if (shape_columns[route->reply] || route->formats & FORMAT_BIT_LINKSET)
		set |= BIT(HEADER_LINK);
	return set;
}

static void write_own_answer(
	struct out *out, const struct answer *answer, const struct route *route, struct arena *arena)
{
	const char *summary = route_summary(route, arena);
	const char *about = answer->about ? answer->about : summary ? arena_printf(arena, "%s.", summary) : NULL;
	enum shape shape = answer->status == 300 ? SHAPE_AGENT_LIST : route->reply;
	out_object_begin(out);
	out->buffer->failed |= !about;
	out_field_string(out, "description", about);
	write_headers(out, headers_of(answer, route));
	if (route->body == BODY_LINES)
		write_lines(out);
	else if (route->formats == FORMAT_BIT_NDJSON)
		write_line(out, shape);
	else
		write_content(out, route->formats, shape, route->params & PARAM_BIT(PARAM_FIELDS), arena);
	out_object_end(out);
}

void openapi_responses(struct out *out, const struct route *route, struct arena *arena)
{
	out_key(out, "responses");
	out_object_begin(out);
	for (int a = 0; a < ANSWERS; a++) {
		const struct answer *answer = &answers[a];
		bool redirects = route->method == METHOD_GET && strcmp(route->path, "/") != 0;
		bool any = answer->any_path && !(answer->status == 308 && !redirects) &&
			   !(answer->status == 500 && route->is_static);
		char key[8];
		if (!any && !route_says(route, answer->status))
			continue;
		snprintf(key, sizeof(key), "%u", answer->status);
		out_key(out, key);
		if (answer->name)
			openapi_reference(out, "responses", answer->name);
		else
			write_own_answer(out, answer, route, arena);
	}
	out_object_end(out);
}

static void write_header_components(struct out *out)
{
	out_key(out, "headers");
	out_object_begin(out);
	for (int h = 0; h < HEADERS; h++) {
		out_key(out, headers[h].name);
		out_object_begin(out);
		out_field_string(out, "description", headers[h].about);
		out_field_bool(out, "required", headers[h].always);
		out_key(out, "schema");
		write_type(out, "string", NULL);
		out_field_string(out, "example", headers[h].example);
		out_object_end(out);
	}
	out_object_end(out);
}

/* What the codes of this status mean, a line for each. */
static const char *about_problems(unsigned status, struct arena *arena)
{
	const char *text = "";
	for (size_t i = 0; i < problem_type_count && text; i++) {
		const struct problem_type *type = &problem_types[i];
		if (type->status == status)
			text = arena_printf(arena, "%s%s- `%s`: %s", text, *text ? "\n" : "", type->code, type->about);
	}
	return text;
}

static void write_answer_component(struct out *out, const struct answer *answer, struct arena *arena)
{
	const char *about = answer->about ? answer->about : about_problems(answer->status, arena);
	out->buffer->failed |= !about;
	out_key(out, answer->name);
	out_object_begin(out);
	out_field_string(out, "description", about);
	write_headers(out, answer->headers);
	if (answer->status < 400 && answer->headers & BIT(HEADER_LOCATION)) {
		write_content(out, FORMAT_BIT_JSON | FORMAT_BIT_TXT, SHAPE_REDIRECT, false, arena);
	} else if (answer->status >= 400) {
		out_key(out, "content");
		out_object_begin(out);
		out_key(out, "application/problem+json");
		write_shape(out, SHAPE_PROBLEM);
		out_key(out, "text/plain");
		write_text(out, "One line.");
		out_object_end(out);
	}
	out_object_end(out);
}

static void write_answer_components(struct out *out, struct arena *arena)
{
	out_key(out, "responses");
	out_object_begin(out);
	for (int a = 0; a < ANSWERS; a++) {
		if (answers[a].name)
			write_answer_component(out, &answers[a], arena);
	}
	out_object_end(out);
}

static void write_schema_components(struct out *out, struct arena *arena)
{
	json_t *schemas;
	json_error_t error;
	out_key(out, "schemas");
	if (json_parse((const char *)shape_schemas, shape_schemas_length, arena, &schemas, &error) == JSON_PARSE_OK)
		out_value(out, schemas);
	else
		out->buffer->failed = true;
}

static void write_security_components(struct out *out)
{
	out_key(out, "securitySchemes");
	out_object_begin(out);
	out_key(out, openapi_token);
	out_object_begin(out);
	out_field_string(out, "type", "http");
	out_field_string(out, "scheme", "bearer");
	out_field_string(out, "description", "As `reviewd token add NAME` prints it, once.");
	out_object_end(out);
	out_object_end(out);
}

void openapi_components(struct out *out, struct arena *arena)
{
	out_key(out, "components");
	out_object_begin(out);
	openapi_parameter_components(out);
	write_header_components(out);
	write_answer_components(out, arena);
	write_schema_components(out, arena);
	write_security_components(out);
	out_object_end(out);
}
