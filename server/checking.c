// SPDX-License-Identifier: MIT
/* The store proven. */
#include "db/check.h"
#include "server/faults.h"
#include "server/reviewd.h"

enum reviewd_status reviewd_check(const char *db, const struct reviewd_check_listener *listener,
	struct reviewd_check_result *ret_result, struct reviewd_error *ret_error)
{
	const char *path = db ? db : default_store;
	const struct check_listener told = { listener->found, listener->progress, listener->context };
	struct check_result found;
	struct db_error fault;
	struct db *opened;
	enum db_status status = db_open(path, DB_READ, &opened, &fault);
	if (status != DB_OK)
		return fault_of_opening(path, DB_READ, status, &fault, ret_error);
	status = check_store(opened, &told, &found);
	enum reviewd_status result = REVIEWD_OK;
	if (status != DB_OK) {
		result = fault_of_doing("checking", opened, status, ret_error);
	} else {
		*ret_result = (struct reviewd_check_result) { found.problems, found.reviews, found.spans, found.names };
		if (found.problems) {
			snprintf(ret_error->message, sizeof(ret_error->message), "store %.*s: %lld problem%s",
				PATH_SHOWN, path, (long long)found.problems, found.problems == 1 ? "" : "s");
			result = REVIEWD_DATA;
		}
	}
	db_close(opened);
	return result;
}
