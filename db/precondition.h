// SPDX-License-Identifier: MIT
/* What must hold for a change to be made. It is looked at inside the transaction of the change. */
#pragma once

#include <stdint.h>

#include "db/db.h"
#include "db/store.h"

enum precondition_kind {
	PRECONDITION_ABSENT,   /* there never was such a thing */
	PRECONDITION_PRESENT,  /* there is one */
	PRECONDITION_UNCHANGED /* there is one, as it was at revision `since` of the store, a review with all it tells
				  of */
};

struct precondition {
	enum precondition_kind kind;
	int64_t since;
};

enum precondition_outcome {
	PRECONDITION_HOLDS,
	PRECONDITION_EXISTS,  /* although it should not */
	PRECONDITION_MISSING, /* although it should be there */
	PRECONDITION_DELETED, /* once there, and its id is not given away again */
	PRECONDITION_CHANGED
};

DB_CHECKED enum db_status precondition_check(struct db *db, enum noun noun, const char *slug,
	const struct precondition *precondition, enum precondition_outcome *ret_outcome);
