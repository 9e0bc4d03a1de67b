// SPDX-License-Identifier: MIT
/* Takes a review out of the store as the bundle it came as, with what the store knows of its agents and works. */
#pragma once

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"

/* Between db_begin_read() and db_end_read(). All memory is in the arena. DB_NOT_FOUND: no review has this id. */
DB_CHECKED enum db_status bundle_get(struct db *db, const char *slug, struct arena *arena, struct bundle *ret_bundle);

/* The id of the first review after `after` in the order of the ids. DB_NOT_FOUND: there is none. */
DB_CHECKED enum db_status bundle_next(struct db *db, const char *after, struct arena *arena, const char **ret_slug);
