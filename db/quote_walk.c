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
	struct db *db, const struct shuffle_pair *pair, struct arena *arena, struct int_list *cell)
{
	struct assembly assembly = { 0 };
	assembly_add(&assembly, FRAGMENT_QUOTE_HEAD);
	assembly_add(&assembly, FRAGMENT_QUOTE_FROM_SHUFFLE);
	assembly_add_condition(&assembly, FRAGMENT_QUOTE_IN_CELL);
	assembly_bind_int(&assembly, ":low", pair->low);
	assembly_bind_int(&assembly, ":high", pair->high);
	STMT_LEASE struct stmt *stmt = NULL;
	enum db_status status = assembly_open(db, &assembly, "quote_walk", &stmt);
	cell->count = 0;
	while (status == DB_OK && (status = stmt_step(stmt)) == DB_OK) {
		int64_t *items = arena_push(arena, cell->items, cell->count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		cell->items = items;
		items[cell->count++] = stmt_int(stmt, 0);
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

/* The last slot takes in all that have none of their own. */
static enum db_status visit(struct db *db, const struct quote_plan *plan, const struct quote_walk *walk, uint64_t step,
	struct arena *arena, struct int_list *cell, struct list_rows *rows)
{
	struct shuffle_pair pair = shuffle_walk_at(&walk->shuffle, step);
	const struct list_place *after = walk->after;
	enum db_status status = read_cell(db, &pair, arena, cell);
	for (size_t i = pair.slot; i < cell->count && status == DB_OK; i++) {
		int64_t quote_id = cell->items[i];
		bool is_new = !after || (uint64_t)after->number < step || quote_id > after->id;
		status = is_new ? test_quote(db, plan, quote_id) : DB_NOT_FOUND;
		if (status == DB_OK) {
			struct list_place *items = arena_push(arena, rows->items, rows->count, sizeof(*items));
			if (!items)
				return DB_NO_MEMORY;
			rows->items = items;
			items[rows->count++] = (struct list_place) {
				.key = PLACE_STEP, .id = quote_id, .number = (int64_t)step, .bits = walk->shuffle.bits
			};
		}
		status = status == DB_NOT_FOUND ? DB_OK : status;
		if (pair.slot + 1 < SHUFFLE_SLOTS)
			break;
	}
	return status;
}

enum db_status quote_walk_rows(struct db *db, const struct quote_plan *plan, const struct quote_walk *walk,
	size_t limit, struct arena *arena, struct list_rows *ret_rows)
{
	struct list_rows rows = { 0 };
	struct int_list cell = { 0 };
	uint64_t step = walk->after ? (uint64_t)walk->after->number : 0, end = (uint64_t)1 << walk->shuffle.bits;
	enum db_status status = DB_OK;
	for (uint64_t taken = 0; step < end && taken < walk->steps_max; step++, taken++) {
		status = visit(db, plan, walk, step, arena, &cell, &rows);
		if (status != DB_OK)
			return status;
		if (rows.count >= limit)
			break;
	}
	/* The last step may have given more than one. */
	rows.count = rows.count < limit ? rows.count : limit;
	*ret_rows = rows;
	return DB_OK;
}
