// SPDX-License-Identifier: MIT
/* Writing one review: PUT, DELETE and POST. */
#include <stdlib.h>
#include <string.h>

#include "db/bundle_put.h"
#include "db/review_delete.h"
#include "db/reviews.h"
#include "server/answer.h"
#include "server/handlers/conditions.h"
#include "server/handlers/handlers.h"
#include "server/json/bundle_read.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/write.h"

/* A larger body is read on the writer's thread, so that no client waits for another one's on the same loop. */
enum { READ_AT_ONCE_BYTES = 64 * 1024 };

struct review_write {
	struct write write;
	struct request *request;
	const char *path_id; /* NULL: the bundle names its review */
	struct precondition precondition;
	bool is_read; /* the bundle, or what is wrong with it, is there */
	enum bundle_read_status read;
	struct bundle bundle;
	struct bundle_problems problems;

	/* What came of it. */
	enum precondition_outcome outcome;
	struct bundle_put_result result;
	struct review review;
};

static const char review_path[] = "/v1/reviews/{id}";

/* The bundle's id and that of the path are one. */
static bool check_id(struct review_write *put)
{
	struct arena *arena = put->request->arena;
	if (!put->path_id || !strcmp(put->path_id, put->bundle.slug))
		return true;
	struct bundle_problem *problem = arena_alloc(arena, sizeof(*problem));
	const char *reason = arena_printf(arena, "the path says \"%s\"", put->path_id);
	if (!problem || !reason) {
		put->read = BUNDLE_READ_NO_MEMORY;
		return false;
	}
	*problem = (struct bundle_problem) { .pointer = "/id", .reason = reason };
	put->problems = (struct bundle_problems) { .items = problem, .count = 1 };
	put->read = BUNDLE_READ_INVALID;
	return false;
}

static bool read_body(struct review_write *put)
{
	const struct buffer *body = &put->request->body;
	if (!put->is_read) {
		put->is_read = true;
		put->read = bundle_read(
			body->data ? body->data : "", body->length, put->request->arena, &put->bundle, &put->problems);
		if (put->read == BUNDLE_READ_OK)
			check_id(put);
	}
	return put->read == BUNDLE_READ_OK;
}

static void answer_problems(struct request *request, struct response *response, const struct review_write *put)
{
	const struct bundle_problem *first = &put->problems.items[0];
	if (put->read == BUNDLE_READ_NO_MEMORY) {
		response->no_memory = true;
		return;
	}
	if (put->read == BUNDLE_READ_NOT_JSON) {
		problem_answer(
			request, response, &(struct problem) { .code = "malformed-json", .detail = first->reason });
		return;
	}
	const char *pointer = *first->pointer ? first->pointer : "/";
	problem_answer(request, response,
		&(struct problem) { .code = "invalid-body",
			.detail = put->problems.count == 1
					  ? arena_printf(request->arena, "%s: %s", pointer, first->reason)
					  : arena_printf(request->arena, "%s: %s (and %zu more)", pointer,
						    first->reason, put->problems.count - 1),
			.places = &put->problems });
}

/* What the store does not know either becomes a problem like those of the reader. */
static enum db_status note_refusal(struct review_write *put)
{
	struct bundle_problem *problem = arena_alloc(put->request->arena, sizeof(*problem));
	if (!problem)
		return DB_NO_MEMORY;
	*problem = (struct bundle_problem) { .pointer = put->result.pointer, .reason = put->result.reason };
	put->problems = (struct bundle_problems) { .items = problem, .count = 1 };
	put->read = BUNDLE_READ_INVALID;
	return DB_INVALID;
}

static enum db_status apply_put(struct write *write, struct db *db)
{
	struct review_write *put = (struct review_write *)write;
	struct arena *arena = put->request->arena;
	if (!read_body(put))
		return DB_INVALID;
	enum db_status status =
		precondition_check(db, NOUN_REVIEW, put->bundle.slug, &put->precondition, &put->outcome);
	if (status == DB_OK && put->outcome != PRECONDITION_HOLDS)
		return DB_INVALID;
	if (status == DB_OK)
		status = bundle_put(db, &put->bundle, arena, &put->result);
	if (status == DB_INVALID)
		return note_refusal(put);
	return status == DB_OK ? review_get(db, put->bundle.slug, arena, &put->review) : status;
}

static enum db_status answer_put(struct request *request, struct response *response)
{
	struct review_write *put = (struct review_write *)request->write;
	const char *slug = put->bundle.slug;
	if (put->read != BUNDLE_READ_OK) {
		answer_problems(request, response, put);
		return DB_OK;
	}
	const char *address = condition_address(request, "/v1/reviews/", slug);
	if (put->outcome != PRECONDITION_HOLDS) {
		condition_answer(request, response, put->outcome, "review", slug, address);
		return DB_OK;
	}
	struct answer answer;
	answer_begin(&answer, request, response);
	review_json(&answer.out, &put->review, NULL);
	answer_end(&answer);
	if (put->result.outcome == PUT_ADDED) {
		response->status = 201;
		response_header(response, "Location", address);
	}
	response_header(response, "ETag",
		address ? etag_of_subject(request, review_path, slug, address, put->result.revision) : NULL);
	return DB_OK;
}

static enum db_status begin_put(struct request *request, struct response *response, struct review_write *put)
{
	put->request = request;
	put->write.apply = apply_put;
	put->write.answer = answer_put;
	if (request->body.length <= READ_AT_ONCE_BYTES && !read_body(put)) {
		answer_problems(request, response, put);
		return DB_OK;
	}
	request->write = &put->write;
	return DB_OK;
}

enum db_status handle_review_put(struct request *request, struct response *response)
{
	struct review_write *put = arena_alloc(request->arena, sizeof(*put));
	if (!put)
		return DB_NO_MEMORY;
	if (!condition_read(request, response, &put->precondition))
		return DB_OK;
	put->path_id = request->path_id;
	return begin_put(request, response, put);
}

enum db_status handle_review_post(struct request *request, struct response *response)
{
	struct review_write *put = arena_alloc(request->arena, sizeof(*put));
	if (!put)
		return DB_NO_MEMORY;
	put->precondition.kind = PRECONDITION_ABSENT;
	return begin_put(request, response, put);
}

static enum db_status apply_delete(struct write *write, struct db *db)
{
	struct review_write *delete = (struct review_write *)write;
	enum db_status status =
		precondition_check(db, NOUN_REVIEW, delete->path_id, &delete->precondition, &delete->outcome);
	if (status == DB_OK && delete->outcome != PRECONDITION_HOLDS)
		return DB_INVALID;
	return status == DB_OK ? review_delete(db, delete->path_id, delete->request->arena, &delete->result.revision)
			       : status;
}

static enum db_status answer_delete(struct request *request, struct response *response)
{
	struct review_write *delete = (struct review_write *)request->write;
	if (delete->outcome == PRECONDITION_MISSING) {
		problem_answer(request, response,
			&(struct problem) { .code = "not-found",
				.detail = arena_printf(request->arena, "there is no review '%s'", delete->path_id) });
	} else if (delete->outcome != PRECONDITION_HOLDS) {
		condition_answer(request, response, delete->outcome, "review", delete->path_id, NULL);
	} else {
		response->status = 204;
	}
	return DB_OK;
}

enum db_status handle_review_delete(struct request *request, struct response *response)
{
	struct review_write *delete = arena_alloc(request->arena, sizeof(*delete));
	if (!delete)
		return DB_NO_MEMORY;
	if (!condition_read(request, response, &delete->precondition))
		return DB_OK;
	delete->request = request;
	delete->path_id = request->path_id;
	delete->write = (struct write) { .apply = apply_delete, .answer = answer_delete };
	request->write = &delete->write;
	return DB_OK;
}
