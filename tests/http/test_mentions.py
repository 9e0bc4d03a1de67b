# SPDX-License-Identifier: MIT


def test_mention_list_by_review_gives_the_mentions_in_the_order_of_the_bundle(store):
    for review in store.model.review_list():
        expected = store.model.mentions(review=review)
        assert store.client.walk(f"/v1/reviews/{review}/mentions?limit=200") == expected


def test_mention_list_by_review_names_works_and_several_agents(books):
    rows = books.data("/v1/reviews/review-omega/mentions")
    assert [[named["id"] for named in row["of"]] for row in rows] == [
        ["agent-one", "agent-one-too"], ["work-alpha"], ["work-beta"], ["person-three"], ["organisation-four"]]
    assert rows[1]["of"] == [{"id": "work-alpha", "kind": "work", "name": "Work Alpha"}]
    assert rows[2]["of"] == [{"id": "work-beta", "kind": "work", "name": None}]


def test_mention_list_by_review_has_what_the_names_of_the_bundle_give(books, library_store):
    rows = books.data("/v1/reviews/review-named/mentions")
    assert rows == library_store.model.mentions(review="review-named")
    assert [row["span"]["exact"] for row in rows] == [
        "Агент Пять", "Ägent Twó", "Agent One", "Number Two", "Ägent Twós"]


def test_mention_list_by_agent_leaves_out_the_mentions_of_a_work(books):
    for row in books.walk("/v1/characters/agent-one/mentions?limit=200"):
        assert "agent-one" in [named["id"] for named in row["of"]]
