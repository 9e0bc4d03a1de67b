// SPDX-License-Identifier: MIT
/* A store in a temporary folder, empty or with the three reviews of the library, for tests of what works with one. */
#pragma once

#include "db/bundle.h"
#include "db/bundle_put.h"
#include "db/db.h"

struct store_fixture {
	char folder[32], path[48];
	struct db *writer, *reader;
	struct arena arena; /* for the test; emptied by store_fixture_reading() */
};

/*
 * The library, as JSON:
 * `moonraker-nl` has every field a bundle can have, code points of one to four bytes, and words at both ends of its
 * text; `goldfinger-en` shares works, agents and a name with it; `note` has a text and nothing else.
 */
enum { LIBRARY_REVIEWS = 3 };
extern const char *const library[LIBRARY_REVIEWS];

/* For cmocka, of a test or of a group; *state is the fixture. */
int store_fixture_empty(void **state);
int store_fixture_library(void **state);
int store_fixture_remove(void **state);

/* The fixture, with an empty arena. */
struct store_fixture *store_fixture_reading(void **state);

/* A bundle that must be sound; in the fixture's arena. */
struct bundle store_fixture_bundle(struct store_fixture *fixture, const char *json);

/* Puts a bundle into the store, which must take it, and commits. */
struct bundle_put_result store_fixture_put(struct store_fixture *fixture, const char *json);
struct bundle_put_result store_fixture_put_bundle(struct store_fixture *fixture, const struct bundle *bundle);

/* The bundle of a review in the store as JSON, as export writes it; in the fixture's arena. */
const char *store_fixture_export(struct store_fixture *fixture, const char *slug);

/* Runs SQL on a connection of its own, which knows no rules but those of the schema; no foreign keys either. */
void store_fixture_damage(struct store_fixture *fixture, const char *sql);

/* The page of the file that a table or index begins with. */
int64_t store_fixture_root(struct store_fixture *fixture, const char *name);

/* Numbers inside the store. */
int64_t store_fixture_review_id(struct store_fixture *fixture, const char *slug);
int64_t store_fixture_agent_id(struct store_fixture *fixture, const char *slug);
int64_t store_fixture_work_id(struct store_fixture *fixture, const char *slug);

/* `reviewd check` finds nothing. */
void store_fixture_prove(struct store_fixture *fixture);

/* What is logged goes here until store_fixture_unlog(), line by line, instead of to standard error. */
extern char logged[4096];
void store_fixture_log(void);
void store_fixture_unlog(void);
