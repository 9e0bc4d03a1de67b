// SPDX-License-Identifier: MIT
/*
 * The reader of bundles. What it takes is written and read again, which must give the same bytes, and the store takes
 * it or says why not. The first byte of an input says which of the readers it is for.
 */
#include "tests/fuzz/fuzzing.h"

#include <assert.h>
#include <string.h>

#include "db/bundle_put.h"
#include "server/json/bundle_read.h"
#include "server/json/bundle_write.h"

enum { READ_BUNDLE, READ_BUNDLE_AS, READ_AGENT, READ_WORK, READERS };

static enum bundle_read_status read_one(unsigned reader, const char *json, size_t length, struct arena *arena,
	struct bundle *ret_bundle, struct bundle_problems *ret_problems)
{
	switch (reader) {
	case READ_BUNDLE_AS:
		return bundle_read_as("its-own", json, length, arena, ret_bundle, ret_problems);
	case READ_AGENT:
		return agent_read("its-own", json, length, arena, ret_bundle, ret_problems);
	case READ_WORK:
		return work_read("its-own", json, length, arena, ret_bundle, ret_problems);
	default:
		return bundle_read(json, length, arena, ret_bundle, ret_problems);
	}
}

static struct buffer write_one(const struct bundle *bundle)
{
	struct buffer json = { 0 };
	struct out out;
	out_init(&out, &json, false);
	bundle_write(&out, bundle);
	assert(!json.failed);
	return json;
}

static void expect_round_trip(const struct bundle *bundle, struct arena *arena)
{
	struct bundle again;
	struct bundle_problems problems;
	struct buffer first = write_one(bundle);
	enum bundle_read_status status = bundle_read(first.data, first.length, arena, &again, &problems);
	assert(status == BUNDLE_READ_OK);
	struct buffer second = write_one(&again);
	assert(first.length == second.length && !memcmp(first.data, second.data, first.length));
	buffer_deinit(&first);
	buffer_deinit(&second);
}

static void expect_store(const struct bundle *bundle, bool is_review, struct arena *arena)
{
	static struct db *db;
	struct bundle_put_result result = { 0 };
	if (!db)
		db = fuzz_open(DB_WRITE);
	enum db_status status = db_begin_write(db);
	assert(status == DB_OK);
	status = is_review ? bundle_put(db, bundle, arena, &result) : subjects_put(db, bundle, arena, &result);
	assert(status == DB_OK || (status == DB_INVALID && result.pointer && result.reason));
	db_rollback(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena arena = { 0 };
	struct bundle bundle;
	struct bundle_problems problems = { 0 };
	unsigned reader = data[0] % READERS;
	bool is_review = reader == READ_BUNDLE || reader == READ_BUNDLE_AS;
	enum bundle_read_status status = read_one(reader, (const char *)data + 1, size - 1, &arena, &bundle, &problems);
	if (status == BUNDLE_READ_OK) {
		if (is_review)
			expect_round_trip(&bundle, &arena);
		expect_store(&bundle, is_review, &arena);
	} else {
		assert(status != BUNDLE_READ_NO_MEMORY && problems.count > 0);
		for (size_t i = 0; i < problems.count; i++)
			assert(problems.items[i].pointer && problems.items[i].reason);
	}
	arena_deinit(&arena);
	return 0;
}
