# SPDX-License-Identifier: MIT
"""What holds for every operation that writes: who may, what it takes, and how it says no."""
import pytest
import routes
import writing
from writing import JSON_TYPE, LINES_TYPE

MIB = 1 << 20

each = pytest.mark.parametrize("write", routes.WRITES, ids=[write.label for write in routes.WRITES])
with_body = pytest.mark.parametrize("write", [write for write in routes.WRITES if write.has_body],
                                    ids=[write.label for write in routes.WRITES if write.has_body])


def kind_of(write):
    return LINES_TYPE if write.formats == (routes.NDJSON,) else JSON_TYPE


@each
def test_a_write_is_off_without_any_token(seed, write):
    author = writing.Author(seed.port, None)
    author.refusal(write.method, write.path, {"id": "x"} if write.has_body else None, 403, "writing-off", if_match="*")


@each
def test_a_write_takes_no_parameter_it_does_not_know(author, write):
    author.refusal(write.method, write.path + "?nonsense=1", None, 400, "unknown-parameter", if_match="*")


@each
def test_a_write_answers_in_its_format_alone(author, write):
    author.refusal(write.method, write.path, None, 406, "not-acceptable", if_match="*", accept="image/png")
    author.refusal(write.method, write.path, None, 406, "not-acceptable", if_match="*", accept_encoding="identity;q=0")


@each
def test_a_write_has_an_address_that_is_not_too_long(author, write):
    author.refusal(write.method, write.path + "?utm_x=" + "x" * 8192, None, 414, "uri-too-long", if_match="*")


@each
def test_a_write_takes_no_more_than_it_says(author, write):
    """An import takes as much as there is, but not at once."""
    size = 1 << 20 if not write.has_body else 8 << 20
    path = write.path + ("?dry_run=1" if write.name == "bundle_import" else "")
    body = b" " * (size + 1)
    author.refusal(write.method, path, body, 413, "payload-too-large", if_match="*", content_type=kind_of(write))


@with_body
def test_a_write_takes_its_type_alone(author, write):
    for headers in ({"content_type": "text/csv"}, {"content_type": kind_of(write), "content_encoding": "gzip"}):
        reply = author.write(write.method, write.path, b"x", 415, if_match="*", **headers)
        assert "unsupported-media-type" in reply.text
        assert kind_of(write) in reply.get("Accept")


@pytest.mark.parametrize("write", [write for write in routes.WRITES if write.id], ids=[
    write.label for write in routes.WRITES if write.id])
def test_a_write_to_what_is_there_wants_a_condition(author, write):
    body = {} if write.has_body else None
    author.refusal(write.method, write.path, body, 428, "precondition-required")
    author.refusal(write.method, write.path, body, 400, "invalid-header", if_match="*", if_none_match="*")
    author.refusal(write.method, write.path, body, 400, "invalid-header", if_none_match='"x"')


@pytest.mark.parametrize("write", [write for write in routes.WRITES if write.has_body and write.shape], ids=[
    write.label for write in routes.WRITES if write.has_body and write.shape])
def test_a_write_takes_json_of_its_shape(author, write):
    author.refusal(write.method, write.path, b"{", 400, "malformed-json", if_match="*")
    author.refusal(write.method, write.path, {"colour": "red"}, 422, "invalid-body", if_match="*")
    author.refusal(write.method, write.path, b'"text"', 422, "invalid-body", if_match="*")


@pytest.mark.parametrize("write", [write for write in routes.WRITES if write.shape and write.id], ids=[
    write.label for write in routes.WRITES if write.shape and write.id])
def test_a_write_answers_with_line_breaks_if_asked(author, write):
    seen = author.get(write.path + ("/bundle" if write.name == "review_put" else ""))
    reply = author.put(write.path + "?pretty=1", seen.body, 200, if_match=seen.get("ETag"))
    assert reply.text.startswith('{\n  "id": ')


def test_review_post_answers_with_line_breaks_if_asked(author, own_id):
    assert author.post("/v1/reviews?pretty=1", writing.bundle(own_id), 201).text.startswith('{\n  "id": ')
