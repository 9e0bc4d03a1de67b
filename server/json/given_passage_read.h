// SPDX-License-Identifier: MIT
/* A passage that is to be verified, as JSON. */
#pragma once

#include "db/bundle.h"
#include "server/json/bundle_read.h"

enum { GIVEN_SPEAKERS_MAX = 100 };

struct given_passage {
	const char *text;
	struct string_list speakers; /* as given: ids, names, aliases */
};

/*
 * *ret_passage is for BUNDLE_READ_OK only, *ret_problems for BUNDLE_READ_INVALID and _NOT_JSON only. Both live in the
 * arena.
 */
enum bundle_read_status given_passage_read(const char *json, size_t length, struct arena *arena,
	struct given_passage *ret_passage, struct bundle_problems *ret_problems);
