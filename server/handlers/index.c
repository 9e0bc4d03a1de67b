// SPDX-License-Identifier: MIT
#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/txt.h"
#include "server/writer.h"

enum db_status handle_root_get(struct request *request, struct response *response)
{
	answer_redirect(request, response, 302, request->format == FORMAT_HTML ? "/docs" : "/v1");
	response_header(response, "Link", "</.well-known/api-catalog>; rel=\"api-catalog\"");
	return DB_OK;
}

enum db_status handle_store_get(struct request *request, struct response *response)
{
	struct answer answer;
	answer_begin(&answer, request, response);
	if (answer.txt)
		store_txt(answer.txt, &request->store, REVIEWD_VERSION);
	else
		store_json(&answer.out, &request->store, REVIEWD_VERSION);
	answer_end(&answer);
	return DB_OK;
}

/* That it answers at all is the answer; a cached one would prove nothing. */
enum db_status handle_livez(struct request *request, struct response *response)
{
	struct answer answer;
	answer_begin(&answer, request, response);
	if (answer.txt) {
		buffer_append_string(answer.txt, "ok\n");
	} else {
		out_object_begin(&answer.out);
		out_field_string(&answer.out, "status", "ok");
		out_object_end(&answer.out);
	}
	answer_end(&answer);
	return DB_OK;
}

enum db_status handle_readyz(struct request *request, struct response *response)
{
	struct answer answer;
	enum db_status status = db_begin_read(request->db, REQUEST_READ_MS);
	if (status == DB_OK)
		status = store_get(request->db, request->arena, &request->store);
	if (status == DB_NO_MEMORY)
		return status;
	if (status != DB_OK) {
		problem_answer(request, response,
			&(struct problem) { .code = "unavailable", .detail = "the store cannot be read" });
		return DB_OK;
	}
	const char *reason;
	if (request->writer && !writer_is_well(request->writer, &reason)) {
		problem_answer(request, response, &(struct problem) { .code = "not-stored", .detail = reason });
		return DB_OK;
	}
	answer_begin(&answer, request, response);
	if (answer.txt) {
		buffer_append_string(answer.txt, "ok\n");
	} else {
		out_object_begin(&answer.out);
		out_field_string(&answer.out, "status", "ok");
		out_field_int(&answer.out, "revision", request->store.revision);
		out_object_end(&answer.out);
	}
	answer_end(&answer);
	return DB_OK;
}

enum db_status handle_problem_get(struct request *request, struct response *response)
{
	const struct problem_type *type = problem_find(request->path_id);
	struct answer answer;
	if (!type) {
		problem_answer(request, response,
			&(struct problem) { .code = "not-found",
				.detail = arena_printf(request->arena, "there is no problem '%s'", request->path_id) });
		return DB_OK;
	}
	answer_begin(&answer, request, response);
	if (answer.txt) {
		buffer_printf(answer.txt, "%u %s\n%s\n", type->status, type->title, type->about);
	} else {
		out_object_begin(&answer.out);
		out_field_string(&answer.out, "code", type->code);
		out_field_string(&answer.out, "title", type->title);
		out_field_int(&answer.out, "status", type->status);
		out_field_string(&answer.out, "about", type->about);
		out_object_end(&answer.out);
	}
	answer_end(&answer);
	return DB_OK;
}
