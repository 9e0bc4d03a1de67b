// SPDX-License-Identifier: MIT
#include "db/suggestions.h"

#include <string.h>

#include "db/stmt.h"
#include "db/text/key.h"

/* A name may be meant by any of its first words; a title can be a whole sentence. */
enum { SUGGESTION_WORDS = 8 };

_Static_assert((int)ARG_SUGGESTION_PUT_INNER == (int)ARG_SUGGESTION_DELETE_INNER &&
		       (int)ARG_SUGGESTION_PUT_KEY == (int)ARG_SUGGESTION_DELETE_KEY &&
		       (int)ARG_SUGGESTION_PUT_KIND == (int)ARG_SUGGESTION_DELETE_KIND &&
		       (int)ARG_SUGGESTION_PUT_ID == (int)ARG_SUGGESTION_DELETE_ID &&
		       (int)ARG_SUGGESTION_PUT_POSITION == (int)ARG_SUGGESTION_DELETE_POSITION,
	"what is taken out is bound as what was put in");

enum db_status suggestion_index(
	struct db *db, bool insert, enum search_kind kind, int64_t id, int64_t position, const char *name)
{
	struct buffer key = { 0 };
	name_key(&key, name, strlen(name));
	enum db_status status = key.failed ? DB_NO_MEMORY : DB_OK;
	const char *from = key.data;
	for (int word = 0; word < SUGGESTION_WORDS && status == DB_OK && from && *from; word++) {
		struct stmt *stmt = db_stmt(db, insert ? STMT_SUGGESTION_PUT : STMT_SUGGESTION_DELETE);
		stmt_bind_int(stmt, ARG_SUGGESTION_PUT_INNER, word > 0);
		stmt_bind_text(stmt, ARG_SUGGESTION_PUT_KEY, from);
		stmt_bind_int(stmt, ARG_SUGGESTION_PUT_KIND, kind);
		stmt_bind_int(stmt, ARG_SUGGESTION_PUT_ID, id);
		stmt_bind_int(stmt, ARG_SUGGESTION_PUT_POSITION, position);
		status = stmt_run(stmt);
		from = strchr(from, '-');
		from = from ? from + 1 : NULL;
	}
	buffer_deinit(&key);
	return status;
}
