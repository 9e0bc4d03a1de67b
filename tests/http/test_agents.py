# SPDX-License-Identifier: MIT
import pytest
from client import segment

COLLECTIONS = {"characters": "character", "people": "person", "organisations": "organisation"}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_agent_list_gives_all_of_a_kind_in_the_order_of_their_ids(store, collection):
    expected = store.model.agent_list(COLLECTIONS[collection])
    assert store.client.walk(f"/v1/{collection}?limit=200") == expected


def test_agent_get_gives_each_agent(store):
    for kind_list in COLLECTIONS.values():
        for agent in store.model.agent_list(kind_list)[:12]:
            assert store.client.json(agent["url"]) == agent


def test_agent_get_gives_ids_of_any_script(books, library_store):
    for path in ("/v1/characters/агент-пять", "/v1/characters/primus", "/v1/characters/agent-one-too"):
        address = "/".join(segment(part) for part in path.split("/"))
        assert books.json(address) == library_store.model.agent(path.rpartition("/")[2])


def test_agent_get_gives_a_contributor_whom_no_bundle_declares(books):
    assert books.json("/v1/people/person-writer") == {
        "id": "person-writer", "kind": "person", "name": "Person Writer", "description": None, "aliases": [], "same_as": [],
        "url": "/v1/people/person-writer"}
    assert books.data("/v1/people/person-writer/reviews") == []


def test_agent_get_of_another_kind_tells_the_right_path(seed):
    for wrong, right in (("characters/ian-fleming", "/v1/people/ian-fleming"), ("people/smersh", "/v1/organisations/smersh"),
                         ("organisations/james-bond", "/v1/characters/james-bond")):
        for below in ("", "/quotes", "/mentions", "/reviews"):
            problem = seed.problem(f"/v1/{wrong}{below}", 404, "not-found")
            assert right in problem["detail"]


def test_agent_get_of_nobody_offers_the_nearest_ids(seed):
    for wrong, right in (("characters/james-bont", "james-bond"), ("people/ian-flemming", "ian-fleming"),
                         ("characters/rosa-kleb/quotes", "rosa-klebb"), ("organisations/smers/reviews", "smersh")):
        assert seed.problem(f"/v1/{wrong}", 404, "not-found")["nearest"][0] == right


def test_agent_get_of_nobody_offers_ids_of_the_same_kind_only(seed):
    for path in ("/v1/people/james-bont", "/v1/organisations/rosa-kleb/quotes", "/v1/characters/ian-flemin"):
        assert "nearest" not in seed.problem(path, 404, "not-found")
    for parameter in ("person=james-bont", "character=ian-flemin"):
        assert "nearest" not in seed.problem("/v1/quotes?" + parameter, 404, "not-found")
    for wrong, right in (("james-bont", "james-bond"), ("ian-flemin", "ian-fleming"), ("smerch", "smersh")):
        for parameter in ("speaker", "about", "addressee"):
            assert seed.problem(f"/v1/quotes?{parameter}={wrong}", 404, "not-found")["nearest"][0] == right


def test_agent_list_by_review_gives_the_characters_in_the_order_of_the_bundle(store):
    for review in store.model.review_list():
        expected = store.model.agent_list_by_review(review)
        assert store.client.walk(f"/v1/reviews/{review}/characters?limit=200") == expected


def test_agent_list_by_work_gives_the_characters_of_all_its_reviews(store):
    for work in store.model.works:
        expected = store.model.agent_list_by_work(work)
        assert store.client.walk(f"/v1/works/{work}/characters?limit=200") == expected


def test_review_list_by_agent_gives_the_reviews_as_they_came(store):
    for agent in list(store.model.agents)[:12]:
        address = store.model.agent(agent)["url"]
        rows = store.client.walk(f"{address}/reviews?limit=200")
        assert [row["id"] for row in rows] == store.model.review_list_by_agent(agent)


def test_quote_list_by_agent_gives_what_each_agent_says(store):
    for agent in list(store.model.agents)[:12]:
        address = store.model.agent(agent)["url"]
        assert store.client.walk(f"{address}/quotes?limit=200") == store.model.quotes(speakers=[agent])


def test_quote_list_by_agent_does_not_give_what_is_only_said_about_them(seed):
    assert seed.data("/v1/characters/james-bond/quotes") == []
    assert seed.json("/v1/quotes?about=james-bond")["page"]["total"] > 0


def test_mention_list_by_agent_gives_each_place_of_a_name(store):
    for agent in list(store.model.agents)[:12]:
        address = store.model.agent(agent)["url"]
        assert store.client.walk(f"{address}/mentions?limit=200") == store.model.mentions(agent=agent)
