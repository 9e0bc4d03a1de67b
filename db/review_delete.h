// SPDX-License-Identifier: MIT
/* Takes a review out of the store, with its text, quotes and mentions. Its agents and works stay, and its id is taken.
 */
#pragma once

#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"

/* Between db_begin_write() and db_commit(). *ret_revision: the store's, after. DB_NOT_FOUND: no review has this id. */
DB_CHECKED enum db_status review_delete(struct db *db, const char *slug, struct arena *arena, int64_t *ret_revision);
