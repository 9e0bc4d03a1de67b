# SPDX-License-Identifier: MIT
"""/v1/suggest: who and what may be meant by what has been typed so far."""
import pytest
from client import at
from matcher import words


def test_suggest_finds_names_aliases_and_titles_by_their_beginning(seed):
    rows = seed.walk("/v1/suggest?q=ker")
    assert rows == [{"type": "character", "id": "darko-kerim-bey", "name": "Darko Kerim Bey", "matched": "Kerim Bey"}]
    row, = seed.walk("/v1/suggest?q=flem")
    assert (row["type"], row["id"]) == ("person", "ian-fleming")
    assert {(row["type"], row["id"]) for row in seed.walk("/v1/suggest?q=from+r")} == {
        ("work", "from-russia-with-love"), ("work", "from-russia-with-love-film")}
    assert seed.walk("/v1/suggest?q=smer")[0]["type"] == "organisation"


def test_suggest_folds(books):
    for q in ("agent zw", "ÁGENT ZWÖ", "Agent--Zwo", " agent  zwö"):
        row, = books.walk(at("/v1/suggest", q=q))
        assert (row["id"], row["matched"]) == ("agent-one-too", "Agent Zwölf")
    assert [row["id"] for row in books.walk(at("/v1/suggest", q="пят"))] == ["агент-пять"]
    assert [row["id"] for row in books.walk(at("/v1/suggest", q="🦊"))] == ["primus"]


def test_suggest_gives_whole_beginnings_before_later_words(books):
    rows = books.walk(at("/v1/suggest", q="o", limit=3))
    first = [words(row["matched"])[0].startswith("o") for row in rows]
    assert first == sorted(first, reverse=True) and True in first and False in first


def begins(name, typed):
    """Whether the words of a name, from one of its first eight on, begin as typed."""
    there, wanted = words(name), "-".join(words(typed))
    return any("-".join(there[i:]).startswith(wanted) for i in range(min(8, len(there))))


@pytest.mark.parametrize("typed", ["a", "ag", "agent o", "number two", "crowd member 1", "crowd w", "one", "work", "p", "zzz"])
def test_suggest_is_what_the_model_finds(library_store, typed):
    made = library_store.model
    expected = {id_ for id_, agent in made.agents.items() if any(begins(name, typed) for name in (agent["name"], *agent["aliases"]))}
    expected |= {id_ for id_, work in made.works.items() if begins(work["title"] or "", typed)}
    for limit in (7, 200):
        rows = library_store.client.walk(at("/v1/suggest", q=typed, limit=limit))
        assert len(rows) == len(expected)
        assert {row["id"] for row in rows} == expected
    for row in rows:
        thing = made.works.get(row["id"]) or made.agents[row["id"]]
        assert row["name"] == thing.get("title", thing.get("name"))
        assert row["type"] == ("work" if row["id"] in made.works else thing["kind"])
        assert begins(row["matched"], typed)


def test_suggest_needs_something_typed(seed):
    assert seed.problem("/v1/suggest", 400, "invalid-parameter")["parameter"] == "q"
    assert seed.problem("/v1/suggest?q=", 400, "invalid-parameter")["parameter"] == "q"
    for q in ("!!", "%", "' OR 1=1 --", "-"):
        assert seed.json(at("/v1/suggest", q=q))["data"] == []


def test_suggest_cursor_is_checked(books):
    cursor = books.json("/v1/suggest?q=agent&limit=2")["page"]["next"].rsplit("cursor=", 1)[1]
    binding = cursor.split(".")[0]
    for wrong in ("1", "1.2", "x.2.y", "1.x.y", "-1.2.y", ""):
        books.problem(at("/v1/suggest", q="agent", cursor=f"{binding}.{wrong}"), 400, "invalid-cursor")
    books.problem(f"/v1/suggest?q=age&cursor={cursor}", 400, "invalid-cursor")


def test_suggest_as_text(seed):
    assert seed.txt("/v1/suggest.txt?q=ker") == "character\tdarko-kerim-bey\tKerim Bey\n"
