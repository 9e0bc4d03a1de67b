// SPDX-License-Identifier: MIT
#include "server/bundle_lines.h"

#include "db/bundle_get.h"
#include "server/json/bundle_write.h"

enum db_status bundle_lines_one(struct bundle_lines *lines, const char *slug, struct buffer *line)
{
	struct bundle bundle;
	struct out out;
	enum db_status status = bundle_get(lines->db, slug, &lines->arena, &bundle);
	if (status != DB_OK)
		return status;
	out_init(&out, line, false);
	bundle_write(&out, &bundle);
	buffer_append_char(line, '\n');
	return line->failed ? DB_NO_MEMORY : DB_OK;
}

enum db_status bundle_lines_next(struct bundle_lines *lines, struct buffer *out)
{
	const char *slug;
	arena_clear(&lines->arena);
	enum db_status status =
		bundle_next(lines->db, lines->last.length ? lines->last.data : "", &lines->arena, &slug);
	if (status != DB_OK)
		return status;
	/* The slug is in the arena, which the next round clears. */
	buffer_clear(&lines->last);
	buffer_append_string(&lines->last, slug);
	if (lines->last.failed)
		return DB_NO_MEMORY;
	status = bundle_lines_one(lines, slug, out);
	/* It is there by one index and not by another. */
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

void bundle_lines_deinit(struct bundle_lines *lines)
{
	buffer_deinit(&lines->last);
	arena_deinit(&lines->arena);
}
