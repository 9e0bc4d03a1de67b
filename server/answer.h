// SPDX-License-Identifier: MIT
/* What handlers answer with: one object, a page of a list, the way to somewhere else, or that there is no such thing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/lists.h"
#include "db/passages.h"
#include "db/store.h"
#include "schema_api.h"
#include "server/json/out.h"
#include "server/request.h"

/* An answer being written: JSON through `out`, plain text straight into `txt`; both are the body of the response. */
struct answer {
	struct request *request;
	struct response *response;
	struct out out;
	struct buffer *txt; /* NULL: JSON is wanted, whole or a line for each item; CSV is made of those lines */
	enum shape shape;   /* of a list; that of the row until it is set */
};

/* A 200 with the type of the request's format. JSON is one object, of which `fields` may leave only some members. */
void answer_begin(struct answer *answer, struct request *request, struct response *response);
void answer_end(struct answer *answer);

/* The items of a page go between the two, as objects. `next` is what the next page starts behind; NULL: there is none.
 */
void answer_list_begin(struct answer *answer, struct request *request, struct response *response);
void answer_list_end(struct answer *answer, int64_t total, const struct list_place *next);

/* How many items a page has. */
size_t answer_limit(const struct request *request);

/* What the offsets of spans count. */
enum offset_unit answer_offset_unit(const struct request *request);

/* Sends on to `location` (NULL: memory ran out). */
void answer_redirect(struct request *request, struct response *response, unsigned status, const char *location);

/* The request's own path in its one spelling, with `path_id` for {id} if it is not NULL, and the query as sent. */
const char *answer_address(struct request *request, const char *path_id);

/* The same without the query, appended. */
void answer_append_path(const struct request *request, struct buffer *out);

/* Ids near what was `typed`, an id or a name; of agents those of one kind, or of any for -1. */
DB_CHECKED enum db_status answer_nearest(
	struct request *request, enum noun noun, int kind, const char *typed, struct string_list *ret_list);

/* 404 with the nearest ids, or 410 if it once was there: no `what` ("review") has the id that the path names. */
DB_CHECKED enum db_status answer_not_found(
	struct request *request, struct response *response, enum noun noun, const char *what);
