// SPDX-License-Identifier: MIT
/* Bundles out of the store. */
#include <errno.h>
#include <string.h>

#include "db/bundle_get.h"
#include "server/faults.h"
#include "server/json/bundle_write.h"
#include "server/reviewd.h"

struct exporting {
	struct db *db;
	struct arena arena; /* for one bundle */
	struct buffer line;
	FILE *out;
	bool write_failed;
};

static enum db_status export_bundle(struct exporting *exporting, const char *slug)
{
	struct bundle bundle;
	struct out out;
	enum db_status status = bundle_get(exporting->db, slug, &exporting->arena, &bundle);
	if (status != DB_OK)
		return status;
	buffer_clear(&exporting->line);
	out_init(&out, &exporting->line, false);
	bundle_write(&out, &bundle);
	buffer_append_char(&exporting->line, '\n');
	if (exporting->line.failed)
		return DB_NO_MEMORY;
	size_t written = fwrite(exporting->line.data, 1, exporting->line.length, exporting->out);
	exporting->write_failed = written != exporting->line.length;
	return DB_OK;
}

static enum db_status export_all(struct exporting *exporting)
{
	struct buffer last = { 0 };
	const char *slug;
	enum db_status status = DB_OK;
	buffer_append_string(&last, "");
	while (!last.failed && !exporting->write_failed) {
		arena_clear(&exporting->arena);
		status = bundle_next(exporting->db, last.data, &exporting->arena, &slug);
		if (status == DB_NOT_FOUND) {
			status = DB_OK;
			break;
		}
		if (status != DB_OK)
			break;
		/* The slug is in the arena, which the next round clears. */
		buffer_clear(&last);
		buffer_append_string(&last, slug);
		status = export_bundle(exporting, slug);
		/* It is there by one index and not by another. */
		if (status == DB_NOT_FOUND)
			status = DB_CORRUPT;
		if (status != DB_OK)
			break;
	}
	bool failed = last.failed;
	buffer_deinit(&last);
	return failed ? DB_NO_MEMORY : status;
}

enum reviewd_status reviewd_export(const char *db, const char *review, FILE *out, struct reviewd_error *ret_error)
{
	const char *path = db ? db : default_store;
	struct db_error fault;
	struct exporting exporting = { .out = out };
	enum db_status status = db_open(path, DB_READ, &exporting.db, &fault);
	if (status != DB_OK)
		return fault_of_opening(path, DB_READ, status, &fault, ret_error);
	enum reviewd_status result = REVIEWD_OK;
	status = db_begin_read(exporting.db, 0);
	if (status == DB_OK)
		status = review ? export_bundle(&exporting, review) : export_all(&exporting);
	if (fflush(out) != 0 || exporting.write_failed) {
		snprintf(ret_error->message, sizeof(ret_error->message), "cannot write: %s", strerror(errno));
		result = REVIEWD_IO;
	} else if (status == DB_NOT_FOUND) {
		snprintf(ret_error->message, sizeof(ret_error->message), "store %.*s has no review '%.200s'",
			PATH_SHOWN, path, review ? review : "");
		result = REVIEWD_NO_INPUT;
	} else if (status != DB_OK) {
		result = fault_of_doing("exporting", exporting.db, status, ret_error);
	}
	buffer_deinit(&exporting.line);
	arena_deinit(&exporting.arena);
	db_end_read(exporting.db);
	db_close(exporting.db);
	return result;
}
