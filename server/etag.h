// SPDX-License-Identifier: MIT
/*
 * Entity tags (RFC 9110, section 8.8.3): the store's revision, what the tag is of, and which representation of it. The
 * same tag is the same bytes. A write that names one is done if what it is of has not changed since that revision, in
 * whichever representation the client has seen it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct request;

/* Of the answer to this very request. In the arena; NULL when memory runs out. */
const char *etag_of_request(const struct request *request);

/*
 * Of what the path of a row (`/v1/reviews/{id}`) with `id` answers as JSON at `revision`. `address` is that path as it
 * is asked for. In the arena; NULL when memory runs out.
 */
const char *etag_of_subject(
	const struct request *request, const char *route_path, const char *id, const char *address, int64_t revision);

/* The tag of what gzip makes of the bytes that `etag` stands for. NULL: memory ran out, or there is no tag. */
const char *etag_of_coded(const struct request *request, const char *etag);

/* For If-None-Match: weak comparison; for If-Match: strong. `*` is the caller's to find. */
bool etag_is_listed(const char *list, const char *etag);
bool etag_is_listed_strongly(const char *list, const char *etag);

/* For If-Match: the latest revision of a strong tag in the list that is of the request's subject; -1 for none. */
int64_t etag_latest_revision(const struct request *request, const char *list);

/* True for the list that is `*` alone. */
bool etag_is_any(const char *list);
