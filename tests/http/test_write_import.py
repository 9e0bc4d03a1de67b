# SPDX-License-Identifier: MIT
"""POST /v1/import: NDJSON in, a line for each bundle out."""
import json

import library
import process
import pytest
import schemas
import wire
import writing
from writing import LINES_TYPE, REFUSED_LINE, bundle

MIB = 1 << 20


def lines_of(*bundles):
    return b"".join(writing.encode(item) + b"\n" for item in bundles)


def imported(author, body, query="", **headers):
    """The lines of the answer, and the sum behind them."""
    reply = author.post("/v1/import" + query, body, 200, content_type=headers.pop("content_type", LINES_TYPE), **headers)
    assert reply.get("Content-Type") == "application/x-ndjson"
    rows = [schemas.parse(line) for line in reply.text.splitlines()]
    for row in rows[:-1]:
        schemas.assert_valid("import_line", row)
    schemas.assert_valid("import_sum", rows[-1])
    assert reply.text.endswith("\n")
    return rows[:-1], rows[-1]


def test_bundle_import_tells_what_came_of_each_line(author, own_id):
    before = author.json("/v1")["revision"]
    body = lines_of(bundle(own_id + "-1"), bundle(own_id + "-2"), bundle(own_id + "-1"), bundle(own_id + "-2", "Other words."))
    rows, total = imported(author, body)
    assert [(row["line"], row["id"], row["outcome"]) for row in rows] == [
        (1, own_id + "-1", "added"), (2, own_id + "-2", "added"), (3, own_id + "-1", "unchanged"), (4, own_id + "-2", "changed")]
    assert [row["revision"] - before for row in rows] == [1, 2, 2, 3]
    assert total == {"lines": 4, "added": 2, "changed": 1, "unchanged": 1, "refused": 0, "revision": before + 3}
    assert author.json(f"/v1/reviews/{own_id}-2")["text"] == "Other words."
    assert author.json("/v1")["revision"] == before + 3


def test_bundle_import_refuses_lines_and_takes_the_others(author, own_id):
    body = b"\n".join([writing.encode(bundle(own_id)), b"", b"nonsense", b'{"id":"x"}', b" \t\r", b'{"id":"\xff"}', b"[]",
                       writing.encode(bundle(own_id + "-n", agents=[{"id": own_id + "-nobody"}])),
                       writing.encode(bundle(own_id + "-2"))])
    rows, total = imported(author, body)
    assert [(row["line"], row["outcome"]) for row in rows] == [
        (1, "added"), (3, "refused"), (4, "refused"), (6, "refused"), (7, "refused"), (8, "refused"), (9, "added")]
    assert [row["errors"][0]["pointer"] for row in rows if "errors" in row] == ["", "/text", "", "", "/agents/0/name"]
    assert (total["lines"], total["added"], total["refused"]) == (9, 2, 5)
    author.get(f"/v1/reviews/{own_id}-n", 404)
    author.get(f"/v1/reviews/{own_id}-2")


def test_bundle_import_of_nothing_is_nothing(author):
    for body in (b"", b"\n", b"\n \n\r\n"):
        rows, total = imported(author, body)
        assert (rows, total["added"]) == ([], 0)


def test_bundle_import_dry_tells_the_same_and_stores_nothing(author, own_id):
    before = author.json("/v1")
    body = lines_of(bundle(own_id, agents=[{"id": own_id + "-agent", "name": "Agent"}]),
                    bundle(own_id + "-2", agents=[{"id": own_id + "-agent"}]), bundle(own_id + "-3", agents=[{"id": "nobody-at-all"}]))
    rows, total = imported(author, body, "?dry_run=1")
    assert [row["outcome"] for row in rows] == ["added", "added", "refused"]
    assert author.json("/v1") == before
    assert total["revision"] == before["revision"]
    again, _ = imported(author, body)
    assert [row["outcome"] for row in again] == ["added", "added", "refused"]


def test_bundle_import_dry_takes_what_one_document_may_have(author):
    body = lines_of(*[bundle(f"dry-{number}", "x" * MIB) for number in range(9)])
    problem = author.refusal("POST", "/v1/import?dry_run=1", body, 413, "payload-too-large", content_type=LINES_TYPE)
    assert "nothing is stored" in problem["detail"]


def test_bundle_import_of_many_lines_ends_where_more_would_come(author):
    """What has been stored is told of, also when that is much; the answer says what is not stored only where something is not."""
    reply = author.bare("POST", "/v1/import", REFUSED_LINE * 2300)
    assert reply.status == 200 and len(reply.body) > 16 * MIB
    assert json.loads(reply.body.splitlines()[-1])["refused"] == 2300
    problem = author.refusal("POST", "/v1/import", REFUSED_LINE * 6000, 413, "payload-too-large", content_type=LINES_TYPE)
    assert "lines 1 to " in problem["detail"]


def test_bundle_import_refuses_what_has_been_deleted(author, own_id):
    author.create(bundle(own_id))
    author.delete(f"/v1/reviews/{own_id}", if_match="*")
    rows, _ = imported(author, lines_of(bundle(own_id), bundle(own_id + "-2")))
    assert [row["outcome"] for row in rows] == ["refused", "added"]
    assert rows[0]["errors"][0]["pointer"] == "/id"
    author.get(f"/v1/reviews/{own_id}", 410)


def test_bundle_import_takes_much_more_than_one_document_may_have(author, own_id):
    text = "Some words to fill the lines. " * 1000
    body = lines_of(*[bundle(f"{own_id}-{number}", f"{number} {text}") for number in range(700)])
    assert len(body) > 2 * 8 * MIB
    rows, total = imported(author, body)
    assert total["added"] == len(rows) == 700
    assert [row["line"] for row in rows] == list(range(1, 701))
    for number in (0, 1, 350, 699):
        assert author.json(f"/v1/reviews/{own_id}-{number}")["text"] == f"{number} {text}"


def test_bundle_import_takes_lines_of_any_size(author, own_id):
    sizes = [1, 100, 1000, 256 * 1024 - 100, 256 * 1024, 256 * 1024 + 100, 2 * MIB, 10, 3 * MIB, 10]
    body = lines_of(*[bundle(f"{own_id}-{number}", "x" * size) for number, size in enumerate(sizes)])
    _, total = imported(author, body.rstrip(b"\n"))
    assert total["added"] == len(sizes)
    assert [author.json(f"/v1/reviews/{own_id}-{number}")["text_bytes"] for number in range(len(sizes))] == sizes


def test_bundle_import_passes_over_lines_that_are_too_long(author, own_id):
    long = writing.encode(bundle(own_id + "-long", "x" * (8 * MIB)))
    body = b"\n".join([writing.encode(bundle(own_id)), long, writing.encode(bundle(own_id + "-2")), b"x" * (40 * MIB)])
    rows, total = imported(author, body)
    assert [row["outcome"] for row in rows] == ["added", "refused", "added", "refused"]
    assert rows[1]["errors"] == rows[3]["errors"] == [{"pointer": "", "detail": f"longer than {8 * MIB} bytes"}]
    assert (total["lines"], total["added"], total["refused"]) == (4, 2, 2)


@pytest.mark.parametrize("piece", [1, 7, 1000, 100000])
def test_bundle_import_takes_pieces_of_any_size(author, own_id, piece):
    data = lines_of(*[bundle(f"{own_id}-{number}", f"Words, words. {number} 🦊") for number in range(20 if piece < 100 else 5000)])
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(data[at:at + piece]), data[at:at + piece]) for at in range(0, len(data), piece))
    with wire.Connection(author.port) as connection:
        connection.send(wire.request_bytes("POST", "/v1/import", {
            "Authorization": f"Bearer {author.token}", "Transfer-Encoding": "chunked", "Connection": "close"}, pieces + b"0\r\n\r\n"))
        reply = wire.read_reply(wire.Received(connection.read_to_end()))
    rows = reply.text.splitlines()
    assert reply.status == 200
    assert json.loads(rows[-1])["added"] == len(rows) - 1 == (20 if piece < 100 else 5000)


def test_bundle_import_keeps_what_came_before_the_client_went(author, own_id, written_file):
    data = lines_of(*[bundle(f"{own_id}-{number}", "x" * 60000) for number in range(20)])
    with wire.Connection(author.port) as connection:
        connection.send(wire.request_bytes("POST", "/v1/import", {
            "Authorization": f"Bearer {author.token}", "Content-Length": str(len(data))}, data[:-70000]))
    for _ in range(5):
        # One moment of the store: whole lines, in their order.
        rows = process.run("export", "--db", written_file).expect(0).text.splitlines()
        stored = [json.loads(row)["id"] for row in rows if own_id in row]
        assert sorted(stored) == sorted(f"{own_id}-{number}" for number in range(len(stored)))
    author.create(bundle(own_id + "-after"))


def test_bundle_import_takes_its_types_alone(author, own_id):
    body = lines_of(bundle(own_id))
    reply = author.post("/v1/import", body, 415, content_type="text/csv")
    assert "application/x-ndjson" in reply.get("Accept")
    for number, kind in enumerate(("application/jsonl", "application/x-ndjson; charset=utf-8", "application/json", None)):
        imported(author, lines_of(bundle(f"{own_id}-{number}")), content_type=kind)


def test_bundle_import_takes_what_the_command_takes(author, tmp_path):
    bundles = library.bundles()
    rows, total = imported(author, lines_of(*bundles))
    assert total["added"] == len(bundles) == len(rows)
    db, file = tmp_path / "same.db", tmp_path / "all.ndjson"
    file.write_bytes(lines_of(*bundles))
    process.run("import", "--db", db, file).expect(0)
    for item in bundles:
        here = author.get(author.path(item) + "/bundle").body
        assert process.run("export", "--db", db, "--review", item["id"]).expect(0).stdout == here


def test_bundle_import_has_no_other_method(author):
    for method in ("GET", "PUT", "DELETE"):
        assert author.write(method, "/v1/import", status=405).get("Allow") == "OPTIONS, POST"
