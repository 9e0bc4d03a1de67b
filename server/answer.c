// SPDX-License-Identifier: MIT
#include "server/answer.h"

#include <string.h>

#include "db/text/key.h"
#include "server/cursor.h"
#include "server/problem.h"
#include "server/routes.h"

enum { LIMIT_DEFAULT = 20 };

static void begin(struct answer *answer, struct request *request, struct response *response)
{
	*answer = (struct answer) { .request = request, .response = response };
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

void answer_list_begin(struct answer *answer, struct request *request, struct response *response)
{
	begin(answer, request, response);
	if (answer->txt)
		return;
	out_object_begin(&answer->out);
	out_key(&answer->out, "data");
	out_array_begin(&answer->out);
	trim(answer);
}

size_t answer_limit(const struct request *request)
{
	return (size_t)param_number(&request->params, PARAM_LIMIT, LIMIT_DEFAULT);
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
			target_encode(out, path_id, strlen(path_id));
			buffer_append_string(out, suffix ? suffix : "");
		} else {
			target_encode(out, segment, strlen(segment));
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
	if (request->target.query)
		buffer_printf(&address, "?%s", request->target.query);
	return keep(request, &address);
}

void answer_append_path(const struct request *request, struct buffer *out)
{
	append_path(out, request, NULL);
}

void answer_list_end(struct answer *answer, int64_t total, const struct list_place *next)
{
	struct request *request = answer->request;
	const char *address = next ? cursor_next_address(request, next) : NULL;
	if (next) {
		response_header(answer->response, "Link",
			address ? arena_printf(request->arena, "<%s>; rel=\"next\"", address) : NULL);
	}
	if (answer->txt)
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
	response_header(response, "Content-Type", format_types[request->format]);
	if (!location)
		return;
	struct out out;
	if (request->format == FORMAT_TXT) {
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

enum db_status answer_not_found(struct request *request, struct response *response, enum noun noun, const char *what)
{
	bool deleted;
	struct problem problem = { .code = "not-found" };
	enum db_status status = store_was_deleted(request->db, noun, request->path_id, &deleted);
	if (status == DB_OK && deleted) {
		problem.code = "gone";
		problem.detail = arena_printf(request->arena, "the %s '%s' has been deleted", what, request->path_id);
	} else if (status == DB_OK) {
		/* What was typed may be a name; ids are made of keys. */
		struct buffer key = { 0 };
		name_key(&key, request->path_id, strlen(request->path_id));
		status = key.failed ? DB_NO_MEMORY
				    : store_nearest(request->db, noun, key.data, request->arena, &problem.nearest);
		buffer_deinit(&key);
		problem.detail = arena_printf(request->arena, "there is no %s '%s'", what, request->path_id);
	}
	if (status == DB_OK)
		problem_answer(request, response, &problem);
	return status;
}
