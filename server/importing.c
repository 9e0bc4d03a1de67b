// SPDX-License-Identifier: MIT
/* Bundles from files into the store. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "db/bundle_put.h"
#include "db/db.h"
#include "server/documents.h"
#include "server/faults.h"
#include "server/json/bundle_read.h"
#include "server/reviewd.h"

/* A commit waits for the disk, so one is made for all bundles of this time; a crash costs no more than that. */
enum { COMMIT_NS = 500000000 };

struct importing {
	const struct reviewd_import_options *options;
	const struct reviewd_import_listener *listener;
	struct reviewd_import_result result;
	struct db *db;
	struct arena arena; /* for one bundle */
	const char *file;
	uint64_t line;
	int64_t committed_ns;
	enum reviewd_status input; /* what was wrong with the files, without an end to the import */
	struct reviewd_error *error;
};

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void tell_refused(struct importing *importing, const char *pointer, const char *reason)
{
	if (importing->listener->refused)
		importing->listener->refused(
			importing->file, importing->line, pointer, reason, importing->listener->context);
}

static enum db_status put_bundle(struct importing *importing, const struct bundle *bundle)
{
	struct bundle_put_result result = { 0 };
	enum db_status status = db_savepoint(importing->db);
	if (status != DB_OK)
		return status;
	status = bundle_put(importing->db, bundle, &importing->arena, &result);
	if (status == DB_OK)
		status = db_savepoint_release(importing->db);
	else if (status == DB_INVALID)
		db_savepoint_rollback(importing->db);
	if (status == DB_INVALID) {
		importing->result.refused++;
		tell_refused(importing, result.pointer, result.reason);
		return DB_OK;
	}
	if (status != DB_OK)
		return status;
	uint64_t *const counts[] = { [PUT_ADDED] = &importing->result.added,
		[PUT_CHANGED] = &importing->result.changed,
		[PUT_UNCHANGED] = &importing->result.unchanged };
	++*counts[result.outcome];
	return DB_OK;
}

/* What is committed between two bundles stays, whatever happens later; with `atomic` or `dry_run` there is no between.
 */
static enum db_status commit_in_between(struct importing *importing)
{
	if (importing->options->atomic || importing->options->dry_run || now_ns() - importing->committed_ns < COMMIT_NS)
		return DB_OK;
	enum db_status status = db_commit(importing->db);
	if (status == DB_OK)
		status = db_begin_write(importing->db);
	importing->committed_ns = now_ns();
	return status;
}

static enum db_status import_document(struct importing *importing, const char *json, size_t length)
{
	struct bundle bundle;
	struct bundle_problems problems;
	enum db_status status = DB_OK;
	arena_clear(&importing->arena);
	switch (bundle_read(json, length, &importing->arena, &bundle, &problems)) {
	case BUNDLE_READ_OK:
		status = put_bundle(importing, &bundle);
		break;
	case BUNDLE_READ_INVALID:
		importing->result.refused++;
		for (size_t i = 0; i < problems.count; i++)
			tell_refused(importing, problems.items[i].pointer, problems.items[i].reason);
		break;
	case BUNDLE_READ_NO_MEMORY:
		status = DB_NO_MEMORY;
		break;
	}
	if (status == DB_OK && importing->listener->progress)
		importing->listener->progress(&importing->result, importing->listener->context);
	return status == DB_OK ? commit_in_between(importing) : status;
}

static void note_input_fault(struct importing *importing, int error)
{
	importing->input = REVIEWD_NO_INPUT;
	snprintf(importing->error->message, sizeof(importing->error->message), "cannot read %.*s: %s", PATH_SHOWN,
		importing->file, strerror(error));
}

static enum db_status import_file(struct importing *importing)
{
	bool is_stdin = !strcmp(importing->file, "-");
	FILE *file = is_stdin ? stdin : fopen(importing->file, "re");
	struct documents documents;
	const char *json;
	size_t length;
	enum db_status status = DB_OK;
	enum documents_status next;
	if (!file) {
		note_input_fault(importing, errno);
		return DB_OK;
	}
	documents_init(&documents, file);
	while ((next = documents_next(&documents, &json, &length, &importing->line)) == DOCUMENTS_OK && status == DB_OK)
		status = import_document(importing, json, length);
	if (next == DOCUMENTS_IO && status == DB_OK)
		note_input_fault(importing, errno);
	else if (next == DOCUMENTS_NO_MEMORY && status == DB_OK)
		status = DB_NO_MEMORY;
	documents_deinit(&documents);
	if (!is_stdin)
		fclose(file);
	return status;
}

static enum db_status import_files(struct importing *importing)
{
	const struct reviewd_import_options *options = importing->options;
	enum db_status status = db_begin_write(importing->db);
	importing->committed_ns = now_ns();
	for (size_t i = 0; i < options->file_count && status == DB_OK; i++) {
		importing->file = options->files[i];
		status = import_file(importing);
	}
	bool keep = !options->dry_run && !(options->atomic && (importing->result.refused || importing->input));
	if (status == DB_OK && keep)
		status = db_commit(importing->db);
	if (status != DB_OK || !keep)
		db_rollback(importing->db);
	return status;
}

enum reviewd_status reviewd_import(const struct reviewd_import_options *options,
	const struct reviewd_import_listener *listener, struct reviewd_import_result *ret_result,
	struct reviewd_error *ret_error)
{
	const char *path = options->db ? options->db : default_store;
	struct db_error fault;
	struct importing importing = { .options = options, .listener = listener, .error = ret_error };
	enum db_status status = db_open(path, options->dry_run ? DB_TRY : DB_WRITE, &importing.db, &fault);
	if (status != DB_OK)
		return fault_of_opening(path, DB_WRITE, status, &fault, ret_error);
	ret_error->message[0] = '\0';
	status = import_files(&importing);
	enum reviewd_status result = importing.input;
	if (status != DB_OK) {
		result = fault_of_doing("importing", importing.db, status, ret_error);
	} else if (importing.result.refused) {
		result = REVIEWD_DATA;
		if (!importing.input)
			snprintf(ret_error->message, sizeof(ret_error->message), "%llu of the bundles refused%s",
				(unsigned long long)importing.result.refused,
				options->atomic    ? "; nothing was stored"
				: options->dry_run ? ""
						   : "; the others are stored");
	}
	arena_deinit(&importing.arena);
	db_close(importing.db);
	if (status == DB_OK)
		*ret_result = importing.result;
	return result;
}
