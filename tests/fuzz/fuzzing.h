// SPDX-License-Identifier: MIT
/*
 * What the targets of libFuzzer have in common: a store with the seed review in a temporary folder, and requests
 * without a wire. What a target asserts of an answer is a finding like a report of a sanitizer.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"
#include "server/request.h"
#include "server/response.h"

/* libFuzzer calls it with each input. Each target has its own. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The path of the store, which is made at the first call and taken away at exit. Nothing is logged from then on. */
const char *fuzz_store(void);

/* A connection to it of that mode, open until exit. */
struct db *fuzz_open(enum db_mode mode);

/*
 * From the address to the answer, all in the arena but the body, which is the caller's. The answer is whole and no
 * fault of the server. *ret_request may be NULL.
 */
struct response fuzz_ask(struct arena *arena, const char *method, const char *target,
	const struct request_headers *headers, struct request *ret_request);

/* The input as a string in the arena; NULL when it is none, having a NUL or more bytes than `max`. */
const char *fuzz_string(struct arena *arena, const uint8_t *data, size_t size, size_t max);
