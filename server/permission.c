// SPDX-License-Identifier: MIT
#include "server/permission.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "db/clock.h"
#include "db/sha256.h"
#include "db/tokens.h"
#include "server/address.h"
#include "server/connections.h"
#include "server/problem.h"
#include "server/request.h"

/* So many wrong tokens in a minute from one address are told to wait for the next minute. */
enum { FAILURES_MAX = 10, WINDOW_MS = 60 * 1000 };

/* Addresses that failed of late; when there are more, one that shares its place gives way. */
enum { PLACES = 1024 };

struct permission {
	pthread_mutex_t mutex;
	struct {
		struct address address;
		int64_t since_ms;
		unsigned failures; /* since then */
	} places[PLACES];
};

struct permission *permission_new(void)
{
	struct permission *permission = calloc(1, sizeof(*permission));
	if (permission)
		pthread_mutex_init(&permission->mutex, NULL);
	return permission;
}

void permission_free(struct permission *permission)
{
	if (!permission)
		return;
	pthread_mutex_destroy(&permission->mutex);
	free(permission);
}

/* Seconds until the address may be wrong again; 0: it may now. */
static unsigned note_failure(struct permission *permission, const struct sockaddr *client)
{
	struct address address = address_of(client);
	int64_t now = clock_ms();
	unsigned wait = 0, place = address_hash(&address) % PLACES;
	pthread_mutex_lock(&permission->mutex);
	if (!address_equals(&permission->places[place].address, &address) ||
		now - permission->places[place].since_ms >= WINDOW_MS) {
		permission->places[place].address = address;
		permission->places[place].since_ms = now;
		permission->places[place].failures = 0;
	}
	if (permission->places[place].failures++ >= FAILURES_MAX)
		wait = (unsigned)((permission->places[place].since_ms + WINDOW_MS - now) / 1000 + 1);
	pthread_mutex_unlock(&permission->mutex);
	return wait;
}

/* `error` is that of RFC 6750, section 3.1; NULL: nothing was tried. */
static void refuse(struct request *request, struct response *response, const char *detail, const char *error)
{
	unsigned wait = error ? note_failure(request->permission, request->client) : 0;
	if (wait) {
		problem_answer(request, response,
			&(struct problem) { .code = "too-many-failures",
				.detail = "too many wrong tokens came from this address; wait a little" });
		response_header(response, "Retry-After", arena_printf(request->arena, "%u", wait));
		return;
	}
	problem_answer(request, response, &(struct problem) { .code = "unauthorized", .detail = detail });
	response_header(response, "WWW-Authenticate",
		error ? arena_printf(request->arena, "Bearer realm=\"reviewd\", error=\"%s\"", error)
		      : "Bearer realm=\"reviewd\"");
}

/* The token behind `Bearer`, or NULL. */
static const char *find_token(const char *authorization)
{
	if (!authorization || strncasecmp(authorization, "Bearer", 6) != 0 || !authorization[6] ||
		!strchr(" \t", authorization[6]))
		return NULL;
	const char *token = authorization + 6 + strspn(authorization + 6, " \t");
	return *token ? token : NULL;
}

/* DB_NOT_FOUND: it is none of this server's. */
static enum db_status check_token(struct request *request, const char *token)
{
	char hash[SHA256_HEX_SIZE];
	if (!sha256_hex(token, strlen(token), hash))
		return DB_NO_MEMORY;
	return token_find(request->db, hash, request->arena, &request->token_name);
}

enum db_status permission_ask(struct request *request, struct response *response)
{
	bool any = false;
	const char *token = find_token(request->headers.authorization);
	enum db_status status = request->writer && token ? check_token(request, token) : DB_NOT_FOUND;
	if (status == DB_NOT_FOUND)
		status = request->writer ? token_exists(request->db, &any) : DB_OK;
	if (status != DB_OK || request->token_name)
		return status;
	if (!any)
		problem_answer(request, response,
			&(struct problem) { .code = "writing-off",
				.detail = request->writer
						  ? "this server has no token yet; 'reviewd token add NAME' makes one"
						  : "this server only reads" });
	else if (token)
		refuse(request, response, "the token is not one of this server's; it may have been revoked",
			"invalid_token");
	else if (request->headers.authorization)
		refuse(request, response, "the header Authorization is to be: Bearer TOKEN", "invalid_request");
	else
		refuse(request, response, "writing wants a token: Authorization: Bearer TOKEN", NULL);
	return DB_OK;
}
