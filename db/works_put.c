// SPDX-License-Identifier: MIT
#include <string.h>

#include "db/putting.h"
#include "db/search_index.h"
#include "db/stmt.h"
#include "db/works.h"

static bool put_same_contributors(
	const struct bundle *bundle, const struct bundle_work *given, const struct work *stored)
{
	if (given->contributor_count != stored->contributor_count)
		return false;
	for (size_t i = 0; i < given->contributor_count; i++) {
		const struct bundle_contributor *a = &given->contributors[i];
		const struct contributor *b = &stored->contributors[i];
		const char *character = a->character == BUNDLE_NONE ? NULL : bundle->agents[a->character].slug;
		if (strcmp(a->role, b->role) != 0 || strcmp(bundle->agents[a->agent].slug, b->agent.slug) != 0 ||
			!put_same(character, b->character.slug))
			return false;
	}
	return true;
}

static bool put_same_relations(const struct bundle_work *given, const struct work *stored)
{
	if (given->relation_count != stored->relation_count)
		return false;
	for (size_t i = 0; i < given->relation_count; i++) {
		if (strcmp(given->relations[i].kind, stored->relations[i].kind) != 0 ||
			strcmp(given->relations[i].to, stored->relations[i].to.slug) != 0)
			return false;
	}
	return true;
}

static enum db_status put_contributors(struct putting *put, const struct bundle_work *given, int64_t work_id)
{
	struct stmt *delete = db_stmt(put->db, STMT_WORK_CONTRIBUTORS_DELETE);
	stmt_bind_int(delete, ARG_WORK_CONTRIBUTORS_DELETE_WORK_ID, work_id);
	enum db_status status = stmt_run(delete);
	for (size_t i = 0; i < given->contributor_count && status == DB_OK; i++) {
		const struct bundle_contributor *contributor = &given->contributors[i];
		struct stmt *stmt = db_stmt(put->db, STMT_WORK_CONTRIBUTOR_INSERT);
		stmt_bind_int(stmt, ARG_WORK_CONTRIBUTOR_INSERT_WORK_ID, work_id);
		stmt_bind_int(stmt, ARG_WORK_CONTRIBUTOR_INSERT_POSITION, (int64_t)i);
		stmt_bind_text(stmt, ARG_WORK_CONTRIBUTOR_INSERT_ROLE, contributor->role);
		stmt_bind_int(stmt, ARG_WORK_CONTRIBUTOR_INSERT_AGENT_ID, put->agent_ids[contributor->agent]);
		if (contributor->character == BUNDLE_NONE)
			stmt_bind_null(stmt, ARG_WORK_CONTRIBUTOR_INSERT_CHARACTER_ID);
		else
			stmt_bind_int(
				stmt, ARG_WORK_CONTRIBUTOR_INSERT_CHARACTER_ID, put->agent_ids[contributor->character]);
		status = stmt_run(stmt);
	}
	return status;
}

static enum db_status put_relations(struct putting *put, const struct bundle_work *given, int64_t work_id)
{
	struct stmt *delete = db_stmt(put->db, STMT_WORK_RELATIONS_DELETE);
	stmt_bind_int(delete, ARG_WORK_RELATIONS_DELETE_WORK_ID, work_id);
	enum db_status status = stmt_run(delete);
	for (size_t i = 0; i < given->relation_count && status == DB_OK; i++) {
		struct stmt *stmt = db_stmt(put->db, STMT_WORK_RELATION_INSERT);
		stmt_bind_int(stmt, ARG_WORK_RELATION_INSERT_WORK_ID, work_id);
		stmt_bind_int(stmt, ARG_WORK_RELATION_INSERT_POSITION, (int64_t)i);
		stmt_bind_text(stmt, ARG_WORK_RELATION_INSERT_KIND, given->relations[i].kind);
		stmt_bind_text(stmt, ARG_WORK_RELATION_INSERT_TO_SLUG, given->relations[i].to);
		status = stmt_run(stmt);
	}
	return status;
}

/* The row as it will be, whether it is there already or not. */
static struct work put_work_merge(const struct bundle_work *given, const struct work *stored)
{
	struct work merged = *stored;
	merged.ref.slug = given->slug;
	if (given->kind_given)
		merged.kind = given->kind;
	if (given->title_given)
		merged.ref.title = given->title;
	if (given->language_given)
		merged.language = given->language;
	if (given->published_given)
		merged.published = given->published;
	if (given->description_given)
		merged.description = given->description;
	if (given->same_as_given)
		merged.same_as = given->same_as;
	return merged;
}

_Static_assert((int)ARG_WORK_INSERT_KIND == (int)ARG_WORK_UPDATE_KIND + 1 &&
		       (int)ARG_WORK_INSERT_REVISION == (int)ARG_WORK_UPDATE_REVISION + 1,
	"insert and update take the same row, insert behind the slug");

static enum db_status put_work_row(struct putting *put, const struct work *work, int64_t *ret_work_id)
{
	const char *same_as = put_lines(put, &work->same_as);
	if (!same_as)
		return DB_NO_MEMORY;
	bool insert = work->ref.work_id == 0;
	int shift = insert ? 1 : 0;
	struct stmt *stmt = db_stmt(put->db, insert ? STMT_WORK_INSERT : STMT_WORK_UPDATE);
	if (insert)
		stmt_bind_text(stmt, ARG_WORK_INSERT_SLUG, work->ref.slug);
	else
		stmt_bind_int(stmt, ARG_WORK_UPDATE_WORK_ID, work->ref.work_id);
	stmt_bind_text(stmt, ARG_WORK_UPDATE_KIND + shift, work->kind);
	stmt_bind_text(stmt, ARG_WORK_UPDATE_TITLE + shift, work->ref.title);
	stmt_bind_text(stmt, ARG_WORK_UPDATE_LANGUAGE + shift, work->language);
	stmt_bind_text(stmt, ARG_WORK_UPDATE_PUBLISHED + shift, work->published);
	put_bind_date(
		stmt, ARG_WORK_UPDATE_PUBLISHED_FROM + shift, ARG_WORK_UPDATE_PUBLISHED_TO + shift, work->published);
	stmt_bind_text(stmt, ARG_WORK_UPDATE_DESCRIPTION + shift, work->description);
	stmt_bind_text(stmt, ARG_WORK_UPDATE_SAME_AS + shift, same_as);
	stmt_bind_int(stmt, ARG_WORK_UPDATE_REVISION + shift, put->store.revision);
	*ret_work_id = work->ref.work_id;
	return insert ? stmt_insert(stmt, ret_work_id) : stmt_run(stmt);
}

static enum db_status put_work(struct putting *put, const struct bundle_work *given, struct work_ref *ret_work)
{
	struct work stored = { 0 };
	enum db_status status = work_get(put->db, given->slug, put->arena, &stored);
	if (status != DB_OK && status != DB_NOT_FOUND)
		return status;
	bool is_new = status == DB_NOT_FOUND;
	struct work merged = put_work_merge(given, &stored);
	bool contributors = given->contributors_given && !put_same_contributors(put->bundle, given, &stored);
	bool relations = given->relations_given && !put_same_relations(given, &stored);
	*ret_work = merged.ref;
	if (!is_new && !contributors && !relations && put_same(merged.kind, stored.kind) &&
		put_same(merged.ref.title, stored.ref.title) && put_same(merged.language, stored.language) &&
		put_same(merged.published, stored.published) && put_same(merged.description, stored.description) &&
		put_same_list(&merged.same_as, &stored.same_as))
		return DB_OK;
	put->store.works += is_new ? 1 : 0;
	bool retitled = !put_same(merged.ref.title, stored.ref.title) || !put_same(merged.language, stored.language);
	status = !is_new && retitled ? search_note_change(put->db, SEARCH_WORK, stored.ref.work_id) : DB_OK;
	if (status == DB_OK)
		status = put_work_row(put, &merged, &ret_work->work_id);
	if (status == DB_OK && is_new)
		status = search_note_new(put->db, SEARCH_WORK, ret_work->work_id);
	if (status == DB_OK && contributors)
		status = put_contributors(put, given, ret_work->work_id);
	if (status == DB_OK && relations)
		status = put_relations(put, given, ret_work->work_id);
	return status == DB_OK ? put_change(put, NOUN_WORK, given->slug) : status;
}

enum db_status put_works(struct putting *put)
{
	enum db_status status = DB_OK;
	for (size_t i = 0; i < put->bundle->work_count && status == DB_OK; i++)
		status = put_work(put, &put->bundle->works[i], &put->work_refs[i]);
	return status;
}
