// SPDX-License-Identifier: MIT
/* POST /v1/import: bundles, one on each line, with a line of the answer for each. */
#include <inttypes.h>
#include <string.h>

#include "db/bundle_put.h"
#include "db/store.h"
#include "server/handlers/handlers.h"
#include "server/json/bundle_read.h"
#include "server/json/out.h"
#include "server/problem.h"
#include "server/request.h"
#include "server/write.h"

/* The answer waits in memory until the last line has come. */
enum { ANSWER_BYTES_MAX = 16 * 1024 * 1024 };

struct import_counts {
	uint64_t lines, added, changed, unchanged, refused;
	int64_t revision; /* of the store */
};

struct bundle_import {
	struct write write;
	struct request *request;
	struct response *response; /* its body is the answer so far */
	bool dry_run;
	bool overlong; /* the line at the start of the part was longer than it may be, and is cut */
	size_t part_bytes;
	size_t searched_bytes; /* of the body, without an end of a line */
	size_t answer_bytes;   /* before this part */
	struct import_counts counts, counts_before;
};

static const char *const outcome_names[] = {
	[PUT_ADDED] = "added",
	[PUT_CHANGED] = "changed",
	[PUT_UNCHANGED] = "unchanged",
};

static void begin_line(struct bundle_import *import, struct out *out)
{
	out_init(out, &import->response->body, false);
	out_object_begin(out);
	out_field_int(out, "line", (int64_t)import->counts.lines);
}

static void end_line(struct bundle_import *import, struct out *out)
{
	out_object_end(out);
	buffer_append_char(&import->response->body, '\n');
}

static void tell_refused(struct bundle_import *import, const struct bundle_problem *problems, size_t count)
{
	struct out out;
	import->counts.refused++;
	begin_line(import, &out);
	out_field_string(&out, "outcome", "refused");
	out_key(&out, "errors");
	out_array_begin(&out);
	for (size_t i = 0; i < count; i++) {
		out_object_begin(&out);
		out_field_string(&out, "pointer", problems[i].pointer);
		out_field_string(&out, "detail", problems[i].reason);
		out_object_end(&out);
	}
	out_array_end(&out);
	end_line(import, &out);
}

static void tell_done(struct bundle_import *import, const struct bundle *bundle, const struct bundle_put_result *result)
{
	struct out out;
	uint64_t *const counts[] = { [PUT_ADDED] = &import->counts.added,
		[PUT_CHANGED] = &import->counts.changed,
		[PUT_UNCHANGED] = &import->counts.unchanged };
	++*counts[result->outcome];
	import->counts.revision = result->revision;
	begin_line(import, &out);
	out_field_string(&out, "id", bundle->slug);
	out_field_string(&out, "outcome", outcome_names[result->outcome]);
	out_field_int(&out, "revision", result->revision);
	end_line(import, &out);
}

static enum db_status put_one(struct bundle_import *import, struct db *db, const struct bundle *bundle,
	struct arena *arena, struct bundle_put_result *result)
{
	bool deleted;
	enum db_status status = store_was_deleted(db, NOUN_REVIEW, bundle->slug, &deleted);
	if (status == DB_OK && deleted) {
		const struct bundle_problem gone = { "/id", "the review has been deleted; its id is not used again" };
		tell_refused(import, &gone, 1);
		return DB_INVALID;
	}
	if (status == DB_OK)
		status = bundle_put(db, bundle, arena, result);
	if (status == DB_INVALID)
		tell_refused(import, &(struct bundle_problem) { result->pointer, result->reason }, 1);
	return status;
}

static enum db_status import_line(
	struct bundle_import *import, struct db *db, struct arena *arena, const char *line, size_t length)
{
	struct bundle bundle;
	struct bundle_problems problems;
	struct bundle_put_result result = { 0 };
	size_t max = import->request->body_bytes_max;
	if (length > max) {
		const char *reason = arena_printf(arena, "longer than %zu bytes", max);
		if (reason)
			tell_refused(import, &(struct bundle_problem) { "", reason }, 1);
		return reason ? DB_OK : DB_NO_MEMORY;
	}
	enum bundle_read_status read = bundle_read(line, length, arena, &bundle, &problems);
	if (read == BUNDLE_READ_NO_MEMORY)
		return DB_NO_MEMORY;
	if (read != BUNDLE_READ_OK) {
		tell_refused(import, problems.items, problems.count);
		return DB_OK;
	}
	enum db_status status = put_one(import, db, &bundle, arena, &result);
	if (status == DB_OK)
		tell_done(import, &bundle, &result);
	return status == DB_INVALID ? DB_OK : status;
}

static bool is_blank(const char *line, size_t length)
{
	return strspn(line, " \t\r") >= length;
}

/* What is to be stored comes in small parts, and no part is left halfway. A dry run is one part, and ends there. */
static bool is_too_much(const struct bundle_import *import)
{
	return import->dry_run && import->response->body.length > ANSWER_BYTES_MAX;
}

/* What is in the part, line by line. */
static enum db_status apply_import(struct write *write, struct db *db)
{
	struct bundle_import *import = (struct bundle_import *)write;
	struct arena arena = { 0 };
	enum db_status status = DB_OK;
	const char *line = import->request->body.data, *end = line + import->part_bytes;
	buffer_cut(&import->response->body, import->answer_bytes);
	import->counts = import->counts_before;
	bool overlong = import->overlong;
	while (line < end && status == DB_OK && !is_too_much(import)) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = newline ? (size_t)(newline - line) : (size_t)(end - line);
		import->counts.lines++;
		if (overlong || !is_blank(line, length))
			status = import_line(import, db, &arena, line, overlong ? SIZE_MAX : length);
		overlong = false;
		arena_clear(&arena);
		line += length + (newline != NULL);
	}
	arena_deinit(&arena);
	if (status == DB_OK && import->response->body.failed)
		status = DB_NO_MEMORY;
	return status == DB_OK && import->dry_run ? DB_INVALID : status;
}

static void take_part_away(struct request *request, size_t bytes)
{
	struct buffer *body = &request->body;
	memmove(body->data, body->data + bytes, body->length - bytes);
	buffer_cut(body, body->length - bytes);
}

static void answer_all(struct bundle_import *import, struct request *request, struct response *response)
{
	const struct import_counts *counts = &import->counts;
	struct out out;
	out_init(&out, &response->body, false);
	out_object_begin(&out);
	out_field_int(&out, "lines", (int64_t)counts->lines);
	out_field_int(&out, "added", (int64_t)counts->added);
	out_field_int(&out, "changed", (int64_t)counts->changed);
	out_field_int(&out, "unchanged", (int64_t)counts->unchanged);
	out_field_int(&out, "refused", (int64_t)counts->refused);
	out_field_int(&out, "revision",
		counts->revision > request->store.revision && !import->dry_run ? counts->revision
									       : request->store.revision);
	out_object_end(&out);
	buffer_append_char(&response->body, '\n');
	response->status = 200;
	response_header(response, "Content-Type", "application/x-ndjson");
}

/* Stops, and says how far it came. */
static void stop(struct bundle_import *import, struct response *response, const char *code, const char *reason)
{
	struct request *request = import->request;
	const char *so_far =
		import->dry_run || !import->counts_before.lines
			? "nothing is stored"
			: arena_printf(request->arena, "lines 1 to %" PRIu64 " are stored, the rest is not",
				  import->counts_before.lines);
	problem_answer(request, response,
		&(struct problem) { .code = code,
			.detail = so_far && reason ? arena_printf(request->arena, "%s; %s", reason, so_far) : NULL });
}

static enum db_status go_on(struct bundle_import *import, struct request *request, struct response *response);

static enum db_status answer_part(struct write *write, struct request *request, struct response *response)
{
	struct bundle_import *import = (struct bundle_import *)write;
	enum db_status status = import->write.status;
	if (status == DB_NO_MEMORY)
		return status;
	if (status == DB_BUSY) {
		stop(import, response, "unavailable", "another process is writing to the store");
		return DB_OK;
	}
	if (status != DB_OK) {
		stop(import, response, "not-stored", "the disk is full or failing, or the server has a fault");
		return DB_OK;
	}
	take_part_away(request, import->part_bytes);
	import->counts_before = import->counts;
	import->overlong = false;
	import->answer_bytes = response->body.length;
	return go_on(import, request, response);
}

/* The last byte behind the last whole line; all there is when no more comes. */
static size_t find_part(struct bundle_import *import)
{
	const struct buffer *body = &import->request->body;
	size_t searched = import->searched_bytes;
	if (import->request->body_ended || body->length <= searched)
		return import->request->body_ended ? body->length : 0;
	const char *newline = memrchr(body->data + searched, '\n', body->length - searched);
	import->searched_bytes = newline ? 0 : body->length;
	return newline ? (size_t)(newline - body->data) + 1 : 0;
}

/* Hands over what is there, or waits for more. */
static enum db_status go_on(struct bundle_import *import, struct request *request, struct response *response)
{
	size_t limit = request->body_bytes_max;
	size_t part = import->dry_run && !request->body_ended ? 0 : find_part(import);
	if (import->answer_bytes > ANSWER_BYTES_MAX && (part || import->dry_run)) {
		stop(import, response, "payload-too-large", "that is too much for one request");
	} else if (!part && request->body.length > limit && import->dry_run) {
		stop(import, response, "payload-too-large",
			arena_printf(request->arena, "a dry run takes at most %zu bytes", limit));
	} else if (!part && request->body.length > limit) {
		import->overlong = true;
		buffer_cut(&request->body, 1);
		import->searched_bytes = 1;
	} else if (part) {
		import->part_bytes = part;
		import->write =
			(struct write) { .apply = apply_import, .is_trial = import->dry_run, .answer = answer_part };
		request->write = &import->write;
	} else if (request->body_ended) {
		answer_all(import, request, response);
	}
	return DB_OK;
}

enum db_status handle_bundle_import(struct request *request, struct response *response)
{
	struct bundle_import *import = request->progress;
	if (!import) {
		import = arena_alloc(request->arena, sizeof(*import));
		if (!import)
			return DB_NO_MEMORY;
		import->request = request;
		import->response = response;
		import->dry_run = param_number(&request->params, PARAM_DRY_RUN, 0);
		request->progress = import;
	}
	return go_on(import, request, response);
}
