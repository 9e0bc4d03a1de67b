# SPDX-License-Identifier: MIT
import pytest
from client import segment

TWO = "/v1/quotes/review-omega~two-spans"


def test_quote_context_has_200_code_points_on_either_side(store):
    for quote in store.model.quotes()[::7][:30]:
        answer = store.client.json(quote["url"] + "/context")
        text = store.model.bundle(quote["review"]["id"])["text"]
        first = min(span["start"] for span in quote["spans"])
        last = max(span["end"] for span in quote["spans"])
        assert answer == {"quote": quote, "before": text[max(0, first - 200):first], "exact": text[first:last],
                          "after": text[last:last + 200], "start": max(0, first - 200), "end": min(len(text), last + 200)}


@pytest.mark.parametrize("chars", [0, 1, 2, 3, 31, 199, 201, 1999, 2000])
def test_quote_context_has_as_many_as_are_asked_for(store, chars):
    for quote in store.model.quotes()[:40:9]:
        answer = store.client.json(f"{quote['url']}/context?chars={chars}")
        text = store.model.bundle(quote["review"]["id"])["text"]
        assert len(answer["before"]) == min(chars, min(span["start"] for span in quote["spans"]))
        assert len(answer["after"]) == min(chars, len(text) - max(span["end"] for span in quote["spans"]))
        assert text[answer["start"]:answer["end"]] == answer["before"] + answer["exact"] + answer["after"]


def test_quote_context_of_several_spans_goes_from_the_first_to_the_last(books):
    answer = books.json(TWO + "/context?chars=3")
    assert answer["exact"] == "It began like that -- and so on -- and ended like this"
    assert (answer["before"], answer["after"]) == ("t.\n", "\na ")


def test_quote_context_as_text_is_the_text(books):
    answer = books.json(TWO + "/context?chars=10")
    assert books.txt(TWO + "/context.txt?chars=10") == answer["before"] + answer["exact"] + answer["after"] + "\n"


@pytest.mark.parametrize("value", ["", "-1", "2001", "x", "1.5", "%2B5"])
def test_quote_context_takes_a_number_up_to_2000(books, value):
    assert books.problem(f"{TWO}/context?chars={value}", 400, "invalid-parameter")["parameter"] == "chars"


def test_quote_context_of_nothing_is_not_found(books):
    problem = books.problem("/v1/quotes/review-omega~two-span/context", 404, "not-found")
    assert "review-omega~two-spans" in problem["nearest"]
    for nothing in ("review-omega", segment("review-omega~é"), "nope~1"):
        books.problem(f"/v1/quotes/{nothing}/context", 404, "not-found")
