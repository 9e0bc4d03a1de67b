# SPDX-License-Identifier: MIT
"""POST /v1/verify: passages that are too long for an address."""
import json

import pytest
from client import at

PASSAGE = "Maar ik leef te gulzig."
PATH = "/v1/verify"
JSON_TYPE, PLAIN = "application/json", "text/plain; charset=utf-8"
BODY_MAX = 256 * 1024


def post(client, body, kind=JSON_TYPE, status=200, target=PATH, **more):
    data = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8")
    headers = {"Content-Length": str(len(data)), **({"Content-Type": kind} if kind else {}), **more}
    reply = client.send("POST", target, headers, data)
    assert reply.status == status, f"{reply.status} {reply.body[:500]!r}"
    return reply


def answer(client, body, **more):
    return json.loads(post(client, body, **more).text)


@pytest.mark.parametrize("speaker", [None, "darko-kerim-bey", "Kerim Bey", "james-bond", "Nobody at all", ["james-bond", "Kerim Bey"], []])
def test_verify_post_answers_like_a_get(seed, speaker):
    body = {"text": PASSAGE, **({"speaker": speaker} if speaker is not None else {})}
    asked = {"speaker": speaker} if speaker else {}
    wanted = seed.json(at(PATH, text=PASSAGE, **asked))
    assert answer(seed, body) == wanted
    assert answer(seed, PASSAGE.encode(), kind=PLAIN, target=at(PATH, **asked)) == wanted
    assert answer(seed, {"text": PASSAGE, "speaker": None}) == seed.json(at(PATH, text=PASSAGE))


def test_verify_post_takes_speakers_from_the_body_and_the_address(seed):
    body = {"text": PASSAGE, "speaker": "james-bond"}
    assert answer(seed, body)["verdict"] == "misattributed"
    assert answer(seed, body, target=at(PATH, speaker="Kerim Bey"))["verdict"] == "exact"


def test_verify_post_finds_a_whole_text(store):
    """Of tens of thousands of letters: no address has room for it."""
    for review in store.model.bundles[:12]:
        for text in (review["text"], review["text"].upper()):
            data = text.encode("utf-8")
            if len(data) > BODY_MAX or not any(letter.isalnum() for letter in text):
                continue
            found = answer(store.client, data, kind=PLAIN)
            assert found["verdict"] in (("exact",) if text == review["text"] else ("exact", "normalised"))
            assert review["id"] in {match["review"]["id"] for match in found["matches"]}
        altered = review["text"] + " and words that stand nowhere"
        assert answer(store.client, {"text": altered})["verdict"] == "absent"


def test_verify_post_counts_offsets_as_it_is_asked(books):
    for unit in ("codepoint", "utf16", "byte"):
        assert answer(books, {"text": "runs, said the first"}, target=at(PATH, offsets=unit)) == books.json(
            at(PATH, text="runs, said the first", offsets=unit))


def test_verify_post_as_text_and_pretty(seed):
    assert post(seed, {"text": PASSAGE}, target=PATH + ".txt").text == (
        "exact\nfrom-russia-with-love-nl\t2658-2681\tMaar ik leef te gulzig.\tdarko-kerim-bey\n")
    assert post(seed, {"text": PASSAGE}, Accept="text/plain").text.startswith("exact\n")
    assert "\n  " in post(seed, {"text": PASSAGE}, target=PATH + "?pretty=1").text
    assert answer(seed, {"text": PASSAGE}, kind=None)["verdict"] == "exact"


@pytest.mark.parametrize(("body", "pointer"), [
    ({}, "/text"), ({"text": ""}, "/text"), ({"text": 7}, "/text"), ({"text": None}, "/text"), ({"text": ["x"]}, "/text"),
    ({"text": "…"}, "/text"), ({"text": "x", "speaker": 7}, "/speaker"), ({"text": "x", "speaker": ""}, "/speaker"),
    ({"text": "x", "speaker": ["y", 7]}, "/speaker/1"), ({"text": "x", "speaker": ["y"] * 101}, "/speaker"),
    ({"text": "x", "spea/k~er": "y"}, "/spea~1k~0er"), (["x"], ""), ("x", "")])
def test_verify_post_names_what_is_wrong(seed, body, pointer):
    problem = json.loads(post(seed, body, status=422).text)
    assert (problem["code"], problem["pointer"]) == ("invalid-body", pointer)


def test_verify_post_names_all_that_is_wrong(seed):
    problem = json.loads(post(seed, {"text": 7, "speaker": [1, "x", 2], "y": 1}, status=422).text)
    assert [error["pointer"] for error in problem["errors"]] == ["/speaker/0", "/speaker/2", "/y", "/text"]


@pytest.mark.parametrize("body", [b"", b"{", b"text", b'{"text":"x"', b'{"text":"x","text":"y"}', b'{"text":"\xff"}', b'{"text":"a\0b"}',
                                  b"[" * 33 + b"]" * 33])
def test_verify_post_takes_no_json_that_is_none(seed, body):
    assert json.loads(post(seed, body, status=400).text)["code"] == "malformed-json"


@pytest.mark.parametrize("body", [b"", b"...", b"\xff", b"a\0b", "🦊".encode()])
def test_verify_post_takes_no_plain_text_without_words(seed, body):
    problem = json.loads(post(seed, body, kind="Text/Plain", status=422).text)
    assert (problem["code"], problem["pointer"]) == ("invalid-body", "")


@pytest.mark.parametrize("kind", ["text/html", "application/x-www-form-urlencoded", "multipart/form-data", "application/x-ndjson", "text/plainer"])
def test_verify_post_tells_which_types_it_takes(seed, kind):
    assert post(seed, {"text": "x"}, kind=kind, status=415).get("Accept") == "application/json, text/plain"


def test_verify_post_reads_only_so_much(seed):
    words = b"word " * (BODY_MAX // 5)
    assert answer(seed, words, kind=PLAIN)["verdict"] == "absent"
    reply = post(seed, words + b"word ", kind=PLAIN, status=413)
    assert json.loads(reply.text)["code"] == "payload-too-large" and str(BODY_MAX) in reply.text
    # In pieces, whose length is known at the end only.
    chunk = b"%x\r\n%s\r\n" % (len(words), words)
    reply = seed.send("POST", PATH, {"Content-Type": PLAIN, "Transfer-Encoding": "chunked"}, chunk + chunk + b"0\r\n\r\n")
    assert reply.status == 413


@pytest.mark.parametrize(("target", "status"), [
    (PATH + "?text=x", 400), (PATH + "?nonsense=1", 400), (PATH + "?offsets=x", 400), (PATH + ".csv", 406),
    (PATH + "?utm_x=" + "x" * 8192, 414)])
def test_verify_post_is_as_strict_as_a_get(seed, target, status):
    post(seed, {"text": PASSAGE}, target=target, status=status)


def test_verify_post_needs_no_token_and_heeds_none(author):
    for token in (None, "wrong", author.token):
        reply = author.write("POST", PATH, {"text": PASSAGE}, 200, token=token)
        assert json.loads(reply.text)["verdict"] == "exact"
    post(author, {"text": PASSAGE}, status=406, **{"Accept-Encoding": "identity;q=0"})
    assert post(author, {"text": PASSAGE}, **{"Accept-Encoding": "gzip", "If-None-Match": "*"}).status == 200
