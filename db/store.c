// SPDX-License-Identifier: MIT
#include "db/store.h"

#include <stdio.h>

#include "db/connection.h"
#include "db/stmt.h"
#include "db/text/nearest.h"

enum { NOTHING_SHARED = -1 };

const char *const noun_names[NOUNS] = { [NOUN_REVIEW] = "review", [NOUN_AGENT] = "agent", [NOUN_WORK] = "work" };

static enum db_status read_store(struct db *db, struct arena *arena, struct store_info *ret_info)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_STORE_GET);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status == DB_NOT_FOUND ? DB_CORRUPT : status;
	struct store_info info = {
		.uuid = stmt_copy(stmt, COL_STORE_GET_UUID, arena),
		.revision = stmt_int(stmt, COL_STORE_GET_REVISION),
		.reviews = stmt_int(stmt, COL_STORE_GET_REVIEWS),
		.works = stmt_int(stmt, COL_STORE_GET_WORKS),
		.quotes = stmt_int(stmt, COL_STORE_GET_QUOTES),
		.mentions = stmt_int(stmt, COL_STORE_GET_MENTIONS),
		.agents = { [AGENT_CHARACTER] = stmt_int(stmt, COL_STORE_GET_CHARACTERS),
			[AGENT_PERSON] = stmt_int(stmt, COL_STORE_GET_PEOPLE),
			[AGENT_ORGANISATION] = stmt_int(stmt, COL_STORE_GET_ORGANISATIONS) },
	};
	*ret_info = info;
	return stmt_row_status(stmt);
}

/* It is asked for several times in an answer, and many answers, or writes, are of one snapshot. */
enum db_status store_get(struct db *db, struct arena *arena, struct store_info *ret_info)
{
	struct snapshot *snapshot = &db->snapshot;
	bool lasts = db->in_read || db->in_write;
	if (lasts && snapshot->store.uuid) {
		*ret_info = snapshot->store;
		ret_info->uuid = arena_strdup(arena, snapshot->uuid);
		return ret_info->uuid ? DB_OK : DB_NO_MEMORY;
	}
	enum db_status status = read_store(db, arena, ret_info);
	if (status != DB_OK || !lasts)
		return status;
	snprintf(snapshot->uuid, sizeof(snapshot->uuid), "%s", ret_info->uuid);
	snapshot->store = *ret_info;
	snapshot->store.uuid = snapshot->uuid;
	return DB_OK;
}

void store_set(struct db *db, const struct store_info *info)
{
	struct snapshot *snapshot = &db->snapshot;
	snapshot->store = *info;
	snapshot->store.uuid = snapshot->uuid;
	snapshot->is_changed = snapshot->is_raised = true;
}

enum db_status store_raise(struct db *db)
{
	struct arena arena = { 0 };
	struct store_info info;
	if (db->snapshot.is_raised)
		return DB_OK;
	enum db_status status = store_get(db, &arena, &info);
	if (status == DB_OK) {
		info.revision++;
		store_set(db, &info);
		status = store_write(db);
	}
	arena_deinit(&arena);
	return status;
}

enum db_status store_write(struct db *db)
{
	const struct store_info *info = &db->snapshot.store;
	if (!db->snapshot.is_changed)
		return DB_OK;
	db->snapshot.is_changed = false;
	struct stmt *stmt = db_stmt(db, STMT_STORE_UPDATE);
	stmt_bind_int(stmt, ARG_STORE_UPDATE_REVISION, info->revision);
	stmt_bind_int(stmt, ARG_STORE_UPDATE_REVIEWS, info->reviews);
	stmt_bind_int(stmt, ARG_STORE_UPDATE_WORKS, info->works);
	stmt_bind_int(stmt, ARG_STORE_UPDATE_CHARACTERS, info->agents[AGENT_CHARACTER]);
	stmt_bind_int(stmt, ARG_STORE_UPDATE_PEOPLE, info->agents[AGENT_PERSON]);
	stmt_bind_int(stmt, ARG_STORE_UPDATE_ORGANISATIONS, info->agents[AGENT_ORGANISATION]);
	stmt_bind_int(stmt, ARG_STORE_UPDATE_QUOTES, info->quotes);
	stmt_bind_int(stmt, ARG_STORE_UPDATE_MENTIONS, info->mentions);
	return stmt_run(stmt);
}

enum db_status store_was_deleted(struct db *db, enum noun noun, const char *slug, bool *ret_deleted)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_CHANGE_IS_DELETED);
	stmt_bind_int(stmt, ARG_CHANGE_IS_DELETED_NOUN, noun);
	stmt_bind_text(stmt, ARG_CHANGE_IS_DELETED_SLUG, slug);
	enum db_status status = stmt_step(stmt);
	*ret_deleted = status == DB_OK && stmt_int(stmt, COL_CHANGE_IS_DELETED_DELETED);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* The first argument of all these statements is the slug, the second what the neighbours have to share, if anything. */
static enum db_status offer_neighbours(struct db *db, const enum statement_id sides[2], const char *slug,
	int64_t shared, struct arena *arena, struct nearest *nearest)
{
	_Static_assert((int)ARG_REVIEW_NEAR_AFTER_SLUG == (int)ARG_WORK_NEAR_BEFORE_SLUG &&
			       (int)ARG_REVIEW_NEAR_AFTER_SLUG == (int)ARG_REVIEWER_NEAR_AFTER_KEY &&
			       (int)ARG_REVIEW_NEAR_AFTER_SLUG == (int)ARG_REVIEWER_NEAR_BEFORE_KEY &&
			       (int)ARG_AGENT_NEAR_AFTER_SLUG == (int)ARG_QUOTE_NEAR_BEFORE_SLUG &&
			       (int)ARG_AGENT_NEAR_BEFORE_KIND == (int)ARG_QUOTE_NEAR_AFTER_REVIEW_ID,
		"the statements take the same arguments");
	enum db_status status = DB_NOT_FOUND;
	for (int side = 0; side < 2 && status == DB_NOT_FOUND; side++) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, sides[side]);
		stmt_bind_text(stmt, ARG_REVIEW_NEAR_AFTER_SLUG, slug);
		if (shared != NOTHING_SHARED)
			stmt_bind_int(stmt, ARG_AGENT_NEAR_AFTER_KIND, shared);
		while ((status = stmt_step(stmt)) == DB_OK) {
			const char *candidate = stmt_copy(stmt, 0, arena);
			if (!candidate)
				return DB_NO_MEMORY;
			nearest_offer(nearest, candidate);
		}
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status nearest_finish(
	enum db_status status, const struct nearest *nearest, struct arena *arena, struct string_list *ret_list)
{
	if (status != DB_OK)
		return status;
	const char **items = arena_array(arena, nearest->count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	for (size_t i = 0; i < nearest->count; i++)
		items[i] = nearest->found[i];
	*ret_list = (struct string_list) { items, nearest->count };
	return DB_OK;
}

enum db_status store_nearest(
	struct db *db, enum noun noun, int kind, const char *slug, struct arena *arena, struct string_list *ret_list)
{
	static const enum statement_id sides[][2] = {
		[NOUN_REVIEW] = { STMT_REVIEW_NEAR_AFTER, STMT_REVIEW_NEAR_BEFORE },
		[NOUN_AGENT] = { STMT_AGENT_NEAR_AFTER, STMT_AGENT_NEAR_BEFORE },
		[NOUN_WORK] = { STMT_WORK_NEAR_AFTER, STMT_WORK_NEAR_BEFORE },
	};
	struct nearest nearest = { .word = slug };
	enum db_status status = DB_OK;
	if (noun != NOUN_AGENT)
		status = offer_neighbours(db, sides[noun], slug, NOTHING_SHARED, arena, &nearest);
	for (int k = 0; k < AGENT_KINDS && noun == NOUN_AGENT && status == DB_OK; k++) {
		if (kind < 0 || k == kind)
			status = offer_neighbours(db, sides[noun], slug, k, arena, &nearest);
	}
	return nearest_finish(status, &nearest, arena, ret_list);
}

enum db_status store_nearest_quote(
	struct db *db, int64_t review_id, const char *local_slug, struct arena *arena, struct string_list *ret_list)
{
	static const enum statement_id sides[2] = { STMT_QUOTE_NEAR_AFTER, STMT_QUOTE_NEAR_BEFORE };
	struct nearest nearest = { .word = local_slug };
	enum db_status status = offer_neighbours(db, sides, local_slug, review_id, arena, &nearest);
	return nearest_finish(status, &nearest, arena, ret_list);
}

/* The name to a key that somebody has. */
static enum db_status reviewer_name(struct db *db, const char *key, struct arena *arena, const char **ret_name)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEWER_NAME);
	stmt_bind_text(stmt, ARG_REVIEWER_NAME_KEY, key);
	enum db_status status = stmt_step(stmt);
	*ret_name = status == DB_OK ? stmt_copy(stmt, COL_REVIEWER_NAME_REVIEWER, arena) : NULL;
	return status == DB_OK ? stmt_row_status(stmt) : status;
}

enum db_status store_find_reviewer(
	struct db *db, const char *key, struct arena *arena, bool *ret_found, struct string_list *ret_nearest)
{
	static const enum statement_id sides[2] = { STMT_REVIEWER_NEAR_AFTER, STMT_REVIEWER_NEAR_BEFORE };
	struct nearest nearest = { .word = key };
	const char *name;
	enum db_status status = reviewer_name(db, key, arena, &name);
	*ret_found = status == DB_OK && name;
	if (*ret_found)
		return DB_OK;
	if (status == DB_OK || status == DB_NOT_FOUND)
		status = offer_neighbours(db, sides, key, NOTHING_SHARED, arena, &nearest);
	status = nearest_finish(status, &nearest, arena, ret_nearest);
	for (size_t i = 0; status == DB_OK && i < ret_nearest->count; i++)
		status = reviewer_name(db, ret_nearest->items[i], arena, &ret_nearest->items[i]);
	return status;
}
