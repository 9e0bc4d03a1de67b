# SPDX-License-Identifier: MIT
"""q on lists of quotes and of reviews: with every filter, against the reference matcher, and whatever is typed."""
import random

import pytest
from client import at
from matcher import Query, words

# Words of the made-up bundles and of the seed, and some that are in neither.
WORDS = ("agent", "one", "the", "first", "fox", "runs", "utterance", "bulk", "17", "een", "zin", "nummer", "vlaams", "line",
         "another", "sentence", "пять", "øre", "Twó", "x", "ended", "this", "maar", "ik", "te", "gulzig", "bond", "het",
         "boek", "fleming", "niets", "zzz")
PHRASES = ('"utterance 1"', '"the first"', '"nummer 3"', '"een zin"', '"line and"', '"like this it"', '"van het"', '"te gulzig"')
BEGINNINGS = ("utter*", "sent*", "num*", "gul*", "flem*", "bon*", "en*", "zzz*")

QUOTE_PATHS = {"/v1/quotes": {}, "/v1/characters/agent-one/quotes": {"speakers": ["agent-one"]},
               "/v1/people/person-three/quotes": {"speakers": ["person-three"]},
               "/v1/reviews/review-bulk/quotes": {"review": ["review-bulk"]},
               "/v1/works/work-alpha/quotes": {"work": ["work-alpha"]}}


def random_query(chance):
    """Mostly one or two words, so that something is found."""
    terms = [chance.choice(WORDS) for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))]
    if chance.random() < 0.2:
        terms[0] = chance.choice(PHRASES)
    if chance.random() < 0.2:
        terms[-1] = chance.choice(BEGINNINGS)
    if chance.random() < 0.2:
        terms.append("-" + chance.choice(WORDS + PHRASES + BEGINNINGS))
    return Query(*terms)


def test_quote_list_by_words_is_what_the_model_finds(store):
    chance = random.Random(11)
    quotes, some = store.model.quotes(), 0
    for _ in range(100):
        query = random_query(chance)
        expected = [quote for quote in quotes if query.finds(quote["text"])]
        assert store.client.walk(at("/v1/quotes", q=query.typed, match="exact", limit=200)) == expected, query.typed
        some += bool(expected)
    assert some > 8


def test_quote_list_by_words_and_everything_else(library_store):
    """Words together with the path and with filters, at any size of a page."""
    chance = random.Random(12)
    filters = {"speaker": ("Agent One", {"speakers": ["agent-one", "agent-one-too"]}), "form": ("pull", {"form": ["pull"]}),
               "about": ("agent-two", {"about": ["agent-two"]}), "attribution": ("stated", {"attribution": ["stated"]}),
               "addressee": ("agent-two", {"addressees": ["agent-two"]}), "language": ("en", {"language": ["en"]}),
               "person": ("person-three", {"speakers": ["person-three"]}), "work": ("work-alpha", {"work": ["work-alpha"]}),
               "review": (["review-omega", "review-bulk"], {"review": ["review-omega", "review-bulk"]}),
               "character": ("agent-one", {"speakers": ["agent-one"]})}
    some = 0
    for _ in range(70):
        path, own = chance.choice(list(QUOTE_PATHS.items()))
        names = chance.sample(sorted(filters), chance.randrange(3))
        wanted = [filters[name][1] for name in names]
        keys = [key for entry in (own, *wanted) for key in entry]
        if len(set(keys)) < len(keys):
            continue
        query = Query(chance.choice(WORDS)) if chance.random() < 0.7 else random_query(chance)
        parameters = {name: filters[name][0] for name in names}
        rows = library_store.client.walk(
            at(path, q=query.typed, match="exact", limit=chance.choice((40, 200)), **parameters))
        given = {key: values for entry in (own, *wanted) for key, values in entry.items()}
        assert rows == [quote for quote in library_store.model.quotes(**given) if query.finds(quote["text"])]
        some += bool(rows)
    assert some > 8


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_quote_list_by_words_is_walked_like_any_list(books, limit):
    rows = books.walk(at("/v1/quotes", q="utterance 𝒷ulk -utter", speaker="Agent One", form="pull", limit=limit))
    assert rows == books.walk(at("/v1/quotes", q="utterance bulk", speaker="Agent One", form="pull", limit=200))
    assert len(rows) > 20


@pytest.mark.parametrize(("languages", "tags"), [
    (["nl"], ["nl", "nl-BE"]), (["NL", "en"], ["nl", "nl-BE", "en"]), (["nl-be"], ["nl-BE"]), (["nl-BE", "en"], ["nl-BE", "en"]),
    (["fr"], []), (["fr", "en"], ["en"]), (["en", "en"], ["en"]), (["de", "nl", "en"], ["nl", "nl-BE", "en"])])
def test_quote_list_by_words_in_some_languages(library_store, languages, tags):
    for typed in ("utterance 1*", "een", "sentence", "nummer"):
        rows = library_store.client.walk(at("/v1/quotes", q=typed, match="exact", language=languages, limit=200))
        assert rows == [quote for quote in library_store.model.quotes(language=tags) if Query(*typed.split()).finds(quote["text"])]


def test_quote_list_by_words_of_many_speakers(books):
    everybody = ["agent-one", "agent-one-too", "agent-two", "person-three", "organisation-four", "primus"] * 16
    rows = books.walk(at("/v1/quotes", q="utterance", speaker=everybody, about=everybody, limit=200))
    assert rows and rows == [quote for quote in books.walk(at("/v1/quotes", q="utterance", limit=200))
                             if quote["speakers"] and quote["about"] and quote["about"][0]["id"] != "agent-ore"]


def test_review_list_by_words_is_what_the_model_finds(store):
    chance = random.Random(13)
    for _ in range(80):
        query = random_query(chance)
        expected = [review for review in store.model.review_list()
                    if query.finds((store.model.bundle(review).get("title") or "") + " / \n" + store.model.bundle(review)["text"])]
        # A phrase must not run from the title into the text.
        rows = [row["id"] for row in store.client.walk(at("/v1/reviews", q=query.typed, match="exact", limit=5))]
        assert rows == expected, query.typed


def test_review_list_by_agent_and_by_work_take_words(library_store):
    client, made = library_store.client, library_store.model
    for words_typed in ("small", "agent one", "utterance", "text 3", "zzz"):
        query = Query(*words_typed.split())
        for path, reviews in (("/v1/characters/agent-one/reviews", made.review_list_by_agent("agent-one")),
                              ("/v1/works/work-gamma/reviews", made.review_list_by_work("work-gamma"))):
            expected = [id_ for id_ in reviews if query.finds(
                (made.bundle(id_).get("title") or "") + " / " + made.bundle(id_)["text"])]
            rows = client.walk(at(path, q=words_typed, match="exact", limit=4))
            assert [row["id"] for row in rows] == expected


def test_match_finds_forms_unless_told_otherwise(seed):
    for path in ("/v1/quotes", "/v1/reviews", "/v1/characters/darko-kerim-bey/quotes"):
        assert seed.json(path + "?q=gulzige")["page"]["total"] == 1
        assert seed.json(path + "?q=gulzige&match=forms")["page"]["total"] == 1
        assert seed.json(path + "?q=gulzige&match=exact")["page"]["total"] == 0


def test_words_without_a_word_find_nothing_and_never_everything(seed):
    for q in ("-bond", "!", "🦊", "\"\"", "…"):
        for path in ("/v1/quotes", "/v1/reviews", "/v1/works/from-russia-with-love/quotes"):
            assert seed.json(at(path, q=q))["page"]["total"] == 0
    assert seed.problem("/v1/quotes?q=", 400, "invalid-parameter")["parameter"] == "q"


def test_only_the_first_sixteen_words_count(seed):
    text = "Maar ik leef te gulzig Ik neem altijd van alles te veel Op een dag zal"
    assert len(words(text)) == 16
    assert seed.json(at("/v1/quotes", q=text + " zzz"))["page"]["total"] == 1
    assert seed.json(at("/v1/quotes", q="zzz " + text))["page"]["total"] == 0


PIECES = ("\"", "'", "*", "-", "(", ")", ":", "^", "{", "}", "+", ",", " ", "  ", "NEAR(", " AND ", " OR ", " NOT ", "text_nl:",
          "labels:", "s1", "ÿ", "\u00ff", "’", "“", "„", "»", "gulzig", "bond", "a", "é", "e\u0301", "\u0301", "名", "🦊", "\u200b",
          "\u00ad", "\n", "\t", "\x01", "%", "\\", ";", "--", "/*", "0", "007", "ﷺ", "İ", "ß", "x" * 70, "\ufffd", "\U0010ffff")


def test_no_query_is_an_error(seed):
    """Two thousand that nobody would type: each is answered, and never by a fault."""
    chance = random.Random(17)
    targets = [("/v1/search", {}), ("/v1/quotes", {}), ("/v1/reviews", {}), ("/v1/suggest", {}),
               ("/v1/quotes", {"speaker": "darko-kerim-bey"}), ("/v1/characters/james-bond/quotes", {"form": "pull"})]
    for _ in range(2000):
        typed = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 14)))
        path, more = chance.choice(targets)
        reply = seed.get(at(path, q=typed, limit=3, **more))
        assert reply.status == 200
    seed.alive()


def test_no_passage_is_an_error(seed):
    chance = random.Random(18)
    for _ in range(300):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 14)))
        reply = seed.send("GET", at("/v1/verify", text=text))
        assert reply.status == 200 or (reply.status == 400 and not words(text))
    seed.alive()
