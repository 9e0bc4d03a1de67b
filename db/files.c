// SPDX-License-Identifier: MIT
#include "db/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/connection.h"

static int64_t size_of(const char *path)
{
	struct stat file;
	return path && stat(path, &file) == 0 ? (int64_t)file.st_size : 0;
}

struct db_files db_file_sizes(struct db *db)
{
	const char *path = sqlite3_db_filename(db->handle, "main");
	return (struct db_files) { size_of(path), size_of(path ? sqlite3_filename_wal(path) : NULL) };
}

bool db_file_is_store(const char *path)
{
	/* Of the header of a database (sqlite.org/fileformat2.html, section 1.3). */
	enum { APPLICATION_ID_AT = 68, HEAD_BYTES = APPLICATION_ID_AT + 4 };
	static const unsigned char id[] = { APPLICATION_ID >> 24, APPLICATION_ID >> 16 & 0xff,
		APPLICATION_ID >> 8 & 0xff, APPLICATION_ID & 0xff };
	char head[HEAD_BYTES] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd >= 0 ? read(fd, head, sizeof(head)) : -1;
	if (fd >= 0)
		close(fd);
	return length == sizeof(head) && !memcmp(head, "SQLite format 3", 16) &&
	       !memcmp(head + APPLICATION_ID_AT, id, sizeof(id));
}

/* False with errno: the name is too long. */
static bool name_beside(const char *path, const char *ending, char ret_name[PATH_MAX])
{
	bool fits = snprintf(ret_name, PATH_MAX, "%s%s", path, ending) < PATH_MAX;
	errno = fits ? errno : ENAMETOOLONG;
	return fits;
}

/* False with errno. `in_use` tells that it is a log that holds something, which stays. */
static bool take_away(const char *path, const char *ending, bool *in_use)
{
	char name[PATH_MAX];
	*in_use = false;
	if (!name_beside(path, ending, name))
		return false;
	*in_use = size_of(name) && !strcmp(ending, "-wal");
	return *in_use || unlink(name) == 0 || errno == ENOENT;
}

/* Every connection of SQLite to a store in WAL mode, also one that only reads, holds a lock on this file. */
static bool is_open_elsewhere(const char *path)
{
	char name[PATH_MAX];
	struct flock any = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = name_beside(path, "-shm", name) ? open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW) : -1;
	bool locked = fd >= 0 && fcntl(fd, F_GETLK, &any) == 0 && any.l_type != F_UNLCK;
	if (fd >= 0)
		close(fd);
	return locked;
}

enum db_status db_file_clear_beside(const char *path, int *lock_fd)
{
	char lock[PATH_MAX];
	bool is_log = false, is_index = false;
	if (*lock_fd < 0 && name_beside(path, "-lock", lock))
		*lock_fd = open(lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if ((*lock_fd >= 0 && flock(*lock_fd, LOCK_EX | LOCK_NB) < 0) || is_open_elsewhere(path))
		return DB_BUSY;
	if (!take_away(path, "-wal", &is_log) || (!is_log && !take_away(path, "-shm", &is_index)))
		return DB_IO;
	return is_log ? DB_BUSY : DB_OK;
}
