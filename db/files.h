// SPDX-License-Identifier: MIT
/* The files that a store is made of. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"

/* In bytes; 0 for what is not there. */
struct db_files {
	int64_t database, wal;
};

struct db_files db_file_sizes(struct db *db);

/* By its header, whatever its version; nobody reads more of it. */
bool db_file_is_store(const char *path);

/*
 * Before another file gets the name `path`: SQLite would take what lies beside it for a part of that file. Of a store
 * that is in use nothing changes, and it is DB_BUSY; what a reader left behind says nothing, and goes. *lock_fd is -1
 * at first, and then the writer's lock where there is one, which the caller closes. DB_IO with errno: something cannot
 * be taken away.
 */
DB_CHECKED enum db_status db_file_clear_beside(const char *path, int *lock_fd);
