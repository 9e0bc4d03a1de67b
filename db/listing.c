// SPDX-License-Identifier: MIT
#include "db/listing.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMN_ID, COLUMN_KEY };
enum { MERGED_RUNS = 8 };

/* Rows of all runs, which are sorted and cut at the end. */
struct collecting {
	struct db *db;
	const struct listing *listing;
	struct arena *arena;
	struct list_rows rows;
};

static enum db_status collect_row(struct collecting *collecting, struct stmt *stmt, enum place_key key)
{
	struct list_rows *rows = &collecting->rows;
	struct list_place *items = arena_push(collecting->arena, rows->items, rows->count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	rows->items = items;
	items[rows->count++] = (struct list_place) {
		.key = key,
		.id = stmt_int(stmt, COLUMN_ID),
		.number = key == PLACE_NUMBER ? stmt_int(stmt, COLUMN_KEY) : 0,
		.text = key == PLACE_TEXT ? stmt_copy(stmt, COLUMN_KEY, collecting->arena) : NULL,
	};
	return stmt_row_status(stmt);
}

/* What one run asks of the rows whose key is known, or of the others. */
static void assemble(const struct listing *listing, int64_t value, bool known, size_t limit, struct assembly *assembly)
{
	const struct list_order *order = listing->order, *ways = known ? order : order->rest;
	const struct list_place *after = listing->after;
	int way = listing->descending ? DESCENDING : ASCENDING;
	*assembly = listing->from;
	assembly_put_head(assembly, order->head);
	assembly_add_condition(assembly, known ? order->known : order->unknown);
	if (after && known == (after->key != PLACE_UNKNOWN)) {
		assembly_add_condition(assembly, ways->after[way]);
		assembly_bind_int(assembly, ":after_id", after->id);
		assembly_bind_int(assembly, ":after_number", after->number);
		assembly_bind_text(assembly, ":after_text", after->text ? after->text : "");
	}
	assembly->recipe.tail = (uint16_t)ways->by[way];
	assembly_bind_int(assembly, ":value", value);
	assembly_bind_int(assembly, ":limit", (int64_t)limit);
}

static enum db_status collect_part(struct collecting *collecting, int64_t value, bool known, size_t limit)
{
	const struct listing *listing = collecting->listing;
	struct assembly assembly;
	assemble(listing, value, known, limit, &assembly);
	STMT_LEASE struct stmt *stmt = NULL;
	enum db_status status = assembly_open(collecting->db, &assembly, listing->name, &stmt);
	while (status == DB_OK && (status = stmt_step(stmt)) == DB_OK)
		status = collect_row(collecting, stmt, known ? listing->order->key : PLACE_UNKNOWN);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status collect_run(struct collecting *collecting, int64_t value)
{
	const struct listing *listing = collecting->listing;
	const struct list_place *after = listing->after;
	size_t before = collecting->rows.count;
	enum db_status status = DB_OK;
	if (!after || after->key != PLACE_UNKNOWN)
		status = collect_part(collecting, value, true, listing->limit);
	size_t got = collecting->rows.count - before;
	if (status == DB_OK && listing->order->rest && got < listing->limit)
		status = collect_part(collecting, value, false, listing->limit - got);
	return status;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_ascending(const void *first, const void *second)
{
	const struct list_place *a = first, *b = second;
	int order = compare_numbers(a->key == PLACE_UNKNOWN, b->key == PLACE_UNKNOWN);
	if (!order && a->text && b->text)
		order = strcmp(a->text, b->text);
	if (!order)
		order = compare_numbers(a->number, b->number);
	return order ? order : compare_numbers(a->id, b->id);
}

static int compare_descending(const void *first, const void *second)
{
	const struct list_place *a = first, *b = second;
	int unknown = compare_numbers(a->key == PLACE_UNKNOWN, b->key == PLACE_UNKNOWN);
	return unknown ? unknown : compare_ascending(second, first);
}

/* Every run gave its first `limit`, so the first `limit` of them all are among these. */
static void merge(const struct listing *listing, struct list_rows *rows)
{
	if (rows->count)
		qsort(rows->items, rows->count, sizeof(*rows->items),
			listing->descending ? compare_descending : compare_ascending);
	size_t kept = 0;
	for (size_t i = 0; i < rows->count && kept < listing->limit; i++) {
		if (!kept || rows->items[kept - 1].id != rows->items[i].id)
			rows->items[kept++] = rows->items[i];
	}
	rows->count = kept;
}

enum db_status listing_rows(
	struct db *db, const struct listing *listing, struct arena *arena, struct list_rows *ret_rows)
{
	struct collecting collecting = { .db = db, .listing = listing, .arena = arena };
	size_t runs = listing->values.count;
	enum db_status status = runs ? DB_OK : collect_run(&collecting, 0);
	for (size_t i = 0; i < runs && status == DB_OK; i++) {
		status = collect_run(&collecting, listing->values.items[i]);
		/* Now and then, so that many runs take no more memory than some. */
		if (i + 1 == runs || collecting.rows.count > MERGED_RUNS * listing->limit)
			merge(listing, &collecting.rows);
	}
	if (status == DB_OK)
		*ret_rows = collecting.rows;
	return status;
}

bool listing_cut(struct list_rows *rows, size_t limit)
{
	bool more = rows->count > limit;
	if (more)
		rows->count = limit;
	return more;
}

bool listing_scans(int64_t fitting, int64_t all, size_t limit, int64_t weight)
{
	return (double)fitting * (double)fitting <= (double)weight * (double)limit * (double)all;
}
