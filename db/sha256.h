// SPDX-License-Identifier: MIT
/* SHA-256 (FIPS 180-4, section 6.2), written as 64 lower-case hexadecimal digits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SHA256_HEX_SIZE = 65 };

/* False when the library refuses, which it does only when memory runs out. */
bool sha256_hex(const void *bytes, size_t length, char ret_hex[SHA256_HEX_SIZE]);

/* The same for content that arrives in pieces. */
struct sha256;

/* NULL when memory runs out. */
struct sha256 *sha256_new(void);
void sha256_free(struct sha256 *sha256);

/* A failure is kept and reported by sha256_finish(). */
void sha256_update(struct sha256 *sha256, const void *bytes, size_t length);

/* The digest of all pieces since sha256_new() or the last sha256_finish(); the object is as new afterwards. */
bool sha256_finish(struct sha256 *sha256, char ret_hex[SHA256_HEX_SIZE]);
