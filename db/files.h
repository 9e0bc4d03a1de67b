// SPDX-License-Identifier: MIT
/* The files that a store is made of. */
#pragma once

#include <stdint.h>

#include "db/db.h"

/* In bytes; 0 for what is not there. */
struct db_files {
	int64_t database, wal;
};

struct db_files db_file_sizes(struct db *db);
