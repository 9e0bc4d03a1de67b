// SPDX-License-Identifier: MIT
/* Writing one review: PUT, DELETE and POST. */
#include <string.h>

#include "db/bundle_put.h"
#include "db/repeatable.h"
#include "db/review_delete.h"
#include "db/sha256.h"
#include "server/answer.h"
#include "server/handlers/conditions.h"
#include "server/handlers/handlers.h"
#include "server/handlers/refusals.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/write.h"

enum { KEY_BYTES_MAX = 255 };

struct review_write {
	struct write write;
	struct request *request;
	const char *path_id; /* NULL: the bundle names its review */
	const char *key;     /* Idempotency-Key; NULL for none */
	struct precondition precondition;
	bool is_read; /* the bundle, or what is wrong with it, is there */
	enum bundle_read_status read;
	struct bundle bundle;
	struct bundle_problems problems;
	char request_sha256[SHA256_HEX_SIZE]; /* with a key */

	/* What came of it. */
	enum precondition_outcome outcome;
	bool key_reused;
	struct repeatable repeated; /* what came of it at the first time */
	struct bundle_put_result result;
};

static const char review_path[] = "/v1/reviews/{id}";

/* What makes a request the same one: method, path and body. */
static bool hash_request(struct review_write *put)
{
	const struct request *request = put->request;
	struct sha256 *sha256 = sha256_new();
	if (!sha256)
		return false;
	sha256_update(sha256, request->method, strlen(request->method) + 1);
	sha256_update(sha256, request->target.path, strlen(request->target.path) + 1);
	sha256_update(sha256, request->body.data, request->body.length);
	bool hashed = sha256_finish(sha256, put->request_sha256);
	sha256_free(sha256);
	return hashed;
}

static bool read_body(struct review_write *put)
{
	if (!put->is_read) {
		const struct buffer *body = &put->request->body;
		put->is_read = true;
		put->read = bundle_read_as(put->path_id, body->data ? body->data : "", body->length,
			put->request->arena, &put->bundle, &put->problems);
		if (put->read == BUNDLE_READ_OK && put->key && !hash_request(put))
			put->read = BUNDLE_READ_NO_MEMORY;
	}
	return put->read == BUNDLE_READ_OK;
}

/* DB_NOT_FOUND: the request has not come before. */
static enum db_status find_repeated(struct review_write *put, struct db *db)
{
	struct repeatable found;
	put->repeated = (struct repeatable) { 0 };
	enum db_status status = repeatable_get(db, put->request->token_name, put->key, put->request->arena, &found);
	if (status != DB_OK)
		return status;
	put->key_reused = strcmp(found.request_sha256, put->request_sha256) != 0;
	put->repeated = found;
	return DB_OK;
}

static enum db_status keep_repeatable(struct review_write *put, struct db *db)
{
	struct buffer json = { 0 };
	struct out out;
	out_init(&out, &json, param_number(&put->request->params, PARAM_PRETTY, 0));
	review_json(&out, &put->result.review, NULL);
	buffer_append_char(&json, '\n');
	const struct repeatable repeatable = {
		.token = put->request->token_name,
		.key = put->key,
		.request_sha256 = put->request_sha256,
		.review_slug = put->bundle.slug,
		.store_revision = put->result.revision,
		.answer = json.data,
	};
	enum db_status status = json.failed ? DB_NO_MEMORY : repeatable_put(db, &repeatable);
	buffer_deinit(&json);
	return status;
}

static enum db_status apply_put(struct write *write, struct db *db)
{
	struct review_write *put = (struct review_write *)write;
	struct arena *arena = put->request->arena;
	if (!read_body(put))
		return DB_INVALID;
	enum db_status status = put->key ? find_repeated(put, db) : DB_NOT_FOUND;
	if (status != DB_NOT_FOUND)
		return status;
	status = precondition_check(db, NOUN_REVIEW, put->bundle.slug, &put->precondition, &put->outcome);
	if (status == DB_OK && put->outcome != PRECONDITION_HOLDS)
		return DB_INVALID;
	if (status == DB_OK)
		status = bundle_put(db, &put->bundle, arena, &put->result);
	if (status == DB_INVALID) {
		put->read = BUNDLE_READ_INVALID;
		return refusal_note(arena, &put->result, &put->problems);
	}
	return status == DB_OK && put->key ? keep_repeatable(put, db) : status;
}

/* The answer of the first time. */
static void answer_repeated(struct review_write *put, struct request *request, struct response *response)
{
	const struct repeatable *repeated = &put->repeated;
	const char *slug = repeated->review_slug, *address = condition_address(request, "/v1/reviews/", slug);
	response->status = 201;
	response_header(response, "Content-Type", format_types[FORMAT_JSON]);
	response_header(response, "Location", address);
	response_header(response, "ETag",
		address ? etag_of_subject(request, review_path, slug, address, repeated->store_revision) : NULL);
	buffer_append_string(&response->body, repeated->answer);
}

static void answer_done(struct review_write *put, struct request *request, struct response *response)
{
	const char *slug = put->bundle.slug, *address = condition_address(request, "/v1/reviews/", slug);
	struct answer answer;
	if (put->outcome != PRECONDITION_HOLDS) {
		condition_answer(request, response, put->outcome, "review", slug, address);
		return;
	}
	answer_begin(&answer, request, response);
	review_json(&answer.out, &put->result.review, NULL);
	answer_end(&answer);
	if (put->result.outcome == PUT_ADDED) {
		response->status = 201;
		response_header(response, "Location", address);
	}
	response_header(response, "ETag",
		address ? etag_of_subject(request, review_path, slug, address, put->result.revision) : NULL);
}

static enum db_status answer_put(struct write *write, struct request *request, struct response *response)
{
	struct review_write *put = (struct review_write *)write;
	if (write->status != DB_OK)
		return write->status;
	if (put->read != BUNDLE_READ_OK)
		refusal_answer(request, response, put->read, &put->problems);
	else if (put->key_reused)
		problem_answer(request, response,
			&(struct problem) { .code = "key-reused",
				.detail = "this Idempotency-Key came with another request before" });
	else if (put->repeated.answer)
		answer_repeated(put, request, response);
	else
		answer_done(put, request, response);
	return DB_OK;
}

static enum db_status begin_put(struct request *request, struct response *response, struct review_write *put)
{
	put->request = request;
	put->write.apply = apply_put;
	put->write.answer = answer_put;
	if (request->body.length <= WRITE_READ_AT_ONCE_BYTES && !read_body(put)) {
		refusal_answer(request, response, put->read, &put->problems);
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

/* A quoted string, as the draft of the header wants it, or the bare word that many send. */
static bool read_key(struct request *request, struct response *response, const char **ret_key)
{
	const char *given = request->headers.idempotency_key;
	if (!given) {
		*ret_key = NULL;
		return true;
	}
	size_t length = strlen(given), quoted = length > 2 && *given == '"' && given[length - 1] == '"';
	bool sound = length > 2 * quoted && length - 2 * quoted <= KEY_BYTES_MAX;
	for (size_t i = quoted; i < length - quoted && sound; i++)
		sound = given[i] > ' ' && given[i] < 0x7f && given[i] != '"' && given[i] != '\\' && given[i] != ',';
	if (!sound) {
		problem_answer(request, response,
			&(struct problem) { .code = "invalid-header",
				.detail = "Idempotency-Key wants 1 to 255 visible characters in quotation marks" });
		return false;
	}
	*ret_key = arena_strndup(request->arena, given + quoted, length - 2 * quoted);
	response->no_memory |= !*ret_key;
	return *ret_key != NULL;
}

enum db_status handle_review_post(struct request *request, struct response *response)
{
	struct review_write *put = arena_alloc(request->arena, sizeof(*put));
	if (!put)
		return DB_NO_MEMORY;
	if (!read_key(request, response, &put->key))
		return DB_OK;
	put->precondition.kind = PRECONDITION_ABSENT;
	return begin_put(request, response, put);
}

static enum db_status apply_delete(struct write *write, struct db *db)
{
	struct review_write *delete = (struct review_write *)write;
	enum db_status status =
		precondition_check(db, NOUN_REVIEW, delete->path_id, &delete->precondition, &delete->outcome);
	/* That nothing is there may hold, and then there is nothing to take out. */
	if (status == DB_OK && delete->outcome == PRECONDITION_HOLDS &&
		delete->precondition.kind == PRECONDITION_ABSENT)
		delete->outcome = PRECONDITION_MISSING;
	if (status == DB_OK && delete->outcome != PRECONDITION_HOLDS)
		return DB_INVALID;
	return status == DB_OK ? review_delete(db, delete->path_id, delete->request->arena, &delete->result.revision)
			       : status;
}

static enum db_status answer_delete(struct write *write, struct request *request, struct response *response)
{
	struct review_write *delete = (struct review_write *)write;
	if (delete->write.status != DB_OK)
		return delete->write.status;
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
