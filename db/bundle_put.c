// SPDX-License-Identifier: MIT
#include "db/bundle_put.h"

#include <string.h>
#include <time.h>

#include "db/connection.h"
#include "db/putting.h"
#include "db/search_index.h"
#include "db/stmt.h"
#include "db/text/date.h"
#include "db/text/time.h"

enum db_status put_begin(struct putting *put)
{
	char *at = arena_alloc(put->arena, TIME_BYTES);
	if (!at)
		return DB_NO_MEMORY;
	time_format(time(NULL), at);
	put->at = at;
	enum db_status status = store_get(put->db, put->arena, &put->store);
	put->store.revision++;
	return status;
}

static enum db_status note_change(struct putting *put, enum noun noun, const char *slug, bool deleted)
{
	put->changed = true;
	struct stmt *stmt = db_stmt(put->db, STMT_CHANGE_PUT);
	stmt_bind_int(stmt, ARG_CHANGE_PUT_NOUN, noun);
	stmt_bind_text(stmt, ARG_CHANGE_PUT_SLUG, slug);
	stmt_bind_int(stmt, ARG_CHANGE_PUT_REVISION, put->store.revision);
	stmt_bind_int(stmt, ARG_CHANGE_PUT_DELETED, deleted);
	stmt_bind_text(stmt, ARG_CHANGE_PUT_AT, put->at);
	return stmt_run(stmt);
}

enum db_status put_change(struct putting *put, enum noun noun, const char *slug)
{
	return note_change(put, noun, slug, false);
}

enum db_status put_deletion(struct putting *put, enum noun noun, const char *slug)
{
	return note_change(put, noun, slug, true);
}

enum db_status put_refuse(struct putting *put, const char *pointer, const char *reason)
{
	if (!pointer || !reason)
		return DB_NO_MEMORY;
	put->result->pointer = pointer;
	put->result->reason = reason;
	return DB_INVALID;
}

const char *put_lines(struct putting *put, const struct string_list *list)
{
	size_t length = 0;
	for (size_t i = 0; i < list->count; i++)
		length += strlen(list->items[i]) + 1;
	char *lines = arena_alloc(put->arena, length + 1);
	char *end = lines;
	for (size_t i = 0; lines && i < list->count; i++) {
		end = stpcpy(end, list->items[i]);
		*end++ = '\n';
	}
	return lines;
}

void put_bind_date(struct stmt *stmt, int arg_from, int arg_to, const char *date)
{
	int64_t from, to;
	if (date && edtf_parse(date, strlen(date), &from, &to)) {
		stmt_bind_int(stmt, arg_from, from);
		stmt_bind_int(stmt, arg_to, to);
	} else {
		stmt_bind_null(stmt, arg_from);
		stmt_bind_null(stmt, arg_to);
	}
}

bool put_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool put_same_list(const struct string_list *a, const struct string_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	}
	return true;
}

static enum db_status put_all(struct db *db, const struct bundle *bundle, bool with_review, struct arena *arena,
	struct bundle_put_result *ret_result)
{
	struct putting put = {
		.db = db,
		.bundle = bundle,
		.arena = arena,
		.agent_ids = arena_array(arena, bundle->agent_count, sizeof(*put.agent_ids)),
		.agent_is_new = arena_array(arena, bundle->agent_count, sizeof(*put.agent_is_new)),
		.work_refs = arena_array(arena, bundle->work_count, sizeof(*put.work_refs)),
		.result = ret_result,
	};
	if (!put.agent_ids || !put.agent_is_new || !put.work_refs)
		return DB_NO_MEMORY;
	enum db_status status = put_begin(&put);
	ret_result->outcome = PUT_UNCHANGED;
	ret_result->revision = put.store.revision - 1;
	if (status == DB_OK)
		status = put_agents(&put);
	if (status == DB_OK)
		status = put_works(&put);
	if (status == DB_OK && with_review)
		status = put_review(&put);
	else if (put.changed)
		ret_result->outcome = PUT_CHANGED;
	if (status == DB_OK && put.changed) {
		store_set(db, &put.store);
		ret_result->revision = put.store.revision;
	}
	return status;
}

enum db_status bundle_put(
	struct db *db, const struct bundle *bundle, struct arena *arena, struct bundle_put_result *ret_result)
{
	return put_all(db, bundle, true, arena, ret_result);
}

enum db_status bundle_index(struct db *db, const struct bundle *bundle, const struct bundle_put_result *result)
{
	if (db->index_later || result->outcome != PUT_ADDED)
		return DB_OK;
	return search_index_new(db, result->review.review_id, bundle->words);
}

enum db_status subjects_put(
	struct db *db, const struct bundle *bundle, struct arena *arena, struct bundle_put_result *ret_result)
{
	return put_all(db, bundle, false, arena, ret_result);
}
