# SPDX-License-Identifier: MIT
"""Statements that walk through a table, or sort, and why they may; test_plans.py holds that they do."""

PROVES = "`reviewd check` looks at every row"
ENDS = "takes the first and the last row of each table and index, and no other"
FOUND = "sorts what a search found: an index of words gives it in the order of its rows alone"
TOTAL = "a total is exact: it counts what fits, once for each revision"
FACET = "a facet counts all that fits and puts the most frequent first"
CHOSEN = "the plan of a list takes it only where few fit, so that to gather and sort them costs less than to follow an index"

WALKS = {
    "agent_names_rekey": "when an older store is brought up to date, all keys are made anew",
    "check_agent_keys": PROVES,
    "check_agent_roles": PROVES,
    "check_choices": PROVES,
    "check_counts": PROVES,
    "check_empty_mentions": PROVES,
    "check_gapped_names": PROVES,
    "check_mention_agents": PROVES,
    "check_index_ends": ENDS,
    "check_nameless_agents": PROVES,
    "check_names": PROVES,
    "check_overlogged": PROVES,
    "check_quote_keys": PROVES,
    "check_quote_lengths": PROVES,
    "check_quote_speakers": PROVES,
    "check_review_keys": PROVES,
    "check_review_places": PROVES,
    "check_review_quotes": PROVES,
    "check_review_traits": PROVES,
    "check_reviews": PROVES,
    "check_search_due": PROVES,
    "check_search_rows": PROVES,
    "check_search_things": PROVES,
    "check_search_words": PROVES,
    "check_stray_mentions": PROVES,
    "check_suggestions": PROVES,
    "check_unlogged": PROVES,
    "check_work_keys": PROVES,
    "check_works": PROVES,
    "change_get_around_review": "the works of one review, which are gathered first",
    "search_forget": "WHERE false: it looks at nothing",
}

SORTS = {
    "agent_by_key": "the index has them in order, and it ends after 200; what is sorted away are two names of one agent",
    "agent_roles_take": "counts the quotes of one review by who has to do with them",
    "agent_count_by_work": "counts who is in the reviews of one work, however often",
    "agent_list_by_work": "sorts who is in the reviews of one work; it grows with these, not with the store",
    "change_get_around_review": "the agents and works of one review, each once",
    "check_agent_roles": PROVES,
    "check_mention_agents": PROVES,
    "check_review_traits": PROVES,
    "check_stray_mentions": PROVES,
    "review_list_by_words": FOUND,
    "review_list_by_work_and_words": FOUND,
    "search_ranked": "the best come first, and how good they are is known when all are found",
    "suggestion_count": "what has several names that begin so is counted once",
    "suggestion_list": "what has several names that begin so stands at the first of them",
}

# Patterns of SQL that is put together.
ASSEMBLED_WALKS = {
    r"quotes FROM \(SELECT": FACET,
    r"^SELECT (count|ifnull\(sum)\(.*\nFROM (review r|review_trait q|work w)\b": TOTAL,
    r"FROM review r NOT INDEXED": CHOSEN,
}
ASSEMBLED_SORTS = {
    r"quotes FROM \(SELECT": FACET,
    r"^SELECT count\(DISTINCT": "a quote of several of the agents that are asked for is counted once",
    r"FROM \(SELECT rowid[^()]* FROM search\b": FOUND,
    r"FROM (agent a|quote q|review r|work w) (NOT INDEXED|INDEXED BY (quote_work|review_updated|review_work))": CHOSEN,
    r"FROM quote_(agent|length) s\n": CHOSEN,
    r"FROM review_agent s CROSS JOIN review r USING": CHOSEN,
}
