// SPDX-License-Identifier: MIT
/* Bundles from files into the store. */
#include <stdio.h>
#include <string.h>

#include "db/bundle_put.h"
#include "db/clock.h"
#include "db/db.h"
#include "server/bundle_stream.h"
#include "server/faults.h"
#include "server/reviewd.h"

/*
 * A commit waits for the disk, so one is made for all bundles of some time; a crash costs no more than that. The first
 * one of a new store comes early, since until then nobody can read it (DB_FILL). An input that has nothing to give for
 * a while keeps nobody waiting for what came before.
 */
enum { FIRST_COMMIT_MS = 2000, COMMIT_MS = 5000, IDLE_MS = 1000 };

struct importing {
	const struct reviewd_import_options *options;
	const struct reviewd_import_listener *listener;
	struct reviewd_import_result result;
	struct db *db;
	int64_t began_ns, committed_ns;
	unsigned commit_ms; /* how long after the last commit the next one comes */
	size_t unreadable;  /* files */
	struct reviewd_error *error;
};

static void refuse(struct importing *importing, const struct streamed *streamed, const struct bundle_problem *problems,
	size_t count)
{
	importing->result.refused++;
	for (size_t i = 0; i < count && importing->listener->refused; i++)
		importing->listener->refused(streamed->file, streamed->line, problems[i].pointer, problems[i].reason,
			importing->listener->context);
}

static void count_bundle(struct reviewd_import_result *result, const struct bundle *bundle, enum put_outcome outcome)
{
	uint64_t *const counts[] = {
		[PUT_ADDED] = &result->added, [PUT_CHANGED] = &result->changed, [PUT_UNCHANGED] = &result->unchanged
	};
	++*counts[outcome];
	result->quotes += bundle->quote_count;
	for (size_t i = 0; i < bundle->quote_count; i++)
		result->spans += bundle->quotes[i].span_count;
	result->mentions += bundle->mention_count;
	result->text_bytes += bundle->text_bytes;
}

static enum db_status put_bundle(struct importing *importing, struct streamed *streamed)
{
	struct bundle_put_result result = { 0 };
	enum db_status status = bundle_put(importing->db, &streamed->bundle, &streamed->arena, &result);
	if (status == DB_OK)
		count_bundle(&importing->result, &streamed->bundle, result.outcome);
	if (status == DB_OK && !importing->options->dry_run)
		status = bundle_index(importing->db, &streamed->bundle, &result);
	if (status != DB_INVALID)
		return status;
	refuse(importing, streamed, &(struct bundle_problem) { .pointer = result.pointer, .reason = result.reason }, 1);
	return DB_OK;
}

/* What is committed between two bundles stays, whatever happens later; with `atomic` or `dry_run` there is no between.
 */
static enum db_status commit_in_between(struct importing *importing, unsigned after_ms)
{
	if (importing->options->atomic || importing->options->dry_run ||
		clock_ns() - importing->committed_ns < after_ms * INT64_C(1000000))
		return DB_OK;
	enum db_status status = db_commit(importing->db);
	if (status == DB_OK)
		status = db_begin_write(importing->db);
	importing->committed_ns = clock_ns();
	importing->commit_ms = COMMIT_MS;
	return status;
}

/* One line tells of all files that could not be read, as far as it reaches. */
static void note_unreadable(struct importing *importing, const struct streamed *streamed)
{
	char *message = importing->error->message;
	size_t size = sizeof(importing->error->message), length = strlen(message);
	snprintf(message + length, size - length, "%scannot read %.*s: %s", importing->unreadable++ ? "; " : "",
		PATH_SHOWN, streamed->file, strerror(streamed->error));
}

static enum db_status import_streamed(struct importing *importing, struct streamed *streamed)
{
	enum db_status status = DB_OK;
	switch (streamed->kind) {
	case STREAMED_BUNDLE:
		status = put_bundle(importing, streamed);
		break;
	case STREAMED_REFUSED:
		refuse(importing, streamed, streamed->problems.items, streamed->problems.count);
		break;
	case STREAMED_UNREADABLE:
		note_unreadable(importing, streamed);
		break;
	case STREAMED_NO_MEMORY:
		return DB_NO_MEMORY;
	case STREAMED_END:
		return DB_OK;
	}
	importing->result.input_read = streamed->input_read;
	importing->result.nanoseconds = (uint64_t)(clock_ns() - importing->began_ns);
	if (status == DB_OK && importing->listener->progress)
		importing->listener->progress(&importing->result, importing->listener->context);
	return status == DB_OK ? commit_in_between(importing, importing->commit_ms) : status;
}

static enum db_status import_stream(struct importing *importing, struct bundle_stream *stream)
{
	const struct reviewd_import_options *options = importing->options;
	/* What earlier imports left for later would be too much for the first commit. */
	bool catches_up = !options->no_index && !options->dry_run && !db_is_new(importing->db);
	enum db_status status = catches_up ? db_catch_up(importing->db) : DB_OK;
	if (status == DB_OK)
		status = db_begin_write(importing->db);
	importing->began_ns = importing->committed_ns = clock_ns();
	importing->commit_ms = FIRST_COMMIT_MS;
	importing->result.input_bytes = bundle_stream_input_bytes(stream);
	struct streamed *streamed = NULL;
	while (status == DB_OK && (!streamed || streamed->kind != STREAMED_END)) {
		streamed = bundle_stream_next(stream, IDLE_MS);
		status = streamed ? import_streamed(importing, streamed) : commit_in_between(importing, IDLE_MS);
	}
	bool keep = !options->dry_run && !(options->atomic && (importing->result.refused || importing->unreadable));
	if (status == DB_OK && keep)
		status = db_commit(importing->db);
	if (status != DB_OK || !keep)
		db_rollback(importing->db);
	importing->result.nanoseconds = (uint64_t)(clock_ns() - importing->began_ns);
	return status;
}

/* What the import came to, once the store has taken or refused everything. */
static enum reviewd_status conclude(struct importing *importing, enum db_status status)
{
	const struct reviewd_import_options *options = importing->options;
	if (status != DB_OK)
		return fault_of_doing("importing", importing->db, status, importing->error);
	if (!importing->result.refused)
		return importing->unreadable ? REVIEWD_NO_INPUT : REVIEWD_OK;
	if (!importing->unreadable)
		snprintf(importing->error->message, sizeof(importing->error->message), "%llu of the bundles refused%s",
			(unsigned long long)importing->result.refused,
			options->atomic    ? "; nothing was stored"
			: options->dry_run ? ""
					   : "; the others are stored");
	return REVIEWD_DATA;
}

enum reviewd_status reviewd_import(const struct reviewd_import_options *options,
	const struct reviewd_import_listener *listener, struct reviewd_import_result *ret_result,
	struct reviewd_error *ret_error)
{
	const char *path = options->db ? options->db : default_store;
	struct db_error fault;
	struct importing importing = { .options = options, .listener = listener, .error = ret_error };
	/* Nobody is to wait for an input that is all or nothing. */
	enum db_mode mode = options->dry_run ? DB_TRY : options->atomic ? DB_WRITE : DB_FILL;
	enum db_status status = db_open(path, mode, &importing.db, &fault);
	enum reviewd_status result;
	ret_error->message[0] = '\0';
	if (status == DB_OK) {
		db_trust_references(importing.db);
		if (options->no_index)
			db_index_later(importing.db);
		struct bundle_stream *stream = bundle_stream_open(options);
		status = stream ? import_stream(&importing, stream) : DB_NO_MEMORY;
		bundle_stream_close(stream);
		result = conclude(&importing, status);
		db_close(importing.db);
	} else {
		result = fault_of_opening(path, DB_WRITE, status, &fault, ret_error);
	}
	if (status == DB_OK)
		*ret_result = importing.result;
	return result;
}
