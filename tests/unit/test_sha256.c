// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/sha256.h"

/* FIPS 180-4 names the algorithm; the vectors are those NIST publishes with it, and that of the empty message. */
static const struct {
	const char *message, *digest;
} vectors[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopq"
	  "rs"
	  "tu",
		"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};
enum { VECTORS = sizeof(vectors) / sizeof(vectors[0]), MILLION = 1000000 };
static const char million_digest[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static char *million(void)
{
	char *message = malloc(MILLION);
	assert_non_null(message);
	memset(message, 'a', MILLION);
	return message;
}

static void test_the_vectors_in_one_go(void **state)
{
	(void)state;
	char hex[SHA256_HEX_SIZE];
	for (size_t i = 0; i < VECTORS; i++) {
		assert_true(sha256_hex(vectors[i].message, strlen(vectors[i].message), hex));
		assert_string_equal(hex, vectors[i].digest);
	}
	char *message = million();
	assert_true(sha256_hex(message, MILLION, hex));
	assert_string_equal(hex, million_digest);
	free(message);
}

static void test_the_vectors_in_pieces_of_every_size(void **state)
{
	(void)state;
	char hex[SHA256_HEX_SIZE];
	struct sha256 *sha256 = sha256_new();
	assert_non_null(sha256);
	/* One object for all: finishing makes it as new. */
	for (size_t i = 0; i < VECTORS; i++) {
		size_t length = strlen(vectors[i].message);
		for (size_t piece = 1; piece <= length + 1; piece++) {
			for (size_t at = 0; at < length; at += piece)
				sha256_update(
					sha256, vectors[i].message + at, length - at < piece ? length - at : piece);
			sha256_update(sha256, NULL, 0);
			assert_true(sha256_finish(sha256, hex));
			assert_string_equal(hex, vectors[i].digest);
		}
	}
	char *message = million();
	for (size_t at = 0, piece = 1; at < MILLION; at += piece, piece = piece * 2 % 4093)
		sha256_update(sha256, message + at, MILLION - at < piece ? MILLION - at : piece);
	assert_true(sha256_finish(sha256, hex));
	assert_string_equal(hex, million_digest);
	free(message);
	sha256_free(sha256);
}

static void test_an_unfinished_digest_is_freed(void **state)
{
	(void)state;
	struct sha256 *sha256 = sha256_new();
	assert_non_null(sha256);
	sha256_update(sha256, "abc", 3);
	sha256_free(sha256);
	sha256_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_vectors_in_one_go),
		cmocka_unit_test(test_the_vectors_in_pieces_of_every_size),
		cmocka_unit_test(test_an_unfinished_digest_is_freed),
	};
	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
