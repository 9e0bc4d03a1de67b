// SPDX-License-Identifier: MIT
/* Which words of the texts are forms of one another. */
#pragma once

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/text/stem.h"

/* More forms of one word are not looked for. */
enum { WORD_FORMS_MAX = 32 };

/* Notes that this folded word occurs in texts of that language, which is not STEM_NONE. False when memory runs out. */
bool word_forms_note(struct db *db, enum stem_language language, const char *word, size_t length);

/* Puts the words that were noted and are new into the store. Within a write. */
DB_CHECKED enum db_status word_forms_put(struct db *db);

/* Whether the store knows that this folded word occurs in texts of that language. */
DB_CHECKED enum db_status word_forms_has(
	struct db *db, enum stem_language language, const char *word, size_t length, bool *ret_has);

/* Noted words no longer count as known: what was put since the last commit is gone, or the connection goes. */
void word_forms_forget(struct db *db);

/* The other forms of a folded word in texts of that language: those that occur, and their stem, which may not. */
DB_CHECKED enum db_status word_forms_of(struct db *db, enum stem_language language, const char *word,
	struct arena *arena, struct string_list *ret_forms);
