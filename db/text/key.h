// SPDX-License-Identifier: MIT
/*
 * Slugs (ids) and keys: how names are compared.
 *
 * The key of a name is the name folded (db/text/fold.h): without case, accents
 * and punctuation, every run of anything but letters and digits one hyphen, none
 * at the ends, so that `Kerim Bey`, `kerim-bey` and `KÉRIM  BEY` are one.
 * A name without any letter or digit is its own key.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/text/buffer.h"

enum { SLUG_MAX_CODEPOINTS = 200 };

/*
 * Letters, digits and marks of any script, `_` and `-`; 1 to SLUG_MAX_CODEPOINTS code points; a mark is never first.
 * `slug` is valid UTF-8.
 */
bool slug_is_valid(const char *slug, size_t length);

/* Appends the key of `name` (valid UTF-8). Fails, as the buffer does, only when memory runs out. */
void name_key(struct buffer *out, const char *name, size_t length);

/* Appends the slug made from `name`: its key, cut to the allowed length. False, with nothing appended, when no letter
 * or digit is in it. */
bool slug_from_name(struct buffer *out, const char *name, size_t length);
