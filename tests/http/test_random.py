# SPDX-License-Identifier: MIT
"""Chance that is honest: every quote that fits is equally likely, a seed gives the same again, a walk repeats nothing."""
import collections
import datetime
import random
import re

import process
import pytest
from client import Client, at
from quick import Quick

# Beyond this a sum of squares with so many degrees of freedom is of one in 10 million; the seeds are fixed, so it is
# either always or never.
UNLIKELY = 5.2
FEW = {"form": "pull", "attribution": "unknown"}
SETS = {"all": {}, "of a form": {"form": "direct"}, "few of all": FEW, "of a speaker": {"speaker": "figure-22"},
        "of speakers": {"speaker": ["figure-22", "figure-10", "Figure Z5"]}, "of a work": {"work": "opus-04"},
        "of a review": {"review": "shelf-59"}, "of a language": {"language": "nl"}, "of a reviewer": {"reviewer": "anna quist"},
        "since a day": {"updated_since": "2026-11-15"}, "short ones": {"max_length": "8", "spoiler": "0"},
        "with words": {"q": "lorem", "match": "exact"}, "with words, of a form": {"q": "sit", "match": "exact", "form": "direct"}}


@pytest.fixture(name="books")
def those_of_the_shelf(shelf_of_books):
    return shelf_of_books


def ids_of(books, parameters):
    asked = {name: value if isinstance(value, list) else [value] for name, value in parameters.items()}
    return books.model.quotes_of(asked)


def deviation(counts, ids):
    """How far the counts are from even, in standard deviations of a chi-square distribution."""
    assert set(counts) <= set(ids)
    mean = sum(counts.values()) / len(ids)
    square = sum((counts[id_] - mean) ** 2 / mean for id_ in ids)
    freedom = len(ids) - 1
    # Wilson and Hilferty: the cube root of it is nearly normal.
    return ((square / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / (2 / (9 * freedom)) ** 0.5


@pytest.fixture(scope="module", name="small")
def a_small_store(tmp_path_factory):
    """Thirty quotes, of a few reviews of very different lengths."""
    folder = tmp_path_factory.mktemp("small")
    text = "Word. " * 30
    bundles = [{"id": f"small-{i}", "text": text, "agents": [{"id": "one", "name": "One"}],
                "quotes": [{"id": str(q), "spans": [[6 * q, 6 * q + 5]], "speakers": ["one"] if q % 2 else [],
                            "form": "pull" if q % 3 == 0 else "direct"} for q in range(count)]}
               for i, count in enumerate((1, 1, 1, 2, 25))]
    process.put(folder / "small.db", *bundles)
    with process.Server(folder, "--db", folder / "small.db") as server:
        quick = Quick(server.port)
        yield quick, {quote["id"]: quote for quote in quick.walk("/v1/quotes", "id,form,speakers", limit=200)}


@pytest.mark.parametrize("parameters", [{}, {"form": "direct"}, {"speaker": "one"}, {"review": "small-4"}, {"min_length": "5"}],
                         ids=str)
@pytest.mark.parametrize("path", ["/v1/quotes/random", "/v1/quotes/daily", "/v1/quotes"])
def test_quote_random_and_daily_and_the_first_of_a_walk_are_even(small, path, parameters):
    quick, quotes = small
    fitting = [id_ for id_, quote in quotes.items() if parameters.get("form", quote["form"]) == quote["form"]
               and ("speaker" not in parameters or quote["speakers"])
               and id_.startswith(parameters.get("review", ""))]
    counts = collections.Counter()
    for i in range(60 * len(fitting)):
        if path == "/v1/quotes":
            counts[quick.json(at(path, seed=i, sort="random", limit=1, fields="id", **parameters))["data"][0]["id"]] += 1
            continue
        date = datetime.date(1990, 1, 1) + datetime.timedelta(days=i)
        chance = {"seed": i} if path == "/v1/quotes/random" else {"date": date}
        counts[quick.json(at(path, fields="id", **chance, **parameters))["id"]] += 1
    assert abs(deviation(counts, fitting)) < UNLIKELY, counts


def test_what_grows_shrinks_and_comes_later_is_walked_through_as_well(tmp_path):
    """A review that has more quotes than before gets other places, behind all others; one with fewer keeps them all."""
    db, text = tmp_path / "moving.db", "Word. " * 40

    def put(number, count):
        bundle = {"id": f"moving-{number}", "text": text, "quotes": [{"id": str(q), "spans": [[6 * q, 6 * q + 5]]} for q in range(count)]}
        process.put(db, bundle)

    sizes = {}
    for number, count in ((1, 3), (2, 2), (1, 4), (3, 1), (1, 9), (2, 0), (4, 5), (3, 2), (1, 2), (2, 40), (1, 30), (3, 5)):
        put(number, count)
        sizes[number] = count
        process.run("check", "--db", db).expect(0)
        every = sorted(f"moving-{i}~{q}" for i, size in sizes.items() for q in range(size))
        with process.Server(tmp_path, "--db", db) as server:
            quick = Quick(server.port)
            assert sorted(quick.ids("/v1/quotes", sort="random", seed=number, limit=7)) == every


def test_two_quotes_of_a_walk_are_as_independent_as_can_be(small):
    """Each pair is equally likely to come first."""
    quick, quotes = small
    few = [id_ for id_, quote in quotes.items() if quote["form"] == "pull"]
    for parameters, ids in (({"form": "pull"}, few), ({}, list(quotes))):
        pairs = collections.Counter()
        for i in range(4 * len(ids) ** 2):
            page = quick.json(at("/v1/quotes", seed=f"pair {i}", sort="random", limit=2, fields="id", **parameters))
            pairs[tuple(quote["id"] for quote in page["data"])] += 1
        every = [(first, second) for first in ids for second in ids if first != second]
        assert abs(deviation(pairs, every)) < UNLIKELY


@pytest.mark.parametrize("name", SETS)
def test_quote_random_gives_what_fits_and_all_of_it(books, name):
    ids = ids_of(books, SETS[name])
    assert len(ids) > 1
    counts = collections.Counter(
        books.quick.json(at("/v1/quotes/random", seed=i, fields="id", **SETS[name]))["id"] for i in range(12 * len(ids)))
    assert abs(deviation(counts, ids)) < UNLIKELY


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("limit", [1, 7, 200])
def test_a_walk_in_random_order_gives_each_quote_once(books, name, limit):
    ids = ids_of(books, SETS[name])
    limit = limit if limit * 200 > len(ids) else 7
    walks = [books.quick.ids("/v1/quotes", sort="random", seed=seed, limit=limit, **SETS[name]) for seed in ("7", "Ünd")]
    assert all(sorted(walk) == sorted(ids) for walk in walks)
    assert len(ids) < 4 or walks[0] != walks[1]
    if len(ids) > 8:
        assert ids not in walks


def test_a_walk_in_random_order_is_the_same_at_every_page_size_that_begins_alike(books):
    for parameters in ({}, {"speaker": "figure-22"}):
        walks = [books.quick.ids("/v1/quotes", sort="random", seed=3, limit=limit, **parameters) for limit in (11, 50, 200)]
        assert walks[0] == walks[1] == walks[2]


@pytest.mark.parametrize("path", ["/v1/quotes/random?seed=7", "/v1/quotes/random?seed=x%20y&form=pull", "/v1/quotes/random.txt?seed=1",
                                  "/v1/quotes?sort=random&seed=7&limit=5", "/v1/quotes/daily?date=2026-01-02", "/v1/quotes/daily"])
def test_with_a_seed_or_a_date_it_is_the_same_again(books, path):
    first, again = books.client.get(path), books.client.get(path)
    assert first.body == again.body and first.get("ETag") == again.get("ETag")
    assert books.client.send("GET", path, {"If-None-Match": first.get("ETag")}).status == 304


def test_quote_random_without_a_seed_is_another_one_each_time(books):
    for path in ("/v1/quotes/random", "/v1/quotes/random.txt", "/v1/quotes?sort=random&limit=3", "/v1/quotes/random?language=nl"):
        replies = [books.client.get(path) for _ in range(12)]
        assert len({reply.body for reply in replies}) > 6
        assert {(reply.get("Cache-Control"), reply.get("ETag")) for reply in replies} == {("no-store", None)}


def test_a_walk_that_was_begun_without_a_seed_goes_on_with_the_one_it_got(books):
    page = books.client.json("/v1/quotes?sort=random&limit=100")
    assert re.search(r"&seed=[0-9a-f]{16}&", page["page"]["next"])
    rows = [row["id"] for row in page["data"]]
    for following in books.client.pages(page["page"]["next"]):
        rows += [row["id"] for row in following["data"]]
    assert sorted(rows) == sorted(ids_of(books, {}))


def test_quote_daily_without_a_date_is_that_of_today(books):
    before, answer, after = (datetime.datetime.now(datetime.timezone.utc).date(), books.client.json("/v1/quotes/daily"),
                             datetime.datetime.now(datetime.timezone.utc).date())
    assert answer in [books.client.json(f"/v1/quotes/daily?date={day}") for day in (before, after)]


def test_quote_daily_is_another_one_on_other_days(books):
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=i) for i in range(60)]
    for parameters in ({}, {"form": "direct"}, {"speaker": "figure-22"}):
        ids = [books.quick.json(at("/v1/quotes/daily", date=day, fields="id", **parameters))["id"] for day in days]
        assert len(set(ids)) > 35


@pytest.mark.parametrize("value", ["", "x", "2026-13-01", "2026-02-30", "2026-1-1", "20260101", "2026", "2026-01-01T00:00:00Z", "today"])
def test_what_is_no_day_is_an_error(books, value):
    assert books.client.problem(f"/v1/quotes/daily?date={value}", 400, "invalid-parameter")["parameter"] == "date"


def test_nothing_that_fits_is_nothing_found(books):
    for path in ("/v1/quotes/random", "/v1/quotes/random?seed=1", "/v1/quotes/daily"):
        for nothing in ("max_length=0", "language=fr", "review=shelf-24&form=pull&max_length=1"):
            problem = books.client.problem(f"{path}{'&' if '?' in path else '?'}{nothing}", 404, "not-found")
            assert "fits" in problem["detail"]


@pytest.mark.parametrize(("target", "parameter"), [
    ("/v1/quotes?seed=1", "seed"), ("/v1/quotes?seed=1&sort=length", "seed"), ("/v1/quotes/random?seed=", "seed")])
def test_a_seed_where_nothing_is_random_is_an_error(books, target, parameter):
    assert books.client.problem(target, 400, "invalid-parameter")["parameter"] == parameter


@pytest.mark.parametrize("target", ["/v1/quotes/random?date=2026-01-01", "/v1/quotes/daily?seed=1", "/v1/quotes/random?limit=1",
                                    "/v1/quotes/random?sort=length", "/v1/quotes/daily?cursor=1", "/v1/reviews?seed=1"])
def test_random_and_daily_take_no_more_than_they_use(books, target):
    books.client.problem(target, 400, "unknown-parameter")


def test_random_and_daily_are_no_ids_of_quotes(books):
    for word in ("random", "daily"):
        books.client.problem(f"/v1/quotes/{word}/context", 404, "not-found")


@pytest.mark.parametrize("sort", ["added", "-added", "length", "-length", "published", "-published", "updated", "-updated"])
def test_a_walk_gives_every_old_quote_once_while_new_ones_come(shelf_file, tmp_path, sort):
    db = tmp_path / "growing.db"
    copy(shelf_file, db)
    with process.Server(tmp_path, "--db", db, "--read-only") as server:
        quick = Quick(server.port)
        for parameters in ({}, {"form": "direct"}, {"speaker": "figure-22"}):
            old = quick.ids("/v1/quotes", limit=200, sort=sort, **parameters)
            target, rows, number = at("/v1/quotes", limit=9, sort=sort, fields="id", **parameters), [], len(old) * 100
            while target:
                page = quick.json(target)
                rows += [row["id"] for row in page["data"]]
                target = page["page"]["next"]
                if number < len(old) * 100 + 3:
                    number += 1
                    process.put(db, added(number))
            assert len(set(rows)) == len(rows)
            assert [id_ for id_ in rows if id_ in set(old)] == old


def added(number):
    """A review of one quote that fits whatever is asked for here."""
    return {"id": f"added-{number}", "language": "nl", "text": "A new quote.",
            "agents": [{"id": "figure-22", "kind": "person", "name": "Figure Ä1"}],
            "quotes": [{"id": "1", "form": "direct", "speakers": ["figure-22"], "spans": [[0, 12]]}]}


def test_adding_quotes_hardly_changes_what_was_chosen(shelf_file, tmp_path):
    """Each new one may take the place of an old one, but with twelve among nine hundred that is rare; a walk that goes on
    while they come still gives every old quote once."""
    db = tmp_path / "growing.db"
    copy(shelf_file, db)
    with process.Server(tmp_path, "--db", db, "--read-only") as server:
        quick, client = Quick(server.port), Client(server.port)
        asked = [at(path, fields="id", **chance, **parameters)
                 for parameters in ({}, {"form": "direct"}, {"speaker": "figure-22"}) for i in range(20)
                 for path, chance in (("/v1/quotes/daily", {"date": f"2026-02-{i + 1:02}"}), ("/v1/quotes/random", {"seed": i}))]
        before = [quick.json(target) for target in asked]
        for parameters in ({}, {"speaker": "figure-22"}, {"language": "nl"}):
            old = quick.ids("/v1/quotes", limit=200, **parameters)
            page = quick.json(at("/v1/quotes", sort="random", seed=9, limit=10, fields="id", **parameters))
            rows = [row["id"] for row in page["data"]]
            chance, number = random.Random(1), len(old) * 100
            while page["page"]["next"]:
                if chance.random() < 0.2 and number < len(old) * 100 + 4:
                    number += 1
                    process.put(db, added(number))
                page = quick.json(page["page"]["next"])
                rows += [row["id"] for row in page["data"]]
            assert len(set(rows)) == len(rows)
            assert set(old) <= set(rows) and all(id_.startswith("added-") for id_ in set(rows) - set(old))
        after = [quick.json(target) for target in asked]
        same = sum(old == new for old, new in zip(before, after, strict=True))
        assert same >= len(asked) - 12, f"{len(asked) - same} of {len(asked)} are others"
        client.alive()


def copy(file, to):
    """With what is not yet in the file itself."""
    for path in file.parent.glob(file.name + "*"):
        if not path.name.endswith(("-lock", "-shm")):
            to.with_name(to.name + path.name.removeprefix(file.name)).write_bytes(path.read_bytes())
