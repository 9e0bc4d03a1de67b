// SPDX-License-Identifier: MIT
#include "db/quote_lengths.h"

#include <stdlib.h>

#include "db/connection.h"
#include "db/rows.h"

/* 64 KiB: enough for several to go to the same page of a tree with a hundred thousand of them. */
enum { GATHERED_MAX = 4096 };

static int compare(const void *first, const void *second)
{
	const struct quote_length *a = first, *b = second;
	if (a->codepoints != b->codepoints)
		return a->codepoints < b->codepoints ? -1 : 1;
	return (a->quote_id > b->quote_id) - (a->quote_id < b->quote_id);
}

enum db_status quote_lengths_put(struct db *db)
{
	struct quote_lengths *lengths = &db->lengths;
	if (!lengths->count)
		return DB_OK;
	struct arena arena = { 0 };
	struct rows *rows = rows_begin(db, STMT_QUOTE_LENGTHS_INSERT, &arena);
	enum db_status status = rows ? DB_OK : DB_NO_MEMORY;
	qsort(lengths->items, lengths->count, sizeof(*lengths->items), compare);
	for (size_t i = 0; i < lengths->count && status == DB_OK; i++)
		status = rows_add(rows,
			&(struct row) { .numbers = { lengths->items[i].codepoints, lengths->items[i].quote_id } });
	if (status == DB_OK)
		status = rows_end(rows);
	arena_deinit(&arena);
	quote_lengths_forget(db);
	return status;
}

enum db_status quote_lengths_add(struct db *db, int64_t codepoints, int64_t quote_id)
{
	struct quote_lengths *lengths = &db->lengths;
	if (!lengths->items)
		lengths->items = reallocarray(NULL, GATHERED_MAX, sizeof(*lengths->items));
	if (!lengths->items)
		return DB_NO_MEMORY;
	lengths->items[lengths->count++] = (struct quote_length) { codepoints, quote_id };
	return lengths->count == GATHERED_MAX ? quote_lengths_put(db) : DB_OK;
}

void quote_lengths_forget(struct db *db)
{
	free(db->lengths.items);
	db->lengths = (struct quote_lengths) { .items = NULL };
}
