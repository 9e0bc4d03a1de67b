// SPDX-License-Identifier: MIT
/* Language tags: BCP 47 (RFC 5646, section 2.1), well-formedness only; no registry is consulted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/text/buffer.h"

/* Appends the tag in its canonical case (RFC 5646, section 2.1.1: `nl`, `en-GB`, `sr-Latn`); false, with nothing
 * appended, when it is not well-formed. */
bool language_canonical(struct buffer *out, const char *tag, size_t length);

/* Basic filtering (RFC 4647, section 3.3.1) of canonical tags: `nl` takes nl-BE as well. */
bool language_fits(const char *range, const char *tag);
