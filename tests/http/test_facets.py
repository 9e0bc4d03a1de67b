# SPDX-License-Identifier: MIT
"""Counts under the filters of lists of quotes, against the reference, and against the lists themselves."""
import random

import pytest
from client import at
from reference import key
from test_lists import ONCE, QUOTE_PARAMETERS, words

FACETS = ("about", "addressee", "attribution", "character", "form", "language", "person", "review", "reviewer", "speaker",
          "spoiler", "work")
NAMED = ("about", "addressee", "character", "person", "review", "reviewer", "speaker", "work")
ROUNDS = 60


@pytest.fixture(name="books")
def those_of_the_shelf(shelf_of_books):
    return shelf_of_books


def check(books, by, asked, limit=200):
    exact = {"match": "exact"} if "q" in asked else {}
    answer = books.quick.json(at("/v1/facets", by=by, limit=limit, **asked, **exact))
    expected = {}
    for name in by:
        counts = books.model.facet(name, asked)
        expected[name] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    assert {name: [(row["id"], row["count"]) for row in rows] for name, rows in answer["facets"].items()} == expected, asked
    return answer["facets"]


@pytest.mark.parametrize("by", FACETS)
def test_facet_list_counts_all_quotes(books, by):
    assert len(check(books, [by], {})[by]) > 1
    for limit in (0, 1, 2, 3):
        check(books, [by], {}, limit)


@pytest.mark.parametrize("by", FACETS)
def test_facet_list_counts_what_fits_filters_at_random(books, by):
    chance, found = random.Random("facets" + by), 0
    for _ in range(ROUNDS):
        asked = {name: chance.choices(words(books.model, name), k=1 if name in ONCE else chance.choice((1, 1, 2, 3)))
                 for name in chance.sample(QUOTE_PARAMETERS, chance.choice((1, 1, 2, 3)))}
        found += bool(check(books, [by], asked, chance.choice((1, 5, 200)))[by])
    assert found > ROUNDS // 6


@pytest.mark.parametrize("name", QUOTE_PARAMETERS)
def test_every_filter_changes_the_counts(books, name):
    everything = check(books, ["form"], {})
    assert any(check(books, ["form"], {name: [word]}) != everything for word in words(books.model, name)[:6])


@pytest.mark.parametrize("by", FACETS)
def test_what_a_facet_counts_is_the_total_of_the_list(books, by):
    rows = books.quick.json(f"/v1/facets?by={by}&limit=200&min_length=6")["facets"][by]
    for row in rows[:8]:
        listed = books.quick.json(at("/v1/quotes", limit=0, min_length=6, **{by: row["id"]}))
        # A language takes those of its regions as well.
        taken = [row] if by != "language" else [other for other in rows if (other["id"] + "-").startswith(row["id"] + "-")]
        assert listed["page"]["total"] == sum(other["count"] for other in taken)


def test_several_facets_come_in_the_order_of_their_names_each_once(books):
    chosen = ["work", "form", "work", "about"]
    answer = books.client.json(at("/v1/facets", by=chosen, limit=3))
    assert list(answer["facets"]) == ["about", "form", "work"]
    assert all(len(rows) <= 3 for rows in answer["facets"].values())
    assert set(books.client.json(at("/v1/facets", by=FACETS))["facets"]) == set(FACETS)


def test_facet_list_counts_by_character_unless_told_otherwise(books):
    assert books.client.json("/v1/facets") == books.client.json("/v1/facets?by=character&limit=20")


def test_facets_have_names_where_ids_are_not_enough(books):
    facets = books.client.json(at("/v1/facets", by=FACETS, limit=200))["facets"]
    for by, rows in facets.items():
        assert all(("name" in row) == (by in NAMED) for row in rows)
    assert {row["id"]: row["name"] for row in facets["speaker"]}.items() <= {
        id_: agent["name"] for id_, agent in books.model.agents.items()}.items()
    assert {row["id"]: row["name"] for row in facets["work"]} == {
        row["id"]: books.model.works[row["id"]]["title"] for row in facets["work"]}
    assert {row["id"]: row["name"] for row in facets["review"]} == {
        row["id"]: books.model.bundle(row["id"])["title"] for row in facets["review"]}
    assert all(key(row["name"]) == key(row["id"]) for row in facets["reviewer"])


def test_facet_list_as_text_has_a_line_for_each_value(books):
    facets = books.client.json("/v1/facets?by=form&by=work&limit=4")["facets"]
    lines = [f"{by}\t{row['id']}\t{row.get('name') or ''}\t{row['count']}\n" for by, rows in facets.items() for row in rows]
    assert books.client.txt("/v1/facets.txt?by=form&by=work&limit=4") == "".join(lines)


@pytest.mark.parametrize(("value", "right"), [("charakter", "character"), ("Form", "form"), ("year", None), ("", None)])
def test_an_unknown_facet_comes_with_the_nearest_one(books, value, right):
    problem = books.client.problem(f"/v1/facets?by={value}", 400, "invalid-parameter")
    assert problem["parameter"] == "by" and (right is None or problem["nearest"] == [right])


def test_facet_list_of_nothing_is_empty(books):
    assert books.client.json("/v1/facets?max_length=0&by=form&by=speaker")["facets"] == {"form": [], "speaker": []}
    assert books.client.problem("/v1/facets?speaker=nobody", 404, "not-found")["parameter"] == "speaker"
