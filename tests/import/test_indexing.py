# SPDX-License-Identifier: MIT
"""What an import puts into the index of words while it goes on, and what it leaves to the commit."""
import random
import sqlite3

import shelf
from shelf import bundle

AGENTS = [{"id": "keeper", "name": "Keeper"}, {"id": "mate", "name": "Mate"}]


def play(number, **more):
    """One of a series: everything but the text is known from the one before."""
    text = f"Light number {number}. Who lit it? Nobody did."
    return bundle(f"play-{number:03}", text, language="en", work={"id": "series", "title": "Lights"},
                  agents=AGENTS, quotes=[{"id": "1", "speakers": ["keeper"], "addressees": ["mate"], "spans": [[16, 27]]}]) | more


def pieces(db):
    """How many segments the index consists of: FTS5 has their number in the upper bits of a row's number."""
    with sqlite3.connect(db) as store:
        return store.execute("SELECT count(DISTINCT id >> 37) FROM search_data WHERE id >> 37 > 0").fetchone()[0]


def found(db, words, **filters):
    with shelf.served_only(db) as store:
        return sorted(hit["review"]["id"] for hit in store.walk("/v1/search", q=words, **filters) if hit["type"] == "review")


def test_reviews_that_are_new_are_gathered(db):
    """Statements that could be taken back one by one would have each of them written as a piece of its own."""
    shelf.put(db, *map(play, range(200)), options=["--atomic"])
    assert pieces(db) == 1
    shelf.check(db)
    assert found(db, "number 117") == ["play-117"]


def test_reviews_that_are_new_and_others_that_change_are_gathered(db):
    shelf.put(db, *map(play, range(50)), options=["--atomic"])
    changed = [play(number, text=f"Dark number {number}. Who lit it? Nobody did.") for number in range(50)]
    shelf.put(db, *(one for pair in zip(changed, map(play, range(50, 100)), strict=True) for one in pair), options=["--atomic"])
    assert pieces(db) <= 3
    shelf.check(db)


def test_what_changes_behind_what_is_new(db):
    """The same review again, a name more for an agent and another for the work, in one commit."""
    shelf.put(db, play(0))
    shelf.put(db, play(1), play(0, text="Dark number 0. Who lit it? Nobody did."), play(2),
              play(2, agents=[{"id": "keeper", "name": "Watchman", "aliases": ["Wickie"]}, AGENTS[1]]),
              play(1, text="Gone number 1. Who lit it? Nobody did."), play(3), play(4, work={"id": "series", "title": "Beacons"}),
              options=["--atomic"])
    shelf.check(db)
    assert found(db, "light") == ["play-002", "play-003", "play-004"]
    assert found(db, "dark") == ["play-000"] and found(db, "gone") == ["play-001"]
    with shelf.served_only(db) as store:
        assert [hit["id"] for hit in store.json("/v1/suggest", q="wick")["data"]] == ["keeper"]
        assert [hit["id"] for hit in store.json("/v1/suggest", q="beac")["data"]] == ["series"]


def test_spans_that_cut_words(db):
    """A quote has the words that its spans make, also where they are not the words of the text."""
    chance = random.Random(3)
    for number in range(20):
        text = " ".join(chance.choices(["lichthuis", "e\u0301toile", "中文字", "o\u0301\u0323p", "ﬁets", "\u200b", "don't", "…"], k=40))
        spans = [sorted(chance.sample(range(len(text) + 1), 2)) for _ in range(60)]
        quotes = [{"id": str(i), "spans": chance.sample(spans, chance.randint(1, 3))} for i in range(40)]
        shelf.put(db, bundle(f"cut-{number}", text, language="nl", quotes=quotes))
    shelf.check(db)


def test_a_text_too_long_to_look_ahead_in(db):
    """Its words are found when it is indexed, with the same outcome."""
    words = "vuurtoren haven kade steiger "
    shelf.put(db, bundle("short", words * 10, language="nl"), bundle("long", words * 50000, language="nl"),
              bundle("endless", "a" * 70000 + " haven", language="nl"))
    shelf.check(db)
    assert found(db, "haven") == ["endless", "long", "short"] and found(db, "zolder") == []
