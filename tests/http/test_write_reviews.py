# SPDX-License-Identifier: MIT
"""PUT, DELETE and POST of reviews: what they answer, what is readable afterwards, and what they refuse."""
import concurrent.futures
import json

import pytest
import wire
import writing
from client import segment
from quick import Quick
from writing import bundle

MIB = 1 << 20


def quoted(id_, text="He said: I never lie. And lied.", exact="I never lie.", speaker="A Liar"):
    return bundle(id_, text, agents=[{"id": f"{id_}-speaker", "name": speaker}],
                  quotes=[{"id": "1", "speakers": [f"{id_}-speaker"], "exact": [exact]}])


def test_review_put_makes_a_review(author, own_id):
    reply = author.create(bundle(own_id, title="A title"))
    value = json.loads(reply.text)
    assert (value["id"], value["title"], value["revision"]) == (own_id, "A title", 1)
    assert reply.get("Location") == value["url"] == f"/v1/reviews/{own_id}"
    assert author.json(value["url"])["text"] == "Some words of a review."


def test_review_put_is_readable_everywhere_at_once(author, own_id):
    before = author.json("/v1")
    author.create(quoted(own_id))
    after = author.json("/v1")
    assert after["revision"] == before["revision"] + 1
    for noun in ("reviews", "characters", "quotes"):
        assert after["counts"][noun] == before["counts"][noun] + 1
    assert [quote["text"] for quote in author.data(f"/v1/characters/{own_id}-speaker/quotes")] == ["I never lie."]
    assert author.get(f"/v1/reviews/{own_id}/text.txt").text == "He said: I never lie. And lied."
    assert own_id in Quick(author.port).ids("/v1/reviews", limit=200)


def test_review_put_answers_the_tag_that_get_has(author, own_id):
    reply = author.create(bundle(own_id))
    assert author.tag(f"/v1/reviews/{own_id}") == reply.get("ETag")
    reply = author.replace(bundle(own_id, "Other words."), reply.get("ETag"))
    assert author.tag(f"/v1/reviews/{own_id}") == reply.get("ETag")
    author.get(f"/v1/reviews/{own_id}", 304, if_none_match=reply.get("ETag"))


def test_review_put_takes_ids_of_any_script(author):
    reply = author.create(bundle("рецензия-1"))
    assert reply.get("Location") == "/v1/reviews/" + segment("рецензия-1")
    assert author.json(reply.get("Location"))["id"] == "рецензия-1"


def test_review_put_replaces_a_review_as_a_whole(author, own_id):
    first = author.create(quoted(own_id))
    changed = author.replace(bundle(own_id, "Nothing is quoted here.", language="en"), first.get("ETag"))
    value = json.loads(changed.text)
    assert (value["revision"], value["language"]) == (2, "en")
    assert author.data(f"/v1/characters/{own_id}-speaker/quotes") == []
    assert author.json(f"/v1/reviews/{own_id}")["text"] == "Nothing is quoted here."


def test_review_put_of_the_same_changes_nothing(author, own_id):
    author.create(quoted(own_id))
    before = author.json("/v1")["revision"]
    reply = author.replace(quoted(own_id), "*")
    assert json.loads(reply.text)["revision"] == 1
    assert author.json("/v1")["revision"] == before


def test_review_put_of_what_bundle_gives_changes_nothing(author):
    path = "/v1/reviews/from-russia-with-love-nl"
    exported = author.get(path + "/bundle.json")
    reply = author.put(path, exported.body, 200, if_match=exported.get("ETag"))
    assert json.loads(reply.text)["revision"] == 1
    assert author.get(path + "/bundle.json").body == exported.body


VIEWS = ("", ".json", ".txt", "?pretty=1", "/bundle", "/text", "/quotes", "/mentions.txt", "/characters")


@pytest.mark.parametrize("view", VIEWS)
def test_review_put_takes_the_tag_of_any_view_of_the_review(author, own_id, view):
    author.create(quoted(own_id))
    tag = author.tag(f"/v1/reviews/{own_id}{view}")
    author.replace(bundle(own_id, "New words."), tag)
    author.replace(bundle(own_id, "Newer words."), tag, 412)


def test_review_put_finds_the_tag_in_a_list(author, own_id):
    author.create(bundle(own_id))
    tag = author.tag(f"/v1/reviews/{own_id}")
    author.replace(bundle(own_id, "New words."), f'"of, something else" , {tag},"x"')


def test_review_put_takes_a_tag_that_is_older_than_other_reviews(author, own_id):
    author.create(bundle(own_id))
    tag = author.tag(f"/v1/reviews/{own_id}")
    author.create(bundle(own_id + "-too"))
    author.replace(bundle(own_id, "New words."), tag)


def stale_tags(author, id_):
    tag = author.tag(f"/v1/reviews/{id_}")
    author.create(bundle(id_ + "-too"))
    revision, subject, form = tag.strip('"').split("-")
    yield "W/" + tag
    yield tag.strip('"')
    yield f'"{revision}-{subject}"'
    yield f'"{revision}-{subject}-{form}0"'
    yield f'"{int(revision) + 100000}-{subject}-{form}"'
    yield f'"99999999999999999999-{subject}-{form}"'
    yield f'"-{subject}-{form}"'
    yield f'"{revision}-00000000-{form}"'
    yield author.tag(f"/v1/reviews/{id_}-too")
    yield author.tag("/v1/reviews")
    yield '"nonsense"'
    yield '""'
    yield '"'
    yield "nonsense"


def test_review_put_refuses_tags_of_anything_else(author, own_id):
    author.create(bundle(own_id))
    for tag in stale_tags(author, own_id):
        author.refusal("PUT", f"/v1/reviews/{own_id}", bundle(own_id, "New words."), 412, "precondition-failed",
                       if_match=tag)
    assert author.json(f"/v1/reviews/{own_id}")["text"] == "Some words of a review."


def test_review_put_refuses_a_tag_from_before_its_agents_or_works_changed(author, own_id):
    work = {"id": own_id + "-work", "title": "A work", "contributors": [
        {"role": "author", "id": own_id + "-author", "name": "An author"}]}
    mine = quoted(own_id) | {"work": work}
    author.create(mine)
    others = ({"agents": [{"id": own_id + "-speaker", "aliases": ["Liar"]}]}, {"works": [{"id": own_id + "-work", "kind": "play"}]},
              {"agents": [{"id": own_id + "-author", "name": "The author", "kind": "person"}]})
    for number, other in enumerate(others):
        tag = author.tag(f"/v1/reviews/{own_id}/bundle")
        author.create(bundle(f"{own_id}-{number}", **other))
        author.replace(bundle(own_id, "New words."), tag, 412)


def test_review_put_wants_a_condition(author, own_id):
    author.refusal("PUT", f"/v1/reviews/{own_id}", bundle(own_id), 428, "precondition-required")
    author.refusal("PUT", f"/v1/reviews/{own_id}", bundle(own_id), 400, "invalid-header", if_none_match='"x"')
    author.refusal("PUT", f"/v1/reviews/{own_id}", bundle(own_id), 400, "invalid-header", if_none_match="*", if_match="*")
    author.get(f"/v1/reviews/{own_id}", 404)


def test_review_put_makes_nothing_that_is_there_and_replaces_nothing_that_is_not(author, own_id):
    path = f"/v1/reviews/{own_id}"
    author.refusal("PUT", path, bundle(own_id), 412, "precondition-failed", if_match="*")
    author.create(bundle(own_id))
    author.refusal("PUT", path, bundle(own_id, "New words."), 412, "precondition-failed", if_none_match="*")
    author.replace(bundle(own_id, "New words."), "*")


def test_review_put_refuses_another_id_than_that_of_the_path(author, own_id):
    problem = author.refusal("PUT", f"/v1/reviews/{own_id}", bundle(own_id + "-x"), 422, "invalid-body", if_none_match="*")
    assert problem["pointer"] == "/id"
    author.get(f"/v1/reviews/{own_id}", 404)


def test_review_delete_takes_it_out(author, own_id):
    before = author.json("/v1")
    author.create(quoted(own_id))
    author.delete(f"/v1/reviews/{own_id}", if_match=author.tag(f"/v1/reviews/{own_id}"))
    for view in ("", "/text", "/bundle", "/quotes"):
        author.get(f"/v1/reviews/{own_id}{view}", 410)
    author.get(f"/v1/quotes/{own_id}~1", 410)
    after = author.json("/v1")
    assert after["counts"]["reviews"] == before["counts"]["reviews"]
    assert after["counts"]["quotes"] == before["counts"]["quotes"]
    assert after["revision"] == before["revision"] + 2
    assert own_id not in Quick(author.port).ids("/v1/reviews", limit=200)


def test_review_delete_leaves_agents_and_works(author, own_id):
    author.create(quoted(own_id) | {"work": {"id": own_id + "-work", "title": "A work"}})
    author.delete(f"/v1/reviews/{own_id}", if_match="*")
    assert author.data(f"/v1/characters/{own_id}-speaker/quotes") == []
    assert author.json(f"/v1/works/{own_id}-work")["title"] == "A work"


def test_review_delete_is_for_good(author, own_id):
    path = f"/v1/reviews/{own_id}"
    author.create(bundle(own_id))
    author.delete(path, if_match="*")
    author.refusal("DELETE", path, None, 410, "gone", if_match="*")
    author.refusal("PUT", path, bundle(own_id), 410, "gone", if_none_match="*")
    author.refusal("PUT", path, bundle(own_id), 410, "gone", if_match="*")
    author.refusal("POST", "/v1/reviews", bundle(own_id), 410, "gone")


def test_review_delete_wants_a_condition_that_holds(author, own_id):
    path = f"/v1/reviews/{own_id}"
    author.refusal("DELETE", path, None, 404, "not-found", if_match="*")
    author.create(bundle(own_id))
    tag = author.tag(path)
    author.refusal("DELETE", path, None, 428, "precondition-required")
    author.replace(bundle(own_id, "New words."), tag)
    author.refusal("DELETE", path, None, 412, "precondition-failed", if_match=tag)
    author.get(path)
    author.delete(path, if_match=author.tag(path))


def test_review_post_makes_a_review(author, own_id):
    reply = author.post("/v1/reviews", bundle(own_id), 201)
    assert reply.get("Location") == f"/v1/reviews/{own_id}"
    assert author.tag(f"/v1/reviews/{own_id}") == reply.get("ETag")


def test_review_post_replaces_nothing(author, own_id):
    author.post("/v1/reviews", bundle(own_id), 201)
    reply = author.post("/v1/reviews", bundle(own_id, "New words."), 409)
    assert json.loads(reply.text)["code"] == "conflict"
    assert reply.get("Location") == f"/v1/reviews/{own_id}"
    assert author.json(f"/v1/reviews/{own_id}")["text"] == "Some words of a review."


def test_review_post_tells_all_that_is_wrong(author, own_id):
    wrong = {"id": own_id, "text": 5, "language": "no_such", "agents": [{"kind": "ghost", "name": "X"}], "colour": "red"}
    problem = author.refusal("POST", "/v1/reviews", wrong, 422, "invalid-body")
    assert {place["pointer"] for place in problem["errors"]} == {"/text", "/language", "/agents/0/kind", "/colour"}
    assert problem["pointer"] == problem["errors"][0]["pointer"]
    author.get(f"/v1/reviews/{own_id}", 404)


def test_review_post_tells_what_the_store_does_not_know(author, own_id):
    unknown = bundle(own_id, agents=[{"id": own_id + "-nobody"}])
    problem = author.refusal("POST", "/v1/reviews", unknown, 422, "invalid-body")
    assert problem["errors"][0]["pointer"] == "/agents/0/name"
    author.get(f"/v1/reviews/{own_id}", 404)
    author.get(f"/v1/characters/{own_id}-nobody", 404)


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b'{"id":"x","id":"y"}', b'{"id":"\xff"}', b'{"id":"x"}\0', b"[" * 100,
                                  b'{"text":"\\u0000"}', b'{"text":1e999}', b"{} {}"])
def test_review_post_takes_json_alone(author, body):
    author.refusal("POST", "/v1/reviews", body, 400, "malformed-json")


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b"{}", b'"text"'])
def test_review_post_takes_a_bundle_alone(author, body):
    author.refusal("POST", "/v1/reviews", body, 422, "invalid-body")


@pytest.mark.parametrize("headers", [{"content_type": "text/plain"}, {"content_type": "application/x-www-form-urlencoded"},
                                     {"content_type": "application/jsonx"}, {"content_encoding": "gzip"}])
def test_review_post_refuses_other_types(author, own_id, headers):
    reply = author.post("/v1/reviews", bundle(own_id), 415, **headers)
    assert reply.get("Accept") == "application/json"
    author.get(f"/v1/reviews/{own_id}", 404)


@pytest.mark.parametrize("kind", [None, "application/json; charset=utf-8", "Application/JSON", "application/json;x=y"])
def test_review_post_takes_json_however_it_is_called(author, own_id, kind):
    author.post("/v1/reviews", bundle(own_id), 201, content_type=kind)


def test_review_post_takes_a_body_in_pieces(author, own_id):
    data = writing.encode(bundle(own_id, "x" * 300000))
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(data[at:at + 7777]), data[at:at + 7777]) for at in range(0, len(data), 7777))
    with wire.Connection(author.port) as connection:
        connection.send(wire.request_bytes("POST", "/v1/reviews", {
            "Authorization": f"Bearer {author.token}", "Transfer-Encoding": "chunked"}, pieces + b"0\r\n\r\n"))
        assert connection.reply("POST").status == 201
        connection.send(wire.request_bytes("GET", f"/v1/reviews/{own_id}/text"))
        assert len(connection.reply().body) == 300000


@pytest.mark.parametrize("size", [1000, 64 << 10, MIB])
def test_review_post_takes_texts_of_any_size(author, own_id, size):
    text = ("äöü€ " * size)[:size]
    author.post("/v1/reviews", bundle(own_id, text), 201)
    assert author.get(f"/v1/reviews/{own_id}/text").text == text


def test_review_post_tells_what_is_wrong_in_a_large_body(author, own_id):
    author.refusal("POST", "/v1/reviews", bundle(own_id, "x" * 100000, colour="red"), 422, "invalid-body")
    author.refusal("POST", "/v1/reviews", writing.encode(bundle(own_id, "x" * 100000))[:-1], 400, "malformed-json")


def test_a_write_takes_no_parameters_it_does_not_know(author, own_id):
    author.refusal("PUT", f"/v1/reviews/{own_id}?x=1", bundle(own_id), 400, "unknown-parameter", if_none_match="*")
    author.put(f"/v1/reviews/{own_id}?pretty=1", bundle(own_id), 201, if_none_match="*")


def test_a_write_gives_json_alone(author, own_id):
    author.put(f"/v1/reviews/{own_id}", bundle(own_id), 406, if_none_match="*", accept="text/plain")
    author.put(f"/v1/reviews/{own_id}.txt", bundle(own_id), 406, if_none_match="*")
    author.put(f"/v1/reviews/{own_id}.json", bundle(own_id), 201, if_none_match="*")


def test_writes_sent_in_one_go_are_answered_in_order(author, own_id):
    data = b""
    for number in range(20):
        body, last = writing.encode(bundle(f"{own_id}-{number}")), {"Connection": "close"} if number == 19 else {}
        data += wire.request_bytes("PUT", f"/v1/reviews/{own_id}-{number}", {
            "Authorization": f"Bearer {author.token}", "Content-Length": str(len(body)), "If-None-Match": "*"}, body)
        data += wire.request_bytes("GET", f"/v1/reviews/{own_id}-{number}", last)
    received = wire.Received(wire.exchange(author.port, data))
    for number in range(20):
        for method, status in (("PUT", 201), ("GET", 200)):
            reply = wire.read_reply(received, method)
            assert (reply.status, json.loads(reply.text)["id"]) == (status, f"{own_id}-{number}")


def test_racing_clients_make_one_review(author, own_id):
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda number: author.create(bundle(own_id, f"Of client {number}."), None), range(32)))
    assert sorted(reply.status for reply in replies) == [201] + [412] * 31
    winner = next(number for number, reply in enumerate(replies) if reply.status == 201)
    assert author.json(f"/v1/reviews/{own_id}")["text"] == f"Of client {winner}."


def test_racing_clients_lose_no_update(author, own_id):
    """Each adds its word to the text until it has been taken 5 times: 40 words in the end, and 40 revisions."""
    author.create(bundle(own_id, "start"))
    path = f"/v1/reviews/{own_id}"

    def add_words(client):
        for number in range(5):
            status = None
            while status != 200:
                seen = author.bare("GET", path)
                text = json.loads(seen.text)["text"] + f" {client}.{number}"
                status = author.bare("PUT", path, bundle(own_id, text), if_match=seen.get("ETag")).status
                assert status in (200, 412)
            assert f" {client}.{number}" in json.loads(author.bare("GET", path).text)["text"]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(add_words, range(8)))
    value = author.json(path)
    assert value["revision"] == 41
    assert sorted(value["text"].split()) == sorted(["start"] + [f"{c}.{n}" for c in range(8) for n in range(5)])


def test_the_tag_of_what_came_packed_is_a_condition_too(author, own_id):
    author.create(bundle(own_id, "Some words. " * 1000))
    tag = author.tag(f"/v1/reviews/{own_id}", accept_encoding="gzip")
    assert tag.endswith('-gzip"')
    author.replace(bundle(own_id, "Other words."), tag)
    author.replace(bundle(own_id, "More words."), tag, 412)
