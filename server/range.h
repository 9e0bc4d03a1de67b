// SPDX-License-Identifier: MIT
/* Ranges of bytes (RFC 9110, section 14.1.2). */
#pragma once

#include <stddef.h>

enum range {
	RANGE_NONE, /* nothing understood: the whole is the answer, as section 14.2 allows */
	RANGE_PART,
	RANGE_BEHIND /* not a byte of it is there */
};

/* One range of a content of `length` bytes; of several the whole is given. *ret_first to *ret_last, both included, for
 * RANGE_PART. */
enum range range_parse(const char *range, size_t length, size_t *ret_first, size_t *ret_last);
