// SPDX-License-Identifier: MIT
/*
 * What the full-text index needs of us, on every connection before it touches
 * the index: the tokenizer `reviewd`, which is db/text/fold.h, and the function
 * search_score().
 */
#pragma once

#include "db/connection.h"
#include "db/text/text_words.h"

/* What a row of the index is of. */
enum search_kind { SEARCH_QUOTE, SEARCH_REVIEW, SEARCH_AGENT, SEARCH_WORK };
enum { SEARCH_KINDS = 4 };

/*
 * The rows of a review and its quotes stand together, the review behind its quotes, because FTS5 takes words fastest
 * that it has just had. Those of agents and works stand behind all of them.
 */
int64_t search_rowid(enum search_kind kind, int64_t id);
enum search_kind search_rowid_kind(int64_t rowid);
int64_t search_rowid_id(int64_t rowid);

/*
 * A label is no word that anybody could type: SEARCH_LABEL, a byte that no UTF-8 has, a letter and a number. Those of a
 * row stand one behind the other.
 */
#define SEARCH_LABEL "\xff"
enum search_label {
	LABEL_SPEAKER = 's', /* agent_id, as of the next two */
	LABEL_ADDRESSEE = 'a',
	LABEL_ABOUT = 'b',
	LABEL_WORK = 'w',       /* work_id */
	LABEL_FORM = 'f',       /* enum quote_form */
	LABEL_ATTRIBUTION = 't' /* enum attribution */
};
/* Of every review, without a number. */
#define SEARCH_LABEL_REVIEW SEARCH_LABEL "r"

/* Stands for a text whose words are known: those of db->known_words. No UTF-8 has this byte either. */
#define SEARCH_KNOWN_WORDS "\xfe"

/* From word `from` up to `to` of a text. */
struct words_range {
	size_t from, to;
};

/* Parts of a text, one behind the other. */
struct known_words {
	const struct text_words *words;
	const struct words_range *ranges;
	size_t range_count;
};

/*
 * Calls `token` for each word, or label, as the index takes them from a text; a code of SQLite. Stops when it returns
 * anything but SQLITE_OK.
 */
typedef int fts_token_taker(void *context, int flags, const char *bytes, int length, int start, int end);
DB_CHECKED int fts_tokenize(const char *text, size_t length, void *context, fts_token_taker *token);

/* A result code of SQLite. */
DB_CHECKED int fts_register(struct db *db);

/*
 * search_score(search, :weights) tells how well a row fits, above 0, the better the more. `weights` has two letters for
 * each phrase of the MATCH text: the term it belongs to, from `a` on, and what it finds there.
 *
 * It is BM25 (k1 1.2, b 0.75) with constants for what the whole store would have to tell, so that the score of a row
 * depends on that row alone: a walk through the hits stays whole while others write. A word in a title counts as
 * SCORE_TITLE words, another form of a word as SCORE_FORM; rows with the very words come before all others.
 */
enum search_weight { WEIGHT_EXACT = 'x', WEIGHT_FORM = 'f', WEIGHT_EXCLUDED = '-' };

/*
 * search_gather(search, :weights, :gathering), which is always 0, puts the row into a struct gathering, which is bound
 * as a pointer of gathering_type: how many there are, the newest of those before `after`, and, as long as there are no
 * more than `scored_max`, the best behind it. FTS5 puts together anew for each statement what begins with some letters;
 * so it does it once.
 */
struct scored_row {
	int64_t rowid, score;
};

struct gathering {
	struct scored_row after;
	size_t limit; /* room in both arrays, 1 or more */
	int64_t count, scored_max;
	struct scored_row *best; /* in their order */
	size_t best_count;
	int64_t *newest; /* a ring; the last one was put at (newest_count - 1) % limit */
	size_t newest_count;
};

extern const char gathering_type[];
