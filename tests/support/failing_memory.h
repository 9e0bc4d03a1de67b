// SPDX-License-Identifier: MIT
/*
 * Memory that runs out where a test says.
 *
 * The linker puts functions of failing_memory.c in the place of those of the C library, of GnuTLS and of the arena (see
 * tests/unit/meson.build); SQLite is given its own. A sweep tries a thing again and again: each call that may run out
 * of memory does so once, and then with all calls behind it. Nothing may crash, leak or lie.
 */
#pragma once

#include <stdbool.h>

#include "tests/support/store_fixture.h"

/* What a thing tried came to. It may run out of memory; all else must be as it is with memory enough. */
enum outcome { AS_EVER, NO_MEMORY };

struct trial {
	const char *name;
	enum outcome (*run)(struct store_fixture *fixture, const void *context);
	const void *context;
	unsigned long stride; /* 1: each call fails in turn */
};

/* Before anything uses SQLite. */
void failing_memory_begin(void);

/* The fixture's arena is emptied before and after each trial. */
void sweep(struct store_fixture *fixture, const struct trial *trial);

/* Within a trial: memory is plenty until failing_memory_resume(), for the test's own needs. */
bool failing_memory_pause(void);
void failing_memory_resume(bool was_on);

/* Within a trial: ends the test, and tells which call had failed. */
void trial_expect(bool condition, const char *function, int line, const char *text);
#define TRIAL_EXPECT(condition) trial_expect(condition, __func__, __LINE__, #condition)
