// SPDX-License-Identifier: MIT
#include "server/answer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/text/key.h"
#include "server/csv.h"
#include "server/problem.h"
#include "server/routes.h"

enum { BINDING_DIGITS = 8 };

void answer_begin(struct answer *answer, struct request *request, struct response *response)
{
	*answer = (struct answer) { .request = request, .response = response, .shape = request->route->reply };
	response->status = 200;
	response_header(response, "Content-Type", format_types[request->format]);
	out_init(&answer->out, &response->body, param_number(&request->params, PARAM_PRETTY, 0));
	answer->txt = request->format == FORMAT_TXT ? &response->body : NULL;
}

void answer_end(struct answer *answer)
{
	if (!answer->txt)
		buffer_append_char(&answer->response->body, '\n');
}

static bool is_by_line(const struct request *request)
{
	return request->format == FORMAT_CSV || request->format == FORMAT_NDJSON;
}

void answer_list_begin(struct answer *answer, struct request *request, struct response *response)
{
	answer_begin(answer, request, response);
	if (answer->txt)
		return;
	if (is_by_line(request)) {
		out_init_lines(&answer->out, &response->body);
		return;
	}
	out_object_begin(&answer->out);
	out_key(&answer->out, "data");
	out_array_begin(&answer->out);
}

const char *answer_next_number(struct request *request, struct response *response, bool more, int64_t last)
{
	const char *next = more ? arena_printf(request->arena, "%" PRId64, last) : NULL;
	response->no_memory |= more && !next;
	return next;
}

size_t answer_limit(const struct request *request)
{
	return (size_t)param_number(&request->params, PARAM_LIMIT, param_specs[PARAM_LIMIT].otherwise);
}

enum offset_unit answer_offset_unit(const struct request *request)
{
	return (enum offset_unit)param_number(&request->params, PARAM_OFFSETS, OFFSET_CODEPOINT);
}

static uint32_t hash_string(uint32_t hash, const char *string)
{
	do {
		hash = (hash ^ (unsigned char)*string) * 0x01000193u;
	} while (*string++);
	return hash;
}

static bool is_of_the_page(int param)
{
	return param == PARAM_CURSOR || param == PARAM_LIMIT || param == PARAM_PRETTY || param == PARAM_INCLUDE ||
	       param == PARAM_OFFSETS;
}

/* Which list it is: the row, what {id} is, and the filters; how a page looks does not matter. */
static uint32_t list_binding(const struct request *request)
{
	uint32_t hash = hash_string(0x811c9dc5u, request->route->path);
	hash = hash_string(hash, request->path_id ? request->path_id : "");
	for (int p = 0; p < PARAMS; p++) {
		const struct param_values *values = &request->params.values[p];
		for (size_t i = 0; i < values->count && !is_of_the_page(p); i++)
			hash = hash_string(hash_string(hash, param_specs[p].name), values->texts[i]);
	}
	return hash;
}

bool answer_after(struct request *request, struct response *response, const char **ret_after)
{
	const char *cursor = param_text(&request->params, PARAM_CURSOR);
	*ret_after = NULL;
	if (!cursor)
		return true;
	char binding[BINDING_DIGITS + 2];
	snprintf(binding, sizeof(binding), "%08" PRIx32 ".", list_binding(request));
	if (!strncmp(cursor, binding, BINDING_DIGITS + 1) && cursor[BINDING_DIGITS + 1]) {
		*ret_after = cursor + BINDING_DIGITS + 1;
		return true;
	}
	problem_answer(request, response,
		&(struct problem) { .code = "invalid-cursor",
			.detail = "the cursor does not belong to this list with these filters; start without it",
			.parameter = "cursor" });
	return false;
}

bool answer_after_number(struct request *request, struct response *response, int64_t first, int64_t *ret_after)
{
	const char *after;
	if (!answer_after(request, response, &after))
		return false;
	*ret_after = first;
	if (!after)
		return true;
	char *end;
	errno = 0;
	long long number = strtoll(after, &end, 10);
	if (!errno && !*end && *after >= '0' && *after <= '9') {
		*ret_after = number;
		return true;
	}
	problem_answer(request, response,
		&(struct problem) { .code = "invalid-cursor",
			.detail = "the cursor is not one this list gave",
			.parameter = "cursor" });
	return false;
}

static void append_path(struct buffer *out, const struct request *request, const char *path_id)
{
	size_t count = request->target.segment_count;
	if (!count)
		buffer_append_char(out, '/');
	for (size_t i = 0; i < count; i++) {
		const char *segment = request->target.segments[i];
		const char *suffix = i + 1 == count && request->has_suffix ? strrchr(segment, '.') : NULL;
		buffer_append_char(out, '/');
		if (path_id && i == request->id_segment) {
			target_encode(out, path_id, false);
			buffer_append_string(out, suffix ? suffix : "");
		} else {
			target_encode(out, segment, false);
		}
	}
}

static const char *keep(struct request *request, struct buffer *buffer)
{
	const char *kept = buffer->failed ? NULL : arena_strndup(request->arena, buffer->data, buffer->length);
	buffer_deinit(buffer);
	return kept;
}

const char *answer_address(struct request *request, const char *path_id)
{
	struct buffer address = { 0 };
	append_path(&address, request, path_id);
	/* A client may have sent it with letters of any script; a header takes ASCII. */
	for (const char *c = request->target.query; c && *c; c++) {
		buffer_append_string(&address, c == request->target.query ? "?" : "");
		buffer_printf(&address, (unsigned char)*c < 0x80 ? "%c" : "%%%02X", (unsigned char)*c);
	}
	return keep(request, &address);
}

/* The address of the next page: the same parameters in the order of their names, and the cursor. */
static const char *next_address(struct request *request, const char *next)
{
	struct buffer address = { 0 };
	append_path(&address, request, NULL);
	char separator = '?';
	for (int p = 0; p < PARAMS; p++) {
		const struct param_values *values = &request->params.values[p];
		for (size_t i = 0; i < values->count && p != PARAM_CURSOR; i++) {
			buffer_printf(&address, "%c%s=", separator, param_specs[p].name);
			target_encode(&address, values->texts[i], true);
			separator = '&';
		}
	}
	buffer_printf(&address, "%ccursor=%08" PRIx32 ".", separator, list_binding(request));
	target_encode(&address, next, true);
	return keep(request, &address);
}

void answer_list_end(struct answer *answer, int64_t total, const char *next)
{
	struct request *request = answer->request;
	const char *address = next ? next_address(request, next) : NULL;
	if (address && strlen(address) > TARGET_BYTES_MAX) {
		problem_answer(request, answer->response,
			&(struct problem) { .code = "uri-too-long",
				.detail = "the address of the next page would be longer than 8 KiB" });
		return;
	}
	if (next) {
		response_header(answer->response, "Link",
			address ? arena_printf(request->arena, "<%s>; rel=\"next\"", address) : NULL);
	}
	if (request->format == FORMAT_CSV)
		csv_from_lines(&answer->response->body, shape_columns[answer->shape]);
	if (answer->txt || is_by_line(request))
		return;
	struct out *out = &answer->out;
	out_array_end(out);
	out_key(out, "page");
	out_object_begin(out);
	out_field_int(out, "limit", (int64_t)answer_limit(request));
	out_field_int(out, "total", total);
	out_field_string(out, "next", address);
	out_object_end(out);
	out_field_int(out, "revision", request->store.revision);
	out_object_end(out);
	answer_end(answer);
}

void answer_redirect(struct request *request, struct response *response, unsigned status, const char *location)
{
	response_clear(response);
	response->status = status;
	response_header(response, "Location", location);
	response_header(response, "Cache-Control", "public, max-age=0, must-revalidate");
	response_header(
		response, "Content-Type", format_types[format_is_text(request->format) ? FORMAT_TXT : FORMAT_JSON]);
	if (!location)
		return;
	struct out out;
	if (format_is_text(request->format)) {
		buffer_printf(&response->body, "see %s\n", location);
		return;
	}
	out_init(&out, &response->body, false);
	out_object_begin(&out);
	out_field_int(&out, "status", status);
	out_field_string(&out, "location", location);
	out_object_end(&out);
	buffer_append_char(&response->body, '\n');
}

enum db_status answer_nearest(
	struct request *request, enum noun noun, int kind, const char *typed, struct string_list *ret_list)
{
	/* What was typed may be a name; ids are made of keys. */
	struct buffer key = { 0 };
	name_key(&key, typed, strlen(typed));
	enum db_status status =
		key.failed ? DB_NO_MEMORY : store_nearest(request->db, noun, kind, key.data, request->arena, ret_list);
	buffer_deinit(&key);
	return status;
}

enum db_status answer_not_found(struct request *request, struct response *response, enum noun noun, const char *what)
{
	bool deleted;
	struct problem problem = { .code = "not-found" };
	enum db_status status = store_was_deleted(request->db, noun, request->path_id, &deleted);
	if (status == DB_OK && deleted) {
		problem.code = "gone";
		problem.detail = arena_printf(request->arena, "the %s '%s' has been deleted", what, request->path_id);
	} else if (status == DB_OK) {
		status = answer_nearest(request, noun, (int)request->route->kind, request->path_id, &problem.nearest);
		problem.detail = arena_printf(request->arena, "there is no %s '%s'", what, request->path_id);
	}
	if (status == DB_OK)
		problem_answer(request, response, &problem);
	return status;
}
