// SPDX-License-Identifier: MIT
#include "server/web/docs.h"

#include <inttypes.h>
#include <string.h>

#include "docs_css.h"
#include "server/format.h"
#include "server/guide.h"
#include "server/json/json_parse.h"
#include "server/json/out_value.h"
#include "server/problem.h"
#include "server/routes.h"
#include "server/web/html.h"

struct writing {
	struct buffer *page;
	struct arena *arena;
	const char *host;
	json_t *schemas;
};

const char *docs_policy(struct arena *arena)
{
	return arena_printf(arena,
		"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; "
		"frame-ancestors 'none'",
		docs_css_sha256);
}

/* A host that a shell and a page can take as it is: a name or address, and a port. */
static bool is_plain_host(const char *host)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]";
	return host && *host && !host[strspn(host, plain)];
}

static void element(struct writing *writing, const char *name, const char *text)
{
	buffer_printf(writing->page, "<%s>", name);
	html_text(writing->page, text);
	buffer_printf(writing->page, "</%s>\n", name);
}

static void write_head(struct writing *writing)
{
	struct buffer *page = writing->page;
	buffer_append_string(page,
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"description\" content=\"");
	html_text(page, guide_summary);
	buffer_append_string(page, "\">\n<title>reviewd</title>\n<style>");
	buffer_append(page, (const char *)docs_css, docs_css_length);
	buffer_append_string(page, "</style>\n</head>\n<body>\n");
}

/* `options` stand in front of the address, with a space behind. */
static void write_curl_with(struct writing *writing, const char *options, const char *target)
{
	struct buffer *page = writing->page;
	buffer_append_string(page, "<pre class=\"curl\"><code>curl ");
	html_text(page, options);
	buffer_append_string(page, "&#39;");
	html_text(page, writing->host);
	html_text(page, target);
	buffer_append_string(page, "&#39;</code></pre>\n");
}

static void write_curl(struct writing *writing, const char *target)
{
	write_curl_with(writing, "", target);
}

/* The file is called what it has in it: review.json, bundles.ndjson. */
static const char *curl_options(struct writing *writing, const struct route *route)
{
	static const char given[] = "Given";
	const char *what = shape_names[route->takes];
	char *options =
		arena_printf(writing->arena, "-X %s -H 'Authorization: Bearer TOKEN' ", method_names[route->method]);
	if (options && route_says(route, 428))
		options = arena_printf(writing->arena, "%s-H '%s: *' ", options,
			route->body == BODY_NONE ? "If-Match" : "If-None-Match");
	if (options && route->body == BODY_LINES)
		options = arena_printf(writing->arena,
			"%s-H 'Content-Type: application/x-ndjson' --data-binary @reviews.ndjson ", options);
	else if (options && route->body == BODY_JSON)
		options =
			arena_printf(writing->arena, "%s-H 'Content-Type: application/json' --data-binary @%c%s.json ",
				options, what[sizeof(given) - 1] - 'A' + 'a', what + sizeof(given));
	writing->page->failed |= !options;
	return options ? options : "";
}

/* What a curl line has in front of the address. */
static const char *options_of(struct writing *writing, const struct route *route)
{
	if (route->needs_token)
		return curl_options(writing, route);
	return route->body == BODY_WORDS ? "-H 'Content-Type: text/plain' --data-binary 'Maar ik leef te gulzig' " : "";
}

static void write_header(struct writing *writing)
{
	struct buffer *page = writing->page;
	buffer_append_string(page, "<header>\n<h1>reviewd <small>" REVIEWD_VERSION "</small></h1>\n");
	element(writing, "p", guide_summary);
	write_curl(writing, "/v1/characters/darko-kerim-bey/quotes.txt");
	buffer_append_string(page, "<nav>\n<a href=\"#guide\">how it works</a>\n");
	for (size_t i = 0; i < guide_topic_count; i++)
		buffer_printf(page, "<a href=\"#%s\">%s</a>\n", guide_topics[i].name, guide_topics[i].name);
	buffer_append_string(page, "<a href=\"#problems\">problems</a>\n<a "
				   "href=\"/openapi.json\">OpenAPI</a>\n</nav>\n</header>\n<main>\n");
}

static void write_guide(struct writing *writing)
{
	buffer_append_string(writing->page, "<section id=\"guide\">\n<h2>how it works</h2>\n");
	for (size_t i = 0; i < guide_section_count; i++) {
		element(writing, "h3", guide_sections[i].title);
		html_paragraphs(writing->page, guide_sections[i].text);
	}
	buffer_append_string(writing->page, "</section>\n");
}

/* What values it takes, and what holds without it. */
static void write_values(struct buffer *page, const struct param_spec *spec, const struct param_scope *scope)
{
	const char *before = "";
	switch (spec->kind) {
	case PARAM_FLAG:
		buffer_append_string(page, "0 or 1");
		break;
	case PARAM_NUMBER:
		buffer_printf(page, "0 to %" PRId64, spec->max);
		break;
	case PARAM_CHOICE:
		for (size_t i = 0; spec->choices[i]; i++) {
			if (!param_has_choice(scope, spec, i))
				continue;
			buffer_printf(page, "%s%s", before, spec->choices[i]);
			before = ", ";
			if (param_turns_choice(spec, i))
				buffer_printf(page, ", -%s", spec->choices[i]);
		}
		break;
	case PARAM_NAMES:
		for (size_t i = 0; scope->fields[i]; i++)
			buffer_printf(page, "%s%s", i ? ", " : "", scope->fields[i]);
		break;
	case PARAM_DAY:
		buffer_append_string(page, "a day");
		break;
	case PARAM_EDTF:
		buffer_append_string(page, "a date");
		break;
	case PARAM_TIME:
		buffer_append_string(page, "a time");
		break;
	case PARAM_TEXT:
		buffer_append_string(page, "text");
		break;
	}
	bool has_default = (spec->kind == PARAM_NUMBER || spec->kind == PARAM_FLAG || spec->kind == PARAM_CHOICE) &&
			   spec->otherwise != PARAM_ABSENT;
	if (spec->repeats)
		buffer_append_string(page, "; several");
	else if (has_default && spec->kind == PARAM_CHOICE)
		buffer_printf(page, "; otherwise %s", spec->choices[spec->otherwise]);
	else if (has_default)
		buffer_printf(page, "; otherwise %" PRId64, spec->otherwise);
}

static void write_params(struct writing *writing, const struct route *route)
{
	struct buffer *page = writing->page;
	struct param_scope scope = route_scope(route);
	if (!route->params)
		return;
	const char *before = "<details>\n<summary>Parameters: ";
	for (int p = 0; p < PARAMS; p++) {
		if (!(route->params & PARAM_BIT(p)))
			continue;
		buffer_printf(page, "%s%s", before, param_specs[p].name);
		before = ", ";
	}
	buffer_append_string(page, "</summary>\n<dl>\n");
	for (int p = 0; p < PARAMS; p++) {
		const struct param_spec *spec = &param_specs[p];
		if (!(route->params & PARAM_BIT(p)))
			continue;
		buffer_printf(page, "<dt><code>%s</code> <small>", spec->name);
		write_values(page, spec, &scope);
		buffer_append_string(page, "</small></dt>\n");
		element(writing, "dd", spec->about);
	}
	buffer_append_string(page, "</dl>\n</details>\n");
}

/* The example in each format that has a suffix, to be looked at. */
static void write_formats(struct writing *writing, const struct route *route)
{
	struct buffer *page = writing->page;
	const char *target = route_example(route);
	int length = (int)strcspn(target, "?");
	if (!strcmp(target, "/") || strchr(target, '.') || route->method != METHOD_GET)
		return;
	buffer_append_string(page, "<p class=\"formats\">");
	for (int f = 0; f < FORMATS; f++) {
		if (!(route->formats & 1u << f) || !format_names[f])
			continue;
		buffer_printf(page, "<a href=\"%.*s.%s", length, target, format_names[f]);
		html_text(page, target + length);
		buffer_printf(page, "\">.%s</a>\n", format_names[f]);
	}
	buffer_append_string(page, "</p>\n");
}

static const struct route *first_of_shape(enum shape shape)
{
	for (size_t i = 0; i < route_count; i++) {
		if (routes[i].reply == shape && route_says(&routes[i], 200))
			return &routes[i];
	}
	return NULL;
}

static void write_example(struct writing *writing, const char *name, const char *summary)
{
	const json_t *examples = json_object_get(json_object_get(writing->schemas, name), "examples");
	const json_t *example = json_array_get(examples, 0);
	struct buffer json = { 0 };
	struct out out;
	if (!example)
		return;
	out_init(&out, &json, true);
	out_value(&out, example);
	writing->page->failed |= json.failed;
	buffer_printf(writing->page, "<details>\n<summary>%s</summary>\n<pre><code>", summary);
	html_text(writing->page, json.failed ? "" : json.data);
	buffer_append_string(writing->page, "</code></pre>\n</details>\n");
	buffer_deinit(&json);
}

/* The example of a schema is what the first row of that shape answers. */
static void write_samples(struct writing *writing, const struct route *route)
{
	if (route->takes)
		write_example(writing, shape_names[route->takes], "A body");
	if (route->reply && first_of_shape(route->reply) == route)
		write_example(writing, shape_names[route->reply], "An answer");
}

static void write_route(struct writing *writing, const struct route *route)
{
	struct buffer *page = writing->page;
	const char *summary = route_summary(route, writing->arena);
	const char *id = route_operation_id(route, writing->arena);
	page->failed |= !summary || !id;
	if (page->failed)
		return;
	buffer_printf(page, "<article id=\"%s\">\n<h3><b>%s</b> <code>", id, method_names[route->method]);
	html_text(page, route->path);
	buffer_append_string(page, "</code></h3>\n<p>");
	html_text(page, summary);
	buffer_append_string(page, ".");
	if (route->detail) {
		buffer_append_char(page, ' ');
		html_marked(page, route->detail);
	}
	buffer_append_string(page, " <small>Answers ");
	for (size_t i = 0; i < ROUTE_STATUSES_MAX && route->statuses[i]; i++)
		buffer_printf(page, "%s%d", i ? ", " : "", route->statuses[i]);
	buffer_append_string(page, ".</small></p>\n");
	write_curl_with(writing, options_of(writing, route), route_example(route));
	write_formats(writing, route);
	write_params(writing, route);
	write_samples(writing, route);
	buffer_append_string(page, "</article>\n");
}

static void write_topic(struct writing *writing, const struct guide_topic *topic)
{
	buffer_printf(writing->page, "<section id=\"%s\">\n<h2>%s</h2>\n", topic->name, topic->name);
	element(writing, "p", topic->about);
	for (size_t i = 0; i < route_count; i++) {
		if (guide_topic_of(&routes[i]) == topic)
			write_route(writing, &routes[i]);
	}
	buffer_append_string(writing->page, "</section>\n");
}

static void write_problems(struct writing *writing)
{
	struct buffer *page = writing->page;
	buffer_append_string(page, "<section id=\"problems\">\n<h2>problems</h2>\n<dl>\n");
	for (size_t i = 0; i < problem_type_count; i++) {
		const struct problem_type *type = &problem_types[i];
		buffer_printf(page, "<dt><a href=\"/problems/%s\"><code>%s</code></a> <small>%u</small></dt>\n",
			type->code, type->code, type->status);
		element(writing, "dd", type->about);
	}
	buffer_append_string(page, "</dl>\n</section>\n");
}

void docs_write(struct buffer *page, const char *host, struct arena *arena)
{
	struct writing writing = {
		.page = page, .arena = arena, .host = is_plain_host(host) ? host : "localhost:8080"
	};
	json_error_t error;
	if (json_parse((const char *)shape_schemas, shape_schemas_length, arena, &writing.schemas, &error) !=
		JSON_PARSE_OK)
		page->failed = true;
	write_head(&writing);
	write_header(&writing);
	write_guide(&writing);
	for (size_t i = 0; i < guide_topic_count; i++)
		write_topic(&writing, &guide_topics[i]);
	write_problems(&writing);
	buffer_append_string(page, "</main>\n</body>\n</html>\n");
}
