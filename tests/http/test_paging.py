# SPDX-License-Identifier: MIT
import json

import pytest
from client import at
from routes import LISTS, ids

BIG = {"change_list": "/v1/changes", "agent_list": "/v1/characters", "agent_list_by_review": "/v1/reviews/review-crowd/characters",
       "agent_list_by_work": "/v1/works/work-crowd/characters", "mention_list_by_agent": "/v1/characters/agent-one/mentions",
       "mention_list_by_review": "/v1/reviews/review-omega/mentions", "quote_list": "/v1/quotes",
       "quote_list_by_agent": "/v1/characters/agent-one/quotes", "quote_list_by_review": "/v1/reviews/review-bulk/quotes",
       "quote_list_by_work": "/v1/works/work-alpha/quotes", "review_list": "/v1/reviews",
       "review_list_by_agent": "/v1/characters/agent-one/reviews", "review_list_by_work": "/v1/works/work-gamma/reviews",
       "work_list": "/v1/works"}


def test_there_is_a_long_list_for_every_route():
    assert set(BIG) == {route.name for route in LISTS}


def identity(row):
    return (row.get("kind"), row["id"]) if "id" in row else (row["review"]["id"], row["span"]["start"], row["span"]["end"], str(row["of"]))


@pytest.mark.parametrize("name", BIG)
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_a_walk_gives_each_row_once_in_the_same_order(books, name, limit):
    whole = books.walk(f"{BIG[name]}?limit=200")
    if limit == 1 and len(whole) > 60:
        limit = 13
    rows = books.walk(f"{BIG[name]}?limit={limit}")
    assert len({identity(row) for row in rows}) == len(rows) > 4
    assert rows == whole


@pytest.mark.parametrize("name", BIG)
def test_a_list_has_twenty_rows_unless_told_otherwise(books, name):
    answer = books.json(BIG[name])
    assert len(answer["data"]) == min(20, answer["page"]["total"])


@pytest.mark.parametrize("name", BIG)
def test_a_page_of_nothing_still_counts(books, name):
    answer = books.json(BIG[name] + "?limit=0")
    assert answer["data"] == [] and answer["page"]["next"] is None
    assert answer["page"]["total"] == books.json(BIG[name])["page"]["total"]


@pytest.mark.parametrize("route", LISTS, ids=ids(LISTS))
def test_a_page_that_ends_where_the_list_ends_is_the_last(seed, route):
    total = seed.json(route.path)["page"]["total"]
    assert total > 0 or route.label == "quote_list_by_agent-organisations"
    assert seed.json(f"{route.path}?limit={total}")["page"]["next"] is None
    if total > 1:
        first = seed.json(f"{route.path}?limit={total - 1}")["page"]["next"]
        assert len(seed.json(first)["data"]) == 1


def test_the_next_page_keeps_filters_limit_and_form(books):
    wanted = at("/v1/quotes", speaker="Agent One", form=["pull", "direct"], language="en", limit=5, pretty=1)
    pages = list(books.pages(wanted))
    assert len(pages) > 3
    for page in pages:
        assert page["page"]["limit"] == 5
        for quote in page["data"]:
            assert quote["form"] in ("pull", "direct") and quote["language"] == "en"
            assert "Agent One" in [agent["name"] for agent in quote["speakers"]]
    assert all("pretty=1" in page["page"]["next"] for page in pages[:-1])


def test_the_next_page_keeps_the_texts_of_the_reviews(books):
    pages = list(books.pages("/v1/reviews?include=text&limit=9"))
    assert len(pages) > 2
    assert all(row["text"] for page in pages for row in page["data"])


def test_the_next_page_keeps_the_suffix(books):
    answer = books.json("/v1/quotes.json?limit=3")
    assert answer["page"]["next"].startswith("/v1/quotes.json?")
    assert books.json(answer["page"]["next"])["data"] == books.data("/v1/quotes?limit=6")[3:]


def test_a_list_as_text_tells_its_next_page_in_the_header(books):
    reply = books.get("/v1/reviews.txt?limit=4")
    lines = reply.text
    while link := reply.get("Link"):
        assert link.startswith("</v1/reviews.txt?") and link.endswith('>; rel="next"')
        reply = books.get(link[1:link.index(">")])
        lines += reply.text
    assert lines == books.txt("/v1/reviews.txt?limit=200")


def test_head_tells_the_next_page_too(books):
    reply = books.send("HEAD", "/v1/quotes?limit=2")
    assert reply.get("Link") == f'<{books.json("/v1/quotes?limit=2")["page"]["next"]}>; rel="next"'


def cursor_of(books, target):
    following = books.json(target)["page"]["next"]
    return dict(pair.split("=", 1) for pair in following.split("?")[1].split("&"))["cursor"]


@pytest.mark.parametrize("other", [
    "/v1/reviews", "/v1/works", "/v1/characters", "/v1/people", "/v1/characters/agent-one/quotes",
    "/v1/characters/agent-one-too/quotes", "/v1/quotes?form=pull", "/v1/quotes?form=direct&form=pull",
    "/v1/quotes?form=direct&about=agent-one", "/v1/quotes?speaker=agent-two",
    "/v1/quotes?language=en", "/v1/quotes", "/v1/reviews/review-bulk/quotes?form=direct"])
def test_a_cursor_belongs_to_its_path_and_filters(books, other):
    cursor = cursor_of(books, "/v1/quotes?form=direct&limit=5")
    target = other + ("&" if "?" in other else "?") + "cursor=" + cursor
    assert books.problem(target, 400, "invalid-cursor")["parameter"] == "cursor"


def test_a_cursor_of_one_agent_is_none_of_another(books):
    for noun in ("quotes", "mentions", "reviews"):
        cursor = cursor_of(books, f"/v1/characters/agent-one/{noun}?limit=2")
        books.problem(f"/v1/characters/agent-two/{noun}?cursor={cursor}", 400, "invalid-cursor")


def test_a_cursor_works_with_another_limit(books):
    cursor = cursor_of(books, "/v1/quotes?form=direct&limit=5")
    rows = books.data(f"/v1/quotes?form=direct&limit=50&cursor={cursor}")
    assert rows == books.data("/v1/quotes?form=direct&limit=55")[5:]


@pytest.mark.parametrize("garbage", ["x", "0", "-1", "AAAA", "%20", "A" * 500, "%F0%9F%A6%8A", "..", "%22%27", "1~1", "null"])
@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/reviews", "/v1/characters/agent-one/mentions"])
def test_garbage_is_no_cursor(books, path, garbage):
    assert books.problem(f"{path}?cursor={garbage}", 400, "invalid-cursor")["parameter"] == "cursor"


# Lists in each order, and which kinds of places there are in it.
PLACES = {".n7": "number", ".ta": "text", ".u": "unknown", ".s9.1": "step", "": "number of the row"}
ORDERED = (("/v1/quotes?sort=added", ("",)), ("/v1/quotes?sort=-length", (".n7",)), ("/v1/quotes?sort=published", (".n7", ".u")),
           ("/v1/quotes?sort=updated", (".ta",)), ("/v1/quotes?sort=random&seed=7", (".n7", ".s9.1")),
           ("/v1/reviews?sort=added", ("",)), ("/v1/reviews?sort=id", (".ta",)), ("/v1/reviews?sort=-published", (".n7", ".u")),
           ("/v1/reviews?sort=title", (".ta", ".u")), ("/v1/reviews?sort=reviewer", (".ta", ".u")), ("/v1/reviews?sort=updated", (".ta",)),
           ("/v1/works?sort=id", (".ta",)), ("/v1/works?sort=published", (".n7", ".u")), ("/v1/works?sort=title", (".ta", ".u")),
           ("/v1/characters?sort=id", (".ta",)), ("/v1/characters?sort=name", (".ta",)),
           ("/v1/reviews/review-crowd/characters?sort=added", (".n7",)), ("/v1/reviews/review-omega/mentions?offsets=byte", ("",)),
           ("/v1/search?q=agent", (".n7",)), ("/v1/suggest?q=a", ()), ("/v1/changes?since=0", ()))


@pytest.mark.parametrize(("target", "fitting"), ORDERED)
def test_a_place_of_another_order_is_no_place(books, target, fitting):
    """Not even when it is in a cursor of this list: a cursor can be made up, and would give some page or other."""
    binding = cursor_of(books, target + "&limit=1").split(".")[0]
    for place, kind in PLACES.items():
        reply = books.send("GET", f"{target}&cursor={binding}.1{place}")
        assert (reply.status == 200) == (place in fitting), f"{kind}: {reply.status}"
        assert reply.status == 200 or json.loads(reply.text)["code"] == "invalid-cursor"


def test_a_changed_cursor_is_no_cursor_or_stays_in_the_list(books):
    cursor = cursor_of(books, "/v1/quotes?form=direct&limit=5")
    for i, letter in enumerate(cursor):
        changed = cursor[:i] + ("A" if letter != "A" else "B") + cursor[i + 1:]
        reply = books.send("GET", f"/v1/quotes?form=direct&limit=5&cursor={changed}")
        assert reply.status in (200, 400)
        if reply.status == 200:
            assert '"form":"pull"' not in reply.text
    for shorter in (cursor[:-1], cursor[1:], cursor + "A", cursor * 2):
        assert books.send("GET", f"/v1/quotes?form=direct&cursor={shorter}").status in (200, 400)
