// SPDX-License-Identifier: MIT
/* A copy of the store as one moment has it, taken while others write. */
#pragma once

#include <stdint.h>

#include "db/db.h"

/* Called now and then on the thread that copies. */
struct backup_listener {
	void (*progress)(int64_t bytes_done, int64_t bytes, void *context); /* may be NULL */
	void *context;
};

/*
 * Copies into the empty file at `path`, which nobody else has open: a store by itself, without the files that lie
 * beside one that is in use. Between db_begin_read() and db_end_read(), so that it is the snapshot that the read has
 * seen already, however long it takes. Then the file is whole, but not on the disk yet; on failure what is in it is of
 * no use. DB_BUSY, DB_FULL, DB_IO, DB_DENIED, DB_CORRUPT, DB_NO_MEMORY, DB_FAULT.
 */
DB_CHECKED enum db_status db_backup(struct db *db, const char *path, const struct backup_listener *listener);
