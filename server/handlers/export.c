// SPDX-License-Identifier: MIT
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "db/log.h"
#include "server/answer.h"
#include "server/bundle_lines.h"
#include "server/exports.h"
#include "server/handlers/handlers.h"
#include "server/problem.h"

/*
 * Everything that the store holds at one moment. It takes longer than any other read, so it has a connection of its
 * own: that of the loop must not keep a snapshot.
 */
struct export_source {
	struct body_source source; /* first, for it is what the response knows */
	struct exports *exports;
	struct bundle_lines lines;
};

static enum body_source_state export_more(struct body_source *source, struct buffer *out)
{
	struct export_source *export = (struct export_source *)source;
	enum db_status status = bundle_lines_next(&export->lines, out);
	if (status == DB_OK)
		return BODY_SOURCE_MORE;
	if (status == DB_NOT_FOUND)
		return BODY_SOURCE_ENDED;
	log_line("export: broken off after '%.200s'", export->lines.last.length ? export->lines.last.data : "nothing");
	return BODY_SOURCE_BROKEN;
}

static void export_close(struct body_source *source)
{
	struct export_source *export = (struct export_source *)source;
	bundle_lines_deinit(&export->lines);
	if (export->lines.db)
		db_end_read(export->lines.db);
	db_close(export->lines.db);
	atomic_fetch_sub(&export->exports->count, 1);
	free(export);
}

/* NULL with DB_OK: as many as may be are under way. */
static enum db_status export_open(struct exports *exports, struct export_source **ret_export)
{
	struct db_error error;
	*ret_export = NULL;
	if (atomic_fetch_add(&exports->count, 1) >= EXPORTS_MAX) {
		atomic_fetch_sub(&exports->count, 1);
		return DB_OK;
	}
	struct export_source *export = calloc(1, sizeof(*export));
	if (!export) {
		atomic_fetch_sub(&exports->count, 1);
		return DB_NO_MEMORY;
	}
	export->source = (struct body_source) { .more = export_more, .close = export_close };
	export->exports = exports;
	enum db_status status = db_open(exports->path, DB_READ, &export->lines.db, &error);
	if (status != DB_OK)
		log_line("export: the store could not be opened: %s", error.message);
	else
		status = db_begin_read(export->lines.db, 0);
	if (status != DB_OK)
		export_close(&export->source);
	else
		*ret_export = export;
	return status;
}

enum db_status handle_export(struct request *request, struct response *response)
{
	struct export_source *export = NULL;
	if (!(request->codings & CODING_BIT_IDENTITY)) {
		problem_answer(request, response,
			&(struct problem) {
				.code = "not-acceptable", .detail = "an export has only this coding: identity" });
		return DB_OK;
	}
	if (strcmp(request->method, "HEAD") != 0) {
		enum db_status status = export_open(request->exports, &export);
		if (status != DB_OK)
			return status;
		if (!export) {
			problem_answer(request, response,
				&(struct problem) {
					.code = "unavailable", .detail = "too many exports are under way" });
			return DB_OK;
		}
	}
	response->status = 200;
	response->has_no_length = true;
	response->source = export ? &export->source : NULL;
	response_header(response, "Content-Type", format_types[request->format]);
	return DB_OK;
}
