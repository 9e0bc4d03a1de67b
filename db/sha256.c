// SPDX-License-Identifier: MIT
#include "db/sha256.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

enum { DIGEST_BYTES = 32 };

struct sha256 {
	gnutls_hash_hd_t handle;
	bool failed;
};

static void write_hex(const unsigned char digest[DIGEST_BYTES], char ret_hex[SHA256_HEX_SIZE])
{
	static const char DIGITS[] = "0123456789abcdef";
	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		ret_hex[2 * i] = DIGITS[digest[i] >> 4];
		ret_hex[2 * i + 1] = DIGITS[digest[i] & 0x0F];
	}
	ret_hex[SHA256_HEX_SIZE - 1] = '\0';
}

bool sha256_hex(const void *bytes, size_t length, char ret_hex[SHA256_HEX_SIZE])
{
	unsigned char digest[DIGEST_BYTES];
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, length, digest) < 0)
		return false;
	write_hex(digest, ret_hex);
	return true;
}

struct sha256 *sha256_new(void)
{
	struct sha256 *sha256 = calloc(1, sizeof(*sha256));
	if (sha256 && gnutls_hash_init(&sha256->handle, GNUTLS_DIG_SHA256) < 0) {
		free(sha256);
		sha256 = NULL;
	}
	return sha256;
}

void sha256_free(struct sha256 *sha256)
{
	if (!sha256)
		return;
	gnutls_hash_deinit(sha256->handle, NULL);
	free(sha256);
}

void sha256_update(struct sha256 *sha256, const void *bytes, size_t length)
{
	if (length && gnutls_hash(sha256->handle, bytes, length) < 0)
		sha256->failed = true;
}

bool sha256_finish(struct sha256 *sha256, char ret_hex[SHA256_HEX_SIZE])
{
	unsigned char digest[DIGEST_BYTES];
	bool failed = sha256->failed;
	gnutls_hash_output(sha256->handle, digest);
	sha256->failed = false;
	if (failed)
		return false;
	write_hex(digest, ret_hex);
	return true;
}
