# SPDX-License-Identifier: MIT
"""/v1/search: what is found, in which order, and where exactly."""
import json
import shutil
import urllib.parse

import model
import process
import pytest
from client import Client, at
from matcher import places, words


def hits(client, q, **parameters):
    return client.walk(at("/v1/search", q=q, limit=200, **parameters))


def identity(hit):
    return hit["type"], hit[hit["type"]]["id"]


def found(client, q, **parameters):
    return {identity(hit) for hit in hits(client, q, **parameters)}


def test_search_finds_a_quote_by_a_folded_word_with_its_place(seed):
    hit = next(hit for hit in hits(seed, "GÚLZIG") if hit["type"] == "quote")
    assert hit["quote"]["id"] == "from-russia-with-love-nl~1"
    assert hit["highlights"] == [{"start": 2674, "end": 2680}]
    assert seed.texts.of("from-russia-with-love-nl")[2674:2680] == "gulzig"
    assert hit["snippet"].startswith("Maar ik leef te <mark>gulzig</mark>. Ik neem")


def test_search_finds_all_sorts_of_things(seed):
    assert found(seed, "kerim") == {("agent", "darko-kerim-bey"), ("review", "from-russia-with-love-nl"),
                                    ("quote", "from-russia-with-love-nl~25")}
    kinds = [hit["type"] for hit in hits(seed, "russia love")]
    assert kinds.count("work") == 2 and "review" in kinds


def test_search_shows_a_name_an_alias_a_title_or_a_text(seed, books):
    by_id = {identity(hit): hit for hit in hits(seed, "darko bey") + hits(books, "agent zwolf") + hits(books, "work unicode")}
    name = by_id["agent", "darko-kerim-bey"]
    assert (name["field"], name["snippet"]) == ("name", "<mark>Darko</mark> Kerim <mark>Bey</mark>")
    alias = by_id["agent", "agent-one-too"]
    assert (alias["field"], alias["snippet"]) == ("alias", "<mark>Agent</mark> <mark>Zwölf</mark>")
    title = by_id["work", "work-gamma"]
    assert (title["field"], title["snippet"]) == (
        "title", "<mark>Work</mark> Gamma: «<mark>Ünïcode</mark>» &amp; &lt;markup&gt;")


def test_search_finds_names_before_quotes_and_quotes_before_long_texts(seed):
    assert [hit["type"] for hit in hits(seed, "kerim")] == ["agent", "quote", "review"]


def test_search_highlights_of_a_quote_lie_in_its_spans(books):
    hit, = [hit for hit in hits(books, '"like this it began" that', match="exact") if hit["type"] == "quote"]
    text = books.texts.of("review-omega")
    assert [text[place["start"]:place["end"]] for place in hit["highlights"]] == ["like this", "It began", "that"]


def test_search_highlights_stand_behind_letters_of_any_width(books):
    for q, expected in (("fox", None), ("runs", "runs"), ("пять", "Пять"), ("first", "first"), ("oré", "Øre")):
        for hit in hits(books, q, match="exact"):
            if hit["field"] == "text" and expected:
                text = books.texts.of(hit[hit["type"]]["id"].split("~")[0])
                assert {text[place["start"]:place["end"]].casefold() for place in hit["highlights"]} == {expected.casefold()}


def test_search_marks_of_a_beginning_only_that(seed):
    hit = next(hit for hit in hits(seed, "graf*") if hit["type"] == "quote")
    assert "mijn <mark>graf</mark>steen zetten" in hit["snippet"]
    assert hit["highlights"] == [{"start": 2791, "end": 2795}]


def test_search_gives_a_snippet_around_the_words_of_a_long_text(seed):
    hit = next(hit for hit in hits(seed, "grafsteen istanbul") if hit["type"] == "review")
    assert hit["snippet"].startswith("… ") and hit["snippet"].endswith(" …")
    assert "<mark>Istanbul</mark>" in hit["snippet"] or "<mark>grafsteen</mark>" in hit["snippet"]
    assert len(hit["snippet"]) < 320 and len(hit["highlights"]) == 2


def test_search_finds_other_forms_of_a_word_after_the_word_itself(seed):
    for q in ("gulzige", "gulzig"):
        assert ("quote", "from-russia-with-love-nl~1") in found(seed, q)
    assert found(seed, "gulzige", match="exact") == set()
    assert found(seed, '"gulzige"') == set()
    text = model.of_seed().bundle("from-russia-with-love-nl")["text"]
    assert "boeken" in words(text) and "boek" in words(text)
    both = [hit["quote"]["text"] for hit in hits(seed, "boeken") if hit["type"] == "quote"]
    exact = ["boeken" in words(quote) for quote in both]
    assert exact == sorted(exact, reverse=True) and True in exact and False in exact


def test_search_finds_forms_in_texts_of_the_language_alone(tmp_path):
    """Stenen is a form of steen in Dutch alone, running of run in English, and neither in a text of no language."""
    bundles = [{"id": f"r-{language or 'none'}", "language": language, "text": "Grafstenen, running, Häuser."}
               for language in ("nl", "en-GB", "de", "fr", None)]
    file = tmp_path / "forms.ndjson"
    file.write_text("".join(json.dumps(bundle) + "\n" for bundle in bundles), encoding="utf-8")
    process.run("import", "--db", tmp_path / "forms.db", file).expect(0)
    with process.Server(tmp_path, "--db", tmp_path / "forms.db") as server:
        client = Client(server.port)
        assert found(client, "grafsteen") == {("review", "r-nl")}
        assert found(client, "run") == {("review", "r-en-GB")}
        assert found(client, "haus") == {("review", "r-de")}
        assert len(found(client, "grafstenen")) == len(found(client, "running")) == len(found(client, "hauser")) == 5
        assert found(client, "run", match="exact") == found(client, '"run"') == found(client, "haus run") == set()
        assert hits(client, "grafsteen")[0]["highlights"] == [{"start": 0, "end": 10}]


def test_search_puts_the_very_word_before_many_other_forms_of_it(tmp_path):
    bundles = [{"id": "exact", "language": "nl", "text": "Een lange zin met van alles erin. " * 10 + "Eén boek."},
               {"id": "forms", "language": "nl", "text": "Boeken, boeken, boeken!"},
               {"id": "long", "language": "nl", "text": "Een lange zin. " * 99 + "Boeken."}]
    file = tmp_path / "order.ndjson"
    file.write_text("".join(json.dumps(bundle) + "\n" for bundle in bundles), encoding="utf-8")
    process.run("import", "--db", tmp_path / "order.db", file).expect(0)
    with process.Server(tmp_path, "--db", tmp_path / "order.db") as server:
        client = Client(server.port)
        assert [hit["review"]["id"] for hit in hits(client, "boek")] == ["exact", "forms", "long"]
        assert [hit["review"]["id"] for hit in hits(client, "boeken")] == ["forms", "long", "exact"]


def test_search_without_a_word_to_look_for_finds_nothing(seed):
    for q in ("!?", "🦊", "-gulzig", "…", "\"\"", "* - \"", "-\"te gulzig\""):
        assert seed.json(at("/v1/search", q=q))["data"] == []


def test_search_needs_words(seed):
    for target in ("/v1/search", "/v1/search?limit=1", "/v1/search?q="):
        assert seed.problem(target, 400, "invalid-parameter")["parameter"] == "q"
    assert seed.problem("/v1/search?q=a&q=b", 400, "repeated-parameter")["parameter"] == "q"
    assert seed.problem("/v1/search?q=a&match=form", 400, "invalid-parameter")["nearest"] == ["forms"]
    assert seed.problem("/v1/search?query=a", 400, "unknown-parameter")["parameter"] == "query"


@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize("q", ["agent one", "utterance", "a", "age*", "utt* -1"])
def test_search_walks_give_each_hit_once_in_the_same_order(books, q, limit):
    if limit == 1 and books.json(at("/v1/search", q=q))["page"]["total"] > 60:
        limit = 33
    rows = books.walk(at("/v1/search", q=q, limit=limit))
    assert len({identity(hit) for hit in rows}) == len(rows) > 2
    assert rows == hits(books, q)


def test_search_goes_on_in_order_while_others_write(tmp_path, library_file):
    """Each of the old hits comes once and in its order, whatever is added between two pages."""
    db = tmp_path / "growing.db"
    shutil.copy(library_file, db)
    with process.Server(tmp_path, "--db", db) as server:
        client = Client(server.port)
        before = [identity(hit) for hit in hits(client, "agent one")]
        walked, target, number = [], at("/v1/search", q="agent one", limit=5), 0
        while target:
            page = client.json(target)
            walked += [identity(hit) for hit in page["data"]]
            target = page["page"]["next"]
            file = tmp_path / "more.json"
            file.write_text(json.dumps({"id": f"more-{number}", "text": "Agent One, agent one. " * (number % 3 + 1)}))
            process.run("import", "--db", db, file).expect(0)
            number += 1
        assert [hit for hit in walked if hit in before] == before
        assert len(set(walked)) == len(walked)


def test_search_does_not_rank_what_is_nearly_everywhere(tmp_path):
    """Above ten thousand hits the newest comes first: works and agents, then the last review, then its quotes."""
    count, text, spans = 10_050, "", []
    for number in range(count):
        start = len(text)
        text += f"Woord {number}. "
        spans.append([start, len(text) - 1])
    bundle = {"id": "big", "text": text, "quotes": [{"id": str(i), "spans": [span]} for i, span in enumerate(spans)],
              "agents": [{"id": "a", "name": "Woord"}], "work": {"id": "w", "title": "Het woord"}, "mentions": []}
    file = tmp_path / "big.json"
    file.write_text(json.dumps(bundle), encoding="utf-8")
    process.run("import", "--db", tmp_path / "big.db", file).expect(0)
    with process.Server(tmp_path, "--db", tmp_path / "big.db") as server:
        client, ids, target = Client(server.port), [], "/v1/search.txt?q=woord&limit=200"
        while target:
            reply = client.get(target)
            ids += [line.split("\t")[1] for line in reply.text.splitlines()]
            link = reply.get("Link")
            target = link and link[1:link.index(">")]
        assert ids == ["w", "a", "big", *(f"big~{number}" for number in reversed(range(count)))]
        assert client.json("/v1/search?q=woord&limit=0")["page"]["total"] == len(ids)
        # What begins so is found another way, but in the same order.
        for limit in (1, 200):
            begun = client.json(f"/v1/search?q=woo*&limit={limit}")
            assert begun["page"]["total"] == len(ids)
            assert [identity(hit)[1] for hit in begun["data"]] == ids[:limit]
        following = client.json(begun["page"]["next"])
        assert [identity(hit)[1] for hit in following["data"]] == ids[200:400]
        assert [identity(hit) for hit in hits(client, "woord 7")][0] == ("quote", "big~7")


@pytest.mark.parametrize("limit", [1, 5, 200])
def test_search_ranks_what_begins_so_as_it_ranks_words(books, limit):
    """A whole word and its beginning, where no other word begins so."""
    words = books.walk(at("/v1/search", q="utterance", match="exact", limit=limit))
    begun = books.walk(at("/v1/search", q="utteranc*", limit=limit))
    assert [identity(hit) for hit in begun] == [identity(hit) for hit in words] and len(words) > 5


def test_search_cursor_belongs_to_its_words(books):
    following = books.json("/v1/search?q=agent+one&limit=2")["page"]["next"]
    cursor = urllib.parse.parse_qs(following.split("?")[1])["cursor"][0]
    for other in ("q=agent", "q=agent+one&match=exact", "q=Agent+One"):
        books.problem(f"/v1/search?{other}&cursor={cursor}", 400, "invalid-cursor")
    binding = cursor.split(".")[0]
    for wrong in ("x", "1", "1.", "1.2.3", ".1", "-1.n2", "1.u", "1.t2", "1.n", "1.n2x", "99999999999999999999.n1"):
        books.problem(at("/v1/search", q="agent one", cursor=f"{binding}.{wrong}"), 400, "invalid-cursor")


def test_search_total_is_what_the_model_finds(store):
    """All that has every word: quotes, reviews with their titles, names with aliases, titles."""
    made = store.model
    for q in ("agent", "one", "agent one", "the", "work", "number two", "a beginning"):
        wanted = words(q)

        def has(*texts):
            return set(wanted) <= set(words(" ".join(text or "" for text in texts)))

        expected = {("quote", quote["id"]) for quote in made.quotes() if has(quote["text"])}
        expected |= {("review", bundle["id"]) for bundle in made.bundles if has(bundle.get("title"), bundle["text"])}
        expected |= {("agent", id_) for id_, agent in made.agents.items() if has(agent["name"], *agent["aliases"])}
        expected |= {("work", id_) for id_, work in made.works.items() if has(work["title"])}
        assert found(store.client, q, match="exact") == expected, q


def test_search_highlights_are_all_places(store):
    for q in ("agent", "een", "the first", "number"):
        for hit in hits(store.client, q, match="exact"):
            if hit["type"] == "review" and hit["field"] == "text":
                text = store.client.texts.of(hit["review"]["id"])
                expected = sorted({place for word in words(q) for place in places(text, [word])})[:900]
                given = [(place["start"], place["end"]) for place in hit["highlights"]]
                assert given[:len(expected)] == expected


def test_search_as_text_has_a_line_for_each_hit(seed, books):
    lines = seed.txt(at("/v1/search.txt", q="kerim")).splitlines()
    assert [line.split("\t")[:2] for line in lines] == [
        ["character", "darko-kerim-bey"], ["quote", "from-russia-with-love-nl~25"], ["review", "from-russia-with-love-nl"]]
    for line in books.txt(at("/v1/search.txt", q="line", limit=200)).removesuffix("\n").split("\n"):
        assert len(line.split("\t")) == 3
