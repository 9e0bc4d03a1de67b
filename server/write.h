// SPDX-License-Identifier: MIT
/*
 * A change on its way into the store. A handler makes it on the thread of its client, the writer applies it between
 * others of the same moment, and the client is answered once it is on disk.
 */
#pragma once

#include "db/db.h"

struct request;
struct response;

/* Lies at the start of a structure of the handler's, in the arena of the request. */
struct write {
	/*
	 * On the writer's thread, in a savepoint of its own. DB_OK: what was done is kept. DB_INVALID: it is taken
	 * back, for a reason that `answer` knows. Anything else is a fault. May be called again from the start, when
	 * what another one did spoiled the transaction.
	 */
	enum db_status (*apply)(struct write *write, struct db *db);

	/*
	 * On the thread of the client, when it is over: writes the answer, or leaves the response without a status, and
	 * then more of the body, or the next write, is waited for. With DB_OK what was kept is on disk. It is not
	 * called after a fault, with which nothing was kept.
	 */
	enum db_status (*answer)(struct request *request, struct response *response);

	/* How it ended, when it is over: DB_OK, or the fault. */
	enum db_status status;

	/* Between the exchange and the writer. */
	void (*done)(void *context);
	void *done_context;
	struct write *next;
};
