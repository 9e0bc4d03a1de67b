// SPDX-License-Identifier: MIT
/* Whether the index of words is what the texts make of it. */
#pragma once

#include "db/check.h"

/* Tells `listener` of each problem and counts it in *problems. */
DB_CHECKED enum db_status search_check(struct db *db, const struct check_listener *listener, int64_t *problems);
