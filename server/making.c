// SPDX-License-Identifier: MIT
#include "server/making.h"

#include "db/bundle_put.h"
#include "db/db.h"
#include "schema_seed.h"
#include "server/faults.h"
#include "server/json/bundle_read.h"

/* The seed was proven when it was built in; what fails now is the machine. */
static enum db_status put_seed(struct db *db)
{
	struct arena arena = { 0 };
	struct bundle bundle;
	struct bundle_problems problems;
	struct bundle_put_result result;
	enum db_status status = DB_NO_MEMORY;
	if (bundle_read((const char *)seed_bundle, seed_bundle_length, &arena, &bundle, &problems) == BUNDLE_READ_OK) {
		status = db_begin_write(db);
		if (status == DB_OK)
			status = bundle_put(db, &bundle, &arena, &result);
		if (status == DB_OK)
			status = db_commit(db);
		if (status != DB_OK)
			db_rollback(db);
	}
	arena_deinit(&arena);
	return status;
}

enum reviewd_status make_store(const char *path, bool empty, struct reviewd_error *ret_error)
{
	struct db *db;
	struct db_error fault;
	enum db_status status = db_open(path, DB_WRITE, &db, &fault);
	if (status == DB_BUSY)
		return REVIEWD_OK;
	if (status != DB_OK)
		return fault_of_opening(path, DB_WRITE, status, &fault, ret_error);
	bool is_new = db_is_new(db);
	if (is_new && !empty)
		status = put_seed(db);
	else if (!is_new)
		status = db_catch_up(db);
	enum reviewd_status result = REVIEWD_OK;
	if (status != DB_OK)
		result = fault_of_doing(is_new ? "storing the seed review" : "indexing", db, status, ret_error);
	if (is_new && status != DB_OK)
		db_unmake(db);
	else
		db_close(db);
	return result;
}
