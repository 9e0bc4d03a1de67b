// SPDX-License-Identifier: MIT
#include "server/writer.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "db/check.h"
#include "db/clock.h"
#include "db/log.h"

/*
 * IDLE_MS: the store is given back when nothing came for so long. LOCK_MS: another process may hold it for so long
 * before clients are told to come back. TRIAL_MS: between two trial writes after a fault. CHECK_PAGES: up to this size,
 * which takes about a second, a store that was found damaged is looked through whole before it is written again.
 */
enum { IDLE_MS = 250, LOCK_MS = 1000, TRIAL_MS = 2000, CHECK_PAGES = 64 * 1024 };

/*
 * Pages of the file stay in memory, fewer than an import has: a commit that balanced a tree goes through all places for
 * them (SQLite 3.40), and with 16 MB of them 64 clients write 4 % less.
 */
enum { PAGE_BYTES = 4 * 1024 * 1024 };

/* So many pages in the log are moved into the file, which takes a moment that nobody waits for. */
enum { LOG_PAGES = 1000 };

struct writer {
	char *path;
	dev_t device; /* what file that was at the start */
	ino_t inode;
	pthread_t thread;

	pthread_mutex_t mutex; /* over the queue and the fault */
	pthread_cond_t wake;
	struct write *first, **last; /* in the order in which they came */
	bool stopping;
	enum db_status fault; /* DB_OK: it is well */

	/* The thread's own. */
	struct db *db; /* NULL: given back */
	int64_t trial_ms;
};

static void set_fault(struct writer *writer, enum db_status fault)
{
	pthread_mutex_lock(&writer->mutex);
	bool changed = writer->fault != fault;
	writer->fault = fault;
	pthread_mutex_unlock(&writer->mutex);
	if (changed)
		log_line(
			fault == DB_OK ? "writing goes well again" : "nothing is written until the disk is well again");
}

static void give_back(struct writer *writer)
{
	db_close(writer->db);
	writer->db = NULL;
}

/* The file that readers have open must be the one that is written. */
static bool is_replaced(const struct writer *writer)
{
	struct stat now;
	return stat(writer->path, &now) < 0 || now.st_dev != writer->device || now.st_ino != writer->inode;
}

static enum db_status take_store(struct writer *writer)
{
	struct db_error error;
	if (writer->db)
		return DB_OK;
	if (is_replaced(writer)) {
		log_line("store: the file is not the one it was at the start; nothing is written into another one");
		return DB_CORRUPT;
	}
	enum db_status status = db_open_patiently(writer->path, LOCK_MS, &writer->db, &error);
	if (status == DB_OK) {
		db_checkpoint_by_hand(writer->db);
		db_keep_pages(writer->db, PAGE_BYTES);
	} else if (status != DB_BUSY)
		log_line("store: cannot be opened for writing: %s", error.message);
	return status;
}

static enum db_status try_out(struct writer *writer, struct write *write)
{
	enum db_status status = db_savepoint(writer->db);
	if (status == DB_OK)
		status = write->apply(write, writer->db);
	if (status != DB_INVALID)
		return status == DB_OK ? db_savepoint_release(writer->db) : status;
	db_savepoint_rollback(writer->db);
	return DB_OK;
}

/*
 * A savepoint would have every page that a write touches copied, a fifth of what the write costs: what is refused has
 * to be refused before it changes anything.
 */
static enum db_status apply(struct writer *writer, struct write *write)
{
	int64_t changes = db_changes(writer->db);
	enum db_status status = write->apply(write, writer->db);
	if (status != DB_INVALID)
		return status;
	if (db_changes(writer->db) == changes)
		return DB_OK;
	log_line("store: a write was refused when it had changed something already");
	return DB_FAULT;
}

/* One transaction for all writes of the list. */
static enum db_status commit(struct writer *writer, struct write *list)
{
	enum db_status status = db_begin_write(writer->db);
	for (struct write *write = list; write && status == DB_OK; write = write->next)
		status = write->is_trial ? try_out(writer, write) : apply(writer, write);
	if (status == DB_OK)
		status = db_commit(writer->db);
	if (status != DB_OK)
		db_rollback(writer->db);
	return status;
}

/* A trial write alone may pass by the damaged place. */
static enum db_status prove_well(struct writer *writer, enum db_status fault)
{
	struct db_error error;
	enum db_status status = fault == DB_CORRUPT ? check_quick(writer->db, CHECK_PAGES, &error) : DB_OK;
	return status == DB_OK ? db_try_to_write(writer->db) : status;
}

/* Whether the fault was the disk's, and is still there. */
static void look_into_fault(struct writer *writer, enum db_status fault)
{
	bool passing = fault == DB_OK || fault == DB_BUSY || fault == DB_NO_MEMORY || fault == DB_TIMEOUT;
	if (passing || (writer->db && prove_well(writer, fault) == DB_OK))
		return;
	give_back(writer);
	writer->trial_ms = clock_ms() + TRIAL_MS;
	set_fault(writer, fault);
}

static void try_again(struct writer *writer)
{
	enum db_status status = take_store(writer);
	if (status == DB_OK)
		status = prove_well(writer, writer->fault);
	writer->trial_ms = clock_ms() + TRIAL_MS;
	if (status == DB_OK || status == DB_BUSY)
		set_fault(writer, DB_OK);
	else
		give_back(writer);
}

/* From here on it belongs to its client again. */
static void end_write(struct write *write, enum db_status status)
{
	write->status = status;
	write->done(write->done_context);
}

static void end_all(struct write *list, enum db_status status)
{
	while (list) {
		struct write *write = list;
		list = list->next;
		end_write(write, status);
	}
}

/* What one of them did may have spoiled the transaction for all. */
static void commit_one_by_one(struct writer *writer, struct write *list)
{
	while (list) {
		struct write *write = list;
		list = list->next;
		write->next = NULL;
		enum db_status status = writer->fault;
		if (status == DB_OK) {
			status = commit(writer, write);
			look_into_fault(writer, status);
		}
		end_write(write, status);
	}
}

static void write_list(struct writer *writer, struct write *list)
{
	if (writer->fault != DB_OK && clock_ms() >= writer->trial_ms)
		try_again(writer);
	enum db_status status = writer->fault != DB_OK ? writer->fault : take_store(writer);
	if (status != DB_OK) {
		if (writer->fault == DB_OK)
			look_into_fault(writer, status);
		end_all(list, status);
		return;
	}
	status = commit(writer, list);
	if (status == DB_OK) {
		end_all(list, DB_OK);
	} else if (list->next) {
		look_into_fault(writer, status);
		commit_one_by_one(writer, list);
	} else {
		look_into_fault(writer, status);
		end_write(list, status);
	}
	if (writer->db && db_log_pages(writer->db) > LOG_PAGES)
		look_into_fault(writer, db_checkpoint(writer->db, false));
}

/* Nothing came for a while: the log goes into the file, and other processes may write. */
static void rest(struct writer *writer)
{
	if (!writer->db)
		return;
	look_into_fault(writer, db_checkpoint(writer->db, true));
	give_back(writer);
}

/* All that has come, or NULL after a while in which nothing did. False: it is to end, and nothing is left. */
static bool next_list(struct writer *writer, struct write **ret_list)
{
	bool timed = writer->db || writer->fault != DB_OK;
	unsigned ms = writer->db ? IDLE_MS : TRIAL_MS;
	struct timespec until = clock_after(ms);
	int error = 0;
	pthread_mutex_lock(&writer->mutex);
	while (!writer->first && !writer->stopping && !error) {
		error = timed ? pthread_cond_timedwait(&writer->wake, &writer->mutex, &until)
			      : pthread_cond_wait(&writer->wake, &writer->mutex);
	}
	*ret_list = writer->first;
	writer->first = NULL;
	writer->last = &writer->first;
	bool ended = !*ret_list && writer->stopping;
	pthread_mutex_unlock(&writer->mutex);
	return !ended;
}

static void *run(void *context)
{
	struct writer *writer = context;
	struct write *list;
	while (next_list(writer, &list)) {
		if (list)
			write_list(writer, list);
		else if (writer->fault != DB_OK)
			try_again(writer);
		else
			rest(writer);
	}
	rest(writer);
	return NULL;
}

static void writer_free(struct writer *writer)
{
	pthread_cond_destroy(&writer->wake);
	pthread_mutex_destroy(&writer->mutex);
	free(writer->path);
	free(writer);
}

struct writer *writer_start(const char *path)
{
	struct stat file;
	struct writer *writer = calloc(1, sizeof(*writer));
	if (!writer)
		return NULL;
	writer->last = &writer->first;
	/* The process may change its folder. */
	writer->path = realpath(path, NULL);
	pthread_mutex_init(&writer->mutex, NULL);
	clock_condition_init(&writer->wake);
	int error = !writer->path || stat(writer->path, &file) < 0 ? errno : 0;
	if (!error) {
		writer->device = file.st_dev;
		writer->inode = file.st_ino;
		error = pthread_create(&writer->thread, NULL, run, writer);
	}
	if (!error)
		return writer;
	writer_free(writer);
	errno = error;
	return NULL;
}

void writer_stop(struct writer *writer)
{
	if (!writer)
		return;
	pthread_mutex_lock(&writer->mutex);
	writer->stopping = true;
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->mutex);
	pthread_join(writer->thread, NULL);
	writer_free(writer);
}

void writer_submit(struct writer *writer, struct write *write)
{
	write->next = NULL;
	pthread_mutex_lock(&writer->mutex);
	*writer->last = write;
	writer->last = &write->next;
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->mutex);
}

bool writer_is_well(struct writer *writer, const char **ret_reason)
{
	pthread_mutex_lock(&writer->mutex);
	enum db_status fault = writer->fault;
	pthread_mutex_unlock(&writer->mutex);
	*ret_reason = fault == DB_OK     ? NULL
		      : fault == DB_FULL ? "the disk is full"
					 : "the disk, or the store on it, cannot be written";
	return fault == DB_OK;
}
