// SPDX-License-Identifier: MIT
/* The keys of names, when the way they are made has changed. */
#pragma once

#include "db/db.h"

/* Makes the key of every name anew where it differs. Within a write. */
DB_CHECKED enum db_status agents_rekey(struct db *db);
