// SPDX-License-Identifier: MIT
#include "server/kept.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/db.h"
#include "server/etag.h"
#include "server/message.h"
#include "server/metrics.h"

/* ADDRESS_BYTES_MAX: of the next page, in an answer that is kept: whoever is given it has room for it. */
enum { SECONDS_A_DAY = 24 * 60 * 60, ADDRESS_BYTES_MAX = 2048 };

bool kept_is_plain(const struct loop *loop, const struct request *request)
{
	const struct request_headers *headers = &request->headers;
	return loop->cache && request->address_bytes_max >= ADDRESS_BYTES_MAX &&
	       (!strcmp(request->method, "GET") || !strcmp(request->method, "HEAD")) && !headers->has_body &&
	       !headers->expects && !headers->range && !headers->if_range && !headers->if_match;
}

/* Parts that are there are told from those that are not; no part has a control character. 0: longer than a key may be.
 */
static size_t make_key(const struct request *request, char key[CACHE_KEY_MAX])
{
	const char *const parts[] = { request->raw_target, request->headers.accept, request->headers.accept_encoding,
		request->headers.host };
	size_t length = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t size = parts[i] ? strlen(parts[i]) : 0;
		if (length + size + 1 > CACHE_KEY_MAX)
			return 0;
		if (size)
			memcpy(key + length, parts[i], size);
		length += size;
		key[length++] = parts[i] ? '\n' : '\r';
	}
	return length;
}

/* The quote of the day is another one tomorrow, so each day (UTC) has generations of its own. */
static uint64_t find_generation(const struct loop *loop)
{
	struct timespec now;
	uint64_t generation = db_generation(loop->db);
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return generation ? generation + (uint64_t)(now.tv_sec / SECONDS_A_DAY) : 0;
}

/* Which of both messages answers, if any. */
static struct MHD_Response *choose_message(const struct cached *cached, const char *match, unsigned *ret_status)
{
	bool unchanged = match && (etag_is_listed(match, cached->etag) || etag_is_any(match));
	*ret_status = unchanged ? 304 : 200;
	/* The client may have it in another coding, of which nothing is known here. */
	return unchanged ? cached->unchanged : match ? NULL : cached->message;
}

const struct cached *kept_find(const struct loop *loop, const struct request *request, struct kept_place *ret_place,
	struct MHD_Response **ret_message, unsigned *ret_status)
{
	char key[CACHE_KEY_MAX];
	uint64_t generation = atomic_load(&loop->drain->begun) ? 0 : find_generation(loop);
	size_t length = generation ? make_key(request, key) : 0;
	if (!length)
		return NULL;
	const struct cached *cached = cache_find(loop->cache, generation, key, length);
	*ret_message = cached ? choose_message(cached, request->headers.if_none_match, ret_status) : NULL;
	metrics_cache_asked(loop->metrics, *ret_message != NULL);
	if (*ret_message)
		return cached;
	*ret_place = (struct kept_place) {
		.key = arena_strndup(request->arena, key, length),
		.key_length = length,
		.generation = generation,
		.is_known = cached != NULL,
	};
	return NULL;
}

bool kept_put(const struct loop *loop, const struct request *request, const struct response *response,
	const struct kept_place *place, struct MHD_Response *message, struct cached *cached)
{
	const char *etag = response_find(response, "ETag"), *link = response_find(response, "Link");
	/* A client that has one form already does not take away that of all others. */
	bool worth = response->status == 200 || (response->status == 304 && !place->is_known);
	if (!place->key || !worth || !etag || (link && strlen(link) > ADDRESS_BYTES_MAX))
		return false;
	cached->route = request->route;
	cached->etag = strdup(etag);
	cached->unchanged = response->status == 304 ? message : message_new_unchanged(response);
	cached->message = response->status == 304 ? NULL : message;
	bool kept = cached->etag && cached->unchanged &&
		    cache_put(loop->cache, place->generation, place->key, place->key_length, cached);
	if (!kept) {
		free(cached->etag);
		if (cached->unchanged && cached->unchanged != message)
			MHD_destroy_response(cached->unchanged);
	}
	metrics_cache_holds(loop->metrics, cache_counts(loop->cache).bytes);
	return kept;
}

void kept_free(struct cached *cached)
{
	free(cached->etag);
	if (cached->message)
		MHD_destroy_response(cached->message);
	if (cached->unchanged)
		MHD_destroy_response(cached->unchanged);
}
