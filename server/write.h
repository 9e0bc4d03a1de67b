// SPDX-License-Identifier: MIT
/*
 * A change on its way into the store. A handler makes it on the thread of its client, the writer applies it between
 * others of the same moment, and the client is answered once it is on disk.
 */
#pragma once

#include <stdbool.h>

#include "db/db.h"

struct request;
struct response;

/* A larger body is read on the writer's thread, so that no client waits for that of another one on its loop. */
enum { WRITE_READ_AT_ONCE_BYTES = 64 * 1024 };

/* Lies at the start of a structure of the handler's, in the arena of the request. */
struct write {
	/*
	 * On the writer's thread. DB_OK: what was done is kept. DB_INVALID: nothing was, for a reason that `answer`
	 * knows; only what a trial did is taken back. Anything else is a fault. May be called again from the start,
	 * when this one or another one spoiled the transaction.
	 */
	enum db_status (*apply)(struct write *write, struct db *db);
	bool is_trial; /* it will be taken back, whatever it does */

	/* When it is over: DB_OK, and what was kept is on disk; or the fault, and nothing was kept. */
	enum db_status status;

	/*
	 * On the thread of the client, when it is over, however it ended: writes the answer, or returns a fault that
	 * request.c makes a problem of. Or leaves the response without a status: then more of the body, or the next
	 * write, is waited for.
	 */
	enum db_status (*answer)(struct write *write, struct request *request, struct response *response);

	/* Between the exchange and the writer. */
	void (*done)(void *context);
	void *done_context;
	struct write *next;
};
