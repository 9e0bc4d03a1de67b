# SPDX-License-Identifier: MIT
"""/v1/verify: whether a passage stands in the store, and who says it."""
import random

import pytest
from client import at
from matcher import tokens, words

KERIM = "from-russia-with-love-nl~1"


def verify(client, text, **parameters):
    return client.json(at("/v1/verify", text=text, **parameters))


def test_verify_finds_a_quote_as_it_stands(seed):
    answer = verify(seed, "Maar ik leef te gulzig.")
    match, = answer["matches"]
    assert answer["verdict"] == match["match"] == "exact"
    assert match["quote"]["id"] == KERIM
    assert [agent["id"] for agent in match["speakers"]] == ["darko-kerim-bey"]
    assert (match["span"]["start"], match["span"]["exact"]) == (2658, "Maar ik leef te gulzig.")


@pytest.mark.parametrize("text", ["maar ik leef te gulzig", "Maar ik leef te gulzig!", "MAAR, ÍK LEEF: “te” GULZIG",
                                  "Maar ik\nleef te\tgulzig;", "(Maar ik leef te gulzig.)"])
def test_verify_finds_it_but_for_case_accents_punctuation_and_space(seed, text):
    answer = verify(seed, text)
    assert answer["verdict"] == "normalised"
    assert answer["matches"][0]["quote"]["id"] == KERIM


@pytest.mark.parametrize("text", ["“Maar ik leef te gulzig.”", "  Maar ik leef te gulzig.\n", "„Maar ik leef te gulzig.“",
                                  "'Maar ik leef te gulzig.'"])
def test_verify_does_not_count_what_a_passage_is_put_between(seed, text):
    assert verify(seed, text)["verdict"] == "exact"


@pytest.mark.parametrize("text", ["Maar ik leef te gul", "Maar ik leef gulzig", "aar ik leef", "zomaar iets",
                                  "Maar ik leef te gulzige", "007 007 007"])
def test_verify_finds_nothing_that_is_not_there_word_for_word(seed, text):
    assert verify(seed, text) == {"verdict": "absent", "matches": []}


@pytest.mark.parametrize(("speaker", "verdict"), [
    ("darko-kerim-bey", "exact"), ("Kerim Bey", "exact"), ("KERIM BEY", "exact"), ("james-bond", "misattributed"),
    ("Ian Fleming", "misattributed"), ("Nobody at all", "misattributed")])
def test_verify_knows_who_says_it(seed, speaker, verdict):
    answer = verify(seed, "Maar ik leef te gulzig.", speaker=speaker)
    assert answer["verdict"] == verdict
    assert [agent["id"] for agent in answer["matches"][0]["speakers"]] == ["darko-kerim-bey"]
    assert verify(seed, "maar ik LEEF", speaker=speaker)["verdict"] == verdict.replace("exact", "normalised")
    assert verify(seed, "zomaar iets", speaker=speaker)["verdict"] == "absent"


def test_verify_takes_any_of_several_speakers(seed):
    assert verify(seed, "te gulzig", speaker=["james-bond", "nobody", "Kerim Bey"])["verdict"] == "exact"


def test_verify_finds_passages_that_are_no_quote_or_only_begin_as_one(seed):
    text = seed.texts.of("from-russia-with-love-nl")
    start = text.index("na houdt: Maar ik")
    passage = text[start:start + 22]
    answer = verify(seed, passage)
    match, = answer["matches"]
    assert (answer["verdict"], match["quote"], match["speakers"]) == ("exact", None, [])
    assert match["span"]["start"] == start
    assert verify(seed, passage, speaker="darko-kerim-bey")["verdict"] == "misattributed"
    assert verify(seed, "In het voorjaar van 1956 zat Ian Fleming")["verdict"] == "exact"


def test_verify_finds_a_passage_over_several_spans_of_a_quote(books):
    quote = books.json("/v1/quotes/review-omega~two-spans")
    assert quote["text"] == "and ended like this … It began like that"
    for text, verdict in (("like this … It began", "exact"), ("LIKE THIS it began", "normalised")):
        answer = verify(books, text)
        assert answer["verdict"] == verdict
        assert [(match["quote"]["id"], match["span"]["exact"]) for match in answer["matches"]] == [
            (quote["id"], "It began"), (quote["id"], "like this")]
    assert verify(books, quote["text"], speaker="Agent One")["verdict"] == "exact"


def test_verify_tells_every_quote_a_passage_is_part_of(books):
    answer = verify(books, "The 🦊 runs, said the first.")
    assert answer["verdict"] == "exact"
    assert {match["quote"]["id"] for match in answer["matches"]} == {
        "review-omega~1", "review-omega~11", "review-omega~10"} - (
            {"review-omega~10"} if "🦊" not in books.json("/v1/quotes/review-omega~10")["text"] else set())
    answer = verify(books, "Sentence number 3.", speaker="organisation-four")
    assert (answer["verdict"], answer["matches"][0]["quote"]["id"]) == ("exact", "review-omega~8")


def test_verify_puts_the_claimed_speaker_and_exact_places_first(books):
    answer = verify(books, "Utterance 6: 𝒷ulk.", speaker="agent-two")
    assert answer["verdict"] == "misattributed"
    assert verify(books, "utterance", speaker="Person Three")["matches"][0]["speakers"] != []
    kinds = [match["match"] for match in verify(books, "Agent One is here.")["matches"]]
    assert kinds == sorted(kinds) and len(kinds) == 20


def test_verify_needs_words(seed):
    for target in ("/v1/verify", "/v1/verify?speaker=james-bond", "/v1/verify?text="):
        assert seed.problem(target, 400, "invalid-parameter")["parameter"] == "text"
    for text in ("…", "“!”", "🦊"):
        assert seed.problem(at("/v1/verify", text=text), 400, "invalid-parameter")["parameter"] == "text"


def test_verify_as_text(seed):
    assert seed.txt(at("/v1/verify.txt", text="Maar ik leef te gulzig.")) == (
        "exact\nfrom-russia-with-love-nl\t2658-2681\tMaar ik leef te gulzig.\tdarko-kerim-bey\n")
    assert seed.txt("/v1/verify.txt?text=zzz") == "absent\n"


def test_verify_finds_every_passage_of_every_text(store):
    """Random pieces of the texts, whole words, as they stand and disguised."""
    chance = random.Random(19)
    for _ in range(60):
        text = chance.choice(store.model.bundles)["text"]
        there = tokens(text)
        first = chance.randrange(len(there))
        last = min(len(there) - 1, first + chance.randrange(40))
        passage = text[there[first][1]:there[last][2]]
        if len(passage.encode()) > 1000:
            continue
        assert verify(store.client, passage)["verdict"] == "exact", passage
        disguised = " ".join(word.upper() for word in words(passage))
        assert verify(store.client, disguised)["verdict"] in ("exact", "normalised"), disguised
