// SPDX-License-Identifier: MIT
#include "db/files.h"

#include <sys/stat.h>

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
