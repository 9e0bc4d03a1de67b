// SPDX-License-Identifier: MIT
#include "server/openapi.h"

#include <string.h>

#include "server/guide.h"
#include "server/openapi_parts.h"

static const char *const method_keys[METHODS] = { "get", "delete", "post", "put" };

static void write_description(struct out *out, struct arena *arena)
{
	const char *text = guide_summary;
	for (size_t i = 0; i < guide_section_count && text; i++)
		text = arena_printf(arena, "%s\n\n### %s\n\n%s", text, guide_sections[i].title, guide_sections[i].text);
	out->buffer->failed |= !text;
	out_field_string(out, "description", text);
}

static void write_info(struct out *out, struct arena *arena)
{
	out_key(out, "info");
	out_object_begin(out);
	out_field_string(out, "title", "reviewd");
	out_field_string(out, "summary", guide_summary);
	write_description(out, arena);
	out_field_string(out, "version", REVIEWD_VERSION);
	out_key(out, "license");
	out_object_begin(out);
	out_field_string(out, "name", "MIT");
	out_field_string(out, "identifier", "MIT");
	out_object_end(out);
	out_object_end(out);
}

/* Wherever the document comes from is where the service is. */
static void write_servers(struct out *out)
{
	out_key(out, "servers");
	out_array_begin(out);
	out_object_begin(out);
	out_field_string(out, "url", "/");
	out_object_end(out);
	out_array_end(out);
}

static void write_tags(struct out *out)
{
	out_key(out, "tags");
	out_array_begin(out);
	for (size_t i = 0; i < guide_topic_count; i++) {
		out_object_begin(out);
		out_field_string(out, "name", guide_topics[i].name);
		out_field_string(out, "description", guide_topics[i].about);
		out_object_end(out);
	}
	out_array_end(out);
}

/* What stands for {name} in the address that serves as an example. */
static const char *path_example(const struct route *route, const char *brace, struct arena *arena)
{
	const char *c = route_example(route);
	for (const char *p = route->path; p < brace; p++) {
		if (*p == '/')
			c = strchr(c, '/') + 1;
	}
	return arena_strndup(arena, c, strcspn(c, "/?"));
}

static void write_path_parameter(struct out *out, const struct route *route, struct arena *arena)
{
	const char *brace = strchr(route->path, '{');
	if (!brace)
		return;
	size_t length = strcspn(brace + 1, "}");
	const char *example = path_example(route, brace, arena);
	const char *about = route_says(route, 300) ? "Its id, name or alias." : "What it is called for ever.";
	out_object_begin(out);
	out_key(out, "name");
	out_string_n(out, brace + 1, length);
	out_field_string(out, "in", "path");
	out_field_bool(out, "required", true);
	out_field_string(out, "description", about);
	out_key(out, "schema");
	out_object_begin(out);
	out_field_string(out, "type", "string");
	out_field_int(out, "minLength", 1);
	out_field_int(out, "maxLength", PARAM_VALUE_BYTES_MAX);
	out_object_end(out);
	out->buffer->failed |= !example;
	out_field_string(out, "example", example);
	out_object_end(out);
}

static void write_parameters(struct out *out, const struct route *route, struct arena *arena)
{
	out_key(out, "parameters");
	out_array_begin(out);
	write_path_parameter(out, route, arena);
	for (int p = 0; p < PARAMS; p++) {
		if (route->needs & PARAM_BIT(p))
			openapi_needed_param(out, route, (enum param)p, arena);
		else if (route->params & PARAM_BIT(p))
			openapi_param(out, route, (enum param)p);
	}
	openapi_request_headers(out, route);
	out_array_end(out);
}

static void write_words(struct out *out, const struct route *route)
{
	out_object_begin(out);
	out_field_string(out, "type", "string");
	out_field_int(out, "minLength", 1);
	out_field_int(out, "maxLength", (int64_t)route->body_max);
	out_field_string(out, "description", "The words alone, in UTF-8.");
	out_object_end(out);
}

static void write_body(struct out *out, const struct route *route)
{
	static const char *const types[][2] = {
		[BODY_JSON] = { "application/json" },
		[BODY_LINES] = { "application/x-ndjson", "application/jsonl" },
		[BODY_WORDS] = { "application/json", "text/plain" },
	};
	if (route->body == BODY_NONE)
		return;
	out_key(out, "requestBody");
	out_object_begin(out);
	out_field_string(out, "description", route->body == BODY_LINES ? "One on each line." : "The whole of it.");
	out_field_bool(out, "required", route->body != BODY_LINES);
	out_key(out, "content");
	out_object_begin(out);
	for (size_t i = 0; i < 2 && types[route->body][i]; i++) {
		out_key(out, types[route->body][i]);
		out_object_begin(out);
		out_key(out, "schema");
		if (strcmp(types[route->body][i], "text/plain") != 0)
			openapi_reference(out, "schemas", shape_names[route->takes]);
		else
			write_words(out, route);
		out_object_end(out);
	}
	out_object_end(out);
	out_object_end(out);
}

static void write_security(struct out *out)
{
	out_key(out, "security");
	out_array_begin(out);
	out_object_begin(out);
	out_key(out, openapi_token);
	out_array_begin(out);
	out_array_end(out);
	out_object_end(out);
	out_array_end(out);
}

static void write_operation(struct out *out, const struct route *route, struct arena *arena)
{
	const char *summary = route_summary(route, arena);
	const char *id = route_operation_id(route, arena);
	out->buffer->failed |= !summary || !id;
	if (out->buffer->failed)
		return;
	out_key(out, method_keys[route->method]);
	out_object_begin(out);
	out_field_string(out, "operationId", id);
	out_key(out, "tags");
	out_array_begin(out);
	out_string(out, guide_topic_of(route)->name);
	out_array_end(out);
	out_field_string(out, "summary", summary);
	const char *description =
		arena_printf(arena, "%s.%s%s", summary, route->detail ? " " : "", route->detail ? route->detail : "");
	out->buffer->failed |= !description;
	out_field_string(out, "description", description);
	if (route->needs_token)
		write_security(out);
	write_parameters(out, route, arena);
	write_body(out, route);
	openapi_responses(out, route, arena);
	out_object_end(out);
}

static void write_paths(struct out *out, struct arena *arena)
{
	out_key(out, "paths");
	out_object_begin(out);
	for (size_t i = 0; i < route_count && !out->buffer->failed; i++) {
		/* The methods of a path stand one behind the other. */
		if (!i || strcmp(routes[i - 1].path, routes[i].path) != 0) {
			out_key(out, routes[i].path);
			out_object_begin(out);
		}
		write_operation(out, &routes[i], arena);
		if (i + 1 == route_count || strcmp(routes[i + 1].path, routes[i].path) != 0)
			out_object_end(out);
	}
	out_object_end(out);
}

void openapi_write(struct out *out, struct arena *arena)
{
	out_object_begin(out);
	out_field_string(out, "openapi", "3.1.0");
	write_info(out, arena);
	write_servers(out);
	out_key(out, "security");
	out_array_begin(out);
	out_array_end(out);
	write_tags(out);
	write_paths(out, arena);
	openapi_components(out, arena);
	out_object_end(out);
}
