// SPDX-License-Identifier: MIT
/*
 * Who may write: bearer tokens (RFC 6750), and how often an address may show a wrong one. A right token is never locked
 * out, so that nobody behind a shared address can lock out the others; guessing one of 256 bits is hopeless anyway.
 */
#pragma once

#include "db/db.h"

struct permission;
struct request;
struct response;

/* What all event loops share. NULL: no memory. */
struct permission *permission_new(void);
void permission_free(struct permission *permission);

/*
 * Looks for the request's token in the store, between db_begin_read() and db_end_read(). DB_OK: token_name is set; or
 * the response says why not: 403 while no token exists or nothing is written at all, 401, 429 after too many failures.
 */
DB_CHECKED enum db_status permission_ask(struct request *request, struct response *response);
