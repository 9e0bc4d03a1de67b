// SPDX-License-Identifier: MIT
/*
 * A copy of the store. It is made under a name of its own beside the file it is
 * to be, and gets that file's name when it is whole and on the disk: there is
 * never half a copy, and a copy that was there before stays until then.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/arena.h"
#include "db/backup.h"
#include "db/files.h"
#include "db/store.h"
#include "server/faults.h"
#include "server/reviewd.h"

struct copying {
	const struct reviewd_backup_options *options;
	struct reviewd_backup_result result;
	struct reviewd_error *error;
	char *file; /* absolute and without links; NULL for a stream */
	char *part; /* what it is called until it is whole */
	bool published;
	mode_t store_mode;
	int part_fd, lock_fd;
};

/* ret_error says `what` of the file and, unless `error` is 0, what the system says. */
static enum reviewd_status refuse(struct copying *copying, enum reviewd_status status, const char *what, int error)
{
	const char *shown = copying->options->out && copying->part ? copying->part
			    : copying->options->out                ? "-"
								   : copying->options->file;
	snprintf(copying->error->message, sizeof(copying->error->message), "backup %.*s: %s%s%s", PATH_SHOWN, shown,
		what, error ? ": " : "", error ? strerror(error) : "");
	return status;
}

static enum reviewd_status refuse_system(struct copying *copying, const char *what, int error)
{
	enum reviewd_status status = error == EACCES || error == EPERM || error == EROFS  ? REVIEWD_DENIED
				     : error == ENOSPC || error == EDQUOT || error == EIO ? REVIEWD_IO
											  : REVIEWD_CANNOT_CREATE;
	return refuse(copying, status, what, error);
}

/* The absolute path that a file of that name gets; NULL with errno. */
static char *place_of(const char *file)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	char *folder = slash ? strndup(file, (size_t)(slash - file) + 1) : strdup(".");
	char *resolved = folder ? realpath(folder, NULL) : NULL;
	char *place = NULL;
	if (resolved && asprintf(&place, "%s/%s", resolved, name) < 0)
		place = NULL;
	free(resolved);
	free(folder);
	return place;
}

/* Fills in the file's absolute path, and whether there is one. */
static enum reviewd_status find_file(struct copying *copying, struct stat *ret_found, bool *ret_exists)
{
	const char *file = copying->options->file;
	struct stat link;
	*ret_exists = stat(file, ret_found) == 0;
	if (!*ret_exists && errno != ENOENT)
		return refuse_system(copying, "cannot be made", errno);
	if (!*ret_exists && (!*file || lstat(file, &link) == 0))
		return refuse_system(copying, "cannot be made", ENOENT);
	copying->file = *ret_exists ? realpath(file, NULL) : place_of(file);
	return copying->file ? REVIEWD_OK : refuse_system(copying, "its folder cannot be found", errno);
}

/* What is not there may be made; what is there may be replaced by its newer self, if so wanted. */
static enum reviewd_status look_at_file(struct copying *copying)
{
	const char *db = copying->options->db ? copying->options->db : default_store;
	struct stat found, store;
	bool exists;
	enum reviewd_status status = find_file(copying, &found, &exists);
	if (status != REVIEWD_OK)
		return status;
	if (stat(db, &store) < 0)
		return refuse_system(copying, "the store cannot be found", errno);
	copying->store_mode = store.st_mode;
	if (!exists)
		return REVIEWD_OK;
	if (!S_ISREG(found.st_mode))
		return refuse(copying, REVIEWD_CANNOT_CREATE, "it is a folder or a device, not a file", 0);
	if (store.st_dev == found.st_dev && store.st_ino == found.st_ino)
		return refuse(copying, REVIEWD_CANNOT_CREATE, "it is the store itself", 0);
	if (!copying->options->replace)
		return refuse(copying, REVIEWD_CANNOT_CREATE, "the file is there already; --force replaces it", 0);
	if (found.st_size && !db_file_is_store(copying->file))
		return refuse(copying, REVIEWD_CANNOT_CREATE, "what is there is no store, and is not replaced", 0);
	return REVIEWD_OK;
}

static enum reviewd_status clear_beside(struct copying *copying)
{
	enum db_status status = db_file_clear_beside(copying->file, &copying->lock_fd);
	if (status == DB_BUSY)
		return refuse(copying, REVIEWD_CANNOT_CREATE, "what is there is in use as a store", 0);
	return status == DB_OK ? REVIEWD_OK : refuse_system(copying, "what lies beside it cannot be taken away", errno);
}

/* The name stays the same, so that what a killed backup left behind is used again by the next one. */
static enum reviewd_status make_part(struct copying *copying)
{
	struct stat opened, named;
	if (asprintf(&copying->part, "%s.part", copying->file) < 0)
		copying->part = NULL;
	if (!copying->part)
		return refuse(copying, REVIEWD_INTERNAL, "out of memory", 0);
	copying->part_fd = open(copying->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (copying->part_fd < 0)
		return refuse_system(copying, "cannot be made", errno);
	/* Its name may have become another one between opening and locking. */
	if (flock(copying->part_fd, LOCK_EX | LOCK_NB) < 0 || fstat(copying->part_fd, &opened) < 0 ||
		lstat(copying->part, &named) < 0 || opened.st_ino != named.st_ino) {
		close(copying->part_fd);
		copying->part_fd = -1;
		return refuse(copying, REVIEWD_BUSY, "another backup is writing it; try again when it is done", 0);
	}
	/* Whoever may not read the store may not read its copy. */
	if (ftruncate(copying->part_fd, 0) < 0 || fchmod(copying->part_fd, copying->store_mode & 0666) < 0)
		return refuse_system(copying, "cannot be made", errno);
	return REVIEWD_OK;
}

/* A stream cannot be written out of order, so it is gathered in a file first. */
static enum reviewd_status make_gathering(struct copying *copying)
{
	const char *folder = getenv("TMPDIR");
	if (asprintf(&copying->part, "%s/reviewd-backup-XXXXXX", folder && *folder ? folder : "/var/tmp") < 0)
		copying->part = NULL;
	if (!copying->part)
		return refuse(copying, REVIEWD_INTERNAL, "out of memory", 0);
	copying->part_fd = mkostemp(copying->part, O_CLOEXEC);
	return copying->part_fd >= 0 ? REVIEWD_OK : refuse_system(copying, "cannot be made", errno);
}

static enum reviewd_status pour(struct copying *copying)
{
	char piece[8192];
	FILE *out = copying->options->out;
	off_t at = 0;
	ssize_t length;
	while ((length = pread(copying->part_fd, piece, sizeof(piece), at)) > 0) {
		if (fwrite(piece, 1, (size_t)length, out) != (size_t)length)
			break;
		at += length;
	}
	if (length < 0)
		return refuse_system(copying, "cannot be read", errno);
	if (length == 0 && fflush(out) == 0)
		return REVIEWD_OK;
	snprintf(copying->error->message, sizeof(copying->error->message), "cannot write: %s", strerror(errno));
	return REVIEWD_IO;
}

static int sync_folder_of(char *path)
{
	*strrchr(path, '/') = '\0';
	int folder = open(*path ? path : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = folder < 0 || fsync(folder) < 0 ? errno : 0;
	if (folder >= 0)
		close(folder);
	return error;
}

/* Gives it its name: from now on it is there, also after a power cut. */
static enum reviewd_status publish(struct copying *copying)
{
	if (fsync(copying->part_fd) < 0)
		return refuse_system(copying, "the disk failed", errno);
	/* Somebody may have looked into the older copy meanwhile. */
	enum reviewd_status status = clear_beside(copying);
	if (status != REVIEWD_OK)
		return status;
	bool replace = copying->options->replace;
	int code = renameat2(AT_FDCWD, copying->part, AT_FDCWD, copying->file, replace ? 0 : RENAME_NOREPLACE);
	/* Not every file system can promise not to replace. */
	if (code < 0 && errno == EINVAL && !replace && access(copying->file, F_OK) < 0)
		code = rename(copying->part, copying->file);
	if (code < 0)
		return refuse_system(copying, "cannot get its name", errno);
	copying->published = true;
	int error = sync_folder_of(copying->part);
	return error ? refuse_system(copying, "its folder cannot be written to the disk", error) : REVIEWD_OK;
}

static enum reviewd_status copy(struct copying *copying, struct db *db, const struct backup_listener *listener)
{
	struct arena arena = { 0 };
	struct store_info info = { 0 };
	struct stat made;
	enum db_status status = db_begin_read(db, 0);
	/* The first look is the moment that the copy is of. */
	if (status == DB_OK)
		status = store_get(db, &arena, &info);
	if (status == DB_OK)
		status = db_backup(db, copying->part, listener);
	db_end_read(db);
	arena_deinit(&arena);
	if (status != DB_OK)
		return fault_of_doing("backup", db, status, copying->error);
	if (fstat(copying->part_fd, &made) < 0)
		return refuse_system(copying, "cannot be read", errno);
	copying->result = (struct reviewd_backup_result) { .revision = info.revision,
		.reviews = info.reviews,
		.quotes = info.quotes,
		.bytes = (uint64_t)made.st_size };
	return copying->options->out ? pour(copying) : publish(copying);
}

static enum reviewd_status prepare(struct copying *copying)
{
	if (copying->options->out)
		return make_gathering(copying);
	enum reviewd_status status = look_at_file(copying);
	if (status == REVIEWD_OK)
		status = clear_beside(copying);
	return status == REVIEWD_OK ? make_part(copying) : status;
}

enum reviewd_status reviewd_backup(const struct reviewd_backup_options *options,
	const struct reviewd_backup_listener *listener, struct reviewd_backup_result *ret_result,
	struct reviewd_error *ret_error)
{
	const char *path = options->db ? options->db : default_store;
	const struct backup_listener told = { listener->progress, listener->context };
	struct copying copying = { .options = options, .error = ret_error, .part_fd = -1, .lock_fd = -1 };
	struct db_error fault;
	struct db *db;
	enum db_status opened = db_open(path, DB_READ, &db, &fault);
	if (opened != DB_OK)
		return fault_of_opening(path, DB_READ, opened, &fault, ret_error);
	enum reviewd_status status = prepare(&copying);
	if (status == REVIEWD_OK)
		status = copy(&copying, db, &told);
	if (status == REVIEWD_OK)
		*ret_result = copying.result;
	if (copying.part_fd >= 0) {
		/* While it is still locked, so that it is not the file of another backup. */
		if (!copying.published)
			unlink(copying.part);
		close(copying.part_fd);
	}
	if (copying.lock_fd >= 0)
		close(copying.lock_fd);
	free(copying.part);
	free(copying.file);
	db_close(db);
	return status;
}
