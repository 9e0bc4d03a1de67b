// SPDX-License-Identifier: MIT
#include "server/faults.h"

#include <string.h>

const char default_store[] = "reviews.db";

static const struct fault {
	enum reviewd_status status;
	const char *what; /* for people, when the store has nothing better to say */
	const char *advice;
} faults[] = {
	[DB_OK] = { REVIEWD_OK, "nothing", "" },
	[DB_NOT_FOUND] = { REVIEWD_NO_INPUT, "there is no such file",
		"; 'reviewd serve' or 'reviewd import' makes a store" },
	[DB_INVALID] = { REVIEWD_DATA, "the data contradicts the store", "" },
	[DB_BUSY] = { REVIEWD_BUSY, "another process is writing to it", "; try again when it is done" },
	[DB_TIMEOUT] = { REVIEWD_INTERNAL, "it took too long", "" },
	[DB_NO_MEMORY] = { REVIEWD_INTERNAL, "out of memory", "" },
	[DB_FULL] = { REVIEWD_IO, "no space left on the disk", "" },
	[DB_IO] = { REVIEWD_IO, "the disk failed", "" },
	[DB_DENIED] = { REVIEWD_DENIED, "permission denied", "" },
	[DB_CORRUPT] = { REVIEWD_DATA, "the store is damaged", "; 'reviewd check' tells more" },
	[DB_NEWER] = { REVIEWD_NEWER, "it was made by a later version of reviewd",
		"; run that version, or a newer one" },
	[DB_FAULT] = { REVIEWD_IO, "it cannot be read or written", "" },
};

enum reviewd_status fault_of_opening(const char *path, enum db_mode mode, enum db_status status,
	const struct db_error *fault, struct reviewd_error *ret_error)
{
	const struct fault *known = &faults[status];
	const char *said = fault->message;
	/* What cannot be opened cannot be checked, and what cannot be made is not made by another command. */
	bool advised = status != DB_CORRUPT && !(status == DB_NOT_FOUND && mode == DB_WRITE);
	snprintf(ret_error->message, sizeof(ret_error->message), "store %.*s: %s%s", PATH_SHOWN, path,
		*said ? said : known->what, advised ? known->advice : "");
	/* Where a store may be made, what is missing is its folder. */
	return status == DB_NOT_FOUND && mode == DB_WRITE ? REVIEWD_CANNOT_CREATE : known->status;
}

enum reviewd_status fault_of_doing(
	const char *doing, struct db *db, enum db_status status, struct reviewd_error *ret_error)
{
	const struct fault *known = &faults[status];
	const char *more = status == DB_FAULT || status == DB_IO || status == DB_CORRUPT ? db_message(db) : NULL;
	snprintf(ret_error->message, sizeof(ret_error->message), "%s: %s%s%s%s", doing, known->what, more ? ": " : "",
		more ? more : "", known->advice);
	return known->status;
}
