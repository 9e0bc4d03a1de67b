// SPDX-License-Identifier: MIT
/* What the names, aliases and titles in the store begin with. All strings are in the arena the caller gave. */
#pragma once

#include "db/agents.h"
#include "db/fts.h"
#include "db/works.h"

/* A name or title goes into the index, or out of it (`insert` false). Within a write. */
DB_CHECKED enum db_status suggestion_index(
	struct db *db, bool insert, enum search_kind kind, int64_t id, int64_t position, const char *name);
