// SPDX-License-Identifier: MIT
#include "db/quote_walk.h"

/* DB_NOT_FOUND: the quote does not fit. */
static enum db_status test_quote(struct db *db, const struct quote_plan *plan, int64_t quote_id)
{
	if (!plan->given)
		return DB_OK;
	struct assembly assembly = plan->bound;
	assembly_add(&assembly, FRAGMENT_QUOTE_HEAD);
	quote_plan_add(plan, FROM_ONE, 0, FRAGMENT_NONE, &assembly);
	assembly_bind_int(&assembly, ":value", quote_id);
	STMT_LEASE struct stmt *stmt = NULL;
	enum db_status status = assembly_open(db, &assembly, "quote_walk", &stmt);
	return status == DB_OK ? stmt_step(stmt) : status;
}

static enum db_status keep_row(
	struct list_rows *rows, const struct quote_walk *walk, int64_t quote_id, uint64_t step, struct arena *arena)
{
	struct list_place *items = arena_push(arena, rows->items, rows->count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	rows->items = items;
	items[rows->count++] = (struct list_place) {
		.key = PLACE_STEP, .id = quote_id, .number = (int64_t)step, .bits = walk->shuffle.bits
	};
	return DB_OK;
}

/* DB_NOT_FOUND: there is no quote at this step. */
static enum db_status read_step(struct stmt *stmt, const struct quote_walk *walk, uint64_t step, int64_t *ret_quote_id)
{
	stmt_rewind(stmt);
	stmt_bind_int(stmt, ARG_QUOTE_AT_PLACE_PLACE, shuffle_walk_at(&walk->shuffle, step));
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		*ret_quote_id = stmt_int(stmt, COL_QUOTE_AT_PLACE_QUOTE_ID);
	return status;
}

enum db_status quote_walk_rows(struct db *db, const struct quote_plan *plan, const struct quote_walk *walk,
	size_t limit, struct arena *arena, struct list_rows *ret_rows)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_AT_PLACE);
	struct list_rows rows = { .items = NULL };
	uint64_t step = walk->after ? (uint64_t)walk->after->number + 1 : 0, end = (uint64_t)1 << walk->shuffle.bits;
	for (uint64_t taken = 0; step < end && taken < walk->steps_max && rows.count < limit; step++, taken++) {
		int64_t quote_id = 0;
		enum db_status status = read_step(stmt, walk, step, &quote_id);
		if (status == DB_OK)
			status = test_quote(db, plan, quote_id);
		if (status == DB_OK)
			status = keep_row(&rows, walk, quote_id, step, arena);
		if (status != DB_OK && status != DB_NOT_FOUND)
			return status;
	}
	*ret_rows = rows;
	return DB_OK;
}
