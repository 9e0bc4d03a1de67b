// SPDX-License-Identifier: MIT
/* Bundles out of the store. */
#include <errno.h>
#include <string.h>

#include "server/bundle_lines.h"
#include "server/faults.h"
#include "server/reviewd.h"

/* Writes the line, or tells that it cannot. */
static bool write_line(FILE *out, struct buffer *line)
{
	bool written = fwrite(line->data, 1, line->length, out) == line->length;
	buffer_clear(line);
	return written;
}

static enum db_status export_all(struct bundle_lines *lines, struct buffer *line, FILE *out, bool *ret_written)
{
	enum db_status status = DB_OK;
	while (status == DB_OK && *ret_written) {
		status = bundle_lines_next(lines, line);
		if (status == DB_OK)
			*ret_written = write_line(out, line);
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status export_one(
	struct bundle_lines *lines, const char *review, struct buffer *line, FILE *out, bool *ret_written)
{
	enum db_status status = bundle_lines_one(lines, review, line);
	if (status == DB_OK)
		*ret_written = write_line(out, line);
	return status;
}

enum reviewd_status reviewd_export(const char *db, const char *review, FILE *out, struct reviewd_error *ret_error)
{
	const char *path = db ? db : default_store;
	struct db_error fault;
	struct bundle_lines lines = { 0 };
	struct buffer line = { 0 };
	bool written = true;
	enum db_status status = db_open(path, DB_READ, &lines.db, &fault);
	if (status != DB_OK)
		return fault_of_opening(path, DB_READ, status, &fault, ret_error);
	enum reviewd_status result = REVIEWD_OK;
	status = db_begin_read(lines.db, 0);
	if (status == DB_OK)
		status = review ? export_one(&lines, review, &line, out, &written)
				: export_all(&lines, &line, out, &written);
	if (fflush(out) != 0 || !written) {
		snprintf(ret_error->message, sizeof(ret_error->message), "cannot write: %s", strerror(errno));
		result = REVIEWD_IO;
	} else if (status == DB_NOT_FOUND) {
		snprintf(ret_error->message, sizeof(ret_error->message), "store %.*s has no review '%.200s'",
			PATH_SHOWN, path, review ? review : "");
		result = REVIEWD_NO_INPUT;
	} else if (status != DB_OK) {
		result = fault_of_doing("exporting", lines.db, status, ret_error);
	}
	buffer_deinit(&line);
	bundle_lines_deinit(&lines);
	db_end_read(lines.db);
	db_close(lines.db);
	return result;
}
