// SPDX-License-Identifier: MIT
/*
 * Which answers are kept to be sent again, under what, and which of their messages a request gets. cache.h knows how
 * they are kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>

#include "server/cache.h"
#include "server/exchange.h"
#include "server/request.h"
#include "server/response.h"

/* Where the answer to a request may be kept. */
struct kept_place {
	const char *key; /* in the arena of the request; NULL: it is not kept */
	size_t key_length;
	uint64_t generation; /* of the store, before it was read */
	bool is_known;       /* it was there, but not in the form that this client needs */
};

/* Only what the address, some headers and the store decide is kept, if nothing else of the request does. */
bool kept_is_plain(const struct loop *loop, const struct request *request);

/*
 * The answer to a plain request, if it was given before, as a `message` with its `status`: borrowed until the next
 * call. NULL: it was not, and *ret_place tells where it may be kept.
 */
const struct cached *kept_find(const struct loop *loop, const struct request *request, struct kept_place *ret_place,
	struct MHD_Response **ret_message, unsigned *ret_status);

/*
 * Takes over the message that answers, for whoever asks the same before the store changes; `cached` tells what it
 * takes. False: it is not kept, and nothing is taken over.
 */
bool kept_put(const struct loop *loop, const struct request *request, const struct response *response,
	const struct kept_place *place, struct MHD_Response *message, struct cached *cached);

/* Frees what is in it, for cache_new(). */
void kept_free(struct cached *cached);
