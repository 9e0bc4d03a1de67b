# SPDX-License-Identifier: MIT
"""Agents and works that several bundles speak of: the same id is one, and what one bundle leaves out the store keeps."""
import itertools

import pytest
import shelf
from shelf import bundle


def agent(db, id_):
    """As every bundle of the store has it, which must be the same."""
    found = [one for held in shelf.held(db) for one in held["agents"] if one["id"] == id_]
    assert all(one == found[0] for one in found)
    return found[0]


def work(db, id_):
    found = [one for held in shelf.held(db) for one in [held["work"], *held["works"]] if one and one["id"] == id_]
    assert all(one == found[0] for one in found)
    return found[0]


def revision(db):
    with shelf.served(db) as store:
        return store.json("/v1")["revision"]


def test_the_same_id_is_one_agent_and_one_work(db):
    for name in ("one", "two", "three"):
        shelf.put(db, bundle(name, work={"id": "w", "title": "W"}, agents=[{"id": "a", "name": "Bond"}]))
    with shelf.served(db) as store:
        counts = store.json("/v1")["counts"]
        assert (counts["reviews"], counts["characters"], counts["works"]) == (3, 1, 1)
        assert [row["id"] for row in store.walk("/v1/characters/a/reviews")] == ["one", "two", "three"]
        assert len(store.walk("/v1/characters/a/mentions")) == 6


def test_aliases_add_up_in_the_order_of_their_coming(db):
    for name, aliases in (("one", ["B", "C"]), ("two", ["D", "B"]), ("three", []), ("four", ["C", "E", "A"])):
        shelf.put(db, bundle(name, agents=[{"id": "a", "name": "A", "aliases": aliases}]))
    assert agent(db, "a")["aliases"] == ["B", "C", "D", "E"]


def test_a_field_that_is_given_replaces_and_one_that_is_not_stays(db):
    full = {"id": "a", "kind": "person", "name": "A", "description": "D", "same_as": ["https://example.org/a"]}
    shelf.put(db, bundle("one", agents=[full]))
    shelf.put(db, bundle("two", agents=[{"id": "a"}]))
    assert agent(db, "a") == {**full, "aliases": []}
    for field, value in (("kind", "organisation"), ("name", "New"), ("description", "Other"),
                         ("same_as", ["https://example.org/b", "https://example.org/c"])):
        shelf.put(db, bundle("two", agents=[{"id": "a", field: value}]))
        full[field] = value
        assert {key: agent(db, "a")[key] for key in full} == full
    shelf.put(db, bundle("two", agents=[{"id": "a", "same_as": []}]))
    assert "same_as" not in agent(db, "a")
    shelf.check(db)


def test_an_agent_keeps_the_names_it_had_when_it_gets_a_new_one(db):
    """Whoever asks by an alias still finds it; the old name is one no longer, unless it is an alias as well."""
    shelf.put(db, bundle("one", agents=[{"id": "a", "name": "Old", "aliases": ["Alias"]}]))
    shelf.put(db, bundle("two", agents=[{"id": "a", "name": "New"}]))
    assert (agent(db, "a")["name"], agent(db, "a")["aliases"]) == ("New", ["Alias"])
    shelf.put(db, bundle("two", agents=[{"id": "a", "name": "Alias"}]))
    assert agent(db, "a")["name"] == "Alias" and "Alias" not in agent(db, "a")["aliases"]
    shelf.check(db)


def test_works_are_brought_up_to_date_alike(db):
    full = {"id": "w", "kind": "novel", "title": "W", "language": "nl", "published": "1957", "description": "D",
            "contributors": [{"role": "author", "id": "p", "name": "P"}], "relations": [{"kind": "part_of", "to": "series"}],
            "same_as": ["https://example.org/w"]}
    shelf.put(db, bundle("one", work=full))
    shelf.put(db, bundle("two", works=[{"id": "w"}]), bundle("three", work="W"))
    assert work(db, "w") == full
    for field, value in (("kind", "film"), ("title", "V"), ("language", "en-GB"), ("published", "195X"), ("description", "E"),
                         ("contributors", [{"role": "director", "id": "q", "name": "Q"}]), ("relations", []), ("same_as", [])):
        shelf.put(db, bundle("two", works=[{"id": "w", field: value}]))
        full[field] = value
        assert work(db, "w") == full
    shelf.check(db)


def test_fifteen_characters_of_one_name(db):
    """Names are not unique: every one keeps its quotes, and the name alone means all of them."""
    agents = [{"id": f"soldaat-{i:02}", "name": "Soldaat"} for i in range(15)]
    text = " ".join(f"Soldaat spreekt {i}." for i in range(15))
    quotes = [{"exact": f"spreekt {i}.", "speakers": [f"soldaat-{i:02}"]} for i in range(15)]
    shelf.put(db, bundle("play", text, agents=agents, quotes=quotes))
    shelf.put(db, bundle("sequel", "Soldaat spreekt.", agents=[{"id": "soldaat-sequel", "name": "Soldaat"}]))
    held = shelf.held_one(db, "play")
    assert len(held["mentions"]) == 15
    assert all(mention["of"] == [one["id"] for one in agents] for mention in held["mentions"])
    assert shelf.held_one(db, "sequel")["mentions"] == [{"span": [0, 7], "of": ["soldaat-sequel"]}]
    with shelf.served(db) as store:
        assert store.json("/v1")["counts"]["characters"] == 16
        assert [row["text"] for row in store.walk("/v1/characters/soldaat-07/quotes")] == ["spreekt 7."]
        assert store.json("/v1/quotes", character="Soldaat", limit=200)["page"]["total"] == 15
        assert len(store.walk("/v1/characters/soldaat-03/mentions")) == 15


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_bundles_matters_only_where_they_contradict_each_other(db, order):
    bundles = [bundle("x", agents=[{"id": "a", "name": "A", "aliases": ["One"]}], work={"id": "w", "title": "W"}),
               bundle("y", agents=[{"id": "a", "name": "A", "aliases": ["Two"]}], work={"id": "w", "title": "W", "kind": "film"}),
               bundle("z", agents=[{"id": "a", "name": "A", "description": "D"}], works=[{"id": "w", "language": "nl"}])]
    for number in order:
        shelf.put(db, bundles[number])
    assert {**agent(db, "a"), "aliases": sorted(agent(db, "a")["aliases"])} == {
        "id": "a", "kind": "character", "name": "A", "aliases": ["One", "Two"], "description": "D"}
    assert (work(db, "w")["kind"], work(db, "w")["language"]) == ("film", "nl")


def test_what_is_not_new_raises_no_revision(db):
    first = bundle("one", agents=[{"id": "a", "name": "A", "aliases": ["B"], "description": "D"}], work={"id": "w", "title": "W"},
                   quotes=[{"exact": "met", "speakers": ["a"]}])
    shelf.put(db, first)
    number = revision(db)
    for again in (first, {**first, "agents": [{"id": "a"}]}, {**first, "work": {"id": "w"}},
                  {**first, "agents": [{"id": "a", "name": "A", "aliases": []}]}, {**first, "title": None, "works": []}):
        finished = shelf.put(db, again)
        assert shelf.counts(finished) == {"unchanged": 1}
        assert shelf.sums(finished)[0] == 1
        assert revision(db) == number
    shelf.put(db, {**first, "agents": [{"id": "a", "aliases": ["C"]}]})
    assert revision(db) == number + 1
    assert shelf.counts(shelf.put(db, {**first, "title": "T"})) == {"changed": 1}
    assert revision(db) == number + 2


def test_whoever_is_unknown_needs_a_name(db):
    finished = shelf.put(db, bundle("one", agents=[{"id": "a", "name": "A"}]), bundle("two", agents=[{"id": "a"}, {"id": "b"}]),
                         bundle("three", work={"id": "w", "contributors": [{"role": "author", "id": "p"}]}), status=65)
    assert [refusal[1:3] for refusal in shelf.refusals(finished)] == [
        (2, "/agents/1/name"), (3, "/work/contributors/0/name")]
    assert [held["id"] for held in shelf.held(db)] == ["one"]
    with shelf.served(db) as store:
        assert store.json("/v1")["counts"] == {"reviews": 1, "works": 0, "characters": 1, "people": 0, "organisations": 0,
                                               "quotes": 0, "mentions": 0}
