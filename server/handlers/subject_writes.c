// SPDX-License-Identifier: MIT
/* Writing one agent or one work: PUT, which tells it whole. */
#include <string.h>

#include "db/agents.h"
#include "db/works.h"
#include "server/answer.h"
#include "server/handlers/conditions.h"
#include "server/handlers/handlers.h"
#include "server/handlers/refusals.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/routes.h"
#include "server/write.h"

struct subject_write {
	struct write write;
	struct request *request;
	enum noun noun; /* agent or work */
	struct precondition precondition;
	struct bundle bundle;

	bool is_read; /* the bundle, or what is wrong with it, is there */
	enum bundle_read_status read;
	struct bundle_problems problems;

	/* What came of it. */
	enum precondition_outcome outcome;
	struct bundle_put_result result;
	bool is_new;
	struct agent agent;
	struct work work;
};

static bool read_body(struct subject_write *put)
{
	struct request *request = put->request;
	const char *json = request->body.data ? request->body.data : "";
	if (put->is_read)
		return put->read == BUNDLE_READ_OK;
	put->is_read = true;
	put->read = (put->noun == NOUN_AGENT ? agent_read : work_read)(
		request->path_id, json, request->body.length, request->arena, &put->bundle, &put->problems);
	if (put->read != BUNDLE_READ_OK || put->noun == NOUN_WORK)
		return put->read == BUNDLE_READ_OK;
	/* The path tells the kind. */
	struct bundle_agent *agent = &put->bundle.agents[0];
	enum agent_kind kind = request->route->kind;
	if (!agent->kind_given || agent->kind == kind) {
		agent->kind_given = true;
		agent->kind = kind;
		return true;
	}
	const struct bundle_put_result wrong = { .pointer = "/kind",
		.reason = arena_printf(request->arena, "the path says \"%s\"", agent_kind_names[kind]) };
	bool noted = wrong.reason && refusal_note(request->arena, &wrong, &put->problems) == DB_INVALID;
	put->read = noted ? BUNDLE_READ_INVALID : BUNDLE_READ_NO_MEMORY;
	return false;
}

/* As it is in the store: DB_NOT_FOUND if it is not, or is an agent of another kind. */
static enum db_status get_subject(struct subject_write *put, struct db *db)
{
	struct request *request = put->request;
	if (put->noun == NOUN_WORK)
		return work_get(db, request->path_id, request->arena, &put->work);
	enum db_status status = agent_get(db, request->path_id, request->arena, &put->agent);
	return status == DB_OK && put->agent.ref.kind != request->route->kind ? DB_NOT_FOUND : status;
}

static enum db_status check(struct subject_write *put, struct db *db)
{
	enum db_status status =
		precondition_check(db, put->noun, put->request->path_id, &put->precondition, &put->outcome);
	if (status != DB_OK || put->outcome != PRECONDITION_HOLDS)
		return status;
	status = get_subject(put, db);
	put->is_new = status == DB_NOT_FOUND;
	if (put->is_new && put->precondition.kind != PRECONDITION_ABSENT)
		put->outcome = PRECONDITION_MISSING;
	return put->is_new ? DB_OK : status;
}

static enum db_status apply_put(struct write *write, struct db *db)
{
	struct subject_write *put = (struct subject_write *)write;
	static const char in_bundle[] = "/works/0";
	if (!read_body(put))
		return DB_INVALID;
	enum db_status status = check(put, db);
	if (status == DB_OK && put->outcome != PRECONDITION_HOLDS)
		return DB_INVALID;
	if (status == DB_OK)
		status = subjects_put(db, &put->bundle, put->request->arena, &put->result);
	if (status == DB_OK)
		return get_subject(put, db);
	if (status != DB_INVALID)
		return status;
	/* The document is the work itself. */
	if (!strncmp(put->result.pointer, in_bundle, sizeof(in_bundle) - 1))
		put->result.pointer += sizeof(in_bundle) - 1;
	put->read = BUNDLE_READ_INVALID;
	return refusal_note(put->request->arena, &put->result, &put->problems);
}

static enum db_status answer_put(struct write *write, struct request *request, struct response *response)
{
	struct subject_write *put = (struct subject_write *)write;
	const char *id = request->path_id;
	bool is_agent = put->noun == NOUN_AGENT;
	if (put->write.status != DB_OK)
		return put->write.status;
	if (put->read != BUNDLE_READ_OK) {
		refusal_answer(request, response, put->read, &put->problems);
		return DB_OK;
	}
	const char *folder =
		arena_printf(request->arena, "/v1/%s/", is_agent ? agent_kind_paths[request->route->kind] : "works");
	const char *address = folder ? condition_address(request, folder, id) : NULL;
	if (put->outcome != PRECONDITION_HOLDS) {
		condition_answer(request, response, put->outcome,
			is_agent ? agent_kind_names[request->route->kind] : "work", id, address);
		return DB_OK;
	}
	struct answer answer;
	answer_begin(&answer, request, response);
	if (is_agent)
		agent_json(&answer.out, &put->agent);
	else
		work_json(&answer.out, &put->work);
	answer_end(&answer);
	if (put->is_new) {
		response->status = 201;
		response_header(response, "Location", address);
	}
	response_header(response, "ETag",
		address ? etag_of_subject(request, request->route->path, id, address, put->result.revision) : NULL);
	return DB_OK;
}

static enum db_status begin_put(struct request *request, struct response *response, enum noun noun)
{
	struct subject_write *put = arena_alloc(request->arena, sizeof(*put));
	if (!put)
		return DB_NO_MEMORY;
	if (!condition_read(request, response, &put->precondition))
		return DB_OK;
	put->request = request;
	put->noun = noun;
	put->write = (struct write) { .apply = apply_put, .answer = answer_put };
	if (request->body.length > WRITE_READ_AT_ONCE_BYTES || read_body(put))
		request->write = &put->write;
	else
		refusal_answer(request, response, put->read, &put->problems);
	return DB_OK;
}

enum db_status handle_agent_put(struct request *request, struct response *response)
{
	return begin_put(request, response, NOUN_AGENT);
}

enum db_status handle_work_put(struct request *request, struct response *response)
{
	return begin_put(request, response, NOUN_WORK);
}
