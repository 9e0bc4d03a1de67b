// SPDX-License-Identifier: MIT
/* What an operation may be asked with: parameters and headers. */
#include "server/openapi_parts.h"

#include <stdlib.h>
#include <string.h>

#include "server/params.h"
#include "server/routes.h"

/* A key is of 255 characters, in quotation marks; any other header fits into what a connection has for all of them. */
enum { HEADER_LENGTH_MAX = 8192, REPEATABLE_KEY_MAX = 257 };

static const struct request_header {
	const char *key; /* of the component: a header may mean one thing to a read and another to a write */
	const char *name, *about, *example;
	unsigned status; /* of the answer it is for */
	bool makes;      /* it is for what can make something */
	int length_max;
} request_headers[] = {
	{ "Idempotency-Key", "Idempotency-Key",
		"A key of the client's own: a request that comes again with it is answered as at the first time.",
		"\"0c6e25a3\"", 409, false, REPEATABLE_KEY_MAX },
	{ "If-Absent", "If-None-Match", "`*`: only if it is not there yet. This or If-Match is needed.", "*", 428, true,
		HEADER_LENGTH_MAX },
	{ "If-Match", "If-Match",
		"Only if it is still what has this tag; `*`: whatever there is. Needed, unless If-None-Match is there.",
		"\"1-0123456789abcdef\"", 428, false, HEADER_LENGTH_MAX },
	{ "If-Still", "If-Match", "Only if it still has one of these tags, or 412.", "\"1-0123456789abcdef\"", 304,
		false, HEADER_LENGTH_MAX },
	{ "If-None-Match", "If-None-Match", "Tags of what the client has, or `*`.", "\"1-0123456789abcdef\"", 304,
		false, HEADER_LENGTH_MAX },
	{ "If-Range", "If-Range", "The part is wanted only if this is still the tag of the whole.",
		"\"1-0123456789abcdef\"", 206, false, HEADER_LENGTH_MAX },
	{ "Range", "Range", "One range of bytes.", "bytes=0-99", 206, false, HEADER_LENGTH_MAX },
};
enum { REQUEST_HEADERS = sizeof(request_headers) / sizeof(request_headers[0]) };

void openapi_request_headers(struct out *out, const struct route *route)
{
	for (int i = 0; i < REQUEST_HEADERS; i++) {
		const struct request_header *header = &request_headers[i];
		if (route_says(route, header->status) && (!header->makes || route->body != BODY_NONE))
			openapi_reference(out, "parameters", header->key);
	}
}

static void write_flag(struct out *out, const struct param_spec *spec)
{
	out_field_string(out, "type", "boolean");
	if (spec->otherwise != PARAM_ABSENT)
		out_field_bool(out, "default", spec->otherwise != 0);
}

static void write_number(struct out *out, const struct param_spec *spec)
{
	out_field_string(out, "type", "integer");
	out_field_int(out, "minimum", 0);
	out_field_int(out, "maximum", spec->max);
	if (spec->otherwise != PARAM_ABSENT)
		out_field_int(out, "default", spec->otherwise);
}

static void write_choice(struct out *out, const struct param_spec *spec, const struct param_scope *scope)
{
	out_field_string(out, "type", "string");
	out_key(out, "enum");
	out_array_begin(out);
	for (size_t i = 0; spec->choices[i]; i++) {
		if (!param_has_choice(scope, spec, i))
			continue;
		out_string(out, spec->choices[i]);
		if (!param_turns_choice(spec, i))
			continue;
		out_string_begin(out);
		out_piece(out, "-");
		out_piece(out, spec->choices[i]);
		out_string_end(out);
	}
	out_array_end(out);
	if (spec->otherwise != PARAM_ABSENT)
		out_field_string(out, "default", spec->choices[spec->otherwise]);
}

static void write_names(struct out *out, const struct param_scope *scope)
{
	out_field_string(out, "type", "string");
	out_key(out, "enum");
	out_array_begin(out);
	for (size_t i = 0; scope->fields[i]; i++)
		out_string(out, scope->fields[i]);
	out_array_end(out);
}

/* The members of the schema of one value. */
static void write_value_schema(struct out *out, const struct param_spec *spec, const struct param_scope *scope)
{
	switch (spec->kind) {
	case PARAM_FLAG:
		write_flag(out, spec);
		break;
	case PARAM_NUMBER:
		write_number(out, spec);
		break;
	case PARAM_CHOICE:
		write_choice(out, spec, scope);
		break;
	case PARAM_NAMES:
		write_names(out, scope);
		break;
	case PARAM_DAY:
		out_field_string(out, "type", "string");
		out_field_string(out, "format", "date");
		break;
	case PARAM_EDTF:
	case PARAM_TIME:
	case PARAM_TEXT:
		out_field_string(out, "type", "string");
		out_field_int(out, "minLength", 1);
		out_field_int(out, "maxLength", PARAM_VALUE_BYTES_MAX);
		break;
	}
}

static void write_param_schema(struct out *out, const struct param_spec *spec, const struct param_scope *scope)
{
	out_key(out, "schema");
	out_object_begin(out);
	if (spec->repeats) {
		out_field_string(out, "type", "array");
		out_field_int(out, "maxItems", PARAM_VALUES_MAX);
		out_key(out, "items");
		out_object_begin(out);
		write_value_schema(out, spec, scope);
		out_object_end(out);
	} else {
		write_value_schema(out, spec, scope);
	}
	out_object_end(out);
}

static void write_param_example(struct out *out, const struct param_spec *spec, const char *example)
{
	out_key(out, "example");
	if (spec->repeats)
		out_array_begin(out);
	if (spec->kind == PARAM_FLAG)
		out_bool(out, true);
	else if (spec->kind == PARAM_NUMBER)
		out_int(out, strtoll(example, NULL, 10));
	else
		out_string(out, example);
	if (spec->repeats)
		out_array_end(out);
}

static void write_param(struct out *out, const struct param_spec *spec, const struct param_scope *scope, bool is_needed,
	const char *example)
{
	out_object_begin(out);
	out_field_string(out, "name", spec->name);
	out_field_string(out, "in", "query");
	if (is_needed)
		out_field_bool(out, "required", true);
	out_field_string(out, "description", spec->about);
	if (spec->kind == PARAM_NAMES)
		out_field_bool(out, "explode", false);
	write_param_schema(out, spec, scope);
	if (example)
		write_param_example(out, spec, example);
	out_object_end(out);
}

void openapi_needed_param(struct out *out, const struct route *route, enum param param, struct arena *arena)
{
	struct params params;
	struct param_problem wrong;
	struct param_scope scope = route_scope(route);
	const char *query = strchr(route_example(route), '?');
	bool known = query && params_parse(query + 1, &scope, arena, &params, &wrong);
	out->buffer->failed |= !known;
	write_param(out, &param_specs[param], &scope, true, known ? param_text(&params, param) : NULL);
}

/* The first of what it may be here. */
static const char *own_example(const struct param_spec *spec, const struct param_scope *scope)
{
	size_t choice = 0;
	if (spec->kind == PARAM_NAMES)
		return scope->fields[0];
	while (spec->choices[choice] && !param_has_choice(scope, spec, choice))
		choice++;
	return spec->choices[choice];
}

static bool is_own(enum param param)
{
	return param == PARAM_FIELDS || param == PARAM_INCLUDE || param == PARAM_SORT;
}

void openapi_param(struct out *out, const struct route *route, enum param param)
{
	const struct param_spec *spec = &param_specs[param];
	struct param_scope scope = route_scope(route);
	if (is_own(param))
		write_param(out, spec, &scope, false, own_example(spec, &scope));
	else
		openapi_reference(out, "parameters", spec->name);
}

static void write_request_header(struct out *out, const struct request_header *header)
{
	out_key(out, header->key);
	out_object_begin(out);
	out_field_string(out, "name", header->name);
	out_field_string(out, "in", "header");
	out_field_string(out, "description", header->about);
	out_key(out, "schema");
	out_object_begin(out);
	out_field_string(out, "type", "string");
	out_field_int(out, "minLength", 1);
	out_field_int(out, "maxLength", header->length_max);
	out_object_end(out);
	out_field_string(out, "example", header->example);
	out_object_end(out);
}

void openapi_parameter_components(struct out *out)
{
	uint64_t taken = 0;
	for (size_t i = 0; i < route_count; i++)
		taken |= routes[i].params & ~routes[i].needs;
	out_key(out, "parameters");
	out_object_begin(out);
	for (int p = 0; p < PARAMS; p++) {
		const struct param_scope anywhere = { .takes = taken };
		if (!(taken & PARAM_BIT(p)) || is_own((enum param)p))
			continue;
		out_key(out, param_specs[p].name);
		write_param(out, &param_specs[p], &anywhere, false, param_specs[p].example);
	}
	for (int i = 0; i < REQUEST_HEADERS; i++)
		write_request_header(out, &request_headers[i]);
	out_object_end(out);
}
