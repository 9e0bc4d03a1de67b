// SPDX-License-Identifier: MIT
#include "db/works.h"

#include "db/stmt.h"

_Static_assert((int)COL_WORK_GET_SAME_AS == (int)COL_WORK_BY_ID_SAME_AS, "work statements give the same columns");

static enum db_status work_read(struct stmt *stmt, struct arena *arena, struct work *ret_work)
{
	struct work work = {
		.ref = { .work_id = stmt_int(stmt, COL_WORK_GET_WORK_ID),
			.slug = stmt_copy(stmt, COL_WORK_GET_SLUG, arena),
			.title = stmt_copy(stmt, COL_WORK_GET_TITLE, arena) },
		.kind = stmt_copy(stmt, COL_WORK_GET_KIND, arena),
		.language = stmt_copy(stmt, COL_WORK_GET_LANGUAGE, arena),
		.published = stmt_copy(stmt, COL_WORK_GET_PUBLISHED, arena),
		.description = stmt_copy(stmt, COL_WORK_GET_DESCRIPTION, arena),
	};
	enum db_status status = stmt_row_status(stmt);
	if (status == DB_OK)
		status = url_lines_split(stmt_text(stmt, COL_WORK_GET_SAME_AS, NULL), arena, &work.same_as);
	if (status == DB_OK)
		*ret_work = work;
	return status;
}

static void contributor_read(struct stmt *stmt, struct arena *arena, struct contributor *ret_contributor)
{
	*ret_contributor = (struct contributor) {
		.role = stmt_copy(stmt, COL_WORK_CONTRIBUTORS_ROLE, arena),
		.agent = { .agent_id = stmt_int(stmt, COL_WORK_CONTRIBUTORS_AGENT_ID),
			.slug = stmt_copy(stmt, COL_WORK_CONTRIBUTORS_SLUG, arena),
			.name = stmt_copy(stmt, COL_WORK_CONTRIBUTORS_NAME, arena),
			.kind = (enum agent_kind)stmt_choice(stmt, COL_WORK_CONTRIBUTORS_KIND, AGENT_KINDS) },
		.character = { .agent_id = stmt_int(stmt, COL_WORK_CONTRIBUTORS_CHARACTER_ID),
			.slug = stmt_copy(stmt, COL_WORK_CONTRIBUTORS_CHARACTER_SLUG, arena),
			.name = stmt_copy(stmt, COL_WORK_CONTRIBUTORS_CHARACTER_NAME, arena),
			.kind = (enum agent_kind)stmt_choice(stmt, COL_WORK_CONTRIBUTORS_CHARACTER_KIND, AGENT_KINDS) },
	};
}

static enum db_status work_read_contributors(struct db *db, struct arena *arena, struct work *work)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_WORK_CONTRIBUTORS);
	stmt_bind_int(stmt, ARG_WORK_CONTRIBUTORS_WORK_ID, work->ref.work_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct contributor *items =
			arena_push(arena, work->contributors, work->contributor_count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		work->contributors = items;
		contributor_read(stmt, arena, &items[work->contributor_count++]);
		if (stmt_row_status(stmt) != DB_OK)
			return stmt_row_status(stmt);
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status work_read_relations(struct db *db, struct arena *arena, struct work *work)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_WORK_RELATIONS);
	stmt_bind_int(stmt, ARG_WORK_RELATIONS_WORK_ID, work->ref.work_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct relation *items = arena_push(arena, work->relations, work->relation_count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		work->relations = items;
		items[work->relation_count++] = (struct relation) {
			.kind = stmt_copy(stmt, COL_WORK_RELATIONS_KIND, arena),
			.to = { .slug = stmt_copy(stmt, COL_WORK_RELATIONS_TO_SLUG, arena),
				.title = stmt_copy(stmt, COL_WORK_RELATIONS_TITLE, arena) },
		};
		status = stmt_row_status(stmt);
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status work_complete(struct db *db, struct arena *arena, struct work *work)
{
	enum db_status status = work_read_contributors(db, arena, work);
	return status == DB_OK ? work_read_relations(db, arena, work) : status;
}

enum db_status work_get(struct db *db, const char *slug, struct arena *arena, struct work *ret_work)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_WORK_GET);
	stmt_bind_text(stmt, ARG_WORK_GET_SLUG, slug);
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		status = work_read(stmt, arena, ret_work);
	return status == DB_OK ? work_complete(db, arena, ret_work) : status;
}

enum db_status work_by_id(struct db *db, int64_t work_id, struct arena *arena, struct work *ret_work)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_WORK_BY_ID);
	stmt_bind_int(stmt, ARG_WORK_BY_ID_WORK_ID, work_id);
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		status = work_read(stmt, arena, ret_work);
	return status == DB_OK ? work_complete(db, arena, ret_work) : status;
}
