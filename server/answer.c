// SPDX-License-Identifier: MIT
#include "server/answer.h"

#include <string.h>

#include "db/text/key.h"
#include "server/csv.h"
#include "server/cursor.h"
#include "server/problem.h"
#include "server/routes.h"

/* Ten quotes or so. */
enum { PAGE_BYTES_USUAL = 15 * 1024 };

static void begin(struct answer *answer, struct request *request, struct response *response)
{
	*answer = (struct answer) { .request = request, .response = response, .shape = request->route->reply };
	response->status = 200;
	response_header(response, "Content-Type", format_types[request->format]);
	out_init(&answer->out, &response->body, param_number(&request->params, PARAM_PRETTY, 0));
	answer->txt = request->format == FORMAT_TXT ? &response->body : NULL;
}

/* Only the members that were asked for, of the objects that begin now. */
static void trim(struct answer *answer)
{
	const struct param_values *fields = &answer->request->params.values[PARAM_FIELDS];
	out_trim(&answer->out, fields->texts, fields->count);
}

void answer_begin(struct answer *answer, struct request *request, struct response *response)
{
	begin(answer, request, response);
	trim(answer);
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
	begin(answer, request, response);
	/* It would grow in nine steps; what is too much is given back when it leaves. */
	buffer_reserve(&response->body, PAGE_BYTES_USUAL);
	if (answer->txt)
		return;
	if (is_by_line(request)) {
		out_init_lines(&answer->out, &response->body);
		trim(answer);
		return;
	}
	out_object_begin(&answer->out);
	out_key(&answer->out, "data");
	out_array_begin(&answer->out);
	trim(answer);
}

size_t answer_limit(const struct request *request)
{
	return (size_t)param_number(&request->params, PARAM_LIMIT, param_specs[PARAM_LIMIT].otherwise);
}

enum offset_unit answer_offset_unit(const struct request *request)
{
	return (enum offset_unit)param_number(&request->params, PARAM_OFFSETS, OFFSET_CODEPOINT);
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

void answer_append_path(const struct request *request, struct buffer *out)
{
	append_path(out, request, NULL);
}

/* Whether a column is that member, or stands inside it. */
static bool is_of_member(const char *column, const char *member)
{
	size_t length = strlen(member);
	return !strncmp(column, member, length) && (!column[length] || column[length] == '.');
}

/* Whether `include` has the member given whole. */
static bool is_whole(const struct request *request, const char *column)
{
	const struct param_values *includes = &request->params.values[PARAM_INCLUDE];
	bool whole = false;
	for (size_t i = 0; i < includes->count; i++)
		whole |= is_of_member(column, includes->texts[i]);
	return whole;
}

/* The columns of what the items are: those that were asked for, and of a member that is given whole all there are. */
static const char *const *csv_columns(const struct answer *answer)
{
	const struct request *request = answer->request;
	const struct param_values *fields = &request->params.values[PARAM_FIELDS];
	const struct shape_column *all = shape_columns[answer->shape];
	size_t count = 0, kept = 0;
	while (all[count].name)
		count++;
	const char **columns = arena_array(request->arena, count + 1, sizeof(*columns));
	for (size_t i = 0; columns && i < count; i++) {
		bool wanted = !fields->count;
		for (size_t f = 0; f < fields->count; f++)
			wanted |= is_of_member(all[i].name, fields->texts[f]);
		if (wanted && (!all[i].of_whole || is_whole(request, all[i].name)))
			columns[kept++] = all[i].name;
	}
	if (columns)
		columns[kept] = NULL;
	return columns;
}

static const char *link_to_next(struct request *request, const char *address)
{
	struct buffer link = { 0 };
	buffer_append_char(&link, '<');
	buffer_append_string(&link, address);
	buffer_append_string(&link, ">; rel=\"next\"");
	return keep(request, &link);
}

void answer_list_end(struct answer *answer, int64_t total, const struct list_place *next)
{
	struct request *request = answer->request;
	const char *address = next ? cursor_next_address(request, next) : NULL;
	size_t length = address ? strlen(address) : 0;
	bool has_page = !answer->txt && !is_by_line(request);
	if (length > TARGET_BYTES_MAX || (length > request->address_bytes_max && !has_page)) {
		problem_answer(request, answer->response,
			&(struct problem) {
				.code = "uri-too-long", .detail = "the address of the next page would be too long" });
		return;
	}
	/* Where there is no room for it, the page has it. */
	if (next && length <= request->address_bytes_max)
		response_header(answer->response, "Link", address ? link_to_next(request, address) : NULL);
	if (request->format == FORMAT_CSV) {
		const char *const *columns = csv_columns(answer);
		answer->response->no_memory |= !columns;
		if (columns)
			csv_from_lines(&answer->response->body, columns);
	}
	if (!has_page)
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
	if (location && strlen(location) > request->address_bytes_max) {
		problem_answer(request, response,
			&(struct problem) { .code = "uri-too-long",
				.detail = "the address that this one leads to would be too long" });
		return;
	}
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
	out_init(&out, &response->body, param_number(&request->params, PARAM_PRETTY, 0));
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
