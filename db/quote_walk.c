// SPDX-License-Identifier: MIT
#include "db/quote_walk.h"

#include <stdlib.h>

/* The numbers of the quotes in one cell, in the order in which they came. */
static int compare_ids(const void *first, const void *second)
{
	const int64_t *a = first, *b = second;
	return (*a > *b) - (*a < *b);
}

static enum db_status read_cell(
	struct stmt *stmt, const struct shuffle_pair *pair, struct arena *arena, struct int_list *cell)
{
	enum db_status status;
	stmt_rewind(stmt);
	stmt_bind_int(stmt, ARG_QUOTE_CELL_LOW, pair->low);
	stmt_bind_int(stmt, ARG_QUOTE_CELL_HIGH, pair->high);
	cell->count = 0;
	while ((status = stmt_step(stmt)) == DB_OK) {
		int64_t *items = arena_push(arena, cell->items, cell->count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		cell->items = items;
		items[cell->count++] = stmt_int(stmt, COL_QUOTE_CELL_QUOTE_ID);
	}
	if (cell->count > 1)
		qsort(cell->items, cell->count, sizeof(*cell->items), compare_ids);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

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

/* What is read of a walk, step by step. */
struct walking {
	struct db *db;
	const struct quote_plan *plan;
	const struct quote_walk *walk;
	struct arena *arena;
	struct stmt *stmt;
	struct int_list cell;
	struct list_rows rows;
};

static enum db_status keep_row(struct walking *walking, int64_t quote_id, uint64_t step)
{
	struct list_rows *rows = &walking->rows;
	struct list_place *items = arena_push(walking->arena, rows->items, rows->count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	rows->items = items;
	items[rows->count++] = (struct list_place) {
		.key = PLACE_STEP, .id = quote_id, .number = (int64_t)step, .bits = walking->walk->shuffle.bits
	};
	return DB_OK;
}

/* The last slot takes in all that have none of their own. */
static enum db_status visit(struct walking *walking, uint64_t step)
{
	struct shuffle_pair pair = shuffle_walk_at(&walking->walk->shuffle, step);
	const struct list_place *after = walking->walk->after;
	const struct int_list *cell = &walking->cell;
	enum db_status status = read_cell(walking->stmt, &pair, walking->arena, &walking->cell);
	for (size_t i = pair.slot; i < cell->count && status == DB_OK; i++) {
		int64_t quote_id = cell->items[i];
		bool is_new = !after || (uint64_t)after->number < step || quote_id > after->id;
		status = is_new ? test_quote(walking->db, walking->plan, quote_id) : DB_NOT_FOUND;
		if (status == DB_OK)
			status = keep_row(walking, quote_id, step);
		status = status == DB_NOT_FOUND ? DB_OK : status;
		if (pair.slot + 1 < SHUFFLE_SLOTS)
			break;
	}
	return status;
}

enum db_status quote_walk_rows(struct db *db, const struct quote_plan *plan, const struct quote_walk *walk,
	size_t limit, struct arena *arena, struct list_rows *ret_rows)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_CELL);
	struct walking walking = { .db = db, .plan = plan, .walk = walk, .arena = arena, .stmt = stmt };
	uint64_t step = walk->after ? (uint64_t)walk->after->number : 0, end = (uint64_t)1 << walk->shuffle.bits;
	for (uint64_t taken = 0; step < end && taken < walk->steps_max; step++, taken++) {
		enum db_status status = visit(&walking, step);
		if (status != DB_OK)
			return status;
		if (walking.rows.count >= limit)
			break;
	}
	/* The last step may have given more than one. */
	if (walking.rows.count > limit)
		walking.rows.count = limit;
	*ret_rows = walking.rows;
	return DB_OK;
}
